"""The list of clients shown, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from service.app import App, with_clients
from service.client_changes import Outcome, Told, held_clients
from service.rendering import shown
from service.views import table

Line = dict[str, Any]


def client_lines(app: App) -> Iterator[Line]:
    """Every client as it is configured, those of the file first, and where it stands."""
    of_file = len(app.config.workspaces)
    for number, one in enumerate(with_clients(app.config, held_clients(app)).workspaces):
        yield {
            "client": one.name,
            "account_manager": one.account_manager,
            "domains": list(one.domains),
            "contacts": list(one.contacts),
            "aliases": list(one.aliases),
            "keep_mail": one.keep_mail,
            "where": "file" if number < of_file else "database",
        }


def client_table(lines: Iterable[Line]) -> str:
    """Clients for people."""
    rows = [
        (
            line["client"],
            line["account_manager"],
            ", ".join(line["domains"]),
            ", ".join(line["contacts"]),
            ", ".join(line["aliases"]),
            line["where"],
        )
        for line in lines
    ]
    columns = ("client", "account manager", "domains", "contacts", "aliases", "stands in")
    return table(columns, rows) if rows else "No clients yet."


def told_line(told: Told) -> Line:
    """What became of a row, for scripts."""
    return {"line": told.line, "client": told.client, "outcome": told.outcome, "words": told.words}


def told_text(told: Told) -> str:
    """What became of a row, for people: one sentence, with nothing in it that a terminal obeys."""
    where = "" if told.line is None else f"line {told.line}: "
    name = told.client or "a row"
    match told.outcome:
        case Outcome.REFUSED:
            said = f"{name} is refused: {told.words}"
        case Outcome.SAME | Outcome.IN_FILE:
            said = f"{name} {told.words}"
        case _:
            said = f"{name} is {told.outcome}: {told.words}"
    return shown(f"{where}{said}.")
