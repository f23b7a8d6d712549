"""A piece of work run once: how long it took, the processor's time, and the memory of its largest process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
ROOT = Path(__file__).parent.parent
_LAUNCHER = Path(__file__).parent / "launcher.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What one run took."""

    seconds: float
    cpu_seconds: float  # of all its processes
    peak_mb: float  # of the largest of them
    said: str = ""  # on standard output

    def __add__(self, other: Ran) -> Ran:
        """One after the other."""
        return Ran(
            seconds=self.seconds + other.seconds,
            cpu_seconds=self.cpu_seconds + other.cpu_seconds,
            peak_mb=max(self.peak_mb, other.peak_mb),
            said=self.said + other.said,
        )


class Failed(Exception):
    """A command ended with another status than 0, so that its time says nothing."""


def run(
    command: Sequence[str | Path], *, environ: Mapping[str, str] | None = None, statuses: Sequence[int] = (0,)
) -> Ran:
    """
    Run a command to its end. Raises Failed where its exit status is none of `statuses`.

    The kernel's own figures, of the process and of all that it waited for.
    """
    words = [str(one) for one in command]
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as fault,
    ):
        taken = Path(folder) / "taken"
        process = subprocess.Popen(  # noqa: S603 -- our own words
            [sys.executable, "-I", "-S", _LAUNCHER, taken, *words],
            stdout=out,
            stderr=fault,
            cwd=ROOT,
            env={**os.environ, **(environ or {})},
            process_group=0,
        )
        try:
            status = process.wait()
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        out.seek(0)
        fault.seek(0)
        said = out.read().decode(errors="replace")
        if status not in statuses:
            end = fault.read().decode(errors="replace")[-2000:]
            raise Failed(f"{' '.join(words)}: status {status}\n{said[-500:]}{end}")
        seconds, cpu_seconds, peak = map(float, taken.read_text().split())
    peak_bytes = peak * (1 if sys.platform == "darwin" else 1024)
    return Ran(seconds=seconds, cpu_seconds=cpu_seconds, peak_mb=peak_bytes / 1e6, said=said)


def practiq(config: Path, *words: str | Path, statuses: Sequence[int] = (0,)) -> Ran:
    """Run a command of practiq, as of this checkout."""
    return run([sys.executable, "-m", "service", "--config", config, *words], statuses=statuses)


def in_turns(turns: int, *works: Callable[[], T] | None) -> list[list[T]]:
    """Run these one after the other, so many times; give what each run of each gave. None is not run."""
    found: list[list[T]] = [[] for _ in works]
    for _ in range(turns):
        for ran, work in zip(found, works, strict=True):
            if work is not None:
                ran.append(work())
    return found
