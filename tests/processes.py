"""practiq as a process of its own, and what it says in its log."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from service.app import build
from service.config import load
from service.kept_rows import KeptState, count_kept
from service.store import read_store
from tests.agency import AUTHENTICATION, database_url, write_config

ROOT = Path(__file__).parent.parent


def zone_at_noon(now: datetime) -> str:
    """The time zone in which it is noon now, give or take half an hour."""
    hours = 12 - round(now.hour + now.minute / 60)
    return f"Etc/GMT{-hours:+}"  # POSIX counts these westwards


# Every account manager's digest of today is due, and no day ends while a test runs, whenever that is.
NOON = zone_at_noon(datetime.now(UTC))
ALWAYS_DUE = '[digest]\nat = "08:00"\ndays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]\n'

# A minute's silence takes seconds.
HASTY = """
from service import backoff, lease, scheduler, store
backoff.LAST_PAUSE = backoff.SPARING_PAUSE = 1
lease.LOOK_SECONDS, lease.SILENT_LOOKS = 0.1, 50
scheduler.BEAT_SECONDS, store.BEAT_SECONDS, scheduler.TICK_SECONDS, scheduler.AGAIN_SECONDS = 0.5, 0.2, 1, 0.5
"""


def await_that(true: Callable[[], object], seconds: float = 45) -> None:
    """Wait until it is so; fail where it is not within that time."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def read_count(folder: Path, database: str = "practiq") -> int:
    """How many mails are kept and read."""
    store = read_store(database_url(folder, database))
    try:
        with store.transaction() as session:
            return count_kept(session)[KeptState.READ]
    finally:
        store.close()


class Practiq:
    """A `practiq` at work, with the events of its log; `tuned` is Python that it runs first."""

    def __init__(self, config: Path, *words: str, tuned: str = "") -> None:
        code = f"import sys\n{tuned}\nfrom service.cli import call_main\nsys.exit(call_main(sys.argv[1:]))"
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, "--config", str(config), *words],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        )  # fmt: skip
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr
        with self.process.stderr as said:
            for line in said:
                self.lines.append(line.rstrip("\n"))

    def events(self, name: str) -> list[dict[str, Any]]:
        """The events of this name, in their order."""
        found = [json.loads(line) for line in list(self.lines) if line.startswith("{")]
        return [one for one in found if one["event"] == name]

    def await_event(self, name: str, count: int = 1) -> dict[str, Any]:
        """Wait until it has said so, so many times; gives the last."""
        try:
            await_that(lambda: len(self.events(name)) >= count or self.process.poll() is not None)
            return self.events(name)[count - 1]
        except (AssertionError, IndexError):
            raise AssertionError("\n".join(self.lines)) from None

    def send(self, number: int) -> None:
        """Send it a signal."""
        self.process.send_signal(number)

    def end(self, number: int = signal.SIGTERM) -> tuple[int, float]:
        """Send it a signal that ends it; gives its exit status, and after how many seconds."""
        began = time.monotonic()
        self.send(number)
        status = self.process.wait(timeout=30)
        self._reader.join(timeout=10)
        return status, time.monotonic() - began

    def children(self) -> list[int]:
        """The processes that it began."""
        pid = self.process.pid
        try:
            listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        except (FileNotFoundError, ProcessLookupError):  # it has ended
            listed = ""
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                listed += " " + task.read_text()
        return sorted({int(one) for one in listed.split()})


def is_alive(pid: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextlib.contextmanager
def running(config: Path, *words: str, tuned: str = "") -> Iterator[Practiq]:
    """`practiq run`, or another command, ended with the test."""
    made = Practiq(config, *(words or ("run",)), tuned=tuned)
    try:
        yield made
    finally:
        if made.process.poll() is None:
            made.process.kill()
        made.process.wait()
        made._reader.join(timeout=10)


def service_config(folder: Path, servers: str) -> Path:
    """The agency's configuration with these servers, digests that are due, and a database that is there."""
    path = write_config(folder, AUTHENTICATION + servers + ALWAYS_DUE, zone=NOON)
    build(load(path, {})).close()
    return path
