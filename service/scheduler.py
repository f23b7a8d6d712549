"""The service, running until it is told to stop. Alone knows APScheduler."""

from __future__ import annotations

import asyncio
import signal
import threading

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from service import jobs, watching
from service.app import App
from service.errors import PractiqError

TICK_SECONDS = 5

log = structlog.get_logger()


async def run(app: App) -> None:
    """
    Read mail as it comes, send what is due, obey replies; return after SIGTERM or SIGINT.

    The scheduler only ticks: whose digest is due is our own question to the database, so that a
    stop, a suspended machine or a changed clock neither drops a digest nor repeats one.
    """
    stop, ready = threading.Event(), threading.Event()
    stopped = asyncio.Event()

    def end() -> None:
        stop.set()
        stopped.set()

    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, end)

    async def tick() -> None:
        try:
            if ready.is_set():  # the mail of the night is in, or the server was asked in vain
                await asyncio.to_thread(jobs.digests, app)
            await jobs.deliver(app)
        except PractiqError as error:
            log.warning("not sent", reason=str(error))

    scheduler = AsyncIOScheduler()
    scheduler.add_job(
        tick, "interval", seconds=TICK_SECONDS, misfire_grace_time=None, coalesce=True, max_instances=1
    )
    scheduler.start()
    watch = asyncio.create_task(asyncio.to_thread(watching.watch, app, stop, ready))
    watch.add_done_callback(lambda _: end())
    log.info("running", managers=len(app.office.managers), workspaces=len(app.office.workspaces.all))
    await stopped.wait()
    scheduler.shutdown(wait=False)
    await watch
    log.info("stopped")
