"""
How a morning grows with what is open: `python -m bench.morning`.

Prints how long the digest of one account manager takes as HTML, from the open database to the page, with
200 and with 2,000 open threads of three mails each, and how many statements the database is asked.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import event

from service import backlog
from service.app import App
from service.intake import keep_raw
from service.views import show_digests
from tests.agency import DANA, MAYA, at_work, mail
from tests.filed import Here

NOW = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)
SIZES = (200, 2_000)
ROUNDS = 5
ASKS = (
    "Could you tell me when the layouts are ready?",
    "Approved, please go ahead with the print run.",
    "Please make the logo bigger and change the headline to blue.",
    "We need a new landing page for the fair, live by December 15. Budget is $5,000.",
    "I am really unhappy with how this is going. Nobody answers us.",
)


def mails(threads: int) -> Iterator[bytes]:
    """Threads of three mails: the client begins, the agency answers, the client asks."""
    for number in range(threads):
        at = NOW - timedelta(days=1 + number % 40, hours=number % 9)
        subject = f"Job {number} of the season"
        first = mail(DANA, "Hello Maya, a question about this job follows.", subject=subject, at=at)
        answer = mail(
            MAYA,
            "Of course, tell me.",
            to=DANA,
            subject=f"Re: {subject}",
            at=at + timedelta(hours=1),
            answers=first,
        )
        yield first
        yield answer
        yield mail(
            DANA,
            ASKS[number % len(ASKS)],
            subject=f"Re: {subject}",
            at=at + timedelta(hours=2),
            answers=answer,
        )


def measured(app: App) -> tuple[float, int]:
    """Seconds for a digest as HTML, the median; and how many statements it takes."""
    (manager,) = [one for one in app.office.managers if one.address == MAYA]
    statements: list[str] = []
    event.listen(app.store._engine, "before_cursor_execute", lambda *said: statements.append(said[2]))
    seconds = []
    for _ in range(ROUNDS):
        statements.clear()
        begun = time.perf_counter()
        show_digests(app, [manager], NOW, "html")
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds), len(statements)


def main() -> None:
    """Print a row for each size."""
    print("| open threads | digest as HTML, median of 5 | statements | ratio |")
    print("|---|---|---|---|")
    first = None
    for size in SIZES:
        with TemporaryDirectory() as folder:
            with at_work(Path(folder), lambda: NOW) as app:
                keep_raw(app.store, list(mails(size)), NOW)
                backlog.read(replace(app, sandbox=Here()))
            Here.known.clear()  # what a process that only shows a digest never held
            gc.collect()
            with at_work(Path(folder), lambda: NOW) as app:
                seconds, statements = measured(app)
            first = first or seconds
            print(
                f"| {size:,} | {1000 * seconds:.0f} ms | {statements} | {seconds / first:.2f} |", flush=True
            )


if __name__ == "__main__":
    main()
