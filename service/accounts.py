"""Where our two servers are, and how we log in."""

from __future__ import annotations

import ipaddress
from base64 import b64encode
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol, TypeVar

WHOLE_UP_TO_BYTES = 1_000_000  # of a larger mail header and text come, where nothing else is configured


class TokenSource(Protocol):
    """What gives access tokens for a log-in by OAuth 2 (XOAUTH2); its `repr` shows no secret."""

    def token(self) -> str:
        """A token got this moment, so that none is used beyond its hour; NoToken says why there is none. May take seconds."""

    def mend(self, speaks: Literal["imap", "smtp"], username: str) -> str:
        """What to do where the mail server refuses a token that was just issued, and whose job it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapAccount:
    """Where the shared inbox is; with `tokens` the password is a token, and there is none before `ready`."""

    host: str
    port: int
    tls: Literal["implicit", "starttls", "none"]
    username: str
    password: str = field(repr=False)
    mailbox: str = "INBOX"
    whole_up_to_bytes: int = WHOLE_UP_TO_BYTES
    tokens: TokenSource | None = None  # None: the log-in is by password


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpAccount:
    """How to send; with `tokens` the password is a token, and there is none before `ready`."""

    host: str
    port: int
    tls: str  # implicit, starttls, none
    username: str | None
    password: str | None = field(repr=False)
    tokens: TokenSource | None = None  # None: the log-in is by password, if there is one


Account = TypeVar("Account", ImapAccount, SmtpAccount)


def ready(account: Account) -> Account:
    """The account with a new token as its password, for one log-in; NoToken where there is none to be had."""
    return replace(account, password=account.tokens.token()) if account.tokens else account


def xoauth2(username: str, token: str) -> str:
    """What XOAUTH2 says at once (Google's protocol, which Microsoft's servers and Dovecot speak as well)."""
    return f"user={username}\1auth=Bearer {token}\1\1"


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, so that no network hears what is said to it."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def hush(words: str, account: ImapAccount | SmtpAccount) -> str:
    """Words of a server without the password or token, which some repeat with the command that they refuse."""
    password = account.password
    if not password:
        return words
    quoted = password.replace("\\", "\\\\").replace('"', '\\"')  # as LOGIN says it (RFC 9051 §4.3)
    plain = f"\0{account.username}\0{password}"  # as AUTH PLAIN does (RFC 4616)
    said_encoded = (plain, password, xoauth2(account.username or "", password))
    secrets = [quoted, password, *(b64encode(one.encode()).decode() for one in said_encoded)]
    for secret in secrets:
        for said in (repr(secret.encode())[2:-1], secret):  # the former where imaplib shows bytes
            words = words.replace(said, "…")
    return words
