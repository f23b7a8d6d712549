"""What an account manager's reply orders (contract.md, "Replies that it obeys")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time

from parsers.dates import wake_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """Hide items until an instant, or until the client writes again."""

    clause: str  # the account manager's words for this command
    numbers: tuple[int, ...] | None  # of that digest's items; None for all of them
    until: datetime  # aware, in the account manager's zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Close items until the client writes again."""

    clause: str
    numbers: tuple[int, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wake:
    """End the snooze (or the closing) of items."""

    clause: str
    numbers: tuple[int, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """Answer with what can be written."""

    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUnderstood:
    """A clause that orders something we cannot make out, and what would be understood."""

    clause: str
    hint: str  # one sentence: what to write instead


Command = Snooze | Done | Wake | Help


_MOST_CLAUSES = 20  # promises.md: more is no reply that a person wrote
_LONGEST = 20_000  # characters read; a reply is far shorter
_HIGHEST = 99  # a digest has far fewer items: a longer number is a year or a phone's
_SHOWN = 200  # characters of a clause that are given back

_VERBS = {
    **dict.fromkeys(("snooze", "later", "hide"), "snooze"),
    **dict.fromkeys(("done", "close", "closed"), "done"),
    **dict.fromkeys(("wake", "unsnooze"), "wake"),
    **dict.fromkeys(("help", "?"), "help"),
}
# A letter off a verb, and words of their own all the same.
_NO_TYPOS = frozenset(
    "don doe dose dove dome dine dune dope dote dons dong wave wade ware wage woke wakes hire hike hive hid"
    " chose clone closer closet clothe cloned lose late latter layer alter held hell heap helps".split()
)
# The contract's verbs that are not obeyed yet: named, so that none is taken for a note.
_NOT_YET = "assign|give|not|why|workspace|undo"

_ITEM = r"(?:# ?)?[0-9]{1,6}(?![0-9]|[:./][0-9])"
_RANGE = rf"{_ITEM}(?: ?(?:-|–|—|to|through) ?{_ITEM})?(?![a-z0-9]|[:./-][0-9])"
_ALL = r"(?:all|everything)\b"
_LISTED = rf"{_RANGE}(?: ?(?:, ?and|,|&|\+|and) ?{_RANGE}){{0,40}}"
_LISTED_LOOSELY = rf"{_RANGE}(?:(?: ?(?:, ?and|,|&|\+|and) ?| ){_RANGE}){{0,40}}"
_WHICH = r"(?:(?:items?|numbers?|no\.?|nos\.?) ?)?"
_AFTER_SNOOZE = re.compile(rf"{_WHICH}(?P<which>{_ALL}|{_LISTED})")
_AFTER_VERB = re.compile(rf"{_WHICH}(?P<which>{_ALL}|{_LISTED_LOOSELY})")
_FIRST = re.compile(rf"{_WHICH}(?P<which>{_ALL}|{_LISTED_LOOSELY}) ?(?::|=|-|\.|as |is )? ?(?=[a-z?])")
_EACH = re.compile(r"([0-9]{1,6})(?: ?(?:-|–|—|to|through) ?#? ?([0-9]{1,6}))?")

_VERB = re.compile(r"([a-z]{3,10}(?![a-z'-])|\?)[ :,]{0,2}")
_POLITE = re.compile(
    r"(?:(?:please|pls|plz|kindly|(?:can|could|would|will) you|and|then|also|ok|okay|hi|hey|hello|thanks"
    r"|thank you|thx|mark|set|practiq)\b[ ,:!.-]{0,3}|[-*•] )"
)
_POLITE_END = re.compile(r"[ ,.!-]{0,3}\b(?:please|pls|plz|thanks|thank you|thx|cheers|now)[ .!]{0,3}$")
_NEGATED = re.compile(r"\b(?:don'?t|do not|never|not|no need|without|instead|except|but)\b")
_NAMES = "|".join(verb for verb in _VERBS if verb.isalpha())
_NEXT_COMMAND = re.compile(
    rf"(?:[,.] |[,.]? ?\b(?:and|then) )(?=(?:{'|'.join(_VERBS)[:-2]}) (?:#?[0-9]|all\b))"
)
_STRAIGHT = str.maketrans("０１２３４５６７８９；，＃’‘“”\t\xa0", "0123456789;,#''\"\"  ")

_HINT_WHICH = 'Name the items by their numbers, or all: "done 3", "snooze 2 until Tuesday".'
_HINT_NUMBER = "Use the numbers of that digest, which begin at 1, as in 2, or 1, 3-5, or all."
_HINT_TIME = 'Say until when: "snooze 2 until Tuesday", "snooze 2 3d", "snooze 2 tomorrow 2pm".'
_HINT_ONE = "Write one command a line, or separate them by a semicolon."
_HINT_NOT = "Leave out what should not happen; write only what should, one command a line."
_HINT_NOT_YET = "This version obeys snooze, done, wake and help only."
_HINT_HELP = 'Write "snooze 2 until Tuesday", "done 3", "wake 2" or "help".'
_HINT_MANY = f"Only the first {_MOST_CLAUSES} commands of a reply are read; send the others in another reply."


def commands_of(own: str, sent: datetime, *, digest_at: time) -> tuple[Command | NotUnderstood, ...]:
    """
    What a reply's own words order, clause by clause, in the order written.

    `sent` is aware, in the account manager's zone; a snooze to a day alone ends at `digest_at`.
    A line that tries to order nothing is a note, and gives nothing; one that tries and is not
    understood to its last word gives NotUnderstood, never a guess. Total.
    Source: contract.md, "Replies that it obeys".
    """
    found: list[Command | NotUnderstood] = []
    for clause in _clauses(own[:_LONGEST]):
        read = _read(clause[:_SHOWN], sent, digest_at)
        if read and len(found) == _MOST_CLAUSES:
            return (*found, NotUnderstood(clause=clause[:_SHOWN], hint=_HINT_MANY))
        if read:
            found.append(read)
    return tuple(found)


def _clauses(own: str) -> Iterator[str]:
    """Lines, cut at semicolons, and where another command follows a comma or an "and"."""
    for line in own.translate(_STRAIGHT).splitlines():
        for part in line.split(";"):
            clause = " ".join(part.split())
            several = [clause] if _NEGATED.search(clause.lower()) else _cut(clause)
            yield from (one for one in several if one)


def _cut(clause: str) -> list[str]:
    cuts = [(0, 0), *(match.span() for match in _NEXT_COMMAND.finditer(clause.lower()))]
    ends = [start for start, _ in cuts[1:]] + [len(clause)]
    return [clause[after:end].strip() for (_, after), end in zip(cuts, ends, strict=True)]


def _read(clause: str, sent: datetime, digest_at: time) -> Command | NotUnderstood | None:
    """A clause's command; None for a note."""
    words = _bare(clause)
    if words == "later":  # a farewell
        return None
    verb, rest = _verb_first(words)
    if verb == "help":
        return Help(clause=clause) if len(words.split()) <= 3 else None
    if verb:
        which = (_AFTER_SNOOZE if verb == "snooze" else _AFTER_VERB).match(rest)
        if not which:
            return NotUnderstood(clause=clause, hint=_HINT_WHICH)
        return _ordered(clause, verb, which["which"], rest[which.end() :], sent, digest_at)
    if which := _FIRST.match(words):
        verb, rest = _verb_first(words[which.end() :])
        if verb in ("snooze", "done", "wake"):
            return _ordered(clause, verb, which["which"], rest, sent, digest_at)
    return _tried(clause, words)


def _bare(clause: str) -> str:
    """A clause in lower case without fillers around it."""
    words = clause.lower()
    for _ in range(4):
        polite = _POLITE.match(words)
        words = words[polite.end() :] if polite else words
    return _POLITE_END.sub("", _POLITE_END.sub("", words)).strip(" \"'!.,?") or words.strip()


def _verb_first(words: str) -> tuple[str | None, str]:
    """The verb that the words begin with, a letter off at the most, and what follows it."""
    match = _VERB.match(words)
    if not match:
        return None, words
    word = match[1]
    near = (meant for verb, meant in _VERBS.items() if word not in _NO_TYPOS and _is_typo(word, verb))
    return _VERBS.get(word) or next(near, None), words[match.end() :]


def _is_typo(word: str, verb: str) -> bool:
    """Whether a word is a verb of four letters or more with one letter missing, added, wrong or swapped."""
    if len(verb) < 4 or word[0] != verb[0] or abs(len(word) - len(verb)) > 1:
        return False
    same = next((at for at, (one, other) in enumerate(zip(word, verb, strict=False)) if one != other), None)
    if same is None:
        return True
    left, right = word[same:], verb[same:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    return swapped or left[1:] == right[1:] or left[1:] == right or left == right[1:]


def _ordered(
    clause: str, verb: str, which: str, rest: str, sent: datetime, digest_at: time
) -> Command | NotUnderstood:
    try:
        numbers = _numbers(which)
    except ValueError:
        return NotUnderstood(clause=clause, hint=_HINT_NUMBER)
    rest = rest.replace('"', "").strip(" ,.:!?'-")
    if _NEGATED.search(rest):
        return NotUnderstood(clause=clause, hint=_HINT_NOT)
    if verb == "snooze":
        until = wake_at(rest, sent, digest_at=digest_at) if rest else None
        if until is None:
            return NotUnderstood(clause=clause, hint=_HINT_TIME)
        return Snooze(clause=clause, numbers=numbers, until=until)
    if rest:
        return NotUnderstood(clause=clause, hint=_HINT_ONE)
    return (Done if verb == "done" else Wake)(clause=clause, numbers=numbers)


def _numbers(which: str) -> tuple[int, ...] | None:
    """The numbers of a list, each once, in order; None for all. Raises ValueError for what no digest has."""
    if not which[-1].isdigit():
        return None
    found: set[int] = set()
    for first, last in _EACH.findall(which):
        low, high = int(first), int(last or first)
        if not 1 <= low <= high <= _HIGHEST:
            raise ValueError(which)
        found.update(range(low, high + 1))
    return tuple(sorted(found))


_STARTS_NUMBERED = re.compile(r"# ?[0-9]|[0-9]{1,2}(?![0-9]|[:./-][0-9]|[a-z])")
_STARTS_NOT_YET = re.compile(
    rf"(?:{_NOT_YET}) (?:items? |number )?(?:#?[0-9]|all\b)|undo(?: \S{{1,20}}){{0,2}}$|workspace \S"
)
_HOLDS_VERB = re.compile(rf"\b(?:{_NAMES})\b")
_HOLDS_NUMBER = re.compile(r"#?[0-9]|\ball\b")


def _tried(clause: str, words: str) -> NotUnderstood | None:
    """What a clause that is no command was trying; None where it is a note."""
    if _STARTS_NOT_YET.match(words):
        return NotUnderstood(clause=clause, hint=_HINT_NOT_YET)
    verb_and_number = _HOLDS_VERB.search(words) and _HOLDS_NUMBER.search(words)
    if verb_and_number or _STARTS_NUMBERED.match(words):
        hint = _HINT_NOT if _NEGATED.search(words) else _HINT_HELP
        return NotUnderstood(clause=clause, hint=hint)
    return None
