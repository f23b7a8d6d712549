"""What account managers said of threads; rows in, values out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from parsers.marks import Mark, MarkKind
from parsers.threads import ThreadId
from service.models import KeptRow, MessageRow, ThreadRow
from service.order_rows import stood
from service.said_models import MarkRow, OrderRow
from service.thread_rows import may_be_open


def record_mark(session: Session, order: int, identity: str, mark: Mark) -> None:
    """Note an account manager's word on the thread that this message is on; it must be held."""
    kept = session.scalars(select(MessageRow.kept).where(MessageRow.identity == identity)).one()
    session.add(
        MarkRow(
            order=order,
            kept=kept,  # the raw mail stays what it is however it is read; its identity does not
            kind=mark.kind,
            until=mark.until,
            to=mark.to,
            made_at=mark.made_at,
            manager=mark.manager,
        )
    )


def list_marks(
    session: Session,
    threads: Collection[ThreadId] | None = None,
    *,
    open_at: datetime | None = None,
    at: datetime | None = None,
) -> dict[ThreadId, tuple[Mark, ...]]:
    """
    What was said of each of these threads, or of all, or of those that may be open at an instant, in its order.

    What was taken back is left out; with `at` it is what stood at that instant.
    """
    asked = (
        select(MessageRow.thread, MarkRow, OrderRow.undone_at)
        .join(KeptRow, KeptRow.id == MarkRow.kept)
        .join(MessageRow, MessageRow.identity == KeptRow.identity)
        .join(OrderRow, OrderRow.id == MarkRow.order)
        .where(MessageRow.thread.is_not(None), stood(at))
        .order_by(MarkRow.made_at, MarkRow.id)
    )
    if threads is not None:
        asked = asked.where(MessageRow.thread.in_(list(threads)))
    if open_at is not None:
        asked = asked.join(ThreadRow, ThreadRow.id == MessageRow.thread).where(may_be_open(open_at))
    found: dict[ThreadId, list[Mark]] = {}
    for thread, row, undone_at in session.execute(asked):
        mark = Mark(
            kind=MarkKind(row.kind),
            until=row.until,
            to=row.to,
            made_at=row.made_at,
            manager=row.manager,
            undone_at=undone_at,
        )
        found.setdefault(ThreadId(str(thread)), []).append(mark)
    return {thread: tuple(marks) for thread, marks in found.items()}
