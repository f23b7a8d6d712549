"""Letters whose fate is in doubt: what was accepted is never sent again, what may have been is sent once more at most."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from service import claims
from service import smtp as wire
from service.sending_rows import Claimed
from service.store import Store, read_store
from tests.agency import MAYA, SAM
from tests.desk import CONTENT, Answers, Desk, Script
from tests.servers import SmtpSink

pytestmark = pytest.mark.both_databases

MINUTE = timedelta(minutes=1)


def test_a_letter_is_sending_before_the_wire_is_touched(desk: Desk, script: Script, desk_url: str) -> None:
    """From the server's greeting to its last word, another process reads `sending`; then `sent`."""
    seen = []

    def look(answer: bytes) -> Callable[[], bytes]:
        def looked() -> bytes:
            with closing(read_store(desk_url)) as other:
                seen.extend(Desk(other).states())
            return answer

        return looked

    desk.put(MAYA)
    server = script(
        {"hello": look(b"220 hello"), "MAIL": look(b"250 ok"), ".": look(b"250 ok"), "QUIT": look(b"221 bye")}
    )
    desk.deliver(server.port)

    assert seen == ["sending", "sending", "sending", "sent"]


ACCEPTED: list[Answers] = [{".": b"250 ok"}, {".": b"250-ok\r\n250 queued"}, {".": b"251 will forward"}]
ACCEPTED += [{"QUIT": answer} for answer in (b"500 what", b"what", b"", None)]


@pytest.mark.parametrize("answers", ACCEPTED, ids=str)
def test_an_accepted_letter_is_never_sent_again(desk: Desk, script: Script, answers: Answers) -> None:
    """2yz to the final dot is the end of it, whatever becomes of the session then."""
    desk.put(MAYA)
    server = script(answers)

    assert desk.deliver(server.port) == 1
    desk.clock.at += timedelta(days=1)
    assert desk.deliver(server.port) == 0
    assert server.letters == [CONTENT]
    assert (desk.row().state, desk.row().fault) == ("sent", None)


def test_a_slow_scanner_is_waited_for(desk: Desk, script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    """The final dot is answered when the content has been looked at, later than any other command."""
    monkeypatch.setattr(wire, "DOT_SECONDS", 30)
    desk.put(MAYA)
    server = script({".": lambda: time.sleep(1.5) or b"250 clean"})

    assert desk.deliver(server.port) == 1


DOUBTS: list[Answers] = [{".": None}, {".": b""}, {".": b"what"}, {".": b"650 what"}, {"content": None}]


@pytest.mark.parametrize("fault", DOUBTS, ids=["hangs-up", "silence", "gibberish", "no-such-code", "midway"])
def test_a_letter_of_unknown_fate_goes_out_once_more(desk: Desk, script: Script, fault: Answers) -> None:
    """Where the answer to the final dot is not learned, the same bytes go out again; if learned then, all is well."""
    desk.put(MAYA)
    server = script(dict(fault))
    assert desk.deliver(server.port) == 0
    assert (desk.row().state, desk.row().doubts) == ("ready", 1)
    server.answers.clear()
    desk.clock.at += MINUTE

    assert desk.deliver(server.port) == 1
    assert set(server.letters) == {CONTENT}
    assert len(server.letters) == (1 if "content" in fault else 2)


def test_after_a_second_doubt_its_fate_is_unknown(desk: Desk, smtp: SmtpSink) -> None:
    """There is one duplicate at most, byte for byte; then the letter is said to be unknown, and those behind it went out."""
    smtp.drop_after_dot = True
    desk.put(MAYA, SAM)
    for _ in range(5):
        desk.deliver(smtp.port)
        desk.clock.at += timedelta(hours=1)

    assert desk.states() == ["unknown", "unknown"]
    assert desk.row().fault
    assert [one.rcpt_tos for one in smtp.letters] == [(MAYA,), (SAM,)] * 2
    assert {one.content for one in smtp.letters} == {CONTENT}


def test_a_letter_in_doubt_that_expires_is_unknown(desk: Desk, smtp: SmtpSink) -> None:
    """It may have arrived, so it is not said to have failed."""
    smtp.drop_after_dot = True
    desk.put(MAYA, life=MINUTE)
    desk.deliver(smtp.port)
    desk.clock.at += MINUTE
    desk.deliver(smtp.port)

    assert len(smtp.letters) == 1
    assert desk.states() == ["unknown"]


@pytest.mark.one_database("its file is moved away")
@pytest.mark.promise("P9", "P24")
def test_what_was_accepted_is_noted_even_so(
    desk: Desk, script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the database is gone when the server accepts a letter, it is noted once that is back: no second copy."""
    monkeypatch.setattr(claims, "NOTE_SECONDS", 0.01)
    there, away = tmp_path / "p.db", tmp_path / "away.db"
    tries = []

    def settle(store: Store, outcomes: Sequence[Any], *given: Any) -> Sequence[Claimed]:
        if outcomes:
            tries.append(away.exists())
        if len(tries) == 3 and away.exists():
            away.rename(there)
        return settled(store, outcomes, *given)

    settled = claims._settle
    monkeypatch.setattr(claims, "_settle", settle)
    desk.put(MAYA)
    server = script({".": lambda: there.rename(away) and b"250 ok"})

    assert desk.deliver(server.port) == 1
    assert tries == [True, True, True]
    assert desk.row().state == "sent"
    assert desk.deliver(server.port) == 0
    assert server.letters == [CONTENT]


# ---------------------------------------------------------------- kill -9


@pytest.mark.promise("P1", "P9")
@pytest.mark.pitfall("hypothesis/lms#5346")
@pytest.mark.parametrize("step", ["MAIL", "."])
def test_killed_on_the_wire_the_letter_goes_out_once_more(
    desk: Desk, script: Script, smtp: SmtpSink, desk_url: str, step: str
) -> None:
    """kill -9 while a letter is `sending`: who is at work next sends the same bytes at once, and once, and knows of the doubt."""
    reached = threading.Event()
    server = script({step: lambda: reached.set() or b""})  # type: ignore[func-returns-value]
    desk.put(MAYA)
    work = "import sys; from tests.desk import *; from service.store import open_store; "
    work += "Desk(open_store(sys.argv[1])).deliver(int(sys.argv[2]))"
    child = subprocess.Popen(
        [sys.executable, "-c", work, desk_url, str(server.port)],
        cwd=Path(__file__).parent.parent,
    )
    got_there = reached.wait(30)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()

    assert got_there
    assert desk.states() == ["sending"]
    assert desk.deliver(smtp.port) == 1
    assert [one.content for one in smtp.letters] == [CONTENT]
    assert (desk.row().state, desk.row().doubts) == ("sent", 1)
