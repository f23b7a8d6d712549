"""What commands are written with: clauses, verbs a letter off at the most, and numbers."""

from __future__ import annotations

import re

_LONGEST = 20_000  # characters read; a reply is far shorter
_HIGHEST = 99  # a digest has far fewer items: a longer number is a year or a phone's

_VERBS = {
    **dict.fromkeys(("snooze", "later", "hide"), "snooze"),
    **dict.fromkeys(("done", "close", "closed"), "done"),
    **dict.fromkeys(("wake", "unsnooze"), "wake"),
    **dict.fromkeys(("help", "?"), "help"),
    **{verb: verb for verb in ("assign", "undo", "move")},
}
# Behind "is" any other word is a name: a client may be called Doner, or Clos.
_AFTER_IS = {**_VERBS, "snoozed": "snooze"}
_EXACT = frozenset({"move"})  # with too many neighbours: more, love, moved
# A letter off a verb, and words of their own all the same.
_NO_TYPOS = frozenset(
    "don doe dose dove dome dine dune dope dote dons dong wave wade ware wage woke wakes hire hike hive hid"
    " chose clone closer closet clothe cloned lose late latter layer alter held hell heap helps"
    " assigns undue unto undos undoes udo uno und".split()
)

_ITEM = r"(?:# ?)?[0-9]{1,6}(?![0-9]|[:./][0-9])"
_RANGE = rf"{_ITEM}(?: ?(?:-|–|—|to|through) ?{_ITEM})?(?![a-z0-9]|[:./-][0-9])"
_ALL = r"(?:all|everything)\b"
_BETWEEN = r" ?(?:, ?and|,|&|\+|and) ?"
_WHICH = r"(?:(?:items?|numbers?|no\.?|nos\.?) ?)?"
LISTED = rf"{_WHICH}(?P<which>{_ALL}|{_RANGE}(?:{_BETWEEN}{_RANGE}){{0,40}})"
LISTED_LOOSELY = rf"{_WHICH}(?P<which>{_ALL}|{_RANGE}(?:(?:{_BETWEEN}| ){_RANGE}){{0,40}})"
_EACH = re.compile(r"([0-9]{1,6})(?: ?(?:-|–|—|to|through) ?#? ?([0-9]{1,6}))?")

_VERB = re.compile(r"([a-z]{3,10}(?![a-z'-])|\?)[ :,]{0,2}")
_POLITE = re.compile(
    r"(?:(?:please|pls|plz|kindly|(?:can|could|would|will) you|and|then|also|ok|okay|hi|hey|hello|thanks"
    r"|thank you|thx|mark|set|practiq)\b[ ,:!.-]{0,3}|[-*•] )"
)
_POLITE_END = re.compile(r"[ ,.!-]{0,3}\b(?:please|pls|plz|thanks|thank you|thx|cheers|now)[ .!]{0,3}$")
_REQUEST = re.compile(r"\b(?:can|could|would|will) you\b")
_AROUND = " \"'!.,?"
NEGATED = re.compile(r"\b(?:don'?t|do not|never|not|no need|without|instead|except|but)\b")
# What a note holds by chance far less often than "assign", "move" and "undo".
ORDERS = "|".join(verb for verb in _VERBS if verb not in ("?", "assign", "undo", "move"))
_NEXT_COMMAND = re.compile(rf"(?:[,.] |[,.]? ?\b(?:and|then) )(?=(?:{ORDERS}|assign) (?:#?[0-9]|all\b))")
_STRAIGHT = str.maketrans(
    "０１２３４５６７８９；，＃＝！？؟’‘´`ʼ“”„«»\t\xa0", "0123456789;,#=!??" + "'" * 5 + '"' * 5 + "  "
)
# "undo done 3 and snooze 4 until Friday" is no order to snooze.
_UNDO_OF = re.compile(rf"\bundo (?:(?:the|my) )?(?:(?:{ORDERS})\b|#?[0-9])")

# A doubt that comes behind a client's name, after a semicolon or on the next line.
_CLAIM = re.compile(rf"[0-9] ?(?:=|(?:is|are|belongs?)\b)(?! ?(?:{ORDERS}|snoozed)\b)|\b(?:assign|move) ")
_DOUBT = re.compile(
    r"(?:or|and/or|not sure|unsure)\b"
    r"|(?:i (?:think|guess|believe|suppose)|maybe|perhaps|probably|possibly)(?: (?:so|though|not))?\W*$"
)


def clauses_in(own: str) -> list[str]:
    """
    Lines, cut at semicolons, and where another command follows a comma or an "and".

    None is empty. "or Acme" and the like belong to the client's name that they follow. Of a text
    that is too long, only the lines that are whole.
    """
    whole = own if len(own) <= _LONGEST else own[:_LONGEST].rpartition("\n")[0]
    parts: list[str] = []
    for line in whole.translate(_STRAIGHT).splitlines():
        for part in line.split(";"):
            clause = " ".join(part.split())
            if parts and _DOUBT.match(clause.lower()) and _CLAIM.search(parts[-1].lower()):
                parts[-1] = f"{parts[-1]}; {clause}"
            elif clause:
                parts.append(clause)
    return [one for part in parts for one in _cut(part) if one]


def _cut(clause: str) -> list[str]:
    if NEGATED.search(clause.lower()) or _UNDO_OF.search(clause.lower()):
        return [clause]
    words, begun = lowered(clause), bare(clause)
    orders = begun.startswith(("#", *"0123456789")) or verb_first(begun)[0] is not None
    ends_and_starts = (match.span() for match in _NEXT_COMMAND.finditer(words))
    # "Dana called and asked us to stop, assign 2 to Sam" is a note.
    cuts = [(0, 0), *(cut for cut in ends_and_starts if orders or not words.startswith("assign", cut[1]))]
    ends = [start for start, _ in cuts[1:]] + [len(clause)]
    return [clause[after:end].strip() for (_, after), end in zip(cuts, ends, strict=True)]


def lowered(text: str) -> str:
    """A text in lower case, letter for letter: what is found in one is there in the other."""
    return "".join(low if len(low := c.lower()) == 1 else c for c in text)


def bare(clause: str) -> str:
    """A clause in lower case without fillers around it."""
    words = lowered(clause)[_polite_until(clause) :]
    return _POLITE_END.sub("", _POLITE_END.sub("", words)).strip(_AROUND) or words.strip()


def as_written(clause: str) -> str:
    """A clause without fillers before it, as it was written to its end."""
    return clause[_polite_until(clause) :].lstrip(_AROUND)


def is_request(clause: str) -> bool:
    """Whether it is an order that is put as a question: "can you undo that?"."""
    return _REQUEST.search(lowered(clause), 0, _polite_until(clause)) is not None


def _polite_until(clause: str) -> int:
    words, at = lowered(clause), 0
    for _ in range(4):
        polite = _POLITE.match(words, at)
        at = polite.end() if polite else at
    return at


def verb_first(words: str, *, after_is: bool = False) -> tuple[str | None, str]:
    """The verb that the words begin with, and what follows it; a letter off at the most, but after "is" none."""
    match = _VERB.match(words)
    if not match:
        return None, words
    word = match[1]
    rest = words[match.end() :]
    if after_is:
        return _AFTER_IS.get(word), rest
    near = (meant for verb, meant in _VERBS.items() if word not in _NO_TYPOS and _is_typo(word, verb))
    return _VERBS.get(word) or next(near, None), rest


def _is_typo(word: str, verb: str) -> bool:
    """Whether a word is a verb of four letters or more with one letter missing, added, wrong or swapped."""
    if len(verb) < 4 or verb in _EXACT or word[0] != verb[0] or abs(len(word) - len(verb)) > 1:
        return False
    same = next((at for at, (one, other) in enumerate(zip(word, verb, strict=False)) if one != other), None)
    if same is None:
        return True
    left, right = word[same:], verb[same:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    return swapped or left[1:] == right[1:] or left[1:] == right or left == right[1:]


def numbers_in(which: str) -> tuple[int, ...] | None:
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
