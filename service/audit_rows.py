"""What was ordered and what was sent, as it was noted; rows in, values out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.letter_rows import LetterState
from service.models import KeptRow, MessageRow
from service.said_models import CommandRow, DigestRow, LetterRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A clause of a reply as it was noted."""

    manager: str
    message_id: str | None  # of the reply, as written; None where it is not held any more
    sha256: str
    line: int  # its place in the reply, from 1; 0 for the whole of a reply that was refused
    clause: str
    obeyed: bool
    outcome: str
    at: datetime
    before: list[Any]  # the threads that it changed, as they stood
    after: list[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A digest, and what became of its letter."""

    manager: str
    day: date
    message_id: str
    state: LetterState
    attempts: int


def list_commands(session: Session) -> list[Noted]:
    """Every clause of every reply, the oldest first."""
    asked = (
        select(CommandRow, MessageRow.message_id_field)
        .outerjoin(KeptRow, KeptRow.sha256 == CommandRow.sha256)
        .outerjoin(MessageRow, MessageRow.identity == KeptRow.identity)
        .order_by(CommandRow.at, CommandRow.sha256, CommandRow.line)
    )
    return [
        Noted(
            manager=row.manager,
            message_id=message_id,
            sha256=row.sha256,
            line=row.line,
            clause=row.clause,
            obeyed=row.obeyed,
            outcome=row.outcome,
            at=row.at,
            before=row.before,
            after=row.after,
        )
        for row, message_id in session.execute(asked)
    ]


def list_digests(session: Session) -> list[Made]:
    """Every digest that was made, the oldest day first."""
    asked = (
        select(DigestRow.manager, DigestRow.day, LetterRow.message_id, LetterRow.state, LetterRow.attempts)
        .join(LetterRow, LetterRow.id == DigestRow.letter)
        .order_by(DigestRow.day, DigestRow.manager)
    )
    return [
        Made(manager=manager, day=day, message_id=message_id, state=LetterState(state), attempts=attempts)
        for manager, day, message_id, state, attempts in session.execute(asked)
    ]
