"""Years of mail from an mbox: stopped in the middle, gone on with, nothing missing and nothing twice."""

from __future__ import annotations

import contextlib
import mailbox
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from service.kept_rows import KeptState, count_kept
from service.models import MessageRow
from service.store import read_store
from tests.agency import DANA, database_url, mail, write_config
from tests.bait import ROOT
from tests.terminals import COLUMNS, terminal

pytestmark = pytest.mark.both_databases

COUNT = 60

# Stops itself at a certain moment, by as many real signals.
STOPS = """
import os, signal
from service import {place}
real, calls = {place}.{name}, []

def stopping(*words):
    calls.append(words)
    if len(calls) == {nth}:
        for number in {signals}:
            os.kill(os.getpid(), number)
    return real(*words)

{place}.{name} = stopping
"""
WHILE_KEEPING = "from service import intake\nintake.BATCH = 5\n" + STOPS.format(
    place="history", name="keep_raw", nth=4, signals="[signal.SIGINT]"
)
WHILE_READING = "from service import backlog\nbacklog.BATCH = 10\n" + STOPS.format(
    place="backlog", name="_read_batch", nth=2, signals="[signal.SIGTERM]"
)
TWICE = WHILE_KEEPING.replace("[signal.SIGINT]", "[signal.SIGINT] * 2")


def mbox(folder: Path) -> Path:
    """An archive of that many mails."""
    box = mailbox.mbox(folder / "archive.mbox")
    for n in range(COUNT):
        box.add(mail(DANA, f"Could you send number {n} by Friday?", subject=f"Number {n}"))
    box.close()
    return folder / "archive.mbox"


def practiq(config: Path, *words: object, tuned: str = "") -> subprocess.CompletedProcess[str]:
    """A command of ours, done; its standard error is a terminal of the usual size."""
    code = f"import sys\n{tuned}\nfrom service.cli import call_main\nsys.exit(call_main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "--config", str(config), *map(str, words)]
    with terminal() as screen:
        ended = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=screen.line, text=True, cwd=ROOT, check=False, timeout=60
        )
    assert max(map(len, screen.lines)) <= COLUMNS
    ended.stderr = "\n".join(screen.lines)
    return ended


def grow(box: Path) -> None:
    """Put a mail before, between and behind those that an archive has."""
    kept = box.read_bytes()
    middle = kept.index(b"\nFrom ", len(kept) // 2) + 1
    line = b"From x Tue Nov 10 10:00:00 2026\n"
    added = [line + mail(DANA, f"More, {n}.", subject=f"More {n}") + b"\n" for n in range(3)]
    box.write_bytes(added[0] + kept[:middle] + added[1] + kept[middle:] + added[2])


def read_subjects(folder: Path) -> list[str]:
    """The subjects of all messages that were read."""
    store = read_store(database_url(folder))
    with contextlib.closing(store), store.transaction() as session:
        return sorted(session.scalars(select(MessageRow.subject)))


@pytest.mark.promise("P25")
def test_stopped_and_gone_on_with(tmp_path: Path) -> None:
    """By Ctrl-C while it keeps, by SIGTERM while it reads; it says what is kept. Then the archive has grown."""
    config, box = write_config(tmp_path), mbox(tmp_path)

    first = practiq(config, "ingest", box, tuned=WHILE_KEEPING)
    assert first.returncode == 130
    assert "Stopped: 20 mails seen, 20 of them new; 20 are kept and not read yet." in first.stderr
    assert "  The same command goes on from here." in first.stderr.splitlines()

    second = practiq(config, "ingest", box, tuned=WHILE_READING)
    assert second.returncode == 143
    assert "Stopped: 60 mails seen, 40 of them new; 40 are kept and not read yet." in second.stderr
    assert len(read_subjects(tmp_path)) == 20

    grow(box)
    third = practiq(config, "ingest", box)
    assert third.returncode == 0
    assert "63 mails seen, 3 of them new." in third.stderr
    assert "Reading" in third.stderr
    expected = [*(f"Number {n}" for n in range(COUNT)), *(f"More {n}" for n in range(3))]
    assert read_subjects(tmp_path) == sorted(expected)


def test_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    """Without another word; what was committed by then stays."""
    ended = practiq(write_config(tmp_path), "ingest", mbox(tmp_path), tuned=TWICE)

    assert ended.returncode == 130
    assert "mails seen" not in ended.stderr
    store = read_store(database_url(tmp_path))
    with contextlib.closing(store), store.transaction() as session:
        assert count_kept(session)[KeptState.UNREAD] == 15
