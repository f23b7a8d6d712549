"""What we write to account managers: a digest, an acknowledgement, a notice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.policy import SMTP

from parsers.digest import Digest, Item, headline
from parsers.digest_days import AccountManager
from parsers.html import text_of as words_of
from parsers.message import Message
from parsers.page_ledger import Ledger
from parsers.pages import Page
from parsers.workspaces import Agency
from service import sentences
from service.composing import compose
from service.ready_replies import ReadyReplies
from service.store import Letter

MAX_RESULTS = 60  # in an acknowledgement; a digest has far fewer items
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")  # what others sent and can be sent on: printable ASCII


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of one clause of a reply, or of one item that it names."""

    clause: str  # the account manager's words
    text: str  # what was done, or what would be understood; a sentence
    obeyed: bool
    asked: bool = False  # it was a question, and changed nothing
    lines: tuple[str, ...] = ()  # further sentences: why an item was understood so
    items: tuple[Item, ...] = ()  # what was asked for: more items, the snoozed ones
    page: Page | None = None  # a client's live page, for page.body.*
    ledger: Ledger | None = None  # a client's approvals, for ledger.body.*


def digest_letter(
    digest: Digest,
    *,
    agency: Agency,
    domain: str,
    token: str,
    sent_at: datetime,
    commands_off: str | None,
    late: bool,
    refused: str | None = None,
) -> Letter:
    """
    An account manager's digest as a mail; the same arguments give the same bytes.

    `token` is what a reply is known by; `commands_off` a sentence in place of the ready replies,
    `refused` one on replies in the reader's name that were not obeyed.
    """
    apart = (digest.quiet, digest.drift, digest.team)
    context = {
        **_common(agency, token, sent_at),
        "digest": digest,
        "today": digest.day,
        "headline": headline(digest),
        "is_quiet": digest.asks_nothing and not any(apart),
        "commands_off": commands_off,
        "late": late,
        "refused": refused,
    }
    return compose(
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
    undoable: bool,
    manager: AccountManager,
    agency: Agency,
    domain: str,
    message: Message,
    token: str,
    digest_token: str,
    sent_at: datetime,
) -> Letter:
    """
    The answer to an account manager's reply, on its thread: per clause what was done, or what would be.

    `help` adds the table of commands; `unverified` a line that nobody vouches for who wrote the
    reply; `undoable` how to take back what was changed. `digest_token` is that of the digest that
    was answered, to which a reply to this letter leads.
    """
    context = {
        **_common(agency, digest_token, sent_at),
        "results": results[:MAX_RESULTS],
        "more": len(results[MAX_RESULTS:]),
        "help": help,
        "undoable": undoable,
        "unverified": unverified and any(one.obeyed for one in results),
        "subject": message.subject,
        "commands_off": None,
    }
    # As written, not as compared: other mail programs tell capitals apart (RFC 5322 §3.6.4).
    answered = _MESSAGE_ID.findall(message.message_id_field)
    thread = [*_MESSAGE_ID.findall(message.field("references") or "")[-20:], *answered]
    return compose(
        "ack",
        context,
        agency=agency,
        manager=manager,
        message_id=f"<ack.{token}.{digest_token}@{domain}>",
        sent_at=sent_at,
        fields={
            "Auto-Submitted": "auto-replied",
            "In-Reply-To": " ".join(answered),
            "References": " ".join(thread),
        },
    )


def notice_letter(
    *,
    subject: str,
    paragraphs: Sequence[str],
    page: Page | None,
    manager: AccountManager,
    agency: Agency,
    domain: str,
    token: str,
    sent_at: datetime,
) -> Letter:
    """
    What an account manager has to know of a colleague's reply: an item given, a client handed over.

    The subject is the heading, too, and is not said again where the paragraphs begin with it.
    `page` is the client's live page, None where the notice is of no whole client.
    """
    heads = paragraphs[:1] and paragraphs[0].strip(" .:") == subject.strip(" .:")
    context = {
        "subject": subject,
        "paragraphs": paragraphs[1:] if heads else paragraphs,
        "page": page,
        "today": sent_at.date(),
    }
    return compose(
        "notice",
        context,
        agency=agency,
        manager=manager,
        message_id=f"<notice.{token}@{domain}>",
        sent_at=sent_at,
        fields={"Auto-Submitted": "auto-generated"},
    )


def _common(agency: Agency, token: str, sent_at: datetime) -> dict[str, object]:
    """What the templates of a digest and of an acknowledgement say alike."""
    return {
        "replies": ReadyReplies(inbox=agency.inbox, token=token),
        "say": sentences,
        "today": sent_at.date(),
    }


def texts_of(content: bytes) -> list[str]:
    """What a letter of ours says, in its text part and in its HTML as mail programs turn it into text."""
    parts = message_from_bytes(content, policy=SMTP).walk()
    words = [
        (one.get_content_subtype(), one.get_content())
        for one in parts
        if one.get_content_maintype() == "text"
    ]
    return [words_of(said) if subtype == "html" else said for subtype, said in words]
