"""`practiq forget` leaves nothing of a person or a client, and lets none of it in again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from service import backlog, jobs, watching
from service.app import App
from service.cli import call_main
from service.errors import ConfigError, PractiqError
from service.forgetting import Erased, find_traces, forget
from service.intake import keep_raw
from service.models import MessageRow
from tests.agency import DANA, MAYA, Clock, at_work, mail, servers_of
from tests.databases import values_in
from tests.mornings import Days
from tests.servers import User

pytestmark = [pytest.mark.promise("P23"), pytest.mark.both_databases]

SECRET = "the vermilion walrus poster"
OTHER = "lee@globex.example"


def everything(folder: Path) -> bytes:
    """All that is in the database, and all bytes of SQLite's files."""
    files = [file.read_bytes() for file in folder.glob("practiq.db*")]
    held = (one.encode() if isinstance(one, str) else one for one in values_in(folder))
    return b"".join([*files, *held])


def forgotten(app: App, who: str) -> Erased:
    with app.store.alone():
        return forget(app, find_traces(app, who, lambda _: lambda: None))


def traces(folder: Path, *words: str) -> list[str]:
    """Which of these words are still there."""
    said = everything(folder).lower()
    return [one for one in words if one.lower().encode() in said]


@pytest.mark.pitfall("freescout#5108", "decidim#3315")
def test_nothing_of_a_person_is_left(tmp_path: Path) -> None:
    """Raw mail, words, name, quotes in colleagues' answers, digests, commands and learned addresses are gone."""
    first = mail(f"Dana Ruiz <{DANA}>", f"Please change {SECRET} to green.", subject="Walrus")
    answer = mail(
        MAYA, f"On Monday Dana Ruiz wrote:\n> Please change {SECRET} to green.\n\nWill do.", to=DANA
    )
    about = mail(MAYA, "Sam, Dana Ruiz called about it.", to="sam@northlight.example", subject="A call")
    other = mail(OTHER, "Could you send the banner by Friday?", subject="Banner")
    clock = Clock()
    clock.to("2026-11-10T08:00:00-05:00")
    with at_work(tmp_path, clock) as app:
        at = Days(app, clock)
        at.comes(first, answer, about, other)
        letter = at.morning("2026-11-11T08:00:00-05:00")
        assert SECRET in letter.text
        at.answer(letter, "snooze 1 until Friday")
        assert traces(tmp_path, DANA, "Dana Ruiz", SECRET, "Walrus")
        done = forgotten(at.app, DANA)
        with at.app.store.transaction() as session:
            left = [row.own for row in session.query(MessageRow)]

        assert traces(tmp_path, DANA, "Dana Ruiz", SECRET, "Walrus") == []
        assert done.mails >= 3
        assert done.letters_emptied + done.letters_withdrawn >= 1
        assert done.commands_emptied == 1
        assert any("banner" in own for own in left)
        # It does not come back, by whichever way.
        keep_raw(at.app.store, [first, b"Received: by another.example\r\n" + answer], at.clock(), at.app.door)
        backlog.read(at.app)
        assert traces(tmp_path, DANA, SECRET) == []


def test_nothing_of_a_client_is_left(tmp_path: Path) -> None:
    """All people of its domains go, and its threads; another client's mail stays, word for word."""
    people = [
        mail(f"{who}@acme.example", f"{SECRET}, {who}", subject=f"From {who}") for who in ("dana", "tom")
    ]
    other = mail(OTHER, "Could you send the banner by Friday?", subject="Banner")
    with at_work(tmp_path, Clock()) as app:
        keep_raw(app.store, [*people, other], app.now())
        backlog.read(app)
        jobs.digests(app)
        done = forgotten(app, "Acme Corp")
        assert (done.mails, done.mails_left) == (2, 1)
        assert traces(tmp_path, "dana@acme.example", "tom@acme.example", SECRET) == []
        assert traces(tmp_path, "banner by Friday") == ["banner by Friday"]
        # A client who writes again is new.
        keep_raw(app.store, [mail("tom@acme.example", "Hello again")], app.now(), app.door)
        assert backlog.read(app) == 1


def test_server_that_still_has_it_gives_it_in_vain(tmp_path: Path, user: User) -> None:
    """Listed anew under another UIDVALIDITY, the erased mail is not kept, and not called unfetchable either."""
    user.deliver(mail(DANA, SECRET), mail(OTHER, "Banner?"))
    with at_work(tmp_path, Clock(), servers_of(user)) as app:
        watching.poll(app)
        backlog.read(app)
        forgotten(app, DANA)
        user.change_uidvalidity()
        assert watching.poll(app) == 0
        assert traces(tmp_path, SECRET) == []
        from service.health import status_line

        assert status_line(app, app.now())["unfetchable"] == 0


def test_who_is_unknown_is_said(tmp_path: Path) -> None:
    """A name that is no client's, an account manager, somebody who never wrote: a sentence each, and nothing is erased."""
    with at_work(tmp_path, Clock()) as app:
        keep_raw(app.store, [mail(DANA, SECRET)], app.now())
        backlog.read(app)
        for who, error, words in [
            ("Nobody Inc", ConfigError, "is no address, and no client"),
            (MAYA, ConfigError, "is an account manager"),
            ("stranger@else.example", PractiqError, "holds no mail of"),
        ]:
            with pytest.raises(error, match=words):
                forgotten(app, who)
        assert traces(tmp_path, SECRET)


def test_nobody_is_erased_without_a_yes(tmp_path: Path, capsys: Any) -> None:
    """Where nobody can be asked the call says what to add; with it it says what it erased."""
    with at_work(tmp_path, Clock()) as app:
        keep_raw(app.store, [mail(DANA, SECRET)], app.now())
        backlog.read(app)
    config = str(tmp_path / "config.toml")
    assert call_main(["--config", config, "forget", DANA]) == 2
    assert "--yes" in capsys.readouterr().err
    assert call_main(["--config", config, "forget", DANA, "--yes", "--json"]) == 0
    assert '"mails": 1' in capsys.readouterr().out
    assert traces(tmp_path, DANA, SECRET) == []
