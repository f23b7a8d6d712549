"""Hundreds of letters go out over several lines at once: each once, whatever becomes of a line, a server or us."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import event

from service import claims, outbox
from service.accounts import SmtpAccount
from service.smtp import SmtpError
from service.store import open_store, read_store
from service.trouble_rows import list_troubles
from tests.agency import MAYA, passing_url
from tests.desk import Desk
from tests.processes import await_that
from tests.servers import SmtpSink

pytestmark = [pytest.mark.promise("P9", "P12"), pytest.mark.both_databases]

MINUTE = timedelta(minutes=1)


class Busy(SmtpSink):
    """An SMTP server that counts who is there at once, and can be told what to say to which line, by its number from 0."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = self.now = self.most = 0
        self.at_hello: Callable[[int], bytes | None] = lambda line: None
        self.at_mail: Callable[[int], str] = lambda line: "250 ok"
        self.at_content: Callable[[int], str | None] = lambda line: None
        self.hold: Callable[[], bool] = lambda: False  # asked at each final dot: to wait
        self.held = 0
        self.lets_go = False
        self.mails: Counter[int] = Counter()

    async def _start(self) -> asyncio.Server:
        sink = self

        class Line(SMTP):
            number = -1

            def connection_made(self, transport: Any) -> None:
                self.number = sink.lines
                sink.lines += 1
                sink.now += 1
                sink.most = max(sink.most, sink.now)
                if said := sink.at_hello(self.number):
                    transport.write(said)
                    transport.close()
                else:
                    super().connection_made(transport)

            def connection_lost(self, error: Exception | None) -> None:
                sink.now -= 1
                if self.session is not None:
                    super().connection_lost(error)

        return await asyncio.get_running_loop().create_server(
            lambda: Line(self, hostname="localhost"), "127.0.0.1", 0
        )

    async def handle_MAIL(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.mails[server.number] += 1
        said = self.at_mail(server.number)
        if said.startswith("250"):
            envelope.mail_from = address
        return said

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        if said := self.at_content(server.number):
            return said
        if self.hold():
            self.held += 1
            while not self.lets_go:
                await asyncio.sleep(0.01)
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def busy() -> Iterator[Busy]:
    """A server to send hundreds to."""
    with Busy() as server:
        yield server


def put(desk: Desk, count: int) -> list[bytes]:
    """So many letters, each with its own bytes."""
    contents = [f"Message-ID: <{number}@x>\r\n\r\nTwo.\r\n".encode() for number in range(count)]
    for number, content in enumerate(contents):
        desk.put(MAYA, key=str(number), content=content)
    return contents


def troubled(desk: Desk) -> bool:
    """Whether status says that something is wrong with the server."""
    with desk.store.transaction() as session:
        return bool(list_troubles(session))


@pytest.mark.parametrize(("letters", "lines"), [(1, 1), (99, 1), (100, 2), (199, 2), (200, 3), (450, 3)])
def test_lines_are_as_many_as_letters_are_worth(desk: Desk, busy: Busy, letters: int, lines: int) -> None:
    """An ordinary morning goes over one connection, hundreds over two or three; each letter goes once."""
    contents = put(desk, letters)

    assert desk.deliver(busy.port) == letters
    assert Counter(one.content for one in busy.letters) == Counter(contents)
    assert (busy.lines, busy.most) == (lines, lines)
    assert set(desk.states()) == {"sent"}


def test_those_that_wait_longest_go_first(desk: Desk, busy: Busy) -> None:
    """Over several lines a letter is behind its turn by no more than those that are on the others."""
    contents = put(desk, 210)
    desk.deliver(busy.port)
    came = [contents.index(one.content) for one in busy.letters]

    assert all(abs(turn - number) < 3 for turn, number in enumerate(came))


# ---------------------------------------------------------------- fewer are accepted

FEWER: list[dict[str, Callable[[int], Any]]] = [
    {"at_hello": lambda line: b"421 4.3.2 too many\r\n" if line in (1, 2) else None},
    {"at_hello": lambda line: b"554 5.3.2 too many\r\n" if line in (1, 2) else None},
    {
        "at_mail": lambda line: (
            "432 4.3.2 Concurrent connections limit exceeded" if line in (1, 2) else "250 ok"
        )
    },
    {"at_mail": lambda line: "530 5.7.0 log in" if line in (1, 2) else "250 ok"},
    {"at_mail": lambda line: "421 4.3.2 too many" if line in (1, 2) else "250 ok"},
    {
        "at_content": lambda line: (
            "432 4.3.2 Concurrent connections limit exceeded" if line in (1, 2) else None
        )
    },
]


@pytest.mark.parametrize("answers", FEWER, ids=["421", "554", "432-mail", "530-mail", "421-mail", "432-dot"])
def test_a_server_that_takes_fewer_lines_gets_fewer(
    desk: Desk, busy: Busy, answers: dict[str, Callable[[int], Any]]
) -> None:
    """A further line that is refused ends with its first letter, which waits; the first line sends the others."""
    vars(busy).update(answers)
    contents = put(desk, 250)
    further = 0 if "at_hello" in answers else 2

    assert desk.deliver(busy.port) == 250 - further
    assert [busy.mails[line] for line in range(3)] == [250 - further, *[further // 2] * 2]
    assert desk.states().count("ready") == further
    assert not troubled(desk)
    desk.clock.at += MINUTE
    assert desk.deliver(busy.port) == further
    assert Counter(one.content for one in busy.letters) == Counter(contents)


def test_a_letter_that_is_refused_ends_no_line(desk: Desk, busy: Busy) -> None:
    """5yz to a letter says nothing of how many lines there may be."""
    busy.at_content = lambda line: "554 5.6.0 not this one" if line else None
    put(desk, 250)
    sent = desk.deliver(busy.port)

    assert Counter(desk.states()) == {"sent": sent, "failed": 250 - sent}
    assert sent < 240


def test_a_server_that_takes_nothing_is_asked_over_one_line(desk: Desk, busy: Busy) -> None:
    """Before a letter was accepted there is one line only, and all letters wait where it fails."""
    busy.at_mail = lambda line: "550 5.7.1 not owned"
    put(desk, 250)
    with pytest.raises(SmtpError, match="takes no mail from"):
        desk.deliver(busy.port)

    assert busy.lines == 1
    assert desk.states() == ["ready"] * 250


def test_a_server_that_goes_away_is_left_alone(desk: Desk, busy: Busy) -> None:
    """Where the lines break in the middle, what was accepted is sent, all else waits, and no line holds on."""
    busy.at_mail = lambda line: "250 ok" if len(busy.letters) < 50 else "421 4.3.2 closing"
    put(desk, 250)
    with pytest.raises(SmtpError, match="broke off"):
        desk.deliver(busy.port)

    assert Counter(desk.states()) == {"sent": len(busy.letters), "ready": 250 - len(busy.letters)}
    assert busy.lines <= 3 + outbox.MAX_LOST
    assert troubled(desk)
    busy.at_mail = lambda line: "250 ok"
    desk.clock.at += 5 * MINUTE
    desk.deliver(busy.port)
    assert set(desk.states()) == {"sent"}
    assert len(set(busy.letters)) == len(busy.letters) == 250
    assert not troubled(desk)


# ---------------------------------------------------------------- noted, and noted in time


@pytest.fixture
def elsewhere(desk: Desk, desk_url: str) -> Iterator[Desk]:
    """The same letters, as another connection has them."""
    with closing(read_store(desk_url)) as other:
        yield Desk(other)


def test_each_line_has_one_letter_at_a_time(desk: Desk, elsewhere: Desk, busy: Busy) -> None:
    """At each final dot the letter is `sending`, and no more letters are than there are lines."""
    seen: list[int] = []

    def look(_: int) -> None:
        seen.append(elsewhere.states().count("sending"))

    busy.at_content = look
    put(desk, 250)
    desk.deliver(busy.port)

    assert len(seen) == 250
    assert set(seen) <= {1, 2, 3}
    assert seen[0] == 1


def test_a_slow_letter_delays_no_other(desk: Desk, elsewhere: Desk, busy: Busy) -> None:
    """While the server takes its time over one, the others are sent and noted; then it is, too."""
    first = iter([True])
    busy.hold = lambda: len(busy.letters) == 20 and next(first, False)
    put(desk, 250)
    work = threading.Thread(target=desk.deliver, args=(busy.port,), daemon=True)
    work.start()
    await_that(lambda: Counter(elsewhere.states()) == {"sent": 249, "sending": 1}, seconds=30)
    busy.lets_go = True
    work.join(30)

    assert set(desk.states()) == {"sent"}


def test_a_stop_settles_every_line(desk: Desk, busy: Busy) -> None:
    """None is claimed any more, and what is on the wire is noted."""
    put(desk, 250)
    to = SmtpAccount(host="127.0.0.1", port=busy.port, tls="none", username=None, password=None)
    sending = outbox.deliver(
        desk.store, to, desk.clock, allowed=[MAYA], stop=lambda: len(busy.letters) >= 100
    )
    sent = asyncio.run(sending)

    assert 100 <= sent <= 102
    assert Counter(desk.states()) == {"sent": sent, "ready": 250 - sent}


@pytest.mark.one_database("its file is moved away")
@pytest.mark.promise("P24")
def test_what_several_lines_had_accepted_is_noted_even_so(
    desk: Desk, busy: Busy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the database is gone for a while, each line keeps what it has to say of its letter: no second copy."""
    monkeypatch.setattr(claims, "NOTE_SECONDS", 0.01)
    there, away = tmp_path / "p.db", tmp_path / "away.db"
    tries = 0

    def settle(*given: Any) -> Any:
        nonlocal tries
        tries += away.exists()
        if tries == 5 and away.exists():
            away.rename(there)
        return settled(*given)

    def go(_: int) -> None:
        if len(busy.letters) == 60 and not tries:
            there.rename(away)

    settled = claims._settle
    monkeypatch.setattr(claims, "_settle", settle)
    busy.at_content = go
    contents = put(desk, 250)

    assert desk.deliver(busy.port) == 250
    assert tries == 5
    assert Counter(one.content for one in busy.letters) == Counter(contents)
    assert set(desk.states()) == {"sent"}


def test_a_line_that_ends_by_a_fault_takes_no_letter_with_it(
    desk: Desk, busy: Busy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it had to say is noted by the others, and no letter is claimed for it."""
    calls = itertools.count()

    def settle(*given: Any) -> Any:
        if next(calls) == 30:
            raise RuntimeError("nobody foresaw it")
        return settled(*given)

    settled = claims._settle
    monkeypatch.setattr(claims, "_settle", settle)
    contents = put(desk, 250)
    with pytest.raises(RuntimeError, match="nobody foresaw it"):
        desk.deliver(busy.port)

    assert set(desk.states()) == {"sent"}
    assert Counter(one.content for one in busy.letters) == Counter(contents)


def test_a_letter_costs_a_few_statements(busy: Busy) -> None:
    """However many wait: the claim, what became of it, and a transaction around them."""
    asked: list[str] = []
    with passing_url() as url, closing(open_store(url)) as store:
        desk = Desk(store)
        with store.transaction() as session:
            engine = session.connection().engine
        event.listen(
            engine, "begin", lambda _: asked.append("BEGIN")
        )  # which SQLite is told in words of ours, too
        event.listen(engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
        costs = []
        for count in (20, 60):
            put(desk, count)
            with store.transaction() as session:
                session.connection().exec_driver_sql("UPDATE letters SET key = key || 'x' || id")
            asked.clear()
            desk.deliver(busy.port)
            costs.append(sum(not one.startswith("BEGIN ") for one in asked))

    assert (costs[1] - costs[0]) / 40 == 3


# ---------------------------------------------------------------- kill -9


@pytest.mark.promise("P1")
def test_killed_with_three_letters_on_the_wire(desk: Desk, busy: Busy, smtp: SmtpSink, desk_url: str) -> None:
    """kill -9 while the server holds a letter of each line leaves those three in doubt, and no other comes twice."""
    busy.hold = lambda: len(busy.letters) >= 60
    contents = put(desk, 250)
    work = "import sys; from tests.desk import *; from service.store import open_store; "
    work += "Desk(open_store(sys.argv[1])).deliver(int(sys.argv[2]))"
    child = subprocess.Popen(
        [sys.executable, "-c", work, desk_url, str(busy.port)],
        cwd=Path(__file__).parent.parent,
    )
    try:
        await_that(lambda: busy.held == 3, seconds=30)
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    before = Counter(desk.states())
    accepted = Counter(one.content for one in busy.letters)
    desk.deliver(smtp.port)
    came = accepted + Counter(one.content for one in smtp.letters)

    assert before == {"sent": len(busy.letters), "sending": 3, "ready": 247 - len(busy.letters)}
    assert came == Counter(contents)  # the three were held, and never accepted
    assert sum(desk.row_of(content).doubts for content in contents) == 3
    assert set(desk.states()) == {"sent"}
