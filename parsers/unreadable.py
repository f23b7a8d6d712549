"""That bytes are no mail."""

from __future__ import annotations


class UnreadableMessage(Exception):
    """These bytes cannot be read as a message; the text says why."""
