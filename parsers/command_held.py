"""What one line of a reply takes back, or holds out, of what another orders."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers import command_hints as hints
from parsers.command_kinds import (
    Assign,
    Command,
    Done,
    Give,
    Handover,
    NotSo,
    NotUnderstood,
    Pause,
    Replied,
    Resume,
    Snooze,
    Wake,
)
from parsers.command_words import bare, lowered, numbered_in

_OF_ITEMS = (Snooze, Done, Wake, Replied, NotSo, Give)
_CHANGING = (*_OF_ITEMS, Assign, Pause, Resume, Handover)
# "no wait, Monday" below "snooze 2 until Friday"
_TAKES_BACK = re.compile(
    r"(?:(?:no|oops|sorry|oh|ah|hm+|argh|ups)[ ,.!-]{1,3}){0,2}(?:(?:scratch|strike|forget|ignore|cancel|disregard) (?:that|this|it|the (?:above|last))"
    r"|never ?mind|on second thoughts?|correction\b|i (?:mean|meant)\b|(?:wait|hold on|hang on)(?:[ ,.!-]|$)|actually\b|or rather\b|rather\b"
    r"|make (?:that|it)\b|better\b|wrong (?:number|one|day)\b|(?:that|this|it) (?:was|is|should be) (?:a mistake|wrong)\b)"
    r"|(?:no|sorry|oops)[ ,.!-]{1,3}(?:#?[0-9]|not\b|(?:on |until )?[a-z]{3,6}day\b|tomorrow\b|next\b)"
)
_EXCEPTS = re.compile(
    r"(?:and |all |everything |just |only )?(?:except|excepting|apart from|other than|excluding|without|save for|minus)\b|(?:all |everything )?but\b(?=.{0,60}(?:\bnot\b|n't|\b(?:leave|keep|wait|only)\b|[0-9]))"
    r"|(?:and|just|only|then|also|but) (?:just |only )?not\b|not (?:the|all|everything|that|this|item|number|any)\b|(?:just|only) (?:the |items? |number )?#?[0-9]"
)
_STAYS = re.compile(
    r"\b(?:keep|leave|stays?|remains?|not yet|still open|still pending|don't|dont|do not|does not|doesn't|never|isn't|is not|not (?:done|closed|finished|ready)|not now|not today|later|wait)\b"
)

_ENDS_IN_NOT = re.compile(r"[0-9]\W{0,3}not\W{0,3}$", re.I)  # "1 done", and below it "2 not"
_BEGINS_WITH_ITEM = re.compile(r"(?:items? |number )?#? ?[0-9]{1,2}(?![\w./:%-])")


def held_back(
    read: Sequence[tuple[str, Command | NotUnderstood | None]],
) -> tuple[Command | NotUnderstood, ...]:
    """
    The commands of a reply's clauses; one that another clause takes back or makes an exception of is asked about.

    A clause comes with what was read of it, None for a note. "no wait" and "except the last" speak of what
    stands before them; "keep 3 open" of whatever orders something for 3, wherever it stands. Total.
    """
    kept = {number for clause, one in read for number in _kept_in(clause, one)}
    unclear = {number for clause, one in read for number in _unclear_in(clause, one)}
    orders = sum(isinstance(one, _OF_ITEMS) for _, one in read)
    found: list[Command | NotUnderstood] = []
    for clause, one in read:
        takes_back = not isinstance(one, _CHANGING) and _takes_back(clause)
        if takes_back and found and isinstance(found[-1], _CHANGING):
            found[-1] = NotUnderstood(clause=found[-1].clause, hint=hints.TAKEN_BACK)
        if isinstance(one, NotSo) and orders > 1 and _ENDS_IN_NOT.search(clause):
            found.append(NotUnderstood(clause=clause, hint=hints.NOT_SO))
        elif isinstance(one, _OF_ITEMS) and _is_held(one.numbers, kept, unclear):
            found.append(NotUnderstood(clause=one.clause, hint=hints.HELD))
        elif one:
            found.append(one)
    return tuple(found)


def _is_held(numbers: tuple[int, ...] | None, kept: set[int], unclear: set[int]) -> bool:
    """Whether one of these items is to be left alone, or is one of several and something else is asked for it."""
    if numbers is None:
        return bool(kept or unclear)
    return bool(kept.intersection(numbers) or (len(numbers) > 1 and unclear.intersection(numbers)))


def _takes_back(clause: str) -> bool:
    words = lowered(clause).lstrip(" \"'(-*•")
    return bool(_TAKES_BACK.match(words) or _EXCEPTS.match(words))


def _kept_in(clause: str, one: Command | NotUnderstood | None) -> set[int]:
    """The items that a clause wants left alone; one that orders something for them is none such."""
    words = lowered(clause)
    if one is not None and not isinstance(one, NotUnderstood):
        return set()
    return numbered_in(words) if _EXCEPTS.match(words) or _STAYS.search(words) else set()


def _unclear_in(clause: str, one: Command | NotUnderstood | None) -> set[int]:
    """The item that a clause begins with and says something of that is not understood: "3 → Friday"."""
    begins = _BEGINS_WITH_ITEM.match(bare(clause)) if isinstance(one, NotUnderstood) else None
    return numbered_in(begins[0]) if begins else set()
