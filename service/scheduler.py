"""The service, running until it is told to stop. Alone knows APScheduler."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from service import jobs, watching
from service.app import App
from service.errors import Fenced, PractiqError, StoreError, where_of
from service.lease import Turn
from service.logs import Log
from service.notify import Notifier
from service.store import Store

TICK_SECONDS = 5
BEAT_SECONDS = 5  # the store beats at every second of them
GRACE_SECONDS = 6.0  # after which a stop cuts short what is not done
AGAIN_SECONDS = 10.0  # after a fault that nobody foresaw, or where the database cannot be had

log = Log(__name__)


class _Wish(threading.Event):
    """A stop that is waited for by whoever stands by, or for the database: with each look they show that they live."""

    def __init__(self, systemd: Notifier) -> None:
        super().__init__()
        self._systemd = systemd

    def wait(self, timeout: float | None = None) -> bool:
        self._systemd.ready("Waiting for its turn on the database")
        self._systemd.alive()
        return super().wait(timeout)


class Stop:
    """A wish that the service ends, which its threads and its loop both see."""

    def __init__(self) -> None:
        self.systemd = Notifier(os.environ)
        self.thread = _Wish(self.systemd)
        self.loop = asyncio.Event()

    def ask(self, number: int) -> None:
        """Note the wish; the second time leave at once."""
        if self.thread.is_set():
            _leave(128 + number)
        log.info("stopping", signal=signal.Signals(number).name)
        self.systemd.stopping()
        self.thread.set()
        self.loop.set()


async def run(app: App) -> None:
    """
    Read mail as it comes, send what is due, obey replies; return after SIGTERM or SIGINT.

    While another process does so it stands by. What a stop finds in the middle has GRACE_SECONDS to
    end; then it is cut short, which is no worse than a crash: what is not committed is undone.
    """
    stop = Stop()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.ask, one)
    service = asyncio.create_task(_serve(app, stop))
    wish = asyncio.create_task(stop.loop.wait())
    await asyncio.wait({service, wish}, return_when=asyncio.FIRST_COMPLETED)
    wish.cancel()
    _, late = await asyncio.wait({service}, timeout=GRACE_SECONDS)
    if late:
        log.warning("cut short", seconds=GRACE_SECONDS)
        app.sandbox.kill()
        _leave(0)
    service.result()
    log.info("stopped")


def _leave(status: int) -> None:
    """End the process, whatever its threads are waiting for."""
    sys.stderr.flush()
    os._exit(status)


async def _serve(app: App, stop: Stop) -> None:
    """Stand by, be at work, and stand by again where another one has taken over; until stopped."""
    told: str | None = None
    while not stop.thread.is_set():
        try:
            turn = await asyncio.to_thread(app.store.stand_by, stop.thread)
            if turn is None:
                return
            async with _alone(app.store, turn):
                told = None
                with _metrics(app):
                    await _Shift(app, stop.systemd).work(stop)
        except StoreError as error:
            if told != (words := str(error)):  # once, not at every try
                log.warning("not at work", reason=words)
            told = words
            await asyncio.to_thread(stop.thread.wait, AGAIN_SECONDS)


@contextlib.asynccontextmanager
async def _alone(store: Store, turn: Turn) -> AsyncIterator[None]:
    """`Store.alone`, which may wait for the disk or another program, and the loop does not."""
    alone = contextlib.ExitStack()
    try:
        await asyncio.to_thread(alone.enter_context, store.alone(turn, beats=False))
        yield
    finally:
        await asyncio.to_thread(alone.close)


def _metrics(app: App) -> AbstractContextManager[None]:
    if app.metrics_port is None:
        return contextlib.nullcontext()
    from service.metrics import serving

    return serving(app, app.metrics_port)


class _Shift:
    """
    A time at work.

    The scheduler only ticks: whose digest is due is our own question to the database, so that a
    stop, a suspended machine or a changed clock neither drops a digest nor repeats one.
    """

    def __init__(self, app: App, systemd: Notifier) -> None:
        self._app = app
        self._systemd = systemd
        self._halt = threading.Event()
        self._ready = threading.Event()  # the mail of the night is in, or the server was asked in vain
        self._sending = asyncio.Lock()
        self._fenced: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._told: str | None = None

    async def work(self, stop: Stop) -> None:
        """Be at work until stopped; raises Fenced where another process has taken over."""
        scheduler = AsyncIOScheduler()
        for job, seconds in ((self._tick, TICK_SECONDS), (self._beat, BEAT_SECONDS)):
            scheduler.add_job(
                job, "interval", seconds=seconds, misfire_grace_time=None, coalesce=True, max_instances=1
            )
        scheduler.start()
        watching_mail = asyncio.create_task(self._watch())
        office = self._app.office
        log.info("running", managers=len(office.managers), workspaces=len(office.workspaces.all))
        self._systemd.ready("At work")
        wish = asyncio.create_task(stop.loop.wait())
        over: list[asyncio.Future[Any]] = [wish, self._fenced, watching_mail]
        await asyncio.wait(over, return_when=asyncio.FIRST_COMPLETED)
        wish.cancel()
        scheduler.pause()
        self._halt.set()
        await watching_mail
        async with self._sending:  # a letter that is on the wire is settled
            scheduler.shutdown(wait=False)
        if self._fenced.done():
            self._fenced.result()

    async def _tick(self) -> None:
        async with self._sending:
            try:
                if self._ready.is_set():
                    await asyncio.to_thread(jobs.digests, self._app)
                await jobs.deliver(self._app, self._halt.is_set)
                self._told = None
            except Fenced as error:
                self._end(error)
            except PractiqError as error:
                if self._told != (words := str(error)):  # once, not at every tick
                    log.warning("not sent", reason=words)
                self._told = words
            except Exception as fault:  # noqa: BLE001 -- whatever it is, the next tick comes
                log.error("tick failed", **where_of(fault))

    async def _beat(self) -> None:
        """
        Show that we live: to who stands by, in the database; to systemd, by having come back from there.

        It takes the scheduler, its loop, a thread and the database's turn; a database that is away is no hang.
        """
        try:
            await asyncio.to_thread(self._app.store.beat)
        except Fenced as error:
            self._end(error)
        except StoreError as error:
            log.debug("no beat", reason=str(error))  # what fails here fails at the tick, which says so
        self._systemd.alive()

    async def _watch(self) -> None:
        while not self._halt.is_set():
            try:
                await asyncio.to_thread(watching.watch, self._app, self._halt, self._ready)
            except Exception as fault:  # noqa: BLE001 -- whatever it is, mail is read again
                log.error("watch failed", retry_seconds=AGAIN_SECONDS, **where_of(fault))
                await asyncio.to_thread(self._halt.wait, AGAIN_SECONDS)

    def _end(self, error: Fenced) -> None:
        if not self._fenced.done():
            self._fenced.set_exception(error)
