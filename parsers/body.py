"""The author's own words, apart from what was quoted, signed or added."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.quote_words import (
    BANNER,
    BEGINS,
    DIVIDER,
    EVIDENCE,
    FORWARD_DIVIDER,
    LABEL,
    LEGAL,
    RULE,
    SENT_FROM,
    WROTE,
)

_MAX_CHARS = 1_000_000  # promises.md P4: what we use of one text
_MAX_LINE = 2_000  # of a line longer than that only the beginning decides what the line is
_BANNER_LINES = 6
_ATTRIBUTION_LINES = 4
_HEADER_LINES = 8
_SIGNATURE_LINES = 12
_SIGNATURE_WIDTH = 80

# "-- " (RFC 3676 §4.3); Outlook and phones lose the blank, and some write a rule.
_DELIMITER = re.compile(r"^(?:--|—|__)[ \t]{0,3}$")
_NAME = re.compile(
    r"^[^\W\d_][\w.'’-]{0,30}(?: (?:[^\W\d_][\w.'’-]{0,30}|&)){1,4}(?:, ?[A-Z][\w. ]{0,12}){0,3}(?: ?["
    r"|,–—-] .{1,60})?$"
)
_CONTACT = re.compile(r"\+?\d[\d ().\-/]{6,18}\d|https?://|www\.|[\w.+-]{1,64}@[\w-]{1,63}\.\w")
_TITLE = re.compile(
    r"\b(?:manager|director|directora?|directrice|directeur|direttore|diretora?|officer|president|founder"
    r"|owner|partner"
    r"|vp|ceo|coo|cfo|cmo|cto|head of|lead|executive|specialist|coordinator|assistant|designer|editor"
    r"|counsel|associate"
    r"|analyst|consultant|producer|buyer|chief|chair|secretary|administrator|supervisor|engineer|planner"
    r"|marketing"
    r"|accounts?|affairs|receivable|procurement|prepress|leiter|leiterin|geschäftsführer(?:in)?|gerente"
    r"|responsable"
    r"|chargée?|jefe|jefa|responsabile|hoofd|chef|inc|gmbh|llc|ltd|corp|s\.a\.)\b",
    re.I,
)
_SENTENCE_END = re.compile(r"[.?!:;…]['\")]?$")
_SIGN_OFF_NAME = re.compile(r"^[^\W\d_][\w'’-]{1,20}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A body's text taken apart; each part with its own lines, "" where there is none."""

    own: str  # what the author newly wrote
    quoted: str  # earlier mail, with the line that introduces it
    signature: str  # after "-- ", or a block of name, title and numbers; "Sent from my iPhone"
    footer: str  # legal small print
    banner: str  # what a gateway put above: "[EXTERNAL] ..."


def split_body(text: str) -> Body:
    """
    The newly written words of a body, apart from the rest.

    Answers between quoted lines are own words, as are those below a quote. What could be either is
    own: a word kept too many is seen by a person, a word lost is seen by nobody. Total, and linear.

    Source: RFC 3676 §4 for quote marks and signatures; for all else what mail clients do.
    """
    lines = text[:_MAX_CHARS].replace("\r\n", "\n").replace("\u00a0", " ").replace("\u200b", "").split("\n")
    banner, lines = _cut_banner(lines)
    own, quoted = _part_quotes(lines)
    own, signature = _cut_signature(own)
    own, footer = _cut_footer(own)
    own, block = _cut_block(own)
    return Body(
        own=_joined(own),
        quoted=_joined(quoted),
        signature=_joined([*block, *signature]),
        footer=_joined(footer),
        banner=_joined(banner),
    )


def _joined(lines: list[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _cut_banner(lines: list[str]) -> tuple[list[str], list[str]]:
    """What a gateway put above, up to the blank line or the rule behind it."""
    first = next((at for at, line in enumerate(lines) if line.strip()), None)
    if first is None or not BANNER.match(lines[first].strip()[:_MAX_LINE]):
        return [], lines
    for at in range(first, min(first + _BANNER_LINES, len(lines))):
        if not lines[at].strip() or RULE.match(lines[at].strip()):
            return lines[: at + 1], lines[at + 1 :]
    return lines[: first + 1], lines[first + 1 :]


def _part_quotes(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines that are not quoted, and those that are."""
    own: list[str] = []
    quoted: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.lstrip().startswith(">"):
            quoted.append(line)
            at += 1
        elif length := _attribution_length(lines, at):
            behind = _next_filled(lines, at + length)
            marked = behind is not None and lines[behind].lstrip().startswith(">")
            quoted += lines[at : at + length]
            at += length
            if not marked:  # a client without quote marks: all below is quoted
                return own, [*quoted, *lines[at:]]
        elif _begins_quoted_rest(lines, at):
            return own, [*quoted, *lines[at:]]
        else:
            own.append(line)
            at += 1
    return own, quoted


def _next_filled(lines: list[str], at: int) -> int | None:
    return next((one for one in range(at, min(at + 4, len(lines))) if lines[one].strip()), None)


def _attribution_length(lines: list[str], at: int) -> int:
    """How many lines from here introduce a quote ("On … Dana Ruiz <…> wrote:"); 0 where none does."""
    if not lines[at].strip():
        return 0
    joined = ""
    for length in range(1, _ATTRIBUTION_LINES + 1):
        if at + length > len(lines):
            return 0
        line = lines[at + length - 1].strip()[:_MAX_LINE]
        if not line or line.startswith(">"):
            return 0
        joined = f"{joined} {line}".strip()
        if len(joined) > 400:
            return 0
        if not WROTE.search(joined[-140:]):
            continue
        behind = _next_filled(lines, at + length)
        marked = behind is not None and lines[behind].lstrip().startswith(">")
        if marked and joined.rstrip().endswith((":", "：")):
            return length
        if BEGINS.match(joined) and len(set(EVIDENCE.findall(joined))) >= 2:
            return length
    return 0


def _begins_quoted_rest(lines: list[str], at: int) -> bool:
    """Whether all from here on is earlier mail: a divider, or a header block."""
    line = lines[at].strip()[:_MAX_LINE]
    if DIVIDER.match(line) or FORWARD_DIVIDER.match(line):
        return True
    if RULE.match(line):
        behind = _next_filled(lines, at + 1)
        return behind is not None and is_header_block(lines, behind)
    return is_header_block(lines, at)


def is_header_block(lines: list[str], at: int) -> bool:
    """Whether "From: … Sent: … To: … Subject: …" stands here, in any of our languages."""
    first = LABEL.match(lines[at].strip()[:200])
    if first is None or first.lastgroup != "from":
        return False
    found = {"from"}
    for line in lines[at + 1 : at + _HEADER_LINES]:
        if not line.strip():
            break
        if label := LABEL.match(line.strip()[:200]):
            found.add(str(label.lastgroup))
    return len(found) >= 3 and bool(found & {"sent", "subject"})


def _cut_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """A signature behind its delimiter, and what phones write."""
    for at, line in enumerate(lines):
        bare = line.strip()[:_MAX_LINE]
        filled = [one for one in lines[at + 1 :] if one.strip()]
        if _DELIMITER.match(line) and len(filled) <= 2 * _SIGNATURE_LINES:
            return lines[:at], lines[at:]
        if SENT_FROM.match(bare) and len(bare) < 120 and len(filled) <= _SIGNATURE_LINES:
            if any(_SENTENCE_END.search(one.strip()) and not LEGAL.search(one[:_MAX_LINE]) for one in filled):
                return [*lines[:at], *lines[at + 1 :]], [line]  # somebody wrote below it
            return lines[:at], lines[at:]
    return lines, []


def _paragraphs(lines: list[str]) -> list[tuple[int, list[str]]]:
    """Runs of filled lines, each with where it begins."""
    found: list[tuple[int, list[str]]] = []
    for at, line in enumerate(lines):
        if not line.strip():
            continue
        if found and found[-1][0] + len(found[-1][1]) == at:
            found[-1][1].append(line.strip())
        else:
            found.append((at, [line.strip()]))
    return found


def _cut_footer(lines: list[str]) -> tuple[list[str], list[str]]:
    """Legal small print at the end; never all that there is."""
    paragraphs = _paragraphs(lines)
    cut = len(lines)
    for at, paragraph in reversed(paragraphs[1:]):
        words = " ".join(paragraph)[:_MAX_LINE]
        if len(words) < 60 or len(LEGAL.findall(words)) < 1 or not _is_small_print(words):
            break
        cut = at
    return lines[:cut], lines[cut:]


def _is_small_print(words: str) -> bool:
    """Two words of law, or one under its heading: an author speaks of one confidential thing, a footer of all."""
    hits = {hit.lower() for hit in LEGAL.findall(words)}
    return len(hits) >= 2 or words.isupper() or re.match(r"^[A-Z][A-Z -]{8,60}[:.]", words) is not None


def _cut_block(lines: list[str]) -> tuple[list[str], list[str]]:
    """A signature without delimiter: the last paragraph, of name and title or name and numbers."""
    paragraphs = _paragraphs(lines)
    if len(paragraphs) < 2:
        return lines, []
    at, block = paragraphs[-1]
    if not 2 <= len(block) <= _SIGNATURE_LINES or any(len(line) > _SIGNATURE_WIDTH for line in block):
        return lines, []
    if not _NAME.match(block[0]) or any(_is_sentence(line) for line in block):
        return lines, []
    above = paragraphs[-2][1][-1]
    signed = _SIGN_OFF_NAME.match(above) and block[0].lower().startswith(above.lower())
    telling = any(_CONTACT.search(line) or _TITLE.search(line) for line in block)
    return (lines[:at], lines[at:]) if signed or telling else (lines, [])


def _is_sentence(line: str) -> bool:
    """Whether somebody says something: many words, and an end. "Acme Inc." and "J.D." say nothing."""
    return bool(_SENTENCE_END.search(line)) and len(line.split()) > 7
