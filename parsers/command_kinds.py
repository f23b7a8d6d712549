"""The kinds of commands that a reply can hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """Hide items until an instant, or until the client changes what has to be done."""

    clause: str  # the account manager's words for this command
    numbers: tuple[int, ...] | None  # of that digest's items; None for all of them
    until: datetime  # aware, in the account manager's zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Close items until the client asks for something new."""

    clause: str
    numbers: tuple[int, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wake:
    """End the snooze (or the closing) of items."""

    clause: str
    numbers: tuple[int, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign:
    """Put items in a client's workspace."""

    clause: str
    numbers: tuple[int, ...]  # named one by one: all items for one client would be a slip
    name: str  # as written, 1 to 100 characters; whether a client is called that is for the caller


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """Take back what the account manager's last reply changed."""

    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """Answer with what can be written."""

    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied:
    """Items were answered by phone or chat: the clock starts again."""

    clause: str
    numbers: tuple[int, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSo:
    """Items were read wrongly: they go away, and are kept for review."""

    clause: str
    numbers: tuple[int, ...]  # named one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Answer with how items were understood, and from which words."""

    clause: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Give:
    """Hand items to another account manager."""

    clause: str
    numbers: tuple[int, ...]
    name: str  # as written, a person's name or address; whether it is an account manager's is for the caller


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """Answer with the items that the digest only counted."""

    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Snoozed:
    """Answer with what is snoozed, and until when."""

    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Send no digest before an instant; a stand-in gets it until then."""

    clause: str
    until: datetime  # aware, in the account manager's zone; a day alone is that day's digest
    stand_in: str | None  # as written; None where nobody stands in


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """End a pause."""

    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvals:
    """Answer with a client's ledger of approvals."""

    clause: str
    name: str  # as written


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Answer with a client's live page."""

    clause: str
    name: str  # as written


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """Hand a client to another account manager."""

    clause: str
    name: str  # the client's, as written: all before the last "to"
    to: str  # the account manager's name or address, as written


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUnderstood:
    """A clause that orders something we cannot make out, and what would be understood."""

    clause: str
    hint: str  # one sentence: what to write instead


Command = (
    Snooze
    | Done
    | Wake
    | Replied
    | NotSo
    | Why
    | Assign
    | Give
    | More
    | Snoozed
    | Pause
    | Resume
    | Approvals
    | Page
    | Handover
    | Undo
    | Help
)
