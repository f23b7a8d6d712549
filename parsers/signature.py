"""What stands below an author's words: their signature, and what lists, lawyers and scanners add."""

from __future__ import annotations

import re

from parsers.quote_words import ADDED, LEGAL, LIST_FOOTER, RULE, SENT_FROM

_MAX_LINE = 2_000
_SIGNATURE_LINES = 12
_SIGNATURE_WIDTH = 80
_SENT_FROM_WORDS = 10
_FOOTER_PARAGRAPHS = 12

# "-- " (RFC 3676 §4.3); Outlook and phones lose the blank, and some write a rule.
_DELIMITER = re.compile(r"^(?:--|—|__)[ \t]{0,3}$")
_BEFORE_TITLE = re.compile(r"\s?[|,–—/(]\s?|\s-\s")  # "Dana Ruiz, Director", "Dana Ruiz | Acme"
_PARTICLES = frozenset(
    "& de da di do dos das del della van von der den la le el bin al y e ter ten zu af av und and".split()
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
# "-Dana Ruiz" as the last line: no blank behind the dash, which a list has, and a whole name.
_DASHED_NAME = re.compile(r"^[-–—]{1,2}[^\W\d_a-z][\w.'’-]{0,20} [^\W\d_a-z][\w.'’-]{0,20}$")


def paragraphs_of(lines: list[str]) -> list[tuple[int, list[str]]]:
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


def cut_footer(lines: list[str]) -> tuple[list[str], list[str]]:
    """Lines without the small print at their end, and that; never all that there is."""
    cut = len(lines)
    for at, paragraph in reversed(paragraphs_of(lines)[1:][-_FOOTER_PARAGRAPHS:]):
        words = " ".join(paragraph)[:_MAX_LINE]
        if not (
            _is_small_print(words) or ADDED.match(words) or LIST_FOOTER.search(words) or RULE.match(words)
        ):
            break
        cut = at
    if not any(line.strip() and not RULE.match(line.strip()) for line in lines[cut:]):
        return lines, []  # a rule alone is somebody's
    return lines[:cut], lines[cut:]


def _is_small_print(words: str) -> bool:
    """Two words of law, or one under its heading: an author speaks of one confidential thing, a footer of all."""
    if len(words) < 60:
        return False
    hits = {hit.lower() for hit in LEGAL.findall(words)}
    return len(hits) >= 2 or bool(
        hits and (words.isupper() or re.match(r"^[A-Z][A-Z -]{8,60}[:.]", words) is not None)
    )


def cut_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """Lines without the author's signature: behind its delimiter, as phones write it, or as a block of name and numbers."""
    own, signature = _cut_delimited(lines)
    own, block = _cut_block(own)
    if block:
        # "Regards," belongs to the name that it stood above.
        end = len(own)
        while end and not own[end - 1].strip():
            end -= 1
        if end > 1 and own[end - 1].rstrip().endswith(",") and len(own[end - 1].split()) <= 4:
            own, block = own[: end - 1], [*own[end - 1 :], *block]
    return own, [*block, *signature]


def _cut_delimited(lines: list[str]) -> tuple[list[str], list[str]]:
    below = 0  # filled lines below this one; a signature has few, so only the end is looked at
    start = len(lines)
    while start and below <= 2 * _SIGNATURE_LINES:
        start -= 1
        below += bool(lines[start].strip())
    for at in range(start, len(lines)):
        said = lines[at].strip()[:_MAX_LINE]
        below -= bool(said)
        if _DELIMITER.match(lines[at]) and below < 2 * _SIGNATURE_LINES:
            return lines[:at], lines[at:]
        if SENT_FROM.match(said) and _is_sent_from(said) and below <= _SIGNATURE_LINES:
            if any(_is_written(one.strip()) for one in lines[at + 1 :]):
                return [*lines[:at], *lines[at + 1 :]], [lines[at]]  # somebody wrote below it
            return lines[:at], lines[at:]
    return lines, []


def _is_written(line: str) -> bool:
    """Whether somebody said this, rather than signed or their lawyers."""
    return _SENTENCE_END.search(line[-3:]) is not None and LEGAL.search(line[:_MAX_LINE]) is None


def _is_sent_from(line: str) -> bool:
    """Whether a line that begins like a phone's signature is as short as one."""
    words = re.sub(r"[<(\[]?https?://[^\s>)\]]{1,300}[>)\]]?", "", line)
    return len(words.split()) <= _SENT_FROM_WORDS and len(words) < 120


def _cut_block(lines: list[str]) -> tuple[list[str], list[str]]:
    """A signature without delimiter: the last paragraph, of name and title or name and numbers."""
    paragraphs = paragraphs_of(lines)
    if len(paragraphs) < 2:
        return lines, []
    at, block = paragraphs[-1]
    if (
        len(block) == 1
        and _DASHED_NAME.match(block[0])
        and sum(line.startswith(("-", "–", "—")) for line in lines) == 1
    ):
        return lines[:at], lines[at:]
    if not 2 <= len(block) <= _SIGNATURE_LINES or any(len(line) > _SIGNATURE_WIDTH for line in block):
        return lines, []
    if not _is_name(block[0]) or any(_is_sentence(line) for line in block):
        return lines, []
    above = paragraphs[-2][1][-1]
    signed = _SIGN_OFF_NAME.match(above) and block[0].lower().startswith(above.lower())
    telling = any(_CONTACT.search(line) or _TITLE.search(line) for line in block)
    return (lines[:at], lines[at:]) if signed or telling else (lines, [])


def without_name(own: str, author: str) -> str:
    """
    An author's words without their own name alone on the last line ("Carol", "C. Dunmore"), which says nothing.

    All of them where there are no others. Total.
    """
    words, _, last = own.rstrip().rpartition("\n")
    named = {one.strip(".,").casefold() for one in author.split()}
    initials = {one[:1] for one in named}
    signed = [word for one in last.split() if (word := one.strip(".,-–—").casefold())]
    is_name = bool(signed) and all(one in named or one in initials for one in signed)
    return words.rstrip() if is_name and words.strip() else own


def _is_name(line: str) -> bool:
    """Whether a line is a whole name, with or without a title behind it: two to five words, in capitals but for "de"."""
    words = _BEFORE_TITLE.split(line, maxsplit=1)[0].split()
    return 2 <= len(words) <= 5 and all(word in _PARTICLES or _is_capitalised(word) for word in words)


def _is_capitalised(word: str) -> bool:
    """Whether a word may be a name's: a capital, or a letter of a script that has none, and letters behind it."""
    return word[0].isalpha() and not word[0].islower() and all(c.isalpha() or c in ".'’-" for c in word)


def _is_sentence(line: str) -> bool:
    """Whether somebody says something: many words, and an end. "Acme Inc." and "J.D." say nothing."""
    return bool(_SENTENCE_END.search(line)) and len(line.split()) > 7
