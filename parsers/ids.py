"""Message-IDs as compared."""

from __future__ import annotations

import re
from typing import NewType

MessageId = NewType("MessageId", str)
"""A Message-ID without its angle brackets, without blanks, in lower case."""

# An id holds no bracket of its own, so one cut short by the next is dropped and the scan stays linear.
_BRACKETED = re.compile(r"<([^<>]+)>")
_BARE = re.compile(r"\s*([^\s<>@,;:()\"]{1,400}@[^\s<>@,;:()\"]{1,400})\s*")
_MAX_BYTES = 998  # RFC 5322 §2.1.1: what a line can hold; an index of a database holds little more


def message_ids(field: str) -> tuple[MessageId, ...]:
    """
    The Message-IDs of a References or In-Reply-To field, oldest ancestor first.

    Takes the field body, folded or not. Gives compared forms (no <>, no blanks, lower
    case), each once. Drops words outside brackets, an id cut short by the next, and one too
    long for a line; a field that is one id and nothing else may lack the brackets. Total.

    Source: RFC 5322 §3.6.4. Blanks inside an id come from agents that fold there; ids without
    brackets from bulk mailers' scripts.
    """
    written = _BRACKETED.findall(field)
    if not written and (bare := _BARE.fullmatch(field[:1_000])):
        written = [bare[1]]
    found = ("".join(raw.split()).lower() for raw in written)
    return tuple(
        dict.fromkeys(
            MessageId(one) for one in found if one and len(one.encode("utf-8", "replace")) <= _MAX_BYTES
        )
    )
