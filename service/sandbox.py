"""Reads mail in a process of its own, which a mail may break: that ends the process, and only that mail's reading."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from parsers.anatomy import Anatomy, anatomy_of
from parsers.message import UnreadableMessage
from service.errors import SandboxError

SECONDS = 10.0  # promises.md P4; an ordinary mail takes some milliseconds
MEMORY_BYTES = 512_000_000
START_SECONDS = 60.0  # on a machine that is very busy

# Threads and locks of this process must not be copied into the other one, as a fork would.
_PROCESSES = multiprocessing.get_context("spawn")


@dataclass(slots=True)
class Sandbox:
    """
    A process that takes mail apart, begun when it is first needed, and again after it was ended.

    For any thread; one mail at a time. It ends with this process, however that ends.
    """

    read: Callable[[bytes], Anatomy] = anatomy_of  # importable by its name
    seconds: float = SECONDS
    memory_bytes: int = MEMORY_BYTES
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _running: tuple[BaseProcess, Connection] | None = None

    def anatomy_of(self, raw: bytes) -> Anatomy:
        """
        The mail in these bytes, taken apart.

        Raises UnreadableMessage where they hold none, or where reading them takes too long or too
        much, or ends the process; SandboxError where there is no process to be had.
        """
        with self._turn:
            _, line = self._running or self._begin()
            try:
                line.send_bytes(raw)
                if not line.poll(self.seconds):
                    self._end()
                    raise UnreadableMessage(f"reading it took more than {self.seconds:g} seconds")
                read = line.recv()
            except (EOFError, OSError) as fault:
                code = self._end()
                raise UnreadableMessage(f"reading it ended the process that read it ({code})") from fault
        if isinstance(read, Anatomy):
            return read
        raise UnreadableMessage(str(read))

    def close(self) -> None:
        """End the process, if there is one."""
        with self._turn:
            self._end()

    def _begin(self) -> tuple[BaseProcess, Connection]:
        ours, theirs = _PROCESSES.Pipe()
        process = _PROCESSES.Process(
            target=_serve, args=(theirs, self.read, self.memory_bytes), name="practiq reader", daemon=True
        )
        try:
            process.start()
        except OSError as fault:
            raise SandboxError(
                f"The process that reads mail cannot be started: {fault}.",
                hint="Free some memory; the mail is kept, and is read when we ask again.",
            ) from fault
        theirs.close()
        self._running = process, ours
        if not ours.poll(START_SECONDS):
            self._end()
            raise SandboxError(
                f"The process that reads mail did not start within {START_SECONDS:g} seconds.",
                hint="This machine is very busy; the mail is kept, and is read when we ask again.",
            )
        ours.recv()
        return self._running

    def _end(self) -> int | None:
        """End the process; give what it ended with."""
        if self._running is None:
            return None
        process, line = self._running
        self._running = None
        process.kill()
        process.join()
        line.close()
        code = process.exitcode
        process.close()
        return code


def _serve(line: Connection, read: Callable[[bytes], Anatomy], memory_bytes: int) -> None:
    """Take mail apart until the line ends: what is found, or in words why nothing is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that we read for
    logging.disable()  # what libraries say of a mail holds its words (promises.md P20)
    _limit_memory(memory_bytes)
    line.send("ready")
    with contextlib.suppress(EOFError, OSError):
        while True:
            raw = line.recv_bytes()
            try:
                line.send(read(raw))
            except UnreadableMessage as fault:
                line.send(str(fault))
            except MemoryError:
                line.send(f"reading it takes more than {memory_bytes // 1_000_000} MB of memory")
            except Exception as fault:  # noqa: BLE001 -- whatever a mail breaks, those behind it go on
                line.send(f"{type(fault).__name__}: {fault}")


def _limit_memory(memory_bytes: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
