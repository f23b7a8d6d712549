"""Many inboxes on many machines: each pass is a job of a queue in PostgreSQL. Alone knows Procrastinate."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import procrastinate
from procrastinate import exceptions
from procrastinate.jobs import Status

from service import passes
from service.agencies import Agencies
from service.app import App, build
from service.backoff import Backoff
from service.config import Config
from service.errors import MailboxError, PractiqError, where_of
from service.lease import at_work
from service.logs import Log
from service.notify import Notifier
from service.postgres import Postgres
from service.sandbox import Sandbox

PASSES = 8  # at a time, of one worker: most of a pass is waiting for a server
TICK = "* * * * * */15"  # when each inbox is to be looked at again
RESCUE = "* * * * * */10"  # when jobs of workers that are no more are looked for
HEARTBEAT_SECONDS = 5.0
BEAT_SECONDS = 5.0  # after which systemd hears that we live, and the folder is looked at again
DEAD_SECONDS = 20.0  # without a heartbeat
STAND_BY_SECONDS = 90.0  # longer than a silent one is waited for
GRACE_SECONDS = 6.0  # after which a stop cuts short what is not done
AGAIN_SECONDS = 5.0  # where the database cannot be had
JOBS_SCHEMA = "practiq_jobs"
_PASS, _TICK, _RESCUE = "practiq.pass", "practiq.tick", "practiq.rescue"
_SCHEMA_LOCK = "SELECT pg_advisory_lock(hashtextextended('practiq jobs', 0))"

log = Log(__name__)


class Worker:
    """
    One of any number of processes that share the work on these agencies, each by its name.

    A queue gives each inbox's pass to one of them; the turn on the agency's database is what makes
    sure of it: a worker that stood still finds itself fenced, whatever the queue thought.
    """

    def __init__(self, agencies: Agencies, systemd: Notifier) -> None:
        self._agencies = agencies
        self._systemd = systemd
        self._place = self._jobs_place()
        self._sandbox = Sandbox()
        self._rests: dict[str, _Rest] = {}

    async def work(self, stop: asyncio.Event) -> None:
        """Work until stopped; a PostgreSQL that restarts, or is away, is waited for."""
        told = None
        while not stop.is_set():
            try:
                await self._work(stop)
                told = None
            except self._faults() as error:
                words = self._words(error)
                if told != words:  # once, not at every try
                    log.warning("not at work", reason=words)
                told = words
                self._systemd.ready("Waiting for the database")
                self._systemd.alive()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), AGAIN_SECONDS)

    def close(self) -> None:
        """End the processes that read."""
        self._sandbox.close()

    def kill(self) -> None:
        """End them at once."""
        self._sandbox.kill()

    def _jobs_place(self) -> Postgres:
        """Where the queue is: in a schema of its own, in the one database that all agencies have theirs in."""
        return Postgres(self._agencies.address(JOBS_SCHEMA))

    def _faults(self) -> tuple[type[Exception], ...]:
        """What is waited for until it is over."""
        return (PractiqError, exceptions.ConnectorException, *self._place.errors)

    def _words(self, error: BaseException) -> str:
        """What an error of the queue, which wraps that of the database, means to a person."""
        cause = error.__cause__ if isinstance(error, exceptions.ConnectorException) else error
        fault = self._place.fault_of(cause) if isinstance(cause, Exception) else None
        return str(fault.error if fault else error)

    async def _work(self, stop: asyncio.Event) -> None:
        await asyncio.to_thread(self._agencies.renew)
        self._place = self._jobs_place()
        await asyncio.to_thread(self._place.make)
        queue = self._queue()
        async with queue.open_async():
            await _make_tables(queue)
            working = asyncio.create_task(
                queue.run_worker_async(
                    concurrency=PASSES,
                    delete_jobs="always",
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=GRACE_SECONDS,
                    update_heartbeat_interval=HEARTBEAT_SECONDS,
                    stalled_worker_timeout=DEAD_SECONDS,
                )
            )
            log.info("running", agencies=len(self._agencies))
            wish, beat = asyncio.create_task(stop.wait()), asyncio.create_task(self._beat(queue))
            await asyncio.wait({working, wish, beat}, return_when=asyncio.FIRST_COMPLETED)
            working.cancel()
            try:
                with contextlib.suppress(asyncio.CancelledError):
                    await working  # the beat goes on while passes end
            finally:
                wish.cancel()
                beat.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await beat

    async def _beat(self, queue: procrastinate.App) -> None:
        """
        Look at the folder again, and show systemd that we live; until the agencies are in another database.

        It takes the loop, a thread and the queue's line to the database; a database that is away is no hang.
        """
        server = self._agencies.server
        while self._agencies.server == server:
            self._systemd.ready(f"At work, agencies: {len(self._agencies)}")
            with contextlib.suppress(*self._faults()):  # which the queue meets as well
                await queue.check_connection_async()
            self._systemd.alive()
            await asyncio.sleep(BEAT_SECONDS)
            await asyncio.to_thread(self._agencies.renew)

    def _queue(self) -> procrastinate.App:
        """The queue and its three tasks."""
        connector = procrastinate.PsycopgConnector(
            kwargs=self._place.connection_arguments(), min_size=1, max_size=4
        )
        queue = procrastinate.App(connector=connector)
        queue.task(name=_PASS)(self._pass)

        async def tick(timestamp: int) -> None:  # noqa: ARG001 -- Procrastinate calls with it
            for name in self._agencies:
                with contextlib.suppress(exceptions.AlreadyEnqueued):  # it waits for a pass already
                    await queue.configure_task(_PASS, lock=name, queueing_lock=name).defer_async(agency=name)

        async def rescue(timestamp: int) -> None:  # noqa: ARG001 -- Procrastinate calls with it
            manager = queue.job_manager
            for job in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_SECONDS):
                log.warning("a worker is no more", agency=job.lock)
                # Not a retry: the next pass of that inbox is in the queue already, and there may be no two.
                if job.id is not None:
                    await manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=True)

        for task, name, when in ((tick, _TICK, TICK), (rescue, _RESCUE, RESCUE)):
            # Before the passes, of which hundreds may wait.
            queue.periodic(cron=when)(queue.task(name=name, queueing_lock=name, priority=1)(task))
        return queue

    def _pass(self, agency: str) -> None:
        """A pass over an agency's inbox; what goes wrong is told, and the next pass comes."""
        config = self._agencies.find(agency)
        if config is None:
            log.warning("no such agency", agency=agency)
            return
        rest = self._rests.get(agency)
        if rest is None or rest.config is not config:  # what was changed may be what was wrong
            rest = self._rests[agency] = _Rest(config)
        try:
            app = build(config, sandbox=self._sandbox)
            try:
                with _alone(app):
                    rest.make_pass(app, agency)
            finally:
                app.close()
        except PractiqError as error:
            log.warning("pass failed", agency=agency, reason=str(error).partition("\n")[0])
        except Exception as fault:  # noqa: BLE001 -- whatever it is, the next pass comes
            log.error("pass failed", agency=agency, **where_of(fault))


class _Rest:
    """An inbox that could not be had, which is left alone for a while, longer each time."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._backoff: Backoff | None = None
        self._until = 0.0

    def make_pass(self, app: App, agency: str) -> None:
        """A pass; without the inbox while that rests."""
        backoff = self._backoff = self._backoff or Backoff(app.chance)
        if time.monotonic() < self._until:
            passes.send_due(app)
            return
        began = time.monotonic()
        try:
            passed = passes.make_pass(app)
        except MailboxError as error:
            self._until = time.monotonic() + backoff.after(error)
            passes.send_due(app)
            raise
        backoff.worked(time.monotonic() - began)
        say = log.info if passed.new or passed.read or passed.sent else log.debug
        say("passed", agency=agency, new=passed.new, read=passed.read, sent=passed.sent)


@contextmanager
def _alone(app: App) -> Iterator[None]:
    """Be alone at work on an agency's database; AtWork where another one is that shows that it lives."""
    stop = threading.Event()
    timer = threading.Timer(STAND_BY_SECONDS, stop.set)
    timer.start()
    try:
        turn = app.store.stand_by(stop)
    finally:
        timer.cancel()
    if turn is None:
        raise at_work(app.store.place)
    with app.store.alone(turn):
        yield


async def _make_tables(queue: procrastinate.App) -> None:
    """The queue's tables, by the first worker that there is."""
    connector = queue.connector
    async with connector.pool.connection() as held:  # type: ignore[attr-defined]
        await held.execute(_SCHEMA_LOCK)
        try:
            if not await queue.check_connection_async():
                await queue.schema_manager.apply_schema_async()
        finally:
            await held.execute(_SCHEMA_LOCK.replace("_lock", "_unlock"))


async def run(agencies: Agencies) -> None:
    """Be a worker until SIGTERM or SIGINT."""
    systemd, stop = Notifier(os.environ), asyncio.Event()
    worker = Worker(agencies, systemd)
    loop = asyncio.get_running_loop()
    # Of asyncio's own there are fewer on a small machine: passes would keep each other, and the beat, waiting.
    loop.set_default_executor(ThreadPoolExecutor(PASSES + 2))
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.set)
    working = asyncio.create_task(worker.work(stop))
    wish = asyncio.create_task(stop.wait())
    await asyncio.wait({working, wish}, return_when=asyncio.FIRST_COMPLETED)
    wish.cancel()
    systemd.stopping()
    _, late = await asyncio.wait({working}, timeout=GRACE_SECONDS + 1)
    if late:
        log.warning("cut short", seconds=GRACE_SECONDS)
        worker.kill()
        sys.stderr.flush()
        os._exit(0)  # threads that wait for a server would keep the process: what is not committed is undone
    worker.close()
    working.result()
    log.info("stopped")
