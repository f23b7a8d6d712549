"""What account managers were told and what they ordered: digests, marks, the audit; rows in, values out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from parsers.threads import ThreadId
from service.models import (
    CommandRow,
    DigestItemRow,
    DigestRow,
    KeptRow,
    LetterRow,
    MarkRow,
    MessageRow,
    OrderRow,
)


class MarkKind(StrEnum):
    """What an account manager said of a thread."""

    SNOOZE = "snooze"
    DONE = "done"
    WAKE = "wake"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """An account manager's word on a thread."""

    kind: MarkKind
    until: datetime | None  # for a snooze, and for nothing else
    made_at: datetime
    manager: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SentDigest:
    """A digest that was made: whose, for which day, and what its numbers stand for."""

    token: str
    manager: str
    day: date
    made_at: datetime
    message_id: str
    items: dict[int, str]  # number to the identity of a message on the thread


def record_digest(
    session: Session,
    *,
    token: str,
    manager: str,
    day: date,
    now: datetime,
    letter: int,
    items: dict[int, str],
) -> None:
    """Note a digest with its frozen numbers, in the transaction that puts its letter into the outbox."""
    session.add(DigestRow(token=token, manager=manager, day=day, made_at=now, letter=letter))
    session.flush()
    session.add_all(
        DigestItemRow(token=token, number=number, kept=_kept_of(session, identity))
        for number, identity in items.items()
    )


def find_digest(session: Session, token: str) -> SentDigest | None:
    """The digest with this token; None where we never made one."""
    asked = (
        select(DigestRow, LetterRow.message_id)
        .join(LetterRow, LetterRow.id == DigestRow.letter)
        .where(DigestRow.token == token)
    )
    found = session.execute(asked).one_or_none()
    if found is None:
        return None
    row, message_id = found
    items = (
        select(DigestItemRow.number, KeptRow.identity)
        .join(KeptRow, KeptRow.id == DigestItemRow.kept)
        .where(DigestItemRow.token == token)
    )
    return SentDigest(
        token=row.token,
        manager=row.manager,
        day=row.day,
        made_at=row.made_at,
        message_id=message_id,
        items={number: identity for number, identity in session.execute(items) if identity},
    )


def find_last_digest(session: Session, manager: str) -> tuple[date, datetime] | None:
    """The local day and the instant of an account manager's newest digest; None before the first."""
    asked = select(DigestRow.day, DigestRow.made_at).where(DigestRow.manager == manager)
    found = session.execute(asked.order_by(DigestRow.day.desc()).limit(1)).one_or_none()
    return found and (found.day, found.made_at)


def record_mark(session: Session, order: int, identity: str, mark: Mark) -> None:
    """Note an account manager's word on the thread that this message is on; it must be held."""
    session.add(
        MarkRow(
            order=order,
            kept=_kept_of(session, identity),
            kind=mark.kind,
            until=mark.until,
            made_at=mark.made_at,
            manager=mark.manager,
        )
    )


def _kept_of(session: Session, identity: str) -> int:
    """The row of a message's raw mail, which stays what it is however the mail is read; its identity does not."""
    return session.scalars(select(MessageRow.kept).where(MessageRow.identity == identity)).one()


def list_marks(session: Session) -> dict[ThreadId, Mark]:
    """The latest word on each thread that has one."""
    asked = (
        select(MessageRow.thread, MarkRow)
        .join(KeptRow, KeptRow.id == MarkRow.kept)
        .join(MessageRow, MessageRow.identity == KeptRow.identity)
        .join(OrderRow, OrderRow.id == MarkRow.order)
        .where(MessageRow.thread.is_not(None), OrderRow.undone_at.is_(None))
        .order_by(MarkRow.made_at, MarkRow.id)
    )
    return {
        ThreadId(str(thread)): Mark(
            kind=MarkKind(row.kind), until=row.until, made_at=row.made_at, manager=row.manager
        )
        for thread, row in session.execute(asked)
    }


def was_obeyed(session: Session, sha256: str) -> bool:
    """Whether the commands of this reply were carried out before, so that they must not count again."""
    asked = select(CommandRow.line).where(CommandRow.sha256 == sha256, CommandRow.line > 0).limit(1)
    return session.scalar(asked) is not None


def record_command(
    session: Session,
    *,
    sha256: str,
    line: int,
    manager: str,
    clause: str,
    obeyed: bool,
    outcome: str,
    now: datetime,
) -> None:
    """Note a clause of a reply, once."""
    session.execute(
        insert(CommandRow)
        .values(
            sha256=sha256,
            line=line,
            manager=manager,
            clause=clause,
            obeyed=obeyed,
            outcome=outcome,
            at=now,
        )
        .on_conflict_do_nothing()
    )
