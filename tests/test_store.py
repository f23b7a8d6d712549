"""The database, its transactions and its rows."""

import contextlib
import re
import sqlite3
import subprocess
import sys
import threading
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, Table, create_engine, select

from parsers.ids import MessageId
from parsers.threads import ThreadId
from parsers.workspaces import Side
from service.digest_rows import find_digest
from service.errors import StoreError
from service.kept_rows import KeptState, Mail, count_kept, find_kept, record_kept, settle_kept
from service.letter_rows import (
    LetterState,
    count_letters,
    record_letter,
)
from service.mark_rows import list_marks
from service.message_rows import record_messages
from service.migrations import HEAD
from service.models import Base, KeptRow
from service.records import Record
from service.sending_rows import Settled, claim_letters, expire_letters, release_letters, settle_letters
from service.store import Letter, open_store
from service.teaching_rows import find_last_order
from service.thread_rows import record_threads
from tests.agency import database_url
from tests.databases import make_database

NOW = datetime(2026, 11, 12, 13, 0, tzinfo=UTC)
MIGRATIONS = Path(__file__).parent.parent / "service" / "migrations"
RECORD = Record(
    identity="0123456789abcdef0123456789abcdef",
    kept=1,
    message_id=MessageId("1@x"),
    message_id_field="<1@x>",
    ancestors=(),
    thread=None,
    sent_at=NOW,
    received_at=NOW,
    authors=(),
    to=(),
    cc=(),
    subject="Spring",
    own="Yes",
    note="",
    side=Side.CLIENT,
    internal=False,
    forwarded=False,
    automation=None,
    verified=None,
    warnings=(),
    attachments=(),
    index=None,
    quotes=False,
    signature="",
    tags=(),
    tags_are_ours=False,
)
LETTER = Letter(reverse_path="p@n.example", recipient="m@n.example", message_id="<d@n>", content=b"x")


@pytest.mark.both_databases
def test_a_new_database_has_the_models_tables(tmp_path: Path) -> None:
    """It is made as the models are, and the newest step is the one that is looked for."""
    store = open_store(database_url(tmp_path))
    with store.transaction() as session:
        differences = compare_metadata(MigrationContext.configure(session.connection()), Base.metadata)
    store.close()

    assert differences == []
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD


def shape_of(path: Path) -> dict[str, list[str]]:
    """How each table and index of a database is defined, clause by clause."""
    with contextlib.closing(sqlite3.connect(path)) as held:
        made = held.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    clauses = {name: re.split(r",(?![^(]*\))|[\n\t]", sql.replace('"', "")) for name, sql in made}
    return {name: sorted(filter(None, map(str.strip, some))) for name, some in clauses.items()}


@pytest.mark.one_database("PostgreSQL has no older ones")
def test_all_steps_from_empty_give_a_new_database(tmp_path: Path) -> None:
    """One that was brought here step by step and one that is new differ in the order of columns at most."""
    make_database(tmp_path / "stepped.db", "head")
    open_store(f"sqlite:///{tmp_path}/new.db").close()

    assert shape_of(tmp_path / "stepped.db") == shape_of(tmp_path / "new.db")


@pytest.mark.one_database("PostgreSQL has no older ones")
def test_an_old_database_is_brought_to_now(tmp_path: Path) -> None:
    """One of the first version gets what it lacks, and keeps its mail and what was ordered, to be read again."""
    url = f"sqlite:///{tmp_path}/p.db"
    engine = create_engine(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        fillers = {
            sa.Integer: 1,
            sa.String: "x",
            sa.JSON: [],
            sa.Boolean: False,
            sa.DateTime: NOW,
            sa.LargeBinary: zlib.compress(b"mail"),
            sa.Date: NOW.date(),
            sa.Float: 1.0,
        }
        for name in ("kept", "threads", "messages", "marks", "letters", "digests", "digest_items"):
            table = Table(name, MetaData(), autoload_with=connection)
            row = {
                column.name: next(value for kind, value in fillers.items() if isinstance(column.type, kind))
                for column in table.columns
            }
            kinds = {"state": "read", "kind": "done"}
            connection.execute(
                table.insert().values(row | {key: kinds[key] for key in row.keys() & kinds.keys()})
            )
    engine.dispose()

    store = open_store(url)
    with store.transaction() as session:
        differences = compare_metadata(MigrationContext.configure(session.connection()), Base.metadata)
        kept = find_kept(session, 1)
        assert kept.state is KeptState.UNREAD
        record_threads(session, [ThreadId("anew")])
        record_messages(session, [replace(RECORD, kept=1, thread=ThreadId("anew"))])
        settle_kept(session, 1, KeptState.READ, identity=RECORD.identity)
    with store.transaction() as session:
        marks = list_marks(session)
        digest = find_digest(session, "x")
        order = find_last_order(session, "x")
    store.close()

    assert differences == []
    assert kept.raw == b"mail"
    assert {thread: [mark.kind for mark in said] for thread, said in marks.items()} == {"anew": ["done"]}
    assert digest
    assert {number: one.identity for number, one in digest.items.items()} == {1: RECORD.identity}
    assert order
    assert order.marked == {RECORD.identity}


@pytest.mark.both_databases
def test_a_database_opened_again_is_left_as_it_is(tmp_path: Path) -> None:
    """What was stored is there after the database is opened again."""
    url = database_url(tmp_path)
    store = open_store(url)
    with store.transaction() as session:
        record_kept(session, [Mail(raw=b"mail", internal_date=NOW)], NOW)
    store.close()

    again = open_store(url)
    with again.transaction() as session:
        kept = find_kept(session, 1)
    again.close()

    assert kept.raw == b"mail"
    assert kept.internal_date == NOW


@pytest.mark.one_database("of PostgreSQL's faults is tests/test_postgres.py")
def test_a_database_that_cannot_be_opened_is_one_sentence(tmp_path: Path) -> None:
    """A folder in place of a file, or a file that is no database, is an error a person can act on."""
    (tmp_path / "no.db").write_bytes(b"this is no database, though it is long enough to be one" * 100)
    for name in ("", "no.db", "absent/p.db"):
        with pytest.raises(StoreError, match="cannot be opened"):
            open_store(f"sqlite:///{tmp_path}/{name}")


@pytest.mark.both_databases
def test_one_process_works_on_a_database(tmp_path: Path) -> None:
    """While one holds it another is told so; a killed one holds nothing."""
    url = database_url(tmp_path)
    code = f"from service.store import open_store\nwith open_store({url!r}).alone(): print('in', flush=True); input()"
    other = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdin
    assert other.stdout
    assert other.stdout.readline() == "in\n"
    store = open_store(url)
    with pytest.raises(StoreError, match="Another practiq"), store.alone():
        pass
    other.kill()
    other.wait()
    other.stdin.close()
    other.stdout.close()

    turn = store.stand_by(threading.Event())  # PostgreSQL hears of an end a moment after it
    assert turn
    assert turn.lock  # nobody was taken for hung
    with store.alone(turn):
        pass
    store.close()


@pytest.mark.both_databases
def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    """Bytes that we hold are not kept again."""
    store = open_store(database_url(tmp_path))
    with store.transaction() as session:
        first = record_kept(session, [Mail(raw=b"mail")], NOW)
        again = record_kept(session, [Mail(raw=b"mail")], NOW)
        counts = count_kept(session)
    store.close()

    assert first == [(1, True)]
    assert again == [(1, False)]
    assert counts[KeptState.UNREAD] == 1


@pytest.mark.both_databases
def test_instants_keep_their_moment(tmp_path: Path) -> None:
    """An offset is not lost on the way; a naive time is refused."""
    store = open_store(database_url(tmp_path))
    eastern = NOW.astimezone(timezone(timedelta(hours=-5)))
    with store.transaction() as session:
        record_kept(session, [Mail(raw=b"mail", internal_date=eastern)], NOW)
        assert session.scalars(select(KeptRow.internal_date)).one() == NOW
    with pytest.raises(Exception, match="has no offset"), store.transaction() as session:
        record_kept(session, [Mail(raw=b"x")], NOW.replace(tzinfo=None))
    store.close()


@pytest.mark.both_databases
def test_a_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    """All of it or nothing."""
    store = open_store(database_url(tmp_path))
    with contextlib.suppress(RuntimeError), store.transaction() as session:
        record_kept(session, [Mail(raw=b"mail")], NOW)
        raise RuntimeError
    with store.transaction() as session:
        counts = count_kept(session)
    store.close()

    assert sum(counts.values()) == 0


@pytest.mark.one_database("the disk is the server's")
def test_commits_are_on_the_disk(tmp_path: Path) -> None:
    """The pragmas that make a commit survive a power cut are set (promises.md P24)."""
    store = open_store(f"sqlite:///{tmp_path}/p.db")
    with store.transaction() as session:
        asked = {
            name: session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("synchronous", "journal_mode", "foreign_keys")
        }
    store.close()

    assert asked == {"synchronous": 2, "journal_mode": "wal", "foreign_keys": 1}
    assert sqlite3.connect(tmp_path / "p.db").execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.both_databases
def test_a_letter_is_claimed_once_and_its_loss_is_noticed(tmp_path: Path) -> None:
    """A claim holds; a letter that its process died with goes out once more, then is unknown."""
    store = open_store(database_url(tmp_path))
    with store.transaction() as session:
        assert record_letter(session, "k", LETTER, now=NOW, expires_at=NOW + timedelta(days=1)) == 1
        assert record_letter(session, "k", LETTER, now=NOW, expires_at=NOW + timedelta(days=1)) is None
        (first,) = claim_letters(session, NOW, 9)
        within = claim_letters(session, NOW + timedelta(hours=1), 9)
        release_letters(session, NOW)
        (second,) = claim_letters(session, NOW, 9)
        release_letters(session, NOW)
        third = claim_letters(session, NOW, 9)
        expire_letters(session, NOW)
        counts = count_letters(session)
    store.close()

    assert within == []
    assert second.letter == first.letter
    assert third == []
    assert counts[LetterState.UNKNOWN] == 1


@pytest.mark.both_databases
def test_a_letter_waits_for_its_time_and_expires(tmp_path: Path) -> None:
    """A deferred letter is due at its time, and not after it has expired."""
    store = open_store(database_url(tmp_path))
    with store.transaction() as session:
        record_letter(session, "k", LETTER, now=NOW, expires_at=NOW + timedelta(hours=1))
        (claimed,) = claim_letters(session, NOW, 9)
        later = NOW + timedelta(minutes=5)
        waits = Settled(letter=claimed.id, state=LetterState.READY, fault="451 later", due_at=later)
        settle_letters(session, [waits], now=NOW)
        early = claim_letters(session, later - timedelta(seconds=1), 9)
        (in_time,) = claim_letters(session, later, 9)
        settle_letters(session, [waits], now=later)
        late = claim_letters(session, NOW + timedelta(hours=1), 9)
        expire_letters(session, NOW + timedelta(hours=1))
        counts = count_letters(session)
    store.close()

    assert early == []
    assert in_time.attempts == 2
    assert late == []
    assert counts[LetterState.FAILED] == 1
