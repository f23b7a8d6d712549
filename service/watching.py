"""The jobs on mail that comes: poll, read, and the watch that does both."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import structlog

from parsers.message import UnreadableMessage
from service import intake, reading, replies
from service.answered import find_answered
from service.app import App
from service.backoff import Backoff
from service.command_rows import was_obeyed
from service.errors import MailboxError, PractiqError, SandboxError, StoreError, where_of
from service.kept_rows import KeptState, find_kept, list_unread, settle_kept
from service.ledgers import catch_up
from service.message_rows import find_identity, record_message
from service.quarantine import retry_quarantined
from service.refiling import refile
from service.retention import tidy
from service.trouble_rows import Place, clear_trouble, record_trouble

MOST_SESSIONS = 6  # of one poll: to find the message that breaks the line, and to do without it
IDLE_SECONDS = 25  # with the 15 s that its end may take, a line that died is noticed within a minute
LEAST_PAUSE = 1.0  # between two passes: a server that talks without end does not keep us busy
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
    misses = intake.Misses()
    for last in (*[False] * (MOST_SESSIONS - 1), True):
        try:
            with app.connect(app.imap) as inbox:
                taken = intake.take_in(app.store, inbox, app.now(), misses, app.door)
        except MailboxError as error:
            _in_trouble(app, error, pause=None)
            if last or not misses.may_get_further:
                raise
            continue
        new += taken.new
        if not taken.missing:
            break
        log.warning("listed but not given", uids=taken.missing[:20])
    _well(app)
    log.info("polled", new=new)
    return new


def read(app: App, each: Callable[[], None] = lambda: None, stop: Callable[[], bool] = lambda: False) -> int:
    """
    Read all kept mail that has not been read, each in its own transaction; give how many. What was read
    before is filed again first, where the clients of the configuration have changed.

    `each` is called after each of them; before each `stop` is asked whether to go on another time.

    Mail that cannot be read goes into quarantine with its fault, and what comes behind it goes on.
    """
    retry_quarantined(app)
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
            is_copy = find_identity(session, message.identity)
            answered = find_answered(session, message, app.office)
            if answered and not (is_copy and was_obeyed(session, message.identity)):
                record = reading.record_of(anatomy, kept, app.office)
                if not is_copy:
                    record_message(session, record)
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
            elif is_copy:
                reading.read_copy(session, anatomy, kept, app.office)
            else:
                reading.read(session, anatomy, kept, app.office)
    except (SandboxError, StoreError):
        raise  # no mail's fault: all of them wait
    except Exception as fault:  # noqa: BLE001 -- whatever a mail breaks, those behind it go on
        is_ours = isinstance(fault, UnreadableMessage)  # the words of others may be the mail's
        words = str(fault) if is_ours else "{fault} at {at}".format_map(where_of(fault))
        log.warning("quarantined", kept=number, fault=words)
        with app.store.transaction() as session:
            settle_kept(session, number, KeptState.QUARANTINED, fault=words)


def watch(app: App, stop: threading.Event, ready: threading.Event) -> None:
    """
    Keep and read mail as it comes, until stopped; `ready` is set after the first try.

    One session stays open and waits in IDLE, with a pass at least every IDLE_SECONDS; a session
    that breaks is made anew after a pause (promises.md P5).
    """
    backoff = Backoff(app.chance)
    misses = intake.Misses()
    while not stop.is_set():
        try:
            read(app, stop=stop.is_set)  # what an earlier stop left unread
            if app.imap is None:
                ready.set()
                stop.wait()
                return
            with app.connect(app.imap) as inbox:
                began = time.monotonic()
                while not stop.is_set():
                    taken = intake.take_in(app.store, inbox, app.now(), misses, app.door)
                    read(app, stop=stop.is_set)
                    tidy(app)
                    ready.set()
                    if taken.missing:
                        raise _not_given(taken)  # to ask again through another connection
                    _well(app)
                    backoff.worked(time.monotonic() - began)
                    inbox.wait(IDLE_SECONDS, stop)
                    stop.wait(LEAST_PAUSE)
        except (MailboxError, StoreError) as error:
            pause = backoff.after(error)
            log.warning("inbox away", reason=str(error), retry_seconds=round(pause, 1))
            _in_trouble(app, error, pause=pause)
            ready.set()
            stop.wait(pause)


def _not_given(taken: intake.Taken) -> MailboxError:
    some = ", ".join(map(str, taken.missing[:10]))
    return MailboxError(
        f"The IMAP server lists messages that it does not give: UID {some}.",
        hint="We ask again by ourselves, and go on without them after three connections.",
    )


def _in_trouble(app: App, error: PractiqError, *, pause: float | None) -> None:
    """Have `status` say what is wrong, where that can be written."""
    now = app.now()
    with contextlib.suppress(StoreError), app.store.transaction() as session:
        record_trouble(
            session,
            Place.IMAP if isinstance(error, MailboxError) else Place.DATABASE,
            str(error).partition("\n")[0],
            now=now,
            retry_at=None if pause is None else now + timedelta(seconds=pause),
        )


def _well(app: App) -> None:
    with app.store.transaction() as session:
        for place in (Place.IMAP, Place.DATABASE):
            clear_trouble(session, place)
