"""What a mail carries beside its words: named, measured, never kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from parsers.body_parts import Body, is_body
from parsers.mime import Leaf, Part, leaves
from parsers.transfer import octets_of


class AttachmentKind(StrEnum):
    """What an attachment is, where that is more than a file."""

    FILE = "file"
    MESSAGE = "message"  # a mail, as .eml or as Outlook's .msg
    TNEF = "tnef"  # winmail.dat: what Exchange wraps formatting and files in
    SIGNATURE = "signature"  # of S/MIME or PGP, over what stands beside it
    ENCRYPTED = "encrypted"  # an envelope of S/MIME or PGP: the words, for whoever has the key
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A part that is not the body: what it is, never its content."""

    name: str | None  # as the sender named it, for showing only; None where nameless
    media_type: str  # "application/pdf", lower case
    size_bytes: int
    sha256: str
    kind: AttachmentKind = AttachmentKind.FILE


_MAIL_TYPES = ("message/rfc822", "message/global", "message/news")
_ENVELOPE_TYPES = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_KINDS = {  # by media type
    **dict.fromkeys((*_MAIL_TYPES, "application/vnd.ms-outlook"), AttachmentKind.MESSAGE),
    **dict.fromkeys(("application/ms-tnef", "application/vnd.ms-tnef"), AttachmentKind.TNEF),
    **dict.fromkeys(
        ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"),
        AttachmentKind.SIGNATURE,
    ),
    **dict.fromkeys(("application/pgp-encrypted", *_ENVELOPE_TYPES), AttachmentKind.ENCRYPTED),
    **dict.fromkeys(("text/calendar", "text/x-vcalendar", "application/ics"), AttachmentKind.CALENDAR),
}
# By name, for what is sent as octets of no type.
_NAMES = (
    (re.compile(r"winmail\d{0,3}\.dat", re.I), AttachmentKind.TNEF),
    (re.compile(r".{0,400}\.(?:eml|msg)", re.I | re.S), AttachmentKind.MESSAGE),
    (re.compile(r".{0,400}\.(?:p7s|sig)|signature\.asc", re.I | re.S), AttachmentKind.SIGNATURE),
    (re.compile(r".{0,400}\.(?:p7m|pgp|gpg)|encrypted\.asc", re.I | re.S), AttachmentKind.ENCRYPTED),
    (re.compile(r".{0,400}\.(?:ics|vcs)", re.I | re.S), AttachmentKind.CALENDAR),
)


def attachments_of(raw: bytes, root: Part, body: Body) -> tuple[Attachment, ...]:
    """The attachments of a mail in order, then what stood in its text: uuencoded files, encrypted words. Total."""
    return tuple(_attachments(raw, root, body))


def is_mail(part: Part) -> bool:
    """Whether a part is a mail attached whole, as it came: not Outlook's own format."""
    return part.media_type in _MAIL_TYPES or (part.name or "").lower().endswith(".eml")


def _attachments(raw: bytes, root: Part, body: Body) -> Iterator[Attachment]:
    for leaf in leaves(root):
        if not is_body(leaf):
            part = leaf.part
            found = _attachment(part.name, part.media_type, octets_of(raw, part), _kind(leaf))
            yield found if found.size_bytes else replace(found, size_bytes=part.emptied_bytes)
    for name, content in body.files:
        yield _attachment(name, "application/octet-stream", content, _kind_by_name(name))
    for armored in body.encrypted:
        content = armored.encode("utf-8", "replace")
        yield _attachment(None, "application/pgp-encrypted", content, AttachmentKind.ENCRYPTED)


def _attachment(
    name: str | None, media_type: str, content: bytes | memoryview, kind: AttachmentKind
) -> Attachment:
    return Attachment(
        name=name,
        media_type=media_type,
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        kind=kind,
    )


def _kind(leaf: Leaf) -> AttachmentKind:
    part = leaf.part
    if leaf.inside == "multipart/encrypted":
        return AttachmentKind.ENCRYPTED
    if part.media_type in _ENVELOPE_TYPES and part.parameters.get("smime-type", "").lower() == "certs-only":
        return AttachmentKind.FILE  # RFC 8551 §3.8: certificates, no words
    return _KINDS.get(part.media_type) or _kind_by_name(part.name or "")


def _kind_by_name(name: str) -> AttachmentKind:
    return next((kind for names, kind in _NAMES if names.fullmatch(name)), AttachmentKind.FILE)
