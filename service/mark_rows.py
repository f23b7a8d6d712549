"""What account managers said of threads; rows in, values out."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from parsers.marks import Mark, MarkKind
from parsers.threads import ThreadId
from service.models import KeptRow, MessageRow, ThreadRow
from service.said_models import MarkRow, OrderRow


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
    session: Session, threads: Collection[ThreadId] | None = None, *, only_open: bool = False
) -> dict[ThreadId, tuple[Mark, ...]]:
    """What was said of each of these threads, or of all (open) ones, in its order; what was taken back is left out."""
    asked = (
        select(MessageRow.thread, MarkRow)
        .join(KeptRow, KeptRow.id == MarkRow.kept)
        .join(MessageRow, MessageRow.identity == KeptRow.identity)
        .join(OrderRow, OrderRow.id == MarkRow.order)
        .where(MessageRow.thread.is_not(None), OrderRow.undone_at.is_(None))
        .order_by(MarkRow.made_at, MarkRow.id)
    )
    if threads is not None:
        asked = asked.where(MessageRow.thread.in_(list(threads)))
    if only_open:
        asked = asked.join(ThreadRow, ThreadRow.id == MessageRow.thread).where(ThreadRow.is_open)
    found: dict[ThreadId, list[Mark]] = {}
    for thread, row in session.execute(asked):
        mark = Mark(
            kind=MarkKind(row.kind), until=row.until, to=row.to, made_at=row.made_at, manager=row.manager
        )
        found.setdefault(ThreadId(str(thread)), []).append(mark)
    return {thread: tuple(marks) for thread, marks in found.items()}
