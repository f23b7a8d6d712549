"""What is open on each thread, worked out when mail or a word comes, so that a morning reads no mail; rows in, values out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from parsers.ledger import Ledger
from parsers.threads import ThreadId
from service.bulk import update_each
from service.dialects import ListOf
from service.json_columns import ledger_json, ledger_of
from service.models import MessageRow, ParticipantRow, ThreadRow
from service.thread_rows import Thread, may_be_open, thread_of_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A thread, and what is open on it."""

    thread: Thread
    ledger: Ledger | None  # None: not worked out yet
    newest: str  # the identity of its newest message
    as_of: datetime | None  # its newest message or mark; before it the ledger does not hold
    people: frozenset[str] = frozenset()  # who of those that were asked for is on it


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What is to be known of a thread without reading its mail."""

    ledger: Ledger
    newest: str  # the identity of its newest message
    as_of: datetime
    heard_at: datetime | None  # the client's last word, machines aside
    scoped: tuple[datetime, ...]  # when the client asked for more, the oldest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a client was heard to say."""

    last_at: datetime
    scoped: int  # how often they asked for more than was agreed


def record_snapshots(session: Session, found: Mapping[ThreadId, Noted]) -> None:
    """Store what is open on threads."""
    by_id: InstrumentedAttribute[Any] = ThreadRow.id
    update_each(
        session,
        by_id,
        {
            thread: {
                "ledger": ledger_json(one.ledger),
                "is_open": one.ledger.is_open,
                "newest": one.newest,
                "as_of": one.as_of,
                "heard_at": one.heard_at,
                "scoped_at": one.scoped[-1] if one.scoped else None,
                "scoped": [at.isoformat() for at in one.scoped],
            }
            for thread, one in found.items()
        },
    )


def list_unknown(session: Session) -> list[ThreadId]:
    """The threads of which it is not worked out yet what is open."""
    return [ThreadId(one) for one in session.scalars(select(ThreadRow.id).where(ThreadRow.newest.is_(None)))]


def list_snapshots(
    session: Session,
    *,
    open_at: datetime | None = None,
    workspaces: Collection[str] | None = None,
    besides: Iterable[ThreadId] = (),
    client: str | None = None,
    people: Collection[str] = (),
) -> list[Snapshot]:
    """
    Every thread with what is open on it, in no order; or those only that may be open at an instant, or of a client.

    With `workspaces` those of these clients and those without one, and `besides` whatever their client.
    One without a client comes with which of these `people` (addresses) are on it.
    """
    asked = select(ThreadRow)
    if open_at is not None:
        asked = asked.where(may_be_open(open_at))
    if client is not None:
        asked = asked.where(ThreadRow.workspace == client)
    if workspaces is not None:
        theirs = or_(ThreadRow.workspace.in_(workspaces), ThreadRow.workspace.is_(None))
        asked = asked.where(or_(theirs, ThreadRow.id.in_(list(besides))))
    on_it = (
        select(ListOf(ParticipantRow.address))
        .join(MessageRow, MessageRow.identity == ParticipantRow.identity)
        .where(MessageRow.thread == ThreadRow.id, ParticipantRow.address.in_(people))
        .correlate(ThreadRow)
        .scalar_subquery()
    )
    shown: list[ColumnElement[Any]] = [one for one in ThreadRow.__table__.columns if one.name != "scoped"]
    shown.append(case((ThreadRow.workspace.is_(None), on_it)).label("people"))
    rows = session.execute(asked.with_only_columns(*shown))
    return [
        Snapshot(
            thread=thread_of_row(row),
            ledger=ledger_of(row.ledger) if row.ledger is not None else None,
            newest=row.newest or "",
            as_of=row.as_of,
            people=frozenset(row.people or ()),
        )
        for row in rows
    ]


def find_snapshot(session: Session, thread: ThreadId) -> Snapshot:
    """A thread that we hold, with what is open on it."""
    row = session.get_one(ThreadRow, thread, populate_existing=True)
    return Snapshot(
        thread=thread_of_row(row),
        ledger=ledger_of(row.ledger) if row.ledger is not None else None,
        newest=row.newest or "",
        as_of=row.as_of,
    )


def list_ids(session: Session, now: datetime) -> dict[ThreadId, list[str]]:
    """The Message-IDs, as their fields have them, on each thread of mail that counts by `now`, in the order sent."""
    asked = select(MessageRow.thread, MessageRow.message_id_field).where(
        MessageRow.thread.is_not(None), or_(MessageRow.sent_at <= now, MessageRow.received_at <= now)
    )
    found: dict[ThreadId, list[str]] = {}
    for thread, name in session.execute(asked.order_by(MessageRow.sent_at, MessageRow.identity)):
        found.setdefault(ThreadId(str(thread)), []).append(name)
    return found


def list_heard(
    session: Session, workspaces: Collection[str], *, since: datetime, until: datetime
) -> dict[str, Heard]:
    """When each of these clients was heard, and asked for more in that time; who never was heard is left out."""
    scoped = ListOf(ThreadRow.scoped).filter(ThreadRow.scoped_at >= since)
    asked = (
        select(ThreadRow.workspace, func.max(ThreadRow.heard_at, type_=ThreadRow.heard_at.type), scoped)
        .where(ThreadRow.workspace.in_(workspaces), ThreadRow.heard_at.is_not(None))
        .group_by(ThreadRow.workspace)
    )
    found = {}
    for workspace, last_at, threads in session.execute(asked):
        times = [datetime.fromisoformat(one) for some in threads or () for one in some]
        found[str(workspace)] = Heard(last_at=last_at, scoped=sum(since <= one <= until for one in times))
    return found
