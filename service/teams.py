"""What a lead's digest says of everybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from parsers.choosing import age_in_days
from parsers.digest import Oldest, Team, TeamLine
from parsers.digest_days import AccountManager
from parsers.state import Action
from parsers.turns import WaitingOn
from service.standing import Standing


def team_of(everybody: Sequence[Standing], lead: AccountManager, now: datetime) -> Team:
    """What needs whom, and what has waited longest, of all threads that stand so."""
    needs: Counter[tuple[str, str]] = Counter()
    waiting: Counter[tuple[str, str]] = Counter()
    acting = [one for one in everybody if one.state.action is not Action.NONE and not one.rest.snoozed]
    for one in acting:
        needs[_whose(one)] += 1
    for one in everybody:
        rests = one.state.waiting_on is WaitingOn.CLIENT and one.state.action is Action.NONE
        waiting[_whose(one)] += rests and not one.rest.snoozed
    lines = [
        TeamLine(
            manager=manager,
            workspace=workspace,
            needs=needs[manager, workspace],
            waiting=waiting[manager, workspace],
        )
        for manager, workspace in {*needs, *waiting}
        if needs[manager, workspace] or waiting[manager, workspace]
    ]
    oldest = []
    for action in (Action.ESCALATE, Action.STOP):
        since = [one for one in everybody if one.state.action is action and one.state.since]
        if since:
            oldest.append(_oldest(min(since, key=lambda one: (one.state.since, one.thread.id)), lead, now))
    return Team(
        lines=tuple(sorted(lines, key=lambda one: (one.manager, -one.needs, -one.waiting, one.workspace))),
        oldest=tuple(oldest),
    )


def _whose(one: Standing) -> tuple[str, str]:
    manager = one.managers[0].name if len(one.managers) == 1 else "Nobody's"
    return manager, one.thread.workspace or "without a client"


def _oldest(one: Standing, lead: AccountManager, now: datetime) -> Oldest:
    return Oldest(
        action=one.state.action,
        manager=_whose(one)[0],
        workspace=_whose(one)[1],
        subject=one.thread.subject,
        quote=one.state.quote,
        since=one.state.since.astimezone(lead.zone) if one.state.since else None,
        age_days=age_in_days(one.state.since, lead, now),
    )
