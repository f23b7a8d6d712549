"""What commands are written with: clauses, verbs a letter off at the most, and numbers."""

from __future__ import annotations

import re
from contextlib import suppress

_LONGEST = 20_000  # characters read; a reply is far shorter
_LONGEST_PART = 1_000  # characters that are joined to
_HIGHEST = 99  # a digest has far fewer items: a longer number is a year or a phone's

_VERBS = {
    **dict.fromkeys(("snooze", "later", "hide"), "snooze"),
    **dict.fromkeys(("done", "close", "closed"), "done"),
    **dict.fromkeys(("wake", "unsnooze"), "wake"),
    **dict.fromkeys(("replied", "answered", "called", "phoned"), "replied"),
    **dict.fromkeys(("not", "wrong"), "not"),
    **dict.fromkeys(("help", "?"), "help"),
    **dict.fromkeys(("resume", "unpause"), "resume"),
    **{
        verb: verb
        for verb in ("assign", "undo", "move", "why", "give", "pause", "approvals", "workspace", "handover")
    },
}
# Behind "is" any other word is a name: a client may be called Doner, or Clos.
_OF_ITEMS = ("snooze", "done", "wake")
_AFTER_IS = {verb: meant for verb, meant in _VERBS.items() if meant in _OF_ITEMS} | {
    "snoozed": "snooze",
    "wrong": "not",
}
_EXACT = frozenset({"move", "wrong"})  # with too many neighbours: more, love, moved
# A letter off a verb, and words of their own all the same.
_NO_TYPOS = frozenset(
    "don doe dose dove dome dine dune dope dote dons dong wave wade ware wage woke wakes hire hike hive hid"
    " chose clone closer closet clothe cloned lose late latter layer alter held hell heap helps"
    " dont donut laser lager wane wale helm hemp assigns undue unto undos undoes udo uno und replies relied caller culled canned phone phones phoney"
    " gave gives given dive five live paused pauses parse passe resumes resumed rescue workspaces handovers".split()
)

_ITEM = r"(?:# ?)?[0-9]{1,6}(?![0-9]|[:./][0-9])"
_RANGE = rf"{_ITEM}(?: ?(?:-|–|—|to|through) ?{_ITEM})?(?![a-z0-9]|[:./-][0-9])"
_ALL = r"(?:all|everything)\b"
_BETWEEN = r" ?(?:, ?and|,|&|\+|and) ?"
_WHICH = r"(?:(?:items?|numbers?|no\.?|nos\.?|nr\.?) ?)?"
LISTED = rf"{_WHICH}(?P<which>{_ALL}|{_RANGE}(?:{_BETWEEN}{_RANGE}){{0,40}})"
LISTED_LOOSELY = rf"{_WHICH}(?P<which>{_ALL}|{_RANGE}(?:(?:{_BETWEEN}| ){_RANGE}){{0,40}})"
_NUMBERED = re.compile(rf"(?<![\w.:/-]){_RANGE}")
# "2 ...", "done 2 ...", "ignore item 2", "Sam can take 2", but not "done 1, 2" or "done 1-3"
_ITEM_MEANT = re.compile(
    r"(?:(?!(?:untill?|till?|at|by|in|for|the|from) )[^\W\d]{2,20} ){0,3}(?:# ?)?([0-9]{1,2})(?![\w./%]| ?(?:[-–—,&+/]|and|to|or|through) ?#?[0-9])(?! [a-z]{2,20}s\b)"
)
_LONE = re.compile(rf"[( ]?{_RANGE}[) ]?")
_EACH = re.compile(r"([0-9]{1,6})(?: ?(?:-|–|—|to|through) ?#? ?([0-9]{1,6}))?")

_VERB = re.compile(r"([a-z]{3,10}(?![a-z'-])|\?)[ :,]{0,2}")
_POLITE = re.compile(
    r"(?:(?:please|pls|plz|bitte|kindly|just|let'?s|you can|(?:can|could|would|will) you|and|then|also|ok|okay|yes|yep|no(?=,)|hi|hey|hello|hallo|bonjour|dear|thanks"
    r"|(?:good |guten )?(?:morning|morgen|tag)(?! (?:until|till|til)\b)|thank you|thx|mark|set|practiq|p\.?s\.?)\b[ ,:!.-]{0,3}|[-*•] )"
)
_POLITE_END = re.compile(
    r"[ ,.!-]{0,3}\b(?:please|pls|plz|bitte|svp|(?<!not )now|sorry|ty|tysm|(?:danke|merci|gracias)(?: (?:schön|dir|sehr|beaucoup|bien))?|(?:viele|liebe|beste) gr(?:ü|ue)(?:ß|ss)e|(?:best |kind |many )?regards|(?:many )?(?:thanks|thank you|thx|cheers)(?:,? (?!(?:no|not|but|for|undo|help|done|close|wake|snooze)\b)[^\W\d_]{2,20})?)[ .!?]{0,3}$|[ ,.!-]{0,3}(?: :-?[)d]|<3)$"
)
_REQUEST = re.compile(r"\b(?:can|could|would|will) you\b")
_AROUND = " \"'!.,?"
NEGATED = re.compile(r"\b(?:don'?t|do not|never|not|no need|without|instead|except|but)\b")
# What a note holds by chance far less often than "assign", "move" and "undo".
ORDERS = "|".join(verb for verb, meant in _VERBS.items() if meant in _OF_ITEMS or verb in ("help", "replied"))
# What follows a comma in a note as easily: "Dana wrote, called 2 times".
_IN_ORDERS = ("assign", "give", "why", "answered", "called", "phoned", "replied")
_NEXT_COMMAND = re.compile(
    rf"(?:[,.!] | [&+/|] |[,.]? ?\b(?:and|then) )(?=(?:{ORDERS}|{'|'.join(_IN_ORDERS)}) (?:#?[0-9]|all\b))"
)
# "1 done, 2 snooze until Friday": each number with its verb.
_NEXT_NUMBER = re.compile(
    rf"(?:[,.] (?:and )?| and )(?=#?[0-9]{{1,2}} ?[:-]? ?(?:(?:is|are) )?(?:{ORDERS}|give|why)\b)"
)
_NUMBER_AND_VERB = re.compile(rf"[ \"'(]*#?[0-9][^;]{{0,40}}?\b(?:{ORDERS}|give|why)\b")
_CONDITION = re.compile(
    r"(?:if|when|whenever|once|unless|until|till|after|before|as soon as|in case|should)\b"
)
_DOUBTED = re.compile(
    r"\b(?:maybe|perhaps|probably|possibly|should|(?:not|un)sure|i (?:think|guess|suppose|hope)|i'd say)\b"
)
_STRAIGHT = str.maketrans("－‐‑−：", "----:") | str.maketrans(
    "０１２３４５６７８９；，＃＝！？؟’‘´`ʼ“”„«»\t\xa0", "0123456789;,#=!??" + "'" * 5 + '"' * 5 + "  "
)
# What a mail program puts in and nobody sees; marks that turn the order of what is seen stay, and are no command.
_UNSEEN = dict.fromkeys(
    (
        0xAD,
        0x200B,
        0x200E,
        0x200F,
        0x2060,
        0x20E3,
        0xFE0F,
        0xFEFF,
        *map(ord, "👍🙏🙂😊😀😃😄😁😉😅😂😎🤗🎉🙌👏💪✨"),
        *range(0x1F3FB, 0x1F400),
    )
)
# A line that a mail program wrapped: "and please do not" with "snooze 2 until Friday" on the next one.
_HANGING = re.compile(
    r"(?:\b(?:do|does|did|is|was|wo|ca|should|would|could|must)n'?t|\b(?:not|never|without|instead of|no need to|if|unless|when|to))$"
)
# "Done:" and below it a number on each line
_ONLY_NUMBERS = re.compile(r"(?:[-*•] ?)?(#?[0-9]{1,2}(?:(?:, ?| and | )#?[0-9]{1,2}){0,40},?)\.?")
_LISTS_BELOW = re.compile(rf"(?:{ORDERS}):(?P<numbers>(?:,? ?#?[0-9]{{1,2}}){{0,60}}),?")
_STAND_IN = re.compile(
    r"(?:(?:with )?(?:my |the |a )?stand-?in\b|\S+(?: \S+)? (?:stands|standing|is standing|will stand) in\b)"
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
    for line in whole.translate(_STRAIGHT).translate(_UNSEEN).splitlines():
        for at, part in enumerate(line.split(";")):
            clause = " ".join(part.split())
            if at == 0 and parts and (listed := _ONLY_NUMBERS.fullmatch(clause)):
                joint = _list_joint(parts[-1].lower())
                clause = listed[1] if joint else clause
                parts[-1:] = [f"{parts[-1]}{joint}{clause}"] if joint else [parts[-1], clause]
                continue
            joint = _joint(parts[-1].lower(), clause.lower(), wrapped=at == 0) if parts and clause else None
            if joint is not None:
                parts[-1] = f"{parts[-1]}{joint}{clause}"
            elif clause:
                parts.append(clause)
    return [one for part in parts for one in _cut(part) if one]


def _list_joint(before: str) -> str | None:
    """What joins a line of numbers to the one before it that lists them: "done:", "done 1,"; None where none does."""
    if len(before) > _LONGEST_PART:
        return None
    if before.endswith(",") and before[-2:-1].isdigit():
        return " "
    begun = _LISTS_BELOW.fullmatch(bare(before))
    return (", " if begun["numbers"] else " ") if begun else None


def _joint(before: str, clause: str, *, wrapped: bool) -> str | None:
    """What joins a part to the one before it, which it goes on with; None where it stands alone."""
    if len(before) > _LONGEST_PART:
        return None
    if _DOUBT.match(clause) and _CLAIM.search(before):
        return "; "
    if wrapped and _HANGING.search(before):
        return " "
    return ", " if _STAND_IN.match(clause) and bare(before).startswith("pause ") else None


def _cut(clause: str) -> list[str]:
    words, begun = lowered(clause), bare(clause)
    if any(one.search(words) for one in (NEGATED, _UNDO_OF, _DOUBTED)) or _CONDITION.match(begun):
        return [clause]
    orders = begun.startswith(("#", *"0123456789")) or verb_first(begun)[0] is not None
    # "1. done 2": is it item 1, or a list of orders?
    ends_and_starts = (
        match.span()
        for match in _NEXT_COMMAND.finditer(words)
        if not _LONE.fullmatch(words, 0, match.start())
    )
    # "Dana called and asked us to stop, assign 2 to Sam" is a note.
    cuts = [(0, 0), *(cut for cut in ends_and_starts if orders or not words.startswith(_IN_ORDERS, cut[1]))]
    cuts = sorted({*cuts, *_numbered_cuts(clause, words, cuts)})
    ends = [start for start, _ in cuts[1:]] + [len(clause)]
    return [clause[after:end].strip() for (_, after), end in zip(cuts, ends, strict=True)]


def _numbered_cuts(clause: str, words: str, cuts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where "2 snooze until Friday" follows "1 done,": only where what stands before has its own verb, too."""
    found, since = [], _polite_until(clause)
    for match in _NEXT_NUMBER.finditer(words):
        since = max(since, *(end for _, end in cuts if end <= match.start()))
        if _NUMBER_AND_VERB.match(words, since, match.start()):
            found.append(match.span())
            since = match.end()
    return found


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


def behind_verb(clause: str, rest: str) -> str:
    """
    The last of a clause's bare words as they were written, without marks around them.

    A question mark is taken off too: who asks whether it is an order looks at the clause.
    """
    at = bare(clause).rfind(rest)
    if not rest or at < 0:
        return ""
    written = as_written(clause)
    end = at + len(rest)
    is_quoted = written[at:end].count('"') == 1 and written[end : end + 1] == '"'
    return written[at : end + is_quoted].strip(" ?!.,:-")


def is_request(clause: str) -> bool:
    """Whether it is an order that is put as a question: "can you undo that?"."""
    return _REQUEST.search(lowered(clause), 0, _polite_until(clause)) is not None


def _polite_until(clause: str) -> int:
    words, at = lowered(clause), 0
    for _ in range(6):
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
    near = (meant for verb, meant in _VERBS.items() if word not in _NO_TYPOS and is_typo(word, verb))
    return _VERBS.get(word) or next(near, None), rest


def is_order_word(word: str) -> bool:
    """Whether a word in lower case is a verb of an order, or a letter off one."""
    return verb_first(word)[0] is not None or word in ("snoozed", "more", "undone", "handed")


def is_typo(word: str, verb: str) -> bool:
    """Whether a word is a verb of four letters or more with one letter missing, added, wrong or swapped."""
    if len(verb) < 4 or verb in _EXACT or word[0] != verb[0] or abs(len(word) - len(verb)) > 1:
        return False
    same = next((at for at, (one, other) in enumerate(zip(word, verb, strict=False)) if one != other), None)
    if same is None:
        return True
    left, right = word[same:], verb[same:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    return swapped or left[1:] == right[1:] or left[1:] == right or left == right[1:]


def numbered_in(words: str) -> set[int]:
    """The numbers that a digest may have and that stand alone in words in lower case, ranges in full. Total."""
    found: set[int] = set()
    for one in _NUMBERED.finditer(words):
        with suppress(ValueError):
            found.update(numbers_in(one[0]) or ())
    return found


def item_meant(clause: str) -> int | None:
    """The one item that a clause names, by a number near its beginning; None for none, or for several. Total."""
    found = _ITEM_MEANT.match(bare(clause))
    return int(found[1]) if found and 1 <= int(found[1]) <= _HIGHEST else None


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
