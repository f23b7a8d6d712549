"""A client's approval ledger: what was asked, what was decided in which words, and what of it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from enum import StrEnum

from parsers.page_posts import Conversation, Post, Source, source_of
from parsers.signals import Signal, Status


class EntryFate(StrEnum):
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
    fate: EntryFate
    answered_by: Later | None = None  # of a request
    replaced_by: Later | None = None  # of a decision, or of a request that was made anew

    @property
    def is_trusted(self) -> bool:
        """Whether nothing speaks against its being their decision."""
        return self.sure and self.verified is not False and not self.warnings

    @property
    def holds(self) -> bool:
        """Whether it is a decision that counts now, or may do so."""
        return self.fate in (EntryFate.STANDS, EntryFate.DOUBTFUL)

    @property
    def is_certain(self) -> bool:
        """Whether it surely holds now."""
        return self.is_trusted and self.fate is EntryFate.STANDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All of a client's, the newest first."""

    client: str
    entries: tuple[Entry, ...]

    @property
    def standing(self) -> tuple[Entry, ...]:
        """The decisions that hold now."""
        return tuple(one for one in self.entries if one.holds)

    @property
    def waiting(self) -> tuple[Entry, ...]:
        """The requests that the client has not decided."""
        return tuple(one for one in self.entries if one.fate is EntryFate.WAITING)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pieces:
    """The pieces of work that a thread is about, as far as its decisions tell."""

    several: bool  # a mail on it decides two things
    said: Mapping[str, int]  # decisions by mail
    refused: Mapping[str, int]  # those that are no yes

    def are_the_same(self, entry: Entry, one: Entry) -> bool:
        """Whether a later decision is surely about what an earlier one was: a yes alone is for the one piece without."""
        if not self.several:
            return True
        alone = self.said[one.source.message_id] == 1 and self.refused[entry.source.message_id] == 1
        return one.status in _YES and alone


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
    said = Counter(one.source.message_id for one in found if one.status is not Status.REQUESTED)
    refused = Counter(one.source.message_id for one in found if one.status in _NO)
    pieces = _Pieces(several=max(said.values(), default=0) > 1, said=said, refused=refused)
    return [
        _answered(one, found[at + 1 :], waits=conversation.is_open)
        if one.status is Status.REQUESTED
        else _replaced(one, found[at + 1 :], pieces)
        for at, one in enumerate(found)
    ]


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
        fate=EntryFate.STANDS,
    )


def _answered(entry: Entry, later: list[Entry], *, waits: bool) -> Entry:
    """A request with what became of it."""
    answer = next((one for one in later if one.status is not Status.REQUESTED), None)
    if answer:
        return replace(entry, fate=EntryFate.ANSWERED, answered_by=_later(answer, answer.is_trusted))
    if later:
        return replace(entry, fate=EntryFate.REPEATED, replaced_by=_later(later[0], True))
    return replace(entry, fate=EntryFate.WAITING if waits else EntryFate.CLOSED)


def _replaced(entry: Entry, later: list[Entry], pieces: _Pieces) -> Entry:
    """A decision with what became of it."""
    anew, perhaps = False, None
    for one in later:
        anew = anew or one.status is Status.REQUESTED
        if one.source.message_id == entry.source.message_id or not _ends(one, entry, anew=anew):
            continue
        if one.is_trusted and pieces.are_the_same(entry, one):
            return replace(entry, fate=EntryFate.REPLACED, replaced_by=_later(one, True))
        perhaps = perhaps or one
    if perhaps:
        return replace(entry, fate=EntryFate.DOUBTFUL, replaced_by=_later(perhaps, False))
    return entry


def _ends(one: Entry, entry: Entry, *, anew: bool) -> bool:
    """Whether a later decision ends an earlier one, were both about the same thing; `anew`: asked again in between."""
    if entry.status in _ENDS.get(one.status, ()):
        return True
    if entry.status is Status.GRANTED and one.status is Status.CONDITIONAL:
        return one.address == entry.address and not anew  # they thought of something else
    return anew and entry.status in _ENDS_LAST_ROUND.get(one.status, ())


def _later(one: Entry, sure: bool) -> Later:
    return Later(
        at=one.source.at, who=one.who, status=one.status, message_id=one.source.message_id, sure=sure
    )
