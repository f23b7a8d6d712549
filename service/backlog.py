"""Kept mail that has not been read, read: in batches, the next one taken apart while the last one is stored."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version

from sqlalchemy.orm import Session

from parsers.anatomy import Anatomy
from parsers.unreadable import UnreadableMessage
from service import reading, replies
from service.answered import Answered, find_answered
from service.app import App
from service.command_rows import was_obeyed
from service.errors import SandboxError, StoreError, where_of
from service.kept_rows import (
    Kept,
    KeptState,
    list_kept_by_id,
    list_unread,
    settle_kept,
    settle_read,
    unread_quarantined,
)
from service.ledgers import catch_up
from service.logs import Log
from service.message_rows import find_identities, record_messages
from service.packing import Packed
from service.refiling import refile
from service.store import find_setting, record_setting

LISTED = 2_000
BATCH = 100  # mails a transaction: what a crash, or a mail that breaks it, has read again
STOP_SECONDS = 0.2  # how soon a stop is noticed
IN_ONE_GO = 10  # mails that a process takes apart before it answers
BATCH_BYTES = 4_000_000  # as kept; two batches are in memory

_READ_BY = "read_by"  # the setting that says by which version quarantined mail was tried last

log = Log(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Apart:
    """A kept mail, without its bytes, and what taking it apart comes to."""

    kept: Kept
    made: Future[list[Anatomy | UnreadableMessage]]  # of some mails that were taken apart in one go
    nth: int  # of them

    def anatomy(self) -> Anatomy:
        """What it came to; UnreadableMessage where that is nothing."""
        found = self.made.result()[self.nth]
        if isinstance(found, UnreadableMessage):
            raise found
        return found


def read(app: App, each: Callable[[], None] = lambda: None, stop: Callable[[], bool] = lambda: False) -> int:
    """
    Read all kept mail that has not been read, some in each transaction; give how many. What was read
    before is filed again first, where the clients have changed.

    `each` is called after each of them; before each batch `stop` is asked whether to go on another time.

    Mail that cannot be read goes into quarantine with its fault, and what comes behind it goes on.
    """
    _retry_quarantined(app)
    refile(app)
    with app.store.transaction() as session:
        catch_up(session, app.office)
    count = 0
    before = -1
    while before < count and not stop():
        before = count
        for batch in _taken_apart(app):
            if not _are_made(batch, stop):
                break
            _read_batch(app, batch)
            count += len(batch)
            for _ in batch:
                each()
    return count


@contextmanager
def read_beside(
    app: App, stop: Callable[[], bool] = lambda: False, each: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """
    Have mail read while more of it is kept, as `read` does; what has not been read at the end is left to it.

    So is what stops the reading: it stops `read` as well, which says so.
    """
    over = threading.Event()

    def read_on() -> None:
        while not over.is_set():
            if not read(app, each, lambda: over.is_set() or stop()):
                over.wait(STOP_SECONDS)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(read_on)
        try:
            yield
        finally:
            over.set()


def _retry_quarantined(app: App) -> None:
    """Have all quarantined mail read again where this is another version of practiq than the one that failed."""
    ours = version("practiq")
    with app.store.transaction() as session:
        if find_setting(session, _READ_BY) != ours:
            unread_quarantined(session)
            record_setting(session, _READ_BY, ours)


def _taken_apart(app: App) -> Iterator[list[_Apart]]:
    """What has not been read, in batches, always one more on its way."""
    ahead: deque[list[_Apart]] = deque()
    pool = ThreadPoolExecutor(app.sandbox.processes)
    try:
        for numbers in _batches(app):
            with app.store.transaction() as session:
                mails = list_kept_by_id(session, numbers)
            batch: list[_Apart] = []
            for at in range(0, len(mails), IN_ONE_GO):
                some = mails[at : at + IN_ONE_GO]
                made = pool.submit(app.sandbox.anatomies_of, [one.packed for one in some])
                batch += [
                    _Apart(kept=replace(one, packed=Packed()), made=made, nth=nth)
                    for nth, one in enumerate(some)
                ]
            ahead.append(batch)
            if len(ahead) > 1:
                yield ahead.popleft()
        yield from ahead
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _are_made(batch: Sequence[_Apart], stop: Callable[[], bool]) -> bool:
    """
    Wait until these are taken apart; False where `stop` comes first.

    Outside a transaction: a mail that takes its whole time holds up nobody who stores or sends.
    """
    left = {one.made for one in batch}
    while left and not stop():
        left = wait(left, timeout=STOP_SECONDS).not_done
    return not (left or stop())


def _batches(app: App) -> Iterator[list[int]]:
    """The numbers of what has not been read, as it is read in one transaction each; what comes meanwhile as well."""

    def listed(last: int) -> list[tuple[int, int]]:
        with app.store.transaction() as session:
            return list_unread(session, LISTED, above=last)

    last = 0
    while unread := listed(last):
        batch: list[int] = []
        size = 0
        for number, size_bytes in unread:
            if batch and (len(batch) == BATCH or size + size_bytes > BATCH_BYTES):
                yield batch
                batch, size = [], 0
            batch.append(number)
            size += size_bytes
        yield batch
        last = batch[-1]


def _read_batch(app: App, batch: Sequence[_Apart]) -> None:
    """Read these in one transaction; where one of them breaks it, each in its own."""
    try:
        with app.store.transaction() as session:
            _read_in_order(app, session, batch)
    except (SandboxError, StoreError):
        raise  # no mail's fault: all of them wait
    except Exception as fault:  # noqa: BLE001 -- whatever a mail breaks, those behind it go on
        if len(batch) > 1:
            for one in batch:
                _read_batch(app, [one])
            return
        is_ours = isinstance(fault, UnreadableMessage)  # the words of others may be the mail's
        words = str(fault) if is_ours else "{fault} at {at}".format_map(where_of(fault))
        with app.store.transaction() as session:
            _quarantine(session, batch[0].kept.id, words)


def _read_in_order(app: App, session: Session, batch: Sequence[_Apart]) -> None:
    """Read these; what is new between two that depend on what is held, in one go."""
    made: list[tuple[str, Anatomy, Kept]] = []
    for one in batch:
        try:
            anatomy = one.anatomy()
        except UnreadableMessage as fault:
            _quarantine(session, one.kept.id, str(fault))
        else:
            made.append((anatomy.message.identity, anatomy, one.kept))
    held = find_identities(session, [identity for identity, _, _ in made])
    new: dict[str, tuple[Anatomy, Kept]] = {}
    for identity, anatomy, kept in made:
        answered = find_answered(session, anatomy.message, app.office)
        if answered is None and identity not in held:
            new[identity] = (anatomy, kept)
        else:
            _read_new(app, session, new)
            new = {}
            _read_one(app, session, identity, anatomy, kept, answered)
        held.add(identity)
    _read_new(app, session, new)


def _read_new(app: App, session: Session, new: Mapping[str, tuple[Anatomy, Kept]]) -> None:
    if new:
        # First, since what people said is tied to the raw mail, and found by what it is read as.
        settle_read(session, {kept.id: identity for identity, (_, kept) in new.items()})
        reading.read(session, new, app.office)


def _read_one(
    app: App, session: Session, identity: str, anatomy: Anatomy, kept: Kept, answered: Answered | None
) -> None:
    """Read one that answers a letter of ours, or is a copy of what we hold."""
    settle_read(session, {kept.id: identity})
    is_copy = bool(find_identities(session, [identity]))
    if answered and not (is_copy and was_obeyed(session, identity)):
        record = reading.record_of(identity, anatomy, kept, app.office)
        if not is_copy:
            record_messages(session, [record])
        replies.obey(
            session,
            anatomy,
            record=record,
            kept=kept,
            answered=answered,
            is_copy=is_copy,
            office=app.office,
            token_of=app.token_of,
            now=app.now(),
        )
    else:
        reading.read_copy(session, identity, anatomy, kept, app.office)


def _quarantine(session: Session, kept: int, words: str) -> None:
    log.warning("quarantined", kept=kept, fault=words)
    settle_kept(session, kept, KeptState.QUARANTINED, fault=words)
