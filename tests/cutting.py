"""A line to a server that breaks once, after as many bytes as a test says."""

from __future__ import annotations

import contextlib
import socket
import threading


class CuttingProxy:
    """
    Passes on what either side says; once a side has said `number` bytes, both are cut off, once.

    Connections after that one are whole.
    """

    def __init__(self, port: int, number: int, *, of_server: bool) -> None:
        self._to = port
        self._left = number
        self._of_server = of_server
        self.has_cut = False
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._lines: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._threads[0].start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._socket.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                self._lines += [near, far]
                for one in (near, far):  # else small pieces wait for each other's acknowledgement
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for source, target, is_cut in (
                    (near, far, not self._of_server),
                    (far, near, self._of_server),
                ):
                    thread = threading.Thread(
                        target=self._pass_on, args=(source, target, is_cut), daemon=True
                    )
                    self._threads.append(thread)
                    thread.start()

    def _pass_on(self, source: socket.socket, target: socket.socket, is_cut: bool) -> None:
        with contextlib.suppress(OSError):
            while True:
                if is_cut and self._left == 0 and not self.has_cut:
                    break
                # One byte less than a whole read may be all that is let through.
                some = source.recv(min(self._left, 65_536) if is_cut and not self.has_cut else 65_536)
                if not some:
                    break
                if is_cut and not self.has_cut:
                    self._left -= len(some)
                target.sendall(some)
            if is_cut and self._left == 0:
                self.has_cut = True
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Hang up on everybody and stop listening."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        for one in self._lines:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=5)
            assert not thread.is_alive()
        for one in (self._socket, *self._lines):
            one.close()
