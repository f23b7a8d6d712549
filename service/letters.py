"""What we write to account managers: a digest or an acknowledgement to a whole mail."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from urllib.parse import quote, urlencode

from parsers.digest import Digest, Item, headline
from parsers.digest_days import AccountManager
from parsers.message import Message
from parsers.workspaces import Agency
from service.rendering import cut, page_of, shown, text_of
from service.store import Letter

MAX_HEADER_CHARS = 200
MAX_LETTER_BYTES = 100_000  # Gmail cuts off what is longer
MAX_NAME_CHARS = 100
MAX_RESULTS = 60  # in an acknowledgement; a digest has far fewer items
_ROOM = (240, 120, 60, 30)  # characters of a quote; fewer where the letter would be too long
_CRLF = "\r\n"
_BOUNDARY = "=_practiq_{}"
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")  # what others sent and can be sent on: printable ASCII


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of one clause of a reply, or of one item that it names."""

    clause: str  # the account manager's words
    text: str  # what was done, or what would be understood; a sentence
    obeyed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A reply that is written already: a tap and a send."""

    words: str
    href: str


def digest_letter(
    digest: Digest,
    *,
    agency: Agency,
    domain: str,
    token: str,
    sent_at: datetime,
    commands_off: str | None,
    late: bool,
) -> Letter:
    """
    An account manager's digest as a mail; the same arguments give the same bytes.

    `token` is what a reply is known by; `commands_off` a sentence in place of the ready replies.
    """

    def links(item: Item) -> list[Link]:
        number = item.number
        ready = (
            ("Done", f"done {number}"),
            ("Tomorrow", f"snooze {number} tomorrow"),
            ("Monday", f"snooze {number} until Monday"),
            ("In a week", f"snooze {number} 7d"),
        )
        return [Link(words=words, href=_mailto(agency.inbox, token, command)) for words, command in ready]

    waiting = digest.waiting_on_clients if any(digest.numbered) else 0  # else the headline says it
    rest = (
        (waiting, "waiting on a client" if waiting == 1 else "waiting on clients"),
        (digest.snoozed, "snoozed"),
    )
    context = {
        "digest": digest,
        "headline": headline(digest),
        "rest": ", ".join(f"{count} {words}" for count, words in rest if count),
        "links": links,
        "help": _mailto(agency.inbox, token, "help"),
        "commands_off": commands_off,
        "late": late,
    }
    return _letter(
        "digest",
        context,
        agency=agency,
        manager=digest.manager,
        message_id=f"<digest.{digest.day.isoformat()}.{token}@{domain}>",
        sent_at=sent_at,
        fields={"Auto-Submitted": "auto-generated"},
    )


def ack_letter(
    results: Sequence[Result],
    *,
    help: bool,  # noqa: A002 -- the command's own name
    unverified: bool,
    manager: AccountManager,
    agency: Agency,
    domain: str,
    message: Message,
    token: str,
    sent_at: datetime,
) -> Letter:
    """
    The answer to an account manager's reply, on its thread: per clause what was done, or what would be.

    `help` adds the table of commands; `unverified` a line that nobody vouches for who wrote the reply.
    """
    context = {
        "results": results[:MAX_RESULTS],
        "more": len(results[MAX_RESULTS:]),
        "help": help,
        "unverified": unverified and any(one.obeyed for one in results),
        "subject": message.subject,
    }
    # As written, not as compared: other mail programs tell capitals apart (RFC 5322 §3.6.4).
    answered = _MESSAGE_ID.findall(message.message_id_field)
    thread = [*_MESSAGE_ID.findall(message.field("references") or "")[-20:], *answered]
    return _letter(
        "ack",
        context,
        agency=agency,
        manager=manager,
        message_id=f"<ack.{token}@{domain}>",
        sent_at=sent_at,
        fields={
            "Auto-Submitted": "auto-replied",
            "In-Reply-To": " ".join(answered),
            "References": " ".join(thread),
        },
    )


def _letter(
    name: str,
    context: dict[str, object],
    *,
    agency: Agency,
    manager: AccountManager,
    message_id: str,
    sent_at: datetime,
    fields: dict[str, str],
) -> Letter:
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
    for room in _ROOM:
        content = head + _parts(name, context | {"room": room}, boundary)
        if len(content) < MAX_LETTER_BYTES:
            break
    return Letter(
        reverse_path=agency.inbox, recipient=manager.address, message_id=message_id, content=content
    )


def _parts(name: str, context: dict[str, object], boundary: str) -> bytes:
    words = text_of(f"{name}.txt.j2", context)
    html = page_of(f"{name}.html.j2", context)
    parts = EmailMessage(policy=SMTP)
    parts.set_content(words, cte=_transfer_encoding(words))
    parts.add_alternative(html, subtype="html", cte=_transfer_encoding(html))
    parts.set_boundary(boundary)
    return parts.as_bytes()


def _transfer_encoding(words: str) -> str:
    """The shorter one: three bytes for each byte beyond ASCII, or four for each three."""
    raw = words.encode()
    return "base64" if 5 * sum(byte > 127 for byte in raw) > len(raw) else "quoted-printable"


def _field(name: str, body: str) -> bytes:
    """
    One header field, folded at its blanks only.

    By hand, since EmailMessage encodes a long Message-ID beyond recognition, unquotes a long name
    so that its comma ends the address, and decodes what looks encoded, line breaks included.
    """
    return f"{name}: {Header(body, header_name=name).encode(linesep=_CRLF)}{_CRLF}".encode("ascii")


def _encoded(words: str) -> str:
    """Words as encoded words (RFC 2047), where they are not plain ASCII or look encoded already."""
    return words if words.isascii() and "=?" not in words else Header(words, "utf-8", 66).encode(linesep="")


def _mailbox(manager: AccountManager) -> str:
    name = cut(manager.name, MAX_NAME_CHARS)
    phrase = _encoded(name)
    return formataddr((name, manager.address)) if phrase == name else f"{phrase} <{manager.address}>"


def _mailto(inbox: str, token: str, command: str) -> str:
    """A new mail with the command in it; it has no In-Reply-To, so its subject names the digest."""
    written = urlencode({"subject": f"Re: [#{token}] {command}", "body": command}, quote_via=quote)
    return f"mailto:{quote(inbox, safe='@+')}?{written}"
