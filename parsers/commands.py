"""What an account manager's reply orders (contract.md, "Replies that it obeys")."""

from __future__ import annotations

import re
from datetime import datetime, time

from parsers import command_hints as hints
from parsers.command_attempts import answered, tried
from parsers.command_conflicts import contradicted, contradicted_clauses
from parsers.command_courtesy import is_courtesy
from parsers.command_held import held_back
from parsers.command_items import read_give, read_not, read_replied, read_why
from parsers.command_kinds import (
    Approvals,
    Assign,
    Command,
    Done,
    Give,
    Handover,
    Help,
    More,
    NotSo,
    NotUnderstood,
    Page,
    Pause,
    Replied,
    Resume,
    Snooze,
    Snoozed,
    Undo,
    Wake,
    Why,
)
from parsers.command_names import NoName, name_in
from parsers.command_sayings import mended_time, otherwise, without_note
from parsers.command_wholes import (
    read_approvals,
    read_handover,
    read_page,
    read_pause,
    read_phrase,
    read_resume,
)
from parsers.command_words import (
    LISTED,
    LISTED_LOOSELY,
    NEGATED,
    as_written,
    bare,
    clauses_in,
    is_request,
    lowered,
    numbers_in,
    verb_first,
)
from parsers.dates import Unwoken, wake_of

__all__ = [
    "Approvals",
    "Assign",
    "Command",
    "Done",
    "Give",
    "Handover",
    "Help",
    "More",
    "NotSo",
    "NotUnderstood",
    "Page",
    "Pause",
    "Replied",
    "Resume",
    "Snooze",
    "Snoozed",
    "Undo",
    "Wake",
    "Why",
    "commands_of",
    "contradicted",
    "contradicted_clauses",
    "is_courtesy",
]

_MOST_CLAUSES = 20  # promises.md: more is no reply that a person wrote
_SHOWN = 200  # characters of a clause that are given back
_HINT_MANY = f"Only the first {_MOST_CLAUSES} commands of a reply are read; send the others in another reply."
_ONLY_ASK = (Help, Why, More, Snoozed, Approvals, Page)  # what changes nothing may be put as a question

_AFTER_SNOOZE = re.compile(LISTED)
_AFTER_VERB = re.compile(LISTED_LOOSELY)
_FIRST = re.compile(rf"[(\[]?{LISTED_LOOSELY}\.?[)\]]? ?(?P<link>:|->|=|-|→|\.|as |is |are )? ?(?=[a-z?])")
_IS = re.compile(rf"{LISTED_LOOSELY} ?(?:(?P<is>is|are)(?P<for> for)?\b:?|belongs? to\b:?|=) ?(?=\S)")
_TO = re.compile(rf"{LISTED_LOOSELY} ?(?:to\b:?|:) ?(?=\S)")
_EXCEPTION = re.compile(r"\b(?:but|except|without|not)\b.{0,20}[0-9]")
_UNDONE = re.compile(
    r"(?:(?:it|that|this|them|all|everything)|all (?:of )?(?:it|that|this|them)"
    r"|(?:my|the|that)(?: (?:last|latest|previous))? (?:reply|e?-?mail|message|changes?|commands?)(?:'s? changes?)?"
    r"|the (?:last|latest|previous) one)?"
)


def commands_of(own: str, sent: datetime, *, digest_at: time) -> tuple[Command | NotUnderstood, ...]:
    """
    What a reply's own words order, clause by clause, in the order written.

    `sent` is aware, in the account manager's zone; a snooze to a day alone ends at `digest_at`.
    A line that tries to order nothing is a note, and gives nothing; one that tries and is not
    understood to its last word gives NotUnderstood, never a guess. Total.
    Source: contract.md, "Replies that it obeys".
    """
    found: list[tuple[str, Command | NotUnderstood | None]] = []
    read = 0
    for clause in clauses_in(own):
        one = _read(clause[:_SHOWN], sent, digest_at)
        if one and read == _MOST_CLAUSES:
            return (*held_back(found), NotUnderstood(clause=clause[:_SHOWN], hint=_HINT_MANY))
        read += one is not None
        found.append((clause[:_SHOWN], one))
    if not read and (told := answered([clause for clause, _ in found])):
        return (told,)
    return held_back(found)


def _read(clause: str, sent: datetime, digest_at: time) -> Command | NotUnderstood | None:
    """A clause's command; None for a note. An order with a question mark behind it is none."""
    read = _meant(clause, sent, digest_at)
    asks = "?" in clause and not is_request(clause)
    if read is None or isinstance(read, (NotUnderstood, *_ONLY_ASK)) or not asks:
        return read
    return NotUnderstood(clause=clause, hint=hints.asked_whether(as_written(clause)))


def _meant(clause: str, sent: datetime, digest_at: time) -> Command | NotUnderstood | None:
    words = otherwise(bare(clause), clause)
    if words == "later":  # a farewell
        return None
    if _SPEECH.match(clause):
        return tried(clause, words)
    phrase = read_phrase(clause, words)
    if phrase is not None and not isinstance(phrase, tuple):
        return phrase
    verb, rest = phrase or verb_first(words)
    if verb == "pause":
        return read_pause(clause, rest, sent, digest_at)
    if verb in _OF_NO_ITEM:
        return _OF_NO_ITEM[verb](clause, rest)
    if verb == "help":
        return Help(clause=clause) if len(words.split()) <= 3 else None
    if verb == "undo":
        return _undone(clause, words, rest)
    if verb in ("assign", "move"):
        return _handed(clause, verb) or tried(clause, words)
    if verb in _READERS:
        return _READERS[verb](clause, None, rest)
    if verb:
        which = (_AFTER_SNOOZE if verb == "snooze" else _AFTER_VERB).match(rest)
        if not which:
            return NotUnderstood(clause=clause, hint=hints.WHICH)
        return _ordered(clause, verb, which["which"], rest[which.end() :], sent, digest_at)
    if which := _FIRST.match(words):
        after_is = which["link"] in ("is ", "are ", "=")
        verb, rest = verb_first(words[which.end() :], after_is=after_is)
        if verb and which["link"] == "are " and which["which"].isdigit():
            return NotUnderstood(clause=clause, hint=hints.WHICH)  # "2 are done": which two?
        if verb in _SAID_OF_ALL and (
            which["which"] == "everything" or (which["which"] == "all" and after_is)
        ):
            return NotUnderstood(
                clause=clause, hint=hints.WHICH
            )  # "everything is done" tells, and orders nothing
        if (
            after_is
            and verb in ("done", "wake", "not")
            and isinstance(name_in(rest, plainly=False, owning=False), str)
        ):
            # "2 is Close Brothers", "2 is done with Dana"
            return NotUnderstood(clause=clause, hint=hints.NAME)
        if verb in ("snooze", "done", "wake"):
            return _ordered(clause, verb, which["which"], rest, sent, digest_at)
        if verb in _READERS:
            return _READERS[verb](clause, which["which"], rest)
    return _said_whose(clause, words)


_OF_NO_ITEM = {
    "resume": read_resume,
    "approvals": read_approvals,
    "workspace": read_page,
    "handover": read_handover,
}
_SAID_OF_ALL = ("done", "wake", "replied")
_READERS = {"replied": read_replied, "not": read_not, "why": read_why, "give": read_give}


def _ordered(
    clause: str, verb: str, which: str, rest: str, sent: datetime, digest_at: time
) -> Command | NotUnderstood:
    try:
        numbers = numbers_in(which)
    except ValueError:
        return NotUnderstood(clause=clause, hint=hints.NUMBER)
    rest = rest.replace('"', "").rstrip(" ,.:!?'-")
    rest = (rest if verb == "snooze" else without_note(rest)).strip(" ,.:!?'-")
    if NEGATED.search(rest):
        is_exception = numbers is None and _EXCEPTION.search(rest)
        return NotUnderstood(clause=clause, hint=hints.EXCEPT if is_exception else hints.NOT)
    if verb == "snooze":
        until = wake_of(mended_time(rest), sent, digest_at=digest_at)
        if isinstance(until, Unwoken) and (kept := without_note(rest)) != rest:
            until = wake_of(mended_time(kept), sent, digest_at=digest_at)
        if isinstance(until, Unwoken):
            return NotUnderstood(clause=clause, hint=hints.asked_until(until, sent, otherwise=hints.TIME))
        return Snooze(clause=clause, numbers=numbers, until=until)
    if rest:
        return NotUnderstood(clause=clause, hint=hints.ONE)
    return (Done if verb == "done" else Wake)(clause=clause, numbers=numbers)


def _said_whose(clause: str, words: str) -> Assign | NotUnderstood | None:
    """What "2 is Globex" says; None for a note, as "item 2 is urgent" or "all is well"."""
    written, attempt = as_written(clause), tried(clause, words)
    said = _IS.match(lowered(written))
    if said is None:
        return attempt
    begin = said.end()
    if said["for"] and written[slice(*said.span("for"))] not in (" for", " FOR"):
        begin = said.start("for") + 1  # a client called For Eyes
    name = name_in(written[begin:], plainly=False, owning=said["is"] is not None)
    read = _assigned(clause, said["which"], name)
    if isinstance(name, NoName) or read == NotUnderstood(clause=clause, hint=hints.NUMBER):
        return read if attempt else None  # "2026 is the year of video"
    is_note = not said["which"][-1].isdigit() and " " in name and name.islower()  # "all is quiet here"
    return attempt if is_note else read


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
        return NotUnderstood(clause=clause, hint=hints.NAMES[name])
    if len(clause) == _SHOWN:  # the end of the name may be cut off
        return NotUnderstood(clause=clause, hint=hints.NAME)
    try:
        numbers = numbers_in(which)
    except ValueError:
        return NotUnderstood(clause=clause, hint=hints.NUMBER)
    if numbers is None:
        return NotUnderstood(clause=clause, hint=hints.EACH)
    return Assign(clause=clause, numbers=numbers, name=name)


def _undone(clause: str, words: str, rest: str) -> Undo | NotUnderstood | None:
    if _UNDONE.fullmatch(rest):
        return Undo(clause=clause)
    return tried(clause, words)


_SPEECH = re.compile(r'[^\w"]*"[^"]{0,200}"\W{0,9}\w')  # "done 2" is what she wrote
