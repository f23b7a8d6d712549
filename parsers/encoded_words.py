"""Header text as people read it: RFC 2047's encoded words, as the standard has them and as they are sent."""

from __future__ import annotations

import binascii
import re

from parsers.charset import clean, codec_of, is_utf8, text_from

# Up to its end or to the next beginning, so that the scan is linear where none ends. Blanks inside
# come from PHP's scripts, no blank between two from Outlook Express.
_WORD = re.compile(r"=\?([^?\s]{1,64})\?([bBqQ])\?((?:(?!=\?[^=]|\?=).)*)\?=", re.S)
_BASE64 = re.compile(r"[\w+/=\s-]*", re.ASCII)
_BINARY = re.compile(rb"[\0-\x08\x0e-\x1f]")
_NOT_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
)
_ROUNDS = 3  # encoded words in encoded words: a program encoded what was encoded


def decoded(field: str) -> str:
    """
    A field body with its encoded words decoded, blanks folded to one, without control characters.

    The words of one charset are decoded as one, since some clients cut them inside a letter. A word
    whose encoding is broken stays as it is written; an unknown charset is guessed. Total, and linear.

    Source: RFC 2047; RFC 2231 §5 for the language behind a charset.
    """
    text = field
    for _ in range(_ROUNDS if "=?" in text else 0):
        if (found := _decoded_once(text)) is None:
            break
        text = found
    return clean(" ".join(text.split()))


def _decoded_once(text: str) -> str | None:
    """With the words decoded that have none inside them; None where there is none."""
    parts: list[str] = []
    run: list[bytes] = []  # the octets of neighbours in one charset
    charset = ""
    end = 0

    for word in _WORD.finditer(text):
        octets = _octets(word[2], word[3])
        if octets is None or _is_noise(octets, word[1]):
            continue
        between = text[end : word.start()]
        label = word[1].partition("*")[0]
        apart = between if between.strip() or not run else ""
        if run and (apart or codec_of(label) != codec_of(charset)):
            parts.append(text_from(b"".join(run), charset))
            run = []
        parts.append(apart)
        run.append(octets)
        charset = label
        end = word.end()
    if not run:
        return None
    return "".join((*parts, text_from(b"".join(run), charset), text[end:]))


def _is_noise(octets: bytes, label: str) -> bool:
    """Whether what calls itself UTF-8 is neither that nor text at all."""
    return codec_of(label) == "utf-8" and _BINARY.search(octets) is not None and not is_utf8(octets)


def _octets(encoding: str, words: str) -> bytes | None:
    """What a word encodes; None where it is not encoded so."""
    if encoding in "qQ":
        return binascii.a2b_qp(" ".join(words.split("\n")).encode("utf-8", "replace"), header=True)
    if not _BASE64.fullmatch(words):
        return None
    letters = words.replace("-", "+").replace("_", "/").encode("ascii")
    return b"".join(map(base64_piece, letters.split(b"=")))


def base64_piece(letters: bytes) -> bytes:
    """What base64 without its padding encodes, whatever stands between its letters. Total: what is cut short is left out."""
    letters = letters.translate(None, _NOT_BASE64)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
