"""The configuration: alone reads TOML, environment and secret files."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError
from sqlalchemy.engine import make_url

from parsers.digest_days import AccountManager
from parsers.workspaces import Agency, Workspace
from service.accounts import WHOLE_UP_TO_BYTES, ImapAccount, SmtpAccount
from service.config_faults import cross_faults, refuse_folder, sentence
from service.config_login import Login, secret_of, shared_oauth2
from service.config_types import (
    TABLE,
    Clock,
    Country,
    Day,
    Domain,
    Email,
    Name,
    OwnEmail,
    Port,
    Size,
    Tls,
    Zone,
)
from service.errors import ConfigError
from service.places import POSTGRESQL

PREFIX = "PRACTIQ_"
ELSEWHERE = {"PRACTIQ_CONFIG", "PRACTIQ_REQUIRE_DOVECOT", "PRACTIQ_REQUIRE_CHROMIUM"}  # of ours, and no key
LISTS = {
    ("agency", "domains"), ("digest", "days"), ("inbox", "ignore"),
    ("imap", "token_command"), ("smtp", "token_command"),
}  # fmt: skip
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


Days = Annotated[int, Field(ge=1, le=36_500)]
Schema = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,50}$")]


class Section(BaseModel):
    """A table of the configuration."""

    model_config = TABLE


class AgencySection(Section):
    """`[agency]`."""

    name: Name
    domains: Annotated[list[Domain], Field(min_length=1)]
    default_account_manager: Email | None = None


class InboxSection(Section):
    """`[inbox]`."""

    address: OwnEmail
    ignore: list[Email | Domain] = []


class ImapSection(Login):
    """`[imap]`."""

    port: Port = 993
    tls: Tls = "implicit"
    folder: Name = "INBOX"
    whole_up_to: Size = WHOLE_UP_TO_BYTES


class SmtpSection(Login):
    """`[smtp]`."""

    port: Port = 587
    tls: Tls = "starttls"


class DatabaseSection(Section):
    """`[database]`."""

    url: Annotated[str, Field(pattern=r"^(sqlite:///|postgresql\+psycopg://).+")] = "sqlite:///practiq.db"
    schema_name: Schema | None = None  # PostgreSQL's, for an agency beside others
    password_file: Path | None = None  # for PostgreSQL

    def address(self) -> str:
        """The URL with the schema, and the password from its file; ConfigError where that cannot be read."""
        if not self.url.startswith(POSTGRESQL):
            return self.url
        url = make_url(self.url)
        if self.password_file:
            url = url.set(password=secret_of(None, self.password_file, "password_file"))
        if self.schema_name:
            url = url.update_query_dict({"schema": self.schema_name})
        return url.render_as_string(hide_password=False)


class AuthenticationSection(Section):
    """`[authentication]`."""

    trust: Name
    policy: Literal["require", "warn", "off"] = "require"


class DigestSection(Section):
    """`[digest]`."""

    at: Clock = time(8, 0)
    days: list[Day] = list(DAYS[:5])
    holidays: Country | None = None
    when_nothing: Literal["send", "skip"] = "send"
    client_quiet_after: Annotated[int, Field(ge=1, le=3650)] = 21


class RetentionSection(Section):
    """`[retention]`, in days."""

    mail: Days = 400
    digests: Days = 90
    quarantine: Days = 90


class MetricsSection(Section):
    """`[metrics]`."""

    port: Port = 9464


class ManagerSection(Section):
    """`[[account_managers]]`."""

    name: Name
    email: OwnEmail
    timezone: Zone
    digest_at: Clock | None = None
    days: list[Day] | None = None
    holidays: Country | None = None
    lead: bool = False


class WorkspaceSection(Section):
    """`[[workspaces]]`."""

    name: Name
    domains: list[Domain] = []
    aliases: list[Name] = []
    contacts: list[Email] = []
    account_manager: Email
    keep_mail: Days | None = None


class Config(Section):
    """The whole configuration, and its values as the core takes them."""

    agency: AgencySection
    inbox: InboxSection
    imap: ImapSection | None = None
    smtp: SmtpSection | None = None
    database: DatabaseSection = DatabaseSection()
    authentication: AuthenticationSection | None = None
    digest: DigestSection = DigestSection()
    retention: RetentionSection = RetentionSection()
    metrics: MetricsSection | None = None
    account_managers: Annotated[list[ManagerSection], Field(min_length=1)]
    workspaces: list[WorkspaceSection] = []  # others are in the database (clients.py)

    def secret_files(self) -> list[Path]:
        """The files that hold passwords and other secrets."""
        files = [file for one in (self.imap, self.smtp) if one for file in one.secret_files()]
        return [*files, *([self.database.password_file] if self.database.password_file else [])]

    def agency_value(self) -> Agency:
        """Who is us."""
        return Agency(name=self.agency.name, domains=tuple(self.agency.domains), inbox=self.inbox.address)

    def manager_values(self) -> tuple[AccountManager, ...]:
        """The account managers, each with their own or the common digest settings."""
        return tuple(
            AccountManager(
                name=one.name,
                address=one.email,
                zone=one.timezone,
                digest_at=one.digest_at or self.digest.at,
                days=frozenset(
                    DAYS.index(day) for day in (self.digest.days if one.days is None else one.days)
                ),
                holidays=one.holidays or self.digest.holidays,
                lead=one.lead,
            )
            for one in self.account_managers
        )

    def workspace_values(self) -> tuple[Workspace, ...]:
        """The clients."""
        return tuple(
            Workspace(
                name=one.name,
                domains=tuple(one.domains),
                aliases=tuple(one.aliases),
                contacts=tuple(one.contacts),
                account_manager=one.account_manager,
            )
            for one in self.workspaces
        )

    def imap_account(self) -> ImapAccount | None:
        """Where to read mail; None without `[imap]`."""
        if self.imap is None:
            return None
        username = self.imap.username or self.inbox.address
        return ImapAccount(
            host=self.imap.host,
            port=self.imap.port,
            tls=self.imap.tls,
            username=username,
            password=self.imap.secret() or "",
            tokens=self.imap.tokens("imap", username),
            mailbox=self.imap.folder,
            whole_up_to_bytes=self.imap.whole_up_to,
        )

    def smtp_account(self) -> SmtpAccount | None:
        """
        How to send mail; None without `[smtp]`.

        Without a password there is no log-in, but at the provider of `[imap.oauth2]`, where that counts here as well.
        """
        if self.smtp is None:
            return None
        shared = shared_oauth2(self.imap, self.smtp)
        of_imap = self.imap.username if self.imap and shared else None
        username = self.smtp.username or of_imap or self.inbox.address
        return SmtpAccount(
            host=self.smtp.host,
            port=self.smtp.port,
            tls=self.smtp.tls,
            username=username if shared or self.smtp.logs_in else None,
            password=self.smtp.secret(),
            tokens=shared.tokens(username) if shared else self.smtp.tokens("smtp", username),
        )


def load(path: Path, environ: Mapping[str, str]) -> Config:
    """
    The configuration in this file, with what the environment says instead.

    `PRACTIQ_SMTP__HOST` is `[smtp] host`; a list is written with commas. Raises one ConfigError with a
    line for every fault.
    """
    refuse_folder(path)
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(
            f"{path}: the configuration cannot be read: {error.strerror}.",
            hint="`practiq init` writes one, or name yours with --config. `practiq demo` needs none.",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: this is not TOML: {error}.", hint="Mend that line.") from error
    config, faults = _checked(_overridden(tree, environ))
    if config is None or faults:
        lines = "\n".join(f"{path}: {fault}" for fault in faults)
        raise ConfigError(lines, hint="config.example.toml explains each key.")
    return config


def faults_in(tree: dict[str, Any]) -> list[str]:
    """What is wrong with a configuration's tables, in a sentence for each key."""
    return _checked(tree)[1]


def _checked(tree: dict[str, Any]) -> tuple[Config | None, list[str]]:
    try:
        config = Config.model_validate(tree)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=True)
        return None, [sentence(one, Config, tree) for one in faults]
    return config, cross_faults(config)


def _overridden(tree: dict[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    """The file's tree with the environment's values in it."""
    for name, value in environ.items():
        if not name.startswith(PREFIX) or name in ELSEWHERE:
            continue
        words = name.removeprefix(PREFIX).lower().split("__")
        is_list = tuple(words) in LISTS
        table = tree
        while len(words) > 1 and isinstance(inner := table.setdefault(words[0], {}), dict):
            table, words = inner, words[1:]
        # What is no key there is left to the model, which says so.
        table["__".join(words)] = [one.strip() for one in value.split(",")] if is_list else value
    return tree
