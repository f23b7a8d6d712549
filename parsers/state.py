"""Whose turn it is on a thread, and what now (signals.md, "Threads")."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from parsers.dates import working_days_between
from parsers.ledger import Action, Heard, Ledger, Need, Spoken, Told, ledger_of
from parsers.turns import WaitingOn

__all__ = ["Action", "Heard", "ThreadState", "state_in", "state_of"]

_ORDER = list(Action)
_SILENT_DAYS = 3  # working days without an answer until the client is chased


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadState:
    """What a thread needs at one moment."""

    waiting_on: WaitingOn
    action: Action
    because: str  # one sentence, with the words that it rests on; "" where the action is none
    quote: str  # those words alone; "" where there are none
    message: str | None  # the key of the message that the action rests on
    author: str | None  # who wrote that message, as shown
    since: datetime | None  # since when it is so; None on a thread without people's mail
    due: date | None
    unsure: bool = False  # the words that it rests on may mean something else


def state_of(
    heard: Sequence[Heard], *, now: datetime, holidays: Container[date] = (), told: Iterable[Told] = ()
) -> ThreadState:
    """
    What a thread needs at `now`, from its messages in the order sent and the account manager's words on it.

    Total. `now` carries the account manager's zone, in which days are counted.
    Source: signals.md, "Threads".
    """
    return state_in(ledger_of(heard, told), now=now, holidays=holidays)


def state_in(ledger: Ledger, *, now: datetime, holidays: Container[date] = ()) -> ThreadState:
    """
    What a thread needs at `now`, from what is open on it: the first action of the list that holds.

    Total. `now` as in state_of.
    """
    owed = min(ledger.owed.values(), key=lambda need: _ORDER.index(need.action), default=None)
    promise, asked = ledger.promise, ledger.asked
    if owed:
        return _acting(WaitingOn.AGENCY, owed)
    if promise and promise.due and promise.due <= now.date():
        return _acting(WaitingOn.AGENCY, promise)
    if asked and _silent_days(asked, now, holidays) >= _SILENT_DAYS:
        return _acting(WaitingOn.CLIENT, asked)
    if promise and not (asked and asked.by.at >= promise.by.at):
        return _resting(WaitingOn.AGENCY, promise.by, promise.due)
    if asked:
        return _resting(WaitingOn.CLIENT, asked.by, asked.due)
    return _resting(WaitingOn.NOBODY, ledger.last, None)


def _silent_days(asked: Need, now: datetime, holidays: Container[date]) -> int:
    first = asked.silent_since.astimezone(now.tzinfo).date()
    return working_days_between(first, now.date(), holidays=holidays)


def _acting(waiting_on: WaitingOn, need: Need) -> ThreadState:
    said = f"{need.by.author} {'' if need.sure else 'probably '}{need.did}"
    return ThreadState(
        waiting_on=waiting_on,
        action=need.action,
        because=f'{said}: "{need.quote}"' if need.quote else said,
        quote=need.quote,
        message=need.by.message,
        author=need.by.author,
        since=need.by.at,
        due=need.due,
        unsure=not need.sure,
    )


def _resting(waiting_on: WaitingOn, spoken: Spoken | None, due: date | None) -> ThreadState:
    return ThreadState(
        waiting_on=waiting_on,
        action=Action.NONE,
        because="",
        quote="",
        message=spoken.message if spoken else None,
        author=spoken.author if spoken else None,
        since=spoken.at if spoken else None,
        due=due,
    )
