"""A letter's words to a whole mail: its header fields, its two parts, its length."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from parsers.digest_days import AccountManager
from parsers.workspaces import Agency
from service.rendering import cut, page_of, shown, text_of
from service.store import Letter

MAX_HEADER_CHARS = 200
MAX_LETTER_BYTES = 100_000  # Gmail cuts off what is longer
MAX_NAME_CHARS = 100
_SPACES = re.compile(r"\n{3,}")  # where a part of a template stayed empty
_CRLF = "\r\n"
_BEYOND_ASCII = bytes(range(128, 256))
_BOUNDARY = "=_practiq_{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much a letter says of what others wrote, so that it stays short; a template reads these names."""

    room: int  # characters of a quote
    lines: int  # of a list; the rest is counted
    entries: int  # of an approval ledger
    whole: int  # up to this number an item is told whole, then in a line
    links: int  # ready replies to an item


_ROOMS = (
    Room(room=240, lines=60, entries=50, whole=99, links=4),
    Room(room=160, lines=36, entries=50, whole=99, links=4),
    Room(room=120, lines=24, entries=40, whole=99, links=1),
    Room(room=80, lines=18, entries=30, whole=24, links=1),
    Room(room=80, lines=12, entries=25, whole=12, links=1),
    Room(room=60, lines=12, entries=20, whole=6, links=1),
    Room(room=40, lines=8, entries=15, whole=3, links=1),
    Room(room=40, lines=8, entries=10, whole=0, links=1),
    Room(room=24, lines=6, entries=6, whole=0, links=0),
)


def compose(
    name: str,
    context: Mapping[str, object],
    *,
    agency: Agency,
    manager: AccountManager,
    message_id: str,
    sent_at: datetime,
    fields: dict[str, str],
) -> Letter:
    """
    The templates of this name as a mail to an account manager, in as much room as it may take.

    They find the values of Room in their context.
    """
    subject = text_of(f"{name}.subject.txt.j2", context)
    named = {
        "From": formataddr(("practiq", agency.inbox)),
        "To": _mailbox(manager),
        "Subject": _encoded(shown(subject)[:MAX_HEADER_CHARS]),
        "Date": format_datetime(sent_at),
        "Message-ID": message_id,
        **fields,
        "X-Auto-Response-Suppress": "All",
        "List-Id": f"practiq <digest.{agency.inbox.rpartition('@')[2]}>",
    }
    head = b"".join(_field(field, body) for field, body in named.items() if body)
    boundary = _BOUNDARY.format(message_id.strip("<>").partition("@")[0][-16:])
    for room in _ROOMS:
        content = head + _parts(name, {**context, **asdict(room)}, boundary)
        if len(content) < MAX_LETTER_BYTES:
            break
    return Letter(
        reverse_path=agency.inbox, recipient=manager.address, message_id=message_id, content=content
    )


def _parts(name: str, context: Mapping[str, object], boundary: str) -> bytes:
    words = _SPACES.sub("\n\n", text_of(f"{name}.txt.j2", context)).strip() + "\n"
    html = page_of(f"{name}.html.j2", context)
    parts = EmailMessage(policy=SMTP)
    parts.set_content(words, cte=_transfer_encoding(words))
    parts.add_alternative(html, subtype="html", cte=_transfer_encoding(html))
    parts.set_boundary(boundary)
    return parts.as_bytes()


def _transfer_encoding(words: str) -> str:
    """The shorter one: three bytes for each byte beyond ASCII, or four for each three."""
    raw = words.encode()
    beyond = len(raw) - len(raw.translate(None, _BEYOND_ASCII))
    return "base64" if 5 * beyond > len(raw) else "quoted-printable"


def _field(name: str, body: str) -> bytes:
    """
    One header field, folded at its blanks only, a Message-ID not even behind its name: many read it as one line.

    By hand, since EmailMessage encodes a long Message-ID beyond recognition, unquotes a long name
    so that its comma ends the address, and decodes what looks encoded, line breaks included.
    """
    folded = body if name == "Message-ID" else Header(body, header_name=name).encode(linesep=_CRLF)
    return f"{name}: {folded}{_CRLF}".encode("ascii")


def _encoded(words: str) -> str:
    """Words as encoded words (RFC 2047), where they are not plain ASCII or look encoded already."""
    return words if words.isascii() and "=?" not in words else Header(words, "utf-8", 66).encode(linesep="")


def _mailbox(manager: AccountManager) -> str:
    name = cut(manager.name, MAX_NAME_CHARS)
    phrase = _encoded(name)
    return formataddr((name, manager.address)) if phrase == name else f"{phrase} <{manager.address}>"
