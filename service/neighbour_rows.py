"""What ties messages together: what each names, continues, and may continue; rows in, values out."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Boolean, Row, Select, Text, bindparam, or_, select, tuple_
from sqlalchemy.orm import Session

from parsers.ids import MessageId
from parsers.threads import SUBJECT_WINDOW, Link
from service.bulk import update_each
from service.dialects import Records, among
from service.message_rows import MESSAGE, MESSAGES, PARTICIPANT, REFERENCE
from service.models import Instant, MessageRow
from service.records import Record, record_of_row, subject_key

_ON_A_THREAD = MESSAGE.c.thread.is_not(None)
_HELD = MESSAGES.where(_ON_A_THREAD, among(MESSAGE.c.identity, "values"))
_NAMED = (
    select(REFERENCE.c.identity, REFERENCE.c.message_id)
    .where(among(REFERENCE.c.identity, "values"))
    .order_by(REFERENCE.c.distance)
)
_PLACE = select(MESSAGE.c.identity, MESSAGE.c.thread, MESSAGE.c.continues).where(_ON_A_THREAD)
_PLACE_OF = _PLACE.where(among(MESSAGE.c.identity, "values"))
_PLACE_ON = _PLACE.where(among(MESSAGE.c.thread, "values"))
_PLACE_AFTER = _PLACE.where(among(MESSAGE.c.continues, "values"))
_NAMING = select(REFERENCE.c.identity).where(among(REFERENCE.c.message_id, "values"))
_BEARING = select(MESSAGE.c.identity).where(among(MESSAGE.c.message_id, "values"))
_CONVERSING = select(MESSAGE.c.identity).where(among(MESSAGE.c.conversation, "values"))


class _Alike(Records):
    """Of which subject, and from when to when, messages are asked for; with anybody, or with some people."""

    inherit_cache = True
    members: ClassVar = {
        "number": BigInteger(),
        "subject": Text(),
        "first": Instant(),
        "last": Instant(),
        "anybody": Boolean(),
    }


class _Person(Records):
    """Who is to be on them, of those of that number."""

    inherit_cache = True
    members: ClassVar = {"number": BigInteger(), "address": Text()}


def _alike() -> Select[Any]:
    """Messages of a subject and a time that one of some people is on, of several such at once."""
    asked = _Alike(bindparam("values", type_=JSON)).rows()
    person = _Person(bindparam("people", type_=JSON)).rows()
    on_it = select(PARTICIPANT.c.address).where(
        PARTICIPANT.c.identity == MESSAGE.c.identity,
        tuple_(asked.c.number, PARTICIPANT.c.address).in_(select(person.c.number, person.c.address)),
    )
    return (
        select(MESSAGE.c.identity)
        .join_from(asked, MESSAGE, MESSAGE.c.base_subject == asked.c.subject)
        .where(MESSAGE.c.sent_at.between(asked.c.first, asked.c.last), or_(asked.c.anybody, on_it.exists()))
    )


_ALIKE = _alike()


def find_records(session: Session, identities: Iterable[str]) -> list[Record]:
    """These messages, as far as they are on a thread, with what they name."""
    rows = _rows(session, _HELD, identities)
    named: dict[str, list[MessageId]] = {}
    for one in _rows(session, _NAMED, (row.identity for row in rows)):
        named.setdefault(one.identity, []).append(MessageId(one.message_id))
    return [record_of_row(row, tuple(named.get(row.identity, ()))) for row in rows]


def list_cluster(session: Session, identities: Iterable[str], known: Mapping[str, Record]) -> list[Record]:
    """
    All messages that these may share a thread with: those on their threads, and those that any of
    them continues or is continued by, and so on; what they name may be missing. Those that are `known`
    are not read again.
    """
    found: set[str] = set()
    asked = set(identities)
    while asked:
        threads = {row.thread for row in _rows(session, _PLACE_OF, asked)}
        here = _rows(session, _PLACE_ON, threads)
        new = {row.identity for row in here} - found
        found |= new
        linked = {row.identity for row in _rows(session, _PLACE_AFTER, new)}
        asked = {row.continues for row in here if row.identity in new and row.continues} | linked
        asked -= found
    read = [known[one] for one in found & known.keys()]
    return read + [record_of_row(row) for row in _rows(session, _HELD, found - known.keys())]


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
    asked = (
        (_NAMING, {one.message_id for one in records}),
        (_BEARING, {name for one in records for name in one.ancestors}),
        (_CONVERSING, {one.index.conversation for one in records if one.index}),
    )
    found = {row.identity for statement, values in asked for row in _rows(session, statement, values)}
    found |= set(_list_alike(session, records, ties))
    return find_records(session, (one for one in found if one not in known))


def _by_subject(records: Iterable[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for one in records:
        if subject := subject_key(one.subject):
            found.setdefault(subject, []).append(one)
    return found


def _list_alike(
    session: Session, records: Collection[Record], ties: Mapping[str, frozenset[str]]
) -> Iterable[str]:
    """The messages of the subjects of these, near to them in time, that somebody of theirs is on."""
    values, people = [], []
    for number, (subject, some) in enumerate(_by_subject(records).items()):
        tied = [ties[one.identity] for one in some]
        anybody = not all(tied)  # an archive may keep no addresses
        values.append(
            {
                "number": number,
                "subject": subject,
                "first": _written(min(one.sent_at for one in some) - SUBJECT_WINDOW),
                "last": _written(max(one.sent_at for one in some) + SUBJECT_WINDOW),
                "anybody": anybody,
            }
        )
        if not anybody:
            people += [{"number": number, "address": one} for one in frozenset().union(*tied)]
    return session.scalars(_ALIKE, {"values": values, "people": people}) if values else ()


def _written(at: datetime) -> str:
    """An instant as its column holds it."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


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


def _rows(session: Session, asked: Select[Any], values: Iterable[Any]) -> Sequence[Row[Any]]:
    listed = list(values)
    return session.execute(asked, {"values": listed}).all() if listed else []
