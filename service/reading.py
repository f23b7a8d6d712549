"""Bytes to meaning: runs the core over what is kept and not yet read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy.orm import Session

from parsers.anatomy import Anatomy, Inside
from parsers.authentication import is_authentic
from parsers.briefs import Brief, brief_of
from parsers.message import Message
from parsers.reader import Before, following
from parsers.reasons import Reasons, reasons_of
from parsers.signals import Kind, Signal, signals_of
from parsers.signature import without_name
from parsers.threads import Candidate, ThreadId, base_subject, choose_thread
from parsers.turns import WaitingOn, turn_of
from parsers.workspaces import Match, People, Side, match_workspace, side_of, warnings_for
from service.kept_rows import Kept
from service.message_rows import (
    Record,
    find_children,
    find_threads,
    join_threads,
    list_messages,
    list_same_subject,
    record_match,
    record_meaning,
    record_message,
    record_thread,
)
from service.office import Office


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a message says, and whose turn it leaves it where a client wrote it."""

    signals: tuple[Signal, ...] = ()
    leaves: WaitingOn | None = None


CLOCK_SKEW = timedelta(days=1)  # a Date further ahead of its arrival is a broken clock's


def record_of(anatomy: Anatomy, kept: Kept, office: Office) -> Record:
    """
    What a message is by itself: who wrote which new words to whom, when, from which side.

    A mail that one of the agency passes on to the agency alone is the mail inside it, unless our
    own server says that its author is forged (promises.md P18). Total.
    """
    message = anatomy.message
    verified = None if office.trust is None else is_authentic(message, authserv_id=office.trust)
    inside = _counted(anatomy, office) if verified is not False else ()
    heard = inside[-1].message if inside else message
    arrived_at = kept.internal_date or message.received_at or message.date or kept.kept_at
    received_at = min(arrived_at, kept.kept_at)  # a server's clock may be ahead of ours
    sent_at = heard.date if heard.date and heard.date <= received_at + CLOCK_SKEW else received_at
    side = side_of(heard.author, office.agency) if heard.author else Side.CLIENT
    return Record(
        identity=message.identity,
        kept=kept.id,
        message_id=message.message_id,
        message_id_field=message.message_id_field,
        named=(*message.references, *message.in_reply_to),
        thread=None,
        sent_at=sent_at,
        received_at=received_at,
        authors=heard.authors,
        to=heard.to,
        cc=heard.cc,
        subject=heard.subject,
        own=inside[-1].own if inside else anatomy.own,
        note="\n\n".join(one.note for one in inside if one.note),
        side=side,
        internal=side is Side.AGENCY and not _outsiders(heard, office),
        forwarded=bool(inside),
        automation=anatomy.automation,
        verified=verified,
        warnings=warnings_for(heard.authors, office.workspaces),
        attachments=message.attachments,
    )


def read(session: Session, anatomy: Anatomy, kept: Kept, office: Office) -> Record:
    """Put a message onto its thread, and read that thread anew; give the message as stored."""
    record = record_of(anatomy, kept, office)
    thread = _thread_of(session, anatomy.message, record, office)
    record = replace(record, thread=thread)
    record_message(session, record)
    understand(session, thread, office)
    return record


def understand(session: Session, thread: ThreadId, office: Office) -> None:
    """
    Match a thread to its client, and find what each of its messages says.

    Works on all of the thread's messages, in the order sent, so that the result is the same in
    whichever order they came.
    """
    records = list_messages(session, thread)
    match = match_of(records, office)
    record_match(session, thread, records[0].subject, match)
    for record, meaning in zip(records, meanings_of(records, match, office), strict=True):
        brief = _brief(record, meaning.signals, office)
        record_meaning(session, record.identity, meaning.signals, brief, meaning.leaves)


def _brief(record: Record, signals: tuple[Signal, ...], office: Office) -> Brief | None:
    if not any(one.kind is Kind.BRIEF for one in signals):
        return None
    due = next((one.due for one in signals if one.kind is Kind.DEADLINE), None)
    return brief_of(record.own, record.sent_at, reader=office.brief_reader, due=due)


def match_of(records: list[Record], office: Office) -> Match | None:
    """Whose thread these messages are."""
    by_people = [one for one in records if not one.automation] or records
    people = People(
        authors=tuple(author for one in by_people for author in one.authors),
        others=tuple(other for one in by_people for other in (*one.to, *one.cc)),
        subjects=tuple(dict.fromkeys(one.subject for one in by_people)),
    )
    return match_workspace(people, office.workspaces)


def meanings_of(records: list[Record], match: Match | None, office: Office) -> list[Meaning]:
    """
    What each message of a thread says (signals.md).

    Machines say nothing, nor do colleagues among themselves, nor an author whose domain imitates a
    client's. On a thread without a client only a lead is heard, somebody who asks for work: who
    sells to the agency, or writes on anything else, says nothing that concerns a client.
    """
    found = [_meaning(record, text, before, office) for record, text, before in _heard_apart(records)]
    is_client = match is not None and match.workspace is not None
    is_lead = any(signal.kind is Kind.BRIEF for one in found for signal in one.signals)
    return found if is_client or is_lead else [Meaning() for _ in found]


def reasons_in(records: list[Record], office: Office) -> dict[str, list[Reasons]]:
    """For each message of a thread (by identity) and each of its signals, why it was found."""
    return {
        record.identity: [
            reasons_of(text, one.label, before=before, side=record.side, reader=office.reader)
            for one in record.signals
        ]
        for record, text, before in _heard_apart(records)
    }


def _heard_apart(records: list[Record]) -> Iterator[tuple[Record, str, Before | None]]:
    """Each message with the words that count, and with what people wrote before it."""
    before: Before | None = None
    for place, record in enumerate(records):
        own = without_name(record.own, record.author.name if record.author else "")
        counts = place == 0 or not record.own.strip()
        yield record, f"{record.subject}\n{own}" if counts else own, before
        if not record.automation:
            before = following(before, record.own, record.side)


def _meaning(record: Record, text: str, before: Before | None, office: Office) -> Meaning:
    if record.automation or record.internal or record.warnings:
        return Meaning()
    by_client = record.side is Side.CLIENT
    leaves = turn_of(text, before=before, reader=office.reader) if by_client else None
    signals = signals_of(
        text, before=before, side=record.side, sent=record.sent_at, reader=office.reader, leaves=leaves
    )
    return Meaning(signals=signals, leaves=leaves)


def _thread_of(session: Session, message: Message, record: Record, office: Office) -> ThreadId:
    """The thread that a message continues, joins or begins."""
    subject = base_subject(record.subject)
    candidates = [
        _candidate(thread, records, office)
        for thread, records in list_same_subject(session, subject.text).items()
        if subject.is_reply
    ]
    heard = replace(message, subject=record.subject, references=record.named, in_reply_to=())
    outsiders, insiders = _sides(record.people, office)
    thread = choose_thread(
        heard,
        sent_at=record.sent_at,
        held=find_threads(session, record.named),
        same_subject=candidates,
        outsiders=outsiders,
        insiders=insiders,
    )
    children = find_children(session, record.message_id)
    thread = thread or next(iter(children), None)
    if thread is None:
        thread = ThreadId(record.identity[:12])
        record_thread(session, thread, record.subject)
    if strays := [one for one in children if one != thread]:
        join_threads(session, thread, strays)
    return thread


def _candidate(thread: ThreadId, records: list[Record], office: Office) -> Candidate:
    outsiders, insiders = _sides(frozenset().union(*(one.people for one in records)), office)
    sent = [one.sent_at for one in records]
    return Candidate(
        thread=thread, outsiders=outsiders, insiders=insiders, first_at=min(sent), last_at=max(sent)
    )


def _sides(people: frozenset[str], office: Office) -> tuple[frozenset[str], frozenset[str]]:
    """These addresses, parted into outsiders and the agency's people without the inbox."""
    ours = frozenset(one for one in people if office.agency.owns(one.rpartition("@")[2]))
    return people - ours, ours - {office.agency.inbox}


def _outsiders(message: Message, office: Office) -> bool:
    return any(side_of(one, office.agency) is Side.CLIENT for one in (*message.to, *message.cc))


def _counted(anatomy: Anatomy, office: Office) -> tuple[Inside, ...]:
    """The mails inside a forward that count: as deep as colleague passed on to colleague."""
    depth = 0
    outer = anatomy.message
    for one in anatomy.inside:
        if not _stays_inside(outer, office):
            break
        depth += 1
        outer = one.message
    return anatomy.inside[:depth]


def _stays_inside(message: Message, office: Office) -> bool:
    """Whether one of the agency writes to the agency alone, as in a forward to the inbox."""
    author = message.author
    if author is None or side_of(author, office.agency) is not Side.AGENCY:
        return False
    return not _outsiders(message, office)
