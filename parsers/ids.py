"""Message-IDs as compared."""

from __future__ import annotations

import re
from typing import NewType

MessageId = NewType("MessageId", str)
"""A Message-ID without its angle brackets, without blanks, in lower case."""

# An id holds no bracket of its own, so one cut short by the next is dropped and the scan stays linear.
_BRACKETED = re.compile(r"<([^<>]+)>")


def message_ids(field: str) -> tuple[MessageId, ...]:
    """
    The Message-IDs of a References or In-Reply-To field, oldest ancestor first.

    Takes the field body, folded or not. Gives compared forms (no <>, no blanks, lower
    case), each once. Drops words outside brackets, and an id cut short by the next. Total.

    Source: RFC 5322 §3.6.4. Blanks inside an id come from agents that fold there.
    """
    found = ("".join(raw.split()).lower() for raw in _BRACKETED.findall(field))
    return tuple(dict.fromkeys(MessageId(one) for one in found if one))
