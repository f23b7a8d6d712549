"""Where earlier mail begins in a mail's text: attributions, dividers and header blocks, as mail clients write them."""

from __future__ import annotations

import re
from functools import lru_cache

from parsers.header_blocks import CLOCK, DAY, bare, block_in_line, header_block, may_be_block
from parsers.mail_languages import LANGUAGES, WROTE, choice
from parsers.quote_words import BEGINS, DIVIDER, FORWARD_DIVIDER, REPLY_ABOVE, RULE

_MAX_LINES = 20_000
_MAX_ATTRIBUTION_LINES = 4
_MAX_ATTRIBUTION_CHARS = 400
_MAX_FLATTENED = 50  # header blocks that lost their line breaks; a text has few
_WRAPPED_AT = 40  # characters; a line that a mail client broke is at least so long
_REMEMBERED = 4_000  # lines: those of a thread come again with each mail on it
_GAP = 4  # blank lines that may stand between an introduction and what it introduces

_ADDRESS = re.compile(r"[\w.+=-]{1,64}@[\w-]{1,63}(?:\.|\b)")
_EVIDENCE = (_ADDRESS, CLOCK, DAY)  # what an attribution has, and few sentences

_COLON = r"[:：]"
# "On …, Dana wrote:" ends with its verb; "Am … schrieb Dana:" and most others may go on with the name.
_VERB_LAST = re.compile(
    rf"(?:^|[\s>)\"”»,.0-9]|(?=[\u3000-\u9fff\uac00-\ud7af]))(?:{WROTE}) ?(?:{_COLON}|-{{2,}})?$", re.I
)
_GOES_ON = "de fr es it pt nl sv no fi et pl cs sk hr hu ru uk el tr ko vi id".split()
_VERB_INSIDE = re.compile(
    rf"(?:^|[\s>年日])(?:{choice('|'.join(LANGUAGES[one].wrote for one in _GOES_ON))})(?!\w)", re.I
)
_GROUPWISE = re.compile(r">>> [^<>]{0,80}<[^<>]{3,100}> [\d/.: APM]{6,30} >>>\s?$")
_BEGINS_WITH_WORD = re.compile(r"(?:On|Am|Le|El|Em|Il|Op|Den|På|Dne|W dniu) ")
_DASHED = re.compile(rf"^-{{2,}} ?.{{0,200}}\b(?:{WROTE})\s?:? ?-{{2,}}$", re.I)
_NAMED = re.compile(r"^[\"'“„«]?[^\W\d_][^:：<]{0,60}(?:[<(\[][^<>()\[\]]{3,80}[>)\]])?[^:：]{0,60}[:：]?$")
_ENDS = frozenset(":：-")  # how attributions end
_ENDING = ("wrote", "Wrote")  # or like this, Zoho's
_ENDS_IN_COLON = re.compile(rf"{_COLON}$|--$")
# Gmail for phones, and gateways that lose line breaks, put the attribution behind the last word.
_TRAILING = re.compile(
    r"^(.{1,2000}?[^\s-]) ?(?:-{2,} )?\s?(On (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|\d)"
    r"[^<>\n]{6,120}(?:<[^<>\n]{3,100}>)? ?wrote:)$"
)
_INVISIBLE = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_BLANKS = "\u00a0\u202f\u2007"
_PLAIN = dict.fromkeys(map(ord, _INVISIBLE)) | dict.fromkeys(map(ord, _BLANKS), " ")


def lines_of(text: str) -> list[str]:
    """
    The lines of a body, blanks as plain blanks, with one thought a line.

    An attribution that stands behind the last word, and a header block that lost its line breaks
    (Yahoo's plain text does), get lines of their own. Nobody writes more than MAX_LINES: what comes
    behind stays in one piece.
    """
    flat = text.replace("\r\n", "\n")
    if any(one in flat for one in _INVISIBLE + _BLANKS):
        flat = flat.translate(_PLAIN)
    lines: list[str] = []
    left = _MAX_FLATTENED
    for line in flat.split("\n", _MAX_LINES):
        fields: list[str] | None = None
        if trailing := _TRAILING.match(line) if line.endswith("wrote:") else None:
            fields = [trailing[1].rstrip("- "), trailing[2]]
        elif left and may_be_block(line):
            fields = block_in_line(line)
            left -= 1
        lines += fields or [line]
    return lines


def is_marked(line: str) -> bool:
    """Whether a line carries a quote mark (RFC 3676 §4.5)."""
    return line.lstrip().startswith(">") and not _GROUPWISE.match(line)


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
    # Only a line that begins like an attribution goes on in the next: it has part of its date or address.
    goes_on = "<" in first or (BEGINS.match(first) is not None and _has_evidence(first))
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
            # "On 3 points we differ.\nOn Tue, …, Dana wrote:" are two lines, and the first is own.
            begins_later = any(_BEGINS_WITH_WORD.match(bare(one)) for one in lines[at + 1 : at + length])
            return 0 if begins_later and attribution_length(lines, at + 1) else length
        if not goes_on:
            return 0
    return 0


def _has_evidence(words: str) -> bool:
    return any(one.search(words) for one in _EVIDENCE) or (
        len(words) >= _WRAPPED_AT and any(c.isdigit() for c in words)
    )


def _introduces(words: str, *, marked: bool) -> bool:
    """Whether these words introduce a quote; `marked` where what follows carries quote marks."""
    if _DASHED.match(words):
        return True
    words = words.lstrip("- ")  # Zimbra draws a rule before it
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


@lru_cache(maxsize=_REMEMBERED)
def is_divider(line: str) -> bool:
    """Whether a line says that earlier mail follows ("-----Original Message-----")."""
    said = bare(line)
    if DIVIDER.match(said) or FORWARD_DIVIDER.match(said) or REPLY_ABOVE.match(said):
        return True
    return _GROUPWISE.match(line) is not None


def is_rule(line: str) -> bool:
    """Whether a line is only drawn, as above a header block."""
    return RULE.match(bare(line)) is not None


def _level(line: str) -> int:
    """How deep a line is quoted."""
    stripped = line.lstrip("> \t")
    return line[: len(line) - len(stripped)].count(">")
