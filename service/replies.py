"""One reply obeyed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta

import structlog
from sqlalchemy.orm import Session

from parsers.anatomy import Anatomy
from parsers.automation import AutomationKind
from parsers.commands import (
    Command,
    Help,
    NotUnderstood,
    commands_of,
    contradicted,
    contradicted_clauses,
    is_courtesy,
)
from parsers.digest_days import AccountManager
from parsers.echoes import without_echo
from parsers.message import Message
from service.command_rows import record_command, was_obeyed
from service.desk import Desk, Notice
from service.digest_rows import SentDigest, find_digest
from service.kept_rows import Kept
from service.letter_rows import count_letters_to, last_worth, list_contents, record_letter
from service.letters import Result, ack_letter, notice_letter, texts_of
from service.message_rows import Record
from service.office import Office, Policy
from service.orders import carry_out

ACK_LIFE = timedelta(days=1)  # an acknowledgement that comes later helps nobody
NOTICE_LIFE = timedelta(days=3)
MOST_ACKS = 20  # of a day, to each account manager (promises.md P13)
_MOST_IDLE = 2  # of them in answer to replies that changed nothing
_ACK_KEY = "ack:"
_IDLE = "idle:"

# A digest's Message-ID names its token; so does the subject of a reply that a link in it wrote, since
# a mailto: link begins a new mail, without In-Reply-To.
_IN_MESSAGE_ID = re.compile(r"(?:digest\.\d{4}-\d\d-\d\d|ack\.[0-9a-f]{16})\.([0-9a-f]{16})@")
_ACK_ID = re.compile(r"ack\.[0-9a-f]{16}\.")
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
    refused for whose reply it is gets no answer: that would go to whoever forged it. Nor does what
    only answers our answers, or comes beyond the day's acknowledgements.
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
    if _is_machines(record, anatomy) or was_obeyed(session, kept.sha256):
        return
    own = _own_of(session, anatomy, digest)
    if is_courtesy(own):
        return
    sent_at = _written_at(session, anatomy.message, record, digest, now).astimezone(manager.zone)
    commands = commands_of(own, sent_at, digest_at=manager.digest_at)
    results: list[Result] = []
    desk = Desk(
        session=session,
        digest=digest,
        manager=manager,
        configured=office,
        sent_at=sent_at,
        now=now,
        contradicted=contradicted(commands, digest.items.keys()),
        unclear=contradicted_clauses(commands),
    )
    for line, command in enumerate(commands, start=1):
        desk.before, desk.after = [], []
        done = carry_out(desk, command)
        record_command(
            session,
            sha256=kept.sha256,
            line=line,
            manager=manager.address,
            clause=command.clause,
            obeyed=all(one.obeyed for one in done),
            outcome=" ".join(one.text for one in done),
            now=now,
            before=desk.before,
            after=desk.after,
        )
        results += done
    _acknowledge(
        session,
        anatomy.message,
        record=record,
        kept=kept,
        digest=digest,
        manager=manager,
        office=office,
        commands=commands,
        results=results,
        undoable=desk.has_ordered,
        token_of=token_of,
        now=now,
    )
    for number, notice in enumerate(desk.notices, start=1):
        _tell(
            session, notice, key=f"notice:{kept.sha256}:{number}", office=office, token_of=token_of, now=now
        )


def _is_machines(record: Record, anatomy: Anatomy) -> bool:
    """
    Whether a machine wrote a reply.

    "I'm away until the 24th, Sam covers" above the quoted digest is an account manager's wish: a responder
    that gives no sign of itself but such words quotes nothing.
    """
    by = record.automation
    is_by_words = by and by.kind is AutomationKind.OUT_OF_OFFICE and by.because.startswith("the words")
    return by is not None and not (is_by_words and anatomy.quotes)


def _written_at(
    session: Session, message: Message, record: Record, digest: SentDigest, now: datetime
) -> datetime:
    """When a reply was written, however wrong its writer's clock: after what it answers, and not ahead of us."""
    answered = [f"<{one}>" for one in (*message.in_reply_to, *message.references)]
    worth = last_worth(session, answered, _ACK_KEY)
    acknowledged = [worth - ACK_LIFE] if worth else []
    return min(max([record.sent_at, digest.made_at, *acknowledged]), now)


def _own_of(session: Session, anatomy: Anatomy, digest: SentDigest) -> str:
    """The reply's new words, without what it repeats of our letters: their examples are commands."""
    answered = (*anatomy.message.in_reply_to, *anatomy.message.references)
    contents = list_contents(session, [digest.message_id, *(f"<{one}>" for one in answered)])
    return without_echo(anatomy.own, [text for one in contents for text in texts_of(one)])


def _acknowledge(
    session: Session,
    message: Message,
    *,
    record: Record,
    kept: Kept,
    digest: SentDigest,
    manager: AccountManager,
    office: Office,
    commands: Sequence[Command | NotUnderstood],
    results: Sequence[Result],
    undoable: bool,
    token_of: Callable[[str], str],
    now: datetime,
) -> None:
    """Put the acknowledgement of a reply into the outbox, but where it would be one too many."""
    is_help = [isinstance(one, Help) for one in commands]
    is_idle = all(is_help) or not any(one.obeyed for one in results)
    if _is_too_much(session, message, is_idle=is_idle, orders=bool(commands), manager=manager, now=now):
        log.info("reply not acknowledged", message_id=record.message_id)
        return
    key = f"{_ACK_KEY}{_IDLE if is_idle else ''}{kept.sha256}"
    letter = ack_letter(
        results,
        unverified=office.policy is Policy.WARN and record.verified is not True,
        help=any(is_help) or not commands,
        undoable=undoable,
        manager=manager,
        agency=office.agency,
        domain=office.letter_domain,
        message=message,
        token=token_of(key),
        digest_token=digest.token,
        sent_at=now.astimezone(manager.zone),
    )
    record_letter(session, key, letter, now=now, expires_at=now + ACK_LIFE)


def _tell(
    session: Session,
    notice: Notice,
    *,
    key: str,
    office: Office,
    token_of: Callable[[str], str],
    now: datetime,
) -> None:
    """Put a notice to a colleague into the outbox."""
    letter = notice_letter(
        subject=notice.subject,
        paragraphs=notice.paragraphs,
        page=notice.page,
        manager=notice.to,
        agency=office.agency,
        domain=office.letter_domain,
        token=token_of(key),
        sent_at=now.astimezone(notice.to.zone),
    )
    record_letter(session, key, letter, now=now, expires_at=now + NOTICE_LIFE)


def _is_too_much(
    session: Session, message: Message, *, is_idle: bool, orders: bool, manager: AccountManager, now: datetime
) -> bool:
    """
    Whether an acknowledgement would be one too many today.

    A responder that answers whatever it gets, unmarked, would write to us for ever: an answer to an
    acknowledgement gets none where it orders nothing, or changes nothing for the third time.
    """
    midnight = datetime.combine(now.astimezone(manager.zone), time(), tzinfo=manager.zone)

    def sent(kind: str) -> int:
        return count_letters_to(session, manager.address, kind, expire_after=midnight + ACK_LIFE)

    answers_ack = any(_ACK_ID.match(one) for one in (*message.in_reply_to, *message.references))
    if answers_ack and is_idle and (not orders or sent(f"{_ACK_KEY}{_IDLE}") >= _MOST_IDLE):
        return True
    return sent(_ACK_KEY) >= MOST_ACKS


def _refusal(record: Record, manager: AccountManager | None, office: Office) -> str | None:
    """Why this reply is not obeyed; None where it is."""
    if manager is None or record.author is None or record.author.spec != manager.address:
        return "written by another account manager than the digest's"
    if office.policy is Policy.REQUIRE and record.verified is not True:
        return "our mail server does not vouch for its author"
    return None
