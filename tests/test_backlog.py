"""What waits to be read is read in batches, with the result that it would have one by one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from parsers.anatomy import Anatomy
from parsers.unreadable import UnreadableMessage
from service import backlog, reading
from service.app import App
from service.errors import SandboxError
from service.intake import keep_raw
from service.kept_rows import Kept, KeptState, count_kept, list_kept
from service.office import Office
from service.records import Record
from service.views import message_lines, thread_lines
from tests.agency import DANA, HANK, INBOX, MAYA, mail
from tests.filed import Here
from tests.mornings import days

pytestmark = pytest.mark.both_databases

ASKS = mail(DANA, "Could you send the layouts by Friday?", subject="Layouts")
BROKEN = mail(HANK, "Could you call me?", subject="A call")
EVENING, MORNING, LATER = (
    "2026-11-10T18:00:00-05:00",
    "2026-11-11T08:00:00-05:00",
    "2026-11-11T09:00:00-05:00",
)
ANSWER = mail(DANA, "Thanks, all fine now.", answers=ASKS, at=LATER)
AGAIN = b"X-Copy: 2\r\n" + ANSWER
ASKS_MORE = mail(DANA, "One more thing: could you change the colour?", answers=ANSWER, at=LATER)


def read_by(folder: Path, size: int, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Any, list[str], Any]:
    """A morning of new mail, an order, copies and answers that wait together, read so many at a time."""
    monkeypatch.setattr(backlog, "BATCH", size)
    folder.mkdir()
    with days(folder) as practiq:
        practiq.comes(ASKS, at=EVENING)
        digest = practiq.morning(MORNING)
        order = mail(MAYA, "done 1", to=INBOX, cc="", at=practiq.clock.to(LATER), answers=digest.raw)
        practiq.comes(BROKEN, order, ANSWER, AGAIN, ASKS_MORE, order, b"\0\1\2", ASKS + b" ")
        sent = [one.to for one in practiq.letters()]
        with practiq.app.store.transaction() as session:
            counts = count_kept(session)
        messages = [one for one in message_lines(practiq.app) if one.get("from") != MAYA]  # its id is another
        return messages, list(thread_lines(practiq.app, practiq.clock())), sent, counts


def test_batch_has_the_result_of_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An order between new mails, copies of a message in the same batch and of an earlier one: each counts once."""
    one_by_one = read_by(tmp_path / "one", 1, monkeypatch)
    together = read_by(tmp_path / "all", 100, monkeypatch)

    assert together == one_by_one
    messages, threads, sent, counts = together
    assert sent == [MAYA]
    assert counts[KeptState.QUARANTINED] == 1
    assert counts[KeptState.UNREAD] == 0
    assert [len(one["message_ids"]) for one in threads if "Layouts" in one["subject"]] == [3]
    assert len({one["message_id"] for one in messages}) >= 5


def test_what_breaks_a_batch_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one mail whose reading raises goes into quarantine, with where in the code; all others of its batch are read."""
    record_of = reading.record_of

    def breaking(identity: str, anatomy: Anatomy, kept: Kept, office: Office) -> Record:
        if anatomy.message.subject == "A call":
            raise ZeroDivisionError("words of the mail")
        return record_of(identity, anatomy, kept, office)

    monkeypatch.setattr(reading, "record_of", breaking)
    with days(tmp_path) as practiq:
        practiq.comes(*(mail(DANA, f"Number {n}?", subject=f"S{n}") for n in range(5)), BROKEN, ASKS)
        with practiq.app.store.transaction() as session:
            counts = count_kept(session)
            (broken,) = list_kept(session, KeptState.QUARANTINED)
        threads = list(thread_lines(practiq.app, practiq.clock()))

    assert (counts[KeptState.READ], counts[KeptState.UNREAD]) == (6, 0)
    assert broken.raw == BROKEN
    assert broken.fault
    assert broken.fault.startswith("ZeroDivisionError at ")
    assert "words" not in broken.fault
    assert len(threads) == 6


def test_stop_is_asked_between_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not read by then waits for the next time, and is read then."""
    monkeypatch.setattr(backlog, "BATCH", 2)
    with days(tmp_path) as practiq:
        mails = [mail(DANA, f"Number {n}?", subject=f"S{n}") for n in range(7)]
        keep_raw(practiq.app.store, mails, practiq.clock())
        told: list[None] = []
        first = backlog.read(practiq.app, lambda: told.append(None), stop=lambda: len(told) >= 4)
        rest = backlog.read(practiq.app)

    assert (first, len(told), rest) == (4, 4, 3)


def test_mail_that_takes_its_time_holds_up_no_transaction(tmp_path: Path) -> None:
    """While a mail hangs another thread stores, and a stop is heeded; the mail is read the next time."""
    hangs, goes_on, stopped = threading.Event(), threading.Event(), threading.Event()

    class Slow(Here):
        def anatomies_of(self, raws: Sequence[bytes]) -> list[Anatomy | UnreadableMessage]:
            hangs.set()
            assert goes_on.wait(20)
            return super().anatomies_of(raws)

    with days(tmp_path) as practiq, ThreadPoolExecutor(2) as pool:
        keep_raw(practiq.app.store, [ASKS], practiq.clock())
        slow = replace(practiq.app, sandbox=Slow())
        first = pool.submit(backlog.read, slow, stop=stopped.is_set)
        assert hangs.wait(20)
        stores = pool.submit(practiq.app.store.beat)
        stores.result(timeout=10)
        stopped.set()
        assert first.result(timeout=10) == 0
        goes_on.set()
        assert backlog.read(practiq.app) == 1


def count_read(app: App) -> int:
    with app.store.transaction() as session:
        return count_kept(session)[KeptState.READ]


def test_mail_is_read_while_more_is_kept(tmp_path: Path) -> None:
    """What is kept is read at once, in the order it came; afterwards nothing goes on, and what is left is for `read`."""
    with days(tmp_path) as practiq:
        app = practiq.app
        with backlog.read_beside(app):
            for number, raw in enumerate((ASKS, ANSWER), start=1):
                keep_raw(app.store, [raw], practiq.clock())
                assert comes_to(lambda: count_read(app), number)
        keep_raw(app.store, [ASKS_MORE], practiq.clock())
        assert not comes_to(lambda: count_read(app), 3, seconds=1)
        assert backlog.read(app) == 1
        assert len(list(message_lines(app))) == 3


def test_what_stops_the_reading_stops_nothing_that_is_kept(tmp_path: Path) -> None:
    """Without a process to read in, mail is kept; `read` says what is wrong."""

    class Gone(Here):
        def anatomies_of(self, raws: Sequence[bytes]) -> list[Anatomy | UnreadableMessage]:
            asked.set()
            raise SandboxError("The process is gone.", hint="Ask again.")

    asked = threading.Event()
    with days(tmp_path) as practiq:
        gone = replace(practiq.app, sandbox=Gone())
        with backlog.read_beside(gone):
            keep_raw(gone.store, [ASKS], practiq.clock())
            assert asked.wait(20)
        with pytest.raises(SandboxError, match="gone"):
            backlog.read(gone)
        assert backlog.read(practiq.app) == 1


def comes_to(found: Callable[[], int], what: int, *, seconds: float = 20) -> bool:
    """Whether this is found within so many seconds."""
    end = time.monotonic() + seconds
    while found() != what and time.monotonic() < end:
        time.sleep(0.05)
    return found() == what
