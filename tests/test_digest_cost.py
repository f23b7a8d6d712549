"""A digest asks the database as often for many threads as for one, and no more than ten times."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import event

from service import backlog, jobs
from service.app import App
from service.cover_rows import covering
from service.intake import keep_raw
from service.mornings import morning_at
from tests.agency import AUTHENTICATION, DANA, MAYA, SAM, at_work, mail
from tests.filed import Here
from tests.mornings import days

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 12, 13, tzinfo=UTC)
MOST = 10
COLLEAGUES = [f"colleague{number}" for number in range(20)]


def asked_of(app: App) -> list[str]:
    """What is asked of the database from now on, statement by statement."""
    asked: list[str] = []
    event.listen(app.store._engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    return asked


def taken(app: App, *raws: bytes) -> None:
    """Take these mails in, and read them."""
    keep_raw(app.store, raws, app.now())
    backlog.read(replace(app, sandbox=Here()))


def asks(count: int, author: str = DANA, to: str = MAYA) -> list[bytes]:
    """So many threads on which a client asks for something."""
    return [
        mail(
            author, "Could you send the layouts?", to=to, subject=f"Job {number}", at=NOW - timedelta(days=1)
        )
        for number in range(count)
    ]


def items_and_statements(app: App) -> tuple[int, int]:
    """The items of an account manager's digest, and the statements that composing it takes."""
    manager = app.office.find_manager(MAYA)
    assert manager
    with app.store.transaction() as session:
        asked: list[str] = []
        event.listen(session.connection(), "before_cursor_execute", lambda *said: asked.append(said[2]))
        morning = morning_at(session, covering(session, app.office, NOW), NOW, [manager])
        digest, _ = jobs.compose(app, session, manager, day=NOW.date(), morning=morning)
    return sum(1 for _ in digest.numbered), len(asked)


def test_statements_do_not_grow_with_what_is_open(tmp_path: Path) -> None:
    """One open thread or many: the same few statements."""
    with at_work(tmp_path, lambda: NOW) as app:
        taken(app, *asks(1))
        one, few = items_and_statements(app)
        taken(app, *asks(8))
        many, more = items_and_statements(app)

    assert (one, many) == (1, 9)
    assert few == more <= MOST


def agency_of_many() -> str:
    """The configuration of further account managers, a client each."""
    return AUTHENTICATION + "".join(
        f'[[account_managers]]\nname = "{one}"\nemail = "{one}@northlight.example"\ntimezone = "Europe/London"\n'
        f'[[workspaces]]\nname = "Client of {one}"\ndomains = ["{one}.example"]\n'
        f'account_manager = "{one}@northlight.example"\n'
        for one in COLLEAGUES
    )


def test_a_morning_of_many_asks_for_what_they_share_once(tmp_path: Path) -> None:
    """To find whose digest is due, to compose and to queue them all takes no more statements each; when none is due, hardly any."""
    with at_work(tmp_path, lambda: NOW, agency_of_many()) as app:
        for one in COLLEAGUES:
            taken(app, *asks(2, f"dana@{one}.example", f"{one}@northlight.example"))
        asked = asked_of(app)
        made = jobs.digests(app)
        each = len(asked) / made
        asked.clear()

        assert made == len(app.office.managers)
        assert each <= MOST
        assert jobs.digests(app) == 0
        assert len(asked) < MOST


@pytest.mark.promise("P9")
def test_nobody_writes_while_a_morning_is_made(tmp_path: Path) -> None:
    """What the digests share was read before the first of them: a word that comes between waits for the last."""
    with at_work(tmp_path, lambda: NOW) as app:
        came = Event()
        between: list[bool] = []

        def comes() -> None:
            with app.store.transaction():
                came.set()

        thread = Thread(target=comes)

        def looks(*said: object) -> None:
            if str(said[2]).startswith("INSERT INTO digests"):
                if not between:
                    thread.start()
                between.append(came.wait(0.2))

        event.listen(app.store._engine, "before_cursor_execute", looks)
        jobs.digests(app)
        thread.join(20)

        assert between == [False, False]
        assert came.is_set()


def test_what_came_since_is_since_each_ones_own_digest(tmp_path: Path) -> None:
    """Made in one go after a day on which one was told in the morning and one at noon, each counts from their own."""
    with days(tmp_path, at="2026-11-10T08:00:00+00:00") as practiq:
        jobs.digests(practiq.app)
        practiq.clock.to("2026-11-10T10:00:00+00:00")
        practiq.comes(*asks(3))
        practiq.clock.to("2026-11-10T13:00:00+00:00")
        jobs.digests(practiq.app)
        practiq.letters()
        practiq.clock.to("2026-11-11T14:00:00+00:00")
        jobs.digests(practiq.app)
        read = {one.to: "3 messages read since your last digest" in one.text for one in practiq.letters()}

    assert read == {MAYA: False, SAM: True}
