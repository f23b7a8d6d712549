"""Where our two servers are, and how we log in."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapAccount:
    """Where the shared inbox is."""

    host: str
    port: int
    tls: Literal["implicit", "starttls", "none"]
    username: str
    password: str = field(repr=False)
    mailbox: str = "INBOX"
    whole_up_to_bytes: int = 1_000_000


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
