"""The outbox: letters, and what became of them; rows in, values out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import desc, func, select
from sqlalchemy.orm import Session

from service.dialects import insert
from service.said_models import DigestRow, LetterContentRow, LetterRow, QuietDayRow
from service.store import Letter

MAX_ANSWERED = 5  # letters of ours that one reply may repeat
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


class LetterState(StrEnum):
    """What became of a letter (contract.md, `practiq digests`)."""

    READY = "ready"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"


IS_LOST = LetterRow.state.in_([LetterState.FAILED, LetterState.UNKNOWN]) | LetterRow.returned_at.is_not(None)


def record_letter(
    session: Session, key: str, letter: Letter, *, now: datetime, expires_at: datetime
) -> int | None:
    """Put a letter into the outbox; give its row id, or None where one has that key already."""
    row = session.scalar(
        insert(LetterRow)
        .values(
            key=key,
            reverse_path=letter.reverse_path,
            recipient=letter.recipient,
            message_id=letter.message_id,
            state=LetterState.READY,
            attempts=0,
            doubts=0,
            due_at=now,
            expires_at=expires_at,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(LetterRow.id)
    )
    if row is not None:
        session.execute(insert(LetterContentRow).values(letter=row, content=letter.content))
    return row


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
    asked = (
        select(LetterContentRow.content)
        .join(LetterRow, LetterRow.id == LetterContentRow.letter)
        .where(LetterRow.message_id.in_(message_ids))
    )
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


def last_days(session: Session) -> dict[str, date]:
    """The local day of each account manager's newest digest, had it something to say or not; who never had one is left out."""
    made, quiet = (select(rows.manager, rows.day) for rows in (DigestRow, QuietDayRow))
    days = made.union_all(quiet).subquery()
    asked = select(days.c.manager, func.max(days.c.day)).group_by(days.c.manager)
    return dict(session.execute(asked).all())
