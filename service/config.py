"""The configuration: alone reads TOML, environment and secret files."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import time
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from parsers.dates import holiday_calendar
from parsers.digest import AccountManager
from parsers.workspaces import Agency, Workspace
from service.config_faults import cross_faults, sentence
from service.errors import ConfigError
from service.inbox import ImapAccount, is_loopback
from service.outbox import SmtpAccount

PREFIX = "PRACTIQ_"
ELSEWHERE = {"PRACTIQ_CONFIG", "PRACTIQ_REQUIRE_DOVECOT"}  # of ours, and no key
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UNITS = {"B": 1, "KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000}
_SIZE = re.compile(r"(\d{1,9}) ?(B|KB|MB|GB)", re.I)


def _domain(value: str) -> str:
    try:
        domain = value.strip().rstrip(".").lower().encode("idna").decode("ascii")
    except UnicodeError:
        domain = ""
    if "." not in domain or "@" in domain or " " in domain:
        raise ValueError(f"{value!r} is no domain; write it like acme.example")
    return domain


def _address(value: str) -> str:
    local, at, domain = value.strip().lower().rpartition("@")
    if not (local and at) or " " in local or "<" in local:
        raise ValueError(f"{value!r} is no address; write it like maya@northlight.example")
    return f"{local}@{_domain(domain)}"


def _zone(value: Any) -> Any:
    if value not in available_timezones():
        near = get_close_matches(str(value), available_timezones(), n=1)
        like = near[0] if near else "Europe/Berlin"
        raise ValueError(f"{value!r} is no time zone; did you mean {like}?")
    return ZoneInfo(value)


def _clock(value: Any) -> Any:
    try:
        return value if isinstance(value, time) else time.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f'{value!r} is no time of day; write it like "08:00"') from None


def _size(value: Any) -> Any:
    found = _SIZE.fullmatch(str(value).strip())
    if not found:
        raise ValueError(f'{value!r} is no size; write it like "1 MB"')
    return int(found[1]) * _UNITS[found[2].upper()]


def _country(value: str) -> str:
    try:
        holiday_calendar(value)
    except ValueError:
        raise ValueError(f'{value!r} is no country with holidays; write "US", or "DE-BY"') from None
    return value


Domain = Annotated[str, AfterValidator(_domain)]
Email = Annotated[str, AfterValidator(_address)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Clock = Annotated[time, BeforeValidator(_clock)]
Size = Annotated[int, BeforeValidator(_size)]
Country = Annotated[str, AfterValidator(_country)]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Tls = Literal["implicit", "starttls", "none"]
Port = Annotated[int, Field(ge=1, le=65535)]
Name = Annotated[str, Field(min_length=1)]


class Section(BaseModel):
    """A table of the configuration: no key that we do not know, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class AgencySection(Section):
    """`[agency]`."""

    name: Name
    domains: Annotated[list[Domain], Field(min_length=1)]
    default_account_manager: Email | None = None


class InboxSection(Section):
    """`[inbox]`."""

    address: Email


class Login(Section):
    """What `[imap]` and `[smtp]` have in common."""

    host: Name
    username: str | None = None
    password: SecretStr | None = None
    password_file: Path | None = None

    def secret(self) -> str | None:
        """The password, from its file where it has one; ConfigError where that cannot be read."""
        if self.password_file is None:
            return self.password.get_secret_value() if self.password else None
        try:
            return self.password_file.read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as error:
            raise ConfigError(
                f"The password file {self.password_file} cannot be read: {error.strerror}.",
                hint="Check password_file, and that practiq may read that file.",
            ) from error


class ImapSection(Login):
    """`[imap]`."""

    port: Port = 993
    tls: Tls = "implicit"
    folder: Name = "INBOX"
    whole_up_to: Size = 1_000_000


class SmtpSection(Login):
    """`[smtp]`."""

    port: Port = 587
    tls: Tls = "starttls"


class DatabaseSection(Section):
    """`[database]`."""

    url: Annotated[str, Field(pattern=r"^sqlite:///.+")] = "sqlite:///practiq.db"


class AuthenticationSection(Section):
    """`[authentication]`."""

    trust: Name
    policy: Literal["require", "warn", "off"] = "require"


class DigestSection(Section):
    """`[digest]`."""

    at: Clock = time(8, 0)
    days: list[Day] = list(DAYS[:5])
    holidays: Country | None = None


class ManagerSection(Section):
    """`[[account_managers]]`."""

    name: Name
    email: Email
    timezone: Zone
    digest_at: Clock | None = None
    days: list[Day] | None = None
    holidays: Country | None = None


class WorkspaceSection(Section):
    """`[[workspaces]]`."""

    name: Name
    domains: list[Domain] = []
    aliases: list[Name] = []
    contacts: list[Email] = []
    account_manager: Email


class Config(Section):
    """The whole configuration, and its values as the core takes them."""

    agency: AgencySection
    inbox: InboxSection
    imap: ImapSection | None = None
    smtp: SmtpSection | None = None
    database: DatabaseSection = DatabaseSection()
    authentication: AuthenticationSection | None = None
    digest: DigestSection = DigestSection()
    account_managers: Annotated[list[ManagerSection], Field(min_length=1)]
    workspaces: Annotated[list[WorkspaceSection], Field(min_length=1)]

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
        return ImapAccount(
            host=self.imap.host,
            port=self.imap.port,
            tls=self.imap.tls,
            username=self.imap.username or self.inbox.address,
            password=self.imap.secret() or "",
            mailbox=self.imap.folder,
            whole_up_to_bytes=self.imap.whole_up_to,
        )

    def smtp_account(self) -> SmtpAccount | None:
        """How to send mail; None without `[smtp]`. Without a password there is no log-in."""
        if self.smtp is None:
            return None
        password = self.smtp.secret()
        return SmtpAccount(
            host=self.smtp.host,
            port=self.smtp.port,
            tls=self.smtp.tls,
            username=(self.smtp.username or self.inbox.address) if password else None,
            password=password,
        )


def load(path: Path, environ: Mapping[str, str]) -> Config:
    """
    The configuration in this file, with what the environment says instead.

    `PRACTIQ_SMTP__HOST` is `[smtp] host`; a list is written with commas. Raises one ConfigError with a
    line for every fault.
    """
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(
            f"{path}: the configuration cannot be read: {error.strerror}.",
            hint="Copy config.example.toml to config.toml, or name yours with --config."
            " `practiq demo` needs none.",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: this is not TOML: {error}.", hint="Mend that line.") from error
    try:
        config = Config.model_validate(_overridden(tree, environ))
    except ValidationError as error:
        faults = [sentence(one, Config, tree) for one in error.errors(include_url=False, include_input=True)]
        raise ConfigError(_lines(path, faults), hint="config.example.toml explains each key.") from None
    if faults := cross_faults(config):
        raise ConfigError(_lines(path, faults), hint="config.example.toml explains each key.")
    return config


def _lines(path: Path, faults: list[str]) -> str:
    return "\n".join(f"{path}: {fault}" for fault in faults)


def _overridden(tree: dict[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    """The file's tree with the environment's values in it."""
    for name, value in environ.items():
        if not name.startswith(PREFIX) or name in ELSEWHERE:
            continue
        section, _, key = name.removeprefix(PREFIX).lower().partition("__")
        if not key:
            tree[section] = value  # no section is a plain value: the model says what it is not
            continue
        is_list = (section, key) in {("agency", "domains"), ("digest", "days")}
        table = tree.setdefault(section, {})
        if isinstance(table, dict):
            table[key] = [one.strip() for one in value.split(",")] if is_list else value
    return tree
