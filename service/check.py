"""The configuration tried for real."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from enum import StrEnum
from importlib.metadata import packages_distributions
from pathlib import Path

from service import smtp
from service.app import App
from service.errors import PractiqError

OURS = ("parsers", "service", "templates")


class Verdict(StrEnum):
    """How a thing that was tried came out."""

    OK = "OK"
    NOTE = "NOTE"  # it works, and something that one may expect is not there
    FAIL = "FAIL"


def open_to_others(files: Iterable[Path]) -> Iterator[tuple[Verdict, str]]:
    """The files, of those with secrets, that others on this machine may read; one that is missing is told elsewhere."""
    for file in filter(Path.is_file, files):
        if file.stat().st_mode & 0o044:
            yield Verdict.NOTE, f"{file} may be read by others.\n  chmod 600 {file}"


def checks(app: App) -> Iterator[tuple[Verdict, str]]:
    """Each thing tried: how it came out, and what is right or what to do."""
    office = app.office
    yield Verdict.OK, f"account managers: {len(office.managers)}, clients: {len(office.workspaces.all)}"
    yield _own_packages()
    yield Verdict.OK, "the database is open and up to date"
    yield _imap(app)
    yield _smtp(app)
    yield (Verdict.NOTE, office.commands_off) if office.commands_off else (Verdict.OK, "replies are obeyed")


def _own_packages() -> tuple[Verdict, str]:
    """Whether another installed package brings a folder of one of our names, and would overwrite it."""
    owners = packages_distributions()
    others = {one for name in OURS for one in owners.get(name, []) if one != "practiq"}
    if not others:
        return Verdict.OK, "no other package is in our way"
    names = ", ".join(sorted(others))
    return Verdict.FAIL, f"{names} installs folders of our names.\n  Give practiq an environment of its own."


def _imap(app: App) -> tuple[Verdict, str]:
    if app.imap is None:
        return Verdict.NOTE, "no [imap], so no inbox is read; `practiq ingest` reads mail files"
    try:
        with app.connect(app.imap) as inbox:
            listed = len(inbox.uids_after(0))
    except PractiqError as error:
        return Verdict.FAIL, str(error)
    return Verdict.OK, f"IMAP {app.imap.host}:{app.imap.port} opens {app.imap.mailbox}: {listed} messages"


def _smtp(app: App) -> tuple[Verdict, str]:
    if app.smtp is None:
        return Verdict.NOTE, "no [smtp], so nothing is sent; `practiq digest` shows digests"
    try:
        return Verdict.OK, asyncio.run(smtp.check(app.smtp))
    except PractiqError as error:
        return Verdict.FAIL, str(error)
