"""The client's name in a clause that says whose an item is, and the words that are none."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum, auto

LONGEST_NAME = 100  # characters


class NoName(Enum):
    """Why words say no client's name."""

    NEGATED = auto()  # whose it is not
    UNSURE = auto()  # a question, a doubt, or more than one
    SEVERAL = auto()  # another command stands behind the name
    TIME = auto()  # "on Tuesday"
    TIME_BEHIND = auto()  # "Globex until Friday"
    ORDINARY = auto()  # "urgent"


# A quoted name is one name, whatever stands in it.
_QUOTED = re.compile(r'"([^"]+)"')
_END = re.compile(
    r"(?<=\S)(?:[ ,.!-]{1,3}(?:please|pls|plz|thanks|thank you|thx)|[,.!] ?(?:thanks|thank you|thx),? [^\W\d_]{2,20}|, (?:cheers|now))[ .!]{0,3}$",
    re.I,
)
_LOOSE_ENDS = " .,!:;-–—…"
_LOOSE_BEGINNINGS = " ,!:;=>-–—"  # a name may begin with a point

_UNEQUAL = re.compile(r" ?=?[!/]")  # "2 is !Globex", "2 =/= Globex"
_NEGATED = re.compile(
    r"\b(?:not|never|neither|nor|none|without|instead|except|but|rather|cannot|(?:is|are|was|do|does|ca|wo|ai)nt"
    r"|anything|no longer|nothing (?:to|for|of|from|about|with))\b|n't\b|^no\b"
)
_UNSURE = re.compile(
    r"\?|\b(?:or|either|both|maybe|perhaps|probably|possibly|presumably|apparently|supposedly|likely|unlikely"
    r"|unsure|unclear|dunno|idk|who knows|might|guess|guessing|seems?|if|unless|whether|iirc|afaik|imh?o|tbc|tbd"
    r"|i(?:'m| am|'d| would| do)? (?:think|believe|suppose|assume|assuming|reckon|hope|wonder|imagine|say|bet)"
    r"|(?:pretty|fairly|quite|almost|nearly|somewhat) sure|(?:can|could|may|must|should|would) be)\b"
    r"|, ?(?:right|no|yes|correct|think|eh|huh)\b|[^\W\d_]{2} ?/ ?[^\W\d_]{2}| / "
)
_ORDERS = "snooze|snoozed|later|hide|done|close|closed|wake|unsnooze|help|assign|move|undo|give|approvals|handover|pause until|resume|replied|why|mark (?:it|this|that|as)"
_ANOTHER = re.compile(
    rf"(?:\b(?:and|then)\b|[,.;:(&+]| [-–—]) ?(?:(?:please|also|then|and) ){{0,2}}(?:{_ORDERS})\b"
    rf"|\b[0-9]{{1,6}} ?(?:=|(?:is|are|belongs?|{_ORDERS})\b)"
)

_TIMES = frozenset(
    "now today tonight tomorrow yesterday morning noon afternoon evening night midnight day days week weeks weekend"
    " month months quarter year years hour hours minute minutes due overdue deadline asap eod eow am pm"
    " monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun"
    " january february march april may june july august september october november december"
    " jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_DAYS = frozenset("today tonight tomorrow monday tuesday wednesday thursday friday saturday sunday".split())
_ALSO_NAMES = frozenset("may april june august march jan day night noon week".split())  # of people
# With these a clause goes on that is no name; written with a capital they may begin one ("With Intelligence").
_BEGIN_NO_NAME = frozenset(
    "a about after all almost already also an as answered at away back because before being by called coming down due else from"
    " getting going gone here he her hers him his how i in into it it's its just like me mine my myself nearly now of"
    " off on only our ours out over phoned quite read misread really replied she since so still than that their theirs them there these they"
    " this those think thinking till to too under until up very waiting we what when where which who whose why with within you your"
    " yours".split()
)
_ORDINARY = (
    _TIMES
    | _BEGIN_NO_NAME
    | frozenset(
        "the and for is are be been was were do does did has have had can will nothing nobody everyone everybody"
        " anyone someone something somebody everything one ones two first last next other another same more less"
        " most least much many any some each every us client clients item items thread threads mail"
        " n y k yes yep yeah no nope ok okay right wrong correct incorrect true false sure certain fine good great"
        " perfect well bad better worse best worst awesome quiet calm welcome new old open pending ready live set"
        " done closed close finished complete completed resolved solved sorted handled answered replied sent paid"
        " approved rejected cancelled canceled stopped paused blocked stuck delayed late later early soon missing lost"
        " found needed required wanted useless useful relevant irrelevant important unimportant urgent critical high"
        " low normal minor major big small easy hard simple private personal internal external confidential junk spam"
        " noise duplicate duplicated dupe double repeated confusing unknown clear obvious interesting funny odd strange"
        " weird snoozed snooze hide hidden wake awake woken unsnooze undo undone move moved assign gone assigned help hold holding"
        " progress track top bottom list inbox folder spot way it'll work working resolve review approval".split()
    )
)
# "USA Today" is a name; "Globex today" is a name and a time.
_TIME_BEHIND = re.compile(
    r" (?:(until|untill|till?|by|before|after|from|since|on|for|at|in) |(?=today|tomorrow|tonight|next |this ))"
)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,80}")
_NOBODY = frozenset(
    "a an all another anybody anyone everybody everyone he her hers herself him himself it me mine my myself nobody one"
    " others our ours she somebody someone that the them themselves they this us we you your yours yourself".split()
)
_NO_PERSON = re.compile(
    r"[0-9;:?!()/&=+<>\"]| (?:untill?|till?|by|on|from|for|next|this|at|in|before|after|since|tomorrow|today|tonight|asap"
    r"|to|is|as|if|when|who|with|because|so|back)\b"
)
_WORD = re.compile(r"[^\W_]+(?:'[^\W\d_]+)?")
_COUNT = re.compile(r"[0-9]+(?:st|nd|rd|th|d|w|h|am|pm)?")
_TIME_COUNT = re.compile(r"[0-9]+(?:d|w|h|am|pm)")


def name_in(words: str, *, plainly: bool, owning: bool) -> str | NoName:
    """
    The client's name that `words` are, as written; whether such a client exists is for the caller.

    `plainly` where nothing but a client can stand there ("assign 2 to …"): else what people say of
    an item ("urgent", "on Tuesday") is no name. `owning` where "Globex's" means Globex. Without
    quotation marks around it and loose ends; between quotation marks any words are one name, but
    for a question. A question, a negation, a doubt or an alternative is never a name. Total.
    """
    if "?" in words:
        return NoName.UNSURE
    if _UNEQUAL.match(words):
        return NoName.NEGATED
    name = _END.sub("", _END.sub("", words.lstrip(_LOOSE_BEGINNINGS))).rstrip(_LOOSE_ENDS)
    if quoted := _QUOTED.fullmatch(name):
        inside = " ".join(quoted[1].split()).rstrip(_LOOSE_ENDS)
        return inside if _fits(inside, str.isalnum) else NoName.ORDINARY
    name = _without_marks(name)
    lower = name.lower()
    for reason, pattern in (
        (NoName.NEGATED, _NEGATED),
        (NoName.UNSURE, _UNSURE),
        (NoName.SEVERAL, _ANOTHER),
    ):
        if pattern.search(lower):
            return reason
    if owning:
        name = re.sub(r"(?i)'s$|(?<=s)'$", "", name)
    if any(_is_time(name[one.end() :]) for one in _TIME_BEHIND.finditer(name)):
        return NoName.TIME_BEHIND
    said = None if plainly else _said_of_items(name)
    return said or (name if _fits(name, str.isalpha) else NoName.ORDINARY)


def person_in(words: str) -> str | None:
    """
    The name or the address of one person that `words` are, as written; None where they may be more or other.

    Whether that is an account manager is for the caller. A time or a reason behind the name is no part of it. Total.
    """
    bare = words.strip(_LOOSE_BEGINNINGS + _LOOSE_ENDS + '"')
    if _ADDRESS.fullmatch(bare):
        return bare
    name = name_in(words, plainly=True, owning=False)
    if isinstance(name, NoName):
        return None
    lower = name.lower()
    first, *behind = lower.split()
    is_day = not behind and first in _DAYS
    odd = (
        first in _NOBODY
        or is_day
        or len(behind) > 3
        or _NO_PERSON.search(lower)
        or not _names_no_time(behind)
    )
    return None if odd else name


def is_said_of_items(name: str) -> bool:
    """Whether words are what people say of items, with no word that could be a client's. Total."""
    return _said_of_items(name) is not None


def _names_no_time(behind: list[str]) -> bool:
    """Whether no word behind a first name is one that people say of items or times."""
    return not any(word in _TIMES - _ALSO_NAMES for word in behind)


def _is_time(words: str) -> bool:
    """Whether words behind a name are nothing but a time."""
    return _said_of_items(words) is NoName.TIME and words == words.lstrip()


def _fits(name: str, holds: Callable[[str], bool]) -> bool:
    return len(name) <= LONGEST_NAME and any(holds(c) for c in name)


def _without_marks(name: str) -> str:
    """A name without quotation marks around it, be it a pair or a lone one of the whole clause."""
    name = name.strip('"').rstrip(_LOOSE_ENDS)
    return name[1:-1] if len(name) > 2 and name[0] == name[-1] == "'" else name


def _said_of_items(name: str) -> NoName | None:
    """What people say of an item in place of a client's name; None where it may be a name."""
    words = [word.removesuffix("'s") for word in _WORD.findall(name.lower())]
    first = _WORD.match(name)
    begins = first is not None and first[0] in _BEGIN_NO_NAME
    if not begins and any(not _COUNT.fullmatch(word) and word not in _ORDINARY for word in words):
        return None
    is_time = any(word in _TIMES or _TIME_COUNT.fullmatch(word) for word in words)
    return NoName.TIME if is_time else NoName.ORDINARY
