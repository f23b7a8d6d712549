"""The block of fields that a mail client writes above a mail which it quotes or passes on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from parsers.mail_languages import LABELS, Label, choice
from parsers.quote_words import DIVIDER, FORWARD_DIVIDER

_MAX_LINE = 2_000  # of a longer line only the beginning decides what the line is
_MAX_LINES = 40
_REMEMBERED = 4_000  # lines: those of a thread come again with each mail on it

CLOCK = re.compile(r"(?<!\d)\d{1,2}[:.h]\d\d(?!\d)|\d{1,2} ?(?:[ap]m\b|時|시|点)")
DAY = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-] ?\d{1,2}[./-] ?(?:\d\d){1,2}\b|\d{4} ?[年년]")

_LABELLED = re.compile(r"([^:：]{1,25}?) ?[:：](?!//)\s*(.*)", re.S)
_IN_ONE_LINE = re.compile(rf"({choice('|'.join(LABELS))}) ?[:：] ?", re.I)


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


@lru_cache(maxsize=_REMEMBERED)
def bare(line: str) -> str:
    """A line without quote marks and the asterisks of bold type (the plain part that is made of an HTML one)."""
    return line[:_MAX_LINE].lstrip("> \t").replace("*", "").strip()


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
    for number in range(at, min(at + _MAX_LINES, len(lines))):
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
    is_dated = CLOCK.search(sent) is not None or DAY.search(sent) is not None
    core = len(found.keys() - {Label.OTHER})
    if Label.AUTHOR in found:
        # "De: Lyon, A: Paris, Date: 12/11/2026" is a journey: without an address it takes a subject or a time.
        is_mail = has_address or (is_dated and (Label.SUBJECT in found or CLOCK.search(sent) is not None))
        enough = core >= 3 and is_mail
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


@lru_cache(maxsize=_REMEMBERED)
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


def may_be_block(line: str) -> bool:
    """Whether a line begins like a header block that lost its line breaks, divider and all."""
    if "@" not in line or line.count(":") + line.count("：") < 2 or len(line) > _MAX_LINE:
        return False
    return _label_of(_divided(line)[1]) is not None


def block_in_line(line: str) -> list[str] | None:
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
