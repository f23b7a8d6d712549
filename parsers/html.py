"""HTML to the text that a reader sees, quotes marked. Alone knows selectolax."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers.quotes import introduces_rest

_MAX_CHARS = 512 * 1024
_MAX_DEPTH = 1_500  # the parser takes quadratic time in nesting
_MAX_PIECES = 4_000  # and in the attributes of one tag
_MAX_MARKS = 20  # quotes in quotes; deeper ones are marked like that
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]{0,20})([^<>]*)", re.I)
_MARKUP = re.compile(r"<!--|<(/?)([a-z][a-z0-9]{0,20})|<[!?/]", re.I)
_PIECE = re.compile(r"[\s=/\"']")
# Elements that hold nothing, or that the next one like them ends.
_FLAT = frozenset(
    "area base br col dd dt embed hr img input li link meta option p param source tbody td th tr wbr".split()
)
_INLINE_IMAGE = re.compile(r"data:[\w/+.-]{1,60};base64,[\w+/=%-]+")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_MANY_BREAKS = re.compile(r"\n{3,}")

_SKIPPED = frozenset({"script", "style", "head", "title", "template", "noscript", "object", "svg"})
_PARAGRAPHS = frozenset(
    {"p", "blockquote", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr"}
)
_LINES = frozenset(
    {"div", "li", "tr", "dt", "dd", "section", "article", "header", "footer", "center", "address"}
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all"
    r"|font-size\s*:\s*0(?:\.0+)?(?:px|pt|em|rem|%)?\s*(?:!important\s*)?(?:;|$)"
    r"|opacity\s*:\s*0(?:\.0+)?\s*(?:!important\s*)?(?:;|$)|(?<![-\w])color\s*:\s*transparent"
    r"|(?:left|top|text-indent)\s*:\s*-\d{3,5}(?!\d)",
    re.I,
)
_SIGNATURE = re.compile(
    r"\b(?:gmail_signature|moz-signature|protonmail_signature_block-user|ymail_android_signature|tutanota_signature)\b"
    r"|^(?:x_)?(?:ms-outlook-mobile-signature|Signature|AppleMailSignature|signature_marker)$"
)
# Gmail writes the delimiter itself, beside the signature.
_SIGNATURE_PREFIX = re.compile(r"\bgmail_signature_prefix\b")
# Divisions that hold nothing but the mail that is answered: Yahoo, Outlook for Mac and for phones, Zoho, Proton, Tuta.
_QUOTE = re.compile(
    r"\b(?:yahoo_quoted|yahoo-quoted|zmail_extra|protonmail_quote|tutanota_quote)\b"
    r"|^(?:x_)?(?:OLK_SRC_BODY_SECTION|mail-editor-reference-message-container|ms-outlook-mobile-reference-message)$"
)
# Above it, in Outlook on the web, for Windows, and Hotmail: all that follows is the mail that is answered.
_QUOTED_REST = re.compile(r"^(?:x_)?(?:appendonsend|divRplyFwdMsg|stopSpelling)$")
# Gmail's "indent more" is a block quote that quotes nobody.
_INDENT = re.compile(r"margin(?:-left)?\s*:\s*(?:0(?:px)? 0(?:px)? 0(?:px)? )?40px", re.I)
_CITED_CLASS = re.compile(r"quote|cite|replied", re.I)


def text_of(html: str) -> str:
    """
    The text that a reader of this HTML sees.

    Blocks are lines, paragraphs have a blank line between; what a block quote holds is marked
    with "> " a level; a signature that its mail client marks stands below "-- ". Hidden text is left out.
    A block quote that nothing introduces is the author's own where one that is introduced follows,
    as mail clients do; else it is a quote. Total: HTML too large or too deep to build a tree of is
    stripped of its tags.
    """
    html = _INLINE_IMAGE.sub("", html)[:_MAX_CHARS]
    if _is_monstrous(html):
        return _stripped(html)
    root = LexborHTMLParser(html).root
    writer = _Writer()
    if root is not None:
        writer.walk(root)
    return writer.text()


def _is_monstrous(html: str) -> bool:
    """Whether tags are nested deeper, or have more attributes, than the parser reads in linear time."""
    depth = 0
    opened: Counter[str] = Counter()
    for tag in _TAG.finditer(html):
        name = tag[2].lower()
        if len(tag[3]) > _MAX_PIECES and len(_PIECE.findall(tag[3])) > _MAX_PIECES:
            return True
        if name in _FLAT:
            continue
        if not tag[1]:
            opened[name] += 1
            depth += 1
        elif opened[name]:  # an end without a beginning ends nothing
            opened[name] -= 1
            depth -= 1
        if depth > _MAX_DEPTH:
            return True
    return False


@dataclass(slots=True)
class _Line:
    """A line of text, and how deep it is quoted: for certain, and perhaps."""

    text: str
    level: int
    perhaps: int


class _Writer:
    """Lines of text, built while the tree is walked."""

    def __init__(self) -> None:
        self._lines: list[_Line] = []
        self._line = ""
        self._level = self._perhaps = 0
        self._quoted_from = 0  # the line at which the last certain quote began
        self._preformatted = False
        self._leaving: dict[int, tuple[int, int]] = {}  # what entering an element added to the levels

    def text(self) -> str:
        self._break()
        while self._lines and not self._lines[-1].text:
            self._lines.pop()
        marked = (self._marked(at, line) for at, line in enumerate(self._lines))
        return _MANY_BREAKS.sub("\n\n", "\n".join(marked)).strip("\n")

    def _marked(self, at: int, line: _Line) -> str:
        level = line.level + (line.perhaps if at >= self._quoted_from else 0)
        return f"{'>' * min(level, _MAX_MARKS)} {line.text}".rstrip() if level else line.text

    def walk(self, root: LexborNode) -> None:
        """Depth first, without recursion: mail nests deeper than Python does."""
        todo: list[tuple[LexborNode, bool]] = [(root, True)]
        while todo:
            node, entering = todo.pop()
            if not entering:
                self._leave(node)
                continue
            tag = node.tag
            if tag == "-text":
                self._write(node.text_content or "")
                continue
            if tag is None or tag.startswith("-") or tag in _SKIPPED or _is_hidden(node):
                continue
            self._enter(node, tag)
            todo.append((node, False))
            children = []
            child = node.first_child
            while child is not None:
                children.append((child, True))
                child = child.next
            todo.extend(reversed(children))

    def _enter(self, node: LexborNode, tag: str) -> None:
        attributes = node.attributes
        names, name = attributes.get("class") or "", attributes.get("id") or ""
        if tag == "br":
            self._break(keep_empty=True)
        elif tag in _PARAGRAPHS:
            self._paragraph()
        elif tag in _LINES:
            self._break()
        elif tag in ("td", "th") and self._line:
            self._line += " "
        if tag == "li":
            self._line = "- "
        if tag == "pre":
            self._preformatted = True
        if (_SIGNATURE.search(names) or _SIGNATURE.search(name)) and self._last_line() != "--":
            self._paragraph()
            self._line = "-- "
            self._break()
        if _QUOTED_REST.match(name) and not self._level:
            self._paragraph()
            self._quote(1, 0)
        elif tag == "blockquote" or _QUOTE.search(names) or _QUOTE.match(name):
            self._paragraph()
            added = self._depth_of(attributes, names) if tag == "blockquote" else (1, 0)
            self._leaving[node.mem_id] = added
            self._quote(*added)

    def _depth_of(self, attributes: Mapping[str, str | None], names: str) -> tuple[int, int]:
        """What a block quote adds to the certain and to the possible level."""
        cited = attributes.get("type") == "cite" or "cite" in attributes
        known = self._level or self._quoted_from  # in a quote, or after one: a quote with answers in it
        if cited or (known and _CITED_CLASS.search(names)) or self._is_introduced():
            return 1, 0
        if _INDENT.search(attributes.get("style") or ""):
            return 0, 0
        return 0, 1

    def _is_introduced(self) -> bool:
        """Whether the last words before a quote say whose it is."""
        lines = [line.text for line in self._lines[-8:]]
        while lines and not lines[-1].strip():
            lines.pop()
        return any(introduces_rest(lines, at) for at in range(len(lines)))

    def _quote(self, level: int, perhaps: int) -> None:
        if level and not self._level:
            self._quoted_from = len(self._lines) or 1
        self._level += level
        self._perhaps += perhaps

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag
        if tag in _PARAGRAPHS:
            # Outlook's paragraphs have no margin, but people put an empty one between.
            self._paragraph()
        elif tag in _LINES:
            self._break()
        if tag == "pre":
            self._preformatted = False
        if added := self._leaving.pop(node.mem_id, None):
            self._paragraph()
            self._level -= added[0]
            self._perhaps -= added[1]

    def _write(self, text: str) -> None:
        if self._preformatted:
            first, *others = text.split("\n")
            self._line += first
            for line in others:
                self._break(keep_empty=True)
                self._line = line
            return
        flat = _BLANKS.sub(" ", text)
        if not self._line or self._line.endswith(" "):
            flat = flat.lstrip(" ")
        self._line += flat

    def _break(self, *, keep_empty: bool = False) -> None:
        """End the line; an empty one counts only where a `<br>` made it."""
        line = self._line if self._line == "-- " else self._line.rstrip(" ")
        self._line = ""
        if line or keep_empty:
            self._append(line)

    def _paragraph(self) -> None:
        self._break()
        if self._lines and self._last_line():
            self._append("")

    def _append(self, text: str) -> None:
        above = self._lines[-1] if self._lines else None
        if above and not above.text:  # the gap between two depths belongs to the shallower
            above.level = min(above.level, self._level)
            above.perhaps = min(above.perhaps, self._perhaps)
        self._lines.append(_Line(text, self._level, self._perhaps))

    def _last_line(self) -> str:
        return self._lines[-1].text.strip() if self._lines else ""


def _is_hidden(node: LexborNode) -> bool:
    style = node.attributes.get("style")
    return bool(style and _HIDDEN.search(style)) or "hidden" in node.attributes


def _stripped(html: str) -> str:
    """The text between tags, for HTML that no tree should be built of."""
    parts: list[str] = []
    at = 0
    while found := _MARKUP.search(html, at):
        name = (found[2] or "").lower()
        parts.append(_BLANKS.sub(" ", html[at : found.start()]))
        if name == "br" or name in _PARAGRAPHS or name in _LINES:
            parts.append("\n")
        if name in _SKIPPED and not found[1]:
            end = re.compile(f"(?=</{name})", re.I).search(html, found.end())
        else:
            end = re.compile("-->" if found[0] == "<!--" else ">").search(html, found.end())
        at = end.end() if end else len(html)
    parts.append(_BLANKS.sub(" ", html[at:]))
    return _MANY_BREAKS.sub("\n\n", unescape("".join(parts))).strip()
