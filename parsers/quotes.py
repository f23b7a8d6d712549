"""Where earlier mail begins in a mail's text: attributions, dividers and header blocks, as mail clients write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.mail_languages import LABELS, WROTE, Label, choice
from parsers.quote_words import BEGINS, DIVIDER, FORWARD_DIVIDER, RULE

_MAX_LINES = 20_000
_MAX_LINE = 2_000  # of a longer line only the beginning decides what the line is
_MAX_ATTRIBUTION_LINES = 4
_MAX_ATTRIBUTION_CHARS = 400
_MAX_BLOCK_LINES = 40
_MAX_FLATTENED = 50  # header blocks that lost their line breaks; a text has few
_GAP = 4  # blank lines that may stand between an introduction and what it introduces

_ADDRESS = re.compile(r"[\w.+=-]{1,64}@[\w-]{1,63}(?:\.|\b)")
_CLOCK = re.compile(r"(?<!\d)\d{1,2}[:.h]\d\d(?!\d)|\d{1,2} ?(?:[ap]m\b|時|시|点)")
_DAY = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-] ?\d{1,2}[./-] ?(?:\d\d){1,2}\b|\d{4} ?[年년]")
_EVIDENCE = (_ADDRESS, _CLOCK, _DAY)  # what an attribution has, and few sentences

_COLON = r"[:：]"
# "On …, Dana wrote:" ends with its verb; "Am … schrieb Dana:" and most others may go on with the name.
_VERB_LAST = re.compile(rf"(?:^|[\s>)\"”»,.、년年日0-9])(?:{WROTE}) ?(?:{_COLON}|-{{2,}})?$", re.I)
_VERB_INSIDE = re.compile(
    rf"(?:^|[\s>年日])(?:{choice('schrieb|a écrit|schreef|skrev|skreiv|kirjoitti|napisał|napisała|napisał(a)|napsal|napsala|napsal(a)|napísal|napísala|napísal(a)|написал|написала|написал(a)|пишет|írta|escribió|escreveu|ha scritto|kirjutas|написав|написала|napisana przez|쓴 글|έγραψε|yazdı|je napisao|je napisala|đã viết|menulis')})\b",
    re.I,
)  # fmt: skip
_DASHED = re.compile(rf"^-{{2,}} ?.{{0,200}}\b(?:{WROTE})\s?:? ?-{{2,}}$", re.I)
_NAMED = re.compile(r"^[\"'“„«]?[^\W\d_][^:：<]{0,60}(?:[<(\[][^<>()\[\]]{3,80}[>)\]])?[^:：]{0,60}[:：]?$")
_ENDS = frozenset(":：-")  # how attributions end
_ENDING = ("wrote", "Wrote")  # or like this, Zoho's
_ENDS_IN_COLON = re.compile(rf"{_COLON}$|-{{2,}}$")
_LABELLED = re.compile(r"([^:：]{1,25}?) ?[:：](?!//)\s*(.*)", re.S)
_IN_ONE_LINE = re.compile(rf"({choice('|'.join(LABELS))}) ?{_COLON} ?", re.I)
# Gmail for phones, and gateways that lose line breaks, put the attribution behind the last word.
_TRAILING = re.compile(
    r"^(.{1,2000}?[^\s-]) ?(?:-{2,} )?\s?(On (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|\d)"
    r"[^<>\n]{6,120}(?:<[^<>\n]{3,100}>)? ?wrote:)$"
)
_INVISIBLE = dict.fromkeys(
    map(ord, "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
)
_BLANK = dict.fromkeys(map(ord, "\u00a0\u202f\u2007"), " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderBlock:
    """The fields that a mail client writes above a mail that it quotes or passes on; "" where it has none."""

    author: str
    sent: str
    to: str
    cc: str
    subject: str
    labels: frozenset[str]  # as written, in lower case: they tell the language
    length: int  # lines


def lines_of(text: str) -> list[str]:
    """
    The lines of a body, blanks as plain blanks, with one thought a line.

    An attribution that stands behind the last word, and a header block that lost its line breaks
    (Yahoo's plain text does), get lines of their own. Nobody writes more than MAX_LINES: what comes
    behind stays in one piece.
    """
    flat = text.replace("\r\n", "\n").translate(_INVISIBLE).translate(_BLANK)
    lines: list[str] = []
    left = _MAX_FLATTENED
    for line in flat.split("\n", _MAX_LINES):
        fields: list[str] | None = None
        if trailing := _TRAILING.match(line) if line.endswith("wrote:") else None:
            fields = [trailing[1].rstrip("- "), trailing[2]]
        elif "@" in line and left and len(line) <= _MAX_LINE and _begins_fields(line):
            fields = _in_fields(line)
            left -= 1
        lines += fields or [line]
    return lines


def bare(line: str) -> str:
    """A line without quote marks and the asterisks of bold type (the plain part that is made of an HTML one)."""
    return line[:_MAX_LINE].lstrip("> \t").replace("*", "").strip()


def is_marked(line: str) -> bool:
    """Whether a line carries a quote mark (RFC 3676 §4.5)."""
    return line.lstrip().startswith(">")


def next_filled(lines: list[str], at: int) -> int | None:
    """The first line from here on that says something; None where none is near."""
    return next((one for one in range(at, min(at + _GAP, len(lines))) if lines[one].strip("> \t")), None)


def attribution_length(lines: list[str], at: int) -> int:
    """
    How many lines from here introduce a quote ("On … Dana Ruiz <…> wrote:"); 0 where none does.

    A sentence that ends so is no attribution without an address, a time or a date, unless what
    follows carries quote marks.
    """
    first = bare(lines[at])
    if not first:
        return 0
    level = _level(lines[at])
    joined = ""
    goes_on = "<" in first or (any(c.isdigit() for c in first) and BEGINS.match(first) is not None)
    for length in range(1, _MAX_ATTRIBUTION_LINES + 1):
        if at + length > len(lines) or _level(lines[at + length - 1]) != level:
            return 0
        line = bare(lines[at + length - 1])
        joined = f"{joined} {line}".strip()
        if not line or len(joined) > _MAX_ATTRIBUTION_CHARS:
            return 0
        behind = next_filled(lines, at + length)
        marked = behind is not None and _level(lines[behind]) > level
        if (marked or joined[-1] in _ENDS or joined.endswith(_ENDING)) and _introduces(joined, marked=marked):
            return length
        if not goes_on:
            return 0  # only a line that begins like an attribution goes on in the next
    return 0


def _introduces(words: str, *, marked: bool) -> bool:
    """Whether these words introduce a quote; `marked` where what follows carries quote marks."""
    if _DASHED.match(words):
        return True
    evidence = sum(1 for one in _EVIDENCE if one.search(words))
    colon = _ENDS_IN_COLON.search(words) is not None
    begins = BEGINS.match(words) is not None
    verb = _VERB_LAST.search(words) or (_VERB_INSIDE.search(words) and (begins or evidence >= 2))
    if verb:
        if marked and (colon or evidence) and (begins or _NAMED.match(words)):
            return True
        certain = evidence >= 2 if colon else begins and evidence == len(_EVIDENCE)  # Zoho writes no colon
        return certain and (begins or _NAMED.match(words) is not None)
    dated = _ADDRESS.search(words) is not None and evidence >= 2 and len(words) <= 200
    # Mail.ru, Yandex and old Gmail write no verb: a date, a name and an address.
    return dated and (colon or marked) and (begins or words[:1].isdigit() or words.endswith(">:"))


def introduces_rest(lines: list[str], at: int) -> bool:
    """Whether from this line to the last one stands what introduces a quote, and nothing else."""
    end = len(lines)
    length = attribution_length([*lines, ">"], at)
    if length and at + length == end:
        return True
    block = header_block(lines, at)
    return (block is not None and at + block.length == end) or (is_divider(lines[at]) and at + 1 == end)


def is_divider(line: str) -> bool:
    """Whether a line says that earlier mail follows ("-----Original Message-----")."""
    said = bare(line)
    return DIVIDER.match(said) is not None or FORWARD_DIVIDER.match(said) is not None


def is_rule(line: str) -> bool:
    """Whether a line is only drawn, as above a header block."""
    return RULE.match(bare(line)) is not None


def header_block(lines: list[str], at: int) -> HeaderBlock | None:
    """
    The block "From: … Sent: … To: … Subject: …" that begins here, in any of our languages; else None.

    It names an author and one more at the least, and has an address or a date: what a person writes
    below "From:" has not. Blank lines between fields are Apple Mail's; a field that goes on in the
    next line is Outlook's.
    """
    found: dict[Label, str] = {}
    names: set[str] = set()
    current: Label | None = None
    end = at
    for number in range(at, min(at + _MAX_BLOCK_LINES, len(lines))):
        line = bare(lines[number])
        label = _label_of(line)
        if label is not None:
            word, current, words = label
            if current in found and current is not Label.OTHER:
                break  # the block of the next mail
            found[current] = words
            names.add(word)
            end = number + 1
        elif current is None:
            return None
        elif not line:
            behind = lines[number + 1 : number + 2]
            if not behind or _label_of(bare(behind[0])) is None:
                break
        elif _goes_on(lines, number, current, found[current]):
            found[current] = f"{found[current]} {line}".strip()
            end = number + 1
        else:
            break
    return _accepted(found, names, end - at)


def _accepted(found: dict[Label, str], names: set[str], length: int) -> HeaderBlock | None:
    has_address = any("@" in found.get(one, "") for one in (Label.AUTHOR, Label.TO, Label.CC))
    sent = found.get(Label.SENT, "")
    is_dated = _CLOCK.search(sent) is not None or _DAY.search(sent) is not None
    core = len(found.keys() - {Label.OTHER})
    if Label.AUTHOR in found:
        enough = core >= 3 and (has_address or is_dated)
        enough = enough or (core == 2 and has_address and is_dated)
    else:  # Hotmail cuts such blocks short
        enough = core >= 2 and has_address and is_dated
    if not enough:
        return None
    return HeaderBlock(
        author=found.get(Label.AUTHOR, ""),
        sent=sent,
        to=found.get(Label.TO, ""),
        cc=found.get(Label.CC, ""),
        subject=found.get(Label.SUBJECT, ""),
        labels=frozenset(names),
        length=length,
    )


def _label_of(line: str) -> tuple[str, Label, str] | None:
    """The label of a line, what it means, and what stands behind it."""
    found = _LABELLED.match(line[:_MAX_LINE])
    if found is None:
        return None
    word = " ".join(found[1].lower().split())
    return (word, LABELS[word], found[2].strip()) if word in LABELS else None


def _goes_on(lines: list[str], at: int, label: Label, words: str) -> bool:
    """Whether this line continues the field above: an address list, or a field with another one below it."""
    line = bare(lines[at])
    if label in (Label.TO, Label.CC, Label.AUTHOR) and (words.endswith((",", ";", "<")) or not words):
        return True
    if not words and line:  # the label stands in a line of its own
        return True
    if label in (Label.TO, Label.CC) and "@" in line and len(line.split()) <= 12:
        return True
    below = next((bare(one) for one in lines[at + 1 : at + 2]), "")
    return _label_of(below) is not None


def _divided(line: str) -> tuple[re.Match[str] | None, str]:
    """The divider that a line begins with, if it does, and what stands behind it."""
    said = bare(line)
    divider = DIVIDER.match(said) or FORWARD_DIVIDER.match(said)
    return divider, said[divider.end() :].strip(" -") if divider else said


def _begins_fields(line: str) -> bool:
    return _label_of(_divided(line)[1]) is not None


def _in_fields(line: str) -> list[str] | None:
    """A header block in one line, divider and all, as a line a field; None where it is none."""
    divider, start = _divided(line)
    cuts: list[tuple[int, Label]] = []
    for found in _IN_ONE_LINE.finditer(start):
        label = LABELS[" ".join(found[1].lower().split())]
        before = start[found.start() - 1 : found.start()]
        # "<dana@acme.example>An: …" has no blank before it; a short label inside a word is none.
        fits = (
            not before or before in '> "' or (len(found[1]) > 2 and not before.isalpha()) or before.isupper()
        )
        if fits and label is not Label.OTHER and label not in {one for _, one in cuts}:
            if not cuts and found.start():
                return None
            cuts.append((found.start(), label))
            if label is Label.SUBJECT:
                break
    if len(cuts) < 2 or not {Label.AUTHOR, Label.SENT} <= {label for _, label in cuts}:
        return None
    ends = [*(at for at, _ in cuts[1:]), len(start)]
    fields = [start[at:end].strip() for (at, _), end in zip(cuts, ends, strict=True)]
    return [*([divider[0].strip()] if divider else []), *fields]


def _level(line: str) -> int:
    """How deep a line is quoted."""
    stripped = line.lstrip("> \t")
    return line[: len(line) - len(stripped)].count(">")
