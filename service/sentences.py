"""Sentences about the values of a digest, the same in the text of a letter and in its HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from parsers.digest import Came, Digest, Drift, Item, QuietClient, Team, TeamLine, Unarrived, Warned
from service.rendering import cut, shown_day

MOST_NAMES = 8  # of clients in a sentence; the others are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """An account manager in the lead's table."""

    manager: str
    needs: int  # of all clients, also of those that are not shown
    waiting: int
    lines: tuple[TeamLine, ...]


def away_words(item: Item, room: int, *, headed: bool = False) -> str:
    """Who put an item away, until when, and what came since; `headed` where a heading says that it is back."""
    if item.back is None:
        return ""
    back = item.back
    by, on = cut(back.by, room // 2), shown_day(back.away_on)
    came = "; since then " + ", ".join(_wrote(one, room) for one in back.came) if back.came else ""
    if back.until is None:
        return f"Open again: {by} closed it on {on}{came}"
    until = shown_day(back.until)
    if back.asleep:
        return f"Snoozed until {until}, {back.until:%H:%M}: {by} snoozed it on {on}{came}"
    lead = f"Until {until}" if headed else f"Back from snooze (until {until})"
    return f"{lead}: {by} snoozed it on {on}{came or '; nothing came since'}"


def _wrote(one: Came, room: int) -> str:
    who = cut(one.who, room // 2)
    return f"{who} wrote: “{cut(one.quote, room)}”" if one.quote.strip() else f"{who} wrote"


def missing_words(item: Item) -> str:
    """How many messages on an item's thread we never saw; "" for none."""
    if not item.missing:
        return ""
    many = "message" if item.missing == 1 else "messages"
    return f"{item.missing} {many} on this thread never reached the inbox"


def snoozed_words(digest: Digest, room: int) -> str:
    """How much is snoozed, and whether something pressing is among it; "" for nothing."""
    if not digest.snoozed:
        return ""
    said = f"Snoozed by you: {digest.snoozed}"
    if not digest.snoozed_pressing:
        return said
    names = [cut(one, room // 2) for one in digest.snoozed_pressing]
    return f"{said}, among them an unhappy client or a stop: {_listed(names)}"


def waiting_words(digest: Digest) -> str:
    """How many threads wait on clients besides those that are shown; "" for none."""
    rest = digest.waiting_on_clients - len(digest.waiting)
    if rest <= 0:
        return ""
    if digest.waiting:
        return f"And {rest} more, not yet time to ask again"
    return f"{rest} {'thread waits' if rest == 1 else 'threads wait'}, not yet time to ask again"


def warned_words(one: Warned, room: int) -> str:
    """What to beware of, as a sentence begins."""
    words = cut(one.words, room)
    return words[:1].upper() + words[1:]


def unarrived_words(one: Unarrived, room: int) -> str:
    """What became of a letter that did not arrive."""
    letter = f"Your {one.what}" if one.to is None else f"The {one.what} to {cut(one.to, room // 2)}"
    fate = "may not have arrived" if one.perhaps else "did not arrive"
    said = cut(one.said, room).rstrip(".")
    why = f"the mail server said “{said}”" if said[:3].isdecimal() else said
    return f"{letter}, {shown_day(one.on)}, {fate}: {why}"


def quiet_words(quiet: Sequence[QuietClient], room: int) -> str:
    """Which clients have not written for long."""
    return _listed(
        [
            f"{cut(one.workspace, room // 2)} ({one.days} {'day' if one.days == 1 else 'days'})"
            for one in quiet
        ]
    )


def drift_words(drift: Sequence[Drift], room: int) -> str:
    """Which clients keep asking for more than was agreed; at least one."""
    first, *others = [
        (cut(one.workspace, room // 2), "once" if one.times == 1 else f"{one.times} times") for one in drift
    ]
    said = f"{first[0]} asked for more {first[1]} in 30 days"
    return _listed([said, *(f"{name} {times}" for name, times in others)])


def team_groups(team: Team, most: int) -> tuple[Group, ...]:
    """The lead's table, with `most` lines at the most; each account manager counts in full."""
    groups = []
    for manager, lines in groupby(team.lines, key=lambda one: one.manager):
        every = tuple(lines)
        groups.append(
            Group(
                manager=manager,
                needs=sum(one.needs for one in every),
                waiting=sum(one.waiting for one in every),
                lines=every[: max(most, 0)],
            )
        )
        most -= len(every)
    return tuple(groups)


def _listed(names: Sequence[str]) -> str:
    shown, more = names[:MOST_NAMES], len(names[MOST_NAMES:])
    return f"{', '.join(shown)} and {more} more" if more else ", ".join(shown)
