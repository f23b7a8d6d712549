"""The jobs on mail that comes: poll, read, and the watch that does both."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from parsers.message import UnreadableMessage
from service import intake, reading, replies
from service.app import App
from service.backoff import Backoff
from service.errors import MailboxError, SandboxError, StoreError
from service.kept_rows import KeptState, find_kept, list_unread, settle_kept
from service.ledgers import catch_up
from service.message_rows import find_identity, record_message
from service.refiling import refile

TRIES = 3  # connections through which a listed message is asked for, before it is called unfetchable
IDLE_SECONDS = 300  # a poll every five minutes, IDLE or not
READ_BATCH = 500

log = structlog.get_logger()


def poll(app: App) -> int:
    """
    One pass over the inbox, kept but not yet read; give how many messages are new.

    Raises MailboxError; what was kept by then stays.
    """
    if app.imap is None:
        return 0
    new = 0
    for attempt in range(1, TRIES + 1):
        with app.connect(app.imap) as inbox:
            taken = intake.take_in(app.store, inbox, app.now(), give_up=attempt == TRIES)
        new += taken.new
        if not taken.missing:
            break
        log.warning("listed but not given", uids=taken.missing[:20], attempt=attempt)
    log.info("polled", new=new)
    return new


def read(app: App, each: Callable[[], None] = lambda: None, stop: Callable[[], bool] = lambda: False) -> int:
    """
    Read all kept mail that has not been read, each in its own transaction; give how many. What was read
    before is filed again first, where the clients of the configuration have changed.

    `each` is called after each of them; before each `stop` is asked whether to go on another time.

    Mail that cannot be read goes into quarantine with its fault, and what comes behind it goes on.
    """
    refile(app)
    with app.store.transaction() as session:
        catch_up(session, app.office)
    count = 0
    while True:
        with app.store.transaction() as session:
            unread = list_unread(session, READ_BATCH)
        if not unread:
            return count
        for kept in unread:
            if stop():
                return count
            _read_one(app, kept)
            each()
            count += 1


def _read_one(app: App, number: int) -> None:
    try:
        with app.store.transaction() as session:
            kept = find_kept(session, number)
        anatomy = app.sandbox.anatomy_of(kept.raw)
        message = anatomy.message
        with app.store.transaction() as session:
            # First, since what people said is tied to the raw mail, and found by what it is read as.
            settle_kept(session, number, KeptState.READ, identity=message.identity)
            if find_identity(session, message.identity):
                reading.read_copy(session, anatomy, kept, app.office)
            elif digest := replies.find_answered(session, message, app.office):
                record = reading.record_of(anatomy, kept, app.office)
                record_message(session, record)
                replies.obey(
                    session,
                    anatomy,
                    record=record,
                    kept=kept,
                    digest=digest,
                    office=app.office,
                    token_of=app.token_of,
                    now=app.now(),
                )
            else:
                reading.read(session, anatomy, kept, app.office)
    except (SandboxError, StoreError):
        raise  # no mail's fault: all of them wait
    except Exception as fault:  # noqa: BLE001 -- whatever a mail breaks, those behind it go on
        words = str(fault) if isinstance(fault, UnreadableMessage) else f"{type(fault).__name__}: {fault}"
        log.warning("quarantined", kept=number, fault=words)
        with app.store.transaction() as session:
            settle_kept(session, number, KeptState.QUARANTINED, fault=words)


def watch(app: App, stop: threading.Event, ready: threading.Event) -> None:
    """
    Keep and read mail as it comes, until stopped; `ready` is set after the first try.

    One session stays open and waits in IDLE, with a full pass at least every IDLE_SECONDS; a session
    that breaks is made anew after a pause that grows.
    """
    backoff = Backoff()
    misses = 0
    while not stop.is_set():
        try:
            read(app, stop=stop.is_set)  # what an earlier stop left unread
            if app.imap is None:
                ready.set()
                stop.wait()
                return
            with app.connect(app.imap) as inbox:
                while not stop.is_set():
                    taken = intake.take_in(app.store, inbox, app.now(), give_up=misses >= TRIES - 1)
                    read(app, stop=stop.is_set)
                    ready.set()
                    backoff.reset()
                    misses = misses + 1 if taken.missing else 0
                    if taken.missing:
                        break  # to ask again through another connection
                    inbox.wait(IDLE_SECONDS, stop)
        except (MailboxError, StoreError) as error:
            pause = backoff.after(error)
            log.warning("inbox away", reason=str(error), retry_seconds=pause)
            ready.set()
            stop.wait(pause)
