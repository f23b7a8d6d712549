"""Choice, order and numbers of an account manager's digest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from parsers.state import Action, ThreadState


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
    guess: str | None  # why it could not be placed, or with whom it was weighed; None when placed
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
    since: datetime | None  # in the account manager's zone
    age_days: int  # working days since then, 0 for today
    due: date | None


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

    Total.
    """
    raise NotImplementedError
