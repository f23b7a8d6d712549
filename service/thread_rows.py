"""Threads, whose they are, and what ties messages together; rows in, values out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, Select, delete, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from parsers.address import Address
from parsers.domains import registrable
from parsers.ids import MessageId
from parsers.matching import Ground, Match
from parsers.threads import SUBJECT_WINDOW, Link, ThreadId
from service.message_rows import Record, record_of_row
from service.models import MessageRow, ParticipantRow, ReferenceRow, ThreadRow

_T = TypeVar("_T")
_SHORTEST_NAME = 8  # of a thread, cut short
_MOST_VALUES = 500  # in one IN (...): databases take some thousands, and a mail may name hundreds


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


def record_thread(session: Session, thread: ThreadId) -> None:
    """Begin a thread, if it is not there."""
    blank = {"id": thread, "subject": "", "rivals": []}
    session.execute(insert(ThreadRow).values(**blank).on_conflict_do_nothing())


def move_messages(session: Session, to: Mapping[str, ThreadId]) -> None:
    """Put messages (by identity) onto threads, which are begun where they are not there."""
    for thread in dict.fromkeys(to.values()):
        record_thread(session, thread)
    for identity, thread in to.items():
        session.execute(update(MessageRow).where(MessageRow.identity == identity).values(thread=thread))


def may_be_open(at: datetime) -> ColumnElement[bool]:
    """Whether something may be open on a thread at an instant: it is now, or the thread stood otherwise then."""
    return or_(ThreadRow.is_open, ThreadRow.as_of > at)


def forget_empty(session: Session, threads: Iterable[ThreadId]) -> None:
    """Throw away those of these threads that no message is on any more."""
    in_use = select(MessageRow.thread).where(MessageRow.thread == ThreadRow.id)
    session.execute(delete(ThreadRow).where(ThreadRow.id.in_(list(threads)), ~in_use.exists()))


def record_proved(session: Session, thread: ThreadId, client: str | None) -> None:
    """Store whose a thread is by what is known for sure, without learned domains and resemblance."""
    session.get_one(ThreadRow, thread).proved = client


def record_match(session: Session, thread: ThreadId, subject: str, match: Match | None) -> None:
    """Store whose a thread is, and what it is called."""
    row = session.get_one(ThreadRow, thread)
    row.subject = subject
    row.workspace = match.workspace if match else None
    row.score = match.score if match else None
    row.because = match.because if match else None
    row.ground = match.ground if match else None
    row.rests_on = match.rests_on if match else None
    row.rivals = list(match.rivals) if match else []


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
    asked = select(ThreadRow.id, ThreadRow.workspace)
    return {
        ThreadId(thread): client
        for some in _batches(threads)
        for thread, client in session.execute(asked.where(ThreadRow.id.in_(some)))
    }


def find_thread(session: Session, name: str) -> Thread | None:
    """A thread by its name, or by one that it had before: the name of any message that is on it now."""
    row = session.get(ThreadRow, name)
    if row is None and len(name) >= _SHORTEST_NAME:
        named = MessageRow.identity.startswith(name, autoescape=True)
        asked = select(ThreadRow).join(MessageRow, MessageRow.thread == ThreadRow.id).where(named)
        found = session.scalars(asked.distinct().limit(2)).all()
        row = found[0] if len(found) == 1 else None
    return thread_of_row(row) if row else None


def find_thread_of(session: Session, identity: str) -> Thread | None:
    """The thread that a message is on now; None where it is on none, or is not held."""
    asked = select(ThreadRow).join(MessageRow, MessageRow.thread == ThreadRow.id)
    row = session.scalars(asked.where(MessageRow.identity == identity)).one_or_none()
    return thread_of_row(row) if row else None


# ---------------------------------------------------------------- what ties messages together


def find_records(session: Session, identities: Iterable[str]) -> list[Record]:
    """These messages, as far as they are on a thread, with what they name."""
    return _with_ancestors(session, _each(session, _HELD, MessageRow.identity, identities))


def list_cluster(session: Session, identities: Iterable[str]) -> list[Record]:
    """
    All messages that these may share a thread with: those on their threads, and those that any of
    them continues or is continued by, and so on; what they name is not given.
    """
    found: dict[str, Record] = {}
    asked = set(identities)
    while asked:
        threads = {one.thread for one in _each(session, _HELD, MessageRow.identity, asked)}
        new = [one for one in _each(session, _HELD, MessageRow.thread, threads) if one.identity not in found]
        found |= {one.identity: one for one in new}
        linked = _each(session, _HELD, MessageRow.continues, [one.identity for one in new])
        asked = {one.link.to for one in new if one.link.to} | {one.identity for one in linked}
        asked -= found.keys()
    return list(found.values())


def list_neighbours(session: Session, records: Collection[Record]) -> list[Record]:
    """
    The messages that these may continue, or that may continue these, with what they name.

    Those that they name or that name them; those of the same Outlook conversation; those with the
    same subject and a person in common, SUBJECT_WINDOW or less before or after.
    """
    found: dict[str, Record] = {}
    named = {name for one in records for name in one.ancestors}
    naming = select(ReferenceRow.identity).where
    for name in _batches({one.message_id for one in records}):
        found |= _by_identity(session, MessageRow.identity.in_(naming(ReferenceRow.message_id.in_(name))))
    for name in _batches(named):
        found |= _by_identity(session, MessageRow.message_id.in_(name))
    for conversation in _batches({one.index.conversation for one in records if one.index}):
        found |= _by_identity(session, MessageRow.conversation.in_(conversation))
    for one in records:
        found |= _by_identity(session, *_same_subject(one))
    return _with_ancestors(session, found.values())


def _same_subject(one: Record) -> list[ColumnElement[bool]]:
    subject = select(MessageRow.base_subject).where(MessageRow.identity == one.identity).scalar_subquery()
    mine, theirs = aliased(ParticipantRow), aliased(ParticipantRow)
    shared = (
        select(theirs.identity)
        .join(mine, mine.address == theirs.address)
        .where(theirs.identity == MessageRow.identity, mine.identity == one.identity)
    )
    near = MessageRow.sent_at.between(one.sent_at - SUBJECT_WINDOW, one.sent_at + SUBJECT_WINDOW)
    same = [MessageRow.base_subject != "", MessageRow.base_subject == subject, near]
    return [*same, shared.exists()] if one.people else same


def record_link(session: Session, identity: str, link: Link, claims: Iterable[str]) -> None:
    """Store what a message continues, and the clients that its addresses prove."""
    row = session.get_one(MessageRow, identity)
    row.continues, row.apart_from, row.claims = link.to, link.apart_from, sorted(claims)


def list_with_addresses(session: Session, values: Iterable[str]) -> set[str]:
    """The identities of messages that one of these addresses, or an address of one of these domains, is on."""
    found: set[str] = set()
    for some in _batches(set(values)):
        hit = or_(ParticipantRow.address.in_(some), ParticipantRow.domain.in_(some))
        found |= set(session.scalars(select(ParticipantRow.identity).where(hit)))
    return found


def clients_of_domains(session: Session, domains: Iterable[str]) -> dict[str, frozenset[str]]:
    """The clients on whose threads, as known for sure, people of these registrable domains write."""
    asked = (
        select(ParticipantRow.domain, ThreadRow.proved)
        .join(MessageRow, MessageRow.identity == ParticipantRow.identity)
        .join(ThreadRow, ThreadRow.id == MessageRow.thread)
        .where(ParticipantRow.is_author, ThreadRow.proved.is_not(None), MessageRow.automated.is_(None))
        .distinct()
    )
    found: dict[str, set[str]] = {one: set() for one in domains}
    for some in _batches(found):
        for domain, client in session.execute(asked.where(ParticipantRow.domain.in_(some))):
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
        for some in _batches(values):
            for value, client in session.execute(asked.where(column.in_(some))):
                found.setdefault(value, set()).add(str(client))
    return {value: frozenset(clients) for value, clients in found.items()}


def list_threads_by_domain(session: Session, domains: Collection[str]) -> set[ThreadId]:
    """The threads on which people of these registrable domains write."""
    asked = select(MessageRow.thread).join(ParticipantRow, ParticipantRow.identity == MessageRow.identity)
    asked = asked.where(ParticipantRow.is_author, MessageRow.thread.is_not(None)).distinct()
    return {
        ThreadId(str(thread))
        for some in _batches(domains)
        for thread in session.scalars(asked.where(ParticipantRow.domain.in_(some)))
    }


# ---------------------------------------------------------------- rows to values

_HELD = select(MessageRow).where(MessageRow.thread.is_not(None))


def _by_identity(session: Session, *where: ColumnElement[bool]) -> dict[str, Record]:
    return {row.identity: record_of_row(row) for row in session.scalars(_HELD.where(*where))}


def _each(
    session: Session, asked: Select[MessageRow], column: InstrumentedAttribute[Any], values: Iterable[Any]
) -> list[Record]:
    return [
        record_of_row(row)
        for some in _batches(set(values))
        for row in session.scalars(asked.where(column.in_(some)))
    ]


def _batches(values: Iterable[_T]) -> Iterator[list[_T]]:
    rest = list(values)
    for at in range(0, len(rest), _MOST_VALUES):
        yield rest[at : at + _MOST_VALUES]


def _with_ancestors(session: Session, records: Iterable[Record]) -> list[Record]:
    found = {one.identity: one for one in records}
    named: dict[str, list[MessageId]] = {}
    asked = select(ReferenceRow).order_by(ReferenceRow.distance)
    for some in _batches(found):
        for row in session.scalars(asked.where(ReferenceRow.identity.in_(some))):
            named.setdefault(row.identity, []).append(MessageId(row.message_id))
    return [replace(one, ancestors=tuple(named.get(one.identity, ()))) for one in found.values()]


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
