"""A database in an SQLite file, or in memory."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from service.connections import close_to_others, engine_of, fault_of, make_file
from service.errors import Fault, StoreError


@dataclass(frozen=True, slots=True)
class SqliteFile:
    """
    An SQLite database.

    The lock is the operating system's on a file beside it, and says at once when its holder is no more.
    """

    path: Path | None  # None: in memory, which nobody else has

    @classmethod
    def of(cls, url: str) -> SqliteFile:
        """That of an SQLAlchemy URL."""
        path = make_url(url).database
        return cls(Path(path) if path and path != ":memory:" else None)

    def __str__(self) -> str:
        """Its path, for messages."""
        return str(self.path)

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What SQLAlchemy and sqlite3 raise."""
        return DBAPIError, sqlite3.Error

    @property
    def is_shared(self) -> bool:
        """Whether another process can have it, too."""
        return self.path is not None

    def engine(self, *, writes: bool) -> Engine:
        """
        One connection, since SQLite before 3.51.3 can lose commits when two of them write in WAL mode
        (sqlite.org/wal.html#walresetbug); one that does not write has no journal to write to, either.
        """
        return engine_of(self.path, writes=writes)

    def make(self) -> None:
        """Have the file there, open to its owner alone."""
        if self.path:
            make_file(self.path)

    def close_to_others(self) -> None:
        """Take its files from everybody but their owner."""
        if self.path:
            close_to_others(self.path)

    def found(self) -> tuple[int, int] | None:
        """Which file bears the name now."""
        if self.path is None:
            return None
        try:
            found = self.path.stat()
        except OSError as error:
            raise StoreError(
                f"The database {self.path} is gone: {error.strerror}.",
                hint="Put it back, or its disk; practiq goes on by itself.",
            ) from error
        return found.st_dev, found.st_ino

    def lock(self, of: str = "") -> sqlite3.Connection | None:
        """The lock on a file beside it; None where another process has it."""
        return _lock(self._lock_file(of))

    def wrest(self) -> sqlite3.Connection | None:
        """Put a file of ours in place of the one that a hung process has locked: whoever comes finds ours."""
        ours = self._lock_file().with_suffix(f".lock.{os.getpid()}")
        ours.unlink(missing_ok=True)
        if lock := _lock(ours):
            ours.replace(self._lock_file())
        return lock

    def fault_of(self, error: Exception) -> Fault | None:
        """What an error means, by SQLite's result code."""
        return fault_of(error, self.path)

    def compact(self, engine: Engine) -> None:
        """Rid the file of what was deleted, its write-ahead log and its free pages included."""
        with closing(engine.raw_connection()) as connection:
            for statement in (
                "PRAGMA wal_checkpoint(TRUNCATE)",
                "VACUUM",
                "PRAGMA wal_checkpoint(TRUNCATE)",
            ):
                connection.cursor().execute(statement).fetchall()

    def free_bytes(self) -> int | None:
        """How much room its disk has; None where it is in memory, or the disk away."""
        try:
            return shutil.disk_usage(self.path.absolute().parent).free if self.path else None
        except OSError:
            return None

    def _lock_file(self, of: str = "") -> Path:
        assert self.path  # what is in memory is nobody else's
        return self.path.with_name(f"{self.path.name}{of and f'.{of}'}.lock")


def _lock(file: Path) -> sqlite3.Connection | None:
    """The operating system's lock on this file, which dies with its process; None where another one has it."""
    make_file(file)
    close_to_others(file)
    lock = sqlite3.connect(file, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        lock.execute("PRAGMA journal_mode=MEMORY")  # nothing is written, so no file is needed to undo it
        before = file.stat()
        lock.execute("BEGIN EXCLUSIVE")
        if os.path.samestat(before, file.stat()):  # else another one has put its own in place
            return lock
    except (sqlite3.Error, OSError) as error:
        if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY:
            lock.close()
            raise StoreError(
                f"The lock {file} cannot be had: {error}.",
                hint="Check that practiq may write to that file and its folder.",
            ) from error
    lock.close()
    return None
