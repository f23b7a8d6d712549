"""The outbox as letters leave it: claimed, settled, let go of; rows in, values out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from service.letter_rows import LetterState
from service.models import Base
from service.said_models import LetterContentRow, LetterRow
from service.store import Letter

MAX_DOUBTS = 2  # promises.md P9: an unknown outcome is tried once more, then said to be unknown
NOT_IN_TIME = "practiq was not at work while it was worth sending"

# Without the ORM, and put together once: to do so for each letter takes longer than SQLite does.
_LETTERS = Base.metadata.tables[LetterRow.__tablename__]
_IS = _LETTERS.c
_NEXT = (
    select(_IS.id)
    .where(
        _IS.state == LetterState.READY,
        _IS.due_at <= bindparam("now"),
        _IS.expires_at > bindparam("now"),
        _IS.doubts < MAX_DOUBTS,
    )
    .order_by(_IS.due_at, _IS.id)
    .limit(bindparam("limit"))
)
_CONTENTS = Base.metadata.tables[LetterContentRow.__tablename__]
_CONTENT = (
    select(_CONTENTS.c.content).where(_CONTENTS.c.letter == _IS.id).correlate(_LETTERS).scalar_subquery()
)
_CLAIM = (
    update(_LETTERS)
    .where(_IS.id.in_(_NEXT))
    .values(state=LetterState.SENDING, claimed_at=bindparam("now"), attempts=_IS.attempts + 1)
    .returning(
        _IS.id, _IS.reverse_path, _IS.recipient, _IS.message_id, _CONTENT.label("content"), _IS.attempts
    )
)
_SETTLE = (
    update(_LETTERS)
    .where(_IS.id == bindparam("letter"))
    .values(
        state=bindparam("comes_to"),
        fault=bindparam("said"),
        claimed_at=None,
        doubts=_IS.doubts + bindparam("in_doubt"),
        due_at=func.coalesce(bindparam("again_at", type_=_IS.due_at.type), _IS.due_at),
        settled_at=bindparam("over_at"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A letter taken from the outbox to be sent now."""

    id: int
    letter: Letter
    attempts: int  # this one included


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What sending a letter came to."""

    letter: int  # its row id
    state: LetterState
    fault: str | None = None
    due_at: datetime | None = None  # when it is tried again
    in_doubt: bool = False  # it may have arrived


def release_letters(session: Session, now: datetime) -> None:
    """
    Let go of the letters that a process had claimed that is no more.

    Each may have been on the wire: it goes out again, with the same bytes, once; then its fate is
    unknown, and said to be.
    """
    session.execute(
        update(LetterRow)
        .where(LetterRow.state == LetterState.SENDING)
        .values(
            state=LetterState.READY, doubts=LetterRow.doubts + 1, due_at=now, fault="stopped while sending"
        )
    )


def expire_letters(session: Session, now: datetime) -> None:
    """Give up the letters that are not worth sending any more."""
    ready = LetterRow.state == LetterState.READY
    expired = LetterRow.expires_at <= now
    in_doubt = (LetterRow.doubts >= MAX_DOUBTS) | ((LetterRow.doubts > 0) & expired)
    session.execute(
        update(LetterRow).where(ready & in_doubt).values(state=LetterState.UNKNOWN, settled_at=now)
    )
    late = {
        "state": LetterState.FAILED,
        "settled_at": now,
        "fault": func.coalesce(LetterRow.fault, NOT_IN_TIME),
    }
    session.execute(update(LetterRow).where(ready & expired).values(late))


def count_due(session: Session, now: datetime) -> int:
    """How many letters wait for nothing but to be sent."""
    due = (LetterRow.state == LetterState.READY) & (LetterRow.due_at <= now)
    return session.scalar(select(func.count()).where(due)) or 0


def claim_letters(session: Session, now: datetime, limit: int) -> list[Claimed]:
    """Take the letters that wait longest of those that are due, so many at the most; in no order."""
    taken = session.execute(_CLAIM, {"now": now, "limit": limit})
    return [
        Claimed(
            id=row.id,
            letter=Letter(
                reverse_path=row.reverse_path,
                recipient=row.recipient,
                message_id=row.message_id,
                content=row.content,
            ),
            attempts=row.attempts,
        )
        for row in taken
    ]


def settle_letters(session: Session, settled: Sequence[Settled], *, now: datetime) -> None:
    """Note what sending letters came to."""
    rows = [
        {
            "letter": one.letter,
            "comes_to": one.state,
            "said": one.fault,
            "in_doubt": int(one.in_doubt),
            "again_at": one.due_at,
            "over_at": None if one.state is LetterState.READY else now,
        }
        for one in settled
    ]
    if rows:
        session.execute(_SETTLE, rows)


def postpone_letters(session: Session, until: datetime, fault: str) -> None:
    """Let every letter that waits wait until then at least, for this reason."""
    waits = (LetterRow.state == LetterState.READY) & (LetterRow.due_at < until)
    session.execute(update(LetterRow).where(waits).values(due_at=until, fault=fault))
