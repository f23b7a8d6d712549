"""What a service says to systemd, taken by a test."""

from __future__ import annotations

import contextlib
import socket

# As MemoryDenyWriteExecute= has it: no memory that was written is ever run (prctl(2), PR_SET_MDWE).
DENY_WRITE_EXECUTE = "import ctypes\nctypes.CDLL(None).prctl(65, 1, 0, 0, 0)\n"


class Systemd:
    """Takes what a service says."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line

    def next(self, seconds: float = 30) -> str:
        """What is said next; TimeoutError where nothing is for that long."""
        self._line.settimeout(seconds)
        return self._line.recv(4096).decode()

    def pass_over(self) -> None:
        """Take what was said until now: a line takes only so much that nobody has taken yet, and loses the rest."""
        with contextlib.suppress(TimeoutError):
            while True:
                self.next(0.05)

    def await_words(self, words: str) -> None:
        """Wait until this is said."""
        while self.next() != words:
            pass
