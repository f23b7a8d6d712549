"""Connections to SQLite, its files, and its faults in words."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from service.errors import Fault, StoreError
from service.logs import Log

BUSY_SECONDS = 30.0  # how long a connection waits for a program that holds the database

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
_OURS = 0o600  # its owner alone reads what clients wrote
_OTHERS = 0o077
_SUFFIXES = ("", "-wal", "-shm")

# What has nothing to do with what we ask, by SQLite's result codes: it passes, or a person mends it.
_CHECK = "Check the disk, and that practiq may write to that file and its folder; it goes on by itself."
_RESTORE = "Put a copy from a backup in its place; what the inbox still holds is read again."
_HINTS = {
    sqlite3.SQLITE_BUSY: "Another program holds it; practiq goes on by itself when that lets go.",
    sqlite3.SQLITE_LOCKED: "Another program holds it; practiq goes on by itself when that lets go.",
    sqlite3.SQLITE_PROTOCOL: "Another program holds it; practiq goes on by itself when that lets go.",
    sqlite3.SQLITE_FULL: "Free some disk space; practiq goes on by itself.",
    sqlite3.SQLITE_READONLY: _CHECK,
    sqlite3.SQLITE_PERM: _CHECK,
    sqlite3.SQLITE_IOERR: _CHECK,
    sqlite3.SQLITE_CANTOPEN: _CHECK,
    sqlite3.SQLITE_CORRUPT: _RESTORE,
    sqlite3.SQLITE_NOTADB: _RESTORE,
}
_UNOPENED = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB}

log = Log(__name__)


def engine_of(path: Path | None, *, writes: bool) -> Engine:
    """
    One connection to the database in this file, made when it is first needed; None: in memory.

    One that does not write cannot: SQLite refuses it, and never checkpoints through it. No connection
    makes a file that is not there. Errors never hold values, which are mail.
    """

    def connect() -> sqlite3.Connection:
        mode = "rw" if writes else "ro"
        name = f"{path.absolute().as_uri()}?mode={mode}" if path else "file::memory:"
        # Transactions begin in our listener, not in the driver: isolation_level=None.
        made = sqlite3.connect(
            name, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            for pragma in _PRAGMAS if writes else ():
                made.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:
            # One left half open deletes, when it is dropped at last, the write-ahead log that bears the
            # name of its own by then: that of a database put in the place of this one, with all that it holds.
            made.close()
            raise
        return made

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool, hide_parameters=True)
    # IMMEDIATE: a read that turns into a write is refused at once where another one writes.
    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def fault_of(error: Exception, path: Path | None) -> Fault | None:
    """
    What an error of the database means to a person.

    None where neither disk nor another program is to blame, but what was asked.
    """
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF  # the rest says more of the same
    if code not in _HINTS:
        return None
    verb = "opened" if code in _UNOPENED else "used"
    found = StoreError(f"The database {path} cannot be {verb}: {cause}.", hint=_HINTS[code])
    return Fault(error=found, passes=code == sqlite3.SQLITE_BUSY)


def make_file(path: Path) -> None:
    """Have this file there, open to its owner alone; StoreError where that cannot be."""
    try:
        # Only if it is not there: to close a file takes away every lock that this process has on it.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, _OURS))
        if os.geteuid() == 0:  # practiq itself may have another user, who is to write it
            of = path.parent.stat()
            os.chown(path, of.st_uid, of.st_gid)
    except FileExistsError:
        return
    except OSError as error:
        raise StoreError(
            f"The database {path} cannot be opened: {error.strerror}.",
            hint="Check that [database] url names a file in a folder that practiq may write to.",
        ) from error


def close_to_others(path: Path) -> None:
    """Take a database's files from everybody but their owner, and say so where that was needed."""
    for suffix in _SUFFIXES:
        file = path.with_name(path.name + suffix)
        try:
            if file.stat().st_mode & _OTHERS:
                file.chmod(_OURS)
                log.warning("file closed to others", file=str(file))
        except FileNotFoundError:
            continue
        except OSError as error:
            log.warning("file open to others", file=str(file), reason=error.strerror)
