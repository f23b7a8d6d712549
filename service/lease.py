"""Whose turn it is to work on a database (promises.md P11)."""

from __future__ import annotations

import os
import socket
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from service.errors import AtWork, StoreError
from service.lease_rows import Lease, find_lease, take_lease
from service.logs import Log

if TYPE_CHECKING:
    from service.places import Lock, Place
    from service.store import Store

BEAT_SECONDS = 10.0  # how often a holder shows that it lives
LOOK_SECONDS = 1.0
SILENT_LOOKS = 60  # looks without a beat between them, after which its holder is taken for hung

log = Log(__name__)


@dataclass(slots=True)
class Turn:
    """
    Leave to work on a database.

    The lock says at once when its holder is no more. What keeps a holder off that only seemed to be
    no more is the epoch in the database, which each transaction checks.
    """

    place: Place
    lock: Lock | None
    silent: Lease | None = None  # of whoever has the lock and is taken for hung

    def begin(self, session: Session) -> int:
        """Take the lease; give its epoch. AtWork where the silent one has shown that it lives."""
        if self.lock is None:
            if find_lease(session) != self.silent:
                raise at_work(self.place)
            if (lock := self.place.wrest()) is None:
                raise at_work(self.place)
            self.lock = lock
        return take_lease(session, f"process {os.getpid()} on {socket.gethostname()}")

    def close(self) -> None:
        """Let the next one have it."""
        if self.lock is not None:
            self.lock.close()


def take_turn(place: Place) -> Turn:
    """The turn on this database, if nobody has it; else AtWork."""
    lock = place.lock()
    if lock is None:
        raise at_work(place)
    return Turn(place, lock)


def stand_by(store: Store, place: Place, stop: threading.Event) -> Turn | None:
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
            turn = take_turn(place)
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
            return Turn(place, None, silent=lease)
        stop.wait(LOOK_SECONDS)
    return None


def _look(store: Store) -> Lease | None:
    try:
        with store.transaction() as session:
            return find_lease(session)
    except StoreError:
        return None  # who cannot look cannot say that nothing happened


def at_work(place: Place) -> AtWork:
    """That another one has the turn on this database."""
    return AtWork(
        f"Another practiq is at work on {place}.",
        hint="Let it do the work, or stop it first (`practiq run` reads and sends by itself).",
    )
