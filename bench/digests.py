"""A morning of a large agency: every account manager's digest composed and put into the outbox."""

from __future__ import annotations

import json
import math
import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import event

from bench.ground import AGENCY, INBOX, MX, Ground
from bench.runs import Failed, in_turns, practiq, run
from bench.table import Row
from service import jobs
from service.app import build
from service.config import load
from tests.agency import mail
from tests.processes import read_count

MANAGERS = 50
NOW = datetime(2026, 11, 20, 23, 59, tzinfo=UTC)  # when they fall due (Ground.morning_config)
_ASKS = (
    "Could you tell me when the layouts are ready?",
    "Please make the logo bigger and change the headline to blue.",
    "We need a new landing page for the fair, live by December 15. Budget is $5,000.",
    "I am really unhappy with how this is going. Nobody answers us.",
)


def digests(ground: Ground) -> Iterator[Row]:
    """Every account manager's digest made, among two sizes of what is open."""
    few, many = ground.messages // 2, 2 * ground.messages
    few_open, many_open = _opened(ground, few), _opened(ground, many)
    small, large = in_turns(ground.turns, lambda: _made(few_open), lambda: _made(many_open))
    what = f"digests of {MANAGERS} with {many:,} open threads"
    yield Row(what=f"{what}, statements each", ours=[one for _, one in large], unit="", goal=10)
    yield Row(
        what=f"{what}, made",
        yardstick=f"with {few:,}",
        ours=[one for one, _ in large],
        theirs=[one for one, _ in small],
        goal=1.1 * many / few,
    )


def _opened(ground: Ground, threads: int) -> Path:
    """The configuration of an agency where so many threads wait for it, a mail each."""
    config = ground.morning_config(f"open{threads}", MANAGERS)
    folder = ground.work(f"open{threads}")
    folder.mkdir()
    for number in range(threads):
        domain = f"client{number % MANAGERS}.example"
        raw = mail(
            f"dana@{domain}",
            f"{_ASKS[number % len(_ASKS)]} It is about job {number}.",
            to=f"manager{number % MANAGERS}@{AGENCY}",
            cc=INBOX,
            subject=f"Job {number} of the season",
            at=NOW - timedelta(days=1 + number % 40, minutes=number),
            verdict=f"{MX}; dmarc=pass header.from={domain}",
        )
        (folder / f"{number}.eml").write_bytes(raw)
    practiq(config, "ingest", folder)
    if (count := read_count(config.parent, config.stem)) != threads:
        raise Failed(f"of {threads} mails {count} were read")
    return config


def _made(config: Path) -> tuple[float, int]:
    """Seconds for all digests, and the statements that one takes; in a process of its own."""
    seconds, statements = json.loads(run([sys.executable, "-m", "bench.digests", config]).said)
    return seconds, statements


def make_all(config: Path) -> tuple[float, int]:
    """The same, in this process and on a copy of the database: all that is asked and written, the fraction rounded up."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "morning.db"
        with (
            closing(sqlite3.connect(config.with_suffix(".db"))) as source,
            closing(sqlite3.connect(copy)) as to,
        ):
            source.backup(to)
        app = build(load(config, os.environ), now=lambda: NOW, url=f"sqlite:///{copy}")
        asked: list[str] = []
        event.listen(app.store._engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
        began = time.perf_counter()
        made = jobs.digests(app)
        seconds = time.perf_counter() - began
        app.close()
    if made != MANAGERS:
        raise Failed(f"of {MANAGERS} digests {made} were made")
    return seconds, math.ceil(len(asked) / MANAGERS)


if __name__ == "__main__":
    print(json.dumps(make_all(Path(sys.argv[1]))))
