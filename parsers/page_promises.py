"""What the agency promised a client, and whether it kept it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from parsers.ledger import brings
from parsers.page_posts import Conversation, Post, Source, source_of
from parsers.phrases import takes_back
from parsers.signals import Kind, Status


class PromiseFate(StrEnum):
    """What has become of a promise."""

    OVERDUE = "overdue"
    TODAY = "due today"
    OPEN = "open"
    KEPT = "kept"
    MOVED = "moved"  # a later promise on its thread names a new day
    DROPPED = "dropped"  # the client stopped the work, or the account manager let it go


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One thing that somebody at the agency said that it will do."""

    who: str
    quote: str
    due: date | None
    fate: PromiseFate
    source: Source
    sure: bool
    settled: Source | None = None  # the message that kept, moved or dropped it; None where none did

    @property
    def is_owed(self) -> bool:
        """Whether it has still to be kept."""
        return self.fate in (PromiseFate.OVERDUE, PromiseFate.TODAY, PromiseFate.OPEN)


def promises_of(conversations: tuple[Conversation, ...], now: datetime) -> tuple[Promise, ...]:
    """
    What was promised on these threads: what is still owed first, by its day, then the rest, the newest first.

    A promise is kept as `state_of` sees it: by a message that brings it. Days are those of the zone of `now`. Total.
    """
    found = [promise for one in conversations for promise in _of_thread(one, now)]
    owed = [one for one in found if one.is_owed]
    rest = [one for one in found if not one.is_owed]
    owed.sort(key=lambda one: (one.due or date.max, one.source.at))
    rest.sort(key=lambda one: one.source.at, reverse=True)
    return (*owed, *rest)


def _of_thread(conversation: Conversation, now: datetime) -> list[Promise]:
    settled: list[Promise] = []
    owed: list[Promise] = []  # what brings the first of them, or moves it, does so for all
    for post in conversation.posts:
        made = _made_by(conversation, post, now) if post.is_ours else None
        fate = _fate_by(post, owed[0]) if owed else None
        if made and made.due and fate is None:
            fate = PromiseFate.MOVED
        if fate:
            source = source_of(conversation, post, now.tzinfo)
            settled += [replace(one, fate=fate, settled=source) for one in owed]
            owed = []
        owed += [made] if made else []
    if not conversation.is_open:
        owed = [replace(one, fate=PromiseFate.DROPPED) for one in owed]
    return [*settled, *owed]


def _fate_by(post: Post, promise: Promise) -> PromiseFate | None:
    """What a message makes of an open promise; None where nothing."""
    if post.heard.automated:
        return None
    if post.is_clients:
        stopped = any(one.status is Status.WITHDRAWN for one in post.heard.signals)
        return PromiseFate.DROPPED if stopped else None
    if post.heard.internal:
        return PromiseFate.DROPPED if takes_back(post.heard.own) else None
    return PromiseFate.KEPT if brings(post.heard, promise.due) else None


def _made_by(conversation: Conversation, post: Post, now: datetime) -> Promise | None:
    """The promise that a message of ours makes; None where it makes none."""
    signal = next((one for one in post.heard.signals if one.kind is Kind.PROMISE), None)
    if signal is None:
        return None
    today = now.date()
    fate = PromiseFate.OPEN
    if signal.due and signal.due <= today:
        fate = PromiseFate.OVERDUE if signal.due < today else PromiseFate.TODAY
    return Promise(
        who=post.heard.author,
        quote=signal.quote,
        due=signal.due,
        fate=fate,
        source=source_of(conversation, post, now.tzinfo),
        sure=signal.sure,
    )
