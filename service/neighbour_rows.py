"""What ties messages together: what each names, continues, and may continue; rows in, values out."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from parsers.ids import MessageId
from parsers.threads import SUBJECT_WINDOW, Link
from service.bulk import batched, update_each
from service.message_rows import MESSAGES
from service.models import MessageRow, ParticipantRow, ReferenceRow
from service.records import Record, record_of_row, subject_key

_HELD = MESSAGES.where(MessageRow.thread.is_not(None))


def find_records(session: Session, identities: Iterable[str]) -> list[Record]:
    """These messages, as far as they are on a thread, with what they name."""
    return _with_ancestors(session, _loaded(session, identities))


def list_cluster(session: Session, identities: Iterable[str], known: Mapping[str, Record]) -> list[Record]:
    """
    All messages that these may share a thread with: those on their threads, and those that any of
    them continues or is continued by, and so on; what they name may be missing. Those that are `known`
    are not read again.
    """
    found: set[str] = set()
    asked = set(identities)
    place = select(MessageRow.identity, MessageRow.thread, MessageRow.continues)
    place = place.where(MessageRow.thread.is_not(None))
    while asked:
        threads = {row.thread for row in _each(session, place, MessageRow.identity, asked)}
        here = _each(session, place, MessageRow.thread, threads)
        new = {row.identity for row in here} - found
        found |= new
        linked = {row.identity for row in _each(session, place, MessageRow.continues, new)}
        asked = {row.continues for row in here if row.identity in new and row.continues} | linked
        asked -= found
    read = [known[one] for one in found & known.keys()]
    return read + _loaded(session, found - known.keys())


def list_neighbours(
    session: Session,
    records: Collection[Record],
    ties: Mapping[str, frozenset[str]],
    known: Container[str],
) -> list[Record]:
    """
    The messages that these may continue, or that may continue these, with what they name, and some more;
    but those that are `known` (by identity).

    Those that they name or that name them; those of the same Outlook conversation; those with the
    same subject, SUBJECT_WINDOW or less before or after, and one of the addresses by which each of these
    (by identity) may be tied to another.
    """
    found: set[str] = set()
    identity = select(MessageRow.identity)
    for name in batched({one.message_id for one in records}):
        naming = select(ReferenceRow.identity).where(ReferenceRow.message_id.in_(name))
        found |= set(session.scalars(naming))
    for name in batched({name for one in records for name in one.ancestors}):
        found |= set(session.scalars(identity.where(MessageRow.message_id.in_(name))))
    for conversation in batched({one.index.conversation for one in records if one.index}):
        found |= set(session.scalars(identity.where(MessageRow.conversation.in_(conversation))))
    for subject, some in _by_subject(records).items():
        first, last = min(one.sent_at for one in some), max(one.sent_at for one in some)
        near = MessageRow.sent_at.between(first - SUBJECT_WINDOW, last + SUBJECT_WINDOW)
        for shared in _shared(some, ties):
            alike = identity.where(MessageRow.base_subject == subject, near, shared)
            found |= set(session.scalars(alike))
    return find_records(session, (one for one in found if one not in known))


def _by_subject(records: Iterable[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for one in records:
        if subject := subject_key(one.subject):
            found.setdefault(subject, []).append(one)
    return found


def _shared(records: Iterable[Record], ties: Mapping[str, frozenset[str]]) -> Iterator[ColumnElement[bool]]:
    """That an address by which a message may be tied to one of these is on it; true where one has none."""
    people = [ties[one.identity] for one in records]
    if not all(people):
        yield true()  # mail from an archive that kept no addresses
        return
    for some in batched(frozenset().union(*people)):
        on_it = select(ParticipantRow.identity).where(
            ParticipantRow.identity == MessageRow.identity, ParticipantRow.address.in_(some)
        )
        yield on_it.exists()


def record_links(session: Session, found: Mapping[str, tuple[Link, Iterable[str]]]) -> None:
    """Store what messages (by identity) continue, and the clients that their addresses prove."""
    update_each(
        session,
        MessageRow.identity,
        {
            one: {"continues": link.to, "apart_from": link.apart_from, "claims": sorted(claims)}
            for one, (link, claims) in found.items()
        },
    )


def _loaded(session: Session, identities: Iterable[str]) -> list[Record]:
    return [record_of_row(row) for row in _each(session, _HELD, MessageRow.identity, identities)]


def _each(
    session: Session,
    asked: Select[*tuple[Any, ...]],
    column: InstrumentedAttribute[Any],
    values: Iterable[Any],
) -> list[Row[Any]]:
    return [row for some in batched(set(values)) for row in session.execute(asked.where(column.in_(some)))]


def _with_ancestors(session: Session, records: Iterable[Record]) -> list[Record]:
    found = {one.identity: one for one in records}
    named: dict[str, list[MessageId]] = {}
    asked = select(ReferenceRow.identity, ReferenceRow.message_id).order_by(ReferenceRow.distance)
    for some in batched(found):
        for identity, name in session.execute(asked.where(ReferenceRow.identity.in_(some))):
            named.setdefault(identity, []).append(MessageId(name))
    return [replace(one, ancestors=tuple(named.get(one.identity, ()))) for one in found.values()]
