"""Mail is read in a process of its own, under limits."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.anatomy import Anatomy, anatomy_of
from parsers.meaning import Utterance
from parsers.message import UnreadableMessage
from parsers.workspaces import Side
from service import backlog
from service.app import App
from service.intake import keep_raw
from service.kept_rows import KeptState, count_kept, list_kept
from service.sandbox import Sandbox
from service.weights import understood
from tests.agency import DANA, Clock, at_work, mail

pytestmark = pytest.mark.one_database("it is about the processes that read mail")

HEAD = b"From: dana@acme.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
GOOD = mail(DANA, "Approved, please go ahead.")


def fragile(raw: bytes) -> Anatomy:
    """Reads mail, but for a few that break it, each in its way."""
    if raw.startswith(b"hang"):
        time.sleep(60)
    if raw.startswith(b"die"):
        os._exit(3)
    if raw.startswith(b"swell"):
        bytearray(10**9)
    if raw.startswith(b"raise"):
        raise ZeroDivisionError("by nought")
    return anatomy_of(raw)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(read=fragile, seconds=1.0)
    yield made
    made.close()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with at_work(tmp_path_factory.mktemp("agency"), Clock()) as made:
        yield made


def test_mail_is_read_as_without(sandbox: Sandbox) -> None:
    """What comes back over the line is what the reader gives here."""
    assert sandbox.anatomy_of(GOOD) == anatomy_of(GOOD)


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"hang", "reading it took more than 1 seconds"),
        (b"die", r"reading it ended the process that read it \(3\)"),
        (b"swell", "reading it takes more than 512 MB of memory"),
        (b"raise", r"ZeroDivisionError at .*test_sandbox.py:\d+$"),
        (b"\0\1\2", "it has no header fields"),
    ],
)
def test_one_mail_breaks_nothing_but_its_own_reading(sandbox: Sandbox, raw: bytes, fault: str) -> None:
    """A mail that hangs, kills, swells or raises has a sentence for its fault, and the next one is read."""
    with pytest.raises(UnreadableMessage, match=fault):
        sandbox.anatomy_of(raw)

    assert sandbox.anatomy_of(GOOD).own == "Approved, please go ahead."


def test_a_stop_that_is_meant_for_us_ends_no_reading(sandbox: Sandbox) -> None:
    """Ctrl-C and a service manager's SIGTERM reach the whole group; the mail in hand is read all the same."""
    sandbox.anatomy_of(GOOD)
    (process,) = [one.running for one in sandbox._all if one.running]
    for stop in (signal.SIGINT, signal.SIGTERM):
        process.send_signal(stop)

    assert sandbox.anatomy_of(GOOD) == anatomy_of(GOOD)


def test_what_breaks_one_of_several_breaks_no_other(sandbox: Sandbox) -> None:
    """Of mails that are taken apart in one go, one that ends the process, or raises, is the only one that is not read."""
    found = sandbox.anatomies_of([GOOD, b"die", GOOD, b"raise"])
    assert [found[0], found[2]] == [anatomy_of(GOOD)] * 2
    assert [isinstance(one, UnreadableMessage) for one in found] == [False, True, False, True]
    assert "ended the process" in str(found[1])
    assert "ZeroDivisionError" in str(found[3])


def test_as_many_at_a_time_as_there_are_processes() -> None:
    """While one mail takes long the next is read; each answer belongs to its own mail."""
    mails = [mail(DANA, f"Number {n}.") for n in range(12)]
    with closing(Sandbox(read=fragile, seconds=2.0, processes=2)) as two, ThreadPoolExecutor(3) as pool:
        hangs = pool.submit(two.anatomy_of, b"hang")
        owns = [one.own for one in pool.map(two.anatomy_of, mails)]
        assert not hangs.done()
        assert owns == [f"Number {n}." for n in range(12)]
        assert "took more than" in str(hangs.exception())


def test_meaning_is_found_as_without() -> None:
    """What messages say is the same there as here, in their order; what outruns its time is a fault, and ends nothing else."""
    asks = [said(f"Could you send number {n}?") for n in range(20)]
    with closing(Sandbox(seconds=0.5, processes=2)) as two:
        assert two.meanings_of(asks) == understood(asks)
        with pytest.raises(UnreadableMessage, match=r"took more than 0\.5 seconds"):
            two.meanings_of([said("We need numbers, and more of them. " * 500)] * 200)
        assert two.meanings_of(asks[:1]) == understood(asks[:1])


def said(text: str) -> Utterance:
    """A client's first message."""
    return Utterance(text=text, own=text, before=None, side=Side.CLIENT, sent=Clock().at)


def test_closed_it_is_begun_anew(sandbox: Sandbox) -> None:
    """Closing ends the process, once or twice; a mail that comes then begins another."""
    sandbox.anatomy_of(GOOD)
    sandbox.close()
    sandbox.close()

    assert sandbox.anatomy_of(GOOD) == anatomy_of(GOOD)


@given(
    raws=st.lists(st.binary(max_size=400) | st.binary(max_size=400).map(lambda some: HEAD + some), max_size=8)
)
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_read_or_in_quarantine(app: App, raws: list[bytes]) -> None:
    """Whatever bytes come, each is kept, and read or in quarantine with its fault; none is left and none is lost."""
    with app.store.transaction() as session:
        held_before = sum(count_kept(session).values())
    new = sum(is_new for _, is_new in keep_raw(app.store, raws, app.now()))
    backlog.read(app)
    with app.store.transaction() as session:
        counts = count_kept(session)
        faults = [one.fault for one in list_kept(session, KeptState.QUARANTINED)]

    assert sum(counts.values()) == held_before + new
    assert counts[KeptState.UNREAD] == 0
    assert all(faults)


def test_what_breaks_reading_goes_to_quarantine(tmp_path: Path, sandbox: Sandbox) -> None:
    """It is kept with its fault, and those behind it are read."""
    with at_work(tmp_path, Clock()) as app:
        broken = replace(app, sandbox=sandbox)
        keep_raw(app.store, [b"hang", b"die", GOOD], app.now())
        count = backlog.read(broken)
        with app.store.transaction() as session:
            held = {one.raw: one.fault for one in list_kept(session, KeptState.QUARANTINED)}
            read = [one.raw for one in list_kept(session, KeptState.READ)]

    assert count == 3
    assert held == {
        b"hang": "reading it took more than 1 seconds",
        b"die": "reading it ended the process that read it (3)",
    }
    assert read == [GOOD]
