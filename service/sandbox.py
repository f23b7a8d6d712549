"""Reads mail in processes of their own, which a mail may break: that ends the process, and only that mail's reading."""

from __future__ import annotations

import contextlib
import gc
import logging
import math
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import IO, TYPE_CHECKING, Any, TypeVar, cast

from parsers.unreadable import UnreadableMessage
from service.errors import SandboxError, where_of
from service.packing import Packed

if TYPE_CHECKING:  # reading is what most commands do without
    from parsers.anatomy import Anatomy
    from parsers.meaning import Meaning, Utterance

SECONDS = 10.0  # promises.md P4; an ordinary mail takes some milliseconds
MEMORY_BYTES = 512_000_000
PROCESSES = 4  # more than storing keeps up with
LEAST_SAID = 8  # messages, for which another process is worth its while
_GARBAGE = 50_000  # values, after which cycles are looked for: a mail makes thousands, and hardly a cycle
START_SECONDS = 60.0  # on a machine that is very busy

_COMMAND = [sys.executable, "-c", "from service.sandbox import serve; serve()"]
_LENGTH_BYTES = 8
_T = TypeVar("_T")


@dataclass(slots=True)
class Sandbox:
    """
    Processes that take mail apart, begun when they are needed, and again after they were ended.

    For any thread; one mail at a time in each of them. They end with this process, however that ends. Not
    those of multiprocessing: a fork would copy locks that other threads hold, and a spawn runs the main
    module again, whoever's that is.
    """

    trust: str | None = None  # the authserv-id of our own server
    read: Callable[[bytes], Anatomy] | None = None  # importable by its name; None for `anatomy_of`
    seconds: float = SECONDS
    memory_bytes: int = MEMORY_BYTES
    processes: int = min(PROCESSES, os.cpu_count() or 1)  # as many mails at a time
    _all: list[_Process] = field(default_factory=list)
    _idle: queue.LifoQueue[_Process] = field(default_factory=queue.LifoQueue)  # the last one is warm
    _is_lent: bool = False

    def __post_init__(self) -> None:
        if not self._all:
            self._all = [_Process(self.read, self.seconds, self.memory_bytes) for _ in range(self.processes)]
            for one in self._all:
                self._idle.put(one)

    def lent(self, trust: str | None) -> Sandbox:
        """The same processes for an agency whose own server is this one; they outlive its `close`."""
        return replace(self, trust=trust, _is_lent=True)

    def anatomy_of(self, raw: bytes) -> Anatomy:
        """
        The mail in these bytes, Packed or not, taken apart.

        Raises UnreadableMessage where they hold none, or where reading them takes too long or too
        much, or ends the process; SandboxError where there is no process to be had.
        """
        (found,) = self.anatomies_of([raw])
        if isinstance(found, UnreadableMessage):
            raise found
        return found

    def anatomies_of(self, raws: Sequence[bytes]) -> list[Anatomy | UnreadableMessage]:
        """Each of these mails taken apart, or why it cannot be; some in one go are cheaper. SandboxError as above."""
        with self._one() as process:
            answers = process.ask(list(raws), self.trust)
            if isinstance(answers, str) and len(raws) > 1:
                # Which of them it was shows when each is asked for.
                answers = [one for raw in raws for one in _listed(process.ask([raw], self.trust))]
        return [UnreadableMessage(one) if isinstance(one, str) else one for one in _listed(answers)]

    def meanings_of(self, said: Sequence[Utterance]) -> list[Meaning]:
        """What each of these messages says; raises as `anatomy_of` does."""
        size = max(math.ceil(len(said) / self.processes), LEAST_SAID)
        parts = [said[at : at + size] for at in range(0, len(said), size)]
        with ThreadPoolExecutor(self.processes) as pool:
            return [one for part in pool.map(self._meanings_of, parts) for one in part]

    def _meanings_of(self, said: Sequence[Utterance]) -> list[Meaning]:
        with self._one() as process:
            if not process.has_learned:
                process.learn()
            answer = process.ask(list(said))
        if isinstance(answer, list):
            return answer
        raise UnreadableMessage(str(answer))

    @contextmanager
    def _one(self) -> Iterator[_Process]:
        process = self._idle.get()
        try:
            yield process
        finally:
            self._idle.put(process)

    def close(self) -> None:
        """End the processes that there are, unless they are lent."""
        for one in () if self._is_lent else self._all:
            one.close()

    def kill(self) -> None:
        """End the processes for good and at once, even while they read; those mails stay unread."""
        for one in self._all:
            one.kill()


@dataclass(slots=True)
class _Process:
    """One of them."""

    read: Callable[[bytes], Anatomy] | None
    seconds: float
    memory_bytes: int
    running: subprocess.Popen[bytes] | None = None
    has_learned: bool = False
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _killed: bool = False

    def ask(self, asked: list[bytes] | list[Utterance], trust: str | None = None) -> Any:
        """What it makes of mails, or of what messages say; a sentence where that is nothing."""
        with self._turn:
            if self.running is None:
                self._begin()
            return self._ask(pickle.dumps((asked, trust)), self.seconds)

    def learn(self) -> None:
        """Have it load what practiq has learned, which takes its time."""
        with self._turn:
            if self.running is None:
                self._begin()
            self.has_learned = self._ask(pickle.dumps(([], None)), START_SECONDS) == []

    def close(self) -> None:
        with self._turn:
            self._end()

    def kill(self) -> None:
        self._killed = True
        if (process := self.running) is not None:
            process.kill()

    def _begin(self) -> None:
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        try:
            self.running = subprocess.Popen(  # noqa: S603 -- our own command, without a word of a mail # nosec B603
                _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
            )
        except OSError as fault:
            raise SandboxError(
                f"The process that reads mail cannot be started: {fault}.",
                hint="Free some memory; the mail is kept, and is read when we ask again.",
            ) from fault
        if (answer := self._ask(pickle.dumps((self.read, self.memory_bytes)), START_SECONDS)) != "ready":
            self._end()
            raise SandboxError(
                f"The process that reads mail did not start: {answer}.",
                hint="Nothing is lost: the mail is kept, and is read when we ask again.",
            )

    def _ask(self, content: bytes, seconds: float) -> Any:
        """What the process answers; a sentence where it does not, and then it is no more."""
        process = self.running
        assert process
        assert process.stdin
        assert process.stdout
        outran = threading.Event()

        def end() -> None:
            outran.set()
            process.kill()

        timer = threading.Timer(seconds, end)
        timer.start()
        try:
            _write(process.stdin, content)
            return pickle.loads(_read(process.stdout))  # noqa: S301 -- our own process wrote it # nosec B301
        except (EOFError, OSError):
            code = self._end()
            if self._killed:
                raise SandboxError(
                    "The process that reads mail was ended.",
                    hint="Nothing is lost: the mail is kept, and is read when we ask again.",
                ) from None
            if outran.is_set():
                return f"reading it took more than {seconds:g} seconds"
            return f"reading it ended the process that read it ({code})"
        finally:
            timer.cancel()
            timer.join()
            if outran.is_set():
                self._end()

    def _end(self) -> int | None:
        """End the process; give what it ended with."""
        process, self.running, self.has_learned = self.running, None, False
        if process is None:
            return None
        with contextlib.suppress(OSError), process:
            process.kill()
        return process.returncode


def serve() -> None:
    """Take mail apart until there is no more: what is found, or in words why nothing is."""
    for stop in (signal.SIGINT, signal.SIGTERM):  # these are for the process that we read for; it ends us
        signal.signal(stop, signal.SIG_IGN)
    gc.set_threshold(_GARBAGE)
    logging.disable()  # what libraries say of a mail holds its words (promises.md P20)
    mails, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not answer
    read, memory_bytes = pickle.loads(_read(mails))  # noqa: S301 -- our own process wrote it # nosec B301
    if read is None:
        from parsers.anatomy import anatomy_of
    _limit_memory(memory_bytes)
    _write(answers, pickle.dumps("ready"))
    with contextlib.suppress(EOFError, OSError):
        while True:
            asked, trust = pickle.loads(_read(mails))  # noqa: S301 -- our own process wrote it # nosec B301
            reading = read or partial(anatomy_of, trust=trust)
            _write(answers, pickle.dumps(_answer(reading, asked, memory_bytes)))


def _answer(
    read: Callable[[bytes], Anatomy], asked: list[bytes] | list[Utterance], memory_bytes: int
) -> list[Anatomy | str] | list[Meaning] | str:
    if asked and isinstance(asked[0], bytes):
        return [_tried(partial(_read_unpacked, read, one), memory_bytes) for one in asked]
    from service.weights import understood  # only who understands loads what was learned

    return _tried(partial(understood, cast("list[Utterance]", asked)), memory_bytes)


def _read_unpacked(read: Callable[[bytes], Anatomy], mail: bytes) -> Anatomy:
    return read(mail.raw if isinstance(mail, Packed) else mail)


def _tried(made: Callable[[], _T], memory_bytes: int) -> _T | str:
    """What comes of it, or in words why nothing does."""
    try:
        return made()
    except UnreadableMessage as fault:
        return str(fault)
    except MemoryError:
        return f"reading it takes more than {memory_bytes // 1_000_000} MB of memory"
    except Exception as fault:  # noqa: BLE001 -- whatever a mail breaks, those behind it go on
        return "{fault} at {at}".format_map(where_of(fault))  # its own words may be the mail's


def _listed(answer: list[Anatomy | str] | str) -> list[Anatomy | str]:
    return [answer] if isinstance(answer, str) else answer


def _write(line: IO[bytes], content: bytes) -> None:
    line.write(len(content).to_bytes(_LENGTH_BYTES, "big"))
    line.write(content)
    line.flush()


def _read(line: IO[bytes]) -> bytes:
    length = int.from_bytes(_exactly(line, _LENGTH_BYTES), "big")
    return _exactly(line, length)


def _exactly(line: IO[bytes], length: int) -> bytes:
    content = line.read(length)
    if len(content) < length:
        raise EOFError
    return content


def _limit_memory(memory_bytes: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
