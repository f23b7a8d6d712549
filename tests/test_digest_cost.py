"""A digest asks the database as often for many threads as for one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import event

from service import backlog
from service.app import App
from service.intake import keep_raw
from service.jobs import compose
from tests.agency import DANA, MAYA, at_work, mail
from tests.filed import Here

NOW = datetime(2026, 11, 12, 13, tzinfo=UTC)
MOST = 10


def asked_for(app: App) -> tuple[int, int]:
    """The items of an account manager's digest, and the statements that composing it takes."""
    manager = app.office.find_manager(MAYA)
    assert manager
    asked: list[str] = []
    with app.store.transaction() as session:
        event.listen(session.connection(), "before_cursor_execute", lambda *said: asked.append(said[2]))
        digest, _ = compose(app, session, manager, day=NOW.date(), now=NOW)
    return sum(1 for _ in digest.numbered), len(asked)


def test_statements_do_not_grow_with_what_is_open(tmp_path: Path) -> None:
    """One open thread or many: the same few statements."""
    mails = [
        mail(
            DANA,
            "Could you send the layouts?",
            subject=f"Job {number} of spring",
            at=NOW - timedelta(days=1, minutes=number),
        )
        for number in range(8)
    ]
    with at_work(tmp_path, lambda: NOW) as app:
        found = []
        for some in (mails[:1], mails[1:]):
            keep_raw(app.store, some, NOW)
            backlog.read(replace(app, sandbox=Here()))
            found.append(asked_for(app))

    (one, few), (many, more) = found
    assert (one, many) == (1, 8)
    assert few == more <= MOST
