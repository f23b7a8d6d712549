"""Whole conversations, for what a digest says of the few threads that it shows; rows in, values out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session, aliased

from parsers.threads import ThreadId
from service.message_rows import MESSAGES
from service.models import MessageRow, ReferenceRow, ThreadRow
from service.records import Record, record_of_row
from service.said_models import LetterRow


def count_missing(session: Session, threads: Collection[ThreadId]) -> dict[ThreadId, int]:
    """
    How many messages are named on each of these threads that never reached the inbox; none is left out.

    What a forward names does not count: the mail inside it is what its sender wanted us to have.
    """
    named = aliased(MessageRow)
    held = select(named.identity).where(named.message_id == ReferenceRow.message_id).exists()
    ours = func.lower(LetterRow.message_id) == "<" + ReferenceRow.message_id + ">"
    asked = (
        select(MessageRow.thread, func.count(ReferenceRow.message_id.distinct()))
        .join(ReferenceRow, ReferenceRow.identity == MessageRow.identity)
        .where(MessageRow.thread.in_(list(threads)), ~MessageRow.forwarded, MessageRow.automated.is_(None))
        .where(~held, ~select(LetterRow.id).where(ours).exists())
        .group_by(MessageRow.thread)
    )
    return {ThreadId(str(thread)): count for thread, count in session.execute(asked)}


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
