"""A full disk, a locked or a lost database: practiq takes nothing in, says so, and goes on by itself."""

from __future__ import annotations

import os
import resource
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from service import backlog, health, watching
from service.app import App
from service.cli import call_main
from service.errors import StoreError
from service.health import status_line, status_text
from service.kept_rows import KeptState, Mail, count_kept, find_cursor, record_kept
from tests.agency import DANA, Clock, at_work, mail, servers_of, write_config
from tests.processes import HASTY, ROOT, await_that, read_count, running, service_config
from tests.servers import SmtpSink, User

pytestmark = [pytest.mark.promise("P24"), pytest.mark.one_database("it is about SQLite's files")]

IMPATIENT = HASTY + "from service import connections\nconnections.BUSY_SECONDS = 0.5\n"


def test_what_befalls_the_database_is_outlived(tmp_path: Path, user: User, smtp: SmtpSink) -> None:
    """The mail that comes meanwhile stays unmarked on the server, and is read when it is over."""
    folder = tmp_path / "data"
    folder.mkdir()
    config = service_config(folder, servers_of(user, smtp))
    user.deliver(mail(DANA, "before", subject="S0"))
    with running(config, tuned=IMPATIENT) as practiq:
        await_that(lambda: len(smtp.letters) == 2 and read_count(folder) == 1)

        def waits(said: str, count: int) -> None:
            """Mail comes and is left where it is, and the log says why."""
            user.deliver(mail(DANA, "meanwhile", subject=f"S{count}"))
            await_that(lambda: [one for one in practiq.events("inbox away") if said in one["reason"]])
            assert set(user.flags()) == {""}

        # The disk is full: no file may grow beyond what the first one is.
        whole = resource.prlimit(practiq.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(practiq.process.pid, resource.RLIMIT_FSIZE, (1, whole[1]))
        waits("cannot be used: disk I/O error", 1)
        assert read_count(folder) == 1
        resource.prlimit(practiq.process.pid, resource.RLIMIT_FSIZE, whole)
        await_that(lambda: read_count(folder) == 2)

        other = sqlite3.connect(folder / "practiq.db", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        waits("cannot be used: database is locked", 2)
        other.execute("ROLLBACK")
        other.close()
        await_that(lambda: read_count(folder) == 3)

        folder.rename(tmp_path / "away")
        waits("is gone: No such file or directory", 3)
        (tmp_path / "away").rename(folder)
        await_that(lambda: read_count(folder) == 4)

        # Another file in its place, as after a restore: practiq begins again with that one.
        (folder / "copy.db").touch()
        copy = sqlite3.connect(folder / "copy.db")
        old = sqlite3.connect(f"file:{folder}/practiq.db?mode=ro", uri=True)
        old.backup(copy)
        old.close()
        copy.close()
        for suffix in ("-wal", "-shm"):
            (folder / f"practiq.db{suffix}").unlink()
        (folder / "copy.db").replace(folder / "practiq.db")
        practiq.await_event("running", 2)
        user.deliver(mail(DANA, "afterwards", subject="S4"))
        await_that(lambda: read_count(folder) == 5)
        assert practiq.end()[0] == 0
    assert len(smtp.letters) == 2
    assert set(user.flags()) == {""}


def test_full_database_keeps_the_cursor(tmp_path: Path, user: User) -> None:
    """What was fetched and could not be kept is fetched again, and nothing is marked."""
    user.deliver(mail(DANA, "one"))
    with at_work(tmp_path, Clock(), servers_of(user)) as app:
        assert watching.poll(app) == 1
        user.deliver(mail(DANA, os.urandom(100_000).hex()))
        with app.store.transaction() as session:
            before = find_cursor(session, "INBOX")
        fill(app)
        with pytest.raises(StoreError, match="is full\\.\n  Free some disk space"):
            watching.poll(app)
        with app.store.transaction() as session:
            assert find_cursor(session, "INBOX") == before
        assert user.flags() == ["", ""]
        assert watching.poll(app) == 1


def fill(app: App) -> bool:
    """Have the database full, until its connection is made anew after the fault."""
    with app.store.transaction() as session:
        pages = session.scalar(text("PRAGMA page_count"))
        session.execute(text(f"PRAGMA max_page_count = {pages}"))
    return False


def test_mail_is_not_to_blame(tmp_path: Path) -> None:
    """One for which there is no room is left unread, not put into quarantine."""
    with at_work(tmp_path, Clock()) as app:
        with app.store.transaction() as session:
            raw = mail(DANA, os.urandom(50_000).hex())
            record_kept(session, [Mail(raw=raw)], app.now())
        with pytest.raises(StoreError, match="is full"):
            backlog.read(app, stop=lambda: fill(app))
        with app.store.transaction() as session:
            assert count_kept(session)[KeptState.UNREAD] == 1
        assert backlog.read(app) == 1


def test_damaged_database_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says what to do, with exit status 1, and no traceback."""
    config = str(write_config(tmp_path))
    (tmp_path / "mail").mkdir()
    for n in range(20):
        (tmp_path / "mail" / f"{n}.eml").write_bytes(mail(DANA, "Approved. " * 100, subject=f"S{n}"))
    assert call_main(["--config", config, "ingest", str(tmp_path / "mail")]) == 0
    with (tmp_path / "practiq.db").open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom((tmp_path / "practiq.db").stat().st_size - 4096))
    for words in (["threads"], ["status"], ["reread"]):
        capsys.readouterr()
        assert call_main(["--config", config, *words]) == 1
        said = capsys.readouterr().err
        assert "malformed.\n  Put a copy from a backup in its place" in said
        assert "Traceback" not in said


def test_status_says_that_the_disk_is_almost_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is refused."""
    with at_work(tmp_path, Clock()) as app:
        assert not status_line(app, app.now())["wrong"]
        monkeypatch.setattr(health, "LEAST_FREE_BYTES", 10**18)
        line = status_line(app, app.now())
        assert "MB left" in line["wrong"][0]["what"]
        assert "MB left" in status_text(line)
        assert "None" not in status_text(line)


def modes(folder: Path) -> dict[str, int]:
    """Who may do what with the files of the database."""
    return {one.name: stat.S_IMODE(one.stat().st_mode) for one in folder.glob("practiq.db*")}


def test_files_are_their_owners_alone(tmp_path: Path) -> None:
    """Whatever the umask; those that were open to others are closed, and the log says so."""
    url = f"sqlite:///{tmp_path}/practiq.db"
    code = (
        "import os, sys; os.umask(0)\nfrom service.store import read_store\n"
        "with read_store(sys.argv[1]).alone(): print(input())"
    )
    for was in (None, 0o644):
        if was:
            for one in tmp_path.glob("practiq.db*"):
                one.chmod(was)
        child = subprocess.Popen(
            [sys.executable, "-c", code, url],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT,
        )  # fmt: skip
        await_that(lambda: len(modes(tmp_path)) == 4 and set(modes(tmp_path).values()) == {0o600})
        said, _ = child.communicate(b"x\n")
        assert child.returncode == 0
        assert (b"closed to others" in said) is bool(was)


def test_check_names_secrets_that_others_may_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The configuration, and each file with a password."""
    secret = tmp_path / "secret"
    secret.write_text("x")
    smtp = '[smtp]\nhost = "127.0.0.1"\nport = 1\ntls = "none"\nusername = "x"\n'
    imap = '[imap]\nhost = "127.0.0.1"\nport = 1\ntls = "none"\npassword = "x"\n'
    config = write_config(tmp_path, f'{smtp}password_file = "{secret}"\n{imap}')
    for one, mode in ((secret, 0o640), (config, 0o604)):
        secret.chmod(0o600)
        config.chmod(0o600)
        call_main(["--config", str(config), "check"])
        assert "may be read by others" not in capsys.readouterr().out
        one.chmod(mode)
        call_main(["--config", str(config), "check"])
        assert (
            f"NOTE  {one} may be read by others.\n      For the IT person of this machine: chmod 600 {one}"
            in capsys.readouterr().out
        )
