"""The log: for machines off a terminal, for people on one."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime

import pytest

from tests.processes import ROOT
from tests.terminals import terminal

SAYS = """
from service import logs
logs.set_up("info")
log = logs.Log("service.test")
log.info("noted", mail=1)
log.debug("not said")
log.warning("two\\nlines", words="a\\x1b[31mb" + "c" * 400)
"""


def test_off_a_terminal_each_line_is_json() -> None:
    """With when it was, how grave it is and what happened; a value is one line, without control characters, cut."""
    said = subprocess.run([sys.executable, "-c", SAYS], capture_output=True, text=True, cwd=ROOT, check=True)
    noted, warned = (json.loads(line) for line in said.stderr.splitlines())
    assert said.stdout == ""
    assert (noted["event"], noted["level"], noted["mail"]) == ("noted", "info", 1)
    assert datetime.fromisoformat(noted["timestamp"]).utcoffset() is not None
    assert (warned["event"], warned["level"]) == ("two lines", "warning")
    assert warned["words"].startswith("a [31mbc")
    assert len(warned["words"]) == 200
    assert "\x1b" not in said.stderr


def test_on_a_terminal_lines_are_coloured() -> None:
    """The same events, as words; nothing in a value steers the terminal."""
    with terminal() as screen:
        subprocess.run([sys.executable, "-c", SAYS], stderr=screen.line, cwd=ROOT, check=True)
    noted, warned = (line for line in screen.lines if line)
    assert "noted" in noted
    assert "mail=1" in noted
    assert not noted.startswith("{")
    assert "\x1b[31mb" not in screen.told
    assert "\x1b[32m" in screen.told or "\x1b[1m" in screen.told
    assert "two lines" in warned


@pytest.mark.parametrize("level", ["info", "error"])
def test_level_is_what_the_call_says(level: str) -> None:
    """What is below it is not said."""
    words = SAYS.replace('"info")', f'"{level}")', 1)
    said = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, cwd=ROOT, check=True)
    assert len(said.stderr.splitlines()) == {"info": 2, "error": 0}[level]
