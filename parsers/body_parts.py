"""Which parts of a mail are its body, and what they say."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from parsers.charset import clean, text_from
from parsers.html import text_of
from parsers.mime import Leaf, Part, leaves
from parsers.plain_text import unarmored, unenriched, unflowed
from parsers.transfer import text_octets, uuencoded

MAX_TEXT_BYTES = 2_000_000  # of one mail; what stands behind is not read
_HTML = "text/html"
_WORDS = ("text/plain", _HTML)
_RICH = ("text/enriched", "text/richtext")
_VIEWS = (
    *_WORDS,
    *_RICH,
    "text/x-amp-html",
    "text/watch-html",
    "text/markdown",
    "text/x-markdown",
    "text/x-web-markdown",
)
# Text for programs: nobody reads a mail in it.
_NO_WORDS = re.compile(
    r"text/(?:calendar|x-vcalendar|x?-?vcard|directory|css|csv|rfc822|xml|javascript|x-amp|watch)"
)
_META_CHARSET = re.compile(rb"<meta\b[^>]{0,300}?charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([\w.:-]{1,40})", re.I)
_IS_HTML = re.compile(r"\s{0,100}(?:<!doctype html\b|<html\b)", re.I)
_ODD_LINE_ENDS = "\r\x0b\x0c\x85\u2028\u2029"
_ODD_LINE_END = re.compile(f"\r\n|[{_ODD_LINE_ENDS}]")
_UNENCODED = ("", "7bit", "8bit", "binary")
# "Your mail program cannot show HTML", "view this mail in your browser": in every language by these words.
_EXCUSE = re.compile(r"html\b|\bbrowser|\bnavigat", re.I)
_MAX_EXCUSE = 600
_WORD = re.compile(r"[^\W_]{1,60}")
_LINK = re.compile(r"https?://\S{1,2000}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What the body of a mail says, and what stands in it that is no word."""

    text: str  # as its reader sees it, quotes in HTML marked with "> "
    files: tuple[tuple[str, bytes], ...]  # uuencoded between the words: name and content
    encrypted: tuple[str, ...]  # what PGP encrypted in place, in its armor


def body_of(raw: bytes, root: Part, *, html_first: bool = False) -> Body:
    """
    The body of a mail: of alternatives the plain one if it says anything, else the HTML's; with `html_first`
    the other way round.

    Attached and bounced messages are not the author's words and stay out, as does what has a file name;
    where nothing else is text, the first named part is read that is not attached, as Netscape and Pine
    send a text file. Total; of the text the first MAX_TEXT_BYTES.

    Source: RFC 2046 §5.1, RFC 2387, RFC 6522 §3.
    """
    reader = _Reader(raw, html_first=html_first)
    text = reader.read(root)
    if not text.strip():
        text = reader.last_resort(root)
    return Body(text=text.strip("\n"), files=tuple(reader.files), encrypted=tuple(reader.encrypted))


def is_body(leaf: Leaf) -> bool:
    """Whether a part is the body or another view of it, and so no attachment."""
    return not leaf.is_attached and leaf.part.name is None and leaf.part.media_type in _VIEWS


class _Reader:
    """Reads the parts of one mail, as long as its text is not too much."""

    def __init__(self, raw: bytes, *, html_first: bool) -> None:
        self._raw = raw
        self._html_first = html_first
        self._left = MAX_TEXT_BYTES
        self.files: list[tuple[str, bytes]] = []
        self.encrypted: list[str] = []

    def read(self, part: Part) -> str:
        """The text of the body parts in it."""
        if part.is_attached or part.media_type == "multipart/encrypted":
            return ""
        if part.family != "multipart":
            return self._text(part) if part.media_type in _WORDS and part.name is None else ""
        if part.media_type == "multipart/alternative":
            return self._alternative(part.children)
        children = part.children
        if part.media_type == "multipart/report":
            children = children[:1]  # the part for people; what follows is for machines
        if part.media_type == "multipart/related" and children:
            start = part.parameters.get("start", "").strip("<> ")
            root = next((one for one in children if start and one.content_id == start), children[0])
            text = self.read(root)
            if text.strip():
                return text
            children = tuple(one for one in children if one is not root)
        return "\n".join(text for text in map(self.read, children) if text.strip())

    def last_resort(self, root: Part) -> str:
        """The first text that is not said to be an attachment, whatever its name and kind."""
        candidates = [
            leaf.part
            for leaf in leaves(root)
            if leaf.part.family == "text"
            and not leaf.is_attached
            and not _NO_WORDS.match(leaf.part.media_type)
        ]
        named = sorted(candidates, key=lambda part: part.media_type not in _WORDS)
        return next((text for part in named if (text := self._text(part)).strip()), "")

    def _alternative(self, children: tuple[Part, ...]) -> str:
        ordered = sorted(children, key=lambda child: (child.media_type == "text/plain") is self._html_first)
        for place, child in enumerate(ordered):
            text = self.read(child)
            if not text.strip():
                continue
            if (
                child.media_type == "text/plain"
                and len(text) <= _MAX_EXCUSE
                and _EXCUSE.search(_LINK.sub("", text))
            ):
                others = (self.read(one) for one in ordered[place + 1 :] if one.media_type != "text/plain")
                other = next((one for one in others if one.strip()), "")
                return other if _is_excuse(text, other) else text
            return text
        rich = (self._text(one) for one in children if one.media_type in _RICH and not one.is_attached)
        return next((text for text in rich if text.strip()), "")

    def _text(self, part: Part) -> str:
        octets = self._octets(part)
        label = part.parameters.get("charset")
        if not label and part.media_type == _HTML and (meta := _META_CHARSET.search(octets, 0, 2_000)):
            label = meta[1].decode("ascii", "replace")
        text = _with_plain_line_ends(text_from(octets, label))
        if part.media_type == _HTML or (not part.declared and _IS_HTML.match(text)):
            return _with_plain_line_ends(clean(text_of(text)))
        text, encrypted = unarmored(text)
        self.encrypted += encrypted
        if part.media_type in _RICH:
            return unenriched(text)
        if part.parameters.get("format", "").lower() == "flowed":
            return unflowed(text, delsp=part.parameters.get("delsp", "").lower() == "yes")
        return text

    def _octets(self, part: Part) -> bytes:
        raw = self._raw
        if part.encoding in _UNENCODED and part.media_type == "text/plain" and _may_be_uuencoded(raw, part):
            raw, files = uuencoded(raw[part.start : part.end])
            self.files += files
            part = replace(part, start=0, end=len(raw))
        octets = text_octets(raw, part, most=self._left) if self._left > 0 else b""
        self._left -= len(octets)
        return octets


def _with_plain_line_ends(text: str) -> str:
    text = text.replace("\r\n", "\n")
    return _ODD_LINE_END.sub("\n", text) if any(one in text for one in _ODD_LINE_ENDS) else text


def _may_be_uuencoded(raw: bytes, part: Part) -> bool:
    return raw.startswith(b"begin ", part.start) or raw.find(b"\nbegin ", part.start, part.end) >= 0


def _is_excuse(plain: str, other: str) -> bool:
    """Whether a short plain text says nothing of what the mail says: less by far, or something else."""
    said = _WORD.findall(_LINK.sub(" ", plain).lower())
    meant = _WORD.findall(other.lower())
    return bool(meant) and (len(meant) >= 3 * len(said) or " ".join(said) not in " ".join(meant))
