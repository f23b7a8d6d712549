"""The database and its transactions; the files named `*_rows.py` are its queries."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from service.errors import AtWork, Fenced, StoreError
from service.lease import BEAT_SECONDS, Turn, at_work, stand_by, take_turn
from service.lease_rows import beat, is_held
from service.migrations import is_current, migrate
from service.models import SettingRow
from service.places import Place, place_of

_LOOK_SECONDS = 0.1
PATIENCE_LOOKS = 50  # a database is made, or brought to another version, in a moment


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


T = TypeVar("T")


class Store:
    """
    One database, written by one process through one connection.

    Whoever only reads has a connection that cannot write. Every fault of the place or of another
    program is a StoreError, and the next transaction tries anew.
    """

    def __init__(self, place: Place, *, writes: bool) -> None:
        self.place = place
        self._writes = writes
        self._engine = place.engine(writes=writes)
        self._found: Hashable = None  # which database our connection has open
        self._epoch: int | None = None  # of the lease that we hold
        self._beaten = 0.0
        self._turn = threading.RLock()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """
        A session whose changes are committed together at the end, or not at all.

        Raises StoreError where the database cannot be had, Fenced where another process has taken over.
        """
        with self._turn:
            try:
                self._find()
                with Session(self._engine) as session, session.begin():
                    beaten = self._check_lease(session)
                    yield session
            except self.place.errors as error:
                fault = self.place.fault_of(error)
                if fault is None:
                    raise
                if not fault.passes and self.place.is_shared:
                    self._let_go()  # what such a connection still does is anybody's guess
                raise fault.error from error
            if beaten:
                self._beaten = time.monotonic()

    def undisturbed(self) -> AbstractContextManager[bool]:
        """No other thread's transaction comes between ours: what is read in one still holds in the next."""
        return self._turn

    @contextmanager
    def alone(self, turn: Turn | None = None, *, beats: bool = True) -> Iterator[None]:
        """
        Be the only process at work on this database, which is brought to this version (promises.md P11).

        Raises AtWork where another one is; who waited for its `turn` has it. A thread `beats`, to show that it
        is not hung, unless somebody else does.
        """
        if not self.place.is_shared:
            yield
            return
        outside = self._engine
        with closing(turn or take_turn(self.place)) as held:
            if not self._writes:
                self._change_to(self.place.engine(writes=True))
            try:
                self.place.close_to_others()
                with self.transaction() as session:
                    migrate(session.connection())
                    epoch = held.begin(session)
                self._epoch = epoch
                with self._beating() if beats else nullcontext():
                    yield
            finally:
                self._epoch = None
                if not self._writes:
                    self._change_to(outside)

    def stand_by(self, stop: threading.Event) -> Turn | None:
        """Wait until no other process is at work, however long that takes; None once `stop` is set."""
        return stand_by(self, self.place, stop)

    def beat(self) -> None:
        """Show those who stand by that we live, at least every BEAT_SECONDS; Fenced where one has taken over."""
        with self.transaction():
            pass

    def keep_turn(self, session: Session) -> None:
        """Have nobody take over before this session of another connection ends; Fenced where one has already."""
        self._check_lease(session)

    def compact(self) -> None:
        """
        Rid it of what was deleted.

        For who is alone at work. Raises StoreError where the disk has no room for it.
        """
        try:
            with self._turn:
                self.place.compact(self._engine)
        except self.place.errors as error:
            found = self.place.fault_of(error)
            if found is None:
                raise
            raise found.error from error

    def free_bytes(self) -> int | None:
        """How much room the disk of the database has; None where that cannot be told."""
        return self.place.free_bytes()

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def _beating(self) -> Iterator[None]:
        over = threading.Event()

        def beats() -> None:
            while not over.wait(BEAT_SECONDS):
                with suppress(StoreError):  # what is at work meets it as well
                    self.beat()

        thread = threading.Thread(target=beats, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _find(self) -> None:
        """Have the connection to the database that bears the name now: what goes to another one is lost."""
        found = self.place.found()
        if self._found not in (None, found):
            self._let_go()
            if self._epoch is not None:
                raise Fenced(
                    f"The database {self.place} is another file than before.",
                    hint="Nothing more is written to the old one; practiq begins again with the new one.",
                )
        self._found = found

    def _check_lease(self, session: Session) -> bool:
        """Raise Fenced where ours is over; whether we have shown that we live."""
        if self._epoch is None:
            return False
        beating = time.monotonic() - self._beaten >= BEAT_SECONDS
        if not (beat if beating else is_held)(session, self._epoch):
            raise Fenced(
                f"Another practiq has taken over {self.place}.",
                hint="This one stood still for too long; what it was at is done by the other.",
            )
        return beating

    def _change_to(self, engine: Engine) -> None:
        with self._turn:
            if engine is not self._engine:
                self._let_go()
            self._engine = engine

    def _let_go(self) -> None:
        self._engine.dispose()
        self._found = None


def open_store(url: str) -> Store:
    """The database of this SQLAlchemy URL, brought to this version; StoreError where it cannot be had."""
    place = place_of(url)
    place.make()
    place.close_to_others()
    store = Store(place, writes=True)
    try:
        with store.transaction() as session:
            migrate(session.connection())
    except StoreError:
        store.close()
        raise
    return store


def read_store(url: str) -> Store:
    """
    The database of this SQLAlchemy URL to look at; only within `alone()` it is written.

    It is made, or brought to this version, where nobody is at work on it; else StoreError.
    """
    place = place_of(url)
    if not place.is_shared:
        return open_store(url)
    place.make()
    store = Store(place, writes=False)
    try:
        find_or_make(store, lambda session: is_current(session.connection()) or None, lambda _: True)
    except AtWork as error:
        store.close()
        raise StoreError(
            f"The database {place} is of another version, and another practiq is at work on it.",
            hint="Stop that one: this version brings the database to its own when nobody is at work.",
        ) from error
    except StoreError:
        store.close()
        raise
    return store


def find_or_make(store: Store, find: Callable[[Session], T | None], make: Callable[[Session], T]) -> T:
    """
    What is found in the database; else what is made there while nobody else is at work.

    AtWork where another one is at work for longer than it takes to make it.
    """
    for _ in range(PATIENCE_LOOKS):
        with store.transaction() as session:
            if (found := find(session)) is not None:
                return found
        with suppress(AtWork), store.alone(), store.transaction() as session:
            found = find(session)
            return make(session) if found is None else found
        time.sleep(_LOOK_SECONDS)
    raise at_work(store.place)


def find_setting(session: Session, name: str) -> str | None:
    """What this installation made up for itself under that name; None where it did not yet."""
    return session.scalar(select(SettingRow.value).where(SettingRow.name == name))


def record_setting(session: Session, name: str, value: str) -> None:
    """Keep what this installation made up for itself, in place of what it had under that name."""
    session.merge(SettingRow(name=name, value=value))
