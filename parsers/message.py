"""Bytes to value: what an Internet message says of itself. Alone knows mail-parser."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message as Part
from email.utils import parsedate_to_datetime

import mailparser

from parsers.address import Address, addresses, decoded
from parsers.html import text_of
from parsers.ids import MessageId, message_ids

_YEARS = range(1980, 2200)  # a Date outside is a broken clock's
_BLANKS = re.compile(r"[ \t]+")


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

    @property
    def identity(self) -> str:
        """
        What makes two copies one message: Message-ID, author and the words (promises.md P6).

        Copies that came by two addresses differ in their trace fields only; a stranger's
        message under a used Message-ID differs in the rest.
        """
        words = "\0".join((self.message_id, self.author.spec if self.author else "", *self.text.split()))
        return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:32]

    def field(self, name: str) -> str | None:
        """The body of the first field of that (lower-case) name; None where there is none."""
        return next((body for key, body in self.fields if key == name), None)


def parse_message(raw: bytes) -> Message:
    """
    The message in these bytes.

    Raises UnreadableMessage where there is no header field at all, or where the MIME
    structure breaks the parser; the bytes are kept either way.

    Source: RFC 5322, RFC 2045 to 2047. mail-parser takes the bytes apart; names, Date and body
    are read from the parts that it found, since it turns Date to UTC, drops latin-1 in raw
    fields, and mixes the text of attached messages into the body.
    """
    try:
        root: Part = mailparser.parse_from_bytes(raw).message
        leaves = tuple(_leaves(root))
        text = _body(root).strip("\n")
        parameters = {name.lower(): str(value) for name, value in root.get_params(failobj=[])[1:]}
        attachments = tuple(_attachment(part) for part in leaves if _is_attachment(part))
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError, AssertionError) as fault:
        raise UnreadableMessage(f"its MIME structure is broken ({type(fault).__name__}: {fault})") from fault
    fields = tuple((name.lower(), _unfolded(str(body))) for name, body in root.raw_items())
    if not fields:
        raise UnreadableMessage("it has no header fields, so it is not a mail")

    def joined(name: str) -> str:
        return ", ".join(body for key, body in fields if key == name)

    def first(name: str) -> str:
        return next((body for key, body in fields if key == name), "")

    named = message_ids(first("message-id"))
    made_up = MessageId(f"{hashlib.sha256(raw).hexdigest()[:32]}@no-message-id.invalid")
    return Message(
        message_id=named[0] if named else made_up,
        message_id_field=_BLANKS.sub("", first("message-id")) if named else f"<{made_up}>",
        in_reply_to=message_ids(first("in-reply-to")),
        references=message_ids(first("references"))[-200:],
        authors=addresses(joined("from")),
        to=addresses(joined("to")),
        cc=addresses(joined("cc")),
        subject=decoded(first("subject")),
        date=_instant(first("date")),
        received_at=_instant(first("received").rpartition(";")[2]),
        text=text,
        attachments=attachments,
        media_type=root.get_content_type(),
        parameters=parameters,
        fields=fields,
    )


def _unfolded(body: str) -> str:
    """A field body on one line; raw 8-bit bytes as UTF-8, else as Windows writes them."""
    flat = " ".join(body.replace("\0", "").split())
    if flat.isascii():
        return flat
    octets = flat.encode("utf-8", "surrogateescape")
    return _decoded(octets, None)


def _instant(words: str) -> datetime | None:
    """A Date as an aware instant with its own offset; None where it names no instant."""
    try:
        at = parsedate_to_datetime(words.strip())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    if at.tzinfo is None:
        # RFC 5322 §3.3: -0000 is UTC with the sender's zone unknown; no zone at all is no instant.
        if "-0000" not in words:
            return None
        at = at.replace(tzinfo=UTC)
    return at if at.year in _YEARS else None


def _leaves(part: Part) -> Iterator[Part]:
    """The parts without parts of their own; a message inside the message is one of them."""
    if part.is_multipart() and part.get_content_maintype() == "multipart":
        for child in part.get_payload():
            if isinstance(child, Part):
                yield from _leaves(child)
    else:
        yield part


def _is_attachment(part: Part) -> bool:
    named = part.get_filename() is not None or part.get_content_disposition() == "attachment"
    return named or part.get_content_type() not in ("text/plain", "text/html")


def _attachment(part: Part) -> Attachment:
    if part.is_multipart():  # message/rfc822: the bytes of the mail inside
        content = b"".join(child.as_bytes() for child in part.get_payload() if isinstance(child, Part))
    else:
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
    name = part.get_filename()
    return Attachment(
        name=decoded(name) if name else None,
        media_type=part.get_content_type(),
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _body(part: Part) -> str:
    """
    The text of the body: of alternatives the plain one if it says anything, else the HTML's.

    Attached and bounced messages are not the author's words, and stay out.
    """
    if not part.is_multipart():
        return "" if _is_attachment(part) else _text(part)
    if part.get_content_maintype() != "multipart":
        return ""
    children = [child for child in part.get_payload() if isinstance(child, Part)]
    if part.get_content_type() == "multipart/report":
        children = children[:1]  # RFC 6522 §3: the part for people; what follows is for machines
    if part.get_content_type() == "multipart/alternative":
        plain_first = sorted(children, key=lambda child: child.get_content_type() != "text/plain")
        return next((text for text in map(_body, plain_first) if text.strip()), "")
    return "\n".join(text for text in map(_body, children) if text.strip())


def _text(part: Part) -> str:
    payload = part.get_payload(decode=True)
    text = _decoded(payload if isinstance(payload, bytes) else b"", part.get_param("charset"))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if part.get_content_type() == "text/html":
        return text_of(text)
    if str(part.get_param("format", "")).lower() == "flowed":
        return _unflowed(text, delsp=str(part.get_param("delsp", "")).lower() == "yes")
    return text


def _decoded(octets: bytes, charset: object) -> str:
    """Bytes as text: by the declared charset, else UTF-8, else cp1252, which Windows does not name."""
    declared = charset.lower().strip() if isinstance(charset, str) else ""
    # WHATWG: what says latin-1 or ASCII and has bytes 0x80 to 0x9F is cp1252.
    if declared in ("iso-8859-1", "latin-1", "latin1"):
        declared = "cp1252"
    for one in (declared, "utf-8", "cp1252"):
        try:
            return octets.decode(one)
        except (LookupError, ValueError):
            continue
    return octets.decode("latin-1")


def _unflowed(text: str, *, delsp: bool) -> str:
    """Paragraphs of format=flowed as one line each (RFC 3676 §4.2); `-- ` stays a line."""
    lines: list[str] = []
    flowing = ""  # the quote marks of the line that flows on into the next; "" for none
    for line in text.split("\n"):
        marks = line[: len(line) - len(line.lstrip(">"))]
        words = line[len(marks) :].removeprefix(" ")
        if lines and flowing == f"{marks}|" and words != "-- ":
            lines[-1] += words
        else:
            lines.append(f"{marks} {words}" if marks else words)
        flows = words.endswith(" ") and words != "-- "
        flowing = f"{marks}|" if flows else ""
        if flows and delsp:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)
