"""The labelled mailbox's digests, as the command shows them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.mailbox.evaluate import config_of

MAILBOX = Path(__file__).parent / "mailbox"
MANAGERS = ("priya", "tom.kessler", "renee", "marcus")


def labelled_digests(folder: Path) -> Callable[[str], str]:
    """Read the mailbox into a database in this folder; give what shows an account manager's digest as HTML."""
    practiq, now = _opened(folder)
    return lambda name: practiq("digest", "--html", "--for", f"{name}@harborline.example", "--at", now)


def labelled_page(folder: Path, client: str) -> str:
    """The live page of one of its clients as HTML."""
    practiq, now = _opened(folder)
    return practiq("workspace", client, "--html", "--at", now)


def _opened(folder: Path) -> tuple[Callable[..., str], str]:
    """practiq with the mailbox read, and the moment by which it was labelled."""
    agency = json.loads((MAILBOX / "agency.json").read_text(encoding="utf-8"))
    config = folder / "config.toml"
    trust = '\n[authentication]\ntrust = "mx.harborline.example"\n'
    config.write_text(config_of(agency, folder) + trust, encoding="utf-8")

    def practiq(*words: str) -> str:
        command = [sys.executable, "-m", "service", "--config", str(config), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    practiq("ingest", str(MAILBOX / "mail"))
    return practiq, str(agency["now"])
