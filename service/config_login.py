"""How the configuration says to log in to a mail server: by password, by OAuth 2, or by a command's token."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, SecretStr

from service.accounts import TokenSource
from service.config_types import TABLE, Name
from service.errors import ConfigError
from service.tokens import TokenCommand

SECRETS = {"password", "client_secret", "token_command", "oauth2"}  # keys whose value no sentence repeats
_OWN_SMTP = {  # servers of a provider that take mail after a log-in only
    "microsoft": {"smtp.office365.com", "smtp.office365.us", "smtp.partner.outlook.cn"},
    "google": {"smtp.gmail.com"},
}
_OF_MICROSOFT = ("tenant", "client_id", "client_secret", "client_secret_file", "authority")


def _tenant(value: str) -> str:
    if not re.fullmatch(r"[\w.-]+", value):
        raise ValueError(f"{value!r} is no tenant; give the directory's ID, or a domain of yours")
    return value


def authority_of(value: str) -> str:
    """The address of an authority, without a slash at its end; ValueError where it is none."""
    if not re.fullmatch(r"https://[^/?#@\s]+/?", value):
        raise ValueError(f"{value!r} is no authority; write it like https://login.microsoftonline.us")
    return value.rstrip("/")


class OAuth2Section(BaseModel):
    """`[imap.oauth2]` and `[smtp.oauth2]`."""

    model_config = TABLE

    provider: Literal["microsoft", "google"]
    tenant: Annotated[str, AfterValidator(_tenant)] | None = None
    client_id: Name | None = None
    client_secret: SecretStr | None = None
    client_secret_file: Path | None = None
    authority: Annotated[str, AfterValidator(authority_of)] | None = None
    token_file: Path | None = None
    service_account_file: Path | None = None

    def files(self) -> list[Path]:
        """The files that hold its secrets."""
        return [one for one in (self.client_secret_file, self.token_file, self.service_account_file) if one]

    def tokens(self, mailbox: str) -> TokenSource:
        """What gives its tokens; ConfigError where its secret's file cannot be read."""
        if self.provider == "google":
            from service import google

            if self.service_account_file:
                return google.ServiceAccountTokens(file=self.service_account_file, mailbox=mailbox)
            assert self.token_file
            return google.SignedInTokens(file=self.token_file)
        from service import microsoft

        assert self.tenant
        assert self.client_id
        at = microsoft.Registration(
            tenant=self.tenant, client_id=self.client_id, authority=self.authority or microsoft.AUTHORITY
        )
        if self.token_file:
            return microsoft.SignedInTokens(at=at, file=self.token_file)
        secret = secret_of(self.client_secret, self.client_secret_file, "client_secret_file")
        return microsoft.AppTokens(at=at, secret=secret or "")


class Login(BaseModel):
    """What `[imap]` and `[smtp]` have in common."""

    model_config = TABLE

    host: Name
    username: str | None = None
    password: SecretStr | None = None
    password_file: Path | None = None
    token_command: Annotated[list[Name], Field(min_length=1)] | None = None
    oauth2: OAuth2Section | None = None

    @property
    def logs_in(self) -> bool:
        """Whether it says how to log in."""
        return bool(self.password or self.password_file or self.token_command or self.oauth2)

    def secret(self) -> str | None:
        """The password, from its file where it has one; ConfigError where that cannot be read."""
        return secret_of(self.password, self.password_file, "password_file")

    def secret_files(self) -> list[Path]:
        """The files that hold its secrets."""
        return [
            *([self.password_file] if self.password_file else []),
            *(self.oauth2.files() if self.oauth2 else []),
        ]

    def tokens(self, section: str, username: str) -> TokenSource | None:
        """What gives its tokens; None where it has none. Raises ConfigError as `secret` does."""
        if self.token_command:
            return TokenCommand(section=section, words=tuple(self.token_command))
        return self.oauth2.tokens(username) if self.oauth2 else None


def secret_of(value: SecretStr | None, file: Path | None, key: str) -> str | None:
    """A secret, from its file where it has one; ConfigError where that cannot be read."""
    if file is None:
        return value.get_secret_value() if value else None
    try:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        kind = key.removesuffix("_file").replace("_", " ")
        raise ConfigError(
            f"The {kind} file {file} cannot be read: {error.strerror}.",
            hint=f"Check {key}, and that practiq may read that file.",
        ) from error


def shared_oauth2(imap: Login | None, smtp: Login) -> OAuth2Section | None:
    """`[imap.oauth2]`, where `[smtp]` names a server of the same provider and says no log-in of its own; else None."""
    if imap is None or imap.oauth2 is None or smtp.logs_in:
        return None
    return imap.oauth2 if smtp.host.lower() in _OWN_SMTP[imap.oauth2.provider] else None


def login_faults(name: str, server: Login) -> Iterator[str]:
    """What is wrong with how to log in to a server."""
    ways = [
        key
        for key in ("password", "password_file", "token_command", "oauth2")
        if getattr(server, key) is not None
    ]
    if len(ways) > 1:
        both = " and ".join([", ".join(ways[:-1]), ways[-1]])
        yield f"{name}: {both} are {'both' if len(ways) == 2 else 'all'} there; keep one"
    if server.oauth2:
        check = _microsoft_faults if server.oauth2.provider == "microsoft" else _google_faults
        yield from (f"{name}.oauth2{fault}" for fault in check(server.oauth2))


def _microsoft_faults(section: OAuth2Section) -> Iterator[str]:
    if section.tenant is None:
        yield ".tenant: is missing; name the directory's ID, or a domain of yours"
    if section.client_id is None:
        yield ".client_id: is missing; it is the application's ID, which `practiq auth microsoft` asks for"
    if section.service_account_file:
        yield ".service_account_file: is Google's; remove it"
    secrets = [one for one in ("client_secret", "client_secret_file", "token_file") if getattr(section, one)]
    if not secrets:
        yield ": needs client_secret_file (as an app) or token_file (of `practiq auth microsoft --sign-in`)"
    elif len(secrets) > 1:
        yield f": {' and '.join(secrets)} are there; keep one"


def _google_faults(section: OAuth2Section) -> Iterator[str]:
    for key in _OF_MICROSOFT:
        if getattr(section, key) is not None:
            yield f".{key}: is Microsoft's; remove it"
    if section.service_account_file and section.token_file:
        yield ": service_account_file and token_file are there; keep one"
    elif not (section.service_account_file or section.token_file):
        yield ": needs service_account_file or token_file (of `practiq auth google --sign-in`)"
