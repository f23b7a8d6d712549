"""What systemd is told of the service, by sd_notify(3); where nobody wants to know, nothing."""

from __future__ import annotations

import os
import socket
from collections.abc import MutableMapping
from contextlib import suppress


class Notifier:
    """
    The line to systemd, as it stands in the environment; it is taken out of there, so that no child has it.

    A systemd that does not listen stops nobody: nothing here raises.
    """

    def __init__(self, environ: MutableMapping[str, str]) -> None:
        self._address = environ.pop("NOTIFY_SOCKET", "")
        watched, pid = environ.pop("WATCHDOG_USEC", ""), environ.pop("WATCHDOG_PID", "")
        self._is_watched = bool(watched) and pid in ("", str(os.getpid()))
        self._status = ""

    def ready(self, status: str) -> None:
        """The service does what it is to do now: this."""
        if status != self._status:
            self._status = status
            self._say(f"READY=1\nSTATUS={status}")

    def alive(self) -> None:
        """Something was done that only a service does that does not hang."""
        if self._is_watched:
            self._say("WATCHDOG=1")

    def stopping(self) -> None:
        """The service ends."""
        self._say("STOPPING=1\nSTATUS=Stopping")

    def _say(self, words: str) -> None:
        if not self._address:
            return
        name = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.setblocking(False)
            line.sendto(words.encode(), name)
