"""An address as compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from parsers.encoded_words import decoded

# One piece of an address list: an encoded word (which may hold a comma, against RFC 2047 §5), a quoted
# string, a bracketed address, a separator, or a run of anything else. Each alternative starts with its
# own character, so the scan is linear whatever it is fed.
_TOKEN = re.compile(
    r"=\?[^?\s]{1,64}\?[bBqQ]\?(?:(?!=\?[^=]|\?=).){0,2000}\?="
    r'|"(?:[^"\\]|\\.)*"?|<[^<>]*>?|[,;:()>]|(?:[^",;:<>()=]|=(?!\?))+|=',
    re.S,
)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"?', re.S)  # its end may be cut off
_ESCAPED = re.compile(r"\\(.)", re.S)
_COMMENT = re.compile(r"\([^()]{0,200}\)")
_AT = re.compile(r" ?@ ?")
_MAX_FIELD_CHARS = 64_000  # promises.md P4: what we use of one header field
_MAX_NAME_CHARS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A mailbox of an address field: who, as shown, and where, as compared."""

    name: str  # the display name, decoded; "" where there is none
    spec: str  # local-part@domain in lower case

    @property
    def domain(self) -> str:
        """What stands behind the last @, in lower case."""
        return self.spec.rpartition("@")[2]

    @property
    def shown(self) -> str:
        """The name where there is one, else the address."""
        return self.name or self.spec


def addresses(field: str) -> tuple[Address, ...]:
    """
    The mailboxes of a From, To or Cc field, in order.

    Takes the field body, folded or not. Members of a group are given like the others; what
    has no @ (an undisclosed-recipients group, a bare word) is dropped. Total.

    Source: RFC 5322 §3.4, §4.4. A comma inside an unquoted display name, which Outlook
    writes, leaves the last part of the name; two mailboxes without a comma between are two.
    """
    if len(field) > _MAX_FIELD_CHARS:
        field = field[:_MAX_FIELD_CHARS].rpartition(",")[0]
    pieces = _TOKEN.findall(" ".join(field.split()))
    return tuple(one for mailbox in _mailboxes(pieces) for one in mailbox.addresses())


@dataclass(slots=True)
class _Mailbox:
    """What stands between two separators."""

    before: list[str] = field(default_factory=list)  # words, before the brackets where there are some
    behind: list[str] = field(default_factory=list)
    comment: str = ""
    spec: str | None = None  # what stands in brackets

    def addresses(self) -> Iterator[Address]:
        """The mailbox as a value; several where several stand without brackets; none where there is no @."""
        words = " ".join(("".join(self.before), "".join(self.behind)))
        if self.spec is not None:
            yield from _address(words, self.comment, self.spec)
            return
        # What no encoded word hides comes first: RFC 2047 §5 has none in an address.
        bare = _AT.sub("@", words)
        parts = (bare if "@" in bare else decoded(bare)).split()
        name = " ".join(part for part in parts if "@" not in part)
        for spec in parts:
            if "@" in spec:
                yield from _address(name, self.comment, spec)


def _address(words: str, comment: str, written: str) -> Iterator[Address]:
    """An address with a local part and a domain, if it is one."""
    spec = decoded(_COMMENT.sub("", written)).strip("<>").lower().removeprefix("mailto:")
    spec = spec.rpartition(":")[2] if spec.startswith("@") else spec  # a route (RFC 5322 §4.4)
    local, at, domain = "".join(spec.split()).rpartition("@")
    if at and local and domain:
        name = (decoded(words) or decoded(comment))[:_MAX_NAME_CHARS]
        yield Address(name=name, spec=f"{local}@{domain}")


def _mailboxes(pieces: list[str]) -> Iterator[_Mailbox]:
    comments = _comments(pieces)
    mailbox = _Mailbox()
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        if (end := comments.get(at)) is not None:
            mailbox.comment = mailbox.comment or "".join(pieces[at + 1 : end])
            mailbox.before.append(" ")
            at = end
        elif piece in (",", ";"):
            yield mailbox
            mailbox = _Mailbox()
        elif piece == ":":
            mailbox.before.clear()  # what stood before was a group's name
        elif piece.startswith("<"):
            if mailbox.spec is not None:
                behind, mailbox.behind = mailbox.behind, []
                yield mailbox
                mailbox = _Mailbox(before=behind)
            mailbox.spec = piece.strip("<>") if "@" in piece else mailbox.spec
        else:
            (mailbox.before if mailbox.spec is None else mailbox.behind).append(_word(piece))
        at += 1
    yield mailbox


def _comments(pieces: list[str]) -> dict[int, int]:
    """Where each outermost comment begins and ends; a parenthesis without its other is none."""
    opened: list[int] = []
    found: dict[int, int] = {}
    for at, piece in enumerate(pieces):
        if piece == "(":
            opened.append(at)
        elif piece == ")" and opened:
            found[opened.pop()] = at
    return found


def _word(piece: str) -> str:
    if quoted := _QUOTED.fullmatch(piece):
        return _ESCAPED.sub(r"\1", quoted[1])
    return " " if piece in ("(", ")", ">") else piece
