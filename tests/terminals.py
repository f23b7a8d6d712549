"""A real terminal, of the size that most have, and what it was told."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import struct
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

ROWS, COLUMNS = 24, 80
_STEERING = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass
class Terminal:
    """One side of a pseudo-terminal; a program has the other, `line`."""

    line: int
    _told: bytearray = field(default_factory=bytearray)

    @property
    def told(self) -> str:
        """All that it was told, with what steers it."""
        return self._told.decode(errors="replace")

    @property
    def lines(self) -> list[str]:
        """All that it showed on a line at one time or another, in order."""
        return [_STEERING.sub("", one).rstrip() for one in re.split(r"[\r\n]+", self.told)]

    def read(self, held: int) -> None:
        """Take what it is told, until nobody has the other side any more."""
        with contextlib.suppress(OSError):
            while some := os.read(held, 65_536):
                self._told += some


@contextmanager
def terminal() -> Iterator[Terminal]:
    """A terminal; what it was told is complete when the block is left."""
    held, line = pty.openpty()
    fcntl.ioctl(line, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    made = Terminal(line)
    reader = threading.Thread(target=made.read, args=(held,), daemon=True)
    reader.start()
    try:
        yield made
    finally:
        os.close(line)
        reader.join(timeout=10)
        os.close(held)
