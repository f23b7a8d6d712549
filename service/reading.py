"""Bytes to meaning: runs the core over what is kept and not yet read."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from types import MappingProxyType

from sqlalchemy.orm import Session

from parsers.anatomy import Anatomy, Inside
from parsers.letter_tokens import tags_of
from parsers.matching import Match, imitators_of
from parsers.meaning import Meaning, Utterance
from parsers.message import Message
from parsers.reader import Before, following
from parsers.reasons import Reasons, reasons_of
from parsers.signature import without_name
from parsers.thread_index import thread_index
from parsers.threads import ThreadId
from parsers.workspaces import Side, side_of
from service.cautions import bounced, elsewhere, is_ours, unverified, warnings_on
from service.filing import gather, knowing, place, prove
from service.kept_rows import Kept, find_kept
from service.ledgers import note_ledgers
from service.message_rows import find_record, record_meanings, replace_message
from service.office import Office
from service.records import Record
from service.returns import note_return
from service.teaching_rows import is_assigned
from service.thread_rows import list_owners
from service.weights import learned


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A thread whose client is another than before."""

    thread: ThreadId
    subject: str
    before: Collection[str | None]  # of its messages; None for no client
    match: Match | None


NONE_NEW: Mapping[str, Record] = MappingProxyType({})
_NOTHING = Meaning()
CLOCK_SKEW = timedelta(days=1)  # a Date further ahead of its arrival is a broken clock's


def record_of(identity: str, anatomy: Anatomy, kept: Kept, office: Office) -> Record:
    """
    What a message is by itself: who wrote which new words to whom, when, from which side; as its row gives it back.

    A mail that one of the agency passes on to the agency alone is the mail inside it, unless our
    own server says that its author is forged (promises.md P18). Total.
    """
    message = anatomy.message
    verified = anatomy.verified
    inside = _counted(anatomy, office) if verified is not False else ()
    heard = inside[-1].message if inside else message
    arrived_at = kept.internal_date or message.received_at or message.date or kept.kept_at
    received_at = min(arrived_at, kept.kept_at)  # a server's clock may be ahead of ours
    sent_at = heard.date if heard.date and heard.date <= received_at + CLOCK_SKEW else received_at
    side = side_of(heard.author, office.agency) if heard.author else Side.CLIENT
    return Record(
        identity=identity,
        kept=kept.id,
        message_id=message.message_id,
        message_id_field=message.message_id_field,
        ancestors=tuple(dict.fromkeys((*reversed(message.references), *message.in_reply_to))),
        thread=None,
        sent_at=sent_at,
        received_at=received_at.astimezone(UTC),
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
        warnings=(*bounced(anatomy, office), *(() if inside else elsewhere(anatomy, office))),
        attachments=message.attachments,
        index=thread_index(message.field("thread-index") or ""),
        quotes=anatomy.quotes or bool(inside),
        signature=inside[-1].signature if inside else anatomy.signature,
        tags=tags_of(message, office.agency),
        tags_are_ours=verified is not False and is_ours(message, office),
    )


def read(session: Session, taken_apart: Mapping[str, tuple[Anatomy, Kept]], office: Office) -> None:
    """Store new messages (by identity), put them onto their threads, and read anew what hangs on them."""
    office = knowing(session, office)
    new = {}
    for identity, (anatomy, kept) in taken_apart.items():
        record = record_of(identity, anatomy, kept, office)
        if note_return(session, anatomy, kept, office):
            record = replace(record, warnings=())  # told as that letter's fate, not as a client's mail
        new[identity] = record
    settle(session, new.keys(), office, new)


def read_copy(session: Session, identity: str, anatomy: Anatomy, kept: Kept, office: Office) -> None:
    """
    Take another copy of a message that we hold for it, if it is the better one.

    That is one that our own server vouches for, else the one whose bytes come first by their hash:
    so the same copy speaks in whichever order they came.
    """
    held = find_record(session, identity)
    record = record_of(identity, anatomy, kept, office)
    if held.thread is None:
        return
    is_better = _rank(record, kept) < _rank(held, find_kept(session, held.kept))
    if is_better:
        replace_message(session, replace(record, thread=held.thread, link=held.link))
    if is_better or is_assigned(session, kept.id):
        settle(session, {identity}, knowing(session, office))


def _rank(record: Record, kept: Kept) -> tuple[bool, str]:
    return (record.verified is not True, kept.sha256)


def settle(
    session: Session, touched: Set[str], office: Office, new: Mapping[str, Record] = NONE_NEW
) -> list[Move]:
    """
    Bring threads, matches and meanings to what is held now, after these messages (by identity) came or
    something new became known of their people; give the threads whose client changed.

    `office` is knowing; `new` are those that are not stored yet, as a row would give them back.
    """
    gathering = gather(session, touched, office, new)
    threads = prove(session, gathering, office)
    owners = list_owners(session, threads)
    matches = place(session, threads, office)
    understood = _understood(session, threads, matches, office)
    before = {one.identity: one for records in threads.values() for one in records}
    record_meanings(
        session, [one for records in understood.values() for one in records if one != before[one.identity]]
    )
    clients = {thread: match.workspace if match else None for thread, match in matches.items()}
    note_ledgers(session, understood, clients, office)
    moves = []
    for thread, records in sorted(threads.items()):
        were = {gathering.owners.get(one.identity, owners[thread]) for one in records}
        if were != {clients[thread]}:
            move = Move(thread=thread, subject=records[0].subject, before=were, match=matches[thread])
            moves.append(move)
    return moves


def _understood(
    session: Session,
    threads: Mapping[ThreadId, list[Record]],
    matches: Mapping[ThreadId, Match | None],
    office: Office,
) -> dict[ThreadId, list[Record]]:
    """
    The messages of these threads with what each says (signals.md).

    Works on all of a thread's messages, in the order sent, so that the result is the same in
    whichever order they came. Machines say nothing, nor do colleagues among themselves, nor an author
    whose domain imitates a client's. On a thread without a client only a lead is heard, somebody who
    asks for work: who sells to the agency, or writes on anything else, says nothing that concerns a client.
    """
    said = {
        record.identity: Utterance(
            text=text, own=record.own, before=before, side=record.side, sent=record.sent_at
        )
        for records in threads.values()
        for record, text, before in _heard_apart(records)
        if not (record.automation or record.internal or imitators_of(record.authors, office.workspaces))
    }
    marks = {identity: _mark_of(one) for identity, one in said.items()}
    meanings = {
        one.identity: Meaning(signals=one.signals, brief=one.brief, leaves=one.leaves)
        for records in threads.values()
        for one in records
        if one.understood and one.understood == marks.get(one.identity)
    }
    anew = [identity for identity in said if identity not in meanings]
    meanings |= zip(anew, office.understand([said[one] for one in anew]) if anew else (), strict=True)
    found = {}
    for thread, records in threads.items():
        here = {one.identity for one in records}
        is_client = matches[thread] is not None  # of two clients, too, between whom nothing decides
        is_lead = any(meanings[identity].brief for identity in here & meanings.keys())
        heard = meanings if is_client or is_lead else {}
        found[thread] = [
            _with(
                session,
                one,
                heard.get(one.identity, _NOTHING),
                marks[one.identity] if one.identity in heard else "",
                here,
                office,
            )
            for one in records
        ]
    return found


def _mark_of(said: Utterance) -> str:
    """By what it is known that a message was understood from just this, by just these weights."""
    before = said.before
    words = [said.text, said.own, said.side, said.sent.isoformat(), learned()]
    words += [before.side, before.own, repr(before.earlier)] if before else []
    lengths = ".".join(str(len(one)) for one in words)
    return hashlib.sha256("\0".join([lengths, *words]).encode("utf-8", "replace")).hexdigest()[:32]


def _with(
    session: Session, record: Record, meaning: Meaning, mark: str, here: Collection[str], office: Office
) -> Record:
    """A message with what it says, by what that is known, and what to beware of."""
    warnings = warnings_on(session, record, here, office)
    return replace(
        record,
        warnings=(*warnings, *unverified(record, meaning.signals)),
        signals=meaning.signals,
        brief=meaning.brief,
        leaves=meaning.leaves,
        understood=mark,
    )


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
    for at, record in enumerate(records):
        own = without_name(record.own, record.author.name if record.author else "")
        counts = at == 0 or not record.own.strip()
        yield record, f"{record.subject}\n{own}" if counts else own, before
        if not record.automation:
            before = following(before, record.own, record.side)


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
    return is_ours(message, office) and not _outsiders(message, office)
