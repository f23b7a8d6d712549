"""One reply obeyed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from parsers.anatomy import Anatomy
from parsers.commands import Command, Done, Help, NotUnderstood, Snooze, Wake, commands_of
from parsers.digest import AccountManager
from parsers.message import Message
from service.kept_rows import Kept
from service.letter_rows import record_letter
from service.letters import Result, ack_letter
from service.message_rows import Record, find_thread_of
from service.office import Office, Policy
from service.order_rows import Mark, MarkKind, SentDigest, find_digest, record_command, record_mark

ACK_LIFE = timedelta(days=1)  # an acknowledgement that comes later helps nobody

# A digest's Message-ID names its token; so does the subject of a reply that a link in it wrote, since
# a mailto: link begins a new mail, without In-Reply-To.
_IN_MESSAGE_ID = re.compile(r"digest\.\d{4}-\d\d-\d\d\.([0-9a-f]{16})@")
_IN_SUBJECT = re.compile(r"\[#([0-9a-f]{16})\]", re.I)

log = structlog.get_logger()


def find_answered(session: Session, message: Message, office: Office) -> SentDigest | None:
    """
    The digest that a message answers, where an account manager writes it alone; else None.

    Anybody else's mail is a client's or a colleague's, whatever it quotes, and is read as such.
    """
    if office.writes_alone(message) is None:
        return None
    named = " ".join((*message.in_reply_to, *message.references))
    tokens = [*_IN_MESSAGE_ID.findall(named), *(one.lower() for one in _IN_SUBJECT.findall(message.subject))]
    digests = [digest for token in tokens if (digest := find_digest(session, token))]
    return digests[-1] if digests else None


def obey(
    session: Session,
    anatomy: Anatomy,
    *,
    record: Record,
    kept: Kept,
    digest: SentDigest,
    office: Office,
    token_of: Callable[[str], str],
    now: datetime,
) -> None:
    """
    Carry out an account manager's reply, and put its acknowledgement into the outbox.

    All in the caller's transaction, each clause once however often the reply is read. What is
    refused for whose reply it is gets no answer: that would go to whoever forged it.
    """
    manager = office.find_manager(digest.manager)
    refusal = _refusal(record, manager, office)
    if manager is None or refusal:
        record_command(
            session,
            sha256=kept.sha256,
            line=0,
            manager=digest.manager,
            clause="",
            obeyed=False,
            outcome=refusal or "no account manager any more",
            now=now,
        )
        log.warning("reply refused", message_id=record.message_id, reason=refusal)
        return
    if record.automation:
        return
    sent_at = min(record.sent_at, now).astimezone(manager.zone)
    commands = commands_of(anatomy.own, sent_at, digest_at=manager.digest_at)
    results: list[Result] = []
    for line, command in enumerate(commands, start=1):
        done = _carry_out(session, command, digest, manager, sent_at)
        new = record_command(
            session,
            sha256=kept.sha256,
            line=line,
            manager=manager.address,
            clause=command.clause,
            obeyed=all(one.obeyed for one in done),
            outcome=" ".join(one.text for one in done),
            now=now,
        )
        if not new:
            return  # read before, and answered then
        results += done
    key = f"ack:{kept.sha256}"
    letter = ack_letter(
        results,
        unverified=office.policy is Policy.WARN and record.verified is not True,
        help=any(isinstance(one, Help) for one in commands) or not commands,
        manager=manager,
        agency=office.agency,
        domain=office.letter_domain,
        message=anatomy.message,
        token=token_of(key),
        sent_at=now.astimezone(manager.zone),
    )
    record_letter(session, key, letter, now=now, expires_at=now + ACK_LIFE)


def _refusal(record: Record, manager: AccountManager | None, office: Office) -> str | None:
    """Why this reply is not obeyed; None where it is."""
    if manager is None or record.author is None or record.author.spec != manager.address:
        return "written by another account manager than the digest's"
    if office.policy is Policy.REQUIRE and record.verified is not True:
        return "our mail server does not vouch for its author"
    return None


def _carry_out(
    session: Session,
    command: Command | NotUnderstood,
    digest: SentDigest,
    manager: AccountManager,
    sent_at: datetime,
) -> list[Result]:
    """What one clause does, item by item, in words."""
    until: datetime | None = None
    match command:
        case NotUnderstood():
            return [Result(clause=command.clause, text=command.hint, obeyed=False)]
        case Help():
            return [Result(clause=command.clause, text="What you can write is listed below.", obeyed=True)]
        case Snooze():
            kind, until = MarkKind.SNOOZE, command.until
            said = f"is snoozed until {_shown(command.until)}, or until the client writes again"
        case Done():
            kind, said = MarkKind.DONE, "is closed until the client writes again"
        case Wake():
            kind, said = MarkKind.WAKE, "is back in your digest"
    results = []
    for number in command.numbers or sorted(digest.items):
        identity = digest.items.get(number)
        thread = find_thread_of(session, identity) if identity else None
        if identity is None or thread is None:
            text = f"There is no item {number} in the digest of {digest.day:%A} {digest.day.day} {digest.day:%B}."
            results.append(Result(clause=command.clause, text=text, obeyed=False))
            continue
        mark = Mark(kind=kind, until=until, made_at=sent_at, manager=manager.address)
        record_mark(session, identity, mark)
        name = f"{thread.workspace}: {thread.subject}" if thread.workspace else thread.subject
        results.append(Result(clause=command.clause, text=f"{number} ({name}) {said}.", obeyed=True))
    return results


def _shown(until: datetime) -> str:
    return f"{until:%A} {until.day} {until:%B}, {until:%H:%M}"
