"""What we write to account managers: a digest or an acknowledgement to a whole mail. Alone knows Jinja2."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
from urllib.parse import quote, urlencode

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined

from parsers.digest import AccountManager, Digest, Item, headline
from parsers.message import Message
from parsers.state import Action
from parsers.workspaces import Agency
from service.store import Letter

MAX_HEADER_CHARS = 200
MAX_QUOTE_CHARS = 280
_BOUNDARY = "=_practiq_{}"

_TO_DO = {
    Action.ESCALATE: "Call them",
    Action.STOP: "Stop work",
    Action.REVISE: "Revise",
    Action.PROCEED: "Go ahead",
    Action.START: "Start the brief",
    Action.RESPOND: "Answer",
    Action.DELIVER: "Deliver what was promised",
    Action.CHASE: "Chase",
    Action.NONE: "Look",
}


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
        if commands_off:
            return []
        number = item.number
        ready = (
            ("Done", f"done {number}"),
            ("Tomorrow", f"snooze {number} tomorrow"),
            ("Monday", f"snooze {number} until Monday"),
            ("Next week", f"snooze {number} 7d"),
        )
        return [Link(words=words, href=_mailto(agency.inbox, token, command)) for words, command in ready]

    context = {
        "digest": digest,
        "headline": headline(digest),
        "agency": agency,
        "links": links,
        "help": _mailto(agency.inbox, token, "help"),
        "commands_off": commands_off,
        "late": late,
        "sent_at": sent_at,
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
    references = " ".join(f"<{one}>" for one in (*message.references[-20:], message.message_id))
    context = {
        "results": results,
        "help": help,
        "unverified": unverified,
        "subject": message.subject,
        "agency": agency,
        "manager": manager,
    }
    return _letter(
        "ack",
        context,
        agency=agency,
        manager=manager,
        message_id=f"<ack.{token}@{domain}>",
        sent_at=sent_at,
        fields={
            "Auto-Submitted": "auto-replied",
            "In-Reply-To": _header(message.message_id_field),
            "References": references,
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
    text, page = _environments()
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Mailbox(display_name="practiq", addr_spec=agency.inbox)
    mail["To"] = Mailbox(display_name=_header(manager.name), addr_spec=manager.address)
    mail["Subject"] = _header(text.get_template(f"{name}.subject.txt.j2").render(context))
    mail["Date"] = format_datetime(sent_at)
    mail["Message-ID"] = message_id
    for field, body in fields.items():
        mail[field] = body
    mail["X-Auto-Response-Suppress"] = "All"
    mail["List-Id"] = f"practiq <digest.{agency.inbox.rpartition('@')[2]}>"
    mail.set_content(text.get_template(f"{name}.txt.j2").render(context), cte="quoted-printable")
    html = page.get_template(f"{name}.html.j2").render(context)
    mail.add_alternative(_inlined(html), subtype="html", cte="quoted-printable")
    mail.set_boundary(_BOUNDARY.format(message_id.strip("<>").partition("@")[0][-16:]))
    return Letter(
        reverse_path=agency.inbox,
        recipient=manager.address,
        message_id=message_id,
        content=mail.as_bytes(),
    )


@lru_cache(maxsize=1)
def _environments() -> tuple[Environment, Environment]:
    """How text is made, and how HTML is: there everything from outside is escaped."""
    loader = PackageLoader("templates", "")
    both = []
    for escaping in (False, True):
        environment = Environment(
            loader=loader,
            autoescape=escaping,  # noqa: S701 -- plain text has no markup to escape
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters |= {
            "to_do": lambda action: _TO_DO[action],
            "shown": shown,
            "cut": _cut,
            "day": _day,
            "age": _age,
        }
        both.append(environment)
    return both[0], both[1]


def _inlined(html: str) -> str:
    return css_inline.CSSInliner(
        load_remote_stylesheets=False, keep_style_tags=False, keep_at_rules=True
    ).inline(html)


def _mailto(inbox: str, token: str, command: str) -> str:
    """A new mail with the command in it; it has no In-Reply-To, so its subject names the digest."""
    written = urlencode({"subject": f"Re: [#{token}] {command}", "body": command}, quote_via=quote)
    return f"mailto:{inbox}?{written}"


def shown(text: str) -> str:
    """Text from outside as it may be shown: one line, no control, bidirectional or tag characters."""
    return " ".join("".join(c if _is_plain(c) else " " for c in text).split())


def _is_plain(c: str) -> bool:
    return unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") or c in "\u200c\u200d"


def _header(text: str) -> str:
    return shown(text)[:MAX_HEADER_CHARS]


def _cut(text: str) -> str:
    flat = shown(text)
    return flat if len(flat) <= MAX_QUOTE_CHARS else flat[: MAX_QUOTE_CHARS - 1].rstrip() + "…"


def _day(day: date | datetime) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _age(item: Item) -> str:
    """Since when, as people say it."""
    if item.age_days == 0:
        return "today"
    return "1 working day" if item.age_days == 1 else f"{item.age_days} working days"
