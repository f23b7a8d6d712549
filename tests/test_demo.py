"""The demo is the whole job, told by itself."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What `practiq demo` says, and the folder of the mails it shows; run where there is nothing."""
    folder = tmp_path_factory.mktemp("demo")
    done = subprocess.run(
        [sys.executable, "-m", "service", "demo", "--out", folder / "out"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=100,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent), "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert [one.name for one in folder.iterdir()] == ["out"]
    return done.stdout, folder / "out"


def test_story_is_told_in_its_order(told: tuple[str, Path]) -> None:
    """Mail comes in, three digests go out, a reply is answered, the next digest is the shorter for it."""
    story, _ = told
    chapters = [story.index(f"\n{number}. ") for number in (1, 2, 3, 4)]
    mail_in, morning, reply, next_morning = (
        story[begin:end] for begin, end in zip(chapters, [*chapters[1:], None], strict=True)
    )

    assert "a second look finds 0 new" in mail_in
    assert morning.count("08:00 in ") == 3
    assert "done 1\n    snooze 2 until Tuesday" in reply
    subjects = re.findall(r"^ +\d \([^:]+: (.+)\) is (?:closed|snoozed)", reply, re.M)
    assert len(subjects) == 2
    assert all(f"\n        {subject}\n" in morning for subject in subjects)
    assert not any(f"\n        {subject}\n" in next_morning for subject in subjects)


def test_digests_lie_where_it_says(told: tuple[str, Path]) -> None:
    """Each account manager's digest is a page of HTML."""
    story, folder = told
    pages = sorted(folder.glob("digest-*.html"))

    assert str(folder) in story
    assert len(pages) == 3
    assert all(page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>") for page in pages)
