"""An address as compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header

# One token of an address list: a quoted string, a comment without nesting, a bracketed
# address, a separator, or a run of anything else. Each alternative starts with its own
# character, so the scan is linear whatever it is fed.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|\([^()]*\)|<[^<>]*>?|[,;:]|[^",;:<(]+|[(]')
_ENCODED_WORD = re.compile(r"=\?[^?\s]+\?[bqBQ]\?[^?]*\?=")
_MAX_FIELD_CHARS = 64_000  # promises.md P4: what we use of one header field


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A mailbox of an address field: who, as shown, and where, as compared."""

    name: str  # the display name, decoded; "" where there is none
    spec: str  # local-part@domain in lower case

    @property
    def domain(self) -> str:
        """What stands behind the last @, in lower case."""
        return self.spec.rpartition("@")[2]

    @property
    def shown(self) -> str:
        """The name where there is one, else the address."""
        return self.name or self.spec


def decoded(field: str) -> str:
    """
    A field body with its encoded words decoded, blanks folded to one.

    Total: a word in an unknown charset, or one that is broken, stays as it is written.

    Source: RFC 2047.
    """
    flat = " ".join(field.split())
    if not _ENCODED_WORD.search(flat):
        return flat
    try:
        return " ".join(str(make_header(decode_header(flat))).split())
    except (HeaderParseError, LookupError, ValueError):
        return flat


def addresses(field: str) -> tuple[Address, ...]:
    """
    The mailboxes of a From, To or Cc field, in order.

    Takes the field body, folded or not. Members of a group are given like the others; what
    has no @ (an undisclosed-recipients group, a bare word) is dropped. Total.

    Source: RFC 5322 §3.4. A comma inside an unquoted display name, which Outlook writes,
    leaves the last part of the name.
    """
    found: list[Address] = []
    words: list[str] = []
    comment = spec = ""

    def close() -> None:
        nonlocal comment, spec
        phrase = decoded(" ".join(word for word in words if word))
        if not spec and "@" in phrase:
            spec, phrase = phrase.split()[-1], comment
        spec = "".join(spec.split()).lower()
        local, at, domain = spec.rpartition("@")
        if at and local and domain:
            found.append(Address(name=phrase, spec=spec))
        words.clear()
        comment = spec = ""

    for piece in _TOKEN.findall(" ".join(field[:_MAX_FIELD_CHARS].split())):
        if piece in ",;":
            close()
        elif piece == ":":
            words.clear()  # what stood before was a group's name
        elif piece.startswith("<"):
            spec = piece.strip("<>")
        elif piece.startswith('"'):
            words.append(re.sub(r"\\(.)", r"\1", piece.strip('"')))
        elif piece.startswith("("):
            comment = decoded(piece.strip("()"))
        else:
            words.append(piece.strip())
    close()
    return tuple(found)
