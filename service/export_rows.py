"""What is kept, a part at a time, so that all of it finds room; rows in, values out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from service.kept_rows import KeptState
from service.letter_rows import LetterState
from service.message_rows import MESSAGES
from service.models import KeptRow, MessageRow, ThreadRow
from service.records import Record, record_of_row
from service.said_models import AssignmentRow, LetterContentRow, LetterRow, MarkRow, OrderRow
from service.thread_rows import Thread, thread_of_row

PAGE = 200  # rows at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A message that was read, with its thread and its raw mail's marks."""

    record: Record
    thread: Thread | None
    sha256: str
    partial: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A letter of ours."""

    id: int
    key: str
    recipient: str
    message_id: str
    state: LetterState
    settled_at: datetime | None
    fault: str | None
    content: bytes | None  # None: it was emptied


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What somebody ordered of a thread: a mark (snooze, done, …), or whose it is."""

    kind: str
    by: str  # an account manager's address; "" for the command line
    at: datetime
    undone_at: datetime | None
    message_id: str | None  # of a message on the thread, as written; None where it is not held as read
    thread: str | None
    workspace: str | None  # of the thread; for whose it is, what was said
    until: datetime | None = None
    to: str | None = None


def page_of_messages(session: Session, above: int, workspace: str | None) -> list[Held]:
    """The next messages in the order kept, from above the row of a kept mail; of a client alone, if one is given."""
    asked = (
        MESSAGES.add_columns(KeptRow.sha256, KeptRow.partial)
        .join(KeptRow, KeptRow.id == MessageRow.kept)
        .where(MessageRow.kept > above)
        .order_by(MessageRow.kept)
        .limit(PAGE)
    )
    if workspace is not None:
        asked = asked.join(ThreadRow, ThreadRow.id == MessageRow.thread).where(
            ThreadRow.workspace == workspace
        )
    rows = session.execute(asked).all()
    on = {row.thread for row in rows if row.thread}
    threads = {
        row.id: thread_of_row(row) for row in session.scalars(select(ThreadRow).where(ThreadRow.id.in_(on)))
    }
    return [
        Held(
            record=record_of_row(row),
            thread=threads.get(row.thread),
            sha256=row.sha256,
            partial=row.partial,
        )
        for row in rows
    ]


def list_unreadable(session: Session) -> list[tuple[str, datetime, str | None]]:
    """Mail in quarantine, without its bytes: sha256, when it came, and its fault."""
    at = func.coalesce(KeptRow.internal_date, KeptRow.kept_at, type_=KeptRow.kept_at.type)
    asked = select(KeptRow.sha256, at, KeptRow.fault).where(KeptRow.state == KeptState.QUARANTINED)
    return [(sha256, came_at, fault) for sha256, came_at, fault in session.execute(asked)]


def page_of_letters(session: Session, above: int) -> list[Outgoing]:
    """The next letters in the order made, from above a row."""
    asked = (
        select(LetterRow, LetterContentRow.content)
        .outerjoin(LetterContentRow, LetterContentRow.letter == LetterRow.id)
        .where(LetterRow.id > above)
        .order_by(LetterRow.id)
        .limit(PAGE)
    )
    return [
        Outgoing(
            id=row.id,
            key=row.key,
            recipient=row.recipient,
            message_id=row.message_id,
            state=LetterState(row.state),
            settled_at=row.settled_at,
            fault=row.fault,
            content=content,
        )
        for row, content in session.execute(asked)
    ]


def stream_words(session: Session, workspace: str | None) -> Iterator[Word]:
    """What was ordered of threads, marks first; of a client alone, if one is given. Within its transaction."""
    marks = _placed(
        select(MarkRow, OrderRow, MessageRow.message_id_field, ThreadRow.id, ThreadRow.workspace), MarkRow
    )
    said = _placed(
        select(AssignmentRow, OrderRow, MessageRow.message_id_field, ThreadRow.id, ThreadRow.workspace),
        AssignmentRow,
    )
    if workspace is not None:
        marks = marks.where(ThreadRow.workspace == workspace)
        said = said.where(AssignmentRow.workspace == workspace)
    for row, order, message_id, thread, client in session.execute(
        marks.order_by(MarkRow.id).execution_options(yield_per=PAGE)
    ):
        yield Word(
            kind=row.kind,
            by=row.manager,
            at=row.made_at,
            undone_at=order.undone_at,
            message_id=message_id,
            thread=thread,
            workspace=client,
            until=row.until,
            to=row.to,
        )
    for row, order, message_id, thread, _ in session.execute(
        said.order_by(OrderRow.made_at, OrderRow.id, AssignmentRow.kept).execution_options(yield_per=PAGE)
    ):
        yield Word(
            kind="assign",
            by=order.by,
            at=order.made_at,
            undone_at=order.undone_at,
            message_id=message_id,
            thread=thread,
            workspace=row.workspace,
        )


def _placed(asked: Any, rows: type[MarkRow] | type[AssignmentRow]) -> Select[Any]:
    """With whose order it was, and where the mail that it is tied to is filed now."""
    placed: Select[Any] = (
        asked.join(OrderRow, OrderRow.id == rows.order)
        .join(KeptRow, KeptRow.id == rows.kept)
        .outerjoin(MessageRow, MessageRow.identity == KeptRow.identity)
        .outerjoin(ThreadRow, ThreadRow.id == MessageRow.thread)
    )
    return placed
