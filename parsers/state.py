"""Whose turn it is on a thread, and what now (signals.md, "Threads")."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from parsers.signals import Signal
from parsers.workspaces import Side


class WaitingOn(StrEnum):
    """Whose turn it is."""

    AGENCY = "agency"
    CLIENT = "client"
    NOBODY = "nobody"


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


def state_of(heard: Sequence[Heard], *, now: datetime, holidays: Container[date] = ()) -> ThreadState:
    """
    What a thread needs at `now`, from its messages in the order sent.

    Total. `now` carries the account manager's zone, in which days are counted.
    Source: signals.md, "Threads".
    """
    raise NotImplementedError
