"""The author's own words, apart from what was quoted, signed or added."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.header_blocks import header_block
from parsers.quote_words import BANNER, BANNER_TAG, RULE
from parsers.quotes import (
    attribution_length,
    is_divider,
    is_marked,
    is_rule,
    lines_of,
    next_filled,
)
from parsers.signature import cut_footer, cut_signature, paragraphs_of

_MAX_CHARS = 1_000_000  # promises.md P4: what we use of one text
_MAX_BANNER_LINES = 8
_WRAPPED_AT = 70  # columns; quoted lines this long were broken by a mail client that forgot their mark
_MANY_BREAKS = re.compile(r"\n{3,}")
_DEBRIS = re.compile(r"^\s*(?:\(?https?://\S+[)>]? ?>?|[\w/=&?%#;.+~-]{1,200}[)>])$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A body's text taken apart; each part with its own lines, "" where there is none."""

    own: str  # what the author newly wrote
    quoted: str  # earlier mail, with the line that introduces it
    signature: str  # after "-- ", or a block of name, title and numbers; "Sent from my iPhone"
    footer: str  # legal small print, a mailing list's or a scanner's lines
    banner: str  # what a gateway put above: "[EXTERNAL] ..."


def split_body(text: str) -> Body:
    """
    The newly written words of a body, apart from the rest.

    Answers between quoted lines are own words, as are those below a quote. What could be either is
    own: a word kept too many is seen by a person, a word lost is seen by nobody. Total, and linear.

    Source: RFC 3676 §4 for quote marks and signatures; for all else what mail clients do.
    """
    banner, lines = _cut_banner(lines_of(text[:_MAX_CHARS]))
    own, quoted = _part_quotes(lines)
    own, footer = cut_footer(own)
    own, signature = cut_signature(own)
    own, above = cut_footer(own)
    return Body(
        own=_joined(own),
        quoted=_joined(quoted),
        signature=_joined(signature),
        footer=_joined([*above, *footer]),
        banner=_joined(banner),
    )


def _joined(lines: list[str]) -> str:
    """These lines as paragraphs; what was cut out between them leaves no hole."""
    return _MANY_BREAKS.sub("\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")


def _cut_banner(lines: list[str]) -> tuple[list[str], list[str]]:
    """What a gateway put above: a tag before the first word, or a paragraph of warning."""
    first = next((at for at, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return [], lines
    if tag := BANNER_TAG.match(lines[first]):
        rest = lines[first][tag.end() :]
        cut, lines = _cut_banner([rest, *lines[first + 1 :]])
        return [tag[0].strip(), *cut], lines
    _, paragraph = paragraphs_of(lines[first : first + 4 * _MAX_BANNER_LINES])[0]
    length = next((n for n, line in enumerate(paragraph) if n and RULE.match(line)), len(paragraph))
    if length > _MAX_BANNER_LINES or not BANNER.match(" ".join(paragraph[:length])[:1_000]):
        return [], lines
    end = first + length + any(RULE.match(line) for line in paragraph[length : length + 1])
    return lines[:end], lines[end:]


def _part_quotes(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines that are not quoted, and those that are."""
    own: list[str] = []
    quoted: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip():
            own.append(line)
            at += 1
        elif is_marked(line) or _is_debris(lines, at):
            quoted.append(line)
            at += 1
        elif length := _introduction_length(lines, at):
            behind = next_filled(lines, at + length)
            quoted += lines[at : at + length]
            at += length
            if behind is None or not is_marked(lines[behind]):
                return own, [*quoted, *lines[at:]]  # a client without quote marks: all below is quoted
        elif _begins_quoted_rest(lines, at):
            return own, [*quoted, *lines[at:]]
        else:
            own.append(line)
            at += 1
    return own, quoted


def _is_debris(lines: list[str], at: int) -> bool:
    """Whether a line between quoted ones is the end of the one above, broken off without its mark."""
    above, below = lines[at - 1 : at] if at else [], lines[at + 1 : at + 2]
    if not (above and below and is_marked(above[0]) and is_marked(below[0]) and lines[at].strip()):
        return False
    if _DEBRIS.match(lines[at][:2_000]):
        return True
    broken = len(above[0]) >= _WRAPPED_AT and above[0].rstrip()[-1:] not in ".?!:"
    return broken and lines[at][:1].islower()


def _introduction_length(lines: list[str], at: int) -> int:
    """How many lines from here introduce what follows, an attribution or a header block; 0 where none does."""
    if length := attribution_length(lines, at):
        return length
    block = header_block(lines, at)
    return block.length if block else 0


def _begins_quoted_rest(lines: list[str], at: int) -> bool:
    """Whether all from here on is earlier mail: below a divider, or a rule above a header block."""
    if is_divider(lines[at]):
        return True
    if not (is_rule(lines[at]) or lines[at].lstrip().startswith("--")):
        return False
    behind = next_filled(lines, at + 1)
    return behind is not None and header_block(lines, behind) is not None
