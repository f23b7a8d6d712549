"""Threads, whose they are, and what ties messages together; rows in, values out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from parsers.address import Address
from parsers.domains import registrable
from parsers.matching import Ground, Match
from parsers.threads import ThreadId
from service.bulk import batched, update_each
from service.dialects import among, insert
from service.message_rows import MESSAGE, PARTICIPANT
from service.models import Base, MessageRow, ParticipantRow, ThreadRow

_BY_ID: InstrumentedAttribute[Any] = ThreadRow.id
_THREAD = Base.metadata.tables[ThreadRow.__tablename__]
_BEGUN = insert(_THREAD).on_conflict_do_nothing()
_LEFT = delete(_THREAD).where(
    among(_THREAD.c.id, "threads"), ~select(MESSAGE.c.thread).where(MESSAGE.c.thread == _THREAD.c.id).exists()
)
_OWNERS = select(_THREAD.c.id, _THREAD.c.workspace).where(among(_THREAD.c.id, "threads"))
_PROVED = (
    select(PARTICIPANT.c.domain, _THREAD.c.proved)
    .join_from(PARTICIPANT, MESSAGE, MESSAGE.c.identity == PARTICIPANT.c.identity)
    .join(_THREAD, _THREAD.c.id == MESSAGE.c.thread)
    .where(PARTICIPANT.c.is_author, _THREAD.c.proved.is_not(None), MESSAGE.c.automated.is_(None))
    .where(among(PARTICIPANT.c.domain, "domains"))
    .distinct()
)
_SHORTEST_NAME = 8  # of a thread, cut short


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A conversation, and whose it is."""

    id: ThreadId
    subject: str
    match: Match | None

    @property
    def workspace(self) -> str | None:
        """The client that it belongs to; None where none is sure enough."""
        return self.match.workspace if self.match else None


# ---------------------------------------------------------------- threads


def record_threads(session: Session, threads: Iterable[ThreadId]) -> None:
    """Begin threads, where they are not there."""
    if blank := [{"id": one, "subject": "", "rivals": []} for one in dict.fromkeys(threads)]:
        session.execute(_BEGUN, blank)


def move_messages(session: Session, to: Mapping[str, ThreadId]) -> None:
    """Put messages (by identity) onto threads, which must be there."""
    update_each(session, MessageRow.identity, {one: {"thread": thread} for one, thread in to.items()})


def may_be_open(at: datetime) -> ColumnElement[bool]:
    """Whether something may be open on a thread at an instant: it is now, or the thread stood otherwise then."""
    return or_(ThreadRow.is_open, ThreadRow.as_of > at)


def forget_empty(session: Session, threads: Iterable[ThreadId]) -> None:
    """Throw away those of these threads that no message is on any more."""
    if named := list(threads):
        session.execute(_LEFT, {"threads": named})


def record_proved(session: Session, clients: Mapping[ThreadId, str | None]) -> None:
    """Store whose threads are by what is known for sure, without learned domains and resemblance."""
    update_each(session, _BY_ID, {thread: {"proved": client} for thread, client in clients.items()})


def record_matches(session: Session, found: Mapping[ThreadId, tuple[str, Match | None]]) -> None:
    """Store what threads are called, and whose they are."""
    update_each(
        session,
        _BY_ID,
        {
            thread: {
                "subject": subject,
                "workspace": match.workspace if match else None,
                "score": match.score if match else None,
                "because": match.because if match else None,
                "ground": match.ground if match else None,
                "rests_on": match.rests_on if match else None,
                "rivals": list(match.rivals) if match else [],
            }
            for thread, (subject, match) in found.items()
        },
    )


def list_threads(session: Session) -> list[Thread]:
    """Every thread, in the order of its first mail."""
    first = (
        select(MessageRow.thread, func.min(MessageRow.sent_at).label("at"))
        .group_by(MessageRow.thread)
        .subquery()
    )
    asked = select(ThreadRow).join(first, first.c.thread == ThreadRow.id).order_by(first.c.at, ThreadRow.id)
    return [thread_of_row(row) for row in session.scalars(asked)]


def list_owners(session: Session, threads: Collection[ThreadId]) -> dict[ThreadId, str | None]:
    """The client of each of these threads."""
    rows = session.execute(_OWNERS, {"threads": list(threads)}) if threads else ()
    return {ThreadId(thread): client for thread, client in rows}


def find_thread(session: Session, name: str) -> Thread | None:
    """A thread by its name, or by one that it had before: the name of any message that is on it now."""
    row = session.get(ThreadRow, name)
    if row is None and len(name) >= _SHORTEST_NAME:
        named = select(MessageRow.thread).where(MessageRow.identity.startswith(name, autoescape=True))
        found = session.scalars(select(ThreadRow).where(ThreadRow.id.in_(named)).limit(2)).all()
        row = found[0] if len(found) == 1 else None
    return thread_of_row(row) if row else None


def find_thread_of(session: Session, identity: str) -> Thread | None:
    """The thread that a message is on now; None where it is on none, or is not held."""
    asked = select(ThreadRow).join(MessageRow, MessageRow.thread == ThreadRow.id)
    row = session.scalars(asked.where(MessageRow.identity == identity)).one_or_none()
    return thread_of_row(row) if row else None


# ---------------------------------------------------------------- who is on them


def list_with_addresses(session: Session, values: Iterable[str]) -> set[str]:
    """The identities of messages that one of these addresses, or an address of one of these domains, is on."""
    found: set[str] = set()
    for some in batched(set(values)):
        hit = or_(ParticipantRow.address.in_(some), ParticipantRow.domain.in_(some))
        found |= set(session.scalars(select(ParticipantRow.identity).where(hit)))
    return found


def clients_of_domains(session: Session, domains: Iterable[str]) -> dict[str, frozenset[str]]:
    """The clients on whose threads, as known for sure, people of these registrable domains write."""
    found: dict[str, set[str]] = {one: set() for one in domains}
    for domain, client in session.execute(_PROVED, {"domains": list(found)}) if found else ():
        found[domain].add(str(client))
    return {domain: frozenset(clients) for domain, clients in found.items()}


def clients_using(
    session: Session, people: Iterable[Address], *, besides: ThreadId
) -> dict[str, frozenset[str]]:
    """The clients on whose threads, one thread apart, each of these addresses is, and each registrable domain."""
    found: dict[str, set[str]] = {}
    for column, values in (
        (ParticipantRow.address, {one.spec for one in people}),
        (ParticipantRow.domain, {registrable(one.domain) for one in people}),
    ):
        asked = (
            select(column, ThreadRow.workspace)
            .join(MessageRow, MessageRow.identity == ParticipantRow.identity)
            .join(ThreadRow, ThreadRow.id == MessageRow.thread)
            .where(ThreadRow.workspace.is_not(None), ThreadRow.id != besides)
            .distinct()
        )
        for some in batched(values):
            for value, client in session.execute(asked.where(column.in_(some))):
                found.setdefault(value, set()).add(str(client))
    return {value: frozenset(clients) for value, clients in found.items()}


def list_threads_by_domain(session: Session, domains: Collection[str]) -> set[ThreadId]:
    """The threads on which people of these registrable domains write."""
    asked = select(MessageRow.thread).join(ParticipantRow, ParticipantRow.identity == MessageRow.identity)
    asked = asked.where(ParticipantRow.is_author, MessageRow.thread.is_not(None)).distinct()
    return {
        ThreadId(str(thread))
        for some in batched(domains)
        for thread in session.scalars(asked.where(ParticipantRow.domain.in_(some)))
    }


# ---------------------------------------------------------------- rows to values


def thread_of_row(row: ThreadRow | Row[Any]) -> Thread:
    """A thread as its row has it."""
    match = None
    if row.score is not None and row.because is not None and row.ground is not None:
        match = Match(
            workspace=row.workspace,
            score=row.score,
            because=row.because,
            ground=Ground(row.ground),
            rests_on=row.rests_on,
            rivals=tuple(row.rivals),
        )
    return Thread(id=ThreadId(row.id), subject=row.subject, match=match)
