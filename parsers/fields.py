"""Header fields as they stand in the bytes, also where their writer broke the rules; and their parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from parsers.charset import codec_of, text_from
from parsers.encoded_words import decoded

MAX_FIELD_BYTES = 64_000  # promises.md P4: what we use of one header field
MAX_LINES = 50_000  # of one header
_MAX_VALUE = 4_000  # characters of a parameter, encoded
_LOOK_AHEAD = 30  # lines below one that is no field, among which there must be one

# RFC 5322 §3.6.8 and, for blanks before the colon, §4.5.
_NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]{0,20}:")
_KNOWN = re.compile(
    rb"(?:received|return-path|delivered-to|delivery-date|envelope-to|from|sender|reply-to|to|cc|bcc|subject|date"
    rb"|message-id|in-reply-to|references|mime-version|content-[a-z-]{2,40}|x-[!-9;-~]{1,80}|list-[a-z-]{2,20}"
    rb"|dkim-signature|authentication-results|arc-[a-z-]{4,30}|user-agent|importance|priority|thread-[a-z]{5}"
    rb"|auto-submitted|precedence|resent-[a-z-]{2,20})[ \t]{0,20}:",
    re.I,
)
_CONTENT = re.compile(rb"content-[a-z-]{2,40}[ \t]{0,20}:", re.I)
_NEEDED = re.compile(
    rb"(?<=\n)(from|to|cc|subject|date|message-id|in-reply-to|references|auto-submitted|content-[a-z-]{4,40})[ \t]{0,20}:",
    re.I,
)
_MAX_NEEDED = 100
_UNFOLDED_END = re.compile(rb"\n(?![ \t])")
_ADDRESSED = ("from", "to", "cc")
_BLANK = re.compile(rb"[\s\0]*")
_HEADER_END = re.compile(rb"\n\r{0,2}\n|\r\r(?!\r?\n)")
_BARE_CR = re.compile(rb"\r(?!\r{0,2}\n)")
_CHARSET = re.compile(rb"charset\s{0,3}=\s{0,3}[\"']?([A-Za-z0-9_.:-]{2,40})", re.I)
_PARAMETER = re.compile(r';\s?([^=;\s"]{1,100})\s?=\s?("(?:[^"\\]|\\.)*"?|[^;]*)', re.S)
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_CONTINUED = re.compile(r"([^*]+)\*(?:(\d{1,5})(\*)?)?", re.S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The fields of a message or part, and where what they describe begins."""

    fields: tuple[tuple[str, bytes], ...]  # name in lower case, body as written without its line ends
    end: int  # of the bytes it was read from, where its content begins

    def first(self, name: str, charset: str | None = None) -> str:
        """The body of the first field of that (lower-case) name on one line; "" where there is none."""
        return next((field_text(body, charset) for key, body in self.fields if key == name), "")


def readable(raw: bytes) -> bytes:
    """
    The bytes of a mail with the line ends of mail, as far as its header and finding its parts need it.

    UTF-16, as Windows saves text files, becomes UTF-8; lone carriage returns end lines where all lines
    of the mail, or of its header, end so (old Macs). Else the bytes are as they came. Total.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or (len(raw) > 8 and not raw[1:16:2].strip(b"\0")):
        raw = raw.decode("utf-16" if raw[0] > 0xF0 else "utf-16-le", "replace").encode("utf-8", "replace")
    if b"\n" not in raw:
        return raw.replace(b"\r", b"\n")
    start = _BLANK.match(raw)
    blank = _HEADER_END.search(raw, start.end() if start else 0)
    head = raw[: blank.end()] if blank else raw
    if _BARE_CR.search(head):
        return _BARE_CR.sub(b"\n", head) + raw[len(head) :]
    return raw


def read_header(raw: bytes, start: int, end: int, *, outermost: bool) -> Header:
    """
    The fields from `start` on, in order, each cut at MAX_FIELD_BYTES (References, which begins with the
    oldest, at its beginning); below MAX_LINES only those that a mail cannot be read without.

    A header ends at an empty line, at a boundary, or where a line is no field and none follows soon: a
    line between fields continues the one above. The header of a whole mail may have blank lines, a byte
    order mark and mbox' "From " line above it. Total.

    Source: RFC 5322 §2.2, §4.5.
    """
    fields: list[tuple[str, list[bytes]]] = []
    at = start
    if outermost:
        at += 3 if raw.startswith(b"\xef\xbb\xbf", at) else 0
        at = _BLANK.match(raw, at, end).end()  # type: ignore[union-attr]  # it matches nothing, too
    known = _KNOWN if outermost else _CONTENT
    ahead = at  # up to here we know that the header goes on
    for _ in range(MAX_LINES):
        if at >= end:
            break
        stop = raw.find(b"\n", at, end)
        behind = end if stop < 0 else stop + 1
        line = raw[at : min(end if stop < 0 else stop, at + MAX_FIELD_BYTES)].rstrip(b"\r")
        if not line:
            return _header(fields, behind)
        if line.startswith(b"--") and (fields or not outermost):
            break
        if line.isspace():
            if not _next_field(raw, behind, end, known):
                return _header(fields, behind)
        elif line[0] in b" \t" or line.startswith(b"\\t"):  # a tabulator that a script wrote as two letters
            if fields:
                fields[-1][1].append(line.replace(b"\\t", b" ", 1) if line[:1] == b"\\" else line)
        elif name := _NAME.match(line):
            key = name[1].decode("ascii").lower()
            if key == "references" and len(line) == MAX_FIELD_BYTES:
                line = raw[behind - MAX_FIELD_BYTES : behind].rstrip(b"\r\n")
            fields.append((key, [line[name.end() :]]))
        elif not (outermost and line.startswith((b"From ", b">From "))):
            ahead = max(ahead, _next_field(raw, behind, end, known)) if ahead <= at else ahead
            if ahead <= at:
                break
            if fields:
                fields[-1][1].append(b" " + line)
        at = behind
    else:
        # Too many: the content is behind the next empty line, and of the fields till there only those
        # that a mail cannot be read without are looked for.
        blank = _HEADER_END.search(raw, at - 1, end)
        stop = blank.start() + 1 if blank else end
        for found in islice(_NEEDED.finditer(raw, at - 1, stop), _MAX_NEEDED):
            fold = _UNFOLDED_END.search(raw, found.end(), stop)
            body = raw[found.end() : min(fold.start() if fold else stop, found.end() + MAX_FIELD_BYTES)]
            fields.append((found[1].decode("ascii").lower(), body.splitlines()))
        at = blank.end() if blank else end
    if not outermost and not any(is_known(name) for name, _ in fields):
        return Header(fields=(), end=start)  # words with a colon in them: the part has no header
    return _header(fields, at)


def _next_field(raw: bytes, at: int, end: int, known: re.Pattern[bytes]) -> int:
    """Where a field stands within the next lines, before an empty one; 0 where none does."""
    for _ in range(_LOOK_AHEAD):
        if at >= end or raw.startswith((b"\n", b"\r\n", b"--"), at):
            return 0
        if known.match(raw, at, end):
            return at
        at = raw.find(b"\n", at, end) + 1 or end
    return 0


def _header(fields: list[tuple[str, list[bytes]]], end: int) -> Header:
    return Header(fields=tuple((name, _cut(name, b"".join(lines))) for name, lines in fields), end=end)


def _cut(name: str, body: bytes) -> bytes:
    """What we use of a field: the newest references; whole addresses."""
    if len(body) < MAX_FIELD_BYTES:
        return body
    if name == "references":
        return body[-MAX_FIELD_BYTES:]
    body = body[:MAX_FIELD_BYTES]
    return body.rpartition(b",")[0] or body if name in _ADDRESSED else body


def field_text(body: bytes, charset: str | None = None) -> str:
    """A field body on one line; raw 8-bit bytes as UTF-8 where they are, else in the charset given. Total."""
    return " ".join(text_from(body, None if body.isascii() else charset).split())


def charset_of(raw: bytes, start: int, end: int) -> str | None:
    """
    The charset that raw bytes in a mail's fields are in where they are not UTF-8, by what its parts declare.

    None where they declare none but Western ones, and where no byte needs one.
    """
    if raw.isascii():
        return None
    for found in _CHARSET.finditer(raw, start, min(end, start + 2 * MAX_FIELD_BYTES)):
        label = found[1].decode("ascii")
        if codec_of(label) not in (None, "utf-8", "cp1252"):
            return label
    return None


def parameters(field: str) -> tuple[str, dict[str, str]]:
    """
    The value of a Content-Type or Content-Disposition field in lower case, and its parameters.

    Names in lower case, the first of each; continued and encoded ones are joined and decoded, encoded
    words in them too, since most clients write file names so. Total.

    Source: RFC 2045 §5.1, RFC 2231.
    """
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, value in _PARAMETER.findall(field):
        value = value[1:].removesuffix('"') if value.startswith('"') else value.strip()
        value = value.replace("\\\\", "\\").replace('\\"', '"')
        if continued := _CONTINUED.fullmatch(name.lower()):
            encoded = continued[2] is None or continued[3] is not None
            pieces.setdefault(continued[1], {}).setdefault(int(continued[2] or 0), (value, encoded))
        else:
            plain.setdefault(name.lower(), decoded(value[:_MAX_VALUE]))
    joined = {name: _joined([those[at] for at in sorted(those)]) for name, those in pieces.items()}
    return field.partition(";")[0].strip().lower(), plain | {name: one for name, one in joined.items() if one}


def _joined(pieces: list[tuple[str, bool]]) -> str:
    """RFC 2231 §3 and §4: the first piece says the charset, which holds for all that are encoded."""
    charset = ""
    first, encoded = pieces[0]
    if encoded and first.count("'") >= 2:
        charset, _, first = first.split("'", 2)
        pieces = [(first, True), *pieces[1:]]
    octets = b"".join(
        _PERCENT.sub(_octet, octets) if encoded else octets
        for octets, encoded in ((piece.encode("utf-8", "replace"), encoded) for piece, encoded in pieces)
    )
    return decoded(text_from(octets[:_MAX_VALUE], charset or None))


def _octet(found: re.Match[bytes]) -> bytes:
    return bytes.fromhex(found[1].decode("ascii"))


def is_known(name: str) -> bool:
    """Whether mail has a field of that name, or it is somebody's own (X-)."""
    return _KNOWN.match(f"{name}:".encode("ascii", "replace")) is not None
