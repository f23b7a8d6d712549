"""A client's live page: what is open, asked for, decided, promised and said, each line with its date and source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from parsers.brief_needs import BriefNeed, need_of
from parsers.page_ledger import Ledger, ledger_of
from parsers.page_people import Person, first_words, people_of
from parsers.page_posts import Conversation, Post, Source, posts_of, source_of
from parsers.page_promises import Promise, promises_of
from parsers.signals import Kind
from parsers.state import Action
from parsers.turns import WaitingOn

_DRIFT = timedelta(days=30)
_ORDER = list(Action)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenThread:
    """A thread on which it is somebody's turn."""

    subject: str
    waiting_on: WaitingOn
    action: Action
    who: str  # whose words it rests on; "" where nobody's
    quote: str
    since: date | None  # in the account manager's zone, as all days here
    due: date | None
    snoozed_until: datetime | None
    unsure: bool
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveBrief:
    """What a client asks for on a thread that is not finished."""

    who: str
    need: BriefNeed
    sure: bool  # the words surely ask for work
    source: Source  # the mail that asked first
    added: tuple[Source, ...]  # later mail that said more


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Something that a client asked beyond what was agreed."""

    who: str
    quote: str
    sure: bool
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class LastWord:
    """When a side wrote last, where the other could see it."""

    who: str
    said: str
    days: int  # ago, by the calendar
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A client as its account manager has to know it, at a moment."""

    client: str
    manager: str  # the account manager's name
    at: datetime  # as of when, in the account manager's zone
    open_threads: tuple[OpenThread, ...]  # the most pressing first, the snoozed last
    finished: int  # threads on which nobody's turn it is
    briefs: tuple[LiveBrief, ...]  # the newest first
    ledger: Ledger
    promises: tuple[Promise, ...]  # what is owed first
    people: tuple[Person, ...]  # clients first
    drift: tuple[Ask, ...]  # of the last 30 days, the newest first
    drift_ever: int
    client_said: LastWord | None  # None where the client never wrote
    we_said: LastWord | None

    @property
    def waiting_on_us(self) -> int:
        """Open threads on which it is the agency's turn."""
        return sum(one.waiting_on is WaitingOn.AGENCY for one in self.open_threads)

    @property
    def waiting_on_client(self) -> int:
        """Open threads on which it is the client's turn."""
        return sum(one.waiting_on is WaitingOn.CLIENT for one in self.open_threads)


def page_of(client: str, manager: str, conversations: Sequence[Conversation], *, now: datetime) -> Page:
    """
    The page of a client whose threads these are, with the mail sent up to `now`.

    `now` is aware and carries the account manager's zone, in which days are counted. Total.
    """
    threads, zone = tuple(one for one in conversations if one.posts), now.tzinfo
    drift = _drift(threads, zone)
    still_open = [_open_thread(one, zone) for one in threads if one.is_open]
    still_open.sort(key=lambda one: (one.snoozed_until is not None, _ORDER.index(one.action), one.source.at))
    briefs = [found for one in threads if one.is_open and (found := _live_brief(one, zone))]
    return Page(
        client=client,
        manager=manager,
        at=now,
        open_threads=tuple(still_open),
        finished=len(threads) - len(still_open),
        briefs=tuple(sorted(briefs, key=lambda one: one.source.at, reverse=True)),
        ledger=ledger_of(client, threads, zone),
        promises=promises_of(threads, now),
        people=people_of(threads, zone),
        drift=tuple(one for one in drift if one.source.at > now - _DRIFT),
        drift_ever=len(drift),
        client_said=_last_word(threads, now, clients=True),
        we_said=_last_word(threads, now, clients=False),
    )


def _open_thread(conversation: Conversation, zone: tzinfo | None) -> OpenThread:
    state = conversation.state
    post = conversation.find(state.message) or conversation.posts[-1]
    return OpenThread(
        subject=conversation.subject,
        waiting_on=state.waiting_on,
        action=state.action,
        who=state.author or "",
        quote=state.quote,
        since=state.since.astimezone(zone).date() if state.since else None,
        due=state.due,
        snoozed_until=conversation.snoozed_until.astimezone(zone) if conversation.snoozed_until else None,
        unsure=state.unsure,
        source=source_of(conversation, post, zone),
    )


def _live_brief(conversation: Conversation, zone: tzinfo | None) -> LiveBrief | None:
    """What was asked for on a thread, with what the client's later mail added; None where nothing was."""
    asked = [post for post in conversation.posts if post.is_clients and post.brief]
    if not asked:
        return None
    later = conversation.posts[conversation.posts.index(asked[0]) :]
    days = [
        signal.due
        for post in later
        if post.is_clients
        for signal in post.heard.signals
        if signal.kind is Kind.DEADLINE and signal.due
    ]
    return LiveBrief(
        who=asked[0].heard.author,
        sure=all(one.sure for one in asked[0].heard.signals if one.kind is Kind.BRIEF),
        need=need_of([post.brief for post in asked if post.brief], days[-1] if days else None),
        source=source_of(conversation, asked[0], zone),
        added=tuple(source_of(conversation, post, zone) for post in asked[1:]),
    )


def _drift(threads: tuple[Conversation, ...], zone: tzinfo | None) -> list[Ask]:
    found = [
        Ask(
            who=post.heard.author,
            quote=signal.quote,
            sure=signal.sure,
            source=source_of(conversation, post, zone),
        )
        for conversation, post in posts_of(threads)
        if post.is_clients
        for signal in post.heard.signals
        if signal.kind is Kind.SCOPE
    ]
    return found[::-1]


def _last_word(threads: tuple[Conversation, ...], now: datetime, *, clients: bool) -> LastWord | None:
    last: tuple[Conversation, Post] | None = None
    for conversation, post in posts_of(threads):
        if post.is_clients if clients else post.is_ours:
            last = conversation, post
    if last is None:
        return None
    source = source_of(*last, now.tzinfo)
    return LastWord(
        who=last[1].heard.author,
        said=first_words(last[1].heard.own),
        days=(now.date() - source.on).days,
        source=source,
    )
