"""HTML to the text that a reader sees, quotes marked. Alone knows selectolax."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

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
    r"|font-size\s*:\s*0(?:\.0+)?(?:px|pt|em|rem|%)?\s*(?:!important\s*)?(?:;|$)",
    re.I,
)
_SIGNATURE = re.compile(r"\b(?:gmail_signature|moz-signature|protonmail_signature_block-user)\b")
# Gmail writes the delimiter itself, beside the signature.
_SIGNATURE_PREFIX = re.compile(r"\bgmail_signature_prefix\b")


def text_of(html: str) -> str:
    """
    The text that a reader of this HTML sees.

    Blocks are lines, paragraphs have a blank line between; what a blockquote holds is marked
    with "> " a level; a signature that its mail client marks stands below "-- ". Hidden text is left out.
    Total: HTML too large or too deep to build a tree of is stripped of its tags.
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


class _Writer:
    """Lines of text, built while the tree is walked."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line = ""
        self._level = 0  # of blockquotes
        self._preformatted = False

    def text(self) -> str:
        self._break()
        return _MANY_BREAKS.sub("\n\n", "\n".join(self._lines)).strip("\n")

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
        names = node.attributes.get("class") or ""
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
        if tag == "blockquote":
            self._level += 1
        if _SIGNATURE.search(names) and self._last_line() != "--":
            self._paragraph()
            self._line = "-- "
            self._break()
        if tag == "hr" or _is_outlook_reply(node):
            self._paragraph()

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag
        if tag in _PARAGRAPHS:
            # Outlook's paragraphs have no margin, but people put an empty one between.
            self._paragraph()
        elif tag in _LINES:
            self._break()
        if tag == "blockquote":
            self._level -= 1
        if tag == "pre":
            self._preformatted = False

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
            self._lines.append(f"{self._marks()} {line}".rstrip() if self._level else line)

    def _paragraph(self) -> None:
        self._break()
        if self._lines and self._last_line():
            self._lines.append(self._marks())

    def _marks(self) -> str:
        return ">" * min(self._level, _MAX_MARKS)

    def _last_line(self) -> str:
        return self._lines[-1].strip("> ") if self._lines else ""


def _is_hidden(node: LexborNode) -> bool:
    style = node.attributes.get("style")
    return bool(style and _HIDDEN.search(style)) or "hidden" in node.attributes


def _is_outlook_reply(node: LexborNode) -> bool:
    """The division that Outlook puts above the mail that it answers."""
    return node.attributes.get("id") in (
        "appendonsend",
        "divRplyFwdMsg",
        "mail-editor-reference-message-container",
    )


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
