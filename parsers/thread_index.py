"""Where Outlook says that a mail stands in its conversation."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

_HEADER_BYTES = 22  # a reserved one, five of a time, sixteen of a GUID
_REPLY_BYTES = 5
_MOST_REPLIES = 200
_MOST_BYTES = _HEADER_BYTES + _REPLY_BYTES * _MOST_REPLIES
_MOST_CHARS = -(-_MOST_BYTES // 3) * 4
_READ_CHARS = 2 * _MOST_CHARS  # of a field, with the blanks of its folds
_BASE64 = re.compile(r"[A-Za-z0-9+/]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadIndex:
    """
    A mail's place among the replies of one conversation.

    Proves little: some programs make the whole of it from the subject, so that strangers' mails have one
    index, and others copy it into a new matter. Use it beside something else that both mails share.
    """

    conversation: str  # hex of the 22 bytes that all mails of a conversation begin with
    place: str  # hex of the whole: the conversation's, and five bytes for each reply down to this one

    @property
    def depth(self) -> int:
        """How many replies below the first mail: 0 is the first."""
        return (len(self.place) - len(self.conversation)) // (2 * _REPLY_BYTES)

    def is_ancestor_of(self, other: ThreadIndex) -> bool:
        """Whether the other stands below this one: a reply to it, or to a reply to it; never itself."""
        return self.depth < other.depth and other.place.startswith(self.place)


def thread_index(field: str) -> ThreadIndex | None:
    """
    What a Thread-Index field says; None where it is not base64, or too short for a conversation.

    Takes the field body, folded or not. What is no whole reply at the end is cut off, and what is
    below the two hundredth reply is not read. Total, and linear.

    Source: MS-OXOMSG §2.2.1.3 (PidTagConversationIndex): a header of 22 bytes, and 5 for each reply.
    """
    written = "".join(field[:_READ_CHARS].split())[:_MOST_CHARS].rstrip("=")
    if not _BASE64.fullmatch(written):
        return None
    if len(written) % 4 == 1:
        written = written[:-1]  # six bits are no byte: it was cut short on its way
    read = base64.b64decode(written + "=" * (-len(written) % 4))[:_MOST_BYTES]
    if len(read) < _HEADER_BYTES:
        return None
    whole = len(read) - (len(read) - _HEADER_BYTES) % _REPLY_BYTES
    return ThreadIndex(conversation=read[:_HEADER_BYTES].hex(), place=read[:whole].hex())
