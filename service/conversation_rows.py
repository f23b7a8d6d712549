"""Whole conversations, for what a digest says of the few threads that it shows; rows in, values out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session, aliased

from parsers.threads import ThreadId
from service.bulk import batched
from service.dialects import ListOf
from service.message_rows import MESSAGES
from service.models import MessageRow, ReferenceRow, ThreadRow
from service.records import Record, record_of_row
from service.said_models import LetterRow


@dataclass(slots=True)
class Conversation:
    """The mail of a thread, and what is known to be missing of it."""

    records: list[Record] = field(default_factory=list)  # in the order sent
    missing: set[str] = field(
        default_factory=set
    )  # Message-IDs that it names and that never reached the inbox


def list_conversations(session: Session, threads: Collection[ThreadId]) -> dict[ThreadId, Conversation]:
    """
    The conversation on each of these threads that has mail.

    What a forward names is not missing: the mail inside it is what its sender wanted us to have.
    """
    named = aliased(MessageRow)
    held = select(named.identity).where(named.message_id == ReferenceRow.message_id).exists()
    ours = func.lower(LetterRow.message_id) == "<" + ReferenceRow.message_id + ">"
    missing = (
        select(ListOf(ReferenceRow.message_id))
        .where(ReferenceRow.identity == MessageRow.identity)
        .where(~MessageRow.forwarded, MessageRow.automated.is_(None))
        .where(~held, ~select(LetterRow.id).where(ours).exists())
        .correlate(MessageRow)
        .scalar_subquery()
    )
    found: dict[ThreadId, Conversation] = {}
    for some in batched(threads):
        asked = MESSAGES.add_columns(missing.label("missing")).where(MessageRow.thread.in_(some))
        for row in session.execute(asked.order_by(MessageRow.sent_at, MessageRow.identity)):
            one = found.setdefault(ThreadId(row.thread), Conversation())
            one.records.append(record_of_row(row))
            one.missing.update(row.missing or ())
    return found


def list_warned(session: Session, since: datetime, until: datetime) -> list[tuple[Record, str | None]]:
    """The messages that came in that time and carry a warning, with the client of their thread, in the order sent."""
    asked = (
        MESSAGES.add_columns(ThreadRow.workspace)
        .join(ThreadRow, ThreadRow.id == MessageRow.thread)
        .where(MessageRow.received_at > since, MessageRow.received_at <= until)
        .where(cast(MessageRow.warnings, String) != "[]")
        .order_by(MessageRow.sent_at, MessageRow.identity)
    )
    return [(record_of_row(row), row.workspace) for row in session.execute(asked)]
