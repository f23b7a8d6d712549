"""Every day after the first: a poll with one new mail, and a mail that comes while the service waits for it."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from imapclient import IMAPClient

from bench.backfill import filled
from bench.ground import Ground
from bench.proxy import Line
from bench.runs import ROOT, Failed, in_turns, practiq
from bench.table import Row
from service.kept_rows import KeptState, count_kept
from service.store import read_store
from tests.servers import PASSWORD, User

ROUND_TRIP_SECONDS = 0.05
LOOK_SECONDS = 0.005
APART_SECONDS = 1.5  # so that the service has gone back to waiting
MOST_SECONDS = 60.0


def poll(ground: Ground) -> Iterator[Row]:
    """One new message in a mailbox of many, and in one of few."""

    def one_new(user: User) -> Callable[[], tuple[float, int]]:
        filled(ground, user)

        def work() -> tuple[float, int]:
            user.deliver(ground.client_mail(time.time_ns()))
            with Line(user.server.port) as line:
                ran = practiq(ground.config(user.name, user=user, port=line.port), "poll")
                return ran.cpu_seconds, line.round_trips

        work()  # the first after a backfill may have something left to do
        return work

    few, many = in_turns(ground.turns, one_new(ground.user(ground.few)), one_new(ground.user(ground.many)))
    what, yardstick = f"a poll with one new in {ground.many:,}", f"in {ground.few:,}"
    for unit, at, name in (("s", 0, "processor's time"), ("", 1, "round trips")):
        yield Row(
            what=f"{what}, {name}",
            yardstick=yardstick,
            unit=unit,
            ours=[one[at] for one in many],
            theirs=[one[at] for one in few],
            goal=1.2,
        )


def delivery(ground: Ground) -> Iterator[Row]:
    """
    From the end of a delivery to the message read and stored, with the service waiting in IDLE.

    Dovecot tells whoever waits half a second late, so that many deliveries are told once (NOTIFY_DELAY_MSECS in
    its sources): no client can be faster, which a bare one shows.
    """
    user = ground.user(ground.few)
    filled(ground, user)
    told = list(_told(ground, user))
    near = list(_stored(ground, user, 0.0))
    away = list(_stored(ground, user, ROUND_TRIP_SECONDS))
    what = f"delivery to stored, median of {ground.deliveries}"
    usual = statistics.median(one for one, _ in near)
    more = [(one - usual) / ROUND_TRIP_SECONDS for one, _ in away]
    yield Row(what=what, ours=[one for one, _ in near], goal=0.5)
    yield Row(
        what=what,
        yardstick="a bare client in IDLE is told",
        ours=[one for one, _ in near],
        theirs=told,
        goal=1.2,
    )
    yield Row(what=f"{what}, round trips counted", ours=[one for _, one in near], unit="", goal=4)
    what = f"{what}, what a line of {1000 * ROUND_TRIP_SECONDS:.0f} ms there and back adds"
    yield Row(what=what, ours=more, unit="round trips", goal=4)


def _told(ground: Ground, user: User) -> Iterator[float]:
    """Seconds from delivery until the server tells a client that does nothing else."""
    with IMAPClient("127.0.0.1", port=user.server.port, ssl=False) as client:
        client.login(user.name, PASSWORD)
        client.select_folder("INBOX", readonly=True)
        for _ in range(ground.deliveries):
            client.idle()
            time.sleep(APART_SECONDS)
            user.deliver(ground.client_mail(time.time_ns()))
            began = time.perf_counter()
            if not any(b"EXISTS" in said for said in client.idle_check(timeout=MOST_SECONDS)):
                raise Failed("a client that waited in IDLE was not told of a delivered mail")
            yield time.perf_counter() - began
            client.idle_done()


def _stored(ground: Ground, user: User, round_trip_seconds: float) -> Iterator[tuple[float, int]]:
    """Seconds from delivery to stored, and how often the service asked and waited for an answer meanwhile."""
    with Line(user.server.port, round_trip_seconds=round_trip_seconds) as line:
        config = ground.config(user.name, user=user, port=line.port)
        store = read_store(f"sqlite:///{config.with_suffix('.db')}")

        def read() -> int:
            with store.transaction() as session:
                return count_kept(session)[KeptState.READ]

        try:
            with _running(config):
                before = read()
                user.deliver(ground.client_mail(time.time_ns()))
                _await(read, before + 1)
                for _ in range(ground.deliveries):
                    time.sleep(APART_SECONDS)
                    before, asked = read(), line.round_trips
                    user.deliver(ground.client_mail(time.time_ns()))
                    began = time.perf_counter()
                    _await(read, before + 1)
                    yield time.perf_counter() - began, line.round_trips - asked
        finally:
            store.close()


def _await(read: Callable[[], int], count: int) -> None:
    end = time.monotonic() + MOST_SECONDS
    while read() < count:
        if time.monotonic() > end:
            raise Failed(f"a delivered mail was not stored within {MOST_SECONDS:.0f} seconds")
        time.sleep(LOOK_SECONDS)


@contextmanager
def _running(config: Path) -> Iterator[None]:
    """`practiq run`, until it is left."""
    process = subprocess.Popen(  # noqa: S603 -- our own words
        [sys.executable, "-m", "service", "--config", config, "run"], cwd=ROOT, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()
