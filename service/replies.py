"""One reply obeyed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from parsers.anatomy import Anatomy
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
from parsers.letter_tokens import answers_ack
from parsers.message import Message
from service.answered import Answered
from service.command_rows import record_command, record_refusal, was_heard
from service.desk import Desk, Notice
from service.digest_rows import SentDigest
from service.kept_rows import Kept
from service.letter_caps import ACK, LIVES, NOTICE, count_today, is_room_for, put
from service.letter_rows import last_worth, list_contents
from service.letters import Result, ack_letter, notice_letter, texts_of
from service.logs import Log
from service.office import Office, Policy
from service.orders import carry_out
from service.records import Record
from service.refusals import refusal_of, tell_refused

_ACK_CHARS = 10  # of its own token: the digest's, behind it, is the one that counts
_MOST_IDLE = 2  # acknowledgements of a day in answer to answers that changed nothing
_IDLE = f"{ACK}idle:"

_DISAGREES = (
    "Your mail says one thing as plain text and another in its HTML, so nothing was done with it. Write it once more,"
    " as plain text alone if your mail program can."
)

log = Log(__name__)


def obey(
    session: Session,
    anatomy: Anatomy,
    *,
    record: Record,
    kept: Kept,
    answered: Answered,
    is_copy: bool,
    office: Office,
    token_of: Callable[[str], str],
    now: datetime,
) -> None:
    """
    Carry out an account manager's reply, and put its acknowledgement into the outbox.

    All in the caller's transaction, each clause once however often the reply is read. What is
    refused is told to the account manager in whose name it came, never to whoever wrote it. What
    only answers our answers, or comes beyond the day's acknowledgements, gets none. Where it came before
    by another way and was refused, `is_copy`, this one may be obeyed, and is not refused once more.
    """
    own, in_html = (
        _own_of(session, anatomy.message, one, answered) for one in (anatomy.own, anatomy.own_in_html)
    )
    if was_heard(session, kept.sha256) or (is_courtesy(own) and is_courtesy(in_html)):
        return
    manager, digest = answered.manager, answered.digest
    refused = refusal_of(session, anatomy, record, kept, answered, office, now)
    if refused and is_copy:
        return
    if refused:
        record_refusal(
            session,
            sha256=kept.sha256,
            manager=manager.address,
            kind=refused.kind if answered.digests else f"{refused.kind}, no letter",
            because=refused.because,
            now=now,
        )
        log.warning("reply refused", message_id=record.message_id, reason=str(refused.kind))
        tell_refused(
            session,
            refused,
            kept=kept,
            record=record,
            answered=answered,
            office=office,
            token_of=token_of,
            now=now,
        )
    if refused or digest is None:
        return
    sent_at = _written_at(session, anatomy.message, record, digest, now).astimezone(manager.zone)
    commands, seen = (commands_of(one, sent_at, digest_at=manager.digest_at) for one in (own, in_html))
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
    if _ordered(commands) == _ordered(seen):
        results = _carried_out(desk, commands, kept)
    else:
        results = [_asked_back(desk, kept)]
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
            session, notice, key=f"{NOTICE}{kept.sha256}:{number}", office=office, token_of=token_of, now=now
        )


def _ordered(commands: Sequence[Command | NotUnderstood]) -> list[Command]:
    """What is ordered, in whichever words."""
    return [replace(one, clause="") for one in commands if not isinstance(one, NotUnderstood)]


def _carried_out(desk: Desk, commands: Sequence[Command | NotUnderstood], kept: Kept) -> list[Result]:
    results: list[Result] = []
    for line, command in enumerate(commands, start=1):
        desk.before, desk.after = [], []
        done = carry_out(desk, command)
        record_command(
            desk.session,
            sha256=kept.sha256,
            line=line,
            manager=desk.manager.address,
            clause=command.clause,
            obeyed=all(one.obeyed for one in done),
            outcome=" ".join(one.text for one in done),
            now=desk.now,
            before=desk.before,
            after=desk.after,
        )
        results += done
    return results


def _asked_back(desk: Desk, kept: Kept) -> Result:
    """The question which of two things a mail says, noted as refused."""
    record_command(
        desk.session,
        sha256=kept.sha256,
        line=1,
        manager=desk.manager.address,
        clause="",
        obeyed=False,
        outcome=_DISAGREES,
        now=desk.now,
    )
    return Result(clause="the whole reply", text=_DISAGREES, obeyed=False)


def _written_at(
    session: Session, message: Message, record: Record, digest: SentDigest, now: datetime
) -> datetime:
    """When a reply was written, however wrong its writer's clock: after what it answers, and not ahead of us."""
    answered = [f"<{one}>" for one in (*message.in_reply_to, *message.references)]
    worth = last_worth(session, answered, ACK)
    acknowledged = [worth - LIVES[ACK]] if worth else []
    return min(max([record.sent_at, digest.made_at, *acknowledged]), now)


def _own_of(session: Session, message: Message, own: str, answered: Answered) -> str:
    """A reply's new words, without what it repeats of our letters: their examples are commands."""
    named = [f"<{one}>" for one in (*message.in_reply_to, *message.references)]
    contents = list_contents(session, [*(one.message_id for one in answered.digests), *named])
    return without_echo(own, [text for one in contents for text in texts_of(one)])


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
    key = f"{_IDLE if is_idle else ACK}{kept.sha256}"
    letter = ack_letter(
        results,
        unverified=office.policy is Policy.WARN and record.verified is not True,
        help=any(is_help) or not commands,
        undoable=undoable,
        manager=manager,
        agency=office.agency,
        domain=office.letter_domain,
        message=message,
        token=token_of(key)[:_ACK_CHARS],
        digest_token=digest.token,
        sent_at=now.astimezone(manager.zone),
    )
    put(session, ACK, key, letter, now)


def _tell(
    session: Session,
    notice: Notice,
    *,
    key: str,
    office: Office,
    token_of: Callable[[str], str],
    now: datetime,
) -> None:
    """Put a notice to a colleague into the outbox, but where it would be one too many."""
    if not is_room_for(session, notice.to, now):
        return
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
    put(session, NOTICE, key, letter, now)


def _is_too_much(
    session: Session, message: Message, *, is_idle: bool, orders: bool, manager: AccountManager, now: datetime
) -> bool:
    """
    Whether an acknowledgement would be one too many today.

    A responder that answers whatever it gets, unmarked, would write to us for ever: an answer to an
    acknowledgement gets none where it orders nothing, or changes nothing for the third time.
    """
    if (
        answers_ack(message)
        and is_idle
        and (not orders or count_today(session, manager, _IDLE, now) >= _MOST_IDLE)
    ):
        return True
    return not is_room_for(session, manager, now)
