"""Whose turn it is to work on a database (promises.md P11)."""

from __future__ import annotations

import os
import socket
import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from service.connections import close_to_others, make_file
from service.errors import AtWork, StoreError
from service.lease_rows import Lease, find_lease, take_lease
from service.logs import Log

if TYPE_CHECKING:
    from service.store import Store

BEAT_SECONDS = 10.0  # how often a holder shows that it lives
LOOK_SECONDS = 1.0
SILENT_LOOKS = 60  # looks without a beat between them, after which its holder is taken for hung

log = Log(__name__)


@dataclass(slots=True)
class Turn:
    """
    Leave to work on a database.

    The operating system's lock on a file beside the database says at once when its holder is no
    more. What keeps a holder off that only seemed to be no more is the epoch in the database, which
    each transaction checks.
    """

    path: Path
    lock: sqlite3.Connection | None
    silent: Lease | None = None  # of whoever has the lock and is taken for hung

    def begin(self, session: Session) -> int:
        """Take the lease; give its epoch. AtWork where the silent one has shown that it lives."""
        if self.lock is None:
            if find_lease(session) != self.silent:
                raise at_work(self.path)
            # In place of the file that the silent one has locked: whoever comes finds ours.
            ours = self.path.with_name(f"{self.path.name}.lock.{os.getpid()}")
            ours.unlink(missing_ok=True)
            if (lock := _lock(ours)) is None:
                raise at_work(self.path)
            self.lock = lock
            ours.replace(_lock_file(self.path))
        return take_lease(session, f"process {os.getpid()} on {socket.gethostname()}")

    def close(self) -> None:
        """Let the next one have it."""
        if self.lock is not None:
            self.lock.close()


def take_turn(path: Path) -> Turn:
    """The turn on this database, if nobody has it; else AtWork."""
    lock = _lock(_lock_file(path))
    if lock is None:
        raise at_work(path)
    return Turn(path, lock)


def stand_by(store: Store, path: Path, stop: threading.Event) -> Turn | None:
    """
    Wait for the turn on this database; None once `stop` is set.

    It is there at once where its holder is no more, and after SILENT_LOOKS where that one does not
    beat any more. No clock decides: a machine that slept has not looked.
    """
    seen: Lease | None = None
    looks = 0
    told = False
    while not stop.is_set():
        try:
            turn = take_turn(path)
        except AtWork:
            pass
        else:
            if told:
                log.info("taking over", holder=seen.holder if seen else None)
            return turn
        lease = _look(store)
        if not told:
            log.info("standing by", holder=lease.holder if lease else None)
            told = True
        looks = looks + 1 if lease and lease == seen else 0
        seen = lease or seen
        if looks >= SILENT_LOOKS:
            log.warning("taking over from one that is silent", holder=lease.holder if lease else None)
            return Turn(path, None, silent=lease)
        stop.wait(LOOK_SECONDS)
    return None


def _look(store: Store) -> Lease | None:
    try:
        with store.transaction() as session:
            return find_lease(session)
    except StoreError:
        return None  # who cannot look cannot say that nothing happened


def _lock_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


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


def at_work(path: Path | None) -> AtWork:
    """That another one has the turn on this database."""
    return AtWork(
        f"Another practiq is at work on {path}.",
        hint="Let it do the work, or stop it first (`practiq run` reads and sends by itself).",
    )
