"""HTML to the text that a reader sees, quotes marked. Alone knows selectolax."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from selectolax.lexbor import LexborHTMLParser, LexborNode

_MAX_CHARS = 512 * 1024
_MAX_DEPTH = 1_500  # the parser takes quadratic time in nesting
_TAG = re.compile(r"<(/?)(?:div|blockquote|span|table|td|tr|tbody|p|font|b|i|ul|ol|li|a)\b", re.I)
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
    r"display ?: ?none|visibility ?: ?hidden|mso-hide ?: ?all|font-size ?: ?0(?:px|pt)? ?(?:;|$)", re.I
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
    html = html[:_MAX_CHARS]
    if _depth(html) > _MAX_DEPTH:
        return _stripped(html)
    root = LexborHTMLParser(html).root
    writer = _Writer()
    if root is not None:
        writer.walk(root)
    return writer.text()


def _depth(html: str) -> int:
    """How deep the tags that mail nests are nested, at the most."""
    depth = deepest = 0
    for tag in _TAG.finditer(html):
        depth += -1 if tag[1] else 1
        deepest = max(deepest, depth)
    return deepest


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
            self._lines.append(f"{'>' * self._level} {line}".rstrip() if self._level else line)

    def _paragraph(self) -> None:
        self._break()
        if self._lines and self._last_line():
            self._lines.append(">" * self._level)

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


class _Stripper(HTMLParser):
    """The text between tags, for HTML that no tree should be built of."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skipping += tag in _SKIPPED
        if tag == "br" or tag in _PARAGRAPHS or tag in _LINES:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._skipping = max(0, self._skipping - (tag in _SKIPPED))

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self.parts.append(_BLANKS.sub(" ", data))


def _stripped(html: str) -> str:
    stripper = _Stripper()
    stripper.feed(html)
    stripper.close()
    return _MANY_BREAKS.sub("\n\n", "".join(stripper.parts)).strip()
