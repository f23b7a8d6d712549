"""What ties messages together: what each names, continues, and may continue; rows in, values out."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Row, Select, TableValuedAlias, bindparam, func, or_, select, true, tuple_
from sqlalchemy.orm import Session

from parsers.ids import MessageId
from parsers.threads import SUBJECT_WINDOW, Link
from service.bulk import among, update_each
from service.message_rows import MESSAGE, MESSAGES, PARTICIPANT, REFERENCE
from service.models import MessageRow
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


def _alike() -> Select[Any]:
    """Messages of a subject and a time that one of some people is on, of several such at once."""

    def listed() -> TableValuedAlias:
        return func.json_each(bindparam("values", type_=JSON)).table_valued("key", "value")

    asked, each = listed(), listed()
    subject, first, last = (
        func.json_extract(asked.c.value, f"$.{one}") for one in ("subject", "first", "last")
    )
    person = func.json_each(each.c.value, "$.people").table_valued("value")
    tied = select(each.c.key, person.c.value).join_from(each, person, true())
    on_it = select(PARTICIPANT.c.address).where(
        PARTICIPANT.c.identity == MESSAGE.c.identity, tuple_(asked.c.key, PARTICIPANT.c.address).in_(tied)
    )
    anybody = func.json_array_length(asked.c.value, "$.people") == 0
    return (
        select(MESSAGE.c.identity)
        .join_from(asked, MESSAGE, MESSAGE.c.base_subject == subject)
        .where(MESSAGE.c.sent_at.between(first, last), or_(anybody, on_it.exists()))
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
        (_ALIKE, [_near(subject, some, ties) for subject, some in _by_subject(records).items()]),
    )
    found = {row.identity for statement, values in asked for row in _rows(session, statement, values)}
    return find_records(session, (one for one in found if one not in known))


def _by_subject(records: Iterable[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for one in records:
        if subject := subject_key(one.subject):
            found.setdefault(subject, []).append(one)
    return found


def _near(subject: str, records: Sequence[Record], ties: Mapping[str, frozenset[str]]) -> dict[str, Any]:
    """What is alike to messages of a subject: from when to when, and with whom; nobody for all."""
    people = [ties[one.identity] for one in records]
    return {
        "subject": subject,
        "first": _written(min(one.sent_at for one in records) - SUBJECT_WINDOW),
        "last": _written(max(one.sent_at for one in records) + SUBJECT_WINDOW),
        "people": list(frozenset().union(*people)) if all(people) else [],  # an archive may keep no addresses
    }


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
