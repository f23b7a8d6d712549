"""What a part holds: its bytes without their transfer encoding, whether they are in it or not."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from parsers.charset import is_utf8
from parsers.encoded_words import base64_piece
from parsers.fields import field_text
from parsers.mime import Part

Octets = bytes | memoryview

_BASE64_RUN = re.compile(rb"[A-Za-z0-9+/=\s]*")
_WORDS = re.compile(rb"[^\s\0]{2,60}[ \t][^\s\0]")
_BINARY = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f]")
_SOFT_BREAK = re.compile(rb"=\r(?!\n)|=[ \t]{1,80}\r?\n")
_MAX_MENDED = 8_000_000  # bytes
_UU_BEGIN = re.compile(rb"(?<![^\n])begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n")
_UU_END = re.compile(rb"(?<![^\n])end[ \t]{0,9}\r?(?:\n|\Z)")
_UU_NAMES = frozenset({"x-uuencode", "uuencode", "x-uue", "uue"})
_MAX_PADS = 1_000
_TAIL = 200  # bytes
MAX_FILES = 1_000  # uuencoded in one text


def octets_of(raw: bytes, part: Part) -> Octets:
    """
    The content of a part, decoded; as it stands where its encoding is unknown. Total.

    Source: RFC 2045 §6.
    """
    content = memoryview(raw)[part.start : part.end]
    if part.encoding == "base64":
        return _base64(content)
    if part.encoding == "quoted-printable":
        return _quoted_printable(bytes(content))
    if part.encoding in _UU_NAMES:
        encoded = bytes(content)
        begin = _UU_BEGIN.search(encoded)
        return _uu_octets(encoded[begin.end() if begin else 0 :])
    return content


def text_octets(raw: bytes, part: Part, *, most: int) -> bytes:
    """
    The first `most` bytes of a part of text, decoded, up to the end of a letter.

    What is called base64 and is words stays as it stands: some gateways decode a part and leave its
    field, and Mailman puts its footer below the base64 as plain text. Total.
    """
    if part.encoding == "base64":
        content = raw[part.start : min(part.end, part.start + most // 2 * 3)]
        run = _BASE64_RUN.match(content)
        cut = run.end() if run else 0
        if cut < len(content) and _WORDS.search(content, content.rfind(b"\n", 0, cut) + 1):
            cut = content.rfind(b"\n", 0, cut) + 1
            return bytes(_base64(memoryview(content)[:cut])) + b"\n" * (cut > 0) + content[cut:]
        octets = bytes(_base64(memoryview(content)))
        is_wide = str(part.parameters.get("charset", "")).lower().startswith(("utf-16", "utf-32", "ucs"))
        return (
            content
            if _BINARY.search(octets) and not is_utf8(octets) and len(octets) < 200 and not is_wide
            else _cut(octets, most)
        )
    if part.encoding == "quoted-printable":
        return _cut(_quoted_printable(raw[part.start : min(part.end, part.start + 3 * most)]), most)
    if part.encoding in _UU_NAMES:
        return _cut(bytes(octets_of(raw, part)), most)
    return _cut(raw[part.start : min(part.end, part.start + most + 1)], most)


def uuencoded(octets: bytes) -> tuple[bytes, tuple[tuple[str, bytes], ...]]:
    """
    Words without the files that stand uuencoded between them, as mail had them before MIME; and these.

    Each file is its name and its content; of very many the first MAX_FILES. Total, and linear.
    """
    words: list[bytes] = []
    files: list[tuple[str, bytes]] = []
    at = 0
    for begin in _UU_BEGIN.finditer(octets):
        if len(files) == MAX_FILES:
            break
        if begin.start() < at or not _is_uu_line(octets, begin.end()):
            continue
        end = _UU_END.search(octets, begin.end())
        if end is None:
            break
        words.append(octets[at : begin.start()])
        files.append((field_text(begin[1]), _uu_octets(octets[begin.end() : end.start()])))
        at = end.end()
    return (b"".join((*words, octets[at:])), tuple(files)) if files else (octets, ())


def _cut(octets: bytes, most: int) -> bytes:
    """At most so many bytes, and no letter of several cut through."""
    if len(octets) <= most:
        return octets
    line = octets.rfind(b"\n", max(0, most - 2_000), most)
    return octets[: line + 1] if line >= 0 else octets[: most // 4 * 4]


def _base64(content: memoryview) -> bytes:
    """Also of several pieces, each padded, as some senders put them one behind the other."""
    letters = bytes(content)
    try:
        last = max(0, len(letters) - _TAIL) + len(letters[-_TAIL:].rstrip(b"=\r\n\t \0"))
        if letters.find(b"=", 0, last) < 0:
            return binascii.a2b_base64(letters)
    except binascii.Error:
        pass
    pieces = letters.split(b"=") if letters.count(b"=") <= _MAX_PADS else [letters]
    return b"".join(map(base64_piece, pieces))


def _quoted_printable(content: bytes) -> bytes:
    """RFC 2045 §6.7: blanks behind a soft break were put there on the way."""
    mended = _SOFT_BREAK.sub(b"=\n", content) if len(content) <= _MAX_MENDED else content
    return binascii.a2b_qp(mended)


def _is_uu_line(octets: bytes, at: int) -> bool:
    """Whether a line is as long as its first letter says, give or take the blanks that servers cut off."""
    line = octets[at : at + 90].partition(b"\n")[0].rstrip(b"\r")
    if not line:
        return False
    length = ((line[0] - 32) & 63) * 4 / 3 + 1
    return length - 4 <= len(line) <= length + 4


def _uu_octets(encoded: bytes) -> bytes:
    return b"".join(_uu_lines(encoded))


def _uu_lines(encoded: bytes) -> Iterator[bytes]:
    for line in encoded.splitlines():
        if line.strip() == b"end":
            return
        try:
            yield binascii.a2b_uu(line)
        except binascii.Error:
            # What some encoders write behind the last letter, and lines that hold no letters.
            length = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                yield binascii.a2b_uu(line[:length])
            except binascii.Error:
                continue
