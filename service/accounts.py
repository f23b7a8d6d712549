"""Where our two servers are, and how we log in."""

from __future__ import annotations

import ipaddress
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Literal

WHOLE_UP_TO_BYTES = 1_000_000  # of a larger mail header and text come, where nothing else is configured


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapAccount:
    """Where the shared inbox is."""

    host: str
    port: int
    tls: Literal["implicit", "starttls", "none"]
    username: str
    password: str = field(repr=False)
    mailbox: str = "INBOX"
    whole_up_to_bytes: int = WHOLE_UP_TO_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpAccount:
    """How to send."""

    host: str
    port: int
    tls: str  # implicit, starttls, none
    username: str | None
    password: str | None = field(repr=False)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, so that no network hears what is said to it."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def hush(words: str, account: ImapAccount | SmtpAccount) -> str:
    """Words of a server without the password, which some repeat with the command that they refuse."""
    password = account.password
    if not password:
        return words
    quoted = password.replace("\\", "\\\\").replace('"', '\\"')  # as LOGIN says it (RFC 9051 §4.3)
    plain = f"\0{account.username}\0{password}"  # as AUTH PLAIN does (RFC 4616)
    secrets = [quoted, password, *(b64encode(one.encode()).decode() for one in (plain, password))]
    for secret in secrets:
        for said in (repr(secret.encode())[2:-1], secret):  # the former where imaplib shows bytes
            words = words.replace(said, "…")
    return words
