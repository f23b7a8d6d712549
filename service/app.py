"""Composition root: where clock and randomness enter, and all parts meet."""

from __future__ import annotations

import base64
import hashlib
import hmac
import random
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from parsers.workspaces import Workspaces
from service.accounts import WHOLE_UP_TO_BYTES, ImapAccount, SmtpAccount
from service.client_rows import clients_version, list_clients
from service.config import Config, WorkspaceSection
from service.door import Door
from service.errors import PractiqError
from service.measures import Measures
from service.office import Office, Policy
from service.sandbox import Sandbox
from service.store import Store, find_or_make, find_setting, open_store, read_store, record_setting

if TYPE_CHECKING:
    from service.inbox import Inbox

TOKEN_KEY = "token_key"  # noqa: S105 -- the name of a setting, not its value # nosec B105


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long things are kept."""

    mail: timedelta
    digests: timedelta
    quarantine: timedelta
    by_client: Mapping[str, timedelta]

    def of(self, workspace: str | None) -> timedelta:
        """How long the mail of a client is kept; None for mail that is no client's."""
        return self.by_client.get(workspace, self.mail) if workspace else self.mail


@dataclass(slots=True, kw_only=True, eq=False)
class App:
    """Everything that the jobs need. Its clients change while it is at work: `renew`."""

    config: Config = field(repr=False)
    office: Office
    store: Store
    imap: ImapAccount | None  # None: nothing to poll
    smtp: SmtpAccount | None  # None: nothing is sent
    sandbox: Sandbox
    door: Door
    retention: Retention
    token_key: bytes = field(repr=False)
    waiting: Path | None  # where a command leaves clients for whoever is at work; None: nobody else is
    now: Callable[[], datetime]
    chance: Callable[[], float] = random.random  # spreads the tries of those who lost a server together
    database_url: str = field(repr=False)
    metrics_port: int | None = None  # of this machine's own address; None: no metrics
    measures: Measures = field(default_factory=Measures)
    clients: str | None = None  # which clients of the database these are, as `clients_version` says

    @property
    def whole_up_to_bytes(self) -> int:
        """How large a mail may be that is kept whole, wherever it comes from."""
        return self.imap.whole_up_to_bytes if self.imap else WHOLE_UP_TO_BYTES

    def close(self) -> None:
        """End the process that reads mail, and close the database."""
        self.sandbox.close()
        self.store.close()

    def renew(self) -> None:
        """Have the clients that are in the database by now, besides those of the configuration's file."""
        with self.store.transaction() as session:
            version = clients_version(session)
            if version == self.clients:
                return
            held = list_clients(session)
        config = with_clients(self.config, held)
        self.office = replace(office_of(config), understand=self.office.understand)
        self.retention = retention_of(config)
        self.clients = version

    def connect(self, account: ImapAccount) -> Inbox:
        """A session with the IMAP server; MailboxError where there is none to be had."""
        from service.inbox import Inbox

        return Inbox.connect(account)

    def token_of(self, key: str) -> str:
        """
        The token of a letter: always the same for the same letter, and nobody else can make it.

        128 bits of an HMAC (promises.md P9) in base 32, which is shorter than hexadecimal digits: it stands in subjects.
        """
        digest = hmac.digest(self.token_key, key.encode(), hashlib.sha256)
        return base64.b32encode(digest[:16]).decode("ascii").rstrip("=").lower()


def clock() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


def new_token() -> str:
    """A secret of 32 bytes, in hexadecimal digits."""
    return secrets.token_hex(32)


def build(
    config: Config,
    *,
    now: Callable[[], datetime] = clock,
    url: str | None = None,
    writes: bool = True,
    sandbox: Sandbox | None = None,
) -> App:
    """
    The application of a configuration, its database opened; StoreError where that cannot be had.

    `url` names another database than the configuration's. One that does not write does so only within
    `store.alone()`. A `sandbox` is lent to it.
    """
    where = url or config.database.address()
    store = open_store(where) if writes else read_store(where)
    path = store.place.path
    try:
        token_key = bytes.fromhex(_token_key(store))
        office = office_of(config)
        sandbox = sandbox.lent(office.trust) if sandbox else Sandbox(trust=office.trust)
        app = App(
            config=config,
            office=replace(office, understand=sandbox.meanings_of),
            store=store,
            imap=config.imap_account(),
            smtp=config.smtp_account(),
            sandbox=sandbox,
            door=Door(ignores=frozenset(config.inbox.ignore), key=token_key),
            retention=retention_of(config),
            token_key=token_key,
            waiting=path.with_name(f"{path.name}.clients") if path else None,
            now=now,
            database_url=where,
            metrics_port=config.metrics.port if config.metrics else None,
        )
        app.renew()
    except PractiqError:
        store.close()
        raise
    return app


def _token_key(store: Store) -> str:
    """The installation's secret, made up the first time."""

    def make(session: Session) -> str:
        record_setting(session, TOKEN_KEY, made := new_token())
        return made

    return find_or_make(store, lambda session: find_setting(session, TOKEN_KEY), make)


def with_clients(config: Config, held: Sequence[WorkspaceSection]) -> Config:
    """A configuration with the database's clients behind the file's own; whom both name is as the file says."""
    named = {one.name.casefold() for one in config.workspaces}
    others = [one for one in held if one.name.casefold() not in named]
    return config.model_copy(update={"workspaces": [*config.workspaces, *others]})


def retention_of(config: Config) -> Retention:
    """How long things are kept by a configuration."""
    return Retention(
        mail=timedelta(days=config.retention.mail),
        digests=timedelta(days=config.retention.digests),
        quarantine=timedelta(days=config.retention.quarantine),
        by_client={one.name: timedelta(days=one.keep_mail) for one in config.workspaces if one.keep_mail},
    )


def office_of(config: Config) -> Office:
    """The agency of a configuration."""
    agency = config.agency_value()
    return Office(
        agency=agency,
        managers=config.manager_values(),
        default_manager=config.agency.default_account_manager,
        workspaces=Workspaces(agency=agency, all=config.workspace_values()),
        trust=config.authentication.trust if config.authentication else None,
        policy=Policy(config.authentication.policy) if config.authentication else Policy.REQUIRE,
        quiet_after_days=config.digest.client_quiet_after,
        sends_empty=config.digest.when_nothing == "send",
    )
