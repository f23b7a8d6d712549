"""What is open on a thread: who owes whom what, after each message and each word of the account manager."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from parsers.phrases import asks, puts_off, sends, takes_back
from parsers.signals import Kind, Signal, Status
from parsers.turns import WaitingOn
from parsers.workspaces import Side

_QUOTED = 200  # characters of the words that a need rests on


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
    received_at: datetime  # by us: what an account manager said before, was said without knowing it
    own: str  # the newly written words
    signals: tuple[Signal, ...]
    automated: bool = False
    internal: bool = False  # written by the agency, and nobody outside it can see it
    has_attachment: bool = False
    leaves: WaitingOn | None = None  # of a client's message: whose turn it leaves it, decisions aside
    doubted: bool = False  # it may be forged: a yes in it is none (promises.md P17)
    unproved: bool = False  # nothing shows that its author speaks for the client: a yes in it is unsure (P16)


class Word(StrEnum):
    """What an account manager says of a thread that changes what is open on it."""

    CLOSED = "closed"  # finished, or never a thing to do
    SNOOZED = "snoozed"  # left alone for now; nothing of what is open is settled
    REPLIED = "replied"  # answered by phone or chat: as if a mail had gone out then


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An account manager's word on a thread."""

    word: Word
    at: datetime  # in the account manager's zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A message that a state rests on."""

    message: str  # the store's key of it
    author: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something that one side owes the other."""

    action: Action
    did: str  # what its author did, in words
    by: Spoken
    quote: str
    due: date | None = None
    decision: bool = False  # an ask that only a decision settles
    silent_since: datetime  # since when its answer is waited for
    sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What is open on a thread; it depends on no clock."""

    owed: Mapping[Action, Need] = field(default_factory=dict)  # to the client, unanswered
    promise: Need | None = None
    asked: Need | None = None  # of the client, by the agency
    last: Spoken | None = None
    changed_at: datetime | None = None  # arrival of the client's last message that asks something of us
    woken_at: datetime | None = None  # and of the first such one since it was last put away

    @property
    def is_open(self) -> bool:
        """Whether anybody owes anybody anything."""
        return bool(self.owed or self.promise or self.asked)


# What a client's signal asks of the account manager, and how we say so.
_BY_STATUS = {
    Status.WITHDRAWN: (Action.STOP, "asked to stop"),
    Status.CHANGES: (Action.REVISE, "asked for changes"),
    Status.REJECTED: (Action.REVISE, "said no"),
    Status.GRANTED: (Action.PROCEED, "approved"),
    Status.CONDITIONAL: (Action.PROCEED, "approved on a condition"),
}
_UNVERIFIED = (Action.RESPOND, "said yes, unverified: ask them")
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


def ledger_of(heard: Sequence[Heard], told: Iterable[Told] = ()) -> Ledger:
    """
    What is open after a thread's messages, in the order sent, and the account manager's words on it.

    A word counts after all messages that had arrived by then. Total. Source: signals.md, "Threads".
    """
    ledger, rest = Ledger(), list(heard)
    for word in sorted(told, key=lambda one: one.at):
        ledger = _after_word(_after(ledger, (one for one in rest if one.received_at <= word.at)), word)
        rest = [one for one in rest if one.received_at > word.at]
    return _after(ledger, rest)


def _after(ledger: Ledger, heard: Iterable[Heard]) -> Ledger:
    for one in heard:
        if one.automated:
            continue
        if one.side is Side.CLIENT:
            ledger = _after_client(ledger, one)
        elif one.internal:
            closed = replace(ledger, owed={}, promise=None, asked=None)
            ledger = closed if takes_back(one.own) else ledger
        else:
            ledger = _after_agency(ledger, one)
    return ledger


def _after_word(ledger: Ledger, told: Told) -> Ledger:
    if told.word is Word.SNOOZED:
        return replace(ledger, woken_at=None)
    if told.word is Word.CLOSED:
        return replace(ledger, owed={}, promise=None, asked=None, woken_at=None)
    promise, asked = ledger.promise, ledger.asked
    kept = promise is not None and promise.due is not None and promise.due <= told.at.date()
    return replace(
        ledger,
        owed={},
        promise=None if kept else promise,
        asked=replace(asked, silent_since=told.at) if asked else None,
    )


def _after_client(ledger: Ledger, one: Heard) -> Ledger:
    """What is open once a client has written."""
    found = _needs(one)
    owed = dict(ledger.owed)
    for action in found:
        for ended in _ENDS.get(action, ()):
            owed.pop(ended, None)
    if not found and takes_back(one.own):
        owed = {action: need for action, need in owed.items() if action not in (Action.START, Action.RESPOND)}
    decided = any(signal.status for signal in one.signals) and not one.doubted
    asked = ledger.asked
    if asked and (decided or not (asked.decision or one.leaves is WaitingOn.CLIENT)):
        asked = None
    elif asked:
        asked = replace(asked, silent_since=one.sent_at)
    return Ledger(
        owed=owed | found,
        promise=None if Action.STOP in found else ledger.promise,
        asked=asked,
        last=_spoken(one),
        changed_at=_latest(ledger.changed_at, one.received_at) if found else ledger.changed_at,
        woken_at=ledger.woken_at or (one.received_at if found else None),
    )


def _needs(one: Heard) -> dict[Action, Need]:
    """What a client's message wants of the account manager."""
    due = next((signal.due for signal in one.signals if signal.kind is Kind.DEADLINE), None)
    found: dict[Action, Need] = {}
    for signal in one.signals:
        means = _BY_STATUS.get(signal.status) if signal.status else _BY_KIND.get(signal.kind)
        if means:
            action, did = _UNVERIFIED if one.doubted and means[0] is Action.PROCEED else means
            need = Need(
                action=action,
                did=did,
                by=_spoken(one),
                quote=_quoted(signal.quote),
                due=due,
                silent_since=one.sent_at,
                sure=signal.sure and not one.doubted and not (one.unproved and action is Action.PROCEED),
            )
            found.setdefault(action, need)
    if not found and one.leaves is WaitingOn.AGENCY and not takes_back(one.own):
        did = "expects an answer"
        found[Action.RESPOND] = Need(
            action=Action.RESPOND, did=did, by=_spoken(one), quote=_quoted(one.own), silent_since=one.sent_at
        )
    return found


def _after_agency(ledger: Ledger, one: Heard) -> Ledger:
    """What is open once the agency has written to the client: all that was asked is answered."""
    requested = next((signal for signal in one.signals if signal.status is Status.REQUESTED), None)
    asked = ledger.asked
    if requested or asks(one.own):
        asked = Need(
            action=Action.CHASE,
            did="asked",
            by=_spoken(one),
            quote=_quoted(requested.quote if requested else one.own),
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
        promise = Need(
            action=Action.DELIVER,
            did="promised",
            by=_spoken(one),
            quote=_quoted(promised.quote),
            due=promised.due,
            silent_since=one.sent_at,
            sure=promised.sure,
        )
    return replace(ledger, owed={}, promise=promise, asked=asked, last=_spoken(one))


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


def _spoken(one: Heard) -> Spoken:
    return Spoken(message=one.message, author=one.author, at=one.sent_at)


def _quoted(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= _QUOTED else f"{flat[: _QUOTED - 1].rstrip()}…"


def _latest(one: datetime | None, other: datetime) -> datetime:
    return other if one is None else max(one, other)
