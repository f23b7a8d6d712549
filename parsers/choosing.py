"""Choice, order and numbers of a digest's items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from parsers.dates import working_days_between
from parsers.digest import (
    Back,
    Coverage,
    Detail,
    Digest,
    Drift,
    Item,
    QuietClient,
    Team,
    Unarrived,
    Waiting,
    Warned,
)
from parsers.digest_days import AccountManager
from parsers.holidays import holiday_calendar
from parsers.state import Action, ThreadState
from parsers.turns import WaitingOn

MAX_ITEMS = 12  # of what needs the account manager, and as many lines of each kind that stands apart
MAX_WAITING = 5  # shown of what waits on clients
UNCHANGED = 3  # digests after which an item that stays as it is becomes a line
_NEVER = datetime.max.replace(tzinfo=UTC)
_PRESSING = (Action.ESCALATE, Action.STOP)  # never put below anything else


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """A thread was put away: snoozed or closed, by whom and until when."""

    by: str  # "you", or a colleague's name
    made_at: datetime
    until: datetime | None  # None: it was closed
    woken: bool = False  # over before its time, by what the client wrote


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenThread:
    """A thread as the digest chooses from it."""

    thread: str
    message: str  # the key of the thread's newest message: what a command will be tied to
    subject: str
    workspace: str | None  # None where no client is sure enough
    guess: str | None  # why it could not be placed, or what its place rests on that a person should confirm
    state: ThreadState
    hidden: bool = False  # snoozed, done, or read wrongly
    snoozed: Away | None = None  # the snooze that hides it
    back: Away | None = None  # what is over since the last digest
    times_shown: int = 0  # by how many digests before, one after the other and as it is now
    from_whom: str | None = None  # the colleague who gave it, or for whom the account manager stands in


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The threads of a digest, section by section, each in the order in which it is shown."""

    items: tuple[OpenThread, ...]
    back: tuple[OpenThread, ...]
    promised: tuple[OpenThread, ...]
    chasing: tuple[OpenThread, ...]
    still_open: tuple[OpenThread, ...]
    unplaced: tuple[OpenThread, ...]
    rest: tuple[OpenThread, ...]  # needs action, and finds no room
    still_more: int
    waiting: tuple[OpenThread, ...]  # all that wait on clients, the longest first
    snoozed: tuple[OpenThread, ...]

    @property
    def numbered(self) -> tuple[OpenThread, ...]:
        """Every thread that gets a number, in the order of the numbers."""
        return (*self.items, *self.back, *self.promised, *self.chasing, *self.still_open, *self.unplaced)


def choose(threads: Sequence[OpenThread]) -> Choice:
    """
    Which of an account manager's threads a digest shows, and where.

    Those that need action and are not hidden: the most pressing MAX_ITEMS, of equals the oldest.
    What was shown by UNCHANGED digests as it is now, and what has no client, stand apart. Total.
    """
    acting = [one for one in threads if one.state.action is not Action.NONE and not one.hidden]
    placed = _pressing_first(one for one in acting if one.workspace is not None)
    still = [one for one in placed if one.times_shown >= UNCHANGED and not one.back]
    fresh = [one for one in placed if one.times_shown < UNCHANGED or one.back]
    unplaced = _pressing_first(one for one in acting if one.workspace is None)
    shown = fresh[:MAX_ITEMS]
    back = [one for one in shown if one.back and not one.back.woken and one.state.action not in _PRESSING]
    others = [one for one in shown if one not in back]
    apart = {Action.DELIVER, Action.CHASE}
    return Choice(
        items=tuple(one for one in others if one.state.action not in apart),
        back=tuple(back),
        promised=tuple(one for one in others if one.state.action is Action.DELIVER),
        chasing=tuple(one for one in others if one.state.action is Action.CHASE),
        still_open=tuple(still[:MAX_ITEMS]),
        unplaced=tuple(unplaced[:MAX_ITEMS]),
        rest=(*fresh[MAX_ITEMS:], *unplaced[MAX_ITEMS:], *still[MAX_ITEMS:]),
        still_more=len(still[MAX_ITEMS:]),
        waiting=tuple(_pressing_first(one for one in threads if _rests_with_client(one))),
        snoozed=tuple(_pressing_first(one for one in threads if one.snoozed)),
    )


def _rests_with_client(one: OpenThread) -> bool:
    waits = one.state.waiting_on is WaitingOn.CLIENT and one.state.action is Action.NONE
    return waits and one.workspace is not None and not one.hidden


def _pressing_first(threads: Iterable[OpenThread]) -> list[OpenThread]:
    order = list(Action)
    return sorted(
        threads, key=lambda one: (order.index(one.state.action), one.state.since or _NEVER, one.thread)
    )


def digest_for(
    manager: AccountManager,
    choice: Choice,
    *,
    day: date,
    now: datetime,
    coverage: Coverage,
    details: Mapping[str, Detail],
    warnings: Sequence[Warned] = (),
    quiet: Sequence[QuietClient] = (),
    drift: Sequence[Drift] = (),
    team: Team | None = None,
    unarrived: Sequence[Unarrived] = (),
) -> Digest:
    """The digest of `manager` for the local `day`, as of `now`; `details` is by thread. Total."""
    items = items_for(manager, choice.numbered, now=now, details=details, first=1)
    numbered = iter(items)

    def section(threads: Sequence[OpenThread]) -> tuple[Item, ...]:
        return tuple(next(numbered) for _ in threads)

    return Digest(
        manager=manager,
        day=day,
        items=section(choice.items),
        back=section(choice.back),
        promised=section(choice.promised),
        chasing=section(choice.chasing),
        still_open=section(choice.still_open),
        unplaced=section(choice.unplaced),
        still_more=choice.still_more,
        more=len(choice.rest) - choice.still_more,
        waiting=tuple(_waiting(one, manager, now) for one in choice.waiting[:MAX_WAITING]),
        waiting_on_clients=len(choice.waiting),
        snoozed=len(choice.snoozed),
        snoozed_pressing=tuple(
            one.workspace or one.subject for one in choice.snoozed if one.state.action in _PRESSING
        ),
        warnings=tuple(warnings),
        quiet=tuple(quiet),
        drift=tuple(drift),
        team=team,
        coverage=coverage,
        unarrived=tuple(unarrived),
    )


def items_for(
    manager: AccountManager,
    threads: Sequence[OpenThread],
    *,
    now: datetime,
    details: Mapping[str, Detail],
    first: int,
) -> tuple[Item, ...]:
    """These threads as numbered items, from `first` on."""
    return tuple(
        _item(number, one, details.get(one.thread, Detail()), manager, now)
        for number, one in enumerate(threads, first)
    )


def age_in_days(since: datetime | None, manager: AccountManager, now: datetime) -> int:
    """How many of the manager's working days lie between an instant and `now`; 0 for None."""
    if since is None:
        return 0
    first, last = (one.astimezone(manager.zone).date() for one in (since, now))
    holidays = holiday_calendar(manager.holidays)
    return working_days_between(first, last, days=manager.days, holidays=holidays)


def _waiting(one: OpenThread, manager: AccountManager, now: datetime) -> Waiting:
    since = one.state.since
    return Waiting(
        workspace=one.workspace or "",
        subject=one.subject,
        since=since.astimezone(manager.zone) if since else None,
        age_days=age_in_days(since, manager, now),
    )


def _item(number: int, one: OpenThread, detail: Detail, manager: AccountManager, now: datetime) -> Item:
    back = None
    if away := one.back or one.snoozed:
        back = Back(
            by=away.by,
            away_on=away.made_at.astimezone(manager.zone).date(),
            until=away.until and away.until.astimezone(manager.zone),
            asleep=one.snoozed is not None,
            came=detail.came,
        )
    return Item(
        number=number,
        thread=one.thread,
        message=one.message,
        about=one.state.message,
        workspace=one.workspace,
        subject=one.subject,
        action=one.state.action,
        who=one.state.author,
        quote=one.state.quote,
        because=one.state.because,
        guess=one.guess,
        since=one.state.since.astimezone(manager.zone) if one.state.since else None,
        age_days=age_in_days(one.state.since, manager, now),
        due=one.state.due,
        unsure=one.state.unsure,
        from_whom=one.from_whom,
        condition=detail.condition,
        brief=detail.brief,
        back=back,
        missing=detail.missing,
    )
