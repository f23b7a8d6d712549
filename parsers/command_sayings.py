"""Other ways of saying an order, the remark behind it, and a time with a slip in it."""

from __future__ import annotations

import re

from parsers.command_words import LISTED_LOOSELY, ORDERS, is_typo

_COUNTED = dict(
    zip(
        "one two three four five six seven eight nine ten eleven twelve".split(),
        map(str, range(1, 13)),
        strict=True,
    )
)
_IN_WORDS = re.compile(rf"\b(items?|numbers?) ({'|'.join(_COUNTED)})\b(?![ -](?:{'|'.join(_COUNTED)})\b)")
_ENDED = r"done|closed|finished|completed?|handled|sorted(?: out)?|resolved|settled|dealt with|taken care of"
_OURS = r"(?:(?:i|we)(?:'ve| have)?|just|already)"
_OOPS = r"(?:oops|ups|oups|whoops|sorry|apologies|my (?:bad|mistake)|no(?=[,.!]| wait)|wait|hm+|ah|oh|argh|(?:that|this|it) was (?:a mistake|wrong|me)|(?:i made )?a mistake)"
_SAYINGS = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (
            rf"(?:(?:i'm|i am|we're|we are) )?(?:all )?(?:done|finished|through) with {LISTED_LOOSELY}",
            "done {which}",
        ),
        (rf"(?:finished|completed|resolved|complete) {LISTED_LOOSELY}", "done {which}"),
        (
            rf"{LISTED_LOOSELY} ?[:=-]? ?(?P<is>(?:is|are|has been|have been) )?(?:(?:now|both|already|(?<!is )all) )*(?P<ended>{_ENDED})(?![\w'-])",
            "done {which}",
        ),
        (rf"{LISTED_LOOSELY} can be (?:closed|done)\b", "done {which}"),
        (rf"(?:mark )?{LISTED_LOOSELY}(?: as)? (?:completed?|finished|resolved|handled)$", "done {which}"),
        (
            rf"(?:{_OURS} )+(?:replied to|answered|called|phoned) {LISTED_LOOSELY}(?: already)?",
            "replied {which}",
        ),
        (
            rf"{LISTED_LOOSELY} (?:(?:is|are|has been|have been|was|were) )?(?:already )?(?:answered|replied to)$",
            "replied {which}",
        ),
        (
            rf"(?:postpone|defer|delay|park|hold|push)(?: back)? {LISTED_LOOSELY}(?: back)?(?= [^\d\W])",
            "snooze {which}",
        ),
        (rf"remind me(?: again)?(?: of| about)? {LISTED_LOOSELY}(?: again)?(?= [^\d\W])", "snooze {which}"),
        (rf"(?:re-?open|un-?hide|restore|un-snooze|wake up|bring back) {LISTED_LOOSELY}", "wake {which}"),
        (rf"(?:bring|get|wake) {LISTED_LOOSELY} (?:back|up)\b", "wake {which}"),
        (
            rf"why (?:(?:do|did|am|are) )?(?:i|we) (?:still )?(?:see|seeing|shown|get|getting|got|have) {LISTED_LOOSELY}",
            "why {which}",
        ),
        (rf"(?:explain|what(?:'s| is)) {LISTED_LOOSELY}(?: about)?$", "why {which}"),
        (
            rf"(?:hand|pass|transfer|delegate|reassign)(?: off| over| on)? {LISTED_LOOSELY}(?: off| over| on)?(?= to )",
            "give {which}",
        ),
        (rf"(?:{_OOPS}[ ,.!:-]{{1,3}}){{1,4}}(?:please )?(?=undo\b)", ""),
        (r"(?:i'm|i am|we're|we are) back[ ,.!:-]{1,3}(?:please )?(?:and )?(?=resume\b)", ""),
    )
)

_BEGINS_NOTE = (
    r"(?:finally|phew|lol|all (?:good|sorted|clear|set|fine)|(?:it|that|this|all)(?:'s| is) (?:all )?(?:sorted|done|sent|handled|fixed|paid|clear)"
    rf"|(?:{_OURS} ){{0,3}}(?:sent|called|phoned|spoke|spoken|talked|chatted|e?-?mailed|told|replied|answered|met|confirmed|agreed|signed|delivered"
    r"|handled|sorted|fixed|paid|shipped|booked|shared|invoiced|discussed)"
    r"|(?:[^\W\d_]{2,20} ){1,2}(?:is|are|was|were) (?:now |all |very )?(?:happy|away|out|off|on (?:holiday|vacation|leave|pto)|travell?ing|sick|ill|busy"
    r"|fine|aware|informed|in (?:a )?meetings?|satisfied|pleased|back))\b"
)
_NOTE = re.compile(
    rf"(?P<kept>[^(]{{0,80}}?)(?:(?: ?[,.(!:]| [-–—]+) ?| because )(?P<note>{_BEGINS_NOTE}[^()]{{0,80}})\)?"
)
_NO_NOTE = re.compile(
    rf"\b(?:not|no|none|never|cannot|but|if|unless|untill?|till?|when|once|or|except|only|wait|waiting|hold|actually|maybe|perhaps|probably|think|hope"
    rf"|should|would|could|will|may|might|must|tomorrow|later|soon|today|tonight|almost|nearly|undo|instead|sorry|mistake|wrong|{ORDERS.replace('replied|', '').replace('answered|', '').replace('called|', '').replace('phoned|', '')})\b|n't\b|[0-9?;]"
)
_TODAY = re.compile(r"(?:,? ?(?:this morning|this afternoon|earlier today|today|just now|earlier|already))$")

_OF_MANY = re.compile(r" (?:are|were|have)\b")
_GOES_ON = re.compile(r" ?[&+\w]")
_ARROWS = re.compile(r"^(?:-+>|=>|>|→|➡|⇒)+ ?")
_DAYS = "monday tuesday wednesday thursday friday saturday sunday tomorrow".split()
_SLIPS = {
    **dict.fromkeys(("untill", "unti", "unitl", "untl", "utnil", "unil"), "until"),
    "tommorow": "tomorrow",
}
_COUPLE = re.compile(r"\b(?:a )?couple (?:of )?(?=days|weeks|months|hours)")


def otherwise(words: str, clause: str) -> str:
    """
    The bare words of a clause as our own form of what they say: "done with 2" is "done 2"; else as they are.

    What stands behind is kept, for whoever reads it. Where an adjective behind "is" is written as a
    name is ("2 is Complete"), it may be a client's. Total.
    """
    words = _IN_WORDS.sub(lambda one: f"{one[1]} {_COUNTED[one[2]]}", words)
    for pattern, form in _SAYINGS:
        said = pattern.match(words)
        if said is None:
            continue
        found = said.groupdict()
        if found.get("is") and found["ended"][:1].upper() + found["ended"][1:] in clause:
            return words
        if not form:
            return words[said.end() :]
        if words.startswith(("all", "everything")):
            return words  # "everything is done" tells
        if found["which"].isdigit() and _OF_MANY.match(words, said.end("which")):
            return words  # "2 are done": which two?
        if found.get("is") and _GOES_ON.match(words, said.end()):
            return words  # "2 is done & dusted Ltd"
        return f"{form.format(which=found['which'])}{words[said.end() :]}"
    return words


def without_note(rest: str) -> str:
    """
    What stands behind an item's number, without a remark on what was done or who is away. Total.

    Only remarks that can mean nothing else: "done 2 - sent her the PDF". One that doubts, denies, asks,
    counts or orders stays, and is asked about.
    """
    found = _NOTE.fullmatch(rest)
    return rest if found is None or _NO_NOTE.search(found["note"]) else found["kept"].rstrip(" ,.(-")


def without_today(rest: str) -> str:
    """What stands behind an item's number without "this morning" or the like at its end. Total."""
    return _TODAY.sub("", rest)


def mended_time(words: str) -> str:
    """A time in lower case with what people slip in set right: an arrow, "untill", "wendesday". Total."""
    words = _COUPLE.sub("2 ", _ARROWS.sub("", words))
    return " ".join(_mended(word) for word in words.split(" "))


def _mended(word: str) -> str:
    if not 4 <= len(word) <= 10 or word in _DAYS or not word.isalpha():
        return word
    if word in _SLIPS:
        return _SLIPS[word]
    near = [day for day in _DAYS if is_typo(word, day)]
    return near[0] if len(near) == 1 else word
