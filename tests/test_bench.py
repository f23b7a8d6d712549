"""The bench works and says what it measured; no test looks at how long anything took."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.__main__ import MEASUREMENTS
from bench.proxy import Line
from bench.runs import Failed, in_turns, run
from bench.table import HEAD, Row
from tests.servers import ScriptedImap

ROOT = Path(__file__).parent.parent


def test_one_command_prints_the_table() -> None:
    """The machine's facts, then a row with both figures, their ratio and the goal."""
    words = ["--only", "letters", "--letters", "3", "--turns", "1"]
    said = subprocess.run(
        [sys.executable, "-m", "bench", *words], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    facts, _, table = said.partition("\n\n")
    *head, row = table.splitlines()
    cells = [one.strip() for one in row.strip("|").split("|")]
    assert [word for word in ("cores", "memory", "Python", "SQLite", "Dovecot") if word not in facts] == []
    assert head == list(HEAD)
    assert cells[0].startswith("sending 3 letters")
    assert [cells[2], cells[5]] == ["a bare aiosmtplib loop", "≤ 1.3 ×"]
    assert [cell[-1] for cell in (cells[1], cells[3], cells[4])] == ["s", "s", "×"]
    assert cells[6] in {"met", "**missed**"}


@pytest.mark.parametrize("name", sorted(MEASUREMENTS))
def test_measurement_is_documented(name: str) -> None:
    """docs/speed.md has a line for each."""
    assert f"| `{name}` |" in (ROOT / "docs" / "speed.md").read_text()


def test_row_has_the_median_of_the_ratios() -> None:
    """Each turn's ratio by itself: a moment in which the machine was busy weighs on both."""
    row = Row(what="w", ours=[2, 30, 3], yardstick="y", theirs=[1, 10, 2], goal=2)

    assert str(row) == "| w | 3 s | y | 2 s | 2 × | ≤ 2 × | met |"


@pytest.mark.parametrize(("ours", "verdict"), [(200, "met"), (201, "**missed**")])
def test_row_without_yardstick_is_held_to_the_goal_itself(ours: float, verdict: str) -> None:
    """What is at the goal is good, what is above is not."""
    row = Row(what="w", ours=[ours], unit="MB", goal=200)

    assert str(row) == f"| w | {ours} MB | – | – | – | ≤ 200 MB | {verdict} |"


def test_row_says_how_to_install_what_is_not_here() -> None:
    """The figure of ours stands, and no ratio."""
    row = Row(what="w", ours=[3], yardstick="notmuch new", goal=0.6, lacks="apt install notmuch")

    assert str(row) == "| w | 3 s | notmuch new | – | – | ≤ 0.6 × | not here: apt install notmuch |"


def test_turns_alternate() -> None:
    """One of each, and again; what is not here is left out."""
    order: list[str] = []

    def work(name: str) -> str:
        order.append(name)
        return name

    assert in_turns(2, lambda: work("a"), None, lambda: work("b")) == [["a", "a"], [], ["b", "b"]]
    assert order == ["a", "b", "a", "b"]


def test_peak_memory_is_that_of_the_largest_process() -> None:
    """Of a child's child, and neither their sum nor what the bench holds itself."""
    inner = "held = bytearray(90_000_000); print('held')"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}], check=True)"
    ours = bytearray(200_000_000)

    ran = run([sys.executable, "-c", outer])

    assert len(ours) == 200_000_000
    assert ran.said == "held\n"
    assert 90 <= ran.peak_mb <= 125


def test_command_that_fails_is_no_measurement() -> None:
    """Its last words are in the error."""
    with pytest.raises(Failed, match=r"status 3\n(?s:.*)alas"):
        run([sys.executable, "-c", "import sys; print('alas', file=sys.stderr); sys.exit(3)"])


def test_proxy_counts_round_trips() -> None:
    """Commands sent together are one."""
    with scripted() as port, Line(port) as line, socket.create_connection(("127.0.0.1", line.port)) as client:
        with client.makefile("rb") as said:
            said.readline()
            client.sendall(b"1 NOOP\r\n")
            said.readline()
            client.sendall(b"2 NOOP\r\n3 NOOP\r\n")
            said.readline()
            said.readline()

        assert line.round_trips == 2


def test_proxy_takes_its_time() -> None:
    """No answer is there before the round trip is over."""
    with (
        scripted() as port,
        Line(port, round_trip_seconds=0.2) as line,
        socket.create_connection(("127.0.0.1", line.port)) as client,
        client.makefile("rb") as said,
    ):
        said.readline()
        began = time.monotonic()
        client.sendall(b"1 NOOP\r\n")
        said.readline()

        assert time.monotonic() - began >= 0.2


@contextmanager
def scripted() -> Iterator[int]:
    """The port of a server that agrees to everything."""
    server = ScriptedImap(lambda tag, _: [f"{tag} OK\r\n".encode()])
    try:
        yield server.port
    finally:
        server.close()
