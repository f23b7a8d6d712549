"""The configuration tried for real."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from importlib.metadata import packages_distributions

from service import outbox
from service.app import App
from service.errors import PractiqError

OURS = ("parsers", "service", "templates")


def checks(app: App) -> Iterator[tuple[str, str | None]]:
    """Each thing tried: what is right, and the fault in place of it where there is one."""
    yield f"{len(app.office.managers)} account managers, {len(app.office.workspaces.all)} workspaces", None
    yield _own_packages()
    yield "the database is open and up to date", None
    if app.imap is None:
        yield "no [imap]: nothing to read (practiq ingest works)", None
    else:
        try:
            with app.connect(app.imap) as inbox:
                listed = len(inbox.uids_after(0))
            yield f"IMAP {app.imap.host}:{app.imap.port} opens {app.imap.mailbox}: {listed} messages", None
        except PractiqError as error:
            yield "", str(error)
    if app.smtp is None:
        yield "no [smtp]: nothing is sent (practiq digest shows digests)", None
    else:
        try:
            yield asyncio.run(outbox.check(app.smtp)), None
        except PractiqError as error:
            yield "", str(error)
    yield app.office.commands_off or "replies are obeyed", None


def _own_packages() -> tuple[str, str | None]:
    """Whether another installed package brings a folder of one of our names, and would overwrite it."""
    owners = packages_distributions()
    others = {one for name in OURS for one in owners.get(name, []) if one != "practiq"}
    if not others:
        return "no other package is in our way", None
    names = ", ".join(sorted(others))
    return "", f"{names} installs folders of our names.\n  Give practiq an environment of its own."
