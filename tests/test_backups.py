"""`practiq backup` and `practiq restore`: whole, sound, and nothing comes back that must not."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text

from service import backlog, backups, jobs
from service.app import App
from service.backups import back_up, restore
from service.cli import call_main
from service.copies import Found, check_sound, look_at
from service.errors import AtWork, ConfigError, Fenced, StoreError
from service.forgetting import find_traces, forget
from service.intake import keep_raw
from service.kept_rows import KeptState, count_kept
from service.lease_rows import take_lease
from service.letter_rows import LetterState, count_letters, list_contents
from service.said_models import LetterRow
from service.sending_rows import Settled, claim_letters, settle_letters
from service.store import open_store, read_store
from tests.agency import DANA, HANK, MAYA, Clock, at_work, database_url, mail, servers_of
from tests.databases import make_database
from tests.mornings import Days
from tests.postgres import Server
from tests.processes import await_that, read_count, running, service_config
from tests.servers import SmtpSink, User

pytestmark = [pytest.mark.promise("P25"), pytest.mark.one_database("a backup is SQLite's")]

MORNING = "2026-11-11T08:00:00-05:00"


def keep(folder: Path, *raws: bytes) -> None:
    """Have a database that holds these, not read yet."""
    with at_work(folder, Clock()) as app:
        keep_raw(app.store, raws, app.now())


def held(file: Path) -> int:
    """How many mails a file holds."""
    found = look_at(file)
    assert found
    return found.messages


def rows_in(file: Path) -> dict[str, list[object]]:
    """All that a file holds, by table, but for who was at work."""
    asked = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('leases', 'sqlite_sequence')"
    )
    with closing(sqlite3.connect(file)) as database:
        tables = [name for (name,) in database.execute(asked)]
        return {one: sorted(database.execute(f"SELECT * FROM {one}"), key=repr) for one in tables}


def kept_in(folder: Path) -> int:
    """How many mails the database holds."""
    store = read_store(database_url(folder))
    with closing(store), store.transaction() as session:
        return sum(count_kept(session).values())


def leftovers(folder: Path) -> list[str]:
    """What a backup or a restore left behind that is nobody's."""
    return [one.name for one in folder.iterdir() if re.search(r"\.(part|older|present)", one.name)]


def send_all(app: App) -> None:
    """Have every letter that waits go out."""
    with app.store.transaction() as session:
        claimed = claim_letters(session, app.now(), 100)
        settle_letters(
            session, [Settled(letter=one.id, state=LetterState.SENT) for one in claimed], now=app.now()
        )


def damage(path: Path) -> None:
    """Let a disk forget what it holds behind the first pages."""
    with path.open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xff" * (path.stat().st_size - 3 * 4096))


@pytest.mark.both_databases
def test_backup_of_a_running_service_is_whole(tmp_path: Path, user: User, smtp: SmtpSink) -> None:
    """One file, its owner's alone, sound, with all that was kept by then; the service goes on."""
    user.deliver(*(mail(DANA, f"Approved, number {number}.") for number in range(3)))
    config, copy = service_config(tmp_path, servers_of(user, smtp)), tmp_path / "copy.db"
    with running(config) as practiq:
        practiq.await_event("running")
        await_that(lambda: read_count(tmp_path) == 3)
        for _ in range(2):  # the second takes the place of the first
            assert call_main(["--config", str(config), "backup", str(copy)]) == 0
        user.deliver(mail(DANA, "And another."))
        await_that(lambda: read_count(tmp_path) == 4)
        with pytest.raises(AtWork):
            restore(database_url(tmp_path), copy, now=Clock()())
    with closing(sqlite3.connect(copy)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert database.execute("SELECT count(*) FROM kept").fetchone() == (3,)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.glob("copy.db?*")] == []
    assert leftovers(tmp_path) == []


def test_backup_of_a_damaged_database_leaves_the_earlier_one(tmp_path: Path) -> None:
    """It is told, and neither half a file nor a bad one takes its place."""
    keep(tmp_path, mail(DANA, "Approved."))
    copy = tmp_path / "copy.db"
    back_up(database_url(tmp_path), copy)
    before = copy.read_bytes()
    damage(tmp_path / "practiq.db")
    with pytest.raises(StoreError):
        back_up(database_url(tmp_path), copy)
    assert copy.read_bytes() == before
    assert leftovers(tmp_path) == []


def test_backup_takes_the_place_of_nothing_else(tmp_path: Path) -> None:
    """Not of a letter to one's mother, a folder, or the database itself; and where there is none, none is made."""
    open_store(database_url(tmp_path)).close()
    other = tmp_path / "letter.txt"
    other.write_text("Dear mother")
    for file in (other, tmp_path, tmp_path / "practiq.db"):
        with pytest.raises(ConfigError, match="is there, and no backup"):
            back_up(database_url(tmp_path), file)
    assert other.read_text() == "Dear mother"
    with pytest.raises(StoreError, match="There is no database"):
        back_up(f"sqlite:///{tmp_path}/none.db", tmp_path / "copy.db")
    assert not (tmp_path / "none.db").exists()
    with pytest.raises(StoreError, match="There is no folder"):
        back_up(database_url(tmp_path), tmp_path / "none" / "copy.db")
    with pytest.raises(StoreError, match="No file can be made in /proc"):
        back_up(database_url(tmp_path), Path("/proc/copy.db"))


@pytest.mark.both_databases
@pytest.mark.pitfall("hypothesis/lms#5346")
def test_what_was_sent_since_is_not_sent_again(tmp_path: Path) -> None:
    """The day has its digest, its numbers stand, mail and replies that came since are read, and nothing goes out twice."""
    clock, copy = Clock(), tmp_path / "copy.db"
    clock.to("2026-11-10T08:00:00-05:00")
    with at_work(tmp_path, clock) as app:
        at = Days(app, clock)
        first = mail(DANA, "Could you send the layouts?")
        at.comes(first)
        back_up(database_url(tmp_path), copy)
        second = mail(HANK, "Could you send the banner?", subject="Banner", to=MAYA)
        at.comes(second)
        digest = at.morning(MORNING)
        send_all(app)
        at.answer(digest, "snooze 1 until Friday")
        send_all(app)
        snoozed = at.thread(first)["snoozed_until"]
        with app.store.transaction() as session:
            sent = count_letters(session)[LetterState.SENT]
    done = restore(database_url(tmp_path), copy, now=clock())
    with at_work(tmp_path, clock) as app:
        at = Days(app, clock)
        assert jobs.digests(app) == 0
        assert at.thread(first)["snoozed_until"] is None
        assert backlog.read(app) == 2
        assert jobs.digests(app) == 0
        with app.store.transaction() as session:
            counts = count_letters(session)
            contents = list_contents(session, [digest.mail["Message-ID"]])
        assert snoozed == at.thread(first)["snoozed_until"]
        assert at.thread(second)["subject"] == "Banner"
        assert at.audit()[0]["obeyed"]
    assert (counts[LetterState.SENT], counts[LetterState.READY]) == (sent, 0)
    assert contents == [digest.raw]
    assert (done.carried["mail"], done.erased, done.unknown) == (2, 0, ())
    assert done.beside
    assert done.beside.exists()
    assert leftovers(tmp_path) == []


@pytest.mark.promise("P9")
def test_inbox_and_servers_see_nothing_twice(
    tmp_path: Path, user: User, smtp: SmtpSink, capsys: pytest.CaptureFixture[str]
) -> None:
    """Backup, the day's digests, restore, and once more at work: the mail is read again, and no second digest goes out."""
    user.deliver(mail(DANA, "Could you send the layouts?"))
    path, copy = service_config(tmp_path, servers_of(user, smtp)), tmp_path / "copy.db"
    config = ["--config", str(path)]
    for words in (["backup", str(copy)], ["poll"], ["restore", str(copy)], ["poll"]):
        capsys.readouterr()
        assert call_main([*config, *words]) == 0
    assert capsys.readouterr().err == "0 new, 1 read, 0 sent.\n"
    assert len(smtp.letters) == 2
    assert held(tmp_path / "practiq.db") == 1


@pytest.mark.both_databases
def test_letter_that_waited_then_is_not_sent_again(tmp_path: Path) -> None:
    """What the backup has as still to be sent, and went out since, is known as sent."""
    clock, copy = Clock(), tmp_path / "copy.db"
    with at_work(tmp_path, clock) as app:
        Days(app, clock).morning(MORNING)
        back_up(database_url(tmp_path), copy)
        send_all(app)
    restore(database_url(tmp_path), copy, now=clock())
    with at_work(tmp_path, clock) as app, app.store.transaction() as session:
        assert set(session.scalars(select(LetterRow.state))) == {LetterState.SENT}


@pytest.mark.both_databases
@pytest.mark.promise("P23")
@pytest.mark.pitfall("decidim#3315")
def test_what_was_erased_since_stays_erased(tmp_path: Path) -> None:
    """Not a byte of a person who was forgotten after the backup is in the restored file, nor let in again."""
    clock, copy = Clock(), tmp_path / "copy.db"
    clock.to("2026-11-10T08:00:00-05:00")
    raw = mail(f"Dana Ruiz <{DANA}>", "Please change the vermilion walrus to green.", subject="Walrus")
    with at_work(tmp_path, clock) as app:
        at = Days(app, clock)
        at.comes(raw, mail(HANK, "Could you send the banner?", subject="Banner"))
        digest = at.morning(MORNING)
        send_all(app)
        at.answer(digest, "1 is Globex")
        send_all(app)
        back_up(database_url(tmp_path), copy)
        with app.store.alone():
            forget(app, find_traces(app, DANA, lambda _: lambda: None))
    done = restore(database_url(tmp_path), copy, now=clock())
    back_up(database_url(tmp_path), tmp_path / "practiq.db.copy")
    files = b"".join(one.read_bytes() for one in tmp_path.glob("*.db?*")).lower()
    assert done.erased >= 1
    assert [one for one in (DANA, "Dana Ruiz", "walrus") if one.lower().encode() in files] == []
    with at_work(tmp_path, clock) as app:
        at = Days(app, clock)
        keep_raw(app.store, [raw], app.now(), app.door)
        backlog.read(app)
        with app.store.transaction() as session:
            assert count_kept(session)[KeptState.READ] == 2  # the other client's, and the reply
        assert [(one["obeyed"], one["outcome"]) for one in at.audit()] == [(True, "erased")]


def test_restore_that_is_cut_short_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In its last moment: the database bears its name with all that it holds. Nor where another one took the turn meanwhile."""
    copy = tmp_path / "copy.db"
    keep(tmp_path)
    back_up(database_url(tmp_path), copy)
    keep(tmp_path, mail(DANA, "Approved."))

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    def take_away(part: Path) -> Found:
        lock = tmp_path / "practiq.db.lock"
        lock.rename(tmp_path / "silent")
        lock.touch()
        return check_sound(part)

    with monkeypatch.context() as patched:
        patched.setattr(backups, "put_in_place", cut)
        with pytest.raises(KeyboardInterrupt):
            restore(database_url(tmp_path), copy, now=Clock()())
    assert (held(tmp_path / "practiq.db"), leftovers(tmp_path)) == (1, [])
    monkeypatch.setattr(backups, "make_single", take_away)
    with pytest.raises(AtWork):
        restore(database_url(tmp_path), copy, now=Clock()() + timedelta(hours=1))
    assert (held(tmp_path / "practiq.db"), leftovers(tmp_path)) == (1, [])


@pytest.mark.both_databases
def test_only_a_backup_is_restored(tmp_path: Path) -> None:
    """No other file, none of a later version, nothing of another installation; what is there stays as it is."""
    keep(tmp_path, mail(DANA, "Approved."))
    note, own, later, others = (tmp_path / name for name in ("note.txt", "own", "later", "others"))
    note.write_text("Dear mother, " * 100)
    (tmp_path / "other").mkdir()
    keep(tmp_path / "other", mail(DANA, "Approved."))
    back_up(database_url(tmp_path / "other"), others)
    for file in (own, later):
        back_up(database_url(tmp_path), file)
    with closing(sqlite3.connect(later)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    cases = [
        (note, StoreError, "is no backup"),
        (tmp_path / "none", StoreError, "There is no file"),
        (later, StoreError, "a version that this practiq does not know"),
        (others, ConfigError, "another installation's"),
    ]
    if (path := tmp_path / "practiq.db").exists():
        cases.append((path, ConfigError, "is the database itself"))
    for file, error, words in cases:
        with pytest.raises(error, match=words):
            restore(database_url(tmp_path), file, now=Clock()())
    back_up(database_url(tmp_path), tmp_path / "after")
    assert rows_in(tmp_path / "after") == rows_in(own)
    assert leftovers(tmp_path) == []


def test_older_backup_is_brought_to_this_version(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where no database is, on a new machine, it is put in place; and that nothing newer was there is said."""
    with at_work(tmp_path, Clock()):
        pass
    config, old = str(tmp_path / "config.toml"), tmp_path / "old.db"
    for one in tmp_path.glob("practiq.db*"):
        one.unlink()
    make_database(old, "0007")
    assert call_main(["--config", config, "restore", str(old)]) == 0
    assert "is not known" in capsys.readouterr().err
    assert call_main(["--config", config, "messages"]) == 0
    assert stat.S_IMODE((tmp_path / "practiq.db").stat().st_mode) == 0o600


def test_damaged_database_gives_way_when_told(tmp_path: Path) -> None:
    """It is not silently given up for the backup, which knows neither what was sent nor what was erased since."""
    clock, copy = Clock(), tmp_path / "copy.db"
    keep(tmp_path, *(mail(DANA, f"Approved, {number}.") for number in range(20)))
    back_up(database_url(tmp_path), copy)
    damage(tmp_path / "practiq.db")
    broken = (tmp_path / "practiq.db").read_bytes()
    with pytest.raises(StoreError, match="cannot be read: marks of what was erased"):
        restore(database_url(tmp_path), copy, now=clock())
    assert (tmp_path / "practiq.db").read_bytes() == broken
    done = restore(database_url(tmp_path), copy, now=clock() + timedelta(hours=1), despite_damage=True)
    assert (done.messages, len(done.unknown)) == (20, 4)
    assert done.beside
    assert done.beside.read_bytes() == broken
    store = open_store(database_url(tmp_path))
    with store.transaction() as session:
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"
    store.close()


def test_later_version_gives_way_to_its_backup(tmp_path: Path) -> None:
    """After an upgrade that went wrong: what of it can be read is taken over, and what cannot is said first."""
    clock, copy = Clock(), tmp_path / "copy.db"
    with at_work(tmp_path, clock) as app:
        back_up(database_url(tmp_path), copy)
        Days(app, clock).morning(MORNING)
        send_all(app)
    with closing(sqlite3.connect(tmp_path / "practiq.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.execute("ALTER TABLE quiet_days RENAME COLUMN manager TO who")
        database.commit()
    with pytest.raises(StoreError, match="cannot be read: digests"):
        restore(database_url(tmp_path), copy, now=clock())
    done = restore(database_url(tmp_path), copy, now=clock(), despite_damage=True)
    assert (done.unknown, done.carried["letters"]) == (("digests",), 2)
    with at_work(tmp_path, clock) as app, app.store.transaction() as session:
        assert count_letters(session)[LetterState.SENT] == 2


def test_older_database_gives_way_to_a_backup(tmp_path: Path) -> None:
    """One that an earlier practiq left is read as this one would; nothing is done to it."""
    keep(tmp_path, mail(DANA, "Approved."))
    copy = tmp_path / "copy.db"
    back_up(database_url(tmp_path), copy)
    with at_work(tmp_path, Clock()) as app:
        key = app.token_key.hex()
    for one in tmp_path.glob("practiq.db*"):
        one.unlink()
    make_database(tmp_path / "practiq.db", "0010")
    with closing(sqlite3.connect(tmp_path / "practiq.db")) as database:
        database.execute("INSERT INTO settings VALUES ('token_key', ?)", [key])
        database.execute("INSERT INTO forgotten VALUES ('00', 'forgotten', '2026-11-10')")
        database.commit()
    if os.geteuid() == 0:
        os.chown(tmp_path / "practiq.db", 1234, 1234)
    done = restore(database_url(tmp_path), copy, now=Clock()())
    if os.geteuid() == 0:
        assert (tmp_path / "practiq.db").stat().st_uid == 1234
    assert (done.messages, done.carried["marks of what was erased"], done.erased) == (1, 1, 0)
    assert done.beside
    with closing(sqlite3.connect(done.beside)) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchone() == ("0010",)
    assert leftovers(tmp_path) == []


def test_backup_of_one_engine_is_restored_to_the_other(tmp_path: Path, postgresql: Server) -> None:
    """Row by row, and back; where nothing was, nothing is kept beside. A schema that is not there is not made."""
    clock, of_file, of_server = Clock(), tmp_path / "of-file", tmp_path / "of-server"
    clock.to("2026-11-10T08:00:00-05:00")
    with at_work(tmp_path, clock) as app:
        at = Days(app, clock)
        at.comes(mail(DANA, "Could you send the layouts?"), mail(HANK, "Approved.", subject="Banner"))
        at.answer(at.morning(MORNING), "snooze 1 until Friday")
    server, other = postgresql.url_of(tmp_path), f"sqlite:///{tmp_path}/other.db"
    with pytest.raises(StoreError, match="no database of this version"):
        back_up(server, of_server)
    back_up(database_url(tmp_path), of_file)
    assert restore(server, of_file, now=clock()).beside is None
    back_up(server, of_server)
    assert rows_in(of_server) == rows_in(of_file)
    with closing(read_store(server)) as store, store.transaction() as session:
        assert inspect(session.connection()).get_foreign_keys("raws")
    restore(other, of_server, now=clock())
    back_up(other, of_file)
    assert rows_in(of_file) == rows_in(of_server)


def test_postgresql_is_as_it_was_where_a_restore_fails(
    tmp_path: Path, postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped in its last moment, left by the server, or taken for hung; what comes then is kept, under new numbers."""
    monkeypatch.setattr("tests.postgres.server", postgresql)
    clock, url, copy = Clock(), database_url(tmp_path), tmp_path / "copy.db"
    clock.to("2026-11-10T08:00:00-05:00")

    def ours(asked: str) -> object:
        """Of our sessions at the server."""
        with closing(read_store(url)) as other, other.transaction() as session:
            whose = "WHERE application_name LIKE :name AND pid <> pg_backend_pid()"
            given = {"name": f"practiq {os.getpid()}.%"}
            return session.scalar(text(f"SELECT {asked} FROM pg_stat_activity {whose}"), given)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    def end_sessions(*_: object) -> None:
        ours("count(pg_terminate_backend(pid))")

    def take_over(part: Path) -> Found:
        with closing(open_store(url)) as other, other.transaction() as session:
            take_lease(session, "another one")
        return check_sound(part)

    with at_work(tmp_path, clock) as app:
        at = Days(app, clock)
        at.comes(mail(DANA, "Could you send the layouts?"))
        digest = at.morning(MORNING)
        at.answer(digest, "snooze 1 until Friday")
        back_up(url, copy)
        at.answer(digest, "snooze 1 until Monday")
    cases = [
        ("put_in_place", stop, KeyboardInterrupt),
        ("put_in_place", end_sessions, StoreError),
        ("check_sound", take_over, Fenced),
    ]
    for name, meanwhile, error in cases:
        await_that(lambda: ours("count(*)") == 0)  # a server takes its time to let go
        with monkeypatch.context() as patched:
            patched.setattr(backups, name, meanwhile)
            with pytest.raises(error):
                restore(url, copy, now=clock())
        assert kept_in(tmp_path) == 3
        assert sorted(one.name for one in tmp_path.iterdir()) == ["config.toml", "copy.db"]
    with at_work(tmp_path, clock) as app:
        at = Days(app, clock)
        at.answer(digest, "snooze 1 until Tuesday")
        assert [one["obeyed"] for one in at.audit()] == [True, True, True]
    await_that(lambda: ours("count(*)") == 0)
    assert restore(url, copy, now=clock()).carried["mail"] == 2
