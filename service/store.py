"""Rows in, values out; no row leaves it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a message lies on the server (RFC 9051 §2.3.1)."""

    mailbox: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail that we send: the same bytes however often it is tried."""

    reverse_path: str  # SMTP's MAIL FROM
    recipient: str  # one address: a refusal hits one person
    message_id: str  # as in the header, with its angle brackets
    content: bytes
