"""Which messages are one conversation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType

from parsers.ids import MessageId
from parsers.subjects import base_subject, is_generic, is_new_subject
from parsers.thread_index import ThreadIndex

ThreadId = NewType("ThreadId", str)

SUBJECT_WINDOW = timedelta(days=30)  # a subject used again later is another matter
_ID_DIGITS = 16  # of a message's identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A message, as far as its place in a conversation depends on it."""

    identity: str  # Message.identity
    message_id: MessageId
    ancestors: tuple[MessageId, ...]  # that it names, the nearest first
    index: ThreadIndex | None  # Outlook's Thread-Index
    subject: str
    sent_at: datetime
    outsiders: frozenset[str]  # addresses of people outside the agency who are on it
    insiders: frozenset[str]  # addresses of the agency's people, without the inbox
    claims: frozenset[str]  # the clients that its addresses prove; a look-alike domain claims for itself
    quotes: bool  # it quotes or passes on another mail
    automated: bool

    @property
    def place(self) -> tuple[datetime, str]:
        """Its place in the one order that does not depend on who came first."""
        return (self.sent_at, self.identity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a message continues, by itself."""

    to: str | None = None  # the identity of the message that it continues; None: it begins a thread
    apart_from: str | None = None  # of an ancestor that it names, whose client is another


NO_LINK = Link()


class Related:
    """Which of these messages one may continue, or be continued by: what names it, its conversation, its subject."""

    def __init__(self, posts: Iterable[Post]) -> None:
        self._of: dict[tuple[str, str], dict[str, Post]] = {}
        for one in posts:
            for key in self._keys(one):
                self._of.setdefault(key, {})[one.identity] = one

    def to(self, post: Post) -> Collection[Post]:
        """Those of them that it has to do with, each once."""
        found: dict[str, Post] = {}
        for key in (*self._keys(post), *(("id", name) for name in post.ancestors)):
            found |= self._of.get(key, {})
        return found.values()

    @staticmethod
    def _keys(post: Post) -> Iterator[tuple[str, str]]:
        yield "id", post.message_id
        yield "subject", base_subject(post.subject).text
        if post.index:
            yield "index", post.index.conversation


def may_follow(one: Post, other: Post) -> bool:
    """Whether a message may continue another that it has to do with."""
    if one.identity == other.identity:
        return False
    if other.message_id in one.ancestors:
        return True
    if one.index and other.index and one.index.conversation == other.index.conversation:
        return True
    return other.place < one.place


def thread_id(first: str) -> ThreadId:
    """The name of the thread whose first message has this identity."""
    return ThreadId(first[:_ID_DIGITS])


def link_of(post: Post, held: Iterable[Post]) -> Link:
    """
    What a message continues, among those that we hold.

    The nearest ancestor that it names and we hold; else the nearest place above it in Outlook's
    Thread-Index; else, for a reply by its subject, the last mail before it with the same subject.
    An id that we do not hold joins nothing, for strangers share such ids. A reply under a new subject
    that quotes nothing begins anew: somebody took an old mail for its addresses. Mail of another client
    is no ancestor. The same for the same messages, in whichever order they are given. Total.

    Source: RFC 5322 §3.6.4, RFC 5256 §2.2 (REFERENCES), promises.md P7.
    """
    others = sorted((one for one in held if one.identity != post.identity), key=lambda one: one.place)
    named, apart_from = _nearest_named(post, others)
    if named and _starts_over(post, named):
        return Link(to=_same_subject(post, others))
    to = named.identity if named else _above_in_index(post, others) or _same_subject(post, others)
    return Link(to=to, apart_from=None if to else apart_from)


def threads_of(posts: Collection[Post], links: Mapping[str, str]) -> dict[str, str]:
    """
    These messages parted into threads by what each of them continues (identity to identity).

    Gives each message's identity to that of its thread's first message. Links are followed in the order sent; one that would bring two clients together is not, since
    neither said that the other is on it. Cycles and links to what is not there do no harm. The same
    for the same messages, in whichever order they are given. Total.

    Source: promises.md P7.
    """
    here = {one.identity: one for one in posts}
    above: dict[str, str] = {}
    claims = {identity: one.claims for identity, one in here.items()}

    def top(identity: str) -> str:
        path = []
        while identity in above:
            path.append(identity)
            identity = above[identity]
        above.update(dict.fromkeys(path, identity))
        return identity

    for one in sorted(posts, key=lambda one: one.place):
        to = links.get(one.identity)
        if to not in here:
            continue
        mine, theirs = top(one.identity), top(to)
        if mine != theirs and not _conflict(claims[mine], claims[theirs]):
            first, second = sorted((mine, theirs), key=lambda identity: here[identity].place)
            above[second] = first
            claims[first] |= claims[second]
    return {identity: top(identity) for identity in here}


def _conflict(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether both prove a client, and none in common."""
    return bool(one) and bool(other) and not one & other


def _nearest_named(post: Post, others: Collection[Post]) -> tuple[Post | None, str | None]:
    """The nearest ancestor that is held, and else the nearest one that is another client's."""
    apart_from: str | None = None
    for name in post.ancestors:
        if name == post.message_id:
            continue
        # Two mails may bear one id (a stranger may choose it): the one with people in common is meant.
        bearers = sorted(
            (one for one in others if one.message_id == name),
            key=lambda one: (not _shares_people(post, one), one.place),
        )
        for one in bearers:
            if not _conflict(post.claims, one.claims):
                return one, None
            apart_from = apart_from or one.identity
    return None, apart_from


def _starts_over(post: Post, before: Post) -> bool:
    if post.quotes or post.automated:
        return False
    return is_new_subject(post.subject, before.subject)


def _above_in_index(post: Post, others: Collection[Post]) -> str | None:
    """
    The message right above in Outlook's Thread-Index.

    Some mailers make it from the subject, the same for strangers: people and subject must agree, too.
    """
    index = post.index
    if index is None:
        return None
    subject = base_subject(post.subject).text
    found = [
        one
        for one in others
        if one.index
        and one.index.is_ancestor_of(index)
        and base_subject(one.subject).text == subject
        and _may_be_one(post, one)
    ]
    return (
        max(found, key=lambda one: (len(one.index.place) if one.index else 0, one.place)).identity
        if found
        else None
    )


def _same_subject(post: Post, others: Collection[Post]) -> str | None:
    """The last mail before a reply that has the same subject, which says something, within SUBJECT_WINDOW."""
    subject = base_subject(post.subject)
    # Some mailers quote and do not write "Re:".
    if not (subject.is_reply or post.quotes) or is_generic(subject.text):
        return None
    found = [
        one
        for one in others
        if one.place < post.place
        and post.sent_at - one.sent_at <= SUBJECT_WINDOW
        and base_subject(one.subject).text == subject.text
        and _may_be_one(post, one)
    ]
    return found[-1].identity if found else None


def _may_be_one(post: Post, other: Post) -> bool:
    return _shares_people(post, other) and not _conflict(post.claims, other.claims)


def _shares_people(one: Post, other: Post) -> bool:
    """Whether an outsider is on both; on internal mail two colleagues, since one is on everything they write."""
    if one.outsiders or other.outsiders:
        return bool(one.outsiders & other.outsiders)
    if one.insiders or other.insiders:
        return len(one.insiders & other.insiders) >= 2
    return True  # mail from an archive that kept no addresses
