"""What stands on a mail's outside: who wrote it, and what marks it, whatever relays added."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.address import Address, addresses
from parsers.fields import read_header, readable

_MAX_BYTES = 1_000_000  # a header that goes on behind is a bomb


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """The author of a mail as its header says, and the mark by which another copy of it is known."""

    authors: tuple[Address, ...]
    mark: str


def letterhead_of(raw: bytes) -> Letterhead:
    """
    The letterhead of the mail in these bytes; cheap, and nothing but the header is looked at. Total.

    Two copies of a mail that came another way, or were fetched another time, have the same mark: it is made of
    From, Date, Message-ID and Subject as written.
    """
    head = readable(raw[:_MAX_BYTES])
    header = read_header(head, 0, len(head), outermost=True)
    written = [body for name, body in header.fields if name == "from"]
    authors = tuple(one for body in written for one in addresses(body.decode("utf-8", "replace")))
    marks = [header.first(name) for name in ("from", "date", "message-id", "subject")]
    return Letterhead(authors=authors, mark="\0".join(" ".join(one.split()) for one in marks))
