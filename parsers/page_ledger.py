"""A client's approval ledger: what was asked, what was decided in which words, and what of it stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from enum import StrEnum

from parsers.page_posts import Conversation, Post, Source, source_of
from parsers.signals import Signal, Status


class Standing(StrEnum):
    """What has become of an entry."""

    STANDS = "stands"
    REPLACED = "replaced"  # a later decision ends it
    DOUBTFUL = "doubtful"  # a later one may end it
    ANSWERED = "answered"  # a request that was decided
    WAITING = "waiting"  # a request that nobody has decided
    REPEATED = "repeated"  # one that nobody has decided, and that was made anew
    CLOSED = "closed"  # one that nobody has to decide any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """A later entry that answers or ends one."""

    at: datetime
    who: str
    status: Status
    message_id: str
    sure: bool  # False: it may be about another piece, may mean something else, or may not be theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One decision of a client's, or one request for it."""

    status: Status
    who: str
    address: str  # "" where the mail names nobody
    quote: str  # their exact words
    request: str  # what it is about: the words that asked last; "" where nobody had, and for a request
    source: Source
    sure: bool  # the words surely say so
    verified: bool | None  # our own server vouches for the author; None: it says nothing
    warnings: tuple[str, ...]
    standing: Standing
    answered_by: Later | None = None  # of a request
    replaced_by: Later | None = None  # of a decision, or of a request that was made anew

    @property
    def is_trusted(self) -> bool:
        """Whether nothing speaks against its being their decision."""
        return self.sure and self.verified is not False and not self.warnings

    @property
    def is_certain(self) -> bool:
        """Whether it surely holds now."""
        return self.is_trusted and self.standing is Standing.STANDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All of a client's, the newest first."""

    client: str
    entries: tuple[Entry, ...]

    @property
    def standing(self) -> tuple[Entry, ...]:
        """The decisions that hold now."""
        return tuple(one for one in self.entries if one.standing in (Standing.STANDS, Standing.DOUBTFUL))

    @property
    def waiting(self) -> tuple[Entry, ...]:
        """The requests that the client has not decided."""
        return tuple(one for one in self.entries if one.standing is Standing.WAITING)


_YES = frozenset({Status.GRANTED, Status.CONDITIONAL})
_NO = frozenset({Status.CHANGES, Status.REJECTED, Status.WITHDRAWN})
# Which earlier decisions a later one on the same thread ends (signals.md, "Answered"). A second yes ends none:
# it may be another department's, or for another piece.
_ENDS = {
    Status.GRANTED: _NO | {Status.CONDITIONAL},
    Status.CONDITIONAL: _NO,
    Status.CHANGES: _YES | {Status.REJECTED},
    Status.REJECTED: _YES | {Status.CHANGES, Status.WITHDRAWN},
    Status.WITHDRAWN: _YES | _NO,
}
# And which besides, where the agency has asked anew in between: that is the next version of the work.
_ENDS_LAST_ROUND = {
    Status.CONDITIONAL: {Status.CONDITIONAL},
    Status.CHANGES: {Status.CHANGES, Status.WITHDRAWN},
    Status.REJECTED: {Status.REJECTED},
}


def ledger_of(client: str, conversations: tuple[Conversation, ...], zone: tzinfo | None) -> Ledger:
    """
    The requests and decisions on these threads, the newest first, times in `zone`.

    A request is answered by the next decision on its thread, and of several that nobody answered the last one waits. A decision is replaced by the first later one on
    its thread that ends it; doubtful where that one is unsure or unverified, or where the work has
    several pieces and either may be meant. Total.

    Source: signals.md, "Signals" and "Threads".
    """
    found = [entry for one in conversations for entry in _of_thread(one, zone)]
    newest = sorted(found, key=lambda one: one.source.at, reverse=True)
    return Ledger(client=client, entries=tuple(newest))


def _of_thread(conversation: Conversation, zone: tzinfo | None) -> list[Entry]:
    """The entries of a thread in the order sent, each with what became of it."""
    found: list[Entry] = []
    request = ""
    for post in conversation.posts:
        asked = [] if not post.is_ours else _signals(post, {Status.REQUESTED})
        decided = [] if not post.is_clients else _signals(post, _YES | _NO)
        found += [_entry(conversation, post, signal, "", zone) for signal in asked]
        found += [_entry(conversation, post, signal, request, zone) for signal in decided]
        request = asked[0].quote if asked else request
    return [_settled(conversation, found, at) for at in range(len(found))]


def _signals(post: Post, which: set[Status] | frozenset[Status]) -> list[Signal]:
    return [one for one in post.heard.signals if one.status in which]


def _entry(
    conversation: Conversation, post: Post, signal: Signal, request: str, zone: tzinfo | None
) -> Entry:
    assert signal.status
    return Entry(
        status=signal.status,
        who=post.heard.author,
        address=post.author.spec if post.author else "",
        quote=signal.quote,
        request=request,
        source=source_of(conversation, post, zone),
        sure=signal.sure,
        verified=post.verified,
        warnings=post.warnings,
        standing=Standing.STANDS,
    )


def _settled(conversation: Conversation, entries: list[Entry], at: int) -> Entry:
    """An entry with what became of it, by what came later on its thread."""
    entry, later = entries[at], [one for one in entries[at + 1 :] if _is_later(one, entries[at])]
    if entry.status is Status.REQUESTED:
        answer = next((one for one in later if one.status is not Status.REQUESTED), None)
        if answer:
            return replace(entry, standing=Standing.ANSWERED, answered_by=_later(answer, answer.is_trusted))
        if later:
            return replace(entry, standing=Standing.REPEATED, replaced_by=_later(later[0], True))
        return replace(entry, standing=Standing.WAITING if conversation.is_open else Standing.CLOSED)
    ended = [
        (one, one.is_trusted and not _is_unclear(one, entry, entries))
        for one in later
        if _ends(one, entry, later)
    ]
    surely = next((one for one, sure in ended if sure), None)
    if surely:
        return replace(entry, standing=Standing.REPLACED, replaced_by=_later(surely, True))
    if ended:
        return replace(entry, standing=Standing.DOUBTFUL, replaced_by=_later(ended[0][0], False))
    return entry


def _is_later(one: Entry, entry: Entry) -> bool:
    return one.source.message_id != entry.source.message_id


def _ends(one: Entry, entry: Entry, later: list[Entry]) -> bool:
    """Whether a later decision ends an earlier one, were both about the same thing."""
    anew = any(between.status is Status.REQUESTED for between in later[: later.index(one)])
    if entry.status in _ENDS.get(one.status, ()):
        return True
    if entry.status is Status.GRANTED and one.status is Status.CONDITIONAL:
        return one.address == entry.address and not anew  # they thought of something else
    return anew and entry.status in _ENDS_LAST_ROUND.get(one.status, ())


def _is_unclear(one: Entry, entry: Entry, entries: list[Entry]) -> bool:
    """
    Whether a later decision may be about another piece than the earlier: a mail on the thread decided two things.

    A yes that comes alone is for the one piece that had none.
    """
    said = [one.source.message_id for one in entries if one.status is not Status.REQUESTED]
    if len(said) == len(set(said)):
        return False
    refused = [other.source.message_id for other in entries if other.status in _NO]
    alone = said.count(one.source.message_id) == 1 and refused.count(entry.source.message_id) == 1
    return one.status in _NO or not alone


def _later(one: Entry, sure: bool) -> Later:
    return Later(
        at=one.source.at, who=one.who, status=one.status, message_id=one.source.message_id, sure=sure
    )
