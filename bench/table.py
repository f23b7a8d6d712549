"""The table: what was measured, against what, and whether that is good enough."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from tests.servers import dovecot_binary

HEAD = (
    "| measurement | practiq | yardstick | | ratio | goal | |",
    "|---|---|---|---|---|---|---|",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of it: figures of ours and of a yardstick from the same turns."""

    what: str
    ours: Sequence[float]
    goal: float  # the most that is good; of the ratio, or of ours where there is no yardstick
    unit: str = "s"
    yardstick: str = "–"
    theirs: Sequence[float] = ()
    lacks: str = ""  # how to install the yardstick that is not here

    @property
    def figure(self) -> float | None:
        """What is held against the goal: the median of each turn's ratio, or of ours; None without the yardstick."""
        if self.lacks:
            return None
        if self.theirs:
            return statistics.median(our / their for our, their in zip(self.ours, self.theirs, strict=True))
        return statistics.median(self.ours)

    def __str__(self) -> str:
        """The line, in Markdown."""
        sign = "×" if self.theirs or self.lacks else self.unit
        if self.figure is None:
            ratio, verdict = "–", f"not here: {self.lacks}"
        else:
            ratio = _shown(self.figure, sign) if self.theirs else "–"
            verdict = "met" if self.figure <= self.goal else "**missed**"
        theirs = _shown(statistics.median(self.theirs), self.unit) if self.theirs else "–"
        ours = _shown(statistics.median(self.ours), self.unit)
        goal = f"≤ {self.goal:g} {sign}".rstrip()
        return f"| {self.what} | {ours} | {self.yardstick} | {theirs} | {ratio} | {goal} | {verdict} |"


def _shown(figure: float, unit: str) -> str:
    return f"{figure:,.{0 if figure >= 100 or figure == int(figure) else 2}f} {unit}".rstrip()


def machine() -> Iterable[str]:
    """The machine's facts, a line each."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    yield f"- {cores} cores of {_processor()}, {memory:.0f} GB of memory, {platform.system()} {platform.release()}"
    yield f"- Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, SQLAlchemy {metadata.version('sqlalchemy')}"
    yield f"- {_version(dovecot_binary(), '--version') or 'no Dovecot'}"


def _processor() -> str:
    listed = Path("/proc/cpuinfo")
    names = (
        (line for line in listed.read_text().splitlines() if line.startswith("model name"))
        if listed.exists()
        else ()
    )
    return next(iter(names), f": {platform.processor() or platform.machine()}").partition(": ")[2]


def _version(binary: str | None, option: str) -> str | None:
    if binary is None:
        return None
    said = subprocess.run([binary, option], capture_output=True, text=True, check=True).stdout  # noqa: S603
    return f"Dovecot {said.strip()}"
