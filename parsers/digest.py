"""Choice, order and numbers of an account manager's digest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from parsers.dates import holiday_calendar, working_days_between
from parsers.state import Action, ThreadState
from parsers.turns import WaitingOn

MAX_ITEMS = 12
_LATE = timedelta(hours=4)  # before the next digest: what is later than that is not sent (promises.md P10)
_LONGEST_BREAK = 60  # days without a working day; who has none gets a digest on none
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountManager:
    """A person who owns clients and gets the digest."""

    name: str
    address: str  # lower case
    zone: ZoneInfo
    digest_at: time  # local
    days: frozenset[int]  # working days, Monday is 0
    holidays: str | None = None  # a country code (or "DE-BY") of the holidays library


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenThread:
    """A thread as the digest chooses from it."""

    thread: str
    message: str  # the key of the thread's newest message: what a command will be tied to
    subject: str
    workspace: str | None  # None where no client is sure enough
    guess: str | None  # why it could not be placed, or what its place rests on that a person should confirm
    manager: str | None  # whose it is; None: everybody's
    state: ThreadState
    hidden: bool  # snoozed or done


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One numbered line of a digest."""

    number: int  # what the account manager writes in a reply
    thread: str
    message: str
    workspace: str | None
    subject: str
    action: Action
    who: str | None
    quote: str
    because: str
    guess: str | None  # why it could not be placed, or what its place rests on that a person should confirm
    since: datetime | None  # in the account manager's zone
    age_days: int  # working days since then, 0 for today
    due: date | None
    unsure: bool  # what the client's words mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What the digest rests on, so that a reader knows what it cannot know."""

    read: int  # messages read since the last digest
    unplaced: int  # threads without a workspace that still wait on somebody
    quarantined: int
    polled_at: datetime | None  # last complete pass over the inbox; None: never


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A morning's mail to one account manager."""

    manager: AccountManager
    day: date  # the local day that it is for
    items: tuple[Item, ...]  # at most MAX_ITEMS, the most pressing first, numbered from 1
    unplaced: tuple[Item, ...]  # "couldn't place": numbered on from the items
    more: int  # items beyond the last one shown
    waiting_on_clients: int  # threads where the client's turn is, nothing to do today
    snoozed: int
    coverage: Coverage


def digest_for(
    manager: AccountManager, threads: Sequence[OpenThread], *, day: date, now: datetime, coverage: Coverage
) -> Digest:
    """
    The digest of `manager` for the local `day`, as of `now`.

    Of the threads that are this manager's or nobody's it shows those that need action and are not
    hidden: the most pressing first, of equals the oldest. Threads without a workspace stand apart,
    at most MAX_ITEMS of them, and their numbers go on from the items. Total.
    """
    theirs = [one for one in threads if one.manager in (None, manager.address)]
    acting = [one for one in theirs if one.state.action is not Action.NONE and not one.hidden]
    placed = _pressing_first(one for one in acting if one.workspace is not None)
    unplaced = _pressing_first(one for one in acting if one.workspace is None)
    shown, apart = placed[:MAX_ITEMS], unplaced[:MAX_ITEMS]
    return Digest(
        manager=manager,
        day=day,
        items=tuple(_item(number, one, manager, now) for number, one in enumerate(shown, 1)),
        unplaced=tuple(_item(number, one, manager, now) for number, one in enumerate(apart, len(shown) + 1)),
        more=len(placed) - len(shown) + len(unplaced) - len(apart),
        waiting_on_clients=sum(1 for one in theirs if _rests_with_client(one)),
        snoozed=sum(1 for one in theirs if one.hidden and one.state.action is not Action.NONE),
        coverage=coverage,
    )


def _rests_with_client(one: OpenThread) -> bool:
    return one.state.waiting_on is WaitingOn.CLIENT and one.state.action is Action.NONE


def _pressing_first(threads: Iterable[OpenThread]) -> list[OpenThread]:
    order = list(Action)
    return sorted(
        threads, key=lambda one: (order.index(one.state.action), one.state.since or _NEVER, one.thread)
    )


def _item(number: int, one: OpenThread, manager: AccountManager, now: datetime) -> Item:
    since = one.state.since.astimezone(manager.zone) if one.state.since else None
    today = now.astimezone(manager.zone).date()
    holidays = holiday_calendar(manager.holidays)
    return Item(
        number=number,
        thread=one.thread,
        message=one.message,
        workspace=one.workspace,
        subject=one.subject,
        action=one.state.action,
        who=one.state.author,
        quote=one.state.quote,
        because=one.state.because,
        guess=one.guess,
        since=since,
        age_days=working_days_between(since.date(), today, days=manager.days, holidays=holidays)
        if since
        else 0,
        due=one.state.due,
        unsure=one.state.unsure,
    )


_HEADLINES = {  # for one, and for more
    Action.ESCALATE: ("1 client is unhappy", "{} clients are unhappy"),
    Action.STOP: ("1 piece of work must stop", "{} pieces of work must stop"),
    Action.REVISE: ("1 asks for changes", "{} ask for changes"),
    Action.PROCEED: ("1 approval came in", "{} approvals came in"),
    Action.START: ("1 new brief", "{} new briefs"),
    Action.RESPOND: ("1 waits for an answer", "{} wait for an answer"),
    Action.DELIVER: ("1 promise is due", "{} promises are due"),
    Action.CHASE: ("1 client has gone quiet", "{} clients have gone quiet"),
}


def headline(digest: Digest) -> str:
    """
    The digest in one sentence: how many threads need the manager, and for what.

    The kinds stand in the order of the items; a day without any says so. Total.
    """
    items = (*digest.items, *digest.unplaced)
    total = len(items) + digest.more
    if not total:
        waiting = digest.waiting_on_clients
        if not waiting:
            return "Nothing needs you today"
        rest = "1 thread waits on a client" if waiting == 1 else f"{waiting} threads wait on clients"
        return f"Nothing needs you today; {rest}"
    counts = {action: sum(1 for one in items if one.action is action) for action in _HEADLINES}
    parts = [
        (single if count == 1 else several).format(count)
        for action, (single, several) in _HEADLINES.items()
        if (count := counts[action])
    ]
    if digest.more:
        parts.append(f"{digest.more} more")
    return f"{total} {'thread needs' if total == 1 else 'threads need'} you: {', '.join(parts)}"


def digest_day(manager: AccountManager, now: datetime) -> date | None:
    """
    The local day whose digest is due at the aware `now`; None where none is.

    A digest is due from its time on a working day that is no holiday until 4 hours before the
    next one, so that a late start still sends it, and nothing sends a missed day's afterwards.
    Source: promises.md P10.
    """
    today = now.astimezone(manager.zone).date()
    day = next((one for one in _digest_days(manager, today, -1) if _instant(manager, one) <= now), None)
    if day is None:
        return None
    following = next(iter(_digest_days(manager, day + timedelta(days=1), 1)), None)
    over = following is not None and now >= _instant(manager, following) - _LATE
    return None if over else day


def next_digest_at(manager: AccountManager, now: datetime) -> datetime | None:
    """
    The instant of the next digest after the aware `now`, in the manager's zone.

    None for a manager without a working day in the next two months.
    """
    today = now.astimezone(manager.zone).date()
    instants = (_instant(manager, day) for day in _digest_days(manager, today, 1))
    return next((at.astimezone(manager.zone) for at in instants if at > now), None)


def _digest_days(manager: AccountManager, first: date, step: int) -> Iterable[date]:
    """Working days from `first` on, forwards or backwards."""
    holidays = holiday_calendar(manager.holidays)
    for ahead in range(_LONGEST_BREAK):
        day = first + timedelta(days=ahead * step)
        if day.weekday() in manager.days and day not in holidays:
            yield day


def _instant(manager: AccountManager, day: date) -> datetime:
    """
    When the digest of a day falls due, in UTC.

    An hour that the clock skips is the one shown by a clock that was not put forward; of an hour
    that comes twice the first counts (PEP 495, fold=0).
    """
    return datetime.combine(day, manager.digest_at, tzinfo=manager.zone).astimezone(UTC)
