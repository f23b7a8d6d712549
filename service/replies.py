"""One reply obeyed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from parsers.anatomy import Anatomy
from parsers.commands import Help, commands_of
from parsers.digest_days import AccountManager
from parsers.message import Message
from service.desk import Desk
from service.kept_rows import Kept
from service.letter_rows import record_letter
from service.letters import Result, ack_letter
from service.message_rows import Record
from service.office import Office, Policy
from service.order_rows import SentDigest, find_digest, record_command, was_obeyed

ACK_LIFE = timedelta(days=1)  # an acknowledgement that comes later helps nobody

# A digest's Message-ID names its token; so does the subject of a reply that a link in it wrote, since
# a mailto: link begins a new mail, without In-Reply-To.
_IN_MESSAGE_ID = re.compile(r"(?:digest\.\d{4}-\d\d-\d\d|ack\.[0-9a-f]{16})\.([0-9a-f]{16})@")
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
    if record.automation or was_obeyed(session, kept.sha256):
        return
    sent_at = min(record.sent_at, now).astimezone(manager.zone)
    commands = commands_of(anatomy.own, sent_at, digest_at=manager.digest_at)
    results: list[Result] = []
    desk = Desk(session=session, digest=digest, manager=manager, office=office, sent_at=sent_at)
    for line, command in enumerate(commands, start=1):
        done = desk.carry_out(command)
        record_command(
            session,
            sha256=kept.sha256,
            line=line,
            manager=manager.address,
            clause=command.clause,
            obeyed=all(one.obeyed for one in done),
            outcome=" ".join(one.text for one in done),
            now=now,
        )
        results += done
    key = f"ack:{kept.sha256}"
    letter = ack_letter(
        results,
        unverified=office.policy is Policy.WARN and record.verified is not True,
        help=any(isinstance(one, Help) for one in commands) or not commands,
        undoable=desk.has_ordered,
        manager=manager,
        agency=office.agency,
        domain=office.letter_domain,
        message=anatomy.message,
        token=token_of(key),
        digest_token=digest.token,
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
