"""Replies that are written already: a tap and a send."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from parsers.digest import Item
from service.rendering import cut

_WHOSE_CHARS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A reply that is written already."""

    words: str
    means: str  # the words and what they are said of, for who hears one link after the other
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyReplies:
    """The replies to one digest."""

    inbox: str
    token: str  # of that digest

    def to(self, item: Item, room: int, links: int) -> tuple[Link, ...]:
        """What is most often said of an item, the commonest first; `links` of them, its name in `room` characters."""
        what = _called(item, room)
        ready = (
            ("Done", f"Done: {what}", f"done {item.number}"),
            ("Tomorrow", f"Tomorrow: snooze {what}", f"snooze {item.number} tomorrow"),
            ("Monday", f"Monday: snooze {what}", f"snooze {item.number} until Monday"),
            ("Next week", f"Next week: snooze {what}", f"snooze {item.number} 7d"),
        )
        return tuple(self._link(*one) for one in ready[:links])

    def waking(self, item: Item, room: int, links: int) -> tuple[Link, ...]:
        """What is most often said of an item that is snoozed, likewise."""
        what = _called(item, room)
        ready = (
            ("Wake", f"Wake: {what}", f"wake {item.number}"),
            ("Done", f"Done: {what}", f"done {item.number}"),
        )
        return tuple(self._link(*one) for one in ready[:links])

    def saying(self, command: str, means: str) -> Link:
        """A command that names no item; `means` goes on where its word ends."""
        return self._link(command, f"{command}: {means}", command)

    def _link(self, words: str, means: str, command: str) -> Link:
        """A new mail with the command in it; it has no In-Reply-To, so its subject names the digest."""
        written = urlencode({"subject": f"Re: [#{self.token}] {command}", "body": command}, quote_via=quote)
        return Link(words=words, means=means, href=f"mailto:{quote(self.inbox, safe='@+')}?{written}")


def _called(item: Item, room: int) -> str:
    return f"item {item.number}, {cut(item.workspace or item.subject, min(room, _WHOSE_CHARS))}"
