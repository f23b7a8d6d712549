"""Bytes to value: what an Internet message says of itself. Alone knows mail-parser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from parsers.address import Address
from parsers.ids import MessageId


class UnreadableMessage(Exception):
    """These bytes cannot be read as a message; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A part that is not the body: what it is, never its content."""

    name: str | None  # as the sender named it, for showing only; None where nameless
    media_type: str  # "application/pdf", lower case
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as its author sent it (RFC 5322), text chosen from its MIME parts."""

    message_id: MessageId  # as compared; made from the content where the field is absent
    message_id_field: str  # as written, with its angle brackets
    in_reply_to: tuple[MessageId, ...]
    references: tuple[MessageId, ...]  # oldest ancestor first
    authors: tuple[Address, ...]  # From, every mailbox of every From field
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    date: datetime | None  # Date with its own offset; None where absent or absurd
    received_at: datetime | None  # of the topmost Received field, where it has one
    text: str  # the body as a reader sees it, quotes in HTML marked with "> "
    attachments: tuple[Attachment, ...]
    media_type: str  # of the whole message: "multipart/report"
    parameters: Mapping[str, str]  # of the whole message's Content-Type
    fields: tuple[tuple[str, str], ...]  # every header field, name in lower case, body unfolded

    @property
    def author(self) -> Address | None:
        """The first author; None where From names nobody."""
        return self.authors[0] if self.authors else None

    @property
    def people(self) -> tuple[Address, ...]:
        """Author and recipients, each once."""
        everyone = (*self.authors, *self.to, *self.cc)
        return tuple({one.spec: one for one in reversed(everyone)}.values())[::-1]

    def field(self, name: str) -> str | None:
        """The body of the first field of that (lower-case) name; None where there is none."""
        return next((body for key, body in self.fields if key == name), None)
