"""What is open on each thread, worked out when mail or a word comes, so that a morning reads no mail; rows in, values out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from parsers.ledger import Ledger
from parsers.threads import ThreadId
from service.bulk import update_each
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What is to be known of a thread without reading its mail."""

    ledger: Ledger
    newest: str  # the identity of its newest message
    as_of: datetime
    heard_at: datetime | None  # the client's last word, machines aside
    scoped: tuple[datetime, ...]  # when the client asked for more, the oldest first


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
) -> list[Snapshot]:
    """
    Every thread with what is open on it, in no order; or those only that may be open at an instant, or of a client.

    With `workspaces` those of these clients and those without one, and `besides` whatever their client.
    """
    asked = select(ThreadRow)
    if open_at is not None:
        asked = asked.where(may_be_open(open_at))
    if client is not None:
        asked = asked.where(ThreadRow.workspace == client)
    if workspaces is not None:
        theirs = or_(ThreadRow.workspace.in_(workspaces), ThreadRow.workspace.is_(None))
        asked = asked.where(or_(theirs, ThreadRow.id.in_(list(besides))))
    shown = [column for column in ThreadRow.__table__.columns if column.name != "scoped"]
    rows = session.execute(asked.with_only_columns(*shown))
    return [
        Snapshot(
            thread=thread_of_row(row),
            ledger=ledger_of(row.ledger) if row.ledger is not None else None,
            newest=row.newest or "",
            as_of=row.as_of,
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


def who_is_on(session: Session, addresses: Iterable[str]) -> dict[ThreadId, frozenset[str]]:
    """Which of these addresses are on each open thread without a client."""
    asked = (
        select(MessageRow.thread, ParticipantRow.address)
        .join(ParticipantRow, ParticipantRow.identity == MessageRow.identity)
        .join(ThreadRow, ThreadRow.id == MessageRow.thread)
        .where(ThreadRow.workspace.is_(None), ParticipantRow.address.in_(list(addresses)))
        .distinct()
    )
    found: dict[ThreadId, set[str]] = {}
    for thread, address in session.execute(asked):
        found.setdefault(ThreadId(str(thread)), set()).add(address)
    return {thread: frozenset(people) for thread, people in found.items()}


def last_words(session: Session, workspaces: Collection[str]) -> dict[str, datetime]:
    """When each of these clients was last heard of; who never was is left out."""
    asked = (
        select(ThreadRow.workspace, func.max(ThreadRow.heard_at, type_=ThreadRow.heard_at.type))
        .where(ThreadRow.workspace.in_(list(workspaces)), ThreadRow.heard_at.is_not(None))
        .group_by(ThreadRow.workspace)
    )
    return {str(workspace): at for workspace, at in session.execute(asked) if at}


def count_scoped(
    session: Session, workspaces: Collection[str], *, since: datetime, until: datetime
) -> dict[str, int]:
    """How often each of these clients asked for more than was agreed in that time; who did not is left out."""
    asked = select(ThreadRow.workspace, ThreadRow.scoped).where(
        ThreadRow.workspace.in_(list(workspaces)), ThreadRow.scoped_at >= since
    )
    found: dict[str, int] = {}
    for workspace, scoped in session.execute(asked):
        times = sum(1 for one in scoped if since <= datetime.fromisoformat(one) <= until)
        if times:
            found[str(workspace)] = found.get(str(workspace), 0) + times
    return found
