"""Where threads stand at a moment: what is open on them, and what account managers said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from parsers.digest_days import AccountManager
from parsers.holidays import holiday_calendar
from parsers.ledger import Ledger
from parsers.marks import Mark, Rest, gift_of, rest_of
from parsers.state import Action, ThreadState, state_in
from parsers.threads import ThreadId
from parsers.turns import WaitingOn
from service.ledgers import ledger_from
from service.mark_rows import list_marks
from service.message_rows import list_messages
from service.office import Office
from service.snapshot_rows import Snapshot, find_snapshot, list_snapshots
from service.thread_rows import Thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A thread at a moment."""

    thread: Thread
    newest: str  # the identity of its newest message
    managers: tuple[AccountManager, ...]  # whose it is: one, but for a thread without a client
    giver: str | None  # the address of who gave it to its account manager
    state: ThreadState
    rest: Rest
    changed_at: datetime | None  # arrival of the client's last message that changes what has to be done

    @property
    def snoozed_until(self) -> datetime | None:
        """Until when it is hidden; None where it is not."""
        return self.rest.snooze.until if self.rest.snoozed and self.rest.snooze else None


def standings(
    session: Session,
    office: Office,
    now: datetime,
    *,
    of: Sequence[AccountManager] | None = None,
    client: str | None = None,
    marks: Mapping[ThreadId, tuple[Mark, ...]] | None = None,
) -> list[Standing]:
    """
    Every thread as it stands at `now`, in no order: mail that came later is not heard.

    Of a client alone, or the open ones `of` these account managers, in a number of queries that does
    not grow with them. `office` is covering; `marks` is what was said of them, where that is known already.
    """
    open_at = None if of is None else now
    if marks is None:
        marks = list_marks(session, open_at=open_at, at=now)
    gifts = [thread for thread, said in marks.items() if gift_of(said)]
    theirs = None if of is None else [name for one in of for name in office.clients_of(one)]
    snapshots = list_snapshots(
        session,
        open_at=open_at,
        workspaces=theirs,
        besides=gifts,
        client=client,
        people=[one.address for one in office.managers],
    )
    found = [
        _standing(session, one, marks.get(one.thread.id, ()), one.people, office, now) for one in snapshots
    ]
    return [one for one in found if one and (of is None or any(manager in of for manager in one.managers))]


def standing_of(session: Session, thread: ThreadId, office: Office, now: datetime) -> Standing:
    """A thread that we hold, with all that was heard and said of it up to `now`. `office` is covering."""
    marks = list_marks(session, [thread]).get(thread, ())
    people = frozenset().union(*(one.people for one in list_messages(session, thread)))
    snapshot = find_snapshot(session, thread)
    found = _standing(session, snapshot, marks, people, office, max(now, snapshot.as_of or now))
    assert found
    return found


def _standing(
    session: Session,
    snapshot: Snapshot,
    marks: Sequence[Mark],
    people: frozenset[str],
    office: Office,
    now: datetime,
) -> Standing | None:
    """None where nothing of the thread was there yet."""
    thread, ledger, newest = snapshot.thread, snapshot.ledger, snapshot.newest
    taken_back = any(one.undone_at for one in marks)  # since then: the ledger is without it
    if ledger is None or snapshot.as_of is None or now < snapshot.as_of or taken_back:
        records = [one for one in list_messages(session, thread.id) if one.heard_at <= now]
        if not records:
            return None
        ledger, newest = ledger_from(session, records, thread.workspace, marks, office), records[-1].identity
        people = frozenset().union(*(one.people for one in records))
    gift = gift_of(marks)
    given_to = office.find_manager(gift.to) if gift and gift.to else None
    managers = (given_to,) if given_to else office.managers_of(thread.workspace, people)
    rest = rest_of(marks, ledger, now)
    return Standing(
        thread=thread,
        newest=newest,
        managers=managers,
        giver=gift.manager if gift and given_to else None,
        state=_state(thread, ledger, rest, managers[0], now),
        rest=rest,
        changed_at=ledger.changed_at,
    )


def _state(thread: Thread, ledger: Ledger, rest: Rest, manager: AccountManager, now: datetime) -> ThreadState:
    holidays = holiday_calendar(manager.holidays)
    state = state_in(ledger, now=now.astimezone(manager.zone), holidays=holidays)
    if thread.match and thread.match.provisional and state.action is Action.PROCEED:
        state = replace(state, unsure=True)  # promises.md P16: whose word it is, nobody has confirmed
    if not rest.closed:
        return state
    return replace(
        state, waiting_on=WaitingOn.NOBODY, action=Action.NONE, because="", quote="", due=None, unsure=False
    )
