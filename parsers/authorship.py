"""Whether one person alone, and no list, says to have written a message."""

from __future__ import annotations

import re

from parsers.address import addresses
from parsers.message import Message

# RFC 5322 §3.4 without its comments, groups and routes: nothing that two programs could read differently.
_MAILBOX = re.compile(
    r"\s*+(?:\"(?P<quoted>(?:[^\"\\]|\\.){0,500})\"\s*+|[^\"<>@,:;()\\\[\]]{0,500})<(?P<spec>[^<>@\s\"(),:;\\\[\]]{1,64}@[^<>@\s\"(),:;\\\[\]]{1,255})>\s*"
)
_BARE = re.compile(r"\s*([^<>@\s\"(),:;\\\[\]]{1,64}@[^<>@\s\"(),:;\\\[\]]{1,255})\s*")
_ADDRESS_IN_NAME = re.compile(r"[^\s<>@\"(),:;]{1,64}@[^\s<>@\"(),:;]{1,255}")
# Who else may have sent it, or wants the answer.
_OTHERS = ("sender", "reply-to", "resent-from", "resent-sender", "resent-reply-to")
_LIST_FIELDS = ("list-id", "list-post", "list-unsubscribe", "list-help", "mailing-list", "x-mailing-list")
_BULK = ("bulk", "list", "junk")


def doubt_of_author(message: Message, address: str, *, inbox: str) -> str | None:
    """
    Why a message is not for sure this person's alone, as the end of a sentence; None where nothing speaks against it.

    From must stand once, name one mailbox and be written so that every program reads the same address
    in it. Sender, Reply-To and the Resent fields may name that person, or the inbox, which adds them
    where it is a group. Says nothing of whether From is true. Total.

    Source: RFC 5322 §3.4, §3.6.2, §3.6.6.
    """
    written = [body for name, body in message.fields if name == "from"]
    if len(written) != 1 or len(message.authors) != 1:
        return "it names more than one author"
    if _spec_of(written[0]) != address or address == inbox:
        return "its From field can be read in more than one way"
    for name in _OTHERS:
        for body in (body for key, body in message.fields if key == name):
            if {one.spec for one in addresses(body)} - {address, inbox} or (body.strip() and "@" not in body):
                return f"its {name.title()} field names somebody else"
    return None


def _spec_of(field: str) -> str | None:
    """The address in a From field, in lower case; None where it is not beyond doubt."""
    plain = " ".join(field.split())
    found = _MAILBOX.fullmatch(plain)
    if found is None:
        bare = _BARE.fullmatch(plain)
        return _lower(bare[1]) if bare else None
    spec = _lower(found["spec"])
    named = _ADDRESS_IN_NAME.findall(found["quoted"] or "")
    return spec if all(_lower(one) == spec for one in named) else None


def _lower(spec: str) -> str | None:
    """An address in lower case; None where it is not ASCII, in which letters fold into others."""
    return spec.lower() if spec.isascii() else None


def came_by_list(message: Message, *, inbox: str) -> bool:
    """
    Whether a mailing list or a bulk mailer passed a message on.

    Not where the list is the inbox itself: a group that people write to, and practiq is a member of.

    Source: RFC 2919, RFC 2369.
    """
    local, _, domain = inbox.partition("@")
    own = (f"{local}.{domain}", inbox)
    named = [body.lower() for name, body in message.fields if name == "list-id"]
    if named and all(any(f"<{one}>" in body for one in own) for body in named):
        return False
    bulk = (message.field("precedence") or "").strip().lower()
    return bulk in _BULK or any(message.field(name) for name in _LIST_FIELDS)
