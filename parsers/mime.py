"""The parts of a mail: where each stands in the bytes, and what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from parsers.fields import Header, parameters, read_header

MAX_PARTS = 10_000  # of one mail; those behind are not read
MAX_DEPTH = 50  # of multiparts in multiparts; what is deeper counts as if it stood there
_MAX_DELIMITERS = 200_000  # lines that begin with "--", boundaries or not
_MAX_BOUNDARY = 1_000
_MAX_NAME = 1_000  # characters
EMPTIED = "X-Practiq-Emptied"  # our field in a part whose content was not fetched: its size in bytes
_SIZE = re.compile(r"\d{1,15}")

_MEDIA_TYPE = re.compile(r'[^\s;/"<>]{1,100}/[^\s;/"<>]{1,100}')
_FAMILY = re.compile(r"(?:image|audio|video|application|multipart|message)\b")
# A boundary that no Content-Type names: the first line that looks like one above a part's header.
_SOME_BOUNDARY = re.compile(
    rb"(?<![^\n])--([!-~][^\r\n]{0,199})\r{0,2}\n(?=content-[a-z-]{2,40}[ \t]{0,9}:)", re.I
)
_LOOKED_AT = 64_000  # bytes, for such a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A message's content, or a part of it."""

    media_type: str  # "text/plain" where none is declared, or nothing that is one
    parameters: Mapping[str, str]  # of Content-Type, names in lower case
    declared: str  # the media type as declared; "" where none is
    disposition: str  # "attachment", "inline"; "" where none is declared
    name: str | None  # of the file, as the sender named it
    encoding: str  # Content-Transfer-Encoding in lower case
    content_id: str  # without its brackets
    emptied_bytes: int = 0  # the size of what stood here, by our own field
    start: int = 0  # where its content stands, encoded
    end: int = 0
    children: tuple[Part, ...] = ()  # of a multipart, in order

    @property
    def family(self) -> str:
        """The media type's first half."""
        return self.media_type.partition("/")[0]

    @property
    def is_attached(self) -> bool:
        """Whether its sender says that it is not the body."""
        return self.disposition == "attachment"


def parts_of(raw: bytes, header: Header, end: int, *, charset: str | None = None) -> Part:
    """
    What a header describes, which stands in `raw` from the header's end to `end`, taken apart.

    Delimiters are whole lines. A boundary that comes again after its end begins parts again, one that is
    declared inside a multipart that has the same adds no level, and one that never comes is looked for;
    what has no delimiter at all is text. A message inside the message is one part. Raw bytes in a file's
    name are in `charset`. Total, and linear in the bytes.

    Source: RFC 2046 §5.1.
    """
    shape = _shape(header, inside="", charset=charset)
    if shape.family != "multipart":
        return replace(shape, start=header.end, end=end)
    return _Splitter(raw, end, charset).split(shape, header.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A part without parts of its own, and where it hangs."""

    part: Part
    inside: str  # the media type of the multipart around it; "" for a mail of one part
    is_attached: bool  # whether it, or one around it, is said to be an attachment


def leaves(part: Part, *, inside: str = "", attached: bool = False) -> Iterator[Leaf]:
    """The parts that have no parts of their own, in order."""
    attached = attached or part.is_attached
    if part.family != "multipart":
        yield Leaf(part=part, inside=inside, is_attached=attached)
    for child in part.children:
        yield from leaves(child, inside=part.media_type, attached=attached)


def delimiters_of(raw: bytes, header: Header) -> tuple[bytes, ...]:
    """What stands behind the hyphens of a multipart's delimiters, by its header and by what looks like one below it."""
    shape = _shape(header, inside="", charset=None)
    if shape.family != "multipart":
        return ()
    found = _SOME_BOUNDARY.search(raw, header.end, header.end + _LOOKED_AT)
    some = found[1].decode("utf-8", "replace") if found else ""
    return (*_keys(shape.parameters.get("boundary", "")), *_keys(some))


@dataclass(slots=True)
class _Open:
    """A multipart whose end has not come."""

    shape: Part
    start: int
    keys: tuple[bytes, ...]  # its boundary, as it may stand in the bytes
    begun: bool = False  # whether a delimiter of its own was seen
    children: list[Part] = field(default_factory=list)


class _Splitter:
    """One pass over the lines that begin with two hyphens, with a stack of the multiparts that are open."""

    def __init__(
        self, raw: bytes, end: int, charset: str | None, *, parts_left: int = MAX_PARTS, infers: bool = True
    ) -> None:
        self._raw = raw
        self._end = end
        self._charset = charset
        self._parts_left = parts_left
        self._infers = infers
        self._open: list[_Open] = []
        self._levels: dict[bytes, int] = {}  # of each boundary
        self._leaf: tuple[Part, int] | None = None  # the part that is being read, and where it starts

    def split(self, shape: Part, start: int, boundary: str = "") -> Part:
        """A multipart whose content starts here, with its parts."""
        self._push(shape, start, boundary or shape.parameters.get("boundary", ""))
        at = start  # always where a line begins
        for _ in range(_MAX_DELIMITERS):
            if not self._raw.startswith(b"--", at, self._end):
                at = self._raw.find(b"\n--", at, self._end) + 1
            if not at:
                break
            behind = self._raw.find(b"\n", at, self._end) + 1 or self._end
            level, is_last = self._delimiter(at, behind)
            if level is not None:
                self._close_part(level, at)
                if self._parts_left <= 0:
                    return self._popped(at)
                if not is_last:
                    behind = self._begin_part(behind)
                elif not self._open[-1].begun:
                    self._end_unbegun(at)
            at = behind
        self._close_part(0, self._end)
        return self._popped(self._end)

    def _delimiter(self, at: int, behind: int) -> tuple[int | None, bool]:
        """Whose delimiter this line is, if it is one, and whether it is the last of its multipart."""
        if behind - at > _MAX_BOUNDARY:
            return None, False
        words = b" ".join(self._raw[at + 2 : behind].split())
        level = self._levels.get(words)
        if level is None and words.endswith(b"--"):
            return self._levels.get(words[:-2].rstrip()), True
        return level, False

    def _push(self, shape: Part, start: int, boundary: str) -> None:
        keys = _keys(boundary)
        self._levels |= dict.fromkeys(keys, len(self._open))
        self._open.append(_Open(shape, start, keys))

    def _begin_part(self, at: int) -> int:
        """Read the header of the part that begins here; give where its content does."""
        self._parts_left -= 1
        around = self._open[-1]
        around.begun = True
        header = read_header(self._raw, at, self._end, outermost=False)
        shape = _shape(header, inside=around.shape.media_type, charset=self._charset)
        boundary = shape.parameters.get("boundary", "")
        if shape.family != "multipart":
            self._leaf = (shape, header.end)
        elif not any(key in self._levels for key in _keys(boundary)):
            self._push(shape, header.end, boundary)
        return header.end

    def _close_part(self, level: int, at: int) -> None:
        """End the part that a delimiter of that level ends, and all inside it."""
        end = at
        if at < self._end:  # the line end before a delimiter is the delimiter's
            end -= self._raw[end - 1 : end] == b"\n"
            end -= self._raw[end - 1 : end] == b"\r"
        if self._leaf is not None:
            shape, start = self._leaf
            self._open[-1].children.append(replace(shape, start=min(start, end), end=end))
            self._leaf = None
        while len(self._open) - 1 > level:
            begun = self._open[-1].begun
            made = self._popped(end)
            too_deep = begun and len(self._open) >= MAX_DEPTH
            self._open[-1].children.extend(made.children if too_deep else (made,))

    def _end_unbegun(self, at: int) -> None:
        """A multipart that ends without having begun: what stands before its end are its parts."""
        one = self._open[-1]
        one.begun = True
        made = self._unbegun(one, min(one.start, at), at)
        one.children.extend(made.children or (made,))

    def _popped(self, end: int) -> Part:
        one = self._open.pop()
        for key in one.keys:
            self._levels.pop(key, None)
        start = min(one.start, end)
        if one.begun:
            return replace(one.shape, start=start, end=end, children=tuple(one.children))
        return self._unbegun(one, start, end)

    def _unbegun(self, one: _Open, start: int, end: int) -> Part:
        """A multipart without a delimiter: split at what looks like one; else it is text."""
        found = _SOME_BOUNDARY.search(self._raw, start, min(end, start + _LOOKED_AT))
        if found and self._infers and self._parts_left > 0:
            inner = _Splitter(self._raw, end, self._charset, parts_left=self._parts_left, infers=False)
            made = inner.split(one.shape, start, found[1].decode("utf-8", "replace"))
            self._parts_left = inner._parts_left
            return made
        return replace(one.shape, media_type="text/plain", start=start, end=end)


def _keys(boundary: str) -> tuple[bytes, ...]:
    """A boundary as it may stand in the bytes; none for an empty one."""
    words = " ".join(boundary.split())
    return tuple({words.encode(charset, "replace"): None for charset in ("utf-8", "cp1252") if words})


def _shape(header: Header, *, inside: str, charset: str | None) -> Part:
    """What a header says of its part, which stands inside a multipart of that type."""
    declared = header.first("content-type", charset)
    if ";" not in declared and "=" in declared:
        declared = declared.replace(" ", ";", 1)  # "text/plain charset=utf-8"
    media_type, typed = parameters(declared)
    disposition = header.first("content-disposition", charset)
    if "=" in disposition.partition(";")[0]:
        disposition = f";{disposition}"  # "filename=a.pdf" without saying whether inline or attached
    disposition, disposed = parameters(disposition)
    encoding = header.first("content-transfer-encoding").lower().split()
    names = (disposed.get("filename"), typed.get("name"), disposed.get("name"), typed.get("filename"))
    return Part(
        media_type=_media_type(media_type, inside),
        parameters=typed,
        declared=_media_type(media_type, inside) if media_type else "",
        disposition=disposition.strip("\"' "),
        name=next((name[:_MAX_NAME] for name in names if name), None),
        encoding=encoding[0].strip("\"';,") if encoding else "",
        content_id=header.first("content-id").strip("<> "),
        emptied_bytes=int(size[0]) if (size := _SIZE.fullmatch(header.first(EMPTIED.lower()).strip())) else 0,
    )


def _media_type(declared: str, inside: str) -> str:
    """A media type of two halves; RFC 2045 §5.2 and RFC 2046 §5.1.5 say what an undeclared part is."""
    if found := _MEDIA_TYPE.match(declared.strip("\"'")):
        return found[0]
    if not declared and inside == "multipart/digest":
        return "message/rfc822"
    return "application/octet-stream" if _FAMILY.match(declared) else "text/plain"
