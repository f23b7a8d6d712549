"""A database is brought to this version whole, or left as it was."""

from __future__ import annotations

import contextlib
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from service.kept_rows import list_kept_by_id, list_unread
from service.migrations import HEAD
from service.packing import packed
from service.position_rows import list_uids
from service.store import open_store
from tests.databases import make_database
from tests.processes import ROOT

pytestmark = [pytest.mark.promise("P25"), pytest.mark.one_database("PostgreSQL has no older ones")]

KILLED = """
import os, signal, sys
from sqlalchemy import Engine, event
left = int(sys.argv[2])

@event.listens_for(Engine, "after_cursor_execute")
def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

from service.store import read_store
read_store(sys.argv[1])
"""


def version_of(path: Path) -> tuple[str, str]:
    """The version of a database, and what SQLite finds wrong with it."""
    with contextlib.closing(sqlite3.connect(path)) as looked:
        (version,) = looked.execute("SELECT version_num FROM alembic_version").fetchone()
        (words,) = looked.execute("PRAGMA integrity_check").fetchone()
    return version, words


def test_upgrade_that_is_killed_leaves_the_old_version(tmp_path: Path) -> None:
    """kill -9 at one statement after another: all of it or nothing, and the next start does it."""
    old = tmp_path / "old.db"
    make_database(old, "0001")
    versions = []
    for statement in (15, 40, 80, 160):
        path = tmp_path / f"{statement}.db"
        shutil.copy(old, path)
        begun = [sys.executable, "-c", KILLED, f"sqlite:///{path}", str(statement)]
        assert subprocess.run(begun, cwd=ROOT, check=False).returncode == -signal.SIGKILL
        versions.append(version_of(path))
        open_store(f"sqlite:///{path}").close()
        assert version_of(path) == (HEAD, "ok")

    assert versions == [("0001", "ok")] * 4


def test_letters_keep_their_bytes_and_their_digests(tmp_path: Path) -> None:
    """What waits in an outbox of the version before is there to be sent; one that was emptied stays empty."""
    path = tmp_path / "old.db"
    make_database(path, "0009")
    at = "2026-11-20 07:00:00.000000"
    with contextlib.closing(sqlite3.connect(path)) as old, old:
        old.execute("PRAGMA foreign_keys=ON")
        for key, content, state in (("digest:1", b"waits", "ready"), ("digest:2", b"", "sent")):
            old.execute(
                "INSERT INTO letters (key, reverse_path, recipient, message_id, content, state, attempts, "
                "doubts, due_at, expires_at) VALUES (?, 'a@x.example', 'b@x.example', '<1@x>', ?, ?, 0, 0, ?, ?)",
                (key, content, state, at, at),
            )
        old.execute(
            "INSERT INTO digests (token, manager, day, made_at, letter) VALUES ('t', 'b@x.example', ?, ?, 2)",
            (at[:10], at),
        )
    open_store(f"sqlite:///{path}").close()

    assert version_of(path) == (HEAD, "ok")
    with contextlib.closing(sqlite3.connect(path)) as new:
        assert new.execute("SELECT letter, content FROM letter_contents").fetchall() == [(1, b"waits")]
        assert new.execute("SELECT id, state FROM letters").fetchall() == [(1, "ready"), (2, "sent")]
        assert new.execute("SELECT letter FROM digests").fetchall() == [(2,)]
        assert new.execute("PRAGMA foreign_key_check").fetchall() == []


def test_mail_keeps_its_bytes_and_all_that_hangs_on_it(tmp_path: Path) -> None:
    """What the version before kept is there as it was, and where it lies still names it."""
    path = tmp_path / "old.db"
    make_database(path, "0010")
    at = "2026-11-20 07:00:00.000000"
    with contextlib.closing(sqlite3.connect(path)) as old, old:
        old.execute("PRAGMA foreign_keys=ON")
        for sha256, raw, state in (("a" * 64, packed(b"one"), "read"), ("b" * 64, packed(b"two"), "unread")):
            old.execute(
                "INSERT INTO kept (sha256, raw, partial, kept_at, state) VALUES (?, ?, 0, ?, ?)",
                (sha256, raw, at, state),
            )
        old.execute(
            "INSERT INTO positions (mailbox, uidvalidity, uid, kept, tried_at) VALUES ('INBOX', 1, 7, 2, ?)",
            (at,),
        )
    store = open_store(f"sqlite:///{path}")
    with store.transaction() as session:
        assert [(one.sha256[0], one.raw) for one in list_kept_by_id(session, [1, 2])] == [
            ("a", b"one"),
            ("b", b"two"),
        ]
        assert [number for number, _ in list_unread(session, 10)] == [2]
        assert list_uids(session, mailbox="INBOX", uidvalidity=1, above=0).keys() == {7}
    store.close()

    assert version_of(path) == (HEAD, "ok")
    with contextlib.closing(sqlite3.connect(path)) as new:
        assert new.execute("SELECT uid, kept FROM positions").fetchall() == [(7, 2)]
        assert new.execute("PRAGMA foreign_key_check").fetchall() == []
