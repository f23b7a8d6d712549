"""What a clause that is no command was trying, so that nobody's order is passed over in silence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers import command_hints as hints
from parsers.command_kinds import NotUnderstood
from parsers.command_words import LISTED, NEGATED, ORDERS, bare, behind_verb, lowered

_STARTS_NUMBERED = re.compile(r"# ?[0-9]|[0-9]{1,2}(?![0-9]|[:./-][0-9]|[a-z])")
_NUMBER_NEXT = r"(?:items? |number )?(?:#?[0-9]|all\b)"
_ITEM_ENDS = r"#?[0-9]{1,2}(?![\w./:%-])(?! [a-z]{2,20}s\b)"
_NUMBER_IN_WORDS = re.compile(
    r"(?:items?|numbers?) (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
)
_GIVES = re.compile(
    rf"(?:hand|pass|forward|transfer|send|delegate|reassign|give) {_NUMBER_NEXT}.{{0,40}} to "
    rf"|(?:let )?(?!(?:i|we|you|she|he|they|who|it|to|this|that|will|can|could|should|shall|must|may|might|please|and|so|then|need|want|not|never)\b)@?[^\W\d_]{{2,20}}(?: [^\W\d_]{{2,20}})? (?:(?:can|could|should|will|please|to|may|must) )?(?:take|takes|do|does|handle|handles|get|gets)"
    rf"(?: over| on| care of)? (?:items? |number )?{_ITEM_ENDS}"
)
_SAYS_REPLIED = re.compile(
    rf"(?:i|we)(?:'ve| have)? (?:just )?(?:answered|called|phoned) {_NUMBER_NEXT}\S{{0,9}}$"
)
_ASSIGNS = re.compile(
    rf"assign {_NUMBER_NEXT}|(?:file|put) (?:items? |number )?#?[0-9].{{0,20}} (?:under|in|into|with|to) "
)
_UNDOES = re.compile(
    rf"undo(?: {_NUMBER_NEXT}|(?: \S{{1,20}}){{0,2}}$)|[#0-9][^a-z]*undo$"
    r"|(?:revert|(?:take|turn|put|roll) (?:that|it|this|them|everything) back|(?:cancel|revert|reverse) (?:that|this|it|my (?:last )?reply))$"
    r"|.{0,60}[.,!:-] undo(?: (?:that|this|it))?$"
)
_PUTS_AWAY = re.compile(
    rf"(?:ignore|dismiss|finish|resolve|skip|delete|remove|drop|archive|clear|kill|cancel|stop|disregard|forget(?: about)?) (?:items? |number )?{_ITEM_ENDS}(?!.{{0,40}} to )"
    rf"|take (?:items? |number )?{_ITEM_ENDS} (?:off|out|away)\b"
)
_OTHERWISE = re.compile(
    rf"(?:approve|reject|merge|split|flag|star|escalate|prioriti[sz]e|chase|nudge|answer|open|show|(?:same|ditto|likewise)(?: goes)?(?: for| with)?) (?:items? |number )?{_ITEM_ENDS}"
)
_MOVES_ON = re.compile(
    rf"(?:postpone|defer|delay|park|hold|push|remind me(?: of| about)?)(?: back)? (?:items? |number )?{_ITEM_ENDS}"
)
_TIME_WORD = r"(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(?:day|nesday|sday|rsday|urday)?|tomorrow|tonight|next (?:week|month|[a-z]{3,6}day)|this (?:afternoon|evening)"
_NUMBER_AND_TIME = re.compile(
    rf"{LISTED} ?(?:[,:–—→-]|->)? ?(?:(?:can wait )?(?:until|till|til) |on |for )?(?P<time>(?:{_TIME_WORD})\b[^;?]{{0,30}})$"
)
_MOVED_TO = re.compile(
    rf"move (?!all|every){LISTED} (?:to|until|till|til) (?P<time>(?:{_TIME_WORD})\b[^;?]{{0,30}})$"
)
_AWAY = re.compile(
    r"(?:(?:i'm|i am|i'll be|i will be|am) )?(?:on )?(?:(?:my |annual |paid )?(?:holidays?|vacation|leave|pto)|away|out(?: of (?:the )?office)?|ooo|off)"
    r",?(?: (?:from|as of|next|tomorrow|this)\b.{0,30})?,? (?:untill?|till?|to|through)\b(?! the [a-z]{2,20}s?\b)"
    r"|(?:(?:please )?(?:send )?(?:me )?no (?:more )?|stop (?:the |these |my |sending |sending me )*)(?:digests?|e?-?mails?|letters?)\b"
    r"|(?:stop|unsubscribe)(?: sending(?: me)? (?:this|these|that|it))?$|pause from\b"
)
# Said to a question of ours: "yes", "the second one", "until Friday".
_ANSWERS = re.compile(
    r"(?:yes|yep|yeah|yup|ja|oui|s[ií]|no|nope|nein|non|correct|exactly|right|sure|confirmed?|(?:yes|ok|okay|sure)?,? ?(?:please )?(?:do (?:it|so|that|both)|go ahead|please do)"
    r"|(?:i mean(?:t)? )?(?:the )?(?:first|second|third|latter|former|last)(?: one)?|both|either|neither"
    rf"|(?:until |till |til |on |i mean(?:t)? )?(?:{_TIME_WORD})(?: (?:morning|noon|afternoon|at .{{1,8}}|[0-9].{{0,6}}))?)[ .!]{{0,3}}"
)
_HOLDS_VERB = re.compile(rf"\b(?:{ORDERS})\b")
_HOLDS_NUMBER = re.compile(r"#?[0-9]|\ball\b")
# "2 Main Street", "3rd floor", below a name
_ADDRESS = re.compile(
    r"[0-9]{1,5}[a-z]? (?:[^\W\d_]+[ .'-]{1,2}){0,3}(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|square|sq|place|pl|way|court|ct|boulevard|blvd|row|quay"
    r"|terrace|park|wharf|yard|mews|hill|close|plaza|parkway|highway|rue|via|calle|floor|suite)\b(?:[ ,.].{0,60})?$"
)
_CAPITAL = re.compile(r"[0-9]{1,5}[a-zA-Z]? [^\W\d_]*[A-ZÀ-Þ]|[0-9]{1,5}[a-zA-Z]? (?:rue|via)\b")


def tried(clause: str, words: str) -> NotUnderstood | None:
    """What a clause of these bare words was trying; None where it is a note. Total."""
    hint = _hint(clause, words)
    return NotUnderstood(clause=clause, hint=hint) if hint else None


def answered(clauses: Sequence[str]) -> NotUnderstood | None:
    """
    What to say to a reply without any order that answers a question of ours; None where none of its clauses does.

    No reply knows what was asked, and the answer to one that orders nothing may be left out. Total.
    """
    said = next((one for one in clauses[:2] if _ANSWERS.fullmatch(lowered(one).strip(" \"'"))), None)
    return NotUnderstood(clause=said, hint=hints.WHOLE) if said else None


def _hint(clause: str, words: str) -> str | None:
    for pattern, hint in _ATTEMPTS:
        if pattern.match(words):
            return hint
    if _NUMBER_IN_WORDS.match(bare(clause)):
        return hints.WHICH
    if found := _NUMBER_AND_TIME.match(words) or _MOVED_TO.match(words):
        time = behind_verb(clause, found["time"]) or found["time"]
        return hints.asked_snooze(found["which"], f"until {time}")
    if _ADDRESS.match(words) and _CAPITAL.match(clause.lstrip()):
        return None
    if (_HOLDS_VERB.search(words) and _HOLDS_NUMBER.search(words)) or _STARTS_NUMBERED.match(words):
        return hints.NOT if NEGATED.search(words) or "n't " in words else hints.HELP
    return None


_ATTEMPTS = (
    (_ASSIGNS, hints.NAME),
    (_GIVES, hints.GIVE),
    (_SAYS_REPLIED, hints.REPLIED),
    (_UNDOES, hints.UNDO),
    (_PUTS_AWAY, hints.AWAY),
    (_MOVES_ON, hints.TIME),
    (_AWAY, hints.PAUSE),
    (_OTHERWISE, hints.HELP),
)
