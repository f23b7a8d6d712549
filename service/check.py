"""The configuration tried for real."""

from __future__ import annotations

import asyncio
import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from importlib.metadata import packages_distributions
from pathlib import Path

from parsers.authentication import claimed_id, is_authentic
from parsers.message import Message, parse_message
from service import smtp
from service.app import office_of, with_clients
from service.client_rows import list_clients
from service.config import Config, WorkspaceSection, load
from service.config_faults import client_faults
from service.errors import ConfigError, LogInRefused, NoToken, PractiqError
from service.health import LEAST_FREE_BYTES
from service.inbox import Inbox
from service.migrations import HEAD
from service.office import Policy
from service.store import read_store

OURS = ("parsers", "service", "templates")
_SECRET_KEYS = {"password", "client_secret"}
_NEWEST = 20  # mails whose headers tell who vouches for what comes in
_MOST_NAMED = 5  # clients, or time zones, of one finding


class Verdict(StrEnum):
    """How a thing that was tried came out."""

    OK = "ok"
    NOTE = "note"  # it works, and something that one may expect is not there
    FAIL = "fail"


class Whose(StrEnum):
    """Who can mend it."""

    CONFIG = "whoever wrote the configuration"
    MACHINE = "the IT person of this machine"
    MAIL = "the mail admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What came of one thing that was tried."""

    what: str
    verdict: Verdict
    words: str
    whose: Whose | None = None  # None: nobody has to do anything
    todo: str | None = None


def checks(path: Path, environ: Mapping[str, str], now: datetime) -> Iterator[Finding]:
    """Each thing tried, in the order in which one mends them; where the configuration is wrong, its faults alone."""
    try:
        config = load(path, environ)
    except ConfigError as error:
        *faults, todo = str(error).splitlines()
        for fault in faults:
            yield _fail("config", fault, Whose.CONFIG, todo.strip())
        return
    yield _ok("config", f"{path} is right")
    yield from _open_to_others(path, config)
    yield _own_packages()
    held: list[WorkspaceSection] = []
    yield from _database(config, held)
    yield _time_zones(config, now)
    yield from _clients(config, held)
    newest: list[Message] = []
    yield _imap(config, newest)
    yield _smtp(config)
    yield _replies(config, newest)


def _ok(what: str, words: str) -> Finding:
    return Finding(what=what, verdict=Verdict.OK, words=words)


def _note(what: str, words: str, whose: Whose, todo: str) -> Finding:
    return Finding(what=what, verdict=Verdict.NOTE, words=words, whose=whose, todo=todo)


def _fail(what: str, words: str, whose: Whose, todo: str) -> Finding:
    return Finding(what=what, verdict=Verdict.FAIL, words=words, whose=whose, todo=todo)


def _failed(what: str, error: PractiqError, whose: Whose) -> Finding:
    words, _, todo = str(error).partition("\n")
    return _fail(what, words, whose, todo.strip())


def _open_to_others(path: Path, config: Config) -> Iterator[Finding]:
    """The files with secrets that others on this machine may read."""
    tree = tomllib.loads(path.read_text(encoding="utf-8"))
    holds = _holds_secret(tree)
    found = False
    of_database = [config.database.password_file] if config.database.password_file else []
    for file in dict.fromkeys([*([path] if holds else []), *config.secret_files(), *of_database]):
        with suppress(OSError):  # one that is not there fails where it is needed
            if file.stat().st_mode & 0o044:
                found = True
                yield _note("secrets", f"{file} may be read by others.", Whose.MACHINE, f"chmod 600 {file}")
    if not found:
        yield _ok("secrets", "no file with a secret is open to others")


def _holds_secret(tree: object) -> bool:
    """Whether a table of the configuration, or one within it, says a password or another secret itself."""
    if not isinstance(tree, dict):
        return False
    return any(
        key in _SECRET_KEYS or (key == "url" and ":" in str(value).partition("://")[2].rpartition("@")[0])
        for key, value in tree.items()
    ) or any(map(_holds_secret, tree.values()))


def _own_packages() -> Finding:
    """Whether another installed package brings a folder of one of our names, and would overwrite it."""
    owners = packages_distributions()
    others = {one for name in OURS for one in owners.get(name, []) if one != "practiq"}
    if not others:
        return _ok("packages", "no other package is in our way")
    return _fail(
        "packages",
        f"{', '.join(sorted(others))} installs folders of our names.",
        Whose.MACHINE,
        "Give practiq an environment of its own.",
    )


def _database(config: Config, held: list[WorkspaceSection]) -> Iterator[Finding]:
    """Whether it opens and has room; what clients it holds are put into `held`."""
    try:
        store = read_store(config.database.address())
    except PractiqError as error:
        yield _failed("database", error, Whose.MACHINE)
        return
    try:
        with store.transaction() as session:
            held += list_clients(session)
        free_bytes = store.free_bytes()
    except PractiqError as error:
        yield _failed("database", error, Whose.MACHINE)
        return
    finally:
        store.close()
    room = "" if free_bytes is None else f", with {free_bytes // 1_000_000:,} MB left on its disk"
    yield _ok("database", f"the database {store.place} is open, of version {HEAD}{room}")
    if free_bytes is not None and free_bytes < LEAST_FREE_BYTES:
        words = f"The disk of the database has {free_bytes // 1_000_000:,} MB left."
        yield _fail("disk", words, Whose.MACHINE, "Make room; practiq takes no mail in where there is none.")
    if store.place.path and not _is_writable(store.place.path):
        yield _fail(
            "database",
            f"This user may not write to {store.place}, or to its folder.",
            Whose.MACHINE,
            "Have the user that practiq runs as own both: SQLite writes files beside it.",
        )


def _is_writable(file: Path) -> bool:
    return os.access(file, os.W_OK) and os.access(file.absolute().parent, os.W_OK | os.X_OK)


def _time_zones(config: Config, now: datetime) -> Finding:
    """What time it is for whom: a clock that is wrong is seen so."""
    zones = dict.fromkeys(one.timezone for one in config.account_managers)
    said = [f"{now.astimezone(zone):%H:%M} in {zone.key}" for zone in [*zones][:_MOST_NAMED]]
    more = f", and {len(zones) - _MOST_NAMED} more" if len(zones) > _MOST_NAMED else ""
    return _ok(
        "time zones", f"{len(config.account_managers)} account managers: it is {', '.join(said)}{more}"
    )


def _clients(config: Config, held: list[WorkspaceSection]) -> Iterator[Finding]:
    """Those of the file were checked with it; those of the database are, with them."""
    whole = with_clients(config, held)
    wrong = False
    for name, words in client_faults(whole):
        wrong = True
        todo = f"Change the client: `practiq clients change '{name}' --help` says how."
        yield _fail("clients", f"workspaces[{name}].{words}", Whose.CONFIG, todo)
    named = {one.name.casefold() for one in config.workspaces}
    if both := [one.name for one in held if one.name.casefold() in named]:
        yield _note(
            "clients",
            f"{_some(both)} stands in the configuration's file and in the database; the file decides.",
            Whose.CONFIG,
            f"Take it out of either: `practiq clients remove '{both[0]}'` leaves it in the file.",
        )
    if not whole.workspaces:
        todo = "`practiq clients import FILE.csv` takes a list of them; see docs/clients.md."
        yield _note("clients", "There are no clients yet, so no mail is filed.", Whose.CONFIG, todo)
    elif bare := [one.name for one in whole.workspaces if not (one.domains or one.contacts)]:
        todo = "Add a domain, or the people as contacts."
        yield _note(
            "clients",
            f"Known by name only, for want of domains and contacts: {_some(bare)}.",
            Whose.CONFIG,
            todo,
        )
    if whole.workspaces and not wrong:
        held_here = len(whole.workspaces) - len(config.workspaces)
        yield _ok("clients", f"clients: {len(whole.workspaces)}, {held_here} of them in the database")


def _some(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _imap(config: Config, newest: list[Message]) -> Finding:
    """Whether the inbox opens; the headers of its newest mails are put into `newest`."""
    if config.imap is None:
        todo = "Add [imap]; `practiq ingest` reads mail files without it."
        return _note("imap", "There is no [imap], so no inbox is read.", Whose.CONFIG, todo)
    try:
        account = config.imap_account()
        assert account
        with Inbox.connect(account) as inbox:
            listed = inbox.uids_after(0)
            newest += map(parse_message, inbox.headers(listed[-_NEWEST:]) if listed else [])
    except PractiqError as error:
        if str(error).startswith("The mailbox cannot be opened"):
            words = str(error).partition("\n")[0]
            todo = f"Check [imap] folder: is {config.imap.folder} a folder of that mailbox, spelt so?"
            return _fail("imap", words, Whose.CONFIG, todo)
        return _failed("imap", error, _mended_by(error))
    return _ok("imap", f"IMAP {account.host}:{account.port} opens {account.mailbox}: {len(listed)} messages")


def _smtp(config: Config) -> Finding:
    if config.smtp is None:
        todo = "Add [smtp]; `practiq digest` shows digests without it."
        return _note("smtp", "There is no [smtp], so nothing is sent.", Whose.CONFIG, todo)
    try:
        account = config.smtp_account()
        assert account
        return _ok("smtp", asyncio.run(smtp.check(account)))
    except PractiqError as error:
        return _failed("smtp", error, _mended_by(error))


def _mended_by(error: PractiqError) -> Whose:
    """Who mends what a server, or the way to it, has against us."""
    words = str(error)
    if isinstance(error, ConfigError) or "is another machine" in words:
        return Whose.CONFIG
    if isinstance(
        error.__cause__, NoToken
    ):  # which the provider refuses, or nothing of this machine can ask for
        return Whose.MAIL if "gives no token:" in words else Whose.MACHINE
    if isinstance(error, LogInRefused) or "refuses the log-in" in words or "certificate" in words:
        return Whose.MAIL
    return Whose.MACHINE


def _replies(config: Config, newest: list[Message]) -> Finding:
    """Whether a reply can be known as an account manager's, as far as the newest mail tells."""
    written = {one for one in map(claimed_id, newest) if one}
    said = (
        f'There it is now, if that is your own server: trust = "{written.pop()}".'
        if len(written) == 1
        else ""
    )
    if words := office_of(config).commands_off:
        todo = "Set it to what your own server writes first in the Authentication-Results of a mail that came in."
        return _note("replies", words, Whose.CONFIG, f"{todo} {said}".rstrip())
    trusted = config.authentication
    if trusted and Policy(trusted.policy) is Policy.OFF:
        words = "Whoever writes as an account manager is obeyed: [authentication] policy is off."
        return _note("replies", words, Whose.CONFIG, "Set policy to require.")
    if trusted and newest and all(is_authentic(one, authserv_id=trusted.trust) is None for one in newest):
        words = f"Replies may not be obeyed: {trusted.trust} vouches for no mail in the inbox (newest looked at: {len(newest)})."
        todo = "Check [authentication] trust, and that your server writes Authentication-Results into what it receives."
        return _note("replies", words, Whose.CONFIG, f"{todo} {said}".rstrip())
    return _ok("replies", "replies are obeyed")
