"""Many agencies, each with its inbox, and the workers that share them."""

from __future__ import annotations

import itertools
import random
import signal
import time
from collections import Counter, defaultdict
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import func, select

from service.kept_rows import KeptState, count_kept
from service.models import MessageRow, PositionRow
from service.said_models import DigestRow, LetterRow
from service.store import read_store
from tests.agency import mail, servers_of
from tests.postgres import Server
from tests.processes import ALWAYS_DUE, NOON, Practiq, await_that
from tests.servers import Dovecot, SmtpSink, User, free_port
from tests.systemd import DENY_WRITE_EXECUTE, Systemd

# Each pass leaves a line when it begins and when it ends: "agency began|ended pid time".
_TOLD = """
import os, time
from service import passes, worker
_made = passes.make_pass
def dawdle():
    pass
def make_pass(app):
    agency = app.office.agency.name
    with open({file!r}, "a") as told:
        told.write(f"{{agency}} began {{os.getpid()}} {{time.monotonic()}}\\n")
    dawdle()
    try:
        return _made(app)
    finally:
        with open({file!r}, "a") as told:
            told.write(f"{{agency}} ended {{os.getpid()}} {{time.monotonic()}}\\n")
passes.make_pass = make_pass
worker.TICK = "* * * * * */3"
"""
# Each pass dawdles, so that one may be stopped in the middle; a minute's silence takes seconds.
_DAWDLES = """
from service import lease, store
def dawdle():
    time.sleep(1)
lease.LOOK_SECONDS, lease.SILENT_LOOKS, lease.BEAT_SECONDS, store.BEAT_SECONDS = 0.1, 50, 0.5, 0.5
worker.DEAD_SECONDS, worker.HEARTBEAT_SECONDS, worker.RESCUE = 3, 1, "* * * * * */2"
"""
# The folder, and a database that is away, are looked at again at once.
_LOOKS_OFTEN = "worker.BEAT_SECONDS = worker.AGAIN_SECONDS = 0.5"


class Fleet:
    """These agencies, their mail, and what it has to come to."""

    def __init__(
        self, folder: Path, count: int, dovecot: Dovecot, postgresql: Server, smtp: SmtpSink
    ) -> None:
        self.smtp = smtp
        self._dovecot = dovecot
        self._postgresql = postgresql
        self.folder = folder / "agencies"
        self.folder.mkdir()
        self.told = folder / "told"
        self.told.touch()
        self.killed: dict[int, float] = {}  # when each worker was
        self._expected: Counter[str] = Counter()
        self._users: dict[str, User] = {}
        self._urls: dict[str, str] = {}
        for _ in range(count):
            self._found()

    def _found(self) -> str:
        """One agency more, which somebody asks something at once; its name."""
        name = f"agency{len(self._users):03}"
        self._users[name] = self._dovecot.new_user()
        self._urls[name] = self._postgresql.url_of(self.folder / name)
        self._write(name)
        self.asks(name)
        return name

    def _write(self, name: str) -> None:
        url, _, schema = self._urls[name].partition("&schema=")
        text = (
            f'[agency]\nname = "{name}"\ndomains = ["{name}.example"]\n[inbox]\naddress = "practiq@{name}.example"\n'
            f'[[account_managers]]\nname = "Maya Chen"\nemail = "maya@{name}.example"\ntimezone = "{NOON}"\n'
            f'[[workspaces]]\nname = "Acme"\ndomains = ["acme.example"]\naccount_manager = "maya@{name}.example"\n'
            f'[database]\nurl = "{url}"\nschema_name = "{schema}"\n'
        )
        text += servers_of(self._users[name], self.smtp) + ALWAYS_DUE
        (self.folder / f"{name}.toml").write_text(text, encoding="utf-8")

    def asks(self, name: str) -> None:
        """A client asks the account manager of an agency something."""
        number = self._expected[name] = self._expected[name] + 1
        words, to = f"Could you send number {number} of {name}?", f"maya@{name}.example"
        self._users[name].deliver(
            mail("dana@acme.example", words, to=to, cc=f"practiq@{name}.example", subject=f"Number {number}")
        )

    def work_and_stop(self) -> None:
        """Have one stand still in the middle of a pass, another one take over, and the first wake up."""
        with ExitStack() as open_:
            first = self._begun(open_, _DAWDLES)
            await_that(lambda: self._lines("began"))
            first.send(signal.SIGSTOP)
            for name in self._users:
                self.asks(name)  # so that there is something for each pass
            second = self._begun(open_, _DAWDLES)
            second.await_event("taking over from one that is silent")
            second.await_event("passed", count=len(self._users))
            first.send(signal.SIGCONT)
            first.await_event("pass failed")
            await_that(self.is_quiet)
            for one in (first, second):
                assert one.end()[0] == 0, one.lines[-20:]

    def work_and_be_left_alone(self, systemd: Systemd) -> None:
        """Have one begin before PostgreSQL is there, which is started anew later; an agency comes, another one is written wrong."""
        (name,) = self._users
        wrong = self.folder / "wrong.toml"
        wrong.write_text("[agency")
        self._postgresql.stop()
        with ExitStack() as open_:
            worker = self._begun(open_, DENY_WRITE_EXECUTE + _LOOKS_OFTEN, "--metrics-port", str(free_port()))
            worker.await_event("metrics")
            assert worker.await_event("configuration not taken")["agency"] == "wrong"
            worker.await_event("not at work")
            systemd.await_words("READY=1\nSTATUS=Waiting for the database")
            self._postgresql.start()
            systemd.await_words("READY=1\nSTATUS=At work, agencies: 1")
            systemd.await_words("WATCHDOG=1")
            await_that(self.is_quiet)
            systemd.pass_over()
            self._postgresql.restart()
            wrong.unlink()
            self._found()
            self.asks(name)
            systemd.await_words("READY=1\nSTATUS=At work, agencies: 2")
            await_that(self.is_quiet)
            systemd.pass_over()
            assert worker.end()[0] == 0, worker.lines[-20:]
            systemd.await_words("STOPPING=1\nSTATUS=Stopping")

    def work_and_kill(self, workers: int, kills: int, chance: random.Random) -> None:
        """Have so many at work while mail comes, of which one is killed now and then and another comes in its place."""
        with ExitStack() as open_:
            alive = [self._begun(open_) for _ in range(workers)]
            for _ in range(kills):
                for name in chance.sample(sorted(self._users), max(1, len(self._users) // 4)):
                    self.asks(name)
                begun = len(self._lines("began"))
                await_that(lambda begun=begun: len(self._lines("began")) >= begun + 3)
                time.sleep(chance.uniform(0, 0.5))
                victim = alive.pop(chance.randrange(len(alive)))
                self.killed[victim.process.pid] = time.monotonic()
                victim.end(signal.SIGKILL)
                alive.append(self._begun(open_))
            end = time.monotonic() + 120
            while not self.is_quiet():
                assert time.monotonic() < end, alive[0].lines[-20:]
                time.sleep(0.5)
            for one in alive:
                assert one.end()[0] == 0, one.lines[-20:]

    def _begun(self, open_: ExitStack, tuned: str = "", *words: str) -> Practiq:
        made = Practiq(self.folder, "worker", *words, tuned=_TOLD.format(file=str(self.told)) + tuned)
        open_.callback(_ended, made)
        return made

    def is_quiet(self) -> bool:
        """Whether all mail is read and every account manager's digest is sent."""
        return all(self._is_quiet(name) for name in self._users)

    def _is_quiet(self, name: str) -> bool:
        store = read_store(self._urls[name])
        with store.transaction() as session:
            kept = count_kept(session)
            sent = session.scalar(select(func.count(LetterRow.id)).where(LetterRow.state == "sent"))
        store.close()
        return kept[KeptState.READ] == self._expected[name] and sent == 1

    def _lines(self, what: str) -> list[list[str]]:
        return [line.split() for line in self.told.read_text().splitlines() if f" {what} " in line]

    def assert_no_pass_overlaps(self) -> None:
        """No two passes over an inbox at a time, whoever makes them."""
        ends = {(name, pid, n): float(at) for name, pid, n, at in self._numbered("ended")}
        spans: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for name, pid, n, at in self._numbered("began"):
            end = ends.get((name, pid, n)) or self.killed[int(pid)]
            spans[name].append((float(at), end))
        assert sum(map(len, spans.values())) > len(self._users)
        for some in spans.values():
            some.sort()
            assert all(one[1] <= other[0] for one, other in itertools.pairwise(some))

    def _numbered(self, what: str) -> list[tuple[str, str, int, str]]:
        seen: Counter[tuple[str, str]] = Counter()
        found = []
        for name, _, pid, at in self._lines(what):
            seen[name, pid] += 1
            found.append((name, pid, seen[name, pid], at))
        return found

    def assert_once(self) -> None:
        """Each mail was kept and read once, in its own agency, and each account manager has one digest."""
        for name, url in self._urls.items():
            store = read_store(url)
            with store.transaction() as session:
                subjects = sorted(session.scalars(select(MessageRow.subject)))
                uids = sorted(session.scalars(select(PositionRow.uid)))
                digests = list(session.scalars(select(DigestRow.manager)))
                owned = set(session.scalars(select(MessageRow.own)))
            store.close()
            count = self._expected[name]
            assert subjects == sorted(f"Number {n + 1}" for n in range(count))
            assert uids == list(range(1, count + 1))
            assert digests == [f"maya@{name}.example"]
            assert all(name in words for words in owned)
        came = Counter(to for letter in self.smtp.letters for to in letter.rcpt_tos)
        assert set(came) == {f"maya@{name}.example" for name in self._users}
        assert max(came.values()) <= 2
        twice = [to for to, times in came.items() if times == 2]
        assert len(twice) <= len(
            self.killed
        )  # one that a worker died with while it was on the wire comes once more


def _ended(made: Practiq) -> None:
    if made.process.poll() is None:
        made.process.kill()
    made.process.wait()
