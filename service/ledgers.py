"""What is open on a thread, worked out anew when mail or an account manager's word comes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from parsers.ledger import Heard, Ledger, ledger_of
from parsers.marks import Mark, told_of
from parsers.matching import claims_of
from parsers.message import Attachment
from parsers.signals import Kind
from parsers.threads import ThreadId
from parsers.workspaces import Side
from service.filing import knowing
from service.kept_rows import when_kept
from service.mark_rows import list_marks
from service.message_rows import list_messages_on
from service.office import Office
from service.records import Record
from service.snapshot_rows import Noted, list_unknown, record_snapshots
from service.thread_rows import list_owners

LOGO_BYTES = 30_000  # what a signature's picture weighs at the most
TRIFLES = {"text/calendar", "text/vcard", "text/x-vcard", "application/pgp-signature"}
TRIFLES |= {"application/pkcs7-signature", "application/x-pkcs7-signature"}


def renew_ledgers(session: Session, threads: Iterable[ThreadId], office: Office) -> None:
    """Work out and store what is open on these threads, those that are gone left out."""
    owners = list_owners(session, list(threads))
    note_ledgers(session, list_messages_on(session, owners), owners, office)


def note_ledgers(
    session: Session,
    threads: Mapping[ThreadId, Sequence[Record]],
    clients: Mapping[ThreadId, str | None],
    office: Office,
) -> None:
    """Work out and store what is open on threads of these messages, in the order sent, and of these clients."""
    marks = list_marks(session, threads.keys())
    kept_at = when_kept(session, [one.identity for records in threads.values() for one in records])
    found = {}
    for thread, records in threads.items():
        said = marks.get(thread, ())
        by_client = [one for one in records if one.side is Side.CLIENT and one.automation is None]
        scoped = [
            one.sent_at for one in by_client if any(signal.kind is Kind.SCOPE for signal in one.signals)
        ]
        found[thread] = Noted(
            ledger=_ledger(session, records, clients[thread], said, office, kept_at),
            newest=records[-1].identity,
            as_of=max([*(one.heard_at for one in records), *(one.made_at for one in said)]),
            heard_at=by_client[-1].sent_at if by_client else None,
            scoped=tuple(scoped),
        )
    record_snapshots(session, found)


def ledger_from(
    session: Session,
    records: Sequence[Record],
    workspace: str | None,
    marks: Sequence[Mark],
    office: Office,
) -> Ledger:
    """What is open on a thread after these messages and words."""
    kept_at = when_kept(session, [one.identity for one in records])
    return _ledger(session, records, workspace, marks, office, kept_at)


def _ledger(
    session: Session,
    records: Sequence[Record],
    workspace: str | None,
    marks: Sequence[Mark],
    office: Office,
    kept_at: Mapping[str, datetime],
) -> Ledger:
    """Nothing where it is nobody's client, and nobody who asks for work: there is nothing that we could say is owed."""
    if workspace is None and not any(one.signals for one in records):
        return Ledger()
    in_order = sorted(records, key=lambda one: one.heard_at)  # an answer comes after what a fast clock wrote
    heard = [
        replace(
            said,
            received_at=kept_at.get(said.message, said.received_at),
            unproved=_is_unproved(session, one, workspace, office),
        )
        for one, said in zip(in_order, heard_from(in_order), strict=True)
    ]
    return ledger_of(heard, told_of([_in_their_zone(one, office) for one in marks]))


def _is_unproved(session: Session, one: Record, workspace: str | None, office: Office) -> bool:
    """Whether a yes on a client's thread comes from somebody whom nothing shows to be of that client."""
    if workspace is None or one.side is not Side.CLIENT or not any(signal.status for signal in one.signals):
        return False
    if workspace in claims_of(one.authors, office.workspaces):
        return False
    return workspace not in claims_of(one.authors, knowing(session, office).workspaces)


def catch_up(session: Session, office: Office) -> int:
    """Work out what is open where that is not known yet, as after an upgrade; give on how many threads."""
    if unknown := list_unknown(session):
        renew_ledgers(session, unknown, office)
    return len(unknown)


def _in_their_zone(mark: Mark, office: Office) -> Mark:
    manager = office.find_manager(mark.manager)
    return replace(mark, made_at=mark.made_at.astimezone(manager.zone)) if manager else mark


def heard_from(records: Sequence[Record]) -> list[Heard]:
    """A thread's messages as far as whose turn it is depends on them."""
    return [
        Heard(
            message=one.identity,
            author=one.author.shown if one.author else "somebody",
            side=one.side,
            sent_at=one.sent_at,
            received_at=one.received_at,
            own=one.own,
            signals=one.signals,
            automated=one.automation is not None,
            internal=one.internal,
            has_attachment=any(_is_work(attached) for attached in one.attachments),
            leaves=one.leaves,
            doubted=one.is_doubted,
        )
        for one in records
    ]


def _is_work(attached: Attachment) -> bool:
    """Whether an attachment may be what was promised: no logo of a signature, card, invitation or seal."""
    if attached.media_type.startswith("image/"):
        return attached.size_bytes > LOGO_BYTES
    return attached.media_type not in TRIFLES
