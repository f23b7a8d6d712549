"""Orders that name no item: more, snoozed, pause, resume, a client's approvals, page and handover."""

from __future__ import annotations

import re
from datetime import datetime, time

from parsers import command_hints as hints
from parsers.command_kinds import Approvals, Handover, More, NotUnderstood, Page, Pause, Resume, Snoozed
from parsers.command_names import NoName, is_said_of_items, name_in, person_in
from parsers.command_sayings import mended_time
from parsers.command_words import LISTED_LOOSELY, NEGATED, behind_verb, lowered
from parsers.dates import Unwoken, wake_of

_SHOW_ME = r"(?:(?:can|could|may) i )?(?:show|list|send|see|have|get)(?: me)? "
_SHOW = rf"(?:{_SHOW_ME})?(?:the |all (?:the )?|my )?"
_MORE = re.compile(
    rf"any more|(?:what|anything) else(?: is there| have you got)?|{_SHOW_ME}(?:all|everything)"
    rf"|(?:{_SHOW_ME}(?:the |all the )?)?(?:(?:more|mor|moer|mroe|mre|moree)(?: items?)?)|(?:{_SHOW_ME})?the rest(?: of (?:it|them))?"
)
_SNOOZED = re.compile(
    r"(?:(?:what|which(?: (?:ones?|items?|threads?))?)(?:'?s| is| are| have i| did i| i have) (?:currently |still |all )?"
    r"|(?:show|list|see|send)(?: me)? (?:what is |what's |all |the |my )?)?"
    r"snoozed(?: (?:items?|threads?|ones?|list|right(?: now)?|at the moment))?|what did i snooze|(?:the )?list of (?:all )?(?:the )?snoozed(?: (?:items?|threads?|ones?))?"
)
_BEGINS_WHOLE = re.compile(
    rf"{_SHOW}(?P<verb>approvals|workspace)\b|(?P<over>hand(?: |-)over)\b|(?P<end>(?:end|stop)(?: (?:the|my))? pause)\b"
)
_HAND_OVER = re.compile(r"hand (?P<name>.{1,100}?) over to (?P<to>.{1,100})")

_UNTIL = re.compile(
    r"(?:(?:me|my|the|digests?|e?-?mails?|letters?) ){0,2}(?:untill?|till?)\b:? ?"
    r"|(?:(?:me|my|the|digests?|e?-?mails?|letters?) ){0,2}"
    r"(?:for )?(?=(?:[0-9]{1,3} ?(?:d|w|days?|weeks?|months?)|(?:an?|one|two|three|four|five|six|seven|ten) (?:days?|weeks?|months?))\b)"
)
_PAUSES_US = re.compile(
    rf"(?:{LISTED_LOOSELY}|from\b|me\b|it\b|(?:my |the )?(?:digest|mail)s?\b|.{{0,60}}\b(?:untill?|till?)\b)"
)
_SEPARATES = re.compile(r", ?| [-–—] |[.:] | (?=(?:with|and|while) )| (?=(?:my |the )?stand[- ]?in)")
_IN = r"(?:stands|is standing|standing|will stand|steps|will step|fills|is filling|will fill|jumps) in(?: for me)?"
_COVERS = r"(?:covers|will cover|is covering|covering)(?: for me)?|takes over|(?:is|as|will be) (?:my |the |a )?stand[- ]?in"
_STANDS_IN = (
    re.compile(
        r"(?:and |with |while )?(?:my |the |a )?stand[- ]?in(?: is| will be)?[:=]? ?(?P<name>.{1,100})"
    ),
    re.compile(rf"(?:and |while |with )?(?P<name>.{{1,100}}?) (?:{_IN}|{_COVERS})"),
    re.compile(r"with (?P<name>.{1,100})"),
)
_RESUMED = re.compile(
    r"(?:(?:(?:my|the) )?(?:digests?|e?-?mails?|letters?|pause)|it|sending)?(?: (?:again|now))?(?:,? ?(?:i'm|i am|we're) back)?"
)
_RESUMES_US = re.compile(
    rf"(?:{LISTED_LOOSELY}|(?:my |the )?(?:digest|mail)s?\b|(?:on|from|after|until|till|[a-z]{{3,6}}day|tomorrow|next week)\b)"
)
_FOR = re.compile(r"(?:page )?(?:for|of|from)\b:? ?|[:=] ?")
_TO_NOBODY = re.compile(r"(?:you|me|him|her|us|them|it|the|this|that|my|our|your)\b")


def read_phrase(
    clause: str, words: str
) -> tuple[str | None, str] | More | Snoozed | Handover | NotUnderstood | None:
    """
    A whole clause of bare words that asks for more or for what is snoozed, or hands a client over; or
    the verb that a phrase stands for ("hand over", "end pause"), with what follows; None for another. Total.
    """
    if _MORE.fullmatch(words):
        return More(clause=clause)
    if _SNOOZED.fullmatch(words):
        return Snoozed(clause=clause)
    if handed := _HAND_OVER.fullmatch(words):
        name, to = (behind_verb(clause, f"{words[handed.start(one) :]}") for one in ("name", "to"))
        return _handed_over(clause, name[: len(handed["name"])], to)
    if begun := _BEGINS_WHOLE.match(words):
        verb = begun["verb"] or ("handover" if begun["over"] else "resume")
        return verb, words[begun.end() :].lstrip(" ,:")
    return None


def read_pause(clause: str, rest: str, sent: datetime, digest_at: time) -> Pause | NotUnderstood | None:
    """ "pause until 24 March, Sam stands in": what stands behind the verb. None for a note, as all readers here."""
    until = _UNTIL.match(rest)
    if until is None:
        is_time = isinstance(wake_of(rest, sent, digest_at=digest_at), datetime)  # on it, or until it?
        tries = not rest or is_time or _PAUSES_US.match(rest)
        return NotUnderstood(clause=clause, hint=hints.PAUSE) if tries else None
    said = rest[until.end() :].strip(" .!?")
    if NEGATED.search(said):
        return NotUnderstood(clause=clause, hint=hints.NOT)
    stand_in = None
    for cut in list(_SEPARATES.finditer(said))[:10]:
        behind = said[cut.end() :]
        found = next((found for one in _STANDS_IN if (found := one.fullmatch(behind))), None)
        if found:
            stand_in = person_in(behind_verb(clause, behind[found.start("name") :])[: len(found["name"])])
            if stand_in is None:
                return NotUnderstood(clause=clause, hint=hints.STAND_IN)
            said = said[: cut.start()]
            break
    ends = wake_of(mended_time(said), sent, digest_at=digest_at)
    if isinstance(ends, Unwoken):
        return NotUnderstood(clause=clause, hint=hints.asked_until(ends, sent, otherwise=hints.PAUSE))
    return Pause(clause=clause, until=ends, stand_in=stand_in)


def read_resume(clause: str, rest: str) -> Resume | NotUnderstood | None:
    """ "resume", "end pause". "resume work on Monday" is a note."""
    if _RESUMED.fullmatch(rest.strip(" .!?")):
        return Resume(clause=clause)
    return NotUnderstood(clause=clause, hint=hints.RESUME) if _RESUMES_US.match(rest) else None


def read_approvals(clause: str, rest: str) -> Approvals | NotUnderstood | None:
    """ "approvals Globex". "approvals are pending" is a note."""
    name = _asked_of(clause, rest)
    if name is None:
        return None
    if isinstance(name, NoName):
        return NotUnderstood(clause=clause, hint=hints.APPROVALS)
    return Approvals(clause=clause, name=name)


def read_page(clause: str, rest: str) -> Page | NotUnderstood | None:
    """ "workspace Globex". "workspace is down" is a note."""
    name = _asked_of(clause, rest)
    if name is None:
        return None
    if isinstance(name, NoName):
        return NotUnderstood(clause=clause, hint=hints.PAGE)
    return Page(clause=clause, name=name)


def read_handover(clause: str, rest: str) -> Handover | NotUnderstood | None:
    """ "handover Globex to Sam": split at the last "to". "hand over to you" is a note."""
    words = behind_verb(clause, rest)
    low = lowered(words)
    if begun := re.match(r"(?:of|for) |to (?=\S)", low):
        words, low = words[begun.end() :], low[begun.end() :]
        if begun[0] == "to ":
            return None if _TO_NOBODY.match(low) else NotUnderstood(clause=clause, hint=hints.HANDOVER)
    at = low.rfind(" to ")
    if at >= 0:
        return _handed_over(clause, words[:at], words[at + len(" to ") :])
    is_note = words and (is_said_of_items(words) or (words.islower() and " " in words))
    return None if is_note else NotUnderstood(clause=clause, hint=hints.HANDOVER)


def _handed_over(clause: str, client: str, person: str) -> Handover | NotUnderstood | None:
    to_nobody = _TO_NOBODY.match(lowered(person)) and client.islower()
    if _TO_NOBODY.fullmatch(lowered(client)) or to_nobody:
        return None  # "hand it over to Sam", "hand over the keys to us"
    name, to = name_in(client, plainly=True, owning=False), person_in(person)
    if isinstance(name, NoName) or to is None or is_said_of_items(name):
        return NotUnderstood(clause=clause, hint=hints.HANDOVER)
    return Handover(clause=clause, name=name, to=to)


def _asked_of(clause: str, rest: str) -> str | NoName | None:
    """The client that something is asked of; ORDINARY where one is meant that cannot be told, None in a note."""
    words = behind_verb(clause, rest)
    begun = _FOR.match(lowered(words))
    words = words[begun.end() :] if begun else words
    if not words:
        return NoName.ORDINARY
    name = name_in(words, plainly=begun is not None, owning=False)
    is_note = begun is None and words[0].islower()
    if isinstance(name, NoName):
        if words[0].isdigit() or words[0] == "#":
            return NoName.ORDINARY
        return None if is_note or (begun is None and name is NoName.ORDINARY) else NoName.ORDINARY
    if is_note and any(
        is_said_of_items(word) for word in name.split() if word not in ("and", "the", "of", "new")
    ):
        return None  # "workspace looks great"
    return name
