"""What a command line is told of practiq before it does anything: completion, the manual page, versions."""

from __future__ import annotations

import os
import re
import runpy
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from service.cli import call_main, main
from tests.processes import ROOT

MANUAL = ROOT / "docs" / "practiq.1"


def test_manual_page_is_current() -> None:
    """It says what the commands say now: `python -m docs.manual` writes it anew."""
    made = runpy.run_path(str(ROOT / "docs" / "manual.py"))["page"]()
    assert MANUAL.read_text(encoding="utf-8") == made
    assert [name for name in main.commands if f"\n.SS practiq {name}" not in made] == []


def test_manual_page_is_one_that_man_shows() -> None:
    """Without a warning, where there is a man; every line is text or a request of the man macros."""
    requests = {line.split()[0] for line in MANUAL.read_text().splitlines() if line.startswith(".")}
    assert requests <= {'.\\"', ".TH", ".SH", ".SS", ".TP", ".PP", ".B", ".BR", ".I", ".IR"}
    if groff := shutil.which("groff"):
        said = subprocess.run(
            [groff, "-mandoc", "-ww", "-Tutf8", str(MANUAL)], capture_output=True, text=True, check=True
        )
        assert said.stderr == ""
        assert "--max-age" in re.sub(r".\x08|\x1b\[\d+m", "", said.stdout)  # printed twice is bold


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_a_script_of_the_shell(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It asks practiq itself; where the shell is there it finds no fault with it."""
    assert call_main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert f"_PRACTIQ_COMPLETE={shell}_complete" in script
    if binary := shutil.which(shell):
        subprocess.run([binary, "-n"], input=script, text=True, check=True)
    assert call_main(["completion", "powershell"]) == 2


def test_completion_completes(tmp_path: Path) -> None:
    """Commands and options, as bash asks for them; no configuration is needed."""
    for words, expected in (("practiq ba", "backup"), ("practiq status --max", "--max-age")):
        environ = {**os.environ, "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
        environ["_PRACTIQ_COMPLETE"] = "bash_complete"
        code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from service.cli import entry; entry()"
        said = subprocess.run(
            [sys.executable, "-c", code],
            env=environ,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.stdout.split(",")[-1].strip() == expected, said.stderr


def test_version_names_what_it_stands_on() -> None:
    """Python, SQLite and the fixed libraries, without loading any of these."""
    code = (
        "import sys\nfrom service.cli import call_main\ncall_main(['--version'])\n"
        "print('LOADED', *sorted(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    told, _, loaded = said.stdout.partition("LOADED ")
    assert told.startswith("practiq 0.")
    assert f"SQLite {sqlite3.sqlite_version}" in told
    for library in (
        "imapclient",
        "aiosmtplib",
        "mail-parser",
        "sqlalchemy",
        "rapidfuzz",
        "jinja2",
        "apscheduler",
    ):
        assert f"{library} " in told
    assert not {"sqlalchemy", "imapclient", "pydantic", "apscheduler", "jinja2"} & set(loaded.split())
