"""A morning's letters sent."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiosmtplib

from bench.ground import AGENCY, INBOX, Ground, smtp_sink_binary
from bench.runs import in_turns
from bench.table import Row
from service.app import App, build
from service.config import load
from service.jobs import deliver
from service.letter_rows import record_letter
from service.store import Letter

LETTER_BYTES = 30_000
NOW = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)


def letters(ground: Ground) -> Iterator[Row]:
    """A morning's letters sent, against the same bytes over one connection and nothing noted."""
    with ground.sink() as port:
        config = ground.morning_config("letters", ground.letters, smtp_port=port)
        ours, theirs = in_turns(
            ground.turns,
            lambda: _sent(ground.without_database(config)),
            lambda: asyncio.run(_sent_bare(port, ground.letters)),
        )
    slow = "" if smtp_sink_binary() else " to an SMTP server in Python (better: apt install postfix)"
    yield Row(
        what=f"sending {ground.letters} letters{slow}",
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
