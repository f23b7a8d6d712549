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
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]")
_ROUNDS = 3  # encoded words in encoded words: a program encoded what was encoded


def decoded(field: str) -> str:
    """
    A field body with its encoded words decoded, blanks folded to one, without control characters.

    The words of one charset are decoded as one, since some clients cut them inside a letter. A word
    whose encoding is broken stays as it is written; an unknown charset is guessed. Total, and linear.

    Source: RFC 2047; RFC 2231 §5 for the language behind a charset.
    """
    text = field
    for _ in range(_ROUNDS):
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
    return base64_octets(words.replace("-", "+").replace("_", "/"))


def base64_octets(words: str) -> bytes:
    """Base64 with whatever between, padded or not, of one piece or several. Total: what is cut short is left out."""
    made = []
    for piece in words.split("="):
        letters = _NOT_BASE64.sub("", piece)
        letters = letters[: len(letters) - (len(letters) % 4 == 1)]
        made.append(binascii.a2b_base64(letters + "=" * (-len(letters) % 4)))
    return b"".join(made)
