"""The jobs on mail that comes: poll, and the watch that polls and reads."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from service import backlog, intake
from service.app import App
from service.backoff import Backoff
from service.bars import MANY, bar
from service.errors import MailboxError, PractiqError, StoreError
from service.kept_rows import count_unread
from service.logs import Log
from service.retention import tidy
from service.trouble_rows import Place, clear_trouble, record_trouble

MOST_SESSIONS = 6  # of one poll: to find the message that breaks the line, and to do without it
IDLE_SECONDS = 25  # with the 15 s that its end may take, a line that died is noticed within a minute
LEAST_PAUSE = 1.0  # from one pass to the next: a server that talks without end does not keep us busy

log = Log(__name__)


def poll(app: App, each: Callable[[], None] = lambda: None) -> int:
    """
    One pass over the inbox; give how many messages are new.

    They are kept, and not yet read, but for those that were read while more was fetched: `each` is called for
    each of them. Raises MailboxError; what was kept by then stays.
    """
    if app.imap is None:
        return 0
    new = 0
    misses = intake.Misses()
    for last in (*[False] * (MOST_SESSIONS - 1), True):
        try:
            with app.connect(app.imap) as inbox:
                beside = partial(backlog.read_beside, app, each=each)
                taken = intake.take_in(app.store, inbox, app.now(), misses, app.door, beside)
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
    (log.info if new else log.debug)("polled", new=new)
    return new


def read(app: App, stop: Callable[[], bool] = lambda: False, *, least: int = MANY) -> int:
    """Read all kept mail that has not been read, with a bar on a terminal where it is that much; give how many."""
    with app.store.transaction() as session:
        unread = count_unread(session)
    with bar("Reading", unread, least=least) as advance:
        return backlog.read(app, advance, stop)


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
            read(app, stop.is_set)  # what an earlier stop left unread
            if app.imap is None:
                ready.set()
                stop.wait(IDLE_SECONDS)  # clients may change all the same
                continue
            with app.connect(app.imap) as inbox:
                began = time.monotonic()
                beside = partial(backlog.read_beside, app, stop.is_set)
                while not stop.is_set():
                    looked = time.monotonic()
                    taken = intake.take_in(app.store, inbox, app.now(), misses, app.door, beside)
                    app.measures.polled(time.monotonic() - looked)
                    read(app, stop.is_set)
                    tidy(app)
                    ready.set()
                    if taken.missing:
                        raise _not_given(taken)  # to ask again through another connection
                    _well(app)
                    backoff.worked(time.monotonic() - began)
                    if not taken.new:  # else look once more: what came meanwhile may have been told already
                        inbox.wait(IDLE_SECONDS, stop)
                        stop.wait(max(0.0, looked + LEAST_PAUSE - time.monotonic()))
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
