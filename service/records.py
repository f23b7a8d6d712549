"""A message as read, and as its row has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Row

from parsers.address import Address
from parsers.automation import Automation, AutomationKind
from parsers.briefs import Brief
from parsers.ids import MessageId
from parsers.message import Attachment
from parsers.signals import Signal
from parsers.subjects import base_subject, is_generic
from parsers.thread_index import ThreadIndex
from parsers.threads import NO_LINK, Link, ThreadId
from parsers.turns import WaitingOn
from parsers.workspaces import Side
from service.json_columns import attachment_json, attachment_of, brief_of, signal_of

ELSEWHERE = "answers go elsewhere: "  # how the warning begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A message as read, and what it was found to say."""

    identity: str  # Message.identity: what makes two copies one message
    kept: int  # the row of its first copy
    message_id: MessageId
    message_id_field: str
    ancestors: tuple[MessageId, ...]  # named, each once, the nearest first
    thread: ThreadId | None  # None: an account manager's reply to a letter of ours
    sent_at: datetime  # with the author's own offset
    received_at: datetime  # in UTC
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
    index: ThreadIndex | None  # Outlook's Thread-Index
    quotes: bool  # it quotes or passes on another mail
    signature: str  # its author's
    tags: tuple[str, ...]  # "acme" of practiq+acme@..., as it was sent to us
    tags_are_ours: bool  # one of the agency chose them
    claims: frozenset[str] = frozenset()  # the clients that its addresses prove (filing.py)
    link: Link = NO_LINK  # what it continues (filing.py)
    signals: tuple[Signal, ...] = ()
    brief: Brief | None = None
    leaves: WaitingOn | None = None  # whose turn a client's message leaves it, decisions aside
    understood: str = ""  # the hash of what these three follow from; "" where it is to be found out anew

    @property
    def heard_at(self) -> datetime:
        """From when on it counts: a Date that is ahead of its arrival is a wrong clock's."""
        return min(self.sent_at, self.received_at)

    @property
    def author(self) -> Address | None:
        """The first author; None where From names nobody."""
        return self.authors[0] if self.authors else None

    @property
    def is_doubted(self) -> bool:
        """Whether a client's message may be somebody else's: our server denies its author, or answers would go elsewhere."""
        by_client = self.side is Side.CLIENT and not self.forwarded
        elsewhere = any(one.startswith(ELSEWHERE) for one in self.warnings)
        return by_client and (self.verified is False or elsewhere)

    @property
    def addresses(self) -> tuple[Address, ...]:
        """Who is on it."""
        return (*self.authors, *self.to, *self.cc)

    @property
    def people(self) -> frozenset[str]:
        """The addresses on it."""
        return frozenset(one.spec for one in self.addresses)


def subject_key(subject: str) -> str:
    """What a subject is found by; "" for one that says nothing."""
    base = base_subject(subject).text
    return "" if is_generic(base) else base


def row_of(record: Record) -> dict[str, Any]:
    """The row of a message of which nothing is understood yet."""
    offset = record.sent_at.utcoffset() or timedelta()
    return {
        "identity": record.identity,
        "kept": record.kept,
        "message_id": record.message_id,
        "message_id_field": record.message_id_field,
        "thread": record.thread,
        "sent_at": record.sent_at,
        "offset_minutes": round(offset.total_seconds() / 60),
        "received_at": record.received_at,
        "authors": [{"name": one.name, "spec": one.spec} for one in record.authors],
        "to": [{"name": one.name, "spec": one.spec} for one in record.to],
        "cc": [{"name": one.name, "spec": one.spec} for one in record.cc],
        "subject": record.subject,
        "own": record.own,
        "note": record.note,
        "side": record.side,
        "internal": record.internal,
        "forwarded": record.forwarded,
        "automated": record.automation.kind if record.automation else None,
        "automated_because": record.automation.because if record.automation else None,
        "verified": record.verified,
        "warnings": list(record.warnings),
        "attachments": [attachment_json(one) for one in record.attachments],
        "signals": [],
        "brief": None,
        "base_subject": subject_key(record.subject),
        "conversation": record.index.conversation if record.index else None,
        "place": record.index.place if record.index else None,
        "quotes": record.quotes,
        "signature": record.signature,
        "tags": list(record.tags),
        "tags_are_ours": record.tags_are_ours,
        "claims": sorted(record.claims),
        "continues": record.link.to,
        "apart_from": record.link.apart_from,
    }


def record_of_row(row: Row[Any], ancestors: tuple[MessageId, ...] = ()) -> Record:
    """A message as its row has it, and what it names, which stands elsewhere."""
    automation = None
    if row.automated:
        automation = Automation(kind=AutomationKind(row.automated), because=row.automated_because or "")
    return Record(
        identity=row.identity,
        kept=row.kept,
        message_id=MessageId(row.message_id),
        message_id_field=row.message_id_field,
        ancestors=ancestors,
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
        index=ThreadIndex(conversation=row.conversation, place=row.place)
        if row.conversation and row.place
        else None,
        quotes=row.quotes,
        signature=row.signature,
        tags=tuple(row.tags),
        tags_are_ours=row.tags_are_ours,
        claims=frozenset(row.claims),
        link=Link(to=row.continues, apart_from=row.apart_from),
        signals=tuple(signal_of(one) for one in row.signals),
        brief=None if row.brief is None else brief_of(row.brief),
        leaves=None if row.leaves is None else WaitingOn(row.leaves),
        understood=row.understood,
    )
