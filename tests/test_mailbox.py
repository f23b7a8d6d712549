"""A labelled mailbox read through the commands, as its scorer and every script do."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.mailbox.evaluate import config_of

MAILBOX = Path(__file__).parent / "mailbox"
GOALS = {  # figure of the scorer, its measure, and the least
    "read at all": ("share", 1.0),
    "grouping (pairs)": ("f1", 0.97),
    "workspace of message": ("share", 0.95),
    "workspace never wrong": ("share", 0.99),
    "automated": ("f1", 0.95),
    "new text within 10%": ("share", 0.95),
}


@dataclass(frozen=True)
class Ingested:
    """The mailbox in a database, and what its first ingest said."""

    config: Path
    said: str

    def practiq(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "service", "--config", str(self.config), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True)


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Ingested:
    """The labelled mailbox, ingested once."""
    folder = tmp_path_factory.mktemp("mailbox")
    agency = json.loads((MAILBOX / "agency.json").read_text(encoding="utf-8"))
    made = Ingested(folder / "config.toml", "")
    made.config.write_text(config_of(agency, folder), encoding="utf-8")
    return Ingested(made.config, made.practiq("ingest", str(MAILBOX / "mail")).stderr)


@pytest.fixture(scope="module")
def figures(ingested: Ingested) -> dict[str, Any]:
    """What the scorer makes of it."""
    now = json.loads((MAILBOX / "agency.json").read_text(encoding="utf-8"))["now"]
    folder = ingested.config.parent
    for name, words in (("messages", ()), ("threads", ("--at", now))):
        lines = ingested.practiq(name, "--json", *words).stdout
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    scorer = [sys.executable, MAILBOX / "evaluate.py", MAILBOX, "--said", folder, "--json"]
    done = subprocess.run(scorer, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("name", GOALS)
def test_mailbox_is_read_as_well_as_promised(figures: dict[str, Any], name: str) -> None:
    """Every message is read, on its thread, with its client, its own words, and told from a machine's."""
    measure, least = GOALS[name]

    assert figures[name][measure] >= least


def test_guide_says_how_well_it_reads(figures: dict[str, Any]) -> None:
    """Each figure of docs/reader.md is what the scorer says."""
    page = (MAILBOX.parent.parent / "docs" / "reader.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(.+?)`.*? \| ([\d.]+) \| (?:([\d.]+) \| ([\d.]+) \| )?(\d+) \|$", page, re.M)
    said = {name: [float(one) for one in values if one] for name, *values in rows}

    assert len(said) >= 25
    assert said == {name: list(figures[name].values()) for name in said}


def test_second_ingest_stores_nothing(ingested: Ingested) -> None:
    """The same mail twice changes nothing; one that came by two ways was one message from the first."""
    before = ingested.practiq("messages", "--json").stdout

    assert ingested.said == "217 mails seen, 217 of them new.\n"
    assert len(before.splitlines()) == 216
    assert ingested.practiq("ingest", str(MAILBOX / "mail")).stderr == "217 mails seen, 0 of them new.\n"
    assert ingested.practiq("messages", "--json").stdout == before


def test_reread_changes_nothing(ingested: Ingested) -> None:
    """What was thrown away and read again is what was read before, threads and all."""
    before = [ingested.practiq(words, "--json").stdout for words in ("messages", "threads")]
    done = ingested.practiq("reread")

    assert (done.stdout, done.stderr) == ("", "0 messages are read otherwise than before.\n")
    assert [ingested.practiq(words, "--json").stdout for words in ("messages", "threads")] == before
