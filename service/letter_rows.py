"""The outbox: letters, and what became of them; rows in, values out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import bindparam, desc, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from service.models import Base
from service.said_models import DigestRow, LetterRow, QuietDayRow
from service.store import Letter

MAX_ANSWERED = 5  # letters of ours that one reply may repeat
MAX_DOUBTS = 2  # promises.md P9: an unknown outcome is tried once more, then said to be unknown
NOT_IN_TIME = "practiq was not at work while it was worth sending"
CAME_BACK = "it came back undelivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A letter that did not arrive, or perhaps did not."""

    recipient: str
    kind: str  # how its key begins: digest, ack, notice
    state: LetterState  # sent where it came back
    fault: str
    day: date | None  # of a digest
    known_at: datetime


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


class LetterState(StrEnum):
    """What became of a letter (contract.md, `practiq digests`)."""

    READY = "ready"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"


IS_LOST = LetterRow.state.in_([LetterState.FAILED, LetterState.UNKNOWN]) | LetterRow.returned_at.is_not(None)

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
_CLAIM = (
    update(_LETTERS)
    .where(_IS.id.in_(_NEXT))
    .values(state=LetterState.SENDING, claimed_at=bindparam("now"), attempts=_IS.attempts + 1)
    .returning(_IS.id, _IS.due_at, _IS.reverse_path, _IS.recipient, _IS.message_id, _IS.content, _IS.attempts)
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


def record_letter(
    session: Session, key: str, letter: Letter, *, now: datetime, expires_at: datetime
) -> int | None:
    """Put a letter into the outbox; give its row id, or None where one has that key already."""
    return session.scalar(
        insert(LetterRow)
        .values(
            key=key,
            reverse_path=letter.reverse_path,
            recipient=letter.recipient,
            message_id=letter.message_id,
            content=letter.content,
            state=LetterState.READY,
            attempts=0,
            doubts=0,
            due_at=now,
            expires_at=expires_at,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(LetterRow.id)
    )


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
    """Take the letters that are due next, so many at the most, the one that waits longest first."""
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
        for row in sorted(taken, key=lambda row: (row.due_at, row.id))  # RETURNING has no order
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


def count_letters(session: Session) -> dict[LetterState, int]:
    """How many letters are in each state."""
    found = dict(session.execute(select(LetterRow.state, func.count()).group_by(LetterRow.state)).all())
    return {state: found.get(state, 0) for state in LetterState}


def count_letters_to(session: Session, recipient: str, kind: str, *, expire_after: datetime) -> int:
    """
    How many letters to an address, whose key begins with `kind`, are worth sending until then or longer.

    A letter's last hour never changes: with a life that is the same for all of a kind it tells when they were put.
    """
    is_kind = LetterRow.key.startswith(kind, autoescape=True)
    asked = select(func.count()).where(
        LetterRow.recipient == recipient, is_kind, LetterRow.expires_at >= expire_after
    )
    return session.scalar(asked) or 0


def last_worth(session: Session, message_ids: Sequence[str], kind: str) -> datetime | None:
    """Until when the newest of these letters (by Message-ID), whose key begins with `kind`, is worth sending; None for none."""
    is_kind = LetterRow.key.startswith(kind, autoescape=True)
    asked = select(func.max(LetterRow.expires_at, type_=LetterRow.expires_at.type))
    return session.scalar(asked.where(LetterRow.message_id.in_(message_ids), is_kind))


def list_contents(session: Session, message_ids: Sequence[str]) -> Sequence[bytes]:
    """The mails that have these Message-IDs (with their angle brackets), the newest first, a few at the most."""
    asked = select(LetterRow.content).where(LetterRow.message_id.in_(message_ids))
    return session.scalars(asked.order_by(LetterRow.id.desc()).limit(MAX_ANSWERED)).all()


def note_returned(session: Session, message_ids: Sequence[str], at: datetime) -> bool:
    """Note that letters (by Message-ID, with its angle brackets) came back; whether they are ours."""
    rows = session.scalars(select(LetterRow).where(LetterRow.message_id.in_(message_ids))).all()
    for row in rows:
        row.returned_at = min(row.returned_at or at, at)
    return bool(rows)


def list_lost(session: Session, since: datetime, until: datetime | None = None) -> list[Lost]:
    """
    The letters of which it became known from `since` on that they did not arrive; `until` is exclusive.

    So one that fails in the instant of a digest is in the next one: digests are made before letters go out.
    """
    known_at = func.coalesce(LetterRow.returned_at, LetterRow.settled_at, type_=LetterRow.settled_at.type)
    asked = select(LetterRow, known_at).where(IS_LOST, known_at >= since)
    if until is not None:
        asked = asked.where(known_at < until)
    return [_lost(row, at) for row, at in session.execute(asked.order_by(LetterRow.id))]


def _lost(row: LetterRow, known_at: datetime) -> Lost:
    kind, _, rest = row.key.partition(":")
    return Lost(
        recipient=row.recipient,
        kind=kind,
        state=LetterState(row.state),
        fault=row.fault or CAME_BACK,
        day=date.fromisoformat(rest.partition(":")[0]) if kind == "digest" else None,
        known_at=known_at,
    )


def list_faults(session: Session) -> Sequence[tuple[str, str, str]]:
    """Letters that were not sent, or not yet, or came back: recipient, state, and what the server said."""
    waits = (LetterRow.state == LetterState.READY) & LetterRow.fault.is_not(None)
    asked = (
        select(LetterRow.recipient, LetterRow.state, LetterRow.fault)
        .where(IS_LOST | waits)
        .order_by(LetterRow.id)
    )
    return [(recipient, state, fault or CAME_BACK) for recipient, state, fault in session.execute(asked)]


def find_last_digest(session: Session, manager: str) -> tuple[date, datetime] | None:
    """The local day and the instant of an account manager's newest digest, had it something to say or not; None before the first."""
    made, quiet = (
        select(rows.day, rows.made_at).where(rows.manager == manager) for rows in (DigestRow, QuietDayRow)
    )
    row = session.execute(made.union_all(quiet).order_by(desc("day")).limit(1)).one_or_none()
    return (row.day, row.made_at) if row else None
