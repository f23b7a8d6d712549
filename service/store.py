"""The database and its transactions; the files named `*_rows.py` are its queries."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, create_engine, event, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from service.errors import StoreError
from service.migrations import migrate
from service.models import SettingRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a message lies on the server (RFC 9051 §2.3.1)."""

    mailbox: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail that we send: the same bytes however often it is tried."""

    reverse_path: str  # SMTP's MAIL FROM
    recipient: str  # one address: a refusal hits one person
    message_id: str  # as in the header, with its angle brackets
    content: bytes


class Store:
    """
    One database, written by one process through one connection.

    One connection, since SQLite before 3.51.3 can lose commits when two of them write in WAL mode
    (sqlite.org/wal.html#walresetbug), and since a read that turns into a write is refused at once
    where another one writes.
    """

    def __init__(self, engine: Engine, path: Path | None) -> None:
        self._engine = engine
        self._path = path
        self._turn = threading.RLock()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose changes are committed together at the end, or not at all."""
        with self._turn, Session(self._engine) as session, session.begin():
            yield session

    @contextmanager
    def alone(self) -> Iterator[None]:
        """
        Be the only process at work on this database (promises.md P11).

        The lock is the operating system's, on a file beside the database, so it dies with its
        process. Raises StoreError where another one holds it.
        """
        if self._path is None:
            yield
            return
        lock = sqlite3.connect(f"{self._path}.lock", timeout=0, isolation_level=None, check_same_thread=False)
        try:
            try:
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError as error:
                raise StoreError(
                    f"Another practiq is at work on {self._path}.",
                    hint="Let it do the work, or stop it first (`practiq run` reads and sends by itself).",
                ) from error
            yield
        finally:
            lock.close()

    def close(self) -> None:
        """Let go of the database file."""
        self._engine.dispose()


def open_store(url: str) -> Store:
    """The database of this SQLAlchemy URL, brought to this version; StoreError where it cannot be had."""
    path = make_url(url).database
    engine = create_engine(
        url, poolclass=StaticPool, connect_args={"check_same_thread": False, "timeout": 30}
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as connection:
            migrate(connection)
    except (DatabaseError, OSError) as error:
        engine.dispose()
        reason = error.orig if isinstance(error, DatabaseError) else error
        raise StoreError(
            f"The database {path} cannot be opened: {reason}.",
            hint="Check that [database] url names a file in a folder that practiq may write to.",
        ) from error
    return Store(engine, Path(path) if path and path != ":memory:" else None)


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin in our listener, not in the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def find_setting(session: Session, name: str) -> str | None:
    """What this installation made up for itself under that name; None where it did not yet."""
    return session.scalar(select(SettingRow.value).where(SettingRow.name == name))


def record_setting(session: Session, name: str, value: str) -> None:
    """Keep what this installation made up for itself, in place of what it had under that name."""
    session.merge(SettingRow(name=name, value=value))
