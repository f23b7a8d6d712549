"""Orders for numbered items that say more, or other, than to close or to hide them: replied, not, why, give."""

from __future__ import annotations

import re

from parsers import command_hints as hints
from parsers.command_kinds import Give, NotSo, NotUnderstood, Replied, Why
from parsers.command_names import person_in
from parsers.command_sayings import without_note, without_today
from parsers.command_words import LISTED_LOOSELY, NEGATED, ORDERS, behind_verb, numbers_in

_LISTED = re.compile(LISTED_LOOSELY)
_REPLIED_TO = re.compile(rf"(?:to )?{LISTED_LOOSELY}")
_IS = re.compile(rf"(?:(?:is|are|was|were) )?{LISTED_LOOSELY}")
_BY = re.compile(
    r"(?:(?:by|on|over|via|per|in|with)(?: (?:the|a))? )?"
    r"(?:phone|telephone|call|chat|slack|teams|text|sms|whatsapp|zoom|person|phone call)"
)
_HERE = re.compile(
    r"(?:(?:in|on) )?(?:(?:the|my|this|today's) )?(?:here|list|listed|digest|in here|shown|there)(?: today)?"
)
# "called 2 clients", "give 2 more days", "why 2 of them"
_COUNTED = re.compile(
    r"(?:more|other|new|of|the|their|my|our|different|people|(?!(?:this|was|his|has|yes|always|tomorrows)\b)[a-z]{2,20}s)\b"
)
_EXCEPTING = re.compile(r"\W{0,3}(?:and|just|only|then|also|but)\b[ ,]{1,2}(?:just |only )?not\b")
_TO = re.compile(r"to\b:? ?(?=\S)")
_NAME_FIRST = re.compile(r"[^\W\d_]{2,20}(?: [^\W\d_]{2,20})? #?[0-9]{1,2}")
_ANY_NUMBER = re.compile(r"#?[0-9]")
_ORDER = re.compile(rf"\b(?:{ORDERS})\b")


def read_replied(clause: str, which: str | None, rest: str) -> Replied | NotUnderstood | None:
    """
    "replied 2", "2 called": what stands in a clause behind the verb, and before it in `which`.

    None for a note, as all readers here. Total.
    """
    listed = None if which else _REPLIED_TO.match(rest)
    if which is None and listed is None:
        return None if rest else NotUnderstood(clause=clause, hint=hints.WHICH)
    behind = rest[listed.end() :] if listed else f" {rest}".rstrip()
    left = _left(without_note(without_today(behind)), None)
    if listed and _COUNTED.match(left):
        return None
    if which and not which[-1].isdigit():  # "all answered" tells, and orders nothing
        return NotUnderstood(clause=clause, hint=hints.WHICH)
    if NEGATED.search(left):
        return NotUnderstood(clause=clause, hint=hints.NOT)
    if left and not _BY.fullmatch(left):
        return NotUnderstood(clause=clause, hint=hints.REPLIED)
    try:
        return Replied(clause=clause, numbers=numbers_in(which or (listed["which"] if listed else "")))
    except ValueError:
        return NotUnderstood(clause=clause, hint=hints.NUMBER)


def read_not(clause: str, which: str | None, rest: str) -> NotSo | NotUnderstood | None:
    """ "not 2", "2 is wrong"; never all of them. "not sure about 2" is a note."""
    listed = None if which else _LISTED.match(rest)
    if which is None and listed is None:
        said_wrong = clause.lower().lstrip(" \"'").startswith("wrong") and (
            not rest or _ANY_NUMBER.search(rest)
        )
        return NotUnderstood(clause=clause, hint=hints.NOT_SO) if said_wrong else None
    left = _left(rest, listed)
    numbers = _each(which or (listed["which"] if listed else ""))
    if numbers == hints.EACH and left:
        return None  # "not all of it is clear"
    if _EXCEPTING.match(clause.lower()):  # "done 1, 3", and below it "just not 2"
        return NotUnderstood(clause=clause, hint=hints.NOT_SO)
    if left:
        is_order = NEGATED.search(left) or _ORDER.search(left)
        return NotUnderstood(clause=clause, hint=hints.NOT if is_order else hints.NOT_SO)
    if isinstance(numbers, str):
        return NotUnderstood(clause=clause, hint=numbers)
    return NotSo(clause=clause, numbers=numbers)


def read_why(clause: str, which: str | None, rest: str) -> Why | NotUnderstood | None:
    """ "why 2?", "why is 2 here?". "why not" is a note."""
    listed = None if which else _IS.match(rest)
    if which is None and listed is None:
        return None if rest else NotUnderstood(clause=clause, hint=hints.WHY)
    left = _left(rest, listed)
    numbers = _each(which or (listed["which"] if listed else ""))
    if listed and (_COUNTED.match(left) or (numbers == hints.EACH and left)):
        return None
    if left and not _HERE.fullmatch(left):
        return NotUnderstood(clause=clause, hint=hints.WHY)
    if isinstance(numbers, str):
        return NotUnderstood(clause=clause, hint=numbers)
    return Why(clause=clause, numbers=numbers)


def read_give(clause: str, which: str | None, rest: str) -> Give | NotUnderstood | None:
    """ "give 2 to Sam". "give me a call" is a note."""
    listed = None if which else _LISTED.match(rest)
    if which is None and listed is None:
        return NotUnderstood(clause=clause, hint=hints.GIVE) if _NAME_FIRST.fullmatch(rest) else None
    left = _left(rest, listed)
    given = _TO.match(left)
    if given is None:
        return None if _COUNTED.match(left) else NotUnderstood(clause=clause, hint=hints.GIVE)
    numbers = _each(which or (listed["which"] if listed else ""))
    if isinstance(numbers, str):
        return NotUnderstood(clause=clause, hint=numbers)
    name = person_in(behind_verb(clause, left[given.end() :]))
    if name is None:
        return NotUnderstood(clause=clause, hint=hints.GIVE)
    return Give(clause=clause, numbers=numbers, name=name)


def _left(rest: str, listed: re.Match[str] | None) -> str:
    """What stands behind the numbers."""
    left = rest[listed.end() :] if listed else rest
    return left.lstrip(" ,.:!?'\"-").rstrip(" ,.:!?'\"-")


def _each(which: str) -> tuple[int, ...] | str:
    """The numbers of a list; what to tell where it names all, or none that a digest has."""
    try:
        return numbers_in(which) or hints.EACH
    except ValueError:
        return hints.NUMBER
