"""What an account manager's reply orders (contract.md, "Replies that it obeys")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """Hide items until an instant, or until the client writes again."""

    clause: str  # the account manager's words for this command
    numbers: tuple[int, ...] | None  # of that digest's items; None for all of them
    until: datetime  # aware, in the account manager's zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Close items until the client writes again."""

    clause: str
    numbers: tuple[int, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wake:
    """End the snooze (or the closing) of items."""

    clause: str
    numbers: tuple[int, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """Answer with what can be written."""

    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUnderstood:
    """A clause that orders something we cannot make out, and what would be understood."""

    clause: str
    hint: str  # one sentence: what to write instead


Command = Snooze | Done | Wake | Help
