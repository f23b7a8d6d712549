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

from service.migrations import HEAD
from service.store import open_store
from tests.databases import make_database
from tests.processes import ROOT

pytestmark = pytest.mark.promise("P25")

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
