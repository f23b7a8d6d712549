"""Mail that was made to break who reads it holds up no other: a third of it in one go, by the command, from outside."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import postgres
from tests.agency import DANA, id_of, mail, write_config
from tests.bait import ROOT
from tests.hostile import MAIL

HELD_UP_SECONDS = 110
SOME = list(MAIL.values())[::6]  # each of the others is read alone in test_hostile.py


def practiq(config: Path, *words: str) -> str:
    """What a command says; it ends with 0."""
    command = [sys.executable, "-m", "service", "--config", str(config), *words]
    ended = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=HELD_UP_SECONDS, check=False
    )
    assert ended.returncode == 0, ended.stderr[-500:]
    return ended.stdout


@pytest.mark.both_databases
@pytest.mark.promise("P4")
@pytest.mark.pitfall(
    "maildev#531", "cpython#136063", "cpython#87075", "cpython#75630", "cpython#151857", "cpython#81642"
)
def test_hostile_mail_in_one_go(tmp_path: Path) -> None:
    """Each is read or in quarantine, kept as it came, and the harmless mail behind them is read."""
    config = write_config(tmp_path)
    some = SOME[::4] if postgres.server else SOME
    (tmp_path / "mail").mkdir()
    for number, made in enumerate(some):
        (tmp_path / "mail" / f"{number:03}.eml").write_bytes(made())
    last = mail(DANA, "Approved, please go ahead.")
    (tmp_path / "mail" / "zzz.eml").write_bytes(last)

    practiq(config, "ingest", str(tmp_path / "mail"))
    lines = [json.loads(line) for line in practiq(config, "messages", "--json").splitlines()]

    assert len(lines) == len(some) + 1
    assert {line["state"] for line in lines} <= {"read", "quarantined"}
    (harmless,) = [line for line in lines if line.get("message_id") == id_of(last)]
    assert harmless["state"] == "read"
    assert [one["kind"] for one in harmless["signals"]] == ["approval"]
