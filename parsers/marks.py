"""What account managers say of a thread in their replies, and what that does to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from parsers.ledger import Ledger, Told, Word


class MarkKind(StrEnum):
    """What an account manager said of a thread."""

    SNOOZE = "snooze"
    DONE = "done"
    WAKE = "wake"
    REPLIED = "replied"
    NOT = "not"
    GIVE = "give"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """An account manager's word on a thread."""

    kind: MarkKind
    until: datetime | None = None  # of a snooze, and of nothing else
    to: str | None = None  # of a gift, and of nothing else: the account manager who has it now
    made_at: datetime  # in the zone of who said it
    manager: str  # who said it
    undone_at: datetime | None = None  # when it was taken back; None where it stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Whether a thread is left alone at a moment, by what was said last."""

    snooze: Mark | None = None  # the last word, where it is a snooze, be it over or not
    snoozed: bool = False
    done: bool = False
    closed: bool = False  # done, or read wrongly
    woken: bool = False  # the snooze was over before its time: the client changed what has to be done
    reopened: Mark | None = None  # the last word, where it closed the thread, and the client has changed that
    over_at: datetime | None = None  # when the snooze is or was over, or the thread was open again


_WORDS = {
    MarkKind.DONE: Word.CLOSED,
    MarkKind.NOT: Word.CLOSED,
    MarkKind.REPLIED: Word.REPLIED,
    MarkKind.SNOOZE: Word.SNOOZED,
}


def told_of(marks: Sequence[Mark]) -> tuple[Told, ...]:
    """
    The words that change what is open on a thread, of all that were said of it in their order.

    To wake a thread takes back that it was closed. Total.
    """
    told: list[Told] = []
    for mark in marks:
        if mark.kind is MarkKind.WAKE:
            told = [one for one in told if one.word is not Word.CLOSED]
        elif word := _WORDS.get(mark.kind):
            told.append(Told(word=word, at=mark.made_at))
    return tuple(told)


def rest_of(marks: Sequence[Mark], ledger: Ledger, now: datetime) -> Rest:
    """
    Whether a thread is left alone at `now`.

    A snooze ends at its time, a closing never, and both when a message of the client changes what has
    to be done: thanks, absences and receipts do not. Total.
    """
    said = [one for one in marks if one.kind is not MarkKind.GIVE]
    if not said:
        return Rest()
    last = said[-1]
    changed = ledger.changed_at is not None and ledger.changed_at > last.made_at
    woken_at = (ledger.woken_at or ledger.changed_at) if changed else None
    if last.kind is MarkKind.SNOOZE and last.until is not None:
        woken = woken_at is not None and woken_at < last.until
        over_at = woken_at if woken else last.until
        return Rest(snooze=last, snoozed=last.until > now and not changed, woken=woken, over_at=over_at)
    if last.kind not in (MarkKind.DONE, MarkKind.NOT):
        return Rest()
    if changed:
        return Rest(reopened=last, over_at=woken_at)
    return Rest(closed=True, done=last.kind is MarkKind.DONE)


def gift_of(marks: Sequence[Mark]) -> Mark | None:
    """The gift that says whose a thread is now; None where nobody gave it to anybody."""
    return next((one for one in reversed(marks) if one.kind is MarkKind.GIVE), None)
