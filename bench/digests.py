"""A morning of a large agency: every account manager's digest composed."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import event

from bench.backfill import read_count
from bench.ground import AGENCY, INBOX, MX, Ground
from bench.runs import Failed, in_turns, practiq, run
from bench.table import Row
from service.app import build
from service.config import load
from service.jobs import compose
from tests.agency import mail

MANAGERS = 50
NOW = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)
_ASKS = (
    "Could you tell me when the layouts are ready?",
    "Please make the logo bigger and change the headline to blue.",
    "We need a new landing page for the fair, live by December 15. Budget is $5,000.",
    "I am really unhappy with how this is going. Nobody answers us.",
)


def digests(ground: Ground) -> Iterator[Row]:
    """Every account manager's digest composed, among two sizes of what is open."""
    few, many = ground.messages // 2, 2 * ground.messages
    few_open, many_open = _opened(ground, few), _opened(ground, many)
    small, large = in_turns(ground.turns, lambda: _composed(few_open), lambda: _composed(many_open))
    what = f"digests of {MANAGERS} with {many:,} open threads"
    yield Row(what=f"{what}, statements each at most", ours=[one for _, one in large], unit="", goal=10)
    yield Row(
        what=f"{what}, composed",
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
    if (count := read_count(config)) != threads:
        raise Failed(f"of {threads} mails {count} were read")
    return config


def _composed(config: Path) -> tuple[float, int]:
    """Seconds for all digests, and the most statements that one asks; in a process of its own."""
    seconds, statements = json.loads(run([sys.executable, "-m", "bench.digests", config]).said)
    return seconds, statements


def compose_all(config: Path) -> tuple[float, int]:
    """The same, in this process."""
    app = build(load(config, os.environ), now=lambda: NOW)
    asked: list[str] = []
    most = 0
    event.listen(app.store._engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    began = time.perf_counter()
    for manager in app.office.managers:
        asked.clear()
        with app.store.transaction() as session:
            compose(app, session, manager, day=NOW.date(), now=NOW)
        most = max(most, len(asked))
    seconds = time.perf_counter() - began
    app.close()
    return seconds, most


if __name__ == "__main__":
    print(json.dumps(compose_all(Path(sys.argv[1]))))
