"""Corrections from the command line: where a thread belongs, what was learned, and back again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from service.app import App
from service.assigning import assign, undo
from service.errors import PractiqError
from service.filing import knowing
from service.moves import assigned_words, no_client, undone_words
from service.reading import Move
from service.teaching_rows import COMMAND_LINE, record_order
from service.thread_rows import find_thread
from service.views import table

Line = dict[str, Any]


def assign_line(app: App, name: str, client: str) -> Line:
    """
    Put a thread into a workspace; give what came of it.

    Raises PractiqError where there is no such thread, or no such client.
    """
    with app.store.transaction() as session:
        thread = find_thread(session, name)
        if thread is None:
            raise PractiqError(
                f"No thread is called {name}.", hint="`practiq threads --json` lists them all."
            )
        office = knowing(session, app.office)
        meant = office.workspaces.meant_by(client)
        if len(meant) != 1:
            problem, hint = no_client(client, [one.name for one in meant], office)
            raise PractiqError(problem, hint=hint)
        order = record_order(session, COMMAND_LINE, app.now())
        done = assign(session, thread, meant[0], order=order, office=office)
        return {
            "thread": thread.id,
            "subject": thread.subject,
            "workspace": meant[0].name,
            "learned": [value for _, value in done.lessons.learned],
            "not_learned": list(done.lessons.refused),
            "moved": _moved(done.moves),
            "words": assigned_words(done, thread),
        }


def undo_line(app: App) -> Line | None:
    """Take back the last correction from the command line; give what came of it, or None where there is none."""
    with app.store.transaction() as session:
        done = undo(session, COMMAND_LINE, office=app.office, now=app.now())
    if done is None:
        return None
    return {
        "made_at": done.made_at.isoformat(),
        "forgotten": list(done.forgotten),
        "moved": _moved(done.moves),
        "words": undone_words(done, []),
    }


def learned_lines(app: App) -> Iterator[Line]:
    """What was learned from corrections, the oldest first, with who taught it and when."""
    with app.store.transaction() as session:
        learned = knowing(session, app.office).workspaces.learned
    for one in learned:
        yield {
            "kind": one.kind,
            "value": one.value,
            "workspace": one.workspace,
            "by": one.by,
            "at": one.at.isoformat(),
        }


def learned_table(lines: Iterable[Line]) -> str:
    """What was learned, for people."""
    rows = [
        (line["value"], line["workspace"], line["by"], line["at"][:16].replace("T", " ")) for line in lines
    ]
    return table(("address or domain", "client", "taught by", "at (UTC)"), rows) if rows else "Nothing yet."


def _moved(moves: Iterable[Move]) -> list[Line]:
    return [
        {
            "thread": one.thread,
            "subject": one.subject,
            "from": sorted(before for before in one.before if before),
            "to": one.match.workspace if one.match else None,
        }
        for one in moves
    ]
