"""Where every thread stands at a moment: what was read, and what account managers said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from parsers.choosing import OpenThread, choose, digest_for
from parsers.dates import holiday_calendar
from parsers.digest import Coverage, Digest
from parsers.digest_days import AccountManager
from parsers.message import Attachment
from parsers.state import Action, Heard, ThreadState, state_of
from parsers.turns import WaitingOn
from parsers.workspaces import Side
from service.kept_rows import KeptState, count_kept, last_polled_at
from service.message_rows import Record, list_messages
from service.office import Office
from service.order_rows import Mark, MarkKind, find_last_digest, list_marks
from service.thread_rows import Thread, list_threads

LOGO_BYTES = 30_000  # what a signature's picture weighs at the most
TRIFLES = {"text/calendar", "text/vcard", "text/x-vcard", "application/pgp-signature"}
TRIFLES |= {"application/pkcs7-signature", "application/x-pkcs7-signature"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A thread at a moment."""

    thread: Thread
    records: tuple[Record, ...]  # in the order sent
    managers: tuple[AccountManager, ...]  # whose it is: one, but for a thread without a client
    state: ThreadState
    snoozed_until: datetime | None
    done: bool


def standings(session: Session, office: Office, now: datetime) -> list[Standing]:
    """Every thread as it stands at `now`: mail that came later is not heard."""
    marks = list_marks(session)
    found = []
    for thread in list_threads(session):
        records = tuple(one for one in list_messages(session, thread.id) if one.sent_at <= now)
        if records:
            found.append(_standing(thread, records, marks.get(thread.id), office, now))
    return found


def digest_at(
    session: Session, office: Office, manager: AccountManager, *, day: date, now: datetime
) -> Digest:
    """The digest of an account manager for a local day, as of `now`."""
    theirs = [one for one in standings(session, office, now) if manager in one.managers]
    last = find_last_digest(session, manager.address)
    kept = count_kept(session, since=last[1] if last else None)
    coverage = Coverage(
        read=kept[KeptState.READ],
        unplaced=sum(_is_unplaced(one) for one in theirs),
        quarantined=count_kept(session)[KeptState.QUARANTINED],
        polled_at=last_polled_at(session),
    )
    choice = choose([_open_thread(one) for one in theirs])
    return digest_for(manager, choice, day=day, now=now, coverage=coverage, details={})


def heard_from(records: Sequence[Record]) -> list[Heard]:
    """A thread's messages as far as whose turn it is depends on them."""
    return [
        Heard(
            message=one.identity,
            author=one.author.shown if one.author else "somebody",
            side=one.side,
            sent_at=one.sent_at,
            own=one.own,
            signals=one.signals,
            automated=one.automation is not None,
            internal=one.internal,
            has_attachment=any(_is_work(attached) for attached in one.attachments),
            leaves=one.leaves,
        )
        for one in records
    ]


def _is_work(attached: Attachment) -> bool:
    """Whether an attachment may be what was promised: no logo of a signature, card, invitation or seal."""
    if attached.media_type.startswith("image/"):
        return attached.size_bytes > LOGO_BYTES
    return attached.media_type not in TRIFLES


def _standing(
    thread: Thread, records: tuple[Record, ...], mark: Mark | None, office: Office, now: datetime
) -> Standing:
    people = frozenset().union(*(one.people for one in records))
    managers = office.managers_of(thread.workspace, people)
    holidays = holiday_calendar(managers[0].holidays)
    state = state_of(heard_from(records), now=now.astimezone(managers[0].zone), holidays=holidays)
    if thread.workspace is None and not any(one.signals for one in records):
        # Nobody's client, and nobody who asks for work: nothing that we could say is owed.
        state = _settled(state)
    if thread.match and thread.match.provisional and state.action is Action.PROCEED:
        state = replace(state, unsure=True)  # promises.md P16: whose word it is, nobody has confirmed
    if mark is None or mark.made_at > now or _client_wrote(records, mark.made_at):
        mark = None
    done = mark is not None and mark.kind is MarkKind.DONE
    snoozed = mark is not None and mark.until is not None and mark.until > now
    return Standing(
        thread=thread,
        records=records,
        managers=managers,
        state=_settled(state) if done else state,
        snoozed_until=mark.until if mark and snoozed else None,
        done=done,
    )


def _settled(state: ThreadState) -> ThreadState:
    return replace(
        state, waiting_on=WaitingOn.NOBODY, action=Action.NONE, because="", quote="", due=None, unsure=False
    )


def _client_wrote(records: Sequence[Record], after: datetime) -> bool:
    return any(
        one.side is Side.CLIENT and one.automation is None and one.received_at > after for one in records
    )


def _guess(thread: Thread) -> str | None:
    """Why a thread is nobody's, or what it rests on that a person should confirm."""
    if thread.match is None or (thread.workspace and not thread.match.provisional):
        return None
    return thread.match.because


def _is_unplaced(one: Standing) -> bool:
    return one.thread.workspace is None and one.state.waiting_on is not WaitingOn.NOBODY


def _open_thread(one: Standing) -> OpenThread:
    return OpenThread(
        thread=one.thread.id,
        message=one.records[-1].identity,
        subject=one.thread.subject,
        workspace=one.thread.workspace,
        guess=_guess(one.thread),
        state=one.state,
        hidden=one.done or one.snoozed_until is not None,
        snoozed=one.snoozed_until is not None,
    )
