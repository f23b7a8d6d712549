"""An account manager's words on a thread: what they close, answer and hide, and what ends that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from parsers.ledger import Ledger, Told, Word
from parsers.marks import Mark, MarkKind, Rest, gift_of, rest_of, told_of

pytestmark = pytest.mark.both_databases

MONDAY = datetime(2026, 11, 9, 9, tzinfo=UTC)
MAYA, SAM = "maya@northlight.example", "sam@northlight.example"


def day(number: float) -> datetime:
    return MONDAY + timedelta(days=number)


def mark(kind: MarkKind, at: float, *, until: float | None = None, to: str | None = None) -> Mark:
    return Mark(kind=kind, until=None if until is None else day(until), to=to, made_at=day(at), manager=MAYA)


SNOOZE = mark(MarkKind.SNOOZE, 1, until=4)
DONE, NOT, WAKE = (mark(kind, 1) for kind in (MarkKind.DONE, MarkKind.NOT, MarkKind.WAKE))


@pytest.mark.pitfall("freescout#3584", "freescout#5378")
@pytest.mark.parametrize(
    ("marks", "now", "changed", "rest"),
    [
        ((), 2, None, Rest()),
        ((SNOOZE,), 2, None, Rest(snooze=SNOOZE, snoozed=True, over_at=day(4))),
        ((SNOOZE,), 2, 0.5, Rest(snooze=SNOOZE, snoozed=True, over_at=day(4))),
        ((SNOOZE,), 2, 1.5, Rest(snooze=SNOOZE, woken=True, over_at=day(1.5))),
        ((SNOOZE,), 5, 1.5, Rest(snooze=SNOOZE, woken=True, over_at=day(1.5))),
        ((SNOOZE,), 4, None, Rest(snooze=SNOOZE, over_at=day(4))),
        ((SNOOZE,), 5, 4.5, Rest(snooze=SNOOZE, over_at=day(4))),
        ((DONE,), 9, None, Rest(done=True, closed=True)),
        ((DONE,), 9, 2, Rest(reopened=DONE, over_at=day(2))),
        ((NOT,), 9, None, Rest(closed=True)),
        ((NOT,), 9, 2, Rest(reopened=NOT, over_at=day(2))),
        ((SNOOZE, mark(MarkKind.WAKE, 2)), 3, None, Rest()),
        ((SNOOZE, mark(MarkKind.REPLIED, 2)), 3, None, Rest()),
        ((SNOOZE, mark(MarkKind.GIVE, 2, to=SAM)), 3, None, Rest(snooze=SNOOZE, snoozed=True, over_at=day(4))),
        ((DONE, mark(MarkKind.SNOOZE, 2, until=5)), 3, None, Rest(snooze=mark(MarkKind.SNOOZE, 2, until=5), snoozed=True, over_at=day(5))),
    ],
)  # fmt: skip
def test_what_is_left_alone(marks: tuple[Mark, ...], now: float, changed: float | None, rest: Rest) -> None:
    """The last word counts, a gift aside; a snooze ends at its time, and it and a closing by what the client changed."""
    ledger = Ledger(changed_at=None if changed is None else day(changed))

    assert rest_of(marks, ledger, day(now)) == rest


def test_what_changes_what_is_open() -> None:
    """Done and not close, replied answers, a snooze settles nothing, and to wake takes back a closing but no answer."""
    replied = mark(MarkKind.REPLIED, 2)

    assert told_of((DONE, replied, SNOOZE)) == (
        Told(word=Word.CLOSED, at=DONE.made_at),
        Told(word=Word.REPLIED, at=replied.made_at),
        Told(word=Word.SNOOZED, at=SNOOZE.made_at),
    )
    assert told_of((NOT, replied, mark(MarkKind.WAKE, 3))) == (Told(word=Word.REPLIED, at=replied.made_at),)


def test_whose_it_is_now() -> None:
    """Of several gifts the last one counts."""
    first, last = mark(MarkKind.GIVE, 1, to=SAM), mark(MarkKind.GIVE, 2, to=MAYA)

    assert gift_of((SNOOZE,)) is None
    assert gift_of((first, SNOOZE, last, DONE)) == last
