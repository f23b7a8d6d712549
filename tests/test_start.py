"""What is asked for often starts with no more than it uses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.agency import write_config
from tests.processes import ROOT

READING = {"mailparser", "selectolax", "authres", "parsers.anatomy", "parsers.dates", "parsers.reader"}
DOING = {"alembic", "apscheduler", "aiosmtplib", "imapclient", "jinja2", "holidays", "css_inline"}
DOING |= {
    "structlog",
    "rich",
    "rapidfuzz",
    "sqlalchemy.dialects.postgresql",
    "msal",
    "google.auth",
    "requests",
}
STORING = {"sqlalchemy", "pydantic", "service.models"}


@pytest.mark.parametrize(
    ("words", "without"), [(["--help"], READING | DOING | STORING), (["status"], READING | DOING)]
)
def test_start_loads_what_is_used(tmp_path: Path, words: list[str], without: set[str]) -> None:
    """Neither help nor `status` loads what reads, sends or makes mail; help not even the database."""
    command = ["--config", str(write_config(tmp_path)), *words]
    code = (
        "import sys\nfrom service.cli import call_main\ncall_main(sys.argv[1:])\n"
        "print('LOADED', *sorted(sys.modules))"
    )
    for _ in range(2):  # the first time there is a database to be made
        said = subprocess.run(
            [sys.executable, "-c", code, *command], capture_output=True, text=True, check=True, cwd=ROOT
        )
    loaded = set(said.stdout.rpartition("LOADED ")[2].split())
    assert "service.cli" in loaded
    assert loaded & without == set()


def test_garbage_is_collected_by_the_time_a_command_works(tmp_path: Path) -> None:
    """The start puts that off, and no command that opens the database goes on without it."""
    code = (
        "import gc, sys\nfrom service import cli, health\n"
        "tell = health.status_text\n"
        "health.status_text = lambda line: (print('COLLECTS', gc.isenabled()), tell(line))[1]\n"
        "cli.entry()"
    )
    command = [sys.executable, "-c", code, "--config", str(write_config(tmp_path)), "status"]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert "COLLECTS True" in said.stdout
