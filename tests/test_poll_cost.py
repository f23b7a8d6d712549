"""A poll costs the same however much mail there is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from service import watching
from service.app import App
from service.intake import Misses, take_in
from service.retention import tidy
from tests.agency import DANA, Clock, at_work, mail, servers_of
from tests.servers import User

pytestmark = pytest.mark.one_database("it is SQLite that is asked for its plans")

FEW = {"alembic_version", "cursors", "digests", "forgotten", "leases", "settings", "troubles", "learned"}
FEW |= {"sqlite_master", "marks", "orders", "assignments", "pauses", "handovers"}  # people's words, not mail


@contextmanager
def heard() -> Iterator[list[tuple[str, Any]]]:
    """The statements that a database is asked, with their values."""
    said: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, words: str, values: Any, _context: Any, many: bool) -> None:
        said.append((words, values[0] if many else values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def one_pass(app: App) -> None:
    """What the watch does each time."""
    assert app.imap
    with app.connect(app.imap) as inbox:
        take_in(app.store, inbox, app.now(), Misses(), app.door)
    watching.read(app)
    tidy(app)
    watching._well(app)


def test_no_statement_of_a_poll_looks_at_every_row(tmp_path: Path, user: User) -> None:
    """With a new message or without one, each finds what it wants by an index; only small tables are gone through."""
    user.deliver(mail(DANA, "Could you send the layouts?"))
    with at_work(tmp_path, Clock(), servers_of(user)) as app:
        one_pass(app)
        user.deliver(mail(DANA, "Approved.", subject="Re: Spring layouts"))
        with heard() as said:
            one_pass(app)
            one_pass(app)

    with closing(sqlite3.connect(tmp_path / "practiq.db")) as database:
        steps = {
            (step[3], " ".join(words.split())[:300])
            for words, values in said
            if words.split()[0] in {"SELECT", "UPDATE", "DELETE", "WITH"}
            for step in database.execute(f"EXPLAIN QUERY PLAN {words}", values)
        }
    assert len(said) > 20
    assert {step for step in steps if looks_at_all(step[0])} == set()


def looks_at_all(step: str) -> bool:
    """Whether a step of a plan goes through a table that grows with the mail, or through all positions of a mailbox."""
    of_those_few = any(name in step for name in ("ix_threads_unknown", "ix_positions_not_given"))
    if step.startswith("SCAN "):
        return (
            step.split()[1] not in FEW and not of_those_few and "VIRTUAL TABLE" not in step
        )  # a list of ours
    return (
        step.startswith("SEARCH positions") and "uid>" not in step and "uid=" not in step and not of_those_few
    )
