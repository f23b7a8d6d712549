"""What a digest says: its items and sections, its numbers, its headline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from parsers.brief_needs import BriefNeed
from parsers.digest_days import AccountManager
from parsers.state import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """A message that came while an item was snoozed."""

    who: str
    at: datetime  # in the account manager's zone
    quote: str  # its first words


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """An item that was put away, and what came meanwhile."""

    by: str  # who snoozed or closed it: "you", or a colleague's name
    away_on: date
    until: datetime | None  # in the account manager's zone; None: it was closed
    asleep: bool  # it is snoozed still
    came: tuple[Came, ...]  # the newest last


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """What an item says besides its thread's state; of the shown ones only, since it is read from their mail."""

    condition: str | None = None  # of an approval: what has to be done or to happen first
    brief: BriefNeed | None = None  # of a brief: what it says, and what it leaves open
    came: tuple[Came, ...] = ()  # since the thread was snoozed, the newest last
    missing: int = 0  # messages that others on the thread name, and that never reached the inbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One numbered line of a digest."""

    number: int  # what the account manager writes in a reply
    thread: str
    message: str  # the key of the thread's newest message: what a command will be tied to
    about: str | None  # the key of the message that the action rests on
    workspace: str | None  # None where no client is sure enough
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
    from_whom: str | None  # the colleague who gave it, or for whom the account manager stands in
    condition: str | None
    brief: BriefNeed | None
    back: Back | None
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A thread where it is the client's turn, and not yet time to ask again."""

    workspace: str
    subject: str
    since: datetime | None  # in the account manager's zone
    age_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietClient:
    """A client who has not written for long."""

    workspace: str
    last_on: date
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A client who keeps asking for more than was agreed."""

    workspace: str
    times: int  # in the last 30 days


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """Something that a person should beware of: a look-alike domain, a mail that bounced."""

    subject: str
    who: str
    words: str  # one sentence, without its full stop
    at: datetime  # in the account manager's zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Unarrived:
    """A letter of ours that did not reach an account manager, or perhaps did not."""

    to: str | None  # their name; None: the digest's own reader
    what: str  # digest, answer, notice
    on: date  # the digest's day, else when that was known
    perhaps: bool  # nobody knows
    said: str  # by the mail server, or why it was not sent


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamLine:
    """How much one client asks of one account manager."""

    manager: str  # their name
    workspace: str
    needs: int  # threads that need action
    waiting: int  # threads that wait on the client


@dataclass(frozen=True, slots=True, kw_only=True)
class Oldest:
    """The complaint, or the stop, that has been open for longest in the whole team."""

    action: Action
    manager: str  # their name
    workspace: str
    subject: str
    quote: str
    since: datetime | None  # in the lead's zone
    age_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """What a lead sees of everybody."""

    lines: tuple[TeamLine, ...]  # by account manager, then by how much each client asks
    oldest: tuple[Oldest, ...]  # at most one complaint and one stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What the digest rests on, so that a reader knows what it cannot know."""

    read: int  # messages read since the last digest
    unplaced: int  # threads without a workspace that still wait on somebody
    quarantined: int
    polled_at: datetime | None  # last complete pass over the inbox; None: never


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """
    A morning's mail to one account manager.

    Its items are numbered from 1 through all sections, in the order of these fields; no thread is twice in it.
    """

    manager: AccountManager
    day: date  # the local day that it is for
    items: tuple[Item, ...]  # what needs an answer or a decision, the most pressing first
    back: tuple[Item, ...]  # whose snooze is over, but for complaints and stops, which are above
    promised: tuple[Item, ...]  # promises that are due
    chasing: tuple[Item, ...]  # clients to be asked again
    still_open: tuple[Item, ...]  # unchanged for three digests: a line each
    unplaced: tuple[Item, ...]  # "couldn't place"
    still_more: int  # still open, and not shown
    more: int  # other items beyond the last one shown
    waiting: tuple[Waiting, ...]  # the first of those that wait on clients, the longest first
    waiting_on_clients: int  # all of them
    snoozed: int
    snoozed_pressing: tuple[str, ...]  # the clients of snoozed complaints and stops
    warnings: tuple[Warned, ...]
    quiet: tuple[QuietClient, ...]
    drift: tuple[Drift, ...]
    team: Team | None  # for a lead
    coverage: Coverage
    unarrived: tuple[Unarrived, ...] = ()

    @property
    def numbered(self) -> Iterator[Item]:
        """Every item that a reply may name, by number."""
        for section in (
            self.items,
            self.back,
            self.promised,
            self.chasing,
            self.still_open,
            self.unplaced,
        ):
            yield from section

    @property
    def asks_nothing(self) -> bool:
        """Whether nothing in it needs its reader."""
        return not (any(self.numbered) or self.more or self.still_more or self.warnings or self.unarrived)


_HEADLINES = {  # for one, and for more
    Action.ESCALATE: ("1 client is unhappy", "{} clients are unhappy"),
    Action.STOP: ("1 piece of work must stop", "{} pieces of work must stop"),
    Action.REVISE: ("1 asks for changes", "{} ask for changes"),
    Action.PROCEED: ("1 approval came in", "{} approvals came in"),
    Action.START: ("1 new brief", "{} new briefs"),
    Action.RESPOND: ("1 waits for an answer", "{} wait for an answer"),
    Action.DELIVER: ("1 promise is due", "{} promises are due"),
    Action.CHASE: ("1 client to chase", "{} clients to chase"),
}


def headline(digest: Digest) -> str:
    """
    The digest in one sentence without its full stop: how many threads need the manager, and for what.

    The kinds stand in the order of urgency; what was shown three times before is counted apart; a
    day without any says so. Total.
    """
    fresh = [*digest.items, *digest.back, *digest.promised, *digest.chasing, *digest.unplaced]
    total = len(fresh) + digest.more
    still = len(digest.still_open) + digest.still_more
    if not total:
        return _calm(digest, still)
    counts = {action: sum(1 for one in fresh if one.action is action) for action in _HEADLINES}
    parts = [
        (single if count == 1 else several).format(count)
        for action, (single, several) in _HEADLINES.items()
        if (count := counts[action])
    ]
    if digest.more:
        parts.append(f"{digest.more} more")
    if still:
        parts.append(f"{still} still open")
    return f"{total} {'thread needs' if total == 1 else 'threads need'} you: {', '.join(parts)}"


def _calm(digest: Digest, still: int) -> str:
    if still:
        return f"Nothing new needs you today: {still} still open"
    waiting = digest.waiting_on_clients
    if not waiting:
        return "Nothing needs you today"
    rest = "1 thread waits on a client" if waiting == 1 else f"{waiting} threads wait on clients"
    return f"Nothing needs you today; {rest}"
