"""A server that is further away: a proxy on loopback that takes its time, and counts what it passes on."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

_CHUNK = 1 << 16


class Line:
    """A proxy to a port of this machine, with a round-trip time of its own."""

    def __init__(self, port: int, *, round_trip_seconds: float = 0.0) -> None:
        self._target = port
        self._delay = round_trip_seconds / 2
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self.round_trips = 0  # how often a client spoke after the server had: commands sent together are one
        self._sockets: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in (self._listening, *self._sockets):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
                for one in (client, server):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._sockets += [client, server]
                turn = _Turn(self)
                self._pump(client, server, turn.client_said)
                self._pump(server, client, turn.server_said)

    def _pump(self, source: socket.socket, to: socket.socket, note: Callable[[bytes], None]) -> None:
        """Pass on what the source says, each piece after the delay, however much is under way."""
        under_way: queue.Queue[tuple[float, bytes]] = queue.Queue()

        def take() -> None:
            words = b"begin"
            while words:
                try:
                    words = source.recv(_CHUNK)
                except OSError:
                    words = b""
                if words:
                    note(words)
                under_way.put((time.monotonic() + self._delay, words))

        def give() -> None:
            with contextlib.suppress(OSError):
                while True:
                    at, words = under_way.get()
                    if (wait := at - time.monotonic()) > 0:
                        time.sleep(wait)
                    if not words:
                        to.shutdown(socket.SHUT_WR)
                        return
                    to.sendall(words)

        for work in (take, give):
            threading.Thread(target=work, daemon=True).start()


class _Turn:
    """Whose turn it is to speak on one connection."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._server_spoke = True  # it greets

    def client_said(self, _words: bytes) -> None:
        self._line.round_trips += self._server_spoke
        self._server_spoke = False

    def server_said(self, _words: bytes) -> None:
        self._server_spoke = True
