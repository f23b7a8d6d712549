"""What a digest says of the threads that it shows, read from their mail."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from parsers.brief_needs import BriefNeed, need_of
from parsers.choosing import OpenThread
from parsers.conditions import condition_of
from parsers.digest import Came, Detail
from parsers.digest_days import AccountManager
from parsers.signals import Kind, Status
from parsers.state import Action, ThreadState
from parsers.threads import ThreadId
from parsers.workspaces import Side
from service.conversation_rows import Conversation, list_conversations
from service.records import Record

MOST_CAME = 3  # messages that came while an item was snoozed: the newest
CAME_CHARS = 160


def details_of(
    session: Session, threads: Sequence[OpenThread], manager: AccountManager, now: datetime
) -> dict[str, Detail]:
    """
    The details of these threads, as of `now`, by thread.

    In a number of queries that does not grow with them.
    """
    conversations = list_conversations(session, [ThreadId(one.thread) for one in threads])
    return {
        one.thread: Detail(
            condition=_condition(records, one.state),
            brief=_brief(records) if one.state.action is Action.START else None,
            came=_came(records, one, manager),
            missing=len(conversation.missing),
        )
        for one in threads
        for conversation in [conversations.get(ThreadId(one.thread), Conversation())]
        if (records := _up_to(conversation.records, now))
    }


def _up_to(records: Collection[Record], now: datetime) -> list[Record]:
    return [one for one in records if one.heard_at <= now and one.automation is None]


def _condition(records: Sequence[Record], state: ThreadState) -> str | None:
    if state.action is not Action.PROCEED:
        return None
    found = [
        condition_of(one.own, signal.quote)
        for one in records
        if one.identity == state.message
        for signal in one.signals
        if signal.status is Status.CONDITIONAL
    ]
    return found[0] if found else None


def _brief(records: Sequence[Record]) -> BriefNeed | None:
    briefs = [one.brief for one in records if one.brief]
    named = [
        signal.due
        for one in records
        if one.side is Side.CLIENT
        for signal in one.signals
        if signal.kind is Kind.DEADLINE and signal.due
    ]
    return need_of(briefs, named[-1] if named else None) if briefs else None


def _came(records: Sequence[Record], one: OpenThread, manager: AccountManager) -> tuple[Came, ...]:
    away = one.back or one.snoozed
    if away is None:
        return ()
    since = [record for record in records if record.received_at > away.made_at]
    return tuple(
        Came(
            who=record.author.shown if record.author else "somebody",
            at=record.sent_at.astimezone(manager.zone),
            quote=" ".join(record.own.split())[:CAME_CHARS],
        )
        for record in since[-MOST_CAME:]
    )
