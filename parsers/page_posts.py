"""What a client's page is made of: threads as they stand, and the mail on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from parsers.address import Address
from parsers.briefs import Brief
from parsers.state import Action, Heard, ThreadState
from parsers.turns import WaitingOn
from parsers.workspaces import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A message on a thread, as far as a page shows it."""

    heard: Heard
    message_id: str  # as written, with its angle brackets
    author: Address | None
    brief: Brief | None
    signature: str
    verified: bool | None  # our own server vouches for the author; None: it says nothing
    warnings: tuple[str, ...]

    @property
    def is_clients(self) -> bool:
        """Whether somebody on the client's side wrote it, and no machine."""
        return self.heard.side is Side.CLIENT and not self.heard.automated

    @property
    def is_ours(self) -> bool:
        """Whether somebody at the agency wrote it, and the client can see it."""
        return self.heard.side is Side.AGENCY and not self.heard.automated and not self.heard.internal


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A thread of the client's, as it stands."""

    thread: str
    subject: str
    state: ThreadState
    snoozed_until: datetime | None
    done: bool
    posts: tuple[Post, ...]  # in the order sent

    @property
    def is_open(self) -> bool:
        """Whether anybody's turn it is, or an account manager should look."""
        waits = self.state.waiting_on is not WaitingOn.NOBODY or self.state.action is not Action.NONE
        return waits and not self.done

    def find(self, message: str | None) -> Post | None:
        """The message with this key; None where it is not here."""
        return next((one for one in self.posts if one.heard.message == message), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a line of the page comes from."""

    at: datetime  # in the account manager's zone
    subject: str  # of the thread
    thread: str
    message_id: str  # with its angle brackets

    @property
    def on(self) -> date:
        """The account manager's day of it."""
        return self.at.date()


def source_of(conversation: Conversation, post: Post, zone: tzinfo | None) -> Source:
    """A message as the source of a line, its time in `zone`. Total."""
    return Source(
        at=post.heard.sent_at.astimezone(zone),
        subject=conversation.subject,
        thread=conversation.thread,
        message_id=post.message_id,
    )


def posts_of(conversations: tuple[Conversation, ...]) -> Iterator[tuple[Conversation, Post]]:
    """All messages with their threads, in the order sent."""
    every = ((conversation, post) for conversation in conversations for post in conversation.posts)
    yield from sorted(every, key=lambda one: one[1].heard.sent_at)
