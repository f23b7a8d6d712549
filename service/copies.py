"""A database's file: looked at, copied, and put in its place. SQLite only."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from service.app import TOKEN_KEY
from service.carried_rows import PRESENT
from service.connections import engine_of, fault_of, make_file
from service.errors import StoreError
from service.migrations import migrate

_SIDE_FILES = ("-wal", "-shm", "-journal")
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR}
_TOKEN_KEY = "SELECT value FROM settings WHERE name = ?"  # noqa: S105 -- where it is, not what # nosec B105


@dataclass(frozen=True, slots=True)
class Found:
    """What a file with a database of practiq's says of itself."""

    version: str
    token_key: str | None  # None: no practiq has worked with it yet
    messages: int
    is_unused: bool


@contextmanager
def connected(path: Path, *, writes: bool = False) -> Iterator[sqlite3.Connection]:
    """A connection of its own to a file that is there; its faults are StoreErrors."""
    engine = engine_of(path, writes=writes)
    try:
        with closing(engine.raw_connection()) as held:
            connection = held.driver_connection
            assert isinstance(connection, sqlite3.Connection)
            yield connection
    except sqlite3.Error as error:
        found = fault_of(error, path)
        if found is None:
            raise
        raise found.error from error
    finally:
        engine.dispose()


def look_at(path: Path) -> Found | None:
    """What a file says of itself; None where it is no database of practiq's. StoreError where it is damaged."""
    if not path.exists():
        raise StoreError(f"There is no file {path}.", hint="Check its name; nothing was changed.")
    try:
        with connected(path) as database:
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
            if not {"alembic_version", "kept", "letters", "settings"} <= tables:
                return None
            (version,) = database.execute("SELECT version_num FROM alembic_version").fetchone()
            key = database.execute(_TOKEN_KEY, (TOKEN_KEY,)).fetchone()
            (messages,) = database.execute("SELECT count(*) FROM kept").fetchone()
            (letters,) = database.execute("SELECT count(*) FROM letters").fetchone()
            erased = "forgotten" in tables and database.execute("SELECT 1 FROM forgotten LIMIT 1").fetchone()
            return Found(version, key[0] if key else None, messages, not (messages or letters or erased))
    except StoreError as error:
        cause = error.__cause__
        if isinstance(cause, sqlite3.Error) and cause.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
            return None
        raise


def is_damage(error: BaseException | None) -> bool:
    """Whether this says that a database cannot be read."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(cause, sqlite3.Error) and cause.sqlite_errorcode & 0xFF in _DAMAGE


def copy_to(source: Path, target: Path) -> None:
    """A copy of a database as it is in one moment, without its free pages, by a connection that only reads."""
    with connected(source) as database:
        database.execute("VACUUM INTO ?", [str(target)])


@contextmanager
def writing(part: Path, *, beside: Path | None = None) -> Iterator[Session]:
    """A transaction on a copy, which is first brought to this version; `beside` is attached as PRESENT, to be read."""
    engine = engine_of(part, writes=True)
    try:
        if beside:
            with closing(engine.raw_connection()) as held:
                name = f"{beside.absolute().as_uri()}?mode=ro"
                held.cursor().execute(f"ATTACH DATABASE ? AS {PRESENT}", [name])
        with Session(engine) as session, session.begin():
            migrate(session.connection())
            yield session
    except (DBAPIError, sqlite3.Error) as error:
        found = fault_of(error, part)
        if found is None:
            raise
        raise found.error from error
    finally:
        engine.dispose()


def make_single(part: Path) -> None:
    """Have all of it in the one file, and nothing in that but what it holds."""
    with connected(part, writes=True) as database:
        for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA journal_mode=DELETE", "VACUUM"):
            database.execute(statement).fetchall()


def check_sound(part: Path) -> Found:
    """What a copy holds; StoreError where it is not sound."""
    with connected(part) as database:
        (said,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    found = look_at(part)
    if said != "ok" or found is None:
        raise StoreError(
            "The copy of the database is not sound, so it was thrown away.",
            hint="Check the disk; an earlier backup is still what it was.",
        )
    return found


@contextmanager
def room_beside(file: Path, what: str = "part") -> Iterator[Path]:
    """An empty file of our own beside another, gone at the end."""
    folder = file.absolute().parent
    if not folder.is_dir():
        raise StoreError(f"There is no folder {folder}.", hint="Make it; nothing was written.")
    made = file.with_name(f"{file.name}.{os.getpid()}.{what}")
    made.unlink(missing_ok=True)
    try:
        make_file(made)
    except StoreError as error:
        raise StoreError(
            f"No file can be made in {folder}: {getattr(error.__cause__, 'strerror', None)}.",
            hint="Let practiq write there; nothing was changed.",
        ) from error
    try:
        yield made
    finally:
        for suffix in ("", *_SIDE_FILES):
            made.with_name(made.name + suffix).unlink(missing_ok=True)


def put_in_place(part: Path, file: Path) -> None:
    """
    Have a file bear its name from now on, also after a power cut; it belongs to whom that name belonged.

    StoreError where the disk does not let it; the name then is what it was.
    """
    with _told(file):
        owner = (file if file.exists() else file.absolute().parent).stat()
        if os.geteuid() == 0:
            os.chown(part, owner.st_uid, owner.st_gid)
        _sync(part)
        part.replace(file)
        _sync(file.absolute().parent)


@contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{file} cannot be put in place: {error.strerror}.",
            hint="Check its disk, and that practiq may write to its folder; what was there is still there.",
        ) from error


def _sync(place: Path) -> None:
    number = os.open(place, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def name_aside(file: Path, now: datetime) -> Path:
    """Under which name a restore keeps what was there beside this file."""
    return file.with_name(f"{file.name}.before-restore-{now:%Y%m%dT%H%M%SZ}")


def set_aside(path: Path, now: datetime) -> Path:
    """
    Give what is there a second name, and have its write-ahead log in it or beside it under that name.

    The log goes before the backup takes the first name: SQLite would take it for the backup's.
    """
    # What is damaged is kept as it is.
    with suppress(StoreError), connected(path, writes=True) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    kept = name_aside(path, now)
    with _told(path):
        os.link(path, kept)
        for suffix in _SIDE_FILES:
            side = path.with_name(path.name + suffix)
            if side.exists():
                side.replace(kept.with_name(kept.name + suffix))
    return kept
