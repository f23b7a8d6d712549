"""Messages as read and what they say; rows in, values out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import Session

from parsers.domains import registrable
from parsers.threads import ThreadId
from service.bulk import update_each
from service.dialects import among
from service.json_columns import brief_json, signal_json
from service.models import Base, KeptRow, MessageRow, ParticipantRow, ReferenceRow, ThreadRow
from service.records import Record, record_of_row, row_of

_TABLES = Base.metadata.tables  # without the ORM, which takes three times as long
MESSAGE = _TABLES[MessageRow.__tablename__]
REFERENCE = _TABLES[ReferenceRow.__tablename__]
PARTICIPANT = _TABLES[ParticipantRow.__tablename__]
MESSAGES: Select[Any] = select(MESSAGE)

_IDENTITIES = select(MESSAGE.c.identity).where(among(MESSAGE.c.identity, "identities"))
_ON_THREADS = MESSAGES.where(among(MESSAGE.c.thread, "threads")).order_by(
    MESSAGE.c.sent_at, MESSAGE.c.identity
)


def find_identities(session: Session, identities: Iterable[str]) -> set[str]:
    """Which of these messages we hold already, from another copy."""
    return set(session.scalars(_IDENTITIES, {"identities": list(identities)}))


def find_record(session: Session, identity: str) -> Record:
    """A message that we hold."""
    return record_of_row(session.execute(MESSAGES.where(MessageRow.identity == identity)).one())


def replace_message(session: Session, record: Record) -> None:
    """Store a message as another copy of it was read."""
    forget_messages(session, [record.identity])
    record_messages(session, [record])


def record_messages(session: Session, records: Sequence[Record]) -> None:
    """Store messages as read; their threads must be there."""
    named = [
        {"identity": record.identity, "message_id": one, "distance": distance}
        for record in records
        for distance, one in enumerate(record.ancestors)
    ]
    people = [
        {
            "identity": record.identity,
            "address": one.spec,
            "domain": registrable(one.domain),
            "is_author": one.spec in authors,
        }
        for record in records
        for authors in [{author.spec for author in record.authors}]
        for one in {one.spec: one for one in record.addresses}.values()
    ]
    for rows, values in (
        (MESSAGE, [row_of(one) for one in records]),
        (REFERENCE, named),
        (PARTICIPANT, people),
    ):
        if values:
            session.execute(insert(rows), values)


def record_meanings(session: Session, records: Iterable[Record]) -> None:
    """Store what these messages were found to say, in place of what was found before."""
    found = {
        one.identity: {
            "warnings": list(one.warnings),
            "signals": [signal_json(signal) for signal in one.signals],
            "brief": None if one.brief is None else brief_json(one.brief),
            "leaves": one.leaves,
            "understood": one.understood,
        }
        for one in records
    }
    update_each(session, MessageRow.identity, found)


def list_messages(session: Session, thread: ThreadId) -> list[Record]:
    """The messages of a thread, in the order sent."""
    return list_messages_on(session, [thread]).get(thread, [])


def list_messages_on(session: Session, threads: Collection[ThreadId]) -> dict[ThreadId, list[Record]]:
    """The messages of each of these threads that has some, in the order sent."""
    found: dict[ThreadId, list[Record]] = {}
    for row in session.execute(_ON_THREADS, {"threads": list(threads)}) if threads else ():
        found.setdefault(row.thread, []).append(record_of_row(row))
    return found


def list_read(session: Session) -> list[tuple[Record, str, bool]]:
    """Every message that was read, in the order kept, with the sha256 of its raw bytes and whether these are partial."""
    asked = (
        MESSAGES.add_columns(KeptRow.sha256, KeptRow.partial)
        .join(KeptRow, KeptRow.id == MessageRow.kept)
        .order_by(MessageRow.kept)
    )
    return [(record_of_row(row), row.sha256, row.partial) for row in session.execute(asked)]


def forget_readings(session: Session, since: datetime | None) -> None:
    """Throw away what was read: all of it, or of what was kept since an instant."""
    gone = select(MessageRow.identity)
    if since is not None:
        gone = gone.join(KeptRow, KeptRow.id == MessageRow.kept).where(KeptRow.kept_at >= since)
    forget_messages(session, gone)
    in_use = select(MessageRow.thread).where(MessageRow.thread.is_not(None))
    session.execute(delete(ThreadRow).where(ThreadRow.id.not_in(in_use)))


def forget_messages(session: Session, gone: Select[str] | Sequence[str]) -> None:
    """Throw away what was read of these messages."""
    for rows in (ReferenceRow, ParticipantRow, MessageRow):
        session.execute(delete(rows).where(rows.identity.in_(gone)))
