"""A batch of mail asks the database as often for many messages as for few, and stores each once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from service import backlog
from service.app import App
from service.intake import keep_raw
from tests.agency import DANA, MAYA, at_work, mail
from tests.filed import here

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 12, 13, tzinfo=UTC)
MOST = 43

ASKED = [
    mail(
        DANA,
        f"Could you send layout {number}?",
        subject=f"Job {number} of spring",
        at=NOW - timedelta(days=3),
    )
    for number in range(30)
]
SENT = [
    mail(
        MAYA,
        "Here it is.",
        to=DANA,
        subject=f"Re: Job {number} of spring",
        answers=one,
        at=NOW - timedelta(days=2, minutes=number),
    )
    for number, one in enumerate(ASKED)
]


@contextmanager
def heard() -> Iterator[list[tuple[str, Any]]]:
    """The statements that reach a database, each with what is bound to it."""
    said: list[tuple[str, Any]] = []

    def hear(*given: Any) -> None:
        said.append((given[2], given[3]))

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


def read(app: App, mails: list[bytes]) -> list[tuple[str, Any]]:
    """What reading these mails says to the database."""
    keep_raw(app.store, mails, NOW)
    with heard() as said:
        assert backlog.read(app) == len(mails)
    return said


@pytest.mark.parametrize("before", [[], ASKED], ids=["new", "answers"])
def test_statements_do_not_grow_with_the_batch(tmp_path: Path, before: list[bytes]) -> None:
    """Five mails or twenty-five, each with a subject of its own, new or an answer to one that is held."""
    with at_work(tmp_path, lambda: NOW) as started:
        app = here(started)
        read(app, before or [mail(DANA, "Hello there.", subject="Another matter", at=NOW)])
        mails = SENT if before else ASKED
        few, many = read(app, mails[:5]), read(app, mails[5:])

    assert [_shape(words) for words, _ in many] == [_shape(words) for words, _ in few]
    assert len(few) <= MOST


def _shape(words: str) -> str:
    """A statement, however many values stand in its lists."""
    words = re.sub(r'%\(\w+\)s(::\w+)?( COLLATE "C")?', "?", words)  # as PostgreSQL has a value
    return re.sub(r"\(\?(, \?)*\)", "(?)", words)


def test_new_mail_is_stored_once(tmp_path: Path) -> None:
    """New messages and their threads are one row each from the first, and are not read back."""
    with at_work(tmp_path, lambda: NOW) as started:
        said = read(here(started), [*ASKED, *SENT])

    rows = {
        table: sum(len(bound) for words, bound in said if words.startswith(f"INSERT INTO {table} "))
        for table in ("messages", "threads")
    }
    assert rows == {"messages": 60, "threads": 30}
    assert not [words for words, _ in said if words.startswith("DELETE FROM threads")]
    assert not [words for words, _ in said if words.startswith("UPDATE messages SET thread")]
    assert not [words for words, _ in said if words.startswith("SELECT messages.identity, messages.kept")]
