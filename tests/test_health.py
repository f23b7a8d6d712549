"""`practiq status` says what is wrong, since when, and in its exit status."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from service import backlog, jobs, watching
from service.app import App
from service.cli import call_main
from service.health import MOST_DELAY, MOST_LAG, status_line, status_text, verdict
from service.kept_rows import Cursor, record_cursor
from service.trouble_rows import Place, clear_trouble, record_trouble
from tests.agency import DANA, MAYA, SAM, Clock, at_work, mail, servers_of, write_config
from tests.servers import User

pytestmark = [pytest.mark.promise("P22"), pytest.mark.both_databases]


def wrong(app: App) -> list[str]:
    """What is wrong now."""
    return [one["what"] for one in status_line(app, app.now())["wrong"]]


def test_trouble_is_wrong_until_it_is_over(tmp_path: Path) -> None:
    """It is told with the moment when it began, however often it is met."""
    clock = Clock()
    with at_work(tmp_path, clock) as app:
        began = clock.at
        for _ in range(3):
            with app.store.transaction() as session:
                record_trouble(session, Place.SMTP, "The SMTP server is away.", now=clock.at, retry_at=None)
            clock.at += timedelta(minutes=5)
        line = status_line(app, clock.at)
        with app.store.transaction() as session:
            clear_trouble(session, Place.SMTP)

        assert line["wrong"] == [{"what": "The SMTP server is away.", "since": began.isoformat()}]
        assert "wrong        The SMTP server is away. Since" in status_text(line)
        assert wrong(app) == []


def test_inbox_that_nobody_reads_is_wrong(tmp_path: Path, user: User) -> None:
    """Some hours after the last pass, not before; and mail that waits to be read after a quarter of an hour."""
    clock = Clock()
    user.deliver(mail(DANA, "Approved."))
    with at_work(tmp_path, clock, servers_of(user)) as app:
        watching.poll(app)
        assert wrong(app) == []
        clock.at += MOST_DELAY + timedelta(minutes=1)
        assert wrong(app) == ["Mail was taken in and waits to be read."]
        backlog.read(app)
        assert wrong(app) == []
        clock.at += MOST_LAG
        assert wrong(app) == ["The inbox has not been read: is practiq at work?"]


def test_digest_that_is_not_made_is_wrong(tmp_path: Path) -> None:
    """Of who had one before, a quarter of an hour after it fell due."""
    clock = Clock()
    with at_work(tmp_path, clock) as app:
        clock.to("2026-11-10T12:00:00-05:00")
        jobs.digests(app)
        clock.to("2026-11-11T08:05:00-05:00")
        assert not [one for one in wrong(app) if MAYA in one]
        clock.to("2026-11-11T09:00:00-05:00")
        assert f"The digest of 2026-11-11 for {MAYA} is not made." in wrong(app)
        jobs.digests(app)
        assert not [one for one in wrong(app) if MAYA in one or SAM in one]


def test_exit_status_says_whether_all_is_well(tmp_path: Path, capsys: Any) -> None:
    """0 where it is, 1 where somebody should look."""
    from service.cli import call_main
    from tests.agency import write_config

    config = str(write_config(tmp_path))
    assert call_main(["--config", config, "status"]) == 0
    with at_work(tmp_path, Clock()) as app, app.store.transaction() as session:
        record_trouble(session, Place.IMAP, "The IMAP server is away.", now=app.now(), retry_at=None)
    assert call_main(["--config", config, "status", "--json"]) == 1
    assert '"The IMAP server is away."' in capsys.readouterr().out


def test_check_is_silent_or_one_sentence(tmp_path: Path) -> None:
    """For container and cron: its exit status says whether all is well and the inbox was read lately, to the second."""
    clock = Clock()
    with at_work(
        tmp_path, clock, '[imap]\nhost = "127.0.0.1"\nport = 1\ntls = "none"\npassword = "hush"\n'
    ) as app:

        def said(max_age: timedelta | None) -> str | None:
            return verdict(app, status_line(app, clock.at), max_age)

        assert said(None) is None
        assert said(timedelta(minutes=10)) == "The inbox has never been read."
        polled = Cursor(mailbox="INBOX", uidvalidity=1, uid=0, polled_at=clock.at, swept_at=None)
        with app.store.transaction() as session:
            record_cursor(session, polled)
        clock.at += timedelta(minutes=10)
        assert said(timedelta(minutes=10)) is None
        clock.at += timedelta(seconds=1)
        assert "0:10:01 ago" in str(said(timedelta(minutes=10)))
        with app.store.transaction() as session:
            record_trouble(session, Place.SMTP, "The SMTP server is away.", now=clock.at, retry_at=None)
        assert said(timedelta(minutes=10)) == "The SMTP server is away. (1 more: see `practiq status`.)"


def test_check_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing on standard output; a sentence on the other one with exit status 1, and 2 where the call is wrong."""
    config = ["--config", str(write_config(tmp_path))]
    cases = [(["--check"], 0), (["--check", "--max-age", "10m"], 0), (["--max-age", "10m"], 2)]
    cases += [(["--check", "--max-age", "soon"], 2), (["--check", "--json"], 2)]
    for words, status in cases:
        assert call_main([*config, "status", *words]) == status, words
        out, err = capsys.readouterr()
        assert out == ""
        assert (err == "") is (status == 0)
    with at_work(tmp_path, Clock()) as app, app.store.transaction() as session:
        record_trouble(session, Place.SMTP, "The SMTP server is away.", now=app.now(), retry_at=None)
    assert call_main([*config, "status", "--check"]) == 1
    assert capsys.readouterr() == ("", "The SMTP server is away.\n")


def test_folder_of_agencies_has_a_line_for_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One that is wrong, or cannot be had, stops no other; --check names the first of them."""
    folder = tmp_path / "agencies"
    folder.mkdir()
    for name in ("globex", "northlight"):
        (tmp_path / name).mkdir()
        write_config(tmp_path / name).rename(folder / f"{name}.toml")

    def said(*words: str) -> tuple[int, str, str]:
        status = call_main(["--config", str(folder), "status", *words])
        return status, *capsys.readouterr()

    assert said("--check", "--max-age", "10m") == (0, "", "")
    status, out, _ = said()
    assert (status, [line.partition(",")[0] for line in out.splitlines()]) == (
        0,
        ["globex: well", "northlight: well"],
    )

    with at_work(tmp_path / "northlight", Clock()) as app, app.store.transaction() as session:
        record_trouble(session, Place.IMAP, "The IMAP server is away.", now=app.now(), retry_at=None)
    assert said("--check") == (1, "", "northlight: The IMAP server is away.\n")

    (folder / "lumen.toml").write_text("[agency")
    status, out, _ = said("--json")
    lines = {one["agency"]: one["wrong"] for one in map(json.loads, out.splitlines())}
    assert (status, list(lines)) == (1, ["globex", "lumen", "northlight"])
    assert lines["globex"] == []
    assert "lumen.toml: this is not TOML" in lines["lumen"][0]["what"]
    assert said("--check")[2].startswith(f"lumen: {folder}/lumen.toml: this is not TOML")


@pytest.mark.parametrize(
    "words", ["run", "check", "threads", "clients", "init", "auth google --sign-in", "db upgrade"]
)
@pytest.mark.one_database("it opens none")
def test_other_commands_take_no_folder(
    words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They say so, and which ones do."""
    assert call_main(["--config", str(tmp_path), *words.split()]) == 2
    said = "".join(capsys.readouterr())
    assert f"{tmp_path} is a folder, and this is for one agency." in said
    assert "a folder is for `practiq worker` and `practiq status`" in said
