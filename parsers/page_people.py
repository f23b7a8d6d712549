"""Who is who on a client's threads, and what they said last."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import tzinfo

from parsers.page_posts import Conversation, Post, Source, posts_of, source_of
from parsers.people import role_of
from parsers.signals import Status
from parsers.workspaces import Side

_SAID = 160  # characters of the last words
_GREETING = re.compile(r"[^\n.!?]{1,40}[,!:]?[ \t]{0,4}\n\s{0,20}(?=\S)")
_GREETING_WORDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who has written on the client's threads."""

    name: str  # as shown
    address: str
    side: Side
    role: str | None  # the title in their signature; None where none is sure
    decisions: int  # how often they gave, refused or took back an approval
    said: str  # the first of their last words; "" where that message has none of its own
    source: Source  # their last word


def people_of(conversations: tuple[Conversation, ...], zone: tzinfo | None) -> tuple[Person, ...]:
    """
    The people who wrote on these threads, clients before the agency, who wrote last first.

    A machine's mail is nobody's word. The name and the role are the latest that they gave. Total.
    """
    wrote: dict[str, list[tuple[Conversation, Post]]] = {}
    for conversation, post in posts_of(conversations):
        if post.author and not post.heard.automated:
            wrote.setdefault(post.author.spec, []).append((conversation, post))
    people = [_person(address, theirs, zone) for address, theirs in wrote.items()]
    people.sort(key=lambda one: one.source.at, reverse=True)
    return tuple(sorted(people, key=lambda one: one.side is not Side.CLIENT))


def _person(address: str, wrote: list[tuple[Conversation, Post]], zone: tzinfo | None) -> Person:
    conversation, last = wrote[-1]
    latest = [post for _, post in reversed(wrote)]
    name = next((one.author.name for one in latest if one.author and one.author.name), "")
    return Person(
        name=name or address,
        address=address,
        side=last.heard.side,
        role=next((role for one in latest if (role := role_of(one.signature, name))), None),
        decisions=sum(post.is_clients and _decides(post) for post in latest),
        said=first_words(last.heard.own),
        source=source_of(conversation, last, zone),
    )


def _decides(post: Post) -> bool:
    return any(one.status and one.status is not Status.REQUESTED for one in post.heard.signals)


def first_words(own: str) -> str:
    """The first words of a message on one line, without its greeting. Total."""
    text = own.strip()[: 4 * _SAID]
    greeting = _GREETING.match(text)
    if greeting and len(greeting[0].split()) <= _GREETING_WORDS and greeting[0].rstrip()[-1] in ",!:":
        text = text[greeting.end() :]
    flat = " ".join(text.split())
    return flat if len(flat) <= _SAID else f"{flat[: _SAID - 1].rstrip()}…"
