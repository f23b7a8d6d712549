"""Which letters of ours a message says that it answers: the tokens that it bears."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from parsers.address import Address, addresses
from parsers.message import Message
from parsers.workspaces import Agency, plus_tag

# Where mail servers write whom a mail was for, Bcc and redirection included.
_DELIVERED_TO = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")

# Whatever stands where a token does claims to be one, true or not.
_IN_MESSAGE_ID = re.compile(r"(?:digest|ack)\.[0-9a-z-]{1,40}\.([^.@]{1,100})@(.{1,255})")
_ACK_ID = re.compile(r"ack\.[0-9a-z]{1,40}\.")
_TOKEN = re.compile(r"[0-9a-z]{16,64}")
_IN_SUBJECT = re.compile(r"\[#([0-9a-z]{16,64})\]", re.I)


def tokens_of(message: Message, agency: Agency) -> tuple[str, ...]:
    """
    Every token of a letter of ours that a message bears, each once, as written, true or not.

    A digest's Message-ID and an acknowledgement's name one, so do an address like practiq+TOKEN@ and the
    subject of a new mail that a link in a letter wrote, which has no In-Reply-To. A mail to others, on
    a thread in which only References name a letter, answers those others. Total.
    """
    domain = agency.inbox.rpartition("@")[2]
    to_us = any(one.spec == agency.inbox or plus_tag(one, agency) for one in message.to)
    named = _named_in(message.in_reply_to, domain)
    if to_us or named or not message.in_reply_to:
        named += _named_in(message.references, domain)
    named += [tag for tag in tags_of(message, agency) if _TOKEN.fullmatch(tag)]
    if to_us:
        named += [one.lower() for one in _IN_SUBJECT.findall(message.subject)]
    return tuple(dict.fromkeys(named))


def tags_of(message: Message, agency: Agency) -> tuple[str, ...]:
    """What stands behind the plus of our inbox's address, wherever the mail was sent to."""
    found = (plus_tag(one, agency) for one in _recipients(message))
    return tuple(dict.fromkeys(tag for tag in found if tag))


def may_answer_us(message: Message) -> bool:
    """Whether a message bears anything that looks like a token, whosever letter it names."""
    ids = (*message.in_reply_to, *message.references)
    tags = (one.spec.partition("@")[0].rpartition("+")[2] for one in _recipients(message))
    return (
        any(_IN_MESSAGE_ID.fullmatch(one) for one in ids)
        or any(_TOKEN.fullmatch(tag) for tag in tags)
        or _IN_SUBJECT.search(message.subject) is not None
    )


def answers_ack(message: Message) -> bool:
    """Whether a message answers an acknowledgement."""
    return any(_ACK_ID.match(one) for one in (*message.in_reply_to, *message.references))


def _named_in(ids: Iterable[str], domain: str) -> list[str]:
    found = (_IN_MESSAGE_ID.fullmatch(one) for one in ids)
    return [one[1] for one in found if one and one[2] == domain]


def _recipients(message: Message) -> Iterator[Address]:
    yield from (*message.to, *message.cc)
    for name in _DELIVERED_TO:
        yield from addresses(message.field(name) or "")
