"""A morning of a large agency: its digests composed, its letters sent."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiosmtplib
from sqlalchemy import event

from bench.ground import AGENCY, INBOX, MX, Ground
from bench.runs import in_turns, practiq, run
from bench.table import Row
from service.app import App, build
from service.config import load
from service.jobs import compose, deliver
from service.letter_rows import record_letter
from service.store import Letter
from tests.agency import mail

MANAGERS = 50
LETTER_BYTES = 30_000
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
    return config


def _composed(config: Path) -> tuple[float, int]:
    """Seconds for all digests, and the most statements that one asks; in a process of its own."""
    seconds, statements = json.loads(run([sys.executable, "-m", "bench.mornings", config]).said)
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


def letters(ground: Ground) -> Iterator[Row]:
    """A morning's letters sent, against the same bytes over one connection and nothing noted."""
    with ground.sink() as port:
        config = ground.morning_config("letters", ground.letters, smtp_port=port)
        ours, theirs = in_turns(
            ground.turns,
            lambda: _sent(ground.without_database(config)),
            lambda: asyncio.run(_sent_bare(port, ground.letters)),
        )
    yield Row(
        what=f"sending {ground.letters} letters",
        yardstick="a bare aiosmtplib loop",
        ours=ours,
        theirs=theirs,
        goal=1.3,
    )


def _sent(config: Path) -> float:
    """Seconds to empty an outbox."""
    app = build(load(config, os.environ), now=lambda: NOW)
    try:
        count = _enqueue(app)
        with app.store.alone():
            began = time.perf_counter()
            sent = asyncio.run(deliver(app))
            seconds = time.perf_counter() - began
    finally:
        app.close()
    assert sent == count
    return seconds


def _enqueue(app: App) -> int:
    with app.store.transaction() as session:
        for manager in app.office.managers:
            name = f"<{manager.address}.{AGENCY}>"
            letter = Letter(
                reverse_path=INBOX,
                recipient=manager.address,
                message_id=name,
                content=_content(manager.address),
            )
            record_letter(session, name, letter, now=NOW, expires_at=NOW + timedelta(hours=12))
    return len(app.office.managers)


async def _sent_bare(port: int, count: int) -> float:
    began = time.perf_counter()
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, use_tls=False, start_tls=False) as smtp:
        for number in range(count):
            recipient = f"manager{number}@{AGENCY}"
            await smtp.sendmail(INBOX, [recipient], _content(recipient))
    return time.perf_counter() - began


def _content(recipient: str) -> bytes:
    line = b"What needs you this morning, in the client's own words.\r\n"
    return b"To: " + recipient.encode() + b"\r\n\r\n" + line * (LETTER_BYTES // len(line))


if __name__ == "__main__":
    print(json.dumps(compose_all(Path(sys.argv[1]))))
