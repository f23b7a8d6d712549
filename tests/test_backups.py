"""`practiq backup` and `practiq restore`: whole, sound, and nothing comes back that must not."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from service import backlog, backups, jobs
from service.app import App
from service.backups import back_up, restore
from service.cli import call_main
from service.copies import Found, check_sound, look_at
from service.errors import AtWork, ConfigError, StoreError
from service.forgetting import find_traces, forget
from service.intake import keep_raw
from service.kept_rows import KeptState, count_kept
from service.letter_rows import LetterState, count_letters, list_contents
from service.said_models import LetterRow
from service.sending_rows import Settled, claim_letters, settle_letters
from service.store import open_store
from tests.agency import DANA, HANK, MAYA, Clock, at_work, mail, servers_of
from tests.databases import make_database
from tests.mornings import Days
from tests.processes import await_that, read_count, running, service_config
from tests.servers import SmtpSink, User

pytestmark = [pytest.mark.promise("P25"), pytest.mark.one_database("a backup is SQLite's")]

MORNING = "2026-11-11T08:00:00-05:00"


def url_in(folder: Path) -> str:
    return f"sqlite:///{folder}/practiq.db"


def keep(folder: Path, *raws: bytes) -> None:
    """Have a database that holds these, not read yet."""
    with at_work(folder, Clock()) as app:
        keep_raw(app.store, raws, app.now())


def held(file: Path) -> int:
    """How many mails a file holds."""
    found = look_at(file)
    assert found
    return found.messages


def leftovers(folder: Path) -> list[str]:
    """What a backup or a restore left behind that is nobody's."""
    return [one.name for one in folder.iterdir() if ".part" in one.name or ".older" in one.name]


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
            restore(url_in(tmp_path), copy, now=Clock()())
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
    back_up(url_in(tmp_path), copy)
    before = copy.read_bytes()
    damage(tmp_path / "practiq.db")
    with pytest.raises(StoreError):
        back_up(url_in(tmp_path), copy)
    assert copy.read_bytes() == before
    assert leftovers(tmp_path) == []


def test_backup_takes_the_place_of_nothing_else(tmp_path: Path) -> None:
    """Not of a letter to one's mother, a folder, or the database itself; and where there is none, none is made."""
    open_store(url_in(tmp_path)).close()
    other = tmp_path / "letter.txt"
    other.write_text("Dear mother")
    for file in (other, tmp_path, tmp_path / "practiq.db"):
        with pytest.raises(ConfigError, match="is there, and no backup"):
            back_up(url_in(tmp_path), file)
    assert other.read_text() == "Dear mother"
    with pytest.raises(StoreError, match="There is no database"):
        back_up(f"sqlite:///{tmp_path}/none.db", tmp_path / "copy.db")
    assert not (tmp_path / "none.db").exists()
    with pytest.raises(StoreError, match="There is no folder"):
        back_up(url_in(tmp_path), tmp_path / "none" / "copy.db")


@pytest.mark.pitfall("hypothesis/lms#5346")
def test_what_was_sent_since_is_not_sent_again(tmp_path: Path) -> None:
    """The day has its digest, its numbers stand, mail and replies that came since are read, and nothing goes out twice."""
    clock, copy = Clock(), tmp_path / "copy.db"
    clock.to("2026-11-10T08:00:00-05:00")
    with at_work(tmp_path, clock) as app:
        at = Days(app, clock)
        first = mail(DANA, "Could you send the layouts?")
        at.comes(first)
        back_up(url_in(tmp_path), copy)
        second = mail(HANK, "Could you send the banner?", subject="Banner", to=MAYA)
        at.comes(second)
        digest = at.morning(MORNING)
        send_all(app)
        at.answer(digest, "snooze 1 until Friday")
        send_all(app)
        snoozed = at.thread(first)["snoozed_until"]
        with app.store.transaction() as session:
            sent = count_letters(session)[LetterState.SENT]
    done = restore(url_in(tmp_path), copy, now=clock())
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


def test_letter_that_waited_then_is_not_sent_again(tmp_path: Path) -> None:
    """What the backup has as still to be sent, and went out since, is known as sent."""
    clock, copy = Clock(), tmp_path / "copy.db"
    with at_work(tmp_path, clock) as app:
        Days(app, clock).morning(MORNING)
        back_up(url_in(tmp_path), copy)
        send_all(app)
    restore(url_in(tmp_path), copy, now=clock())
    with at_work(tmp_path, clock) as app, app.store.transaction() as session:
        assert set(session.scalars(select(LetterRow.state))) == {LetterState.SENT}


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
        back_up(url_in(tmp_path), copy)
        with app.store.alone():
            forget(app, find_traces(app, DANA, lambda _: lambda: None))
    done = restore(url_in(tmp_path), copy, now=clock())
    files = b"".join(one.read_bytes() for one in tmp_path.glob("practiq.db*")).lower()
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
    back_up(url_in(tmp_path), copy)
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
            restore(url_in(tmp_path), copy, now=Clock()())
    assert (held(tmp_path / "practiq.db"), leftovers(tmp_path)) == (1, [])
    monkeypatch.setattr(backups, "make_single", take_away)
    with pytest.raises(AtWork):
        restore(url_in(tmp_path), copy, now=Clock()() + timedelta(hours=1))
    assert (held(tmp_path / "practiq.db"), leftovers(tmp_path)) == (1, [])


def test_only_a_backup_is_restored(tmp_path: Path) -> None:
    """No other file, none of a later version, nothing of another installation; what is there stays as it is."""
    keep(tmp_path, mail(DANA, "Approved."))
    before = (tmp_path / "practiq.db").read_bytes()
    note, later, other = tmp_path / "note.txt", tmp_path / "later.db", tmp_path / "other"
    note.write_text("Dear mother, " * 100)
    other.mkdir()
    keep(other, mail(DANA, "Approved."))
    back_up(url_in(tmp_path), later)
    with closing(sqlite3.connect(later)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    cases = [
        (note, StoreError, "is no backup"),
        (tmp_path / "none", StoreError, "There is no file"),
        (tmp_path / "practiq.db", ConfigError, "is the database itself"),
        (later, StoreError, "a version that this practiq does not know"),
        (other / "practiq.db", ConfigError, "another installation's"),
    ]
    for file, error, words in cases:
        with pytest.raises(error, match=words):
            restore(url_in(tmp_path), file, now=Clock()())
    assert (tmp_path / "practiq.db").read_bytes() == before
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
    back_up(url_in(tmp_path), copy)
    damage(tmp_path / "practiq.db")
    broken = (tmp_path / "practiq.db").read_bytes()
    with pytest.raises(StoreError, match="cannot be read: marks of what was erased"):
        restore(url_in(tmp_path), copy, now=clock())
    assert (tmp_path / "practiq.db").read_bytes() == broken
    done = restore(url_in(tmp_path), copy, now=clock() + timedelta(hours=1), despite_damage=True)
    assert (done.messages, len(done.unknown)) == (20, 4)
    assert done.beside
    assert done.beside.read_bytes() == broken
    store = open_store(url_in(tmp_path))
    with store.transaction() as session:
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"
    store.close()


def test_later_version_gives_way_to_its_backup(tmp_path: Path) -> None:
    """After an upgrade that went wrong: what of it can be read is taken over, and what cannot is said first."""
    clock, copy = Clock(), tmp_path / "copy.db"
    with at_work(tmp_path, clock) as app:
        back_up(url_in(tmp_path), copy)
        Days(app, clock).morning(MORNING)
        send_all(app)
    with closing(sqlite3.connect(tmp_path / "practiq.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.execute("ALTER TABLE quiet_days RENAME COLUMN manager TO who")
        database.commit()
    with pytest.raises(StoreError, match="cannot be read: digests"):
        restore(url_in(tmp_path), copy, now=clock())
    done = restore(url_in(tmp_path), copy, now=clock(), despite_damage=True)
    assert (done.unknown, done.carried["letters"]) == (("digests",), 2)
    with at_work(tmp_path, clock) as app, app.store.transaction() as session:
        assert count_letters(session)[LetterState.SENT] == 2


def test_older_database_gives_way_to_a_backup(tmp_path: Path) -> None:
    """One that an earlier practiq left is read as this one would; nothing is done to it."""
    keep(tmp_path, mail(DANA, "Approved."))
    copy = tmp_path / "copy.db"
    back_up(url_in(tmp_path), copy)
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
    done = restore(url_in(tmp_path), copy, now=Clock()())
    if os.geteuid() == 0:
        assert (tmp_path / "practiq.db").stat().st_uid == 1234
    assert (done.messages, done.carried["marks of what was erased"], done.erased) == (1, 1, 0)
    assert done.beside
    with closing(sqlite3.connect(done.beside)) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchone() == ("0010",)
    assert leftovers(tmp_path) == []
