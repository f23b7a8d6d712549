"""The wish that a command ends (Ctrl-C, SIGTERM), noted where it would end us in the middle."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

_WISHES = (signal.SIGINT, signal.SIGTERM)


@dataclass(slots=True)
class Stop:
    """Whether somebody wishes that we stop; asked from any thread."""

    number: int = 0  # of the signal; 0 where nobody does

    def __call__(self) -> bool:
        """Whether somebody does."""
        return bool(self.number)

    @property
    def status(self) -> int:
        """What a shell expects of a process that was stopped so; 0 where none was."""
        return 128 + self.number if self.number else 0


@contextmanager
def stoppable() -> Iterator[Stop]:
    """
    Have the first such signal noted, and the second one end us at once, which is no worse than a crash.

    For the main thread, which alone may say what a signal does.
    """
    stop = Stop()

    def note(number: int, _frame: FrameType | None) -> None:
        if stop():
            sys.stderr.flush()
            os._exit(128 + number)
        stop.number = number

    before = {one: signal.signal(one, note) for one in _WISHES}
    try:
        yield stop
    finally:
        for one, action in before.items():
            signal.signal(one, action)
