"""What was read: messages, their threads and what they say; rows in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from parsers.address import Address
from parsers.automation import Automation, AutomationKind
from parsers.briefs import Brief
from parsers.ids import MessageId
from parsers.message import Attachment
from parsers.signals import Signal
from parsers.threads import ThreadId, base_subject
from parsers.turns import WaitingOn
from parsers.workspaces import Match, Side
from service.json_columns import attachment_of, brief_json, brief_of, signal_json, signal_of
from service.models import KeptRow, MessageRow, ReferenceRow, ThreadRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A message as read, and what it was found to say."""

    identity: str  # Message.identity: what makes two copies one message
    kept: int  # the row of its first copy
    message_id: MessageId
    message_id_field: str
    named: tuple[MessageId, ...]  # References and In-Reply-To; not given back by the store
    thread: ThreadId | None  # None: an account manager's reply to a letter of ours
    sent_at: datetime  # with the author's own offset
    received_at: datetime
    authors: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    own: str  # the newly written words
    note: str  # what a forwarder wrote above; "" where nobody did
    side: Side
    internal: bool  # written by the agency, and nobody outside it can see it
    forwarded: bool  # it is the mail inside a forward
    automation: Automation | None
    verified: bool | None  # our own server vouches for the author; None: it says nothing
    warnings: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    signals: tuple[Signal, ...] = ()
    brief: Brief | None = None
    leaves: WaitingOn | None = None  # whose turn a client's message leaves it, decisions aside

    @property
    def author(self) -> Address | None:
        """The first author; None where From names nobody."""
        return self.authors[0] if self.authors else None

    @property
    def people(self) -> frozenset[str]:
        """The addresses on it."""
        return frozenset(one.spec for one in (*self.authors, *self.to, *self.cc))


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


# ---------------------------------------------------------------- messages


def find_identity(session: Session, identity: str) -> bool:
    """Whether we hold this message already, from another copy."""
    return session.get(MessageRow, identity) is not None


def record_message(session: Session, record: Record) -> None:
    """Store a message as read; its thread must be there."""
    offset = record.sent_at.utcoffset() or timedelta()
    session.add(
        MessageRow(
            identity=record.identity,
            kept=record.kept,
            message_id=record.message_id,
            message_id_field=record.message_id_field,
            thread=record.thread,
            sent_at=record.sent_at,
            offset_minutes=round(offset.total_seconds() / 60),
            received_at=record.received_at,
            authors=[asdict(one) for one in record.authors],
            to=[asdict(one) for one in record.to],
            cc=[asdict(one) for one in record.cc],
            subject=record.subject,
            own=record.own,
            note=record.note,
            side=record.side,
            internal=record.internal,
            forwarded=record.forwarded,
            automated=record.automation.kind if record.automation else None,
            automated_because=record.automation.because if record.automation else None,
            verified=record.verified,
            warnings=list(record.warnings),
            attachments=[asdict(one) for one in record.attachments],
            signals=[],
            brief=None,
            leaves=None,
        )
    )
    session.flush()
    session.add_all(ReferenceRow(identity=record.identity, message_id=one) for one in set(record.named))


def record_meaning(
    session: Session,
    identity: str,
    signals: Iterable[Signal],
    brief: Brief | None,
    leaves: WaitingOn | None,
) -> None:
    """Store what a message was found to say, in place of what was found before."""
    row = session.get_one(MessageRow, identity)
    row.signals = [signal_json(one) for one in signals]
    row.brief = None if brief is None else brief_json(brief)
    row.leaves = leaves


def list_messages(session: Session, thread: ThreadId) -> list[Record]:
    """The messages of a thread, in the order sent."""
    asked = select(MessageRow).where(MessageRow.thread == thread)
    return [_record(row) for row in session.scalars(asked.order_by(MessageRow.sent_at, MessageRow.identity))]


def list_read(session: Session) -> list[tuple[Record, str, bool]]:
    """Every message that was read, in the order kept, with the sha256 of its raw bytes and whether these are partial."""
    asked = (
        select(MessageRow, KeptRow.sha256, KeptRow.partial)
        .join(KeptRow, KeptRow.id == MessageRow.kept)
        .order_by(MessageRow.kept)
    )
    return [(_record(row), sha256, partial) for row, sha256, partial in session.execute(asked)]


def forget_readings(session: Session, since: datetime | None) -> None:
    """Throw away what was read: all of it, or of what was kept since an instant."""
    gone = select(MessageRow.identity)
    if since is not None:
        gone = gone.join(KeptRow, KeptRow.id == MessageRow.kept).where(KeptRow.kept_at >= since)
    session.execute(delete(ReferenceRow).where(ReferenceRow.identity.in_(gone)))
    session.execute(delete(MessageRow).where(MessageRow.identity.in_(gone)))
    in_use = select(MessageRow.thread).where(MessageRow.thread.is_not(None))
    session.execute(delete(ThreadRow).where(ThreadRow.id.not_in(in_use)))


# ---------------------------------------------------------------- threads


def find_threads(session: Session, named: Iterable[MessageId]) -> dict[MessageId, ThreadId]:
    """The threads of the messages that we hold, among these Message-IDs."""
    asked = (
        select(MessageRow.message_id, MessageRow.thread)
        .where(MessageRow.message_id.in_(list(named)), MessageRow.thread.is_not(None))
        .order_by(MessageRow.kept.desc())
    )
    return {MessageId(one): ThreadId(str(thread)) for one, thread in session.execute(asked)}


def find_children(session: Session, message_id: MessageId) -> list[ThreadId]:
    """The threads of messages that name this one as their ancestor, and came before it."""
    asked = (
        select(MessageRow.thread)
        .join(ReferenceRow, ReferenceRow.identity == MessageRow.identity)
        .where(ReferenceRow.message_id == message_id, MessageRow.thread.is_not(None))
        .distinct()
        .order_by(MessageRow.thread)
    )
    return [ThreadId(str(thread)) for thread in session.scalars(asked)]


def list_same_subject(session: Session, text: str) -> dict[ThreadId, list[Record]]:
    """The messages of every thread that has this base subject."""
    asked = (
        select(MessageRow)
        .join(ThreadRow, ThreadRow.id == MessageRow.thread)
        .where(ThreadRow.base_subject == text)
        .order_by(MessageRow.sent_at)
    )
    found: dict[ThreadId, list[Record]] = {}
    for row in session.scalars(asked):
        found.setdefault(ThreadId(str(row.thread)), []).append(_record(row))
    return found


def record_thread(session: Session, thread: ThreadId, subject: str) -> None:
    """Begin a thread."""
    session.add(ThreadRow(id=thread, subject=subject, base_subject=base_subject(subject).text))
    session.flush()


def join_threads(session: Session, into: ThreadId, others: Sequence[ThreadId]) -> None:
    """Put the messages of other threads onto one: their common parent came late."""
    session.execute(update(MessageRow).where(MessageRow.thread.in_(others)).values(thread=into))
    session.execute(delete(ThreadRow).where(ThreadRow.id.in_(others)))


def record_match(session: Session, thread: ThreadId, subject: str, match: Match | None) -> None:
    """Store whose a thread is, and what it is called."""
    row = session.get_one(ThreadRow, thread)
    row.subject, row.base_subject = subject, base_subject(subject).text
    row.workspace = match.workspace if match else None
    row.score = match.score if match else None
    row.because = match.because if match else None


def list_threads(session: Session) -> list[Thread]:
    """Every thread, in the order of its first mail."""
    first = (
        select(MessageRow.thread, func.min(MessageRow.sent_at).label("at"))
        .group_by(MessageRow.thread)
        .subquery()
    )
    asked = select(ThreadRow).join(first, first.c.thread == ThreadRow.id).order_by(first.c.at, ThreadRow.id)
    return [_thread(row) for row in session.scalars(asked)]


def find_thread_of(session: Session, identity: str) -> Thread | None:
    """The thread that a message is on now; None where it is on none, or is not held."""
    asked = select(ThreadRow).join(MessageRow, MessageRow.thread == ThreadRow.id)
    row = session.scalars(asked.where(MessageRow.identity == identity)).one_or_none()
    return _thread(row) if row else None


# ---------------------------------------------------------------- rows to values


def _thread(row: ThreadRow) -> Thread:
    match = None
    if row.score is not None and row.because is not None:
        match = Match(workspace=row.workspace, score=row.score, because=row.because)
    return Thread(id=ThreadId(row.id), subject=row.subject, match=match)


def _record(row: MessageRow) -> Record:
    automation = None
    if row.automated:
        automation = Automation(kind=AutomationKind(row.automated), because=row.automated_because or "")
    return Record(
        identity=row.identity,
        kept=row.kept,
        message_id=MessageId(row.message_id),
        message_id_field=row.message_id_field,
        named=(),
        thread=ThreadId(row.thread) if row.thread else None,
        sent_at=row.sent_at.astimezone(timezone(timedelta(minutes=row.offset_minutes))),
        received_at=row.received_at,
        authors=tuple(Address(**one) for one in row.authors),
        to=tuple(Address(**one) for one in row.to),
        cc=tuple(Address(**one) for one in row.cc),
        subject=row.subject,
        own=row.own,
        note=row.note,
        side=Side(row.side),
        internal=row.internal,
        forwarded=row.forwarded,
        automation=automation,
        verified=row.verified,
        warnings=tuple(row.warnings),
        attachments=tuple(attachment_of(one) for one in row.attachments),
        signals=tuple(signal_of(one) for one in row.signals),
        brief=None if row.brief is None else brief_of(row.brief),
        leaves=None if row.leaves is None else WaitingOn(row.leaves),
    )
