"""A mail put together from its header and the parts that hold words, its other parts left empty."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from parsers.attachments import is_mail
from parsers.fields import read_header, readable
from parsers.mime import EMPTIED, Part, leaves, parts_of

MAX_SECTIONS = 100  # of one mail; one with more is not taken apart
MAX_DEPTH = 20
SMALL_BYTES = 32_000  # what is no larger comes whole, whatever it is: logos, seals, invitations
MAX_HEADER_BYTES = 64_000  # of a part
SPARE_BYTES = 1_000  # that a part may have above the size that its server says
_UNTOLD = 4_000  # bytes of a mail, or a twentieth of it, that may be in none of its parts

_LINE = 78  # of base64: 76 letters and a line end (RFC 2045 §6.8)
_BOUNDARY = re.compile(rb"[ -~]{0,199}[!-~]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a mail as its server tells it (RFC 9051 §7.5.2, BODYSTRUCTURE)."""

    number: str  # as it is asked for: "1.2"; "" for the whole mail
    media_type: str
    boundary: bytes = b""  # of a multipart
    children: tuple[Section, ...] = ()
    encoding: str = ""
    size_bytes: int = 0  # encoded
    has_words: bool = False  # text that is not attached, or a mail

    @property
    def is_worth_it(self) -> bool:
        """Whether a mail has parts that can be left out: else its beginning says as much."""
        return bool(self.children) or not self.has_words


def sections_of(structure: object) -> Section | None:
    """
    The parts of a mail by what BODYSTRUCTURE says, as tuples of bytes, numbers and None, parts in a list.

    None where that is nothing that we know, or too deep or too much to ask for.
    """
    try:
        root = _section(structure, "")
    except (TypeError, ValueError, IndexError):
        return None
    return root if len(list(_leaves(root))) <= MAX_SECTIONS else None


def items_of(root: Section, most: int) -> dict[str, int]:
    """
    What is to be asked for, and how many bytes of it: headers, words, and what is small.

    Of the contents `most` bytes together; words first, one that is larger by its beginning.
    """
    parts = list(_leaves(root))
    items = {"HEADER": most} | {f"{one.number}.MIME": MAX_HEADER_BYTES for one in _below(root)}
    shares = shares_of([(one.size_bytes, one.has_words) for one in parts], most)
    for one, share in zip(parts, shares, strict=True):
        if share or (one.has_words and not one.size_bytes):
            items[one.number or "TEXT"] = share if share < one.size_bytes else share + SPARE_BYTES
    return items


def shares_of(parts: Sequence[tuple[int, bool]], most: int) -> list[int]:
    """
    How many bytes are wanted of parts with these sizes, that have words or have none.

    `most` bytes together; words first, one that is larger by its beginning, then what is small.
    """
    shares = [0] * len(parts)
    for at, (size, has_words) in sorted(enumerate(parts), key=lambda one: not one[1][1]):
        if has_words or size <= min(SMALL_BYTES, most):
            shares[at] = min(size, most)
            most -= shares[at]
    return shares


def put_together(
    root: Section, items: Mapping[str, int], given: Mapping[str, bytes], *, size_bytes: int
) -> bytes | None:
    """
    The mail of what was given; None where that is not what its structure says, or this not all of it.

    Each part that is left empty says in a field of ours how large it is. Names, kinds and sizes of
    attachments are then as in the whole mail, sizes of base64 to two bytes.
    """
    if given.keys() != items.keys() or any(
        len(given[name]) >= most for name, most in items.items() if name.endswith(("HEADER", "MIME"))
    ):
        return None
    parts = list(_leaves(root))
    if any(len(given.get(one.number, b"")) >= one.size_bytes + SPARE_BYTES for one in parts):
        return None
    if sum(one.size_bytes for one in parts) + sum(map(len, given.values())) < size_bytes - max(
        _UNTOLD, size_bytes // 20
    ):
        return None
    contents = [given.get(one.number or "TEXT", b"") for one in parts]
    raw = readable(b"".join(_written(root, given)))
    header = read_header(raw, 0, len(raw), outermost=True)
    found = [leaf.part for leaf in leaves(parts_of(raw, header, len(raw)))]
    if len(found) != len(parts):
        return None
    agrees = all(
        part.end - part.start == len(content)
        and (content or not (one.size_bytes and is_read(part)) or _is_passed_over(one, items))
        for part, one, content in zip(found, parts, contents, strict=True)
    )
    return raw if agrees else None


def _is_passed_over(one: Section, items: Mapping[str, int]) -> bool:
    """Whether these are words that found no room any more."""
    return one.has_words and (one.number or "TEXT") not in items


def is_read(part: Part) -> bool:
    """Whether a part has words that practiq reads: text that is not attached, or a mail."""
    return is_mail(part) or part.family == "message" or (part.family == "text" and not part.is_attached)


def _written(one: Section, given: Mapping[str, bytes]) -> Iterator[bytes]:
    head = given["HEADER" if not one.number else f"{one.number}.MIME"].rstrip(b"\r\n")
    content = given.get(one.number or "TEXT", b"")
    if not (one.children or content) and one.size_bytes:
        head += b"\r\n" * bool(head) + f"{EMPTIED}: {_decoded_size(one)}".encode()
    yield head + b"\r\n" * bool(head) + b"\r\n"
    for child in one.children:
        yield b"--" + one.boundary + b"\r\n"
        yield from _written(child, given)
        yield b"\r\n"
    yield b"--" + one.boundary + b"--\r\n" if one.children else content


def _decoded_size(one: Section) -> int:
    if one.encoding != "base64":
        return one.size_bytes
    return (one.size_bytes - 2 * (one.size_bytes // _LINE)) // 4 * 3


def _leaves(one: Section) -> Iterator[Section]:
    if not one.children:
        yield one
    for child in one.children:
        yield from _leaves(child)


def _below(one: Section) -> Iterator[Section]:
    for child in one.children:
        yield child
        yield from _below(child)


def _section(told: object, number: str, depth: int = 0) -> Section:
    if not isinstance(told, tuple) or depth > MAX_DEPTH:
        raise TypeError
    if isinstance(told[0], list):
        boundary = _named(told[2], "boundary")
        if not told[0] or not _BOUNDARY.fullmatch(boundary):
            raise ValueError
        prefix = f"{number}." if number else ""
        return Section(
            number=number,
            media_type=f"multipart/{_word(told[1])}",
            boundary=boundary,
            children=tuple(_section(one, f"{prefix}{at}", depth + 1) for at, one in enumerate(told[0], 1)),
        )
    family, kind, size = _word(told[0]), _word(told[1]), told[6]
    if not isinstance(size, int) or size < 0:
        raise ValueError
    place = {"text": 9}.get(family, 11 if (family, kind) in _MAILS else 8)
    disposition = told[place] if len(told) > place and isinstance(told[place], tuple) else (None, None)
    name = _named(disposition[1], "filename") or _named(told[2], "name")
    is_text = family == "text" and _word(disposition[0]) != "attachment"
    return Section(
        number=number,
        media_type=f"{family}/{kind}",
        encoding=_word(told[5]),
        size_bytes=size,
        has_words=is_text or family == "message" or name.lower().endswith(b".eml"),
    )


_MAILS = {("message", "rfc822"), ("message", "global")}


def _word(told: object) -> str:
    return told.decode("ascii", "replace").lower() if isinstance(told, bytes) else ""


def _named(told: object, name: str) -> bytes:
    """A parameter of a list of names and values; empty where it is not among them."""
    pairs: Sequence[object] = told if isinstance(told, tuple) else ()
    values = (value for key, value in zip(pairs[::2], pairs[1::2], strict=False) if _word(key) == name)
    return next((value for value in values if isinstance(value, bytes)), b"")
