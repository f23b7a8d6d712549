"""A large mail without what its attachments hold, made of pieces of it: never the whole of it in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Protocol

from parsers.fields import Header, read_header, readable
from parsers.mime import EMPTIED, Part, delimiters_of, leaves, parts_of
from parsers.sections import MAX_HEADER_BYTES, MAX_SECTIONS, is_read, shares_of

_BLOCK = 1_000_000  # bytes read at a time
MAX_LINE = 1_000  # what we look at of one
_MAX_LINES = 1_000_000  # that begin like a delimiter; those behind are none
_MAX_DELIMITERS = 3 * MAX_SECTIONS
_WINDOW = MAX_LINE + MAX_HEADER_BYTES  # a delimiter and the header below it
_TAIL = 3  # before a delimiter: the line end that is its own, and something of what it ends

_BLANK_LINE = re.compile(rb"(?<=\n)[ \t]*\r{0,2}\n\Z")
_NO_LETTERS = b"\r\n\t ="  # of base64


class Lying(Protocol):
    """A mail as it lies somewhere, of which pieces can be read."""

    def __len__(self) -> int:
        """Its bytes."""

    def read(self, start: int, end: int) -> bytes:
        """What stands between two places, as far as there is something."""


def emptied(mail: Lying, most: int) -> bytes:
    """
    Header, words and what is small of a mail, `most` bytes of contents; each other part says its size in a field of ours.

    It is what `sections.put_together` makes of the pieces that a server gives, with the line ends that
    it has; a mail that cannot be taken apart, or has nothing but words, comes by its beginning. Total.
    """
    return _emptied(mail, most) or mail.read(0, most)


def lines_with(mail: Lying, words: bytes) -> Iterator[tuple[int, bytes]]:
    """Where a line below the first begins with these words, and the line, cut where it is very long."""
    starts = re.compile(rb"\n(" + re.escape(words) + rb"[^\n]{0,%d})" % MAX_LINE)
    for base in range(0, len(mail), _BLOCK):
        for found in starts.finditer(mail.read(base, base + _BLOCK + len(words) + MAX_LINE)):
            if found.start() >= _BLOCK:
                break
            yield base + found.start(1), found[1]


def _emptied(mail: Lying, most: int) -> bytes | None:
    outline = _outline(mail, most)
    if outline is None:
        return None
    raw, gaps = outline
    parts = _parts(raw)
    if len(parts) > MAX_SECTIONS or (len(parts) == 1 and is_read(parts[0])):
        return None
    if not all(any(part.start <= gap < part.end for part in parts) for gap, _ in gaps):
        return None  # what was left out is more than the contents of parts
    places = [(_place(part.start, gaps), _place(part.end, gaps)) for part in parts]
    shares = shares_of(
        [(end - start, is_read(part)) for part, (start, end) in zip(parts, places, strict=True)], most
    )
    made = b"".join(_written(mail, parts, places, shares))
    as_meant = [(part.media_type, part.name, share) for part, share in zip(parts, shares, strict=True)]
    is_as_meant = as_meant == [(one.media_type, one.name, one.end - one.start) for one in _parts(made)]
    return made if is_as_meant else None


def _outline(mail: Lying, most: int) -> tuple[bytes, list[tuple[int, int]]] | None:
    """
    The beginning of a mail and each delimiter with what stands around it, and where how much is left out.

    None where it is in UTF-16, or has more delimiters than a mail that is taken apart.
    """
    beginning = mail.read(0, most)
    head = readable(beginning)
    if len(head) != len(beginning):
        return None
    known = set(delimiters_of(head, _header(head)))
    windows = [(0, len(head))]
    for at, line in islice(lines_with(mail, b"--"), _MAX_LINES if known else 0):
        words = b" ".join(line[2:].split())
        if words in known or words.removesuffix(b"--").rstrip() in known:
            window = mail.read(at, at + _WINDOW)
            header = read_header(window, len(line) + 1, len(window), outermost=False)
            known.update(delimiters_of(window, header))
            windows.append((at - _TAIL, at + len(window)))
            if len(windows) > _MAX_DELIMITERS:
                return None
    windows.append((len(mail) - _TAIL, len(mail)))
    raw = bytearray()
    gaps: list[tuple[int, int]] = []
    behind = 0
    for start, end in windows:
        if start > behind:
            gaps.append((len(raw), start - behind))
        raw += mail.read(max(start, behind), end)
        behind = max(behind, end)
    return bytes(raw), gaps


def _header(raw: bytes) -> Header:
    return read_header(raw, 0, len(raw), outermost=True)


def _parts(raw: bytes) -> list[Part]:
    """The parts of a mail that have none of their own."""
    usable = readable(raw)
    return [leaf.part for leaf in leaves(parts_of(usable, _header(usable), len(usable)))]


def _place(at: int, gaps: Sequence[tuple[int, int]]) -> int:
    """Where in the mail stands what stands there in its outline."""
    return at + sum(size for gap, size in gaps if gap < at)


def _written(
    mail: Lying, parts: Sequence[Part], places: Sequence[tuple[int, int]], shares: Sequence[int]
) -> Iterator[bytes]:
    """The mail with so much of the contents of each part."""
    behind = 0
    for part, (start, end), share in zip(parts, places, shares, strict=True):
        if share or start == end:
            yield mail.read(behind, start + share)
        else:
            head = mail.read(behind, start)
            blank = _BLANK_LINE.search(head)
            yield head[: blank.start()] if blank else head
            yield f"{EMPTIED}: {_decoded_size(mail, part, start, end)}\r\n\r\n".encode()
        behind = end
    yield mail.read(behind, len(mail))


def _decoded_size(mail: Lying, part: Part, start: int, end: int) -> int:
    if part.encoding != "base64":
        return end - start
    blocks = (mail.read(at, min(at + _BLOCK, end)) for at in range(start, end, _BLOCK))
    return sum(len(block.translate(None, _NO_LETTERS)) for block in blocks) * 3 // 4
