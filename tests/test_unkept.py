"""Mail that is not kept: ignored, expired, dropped from quarantine."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from service import backlog, jobs, watching
from service.app import App
from service.cli import call_main
from service.intake import keep_raw
from service.kept_rows import KeptState, count_kept, list_kept
from service.models import KeptRow
from service.retention import tidy
from service.said_models import DigestRow, LetterContentRow, LetterRow
from service.store import record_setting
from tests.agency import DANA, Clock, at_work, mail, servers_of, write_config
from tests.databases import values_in
from tests.servers import User

pytestmark = pytest.mark.both_databases

UNREADABLE = b"From: dana@acme.example\r\n\x1b[31mred\x07\r\n"


def kept(app: App) -> int:
    with app.store.transaction() as session:
        return sum(count_kept(session).values())


@pytest.mark.promise("P23")
def test_mail_to_be_ignored_is_never_stored(tmp_path: Path, user: User) -> None:
    """By address, by domain and below it; it is asked for once, and its neighbours are kept."""
    config = (
        '[inbox]\naddress = "practiq@northlight.example"\nignore = ["robot@shop.example", "News.example"]\n'
    )
    path = write_config(tmp_path, servers_of(user))
    path.write_text(path.read_text().replace('[inbox]\naddress = "practiq@northlight.example"\n', config))
    assert config in path.read_text()
    authors = [
        "Robot@shop.example",
        "a@news.example",
        "a@mail.news.example",
        "a@badnews.example",
        "b@shop.example",
        DANA,
    ]
    user.deliver(*(mail(one, f"words of {one}") for one in authors))
    from service.app import build
    from service.config import load

    app = build(load(path, {}), now=Clock())
    assert watching.poll(app) == 3
    assert watching.poll(app) == 0
    held = [one for one in values_in(tmp_path) if isinstance(one, bytes)]
    held += [file.read_bytes() for file in tmp_path.glob("practiq.db*")]
    with app.store.transaction() as session:
        assert len(session.scalars(select(KeptRow.id)).all()) == 3
    app.close()

    assert b"robot@shop" not in b"".join(held).lower()


@pytest.mark.promise("P23")
def test_mail_goes_when_its_time_is_over(tmp_path: Path, user: User) -> None:
    """A thread as a whole, by its last mail; a client may have a time of its own; digests keep their day, not their words."""
    clock = Clock()
    more = servers_of(user, None) + "[retention]\nmail = 100\ndigests = 30\n"
    old = mail(DANA, "Could you send the striped one?", subject="Stripes")
    user.deliver(old)
    with at_work(tmp_path, clock, more) as app:
        watching.poll(app)
        backlog.read(app)
        jobs.digests(app)
        clock.at += timedelta(days=60)
        keep_raw(app.store, [mail("lee@globex.example", "Banner?", subject="Banner")], clock.at)
        backlog.read(app)
        with app.store.transaction() as session:
            for row in session.scalars(select(LetterRow)):
                row.state, row.settled_at = "sent", clock.at - timedelta(days=59)
        tidy(app)
        with app.store.transaction() as session:
            assert session.scalars(select(LetterRow)).all()
            assert not session.scalars(select(LetterContentRow)).all()
            assert session.scalars(select(DigestRow)).all()
        assert kept(app) == 2
        clock.at += timedelta(days=41)
        tidy(app)
        assert kept(app) == 1
        user.change_uidvalidity()
        assert watching.poll(app) == 0


@pytest.mark.promise("P4")
def test_quarantine_is_listed_shown_tried_again_and_dropped(tmp_path: Path, capsys: Any) -> None:
    """Nothing of it reaches the terminal but plain characters; what is dropped does not come back."""
    with at_work(tmp_path, Clock()) as app:
        keep_raw(app.store, [UNREADABLE, mail(DANA, "fine")], app.now())
        backlog.read(app)
        with app.store.transaction() as session:
            for row in session.scalars(select(KeptRow).where(KeptRow.id == 1)):
                row.state, row.fault = KeptState.QUARANTINED, "cannot be read"
    config = ["--config", str(tmp_path / "config.toml"), "quarantine"]

    def said(*words: str, status: int = 0) -> str:
        assert call_main([*config, *words]) == status
        out: str = capsys.readouterr().out
        return out

    assert '"fault": "cannot be read"' in said("list", "--json")
    assert "cannot be read" in said()
    shown = said("show", "1")
    assert "[31mred" in shown
    assert not {c for c in shown if not c.isprintable()} - {"\n"}
    assert said("show", "2", status=1) == ""
    assert said("retry", "1").startswith("1 ")
    with at_work(tmp_path, Clock()) as app, app.store.transaction() as session:
        for row in session.scalars(select(KeptRow).where(KeptRow.id == 1)):
            row.state, row.fault = KeptState.QUARANTINED, "cannot be read"
    assert "erased" in said("drop", "1")
    with at_work(tmp_path, Clock()) as app:
        keep_raw(app.store, [UNREADABLE], app.now(), app.door)
        assert kept(app) == 1


@pytest.mark.promise("P4")
def test_new_version_tries_quarantined_mail_again(tmp_path: Path) -> None:
    """Once: what still cannot be read stays."""
    with at_work(tmp_path, Clock()) as app:
        keep_raw(app.store, [mail(DANA, "fine")], app.now())
        backlog.read(app)
        with app.store.transaction() as session:
            (row,) = session.scalars(select(KeptRow))
            row.state, row.fault = KeptState.QUARANTINED, "an old version's fault"
        backlog.read(app)
        with app.store.transaction() as session:
            assert list_kept(session, KeptState.QUARANTINED)
            record_setting(session, backlog._READ_BY, "0.0.1")
        backlog.read(app)
        with app.store.transaction() as session:
            assert list_kept(session, KeptState.QUARANTINED) == []
