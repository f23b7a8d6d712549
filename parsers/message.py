"""Bytes to value: what an Internet message says of itself. Alone knows mail-parser."""

from __future__ import annotations

import email
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import mailparser

from parsers.address import Address, addresses
from parsers.attachments import Attachment, AttachmentKind, attachments_of, is_mail
from parsers.body_parts import body_of
from parsers.charset import text_from
from parsers.encoded_words import decoded
from parsers.fields import Header, charset_of, field_text, is_known, read_header, readable
from parsers.ids import MessageId, message_ids
from parsers.mime import Part, leaves, parts_of
from parsers.transfer import octets_of
from parsers.unreadable import UnreadableMessage

__all__ = ["Attachment", "AttachmentKind", "Message", "UnreadableMessage", "parse_message", "text_in_html"]

_YEARS = range(1980, 2200)  # a Date outside is a broken clock's
_MAX_DATE_CHARS = 200
_MAX_REFERENCES = 200
_MAX_PEOPLE_CHARS = 100_000  # of all From fields, all To, all Cc: one that is full hides no other
_BLANKS = re.compile(r"[ \t]+")
_LINE_BREAKS = bytes.maketrans(b"\r\n\0", b"   ")
_LIBRARY_BYTES = 64_000  # of a header; mail-parser takes a tenth of a second for it
# It takes most of its time for trace fields and addresses, of which we want no more than they say (address.py).
_READ_BY_LIBRARY = frozenset({"subject", "date", "message-id", "in-reply-to", "references"})
_REPORT_TYPES = ("message/delivery-status", "message/global-delivery-status")
_MAX_REPORTS = 3
_REPORT_BYTES = 50_000  # of each
_ATTACHED = (10, 3, 1)  # how many attached mails are read, of a mail, of those in it, and of those in these


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
    note: str = ""  # of the mail inside a forward (forward.py): what its forwarder wrote above
    attached: tuple[Message, ...] = ()  # mails that it carries whole; they are among the attachments, too
    reports: tuple[str, ...] = ()  # of a delivery report: the parts for machines (RFC 3464)

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

    Raises UnreadableMessage where there is no header field at all; whatever else is broken is read as
    far as it goes. The same bytes give the same message. Time and memory are linear in the bytes and
    small: of a header the lines up to fields.MAX_LINES, of a field 64 kB, of the parts mime.MAX_PARTS,
    of the text body_parts.MAX_TEXT_BYTES are read, and of attached mails the first ten. No string in it
    has a NUL, a carriage return or a lone surrogate.

    Source: RFC 5322, RFC 2045 to 2047. mail-parser is given the header alone: it would hold each
    attachment several times, and takes seconds or fails where a mail has many parts. Names, Date and
    body are read here, since it turns Date to UTC, drops latin-1 in raw fields, and mixes the text of
    attached messages into the body.
    """
    usable = readable(raw)
    return _message(usable, 0, len(usable), original=memoryview(raw), level=0)


def text_in_html(raw: bytes) -> str:
    """What a mail's HTML says, where it has some beside its plain text; else what `parse_message` reads as its text. Total."""
    usable = readable(raw)
    header = read_header(usable, 0, len(usable), outermost=True)
    root = parts_of(usable, header, len(usable), charset=charset_of(usable, 0, len(usable)))
    return body_of(usable, root, html_first=True).text


def _message(raw: bytes, start: int, end: int, *, original: memoryview, level: int) -> Message:
    """The message that stands between two places; `original` is what it was before it was made readable."""
    header = read_header(raw, start, end, outermost=True)
    if not header.fields:
        raise UnreadableMessage("it has no header fields, so it is not a mail")
    if not any(map(is_known, dict(header.fields))) and 0 in raw[start : header.end]:
        raise UnreadableMessage("it is a binary file, not a mail")
    charset = charset_of(raw, start, end)
    root = parts_of(raw, header, end, charset=charset)
    body = body_of(raw, root)
    fields = tuple((name, field_text(body, charset)) for name, body in _fields(header))

    def all_of(name: str) -> Iterator[str]:
        return (body for key, body in fields if key == name)

    message_id, message_id_field = _message_id(all_of("message-id"), original)
    return Message(
        message_id=message_id,
        message_id_field=message_id_field,
        in_reply_to=_ids(next(all_of("in-reply-to"), "")),
        references=_ids(next(all_of("references"), ""))[-_MAX_REFERENCES:],
        authors=_people(all_of("from")),
        to=_people(all_of("to")),
        cc=_people(all_of("cc")),
        subject=decoded(next(all_of("subject"), "")),
        date=next((at for at in map(_instant, all_of("date")) if at), None),
        received_at=_instant(next(all_of("received"), "").rpartition(";")[2]),
        text=body.text,
        attachments=attachments_of(raw, root, body),
        media_type=root.declared or root.media_type,
        parameters=root.parameters,
        fields=fields,
        attached=tuple(_attached(raw, root, level)),
        reports=tuple(_reports(raw, root)),
    )


def _fields(header: Header) -> Iterator[tuple[str, bytes]]:
    """The fields of a header, those with which it is written as mail-parser reads them, or where it cannot, the standard library."""
    bodies = [(name.lower(), name, body.translate(_LINE_BREAKS)) for name, body in header.fields]
    lines = [name.encode("ascii") + b": " + body for key, name, body in bodies if key in _READ_BY_LIBRARY]
    written = b"\r\n".join((*lines, b"", b""))
    try:
        if len(written) > _LIBRARY_BYTES:
            raise ValueError
        parsed = mailparser.parse_from_bytes(written).message
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        AssertionError,
        ArithmeticError,
        RecursionError,
    ):
        parsed = email.message_from_bytes(written)
    by_library = iter(parsed.raw_items())
    for key, _, body in bodies:
        if key in _READ_BY_LIBRARY:
            body = str(next(by_library, ("", ""))[1]).encode("utf-8", "surrogateescape")
        yield key, body


def _people(bodies: Iterator[str]) -> tuple[Address, ...]:
    """The mailboxes of all these fields, as long as they are not too much together."""
    found: list[Address] = []
    left = _MAX_PEOPLE_CHARS
    for body in bodies:
        if left > 0:
            found += addresses(body)
            left -= len(body)
    return tuple(found)


def _message_id(written: Iterator[str], original: memoryview) -> tuple[MessageId, str]:
    """The first Message-ID that is one, as compared and as written; without one, one made of the bytes."""
    for field in written:
        if named := message_ids(field):
            plain = _BLANKS.sub("", field)
            return named[0], plain if "<" in plain else f"<{plain}>"
    made_up = MessageId(f"{hashlib.sha256(original).hexdigest()[:32]}@no-message-id.invalid")
    return made_up, f"<{made_up}>"


def _ids(field: str) -> tuple[MessageId, ...]:
    """The ids of a field, encoded words in it decoded: Python's email package encodes an id that is long."""
    return message_ids(decoded(field) if "=?" in field else field)


def _instant(words: str) -> datetime | None:
    """A Date as an aware instant with its own offset; None where it names no instant."""
    words = words.strip()[:_MAX_DATE_CHARS]
    try:
        at = parsedate_to_datetime(words)
    except (ValueError, TypeError, OverflowError, IndexError, UnboundLocalError):
        return None
    if at.tzinfo is None:
        # RFC 5322 §3.3: -0000 is UTC with the sender's zone unknown; no zone at all is no instant.
        if "-0000" not in words:
            return None
        at = at.replace(tzinfo=UTC)
    return at if at.year in _YEARS else None


def _attached(raw: bytes, root: Part, level: int) -> Iterator[Message]:
    """The mails that a mail carries whole, as many as are read at this level; without what is none."""
    most = _ATTACHED[level] if level < len(_ATTACHED) else 0
    mails = (leaf.part for leaf in leaves(root) if is_mail(leaf.part))
    for part, _ in zip(mails, range(most), strict=False):
        content = octets_of(raw, part)
        try:
            if isinstance(content, memoryview):
                yield _message(raw, part.start, part.end, original=content, level=level + 1)
            else:
                inner = readable(content)
                yield _message(inner, 0, len(inner), original=memoryview(content), level=level + 1)
        except UnreadableMessage:
            continue


def _reports(raw: bytes, root: Part) -> Iterator[str]:
    """What mail servers say to programs of a mail that they could not deliver, the beginning of it."""
    found = (leaf.part for leaf in leaves(root) if leaf.part.media_type in _REPORT_TYPES)
    for part, _ in zip(found, range(_MAX_REPORTS), strict=False):
        text = text_from(bytes(octets_of(raw, part)[:_REPORT_BYTES]))
        yield text.replace("\r\n", "\n").replace("\r", "\n")
