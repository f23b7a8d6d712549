"""A line with faults: a proxy on loopback that cuts, stalls, refuses and rewrites what a real server says."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self


@dataclass
class Faults:
    """What goes wrong on the line; may be changed while it is in use."""

    cut_after: int | None = None  # bytes of a connection, both directions together
    stalls: bool = False  # takes all, and passes nothing on: half-open
    refuses: bool = False  # hangs up on whoever connects
    said: Callable[[bytes], bytes] | None = None  # a line of the server, to what is passed on
    asked: Callable[[bytes], bytes | None] | None = None  # a line of the client, to what we answer ourselves


class FaultyLine:
    """A proxy to a port of this machine."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self.faults = Faults()
        self.connected_at: list[float] = []  # monotonic
        self._lines: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def heal(self) -> None:
        """Nothing goes wrong any more; lines that stalled stay dead, as those behind a lost router do."""
        self.faults = Faults()

    def cut(self) -> None:
        """Cut all lines."""
        for line in self._lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Cut all lines, and listen no more."""
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.cut()
        for thread in self._threads:
            thread.join(timeout=5)
            assert not thread.is_alive()
        for line in self._lines:
            line.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                self.connected_at.append(time.monotonic())
                if self.faults.refuses:
                    client.close()
                    continue
                server = socket.create_connection(("127.0.0.1", self._target))
                line = _Line(self, client, server)
                self._lines += [client, server]
                for pump in (line.up, line.down):
                    thread = threading.Thread(target=pump, daemon=True)
                    self._threads.append(thread)
                    thread.start()


class _Line:
    def __init__(self, proxy: FaultyLine, client: socket.socket, server: socket.socket) -> None:
        self._proxy, self._client, self._server = proxy, client, server
        self._passed = 0
        self._dead = False
        self._turn = threading.Lock()

    def up(self) -> None:
        """What the client says."""
        with contextlib.suppress(OSError), self._client.makefile("rb") as asked:
            for line in asked:
                answer = self._proxy.faults.asked and self._proxy.faults.asked(line)
                if answer is None:
                    self._pass(line, self._server)
                else:
                    self._pass(answer, self._client)
        self._hang_up()

    def down(self) -> None:
        """What the server says."""
        with contextlib.suppress(OSError), self._server.makefile("rb") as said:
            for line in said:
                rewrite = self._proxy.faults.said
                self._pass(rewrite(line) if rewrite else line, self._client)
        self._hang_up()

    def _pass(self, words: bytes, to: socket.socket) -> None:
        with self._turn:
            faults = self._proxy.faults
            self._dead = self._dead or faults.stalls
            if self._dead:
                return
            left = None if faults.cut_after is None else faults.cut_after - self._passed
            self._passed += len(words)
            if left is not None and left < len(words):
                to.sendall(words[: max(left, 0)])
                raise ConnectionAbortedError
            to.sendall(words)

    def _hang_up(self) -> None:
        if self._dead:
            return  # nobody learns that the other side is gone
        for one in (self._client, self._server):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
