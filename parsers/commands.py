"""What an account manager's reply orders (contract.md, "Replies that it obeys")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time

from parsers.command_names import NoName, name_in
from parsers.command_words import (
    LISTED,
    LISTED_LOOSELY,
    NEGATED,
    ORDERS,
    as_written,
    bare,
    clauses_in,
    is_request,
    lowered,
    numbers_in,
    verb_first,
)
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
class Assign:
    """Put items in a client's workspace."""

    clause: str
    numbers: tuple[int, ...]  # named one by one: all items for one client would be a slip
    name: str  # as written, 1 to 100 characters; whether a client is called that is for the caller


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """Take back what the account manager's last reply changed."""

    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """Answer with what can be written."""

    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUnderstood:
    """A clause that orders something we cannot make out, and what would be understood."""

    clause: str
    hint: str  # one sentence: what to write instead


Command = Snooze | Done | Wake | Assign | Undo | Help


_MOST_CLAUSES = 20  # promises.md: more is no reply that a person wrote
_SHOWN = 200  # characters of a clause that are given back

# The contract's verbs that are not obeyed yet: named, so that none is taken for a note.
_NOT_YET = "give|not|why|workspace"

_AFTER_SNOOZE = re.compile(LISTED)
_AFTER_VERB = re.compile(LISTED_LOOSELY)
_FIRST = re.compile(rf"{LISTED_LOOSELY} ?(?P<link>:|=|-|\.|as |is )? ?(?=[a-z?])")
_IS = re.compile(rf"{LISTED_LOOSELY} ?(?:(?P<is>is|are)(?P<for> for)?\b:?|belongs? to\b:?|=) ?(?=\S)")
_TO = re.compile(rf"{LISTED_LOOSELY} ?(?:to\b:?|:) ?(?=\S)")
_UNDONE = re.compile(
    r"(?:(?:it|that|this|them|all|everything)|all (?:of )?(?:it|that|this|them)"
    r"|(?:my|the|that)(?: (?:last|latest|previous))? (?:reply|e?-?mail|message|changes?|commands?)(?:'s? changes?)?"
    r"|the (?:last|latest|previous) one)?"
)

_HINT_WHICH = 'Name the items by their numbers, or all: "done 3", "snooze 2 until Tuesday".'
_HINT_EACH = 'Name the items by their numbers: "2 is Globex", "1, 3 are Globex".'
_HINT_NUMBER = "Use the numbers of that digest, which begin at 1, as in 2, or 1, 3-5, or all."
_HINT_TIME = 'Say until when: "snooze 2 until Tuesday", "snooze 2 3d", "snooze 2 tomorrow 2pm".'
_HINT_ONE = "Write one command a line, or separate them by a semicolon."
_HINT_NOT = "Leave out what should not happen; write only what should, one command a line."
_HINT_NAME = (
    'Write the client\'s name as your list of clients has it: "2 is Globex", or "assign 2 to Globex".'
)
_HINT_SURE = 'Name one client, and only where you are sure: "2 is Globex".'
_HINT_UNDO = 'Write "undo" alone: it takes back all that your last reply changed.'
_HINT_NOT_YET = "This version obeys snooze, done, wake, assign, undo and help only."
_HINT_HELP = 'Write "snooze 2 until Tuesday", "done 3", "wake 2", "2 is Globex", "undo" or "help".'
_HINT_MANY = f"Only the first {_MOST_CLAUSES} commands of a reply are read; send the others in another reply."
_HINTS = {
    NoName.NEGATED: _HINT_NOT,
    NoName.UNSURE: _HINT_SURE,
    NoName.SEVERAL: _HINT_ONE,
    NoName.TIME: _HINT_HELP,
    NoName.ORDINARY: _HINT_NAME,
}


def commands_of(own: str, sent: datetime, *, digest_at: time) -> tuple[Command | NotUnderstood, ...]:
    """
    What a reply's own words order, clause by clause, in the order written.

    `sent` is aware, in the account manager's zone; a snooze to a day alone ends at `digest_at`.
    A line that tries to order nothing is a note, and gives nothing; one that tries and is not
    understood to its last word gives NotUnderstood, never a guess. Total.
    Source: contract.md, "Replies that it obeys".
    """
    found: list[Command | NotUnderstood] = []
    for clause in clauses_in(own):
        read = _read(clause[:_SHOWN], sent, digest_at)
        if read and len(found) == _MOST_CLAUSES:
            return (*found, NotUnderstood(clause=clause[:_SHOWN], hint=_HINT_MANY))
        if read:
            found.append(read)
    return tuple(found)


def _read(clause: str, sent: datetime, digest_at: time) -> Command | NotUnderstood | None:
    """A clause's command; None for a note."""
    words = bare(clause)
    if words == "later":  # a farewell
        return None
    verb, rest = verb_first(words)
    if verb == "help":
        return Help(clause=clause) if len(words.split()) <= 3 else None
    if verb == "undo":
        return _undone(clause, words, rest)
    if verb in ("assign", "move"):
        return _handed(clause, verb) or _tried(clause, words)
    if verb:
        which = (_AFTER_SNOOZE if verb == "snooze" else _AFTER_VERB).match(rest)
        if not which:
            return NotUnderstood(clause=clause, hint=_HINT_WHICH)
        return _ordered(clause, verb, which["which"], rest[which.end() :], sent, digest_at)
    if which := _FIRST.match(words):
        after_is = which["link"] in ("is ", "=")
        verb, rest = verb_first(words[which.end() :], after_is=after_is)
        if (
            after_is
            and verb in ("done", "wake")
            and isinstance(name_in(rest, plainly=False, owning=False), str)
        ):
            return NotUnderstood(
                clause=clause, hint=_HINT_NAME
            )  # "2 is Close Brothers", "2 is done with Dana"
        if verb in ("snooze", "done", "wake"):
            return _ordered(clause, verb, which["which"], rest, sent, digest_at)
    return _said_whose(clause, words)


def _ordered(
    clause: str, verb: str, which: str, rest: str, sent: datetime, digest_at: time
) -> Command | NotUnderstood:
    try:
        numbers = numbers_in(which)
    except ValueError:
        return NotUnderstood(clause=clause, hint=_HINT_NUMBER)
    rest = rest.replace('"', "").strip(" ,.:!?'-")
    if NEGATED.search(rest):
        return NotUnderstood(clause=clause, hint=_HINT_NOT)
    if verb == "snooze":
        until = wake_at(rest, sent, digest_at=digest_at) if rest else None
        if until is None:
            return NotUnderstood(clause=clause, hint=_HINT_TIME)
        return Snooze(clause=clause, numbers=numbers, until=until)
    if rest:
        return NotUnderstood(clause=clause, hint=_HINT_ONE)
    return (Done if verb == "done" else Wake)(clause=clause, numbers=numbers)


def _said_whose(clause: str, words: str) -> Assign | NotUnderstood | None:
    """What "2 is Globex" says; None for a note, as "item 2 is urgent" or "all is well"."""
    written, tried = as_written(clause), _tried(clause, words)
    said = _IS.match(lowered(written))
    if said is None:
        return tried
    begin = said.end()
    if said["for"] and written[slice(*said.span("for"))] not in (" for", " FOR"):
        begin = said.start("for") + 1  # a client called For Eyes
    name = name_in(written[begin:], plainly=False, owning=said["is"] is not None)
    read = _assigned(clause, said["which"], name)
    if isinstance(name, NoName) or read == NotUnderstood(clause=clause, hint=_HINT_NUMBER):
        return read if tried else None  # "2026 is the year of video"
    is_note = not said["which"][-1].isdigit() and " " in name and name.islower()  # "all is quiet here"
    return tried if is_note else read


def _handed(clause: str, verb: str) -> Assign | NotUnderstood | None:
    """What "assign 2 to Globex" or "move 2 to Globex" says; None where it hands no item to anybody."""
    written = as_written(clause)
    _, rest = verb_first(lowered(written))
    given = _TO.match(rest)
    if given is None:
        return None
    words = written[len(written) - len(rest) + given.end() :]
    words = words.rstrip(" ?!.") if is_request(clause) else words
    name = name_in(words, plainly=verb == "assign", owning=False)
    if verb == "move" and (name in (NoName.TIME, NoName.ORDINARY) or not given["which"][-1].isdigit()):
        return None  # "move 2 to Friday", "move all to the new server"
    return _assigned(clause, given["which"], name)


def _assigned(clause: str, which: str, name: str | NoName) -> Assign | NotUnderstood:
    if isinstance(name, NoName):
        return NotUnderstood(clause=clause, hint=_HINTS[name])
    if len(clause) == _SHOWN:  # the end of the name may be cut off
        return NotUnderstood(clause=clause, hint=_HINT_NAME)
    try:
        numbers = numbers_in(which)
    except ValueError:
        return NotUnderstood(clause=clause, hint=_HINT_NUMBER)
    if numbers is None:
        return NotUnderstood(clause=clause, hint=_HINT_EACH)
    return Assign(clause=clause, numbers=numbers, name=name)


def _undone(clause: str, words: str, rest: str) -> Undo | NotUnderstood | None:
    asks = "?" in clause and not is_request(clause)
    if not asks and _UNDONE.fullmatch(rest):
        return Undo(clause=clause)
    return _tried(clause, words)


_STARTS_NUMBERED = re.compile(r"# ?[0-9]|[0-9]{1,2}(?![0-9]|[:./-][0-9]|[a-z])")
_NUMBER_NEXT = r"(?:items? |number )?(?:#?[0-9]|all\b)"
_STARTS_NOT_YET = re.compile(rf"(?:{_NOT_YET}) {_NUMBER_NEXT}|workspace \S")
_STARTS_ASSIGN = re.compile(rf"assign {_NUMBER_NEXT}")
_STARTS_UNDO = re.compile(rf"undo(?: {_NUMBER_NEXT}|(?: \S{{1,20}}){{0,2}}$)|[#0-9][^a-z]*undo$")
_HOLDS_VERB = re.compile(rf"\b(?:{ORDERS})\b")
_HOLDS_NUMBER = re.compile(r"#?[0-9]|\ball\b")


def _tried(clause: str, words: str) -> NotUnderstood | None:
    """What a clause that is no command was trying; None where it is a note."""
    if _STARTS_NOT_YET.match(words):
        return NotUnderstood(clause=clause, hint=_HINT_NOT_YET)
    if _STARTS_ASSIGN.match(words):
        return NotUnderstood(clause=clause, hint=_HINT_NAME)
    if _STARTS_UNDO.match(words):
        return NotUnderstood(clause=clause, hint=_HINT_UNDO)
    verb_and_number = _HOLDS_VERB.search(words) and _HOLDS_NUMBER.search(words)
    if verb_and_number or _STARTS_NUMBERED.match(words):
        negated = NEGATED.search(words) or "n't " in words
        return NotUnderstood(clause=clause, hint=_HINT_NOT if negated else _HINT_HELP)
    return None
