"""The tables. Imported by the store's files and the migrations only."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    TypeDecorator,
    false,
    true,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC; a naive one is refused (SQLite drops the offset without a word)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC in."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no offset")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC out."""
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """All tables; constraints are named, so that a migration can change them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 -- SQLAlchemy reads it from the class
        datetime: Instant,
        date: Date,
        # As SQLite has them: whole numbers of 64 bits, and text in the order of its code points.
        int: Integer().with_variant(BigInteger, "postgresql"),
        str: String().with_variant(String(collation="C"), "postgresql"),
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


# ---------------------------------------------------------------- the mail as it came


class KeptRow(Base):
    """A kept mail, once per content, and how far it has been read."""

    __tablename__ = "kept"
    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    partial: Mapped[bool]  # too large to fetch whole: without what its attachments hold, or the beginning
    internal_date: Mapped[datetime | None]  # the IMAP server's; None for mail read from a file
    kept_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(index=True)  # unread, read, quarantined
    fault: Mapped[str | None]  # why it is in quarantine
    identity: Mapped[str | None] = mapped_column(index=True)  # of the message that it was read as


class RawRow(Base):
    """The bytes of a kept mail, apart from it: SQLite writes a row anew, all of it, when anything in it changes."""

    __tablename__ = "raws"
    kept: Mapped[int] = mapped_column(ForeignKey("kept.id"), primary_key=True)
    raw: Mapped[bytes] = mapped_column(LargeBinary)  # zlib


class PositionRow(Base):
    """Where a message lies on the server; without `kept` one that the server lists and does not give."""

    __tablename__ = "positions"
    mailbox: Mapped[str] = mapped_column(primary_key=True)
    uidvalidity: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[int] = mapped_column(primary_key=True)
    kept: Mapped[int | None] = mapped_column(ForeignKey("kept.id"))
    tried_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(server_default="1")  # to get it
    unwanted: Mapped[bool] = mapped_column(server_default=false())  # not kept, and not fetched again
    internal_date: Mapped[datetime | None]  # of what lies there: another one is another message


# Whole in PostgreSQL: to name its own condition would load its dialect for every command.
_NOT_GIVEN = PositionRow.kept.is_(None) & ~PositionRow.unwanted
Index(
    "ix_positions_not_given",
    PositionRow.mailbox,
    PositionRow.uidvalidity,
    PositionRow.uid,
    sqlite_where=_NOT_GIVEN,
)


class CursorRow(Base):
    """How far a mailbox has been taken in."""

    __tablename__ = "cursors"
    mailbox: Mapped[str] = mapped_column(primary_key=True)
    uidvalidity: Mapped[int]
    uid: Mapped[int]  # everything up to here is in `positions`
    polled_at: Mapped[datetime | None]  # end of the last complete pass
    swept_at: Mapped[datetime | None]  # end of the last comparison of the whole UID list


# ---------------------------------------------------------------- what was read from it


class ThreadRow(Base):
    """A conversation, and whose it is."""

    __tablename__ = "threads"
    id: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str]
    workspace: Mapped[str | None] = mapped_column(index=True)
    score: Mapped[float | None]
    because: Mapped[str | None]
    ground: Mapped[str | None]  # what kind of evidence that is
    rests_on: Mapped[str | None]  # the domain that was learned, or that resembles
    rivals: Mapped[list[Any]]  # the clients between whom nothing decides
    proved: Mapped[str | None]  # the client, by what is known for sure: no learned domain, no resemblance
    # what is open on it, so that a morning reads no mail (standing.py); all of it follows from messages and marks
    ledger: Mapped[dict[str, Any] | None]  # None: not worked out yet
    is_open: Mapped[bool] = mapped_column(server_default=true(), index=True)
    newest: Mapped[str | None]  # the identity of its newest message
    as_of: Mapped[datetime | None] = mapped_column(index=True)  # newest message or mark; not true before
    heard_at: Mapped[datetime | None]  # the client's last word, machines aside
    scoped_at: Mapped[datetime | None]  # when the client last asked for more than was agreed
    scoped: Mapped[list[Any]] = mapped_column(server_default="[]")  # and all the times


_UNKNOWN = ThreadRow.newest.is_(None)
Index("ix_threads_unknown", ThreadRow.id, sqlite_where=_UNKNOWN)


class MessageRow(Base):
    """A message as read (signals.md); all of it derived from `kept`."""

    __tablename__ = "messages"
    identity: Mapped[str] = mapped_column(primary_key=True)
    kept: Mapped[int] = mapped_column(ForeignKey("kept.id"), index=True)
    message_id: Mapped[str] = mapped_column(index=True)
    message_id_field: Mapped[str]
    thread: Mapped[str | None] = mapped_column(ForeignKey("threads.id"), index=True)  # None: a reply to us
    sent_at: Mapped[datetime]
    offset_minutes: Mapped[int]  # of the author's Date
    received_at: Mapped[datetime] = mapped_column(index=True)
    authors: Mapped[list[Any]]
    to: Mapped[list[Any]]
    cc: Mapped[list[Any]]
    subject: Mapped[str]
    own: Mapped[str]
    note: Mapped[str] = mapped_column(server_default="")  # of who forwarded it
    side: Mapped[str]
    internal: Mapped[bool]
    forwarded: Mapped[bool]
    automated: Mapped[str | None]  # which kind of machine
    automated_because: Mapped[str | None]
    verified: Mapped[bool | None]
    warnings: Mapped[list[Any]]
    attachments: Mapped[list[Any]]
    signals: Mapped[list[Any]]
    brief: Mapped[dict[str, Any] | None]
    leaves: Mapped[str | None]  # whose turn a client's message leaves it; None: not a client's
    understood: Mapped[str] = mapped_column(server_default="")  # from which words that follows, as a hash
    # what its place in a conversation, and whose it is, depend on
    base_subject: Mapped[str]
    conversation: Mapped[str | None] = mapped_column(index=True)  # Outlook's, as its Thread-Index begins
    place: Mapped[str | None]  # the whole Thread-Index
    quotes: Mapped[bool]
    signature: Mapped[str]
    tags: Mapped[list[Any]]  # "acme" of practiq+acme@...
    tags_are_ours: Mapped[bool]  # one of the agency chose them
    claims: Mapped[list[Any]]  # the clients that its addresses prove
    continues: Mapped[str | None] = mapped_column(index=True)  # the identity of the message before it
    apart_from: Mapped[str | None]  # the identity of one that it names, and whose client is another
    __table_args__ = (Index("ix_messages_base_subject_sent_at", "base_subject", "sent_at"),)


class ReferenceRow(Base):
    """A Message-ID that a message names, so that a parent that comes late finds its children."""

    __tablename__ = "message_references"
    identity: Mapped[str] = mapped_column(ForeignKey("messages.identity"), primary_key=True)
    message_id: Mapped[str] = mapped_column(primary_key=True, index=True)
    distance: Mapped[int]  # 0 for the nearest ancestor


class ParticipantRow(Base):
    """An address on a message, so that what is learned of it finds the mail that came before."""

    __tablename__ = "participants"
    identity: Mapped[str] = mapped_column(ForeignKey("messages.identity"), primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True, index=True)
    domain: Mapped[str] = mapped_column(index=True)  # the registrable one
    is_author: Mapped[bool]


# ---------------------------------------------------------------- the installation


class SettingRow(Base):
    """What an installation made up for itself: the key of its reply tokens."""

    __tablename__ = "settings"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class WorkspaceRow(Base):
    """A client that the configuration's file does not name."""

    __tablename__ = "workspaces"
    name: Mapped[str] = mapped_column(primary_key=True)
    domains: Mapped[list[Any]]
    aliases: Mapped[list[Any]]
    contacts: Mapped[list[Any]]
    account_manager: Mapped[str]
    keep_mail: Mapped[int | None]  # days


class TroubleRow(Base):
    """What goes wrong at a place, since when; the row is gone when it is over."""

    __tablename__ = "troubles"
    place: Mapped[str] = mapped_column(primary_key=True)  # imap, smtp, …
    since: Mapped[datetime]
    at: Mapped[datetime]  # the last time
    words: Mapped[str]
    retry_at: Mapped[datetime | None]


class LeaseRow(Base):
    """Which process may work on this database; who holds an older epoch may not write any more."""

    __tablename__ = "leases"
    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    epoch: Mapped[int]
    beats: Mapped[int]  # grows while its holder lives


class ForgottenRow(Base):
    """A keyed hash of what was erased, so that it is not kept again."""

    __tablename__ = "forgotten"
    hash: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]  # mail, address, domain
    at: Mapped[datetime]
