"""Whose turn it is on a thread, and what now (signals.md, "Threads")."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from parsers.dates import working_days_between
from parsers.phrases import asks, puts_off, sends, takes_back
from parsers.signals import Kind, Signal, Status
from parsers.turns import WaitingOn
from parsers.workspaces import Side

_SILENT_DAYS = 3  # working days without an answer until the client is chased
_QUOTED = 200  # characters of the words that a state rests on


class Action(StrEnum):
    """What the account manager should do now, the most pressing first."""

    ESCALATE = "escalate"
    STOP = "stop"
    REVISE = "revise"
    PROCEED = "proceed"
    START = "start"
    RESPOND = "respond"
    DELIVER = "deliver"
    CHASE = "chase"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One message of a thread, as far as whose turn it is depends on it."""

    message: str  # the store's key of the message
    author: str  # as shown to people
    side: Side
    sent_at: datetime
    own: str  # the newly written words
    signals: tuple[Signal, ...]
    automated: bool = False
    internal: bool = False  # written by the agency, and nobody outside it can see it
    has_attachment: bool = False
    leaves: WaitingOn | None = None  # of a client's message: whose turn it leaves it, decisions aside


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


# What a client's signal asks of the account manager, and how we say so.
_BY_STATUS = {
    Status.WITHDRAWN: (Action.STOP, "asked to stop"),
    Status.CHANGES: (Action.REVISE, "asked for changes"),
    Status.REJECTED: (Action.REVISE, "said no"),
    Status.GRANTED: (Action.PROCEED, "approved"),
    Status.CONDITIONAL: (Action.PROCEED, "approved on a condition"),
}
_BY_KIND = {
    Kind.RISK: (Action.ESCALATE, "is unhappy"),
    Kind.BRIEF: (Action.START, "asked for new work"),
    Kind.QUESTION: (Action.RESPOND, "asked"),
    Kind.SCOPE: (Action.RESPOND, "asked for more"),
    Kind.DEADLINE: (Action.RESPOND, "named a deadline"),
}
# A later decision on the same thing ends the earlier ones (signals.md, "Answered").
_ENDS = {
    Action.STOP: {Action.PROCEED},
    Action.REVISE: {Action.PROCEED},
    Action.PROCEED: {Action.STOP, Action.REVISE},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    """Something that one side owes the other."""

    action: Action
    did: str  # what its author did, in words
    heard: Heard
    quote: str
    due: date | None = None
    decision: bool = False  # an ask that only a decision settles
    silent_since: datetime  # since when its answer is waited for
    sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ledger:
    """What is open on a thread after the messages read so far."""

    owed: Mapping[Action, _Open] = field(default_factory=dict)  # to the client, unanswered
    promise: _Open | None = None
    asked: _Open | None = None  # of the client, by the agency
    last: Heard | None = None


def state_of(heard: Sequence[Heard], *, now: datetime, holidays: Container[date] = ()) -> ThreadState:
    """
    What a thread needs at `now`, from its messages in the order sent.

    Total. `now` carries the account manager's zone, in which days are counted.
    Source: signals.md, "Threads".
    """
    ledger = _Ledger()
    for one in heard:
        if one.automated:
            continue
        if one.side is Side.CLIENT:
            ledger = _after_client(ledger, one)
        elif one.internal:
            ledger = _Ledger(last=ledger.last) if takes_back(one.own) else ledger
        else:
            ledger = _after_agency(ledger, one)
    return _state(ledger, now, holidays)


def _after_client(ledger: _Ledger, one: Heard) -> _Ledger:
    """What is open once a client has written."""
    found = _needs(one)
    owed = dict(ledger.owed)
    for action in found:
        for ended in _ENDS.get(action, ()):
            owed.pop(ended, None)
    if not found and takes_back(one.own):
        owed = {action: need for action, need in owed.items() if action not in (Action.START, Action.RESPOND)}
    decided = any(signal.status for signal in one.signals)
    asked = ledger.asked
    if asked and (decided or not (asked.decision or one.leaves is WaitingOn.CLIENT)):
        asked = None
    elif asked:
        asked = replace(asked, silent_since=one.sent_at)
    stopped = Action.STOP in found
    return _Ledger(owed=owed | found, promise=None if stopped else ledger.promise, asked=asked, last=one)


def _needs(one: Heard) -> dict[Action, _Open]:
    """What a client's message wants of the account manager."""
    due = next((signal.due for signal in one.signals if signal.kind is Kind.DEADLINE), None)
    found: dict[Action, _Open] = {}
    for signal in one.signals:
        means = _BY_STATUS.get(signal.status) if signal.status else _BY_KIND.get(signal.kind)
        if means:
            action, did = means
            need = _Open(
                action=action,
                did=did,
                heard=one,
                quote=signal.quote,
                due=due,
                silent_since=one.sent_at,
                sure=signal.sure,
            )
            found.setdefault(action, need)
    if not found and one.leaves is WaitingOn.AGENCY and not takes_back(one.own):
        did = "expects an answer"
        found[Action.RESPOND] = _Open(
            action=Action.RESPOND, did=did, heard=one, quote=one.own, silent_since=one.sent_at
        )
    return found


def _after_agency(ledger: _Ledger, one: Heard) -> _Ledger:
    """What is open once the agency has written to the client: all that was asked is answered."""
    requested = next((signal for signal in one.signals if signal.status is Status.REQUESTED), None)
    asked = ledger.asked
    if requested or asks(one.own):
        quote = requested.quote if requested else one.own
        asked = _Open(
            action=Action.CHASE,
            did="asked",
            heard=one,
            quote=quote,
            decision=requested is not None or (asked is not None and asked.decision),
            silent_since=one.sent_at,
            sure=requested is None or requested.sure,
        )
    elif takes_back(one.own):
        asked = None
    elif asked and ledger.owed:
        asked = replace(
            asked, silent_since=one.sent_at
        )  # the client wrote in between, and has its answer now
    promised = next((signal for signal in one.signals if signal.kind is Kind.PROMISE), None)
    promise = ledger.promise if ledger.promise and not brings(one, ledger.promise.due) else None
    if promised and (promised.due or not promise):
        promise = _Open(
            action=Action.DELIVER,
            did="promised",
            heard=one,
            quote=promised.quote,
            due=promised.due,
            silent_since=one.sent_at,
            sure=promised.sure,
        )
    return _Ledger(promise=promise, asked=asked, last=one)


def brings(one: Heard, due: date | None) -> bool:
    """
    Whether the agency's message brings what it promised for `due` (None: no day was named).

    It shows it, says so, or comes on the day and puts nothing off. Total.
    """
    shown = any(signal.status is Status.REQUESTED for signal in one.signals)
    if one.has_attachment or shown or sends(one.own):
        return True
    on_the_day = due is not None and one.sent_at.date() >= due
    return on_the_day and not puts_off(one.own)


def _state(ledger: _Ledger, now: datetime, holidays: Container[date]) -> ThreadState:
    """The first action of the list that holds, and whose turn it is."""
    order = list(Action)
    owed = sorted(ledger.owed.values(), key=lambda need: order.index(need.action))
    promise, asked = ledger.promise, ledger.asked
    if owed:
        return _acting(WaitingOn.AGENCY, owed[0])
    if promise and promise.due and promise.due <= now.date():
        return _acting(WaitingOn.AGENCY, promise)
    if asked and _silent_days(asked, now, holidays) >= _SILENT_DAYS:
        return _acting(WaitingOn.CLIENT, asked)
    if promise and not (asked and asked.heard.sent_at >= promise.heard.sent_at):
        return _resting(WaitingOn.AGENCY, promise.heard, promise.due)
    if asked:
        return _resting(WaitingOn.CLIENT, asked.heard, asked.due)
    return _resting(WaitingOn.NOBODY, ledger.last, None)


def _silent_days(asked: _Open, now: datetime, holidays: Container[date]) -> int:
    first = asked.silent_since.astimezone(now.tzinfo).date()
    return working_days_between(first, now.date(), holidays=holidays)


def _acting(waiting_on: WaitingOn, need: _Open) -> ThreadState:
    quote = " ".join(need.quote.split())
    quote = quote if len(quote) <= _QUOTED else f"{quote[: _QUOTED - 1].rstrip()}…"
    said = f"{need.heard.author} {'' if need.sure else 'probably '}{need.did}"
    return ThreadState(
        waiting_on=waiting_on,
        action=need.action,
        because=f'{said}: "{quote}"' if quote else said,
        quote=quote,
        message=need.heard.message,
        author=need.heard.author,
        since=need.heard.sent_at,
        due=need.due,
        unsure=not need.sure,
    )


def _resting(waiting_on: WaitingOn, heard: Heard | None, due: date | None) -> ThreadState:
    return ThreadState(
        waiting_on=waiting_on,
        action=Action.NONE,
        because="",
        quote="",
        message=heard.message if heard else None,
        author=heard.author if heard else None,
        since=heard.sent_at if heard else None,
        due=due,
    )
