"""A practiq whose every life is cut short while mail comes and digests go out, and the account of what came of it."""

from __future__ import annotations

import random
import signal
import threading
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as ON_THE_WIRE
from pathlib import Path
from zoneinfo import ZoneInfo

from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import func, select

from service.kept_rows import KeptState, count_kept
from service.models import KeptRow, MessageRow, PositionRow, RawRow
from service.said_models import DigestRow, LetterContentRow, LetterRow, MarkRow, OrderRow
from service.store import read_store
from tests.agency import AUTHENTICATION, INBOX, mail, servers_of
from tests.processes import Practiq, running, zone_at_noon
from tests.servers import SmtpSink, User

MANAGERS = 24
APART = timedelta(seconds=7)  # from one account manager's digest to the next one's
START_SECONDS = 3.0  # about what a start takes
LIFE_SECONDS = 2.0  # the longest life from `running` on
PATIENCE = 12.0  # for a chosen moment, which may not come in this life

# Ticks are quick, so that a short life has many; and it ends where it is told to.
_BUSY = "from service import scheduler\nscheduler.TICK_SECONDS = scheduler.BEAT_SECONDS = 0.4\n"
_AT_COMMIT = """
import itertools, os, signal
from sqlalchemy import event
from sqlalchemy.orm import Session
_left = itertools.count({commits}, -1)
event.listen(Session, "{moment}", lambda _: next(_left) or os.kill(os.getpid(), signal.SIGKILL))
"""
_writing = threading.Lock()  # mails are numbered


class DeadlySink(SmtpSink):
    """An SMTP server that takes a letter and kills `prey` before it answers, who so never learns of it."""

    prey: Practiq | None = None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        said = await super().handle_DATA(server, session, envelope)
        prey, self.prey = self.prey, None
        if prey:
            prey.send(signal.SIGKILL)
            prey.process.wait()
        return said


class Agency:
    """An agency whose practiq is killed time and again: its servers, its mail, and what it has to come to."""

    def __init__(self, folder: Path, url: str, user: User, smtp: DeadlySink, seed: int) -> None:
        self.user, self.smtp = user, smtp
        self.url = url
        self.random = random.Random(seed)
        self.kills: Counter[str] = Counter()
        self.at_work = 0  # kills of one that had said that it runs
        self.answered: set[str] = set()  # account managers who replied
        self.orphans: set[int] = set()
        began = datetime.now(UTC)
        self._zone = zone_at_noon(began)
        self._first = began.astimezone(ZoneInfo(self._zone)) + timedelta(seconds=12)
        self.config = self._configured(folder)
        for number in range(MANAGERS):
            self._asks(number)

    def _configured(self, folder: Path) -> Path:
        text = (
            f'[agency]\nname = "Northlight"\ndomains = ["northlight.example"]\n[inbox]\naddress = "{INBOX}"\n'
        )
        text += AUTHENTICATION + servers_of(self.user, self.smtp)
        text += '[digest]\ndays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]\n'
        text += f'[database]\nurl = "{self.url}"\n'
        for n in range(MANAGERS):
            at = (self._first + n * APART).time().isoformat("seconds")
            text += f'[[account_managers]]\nname = "Manager {n}"\nemail = "{manager(n)}"\ntimezone = "{self._zone}"\n'
            text += (
                f'digest_at = "{at}"\n[[workspaces]]\nname = "Client {n}"\ndomains = ["client{n}.example"]\n'
            )
            text += f'account_manager = "{manager(n)}"\n'
        path = folder / "config.toml"
        path.write_text(text)
        return path

    def _asks(self, number: int) -> None:
        """A client asks their account manager something."""
        words, now = f"Could you tell me when number {time.monotonic_ns()} is ready?", datetime.now(UTC)
        author = f"dana@client{number}.example"
        with _writing:
            raw = mail(author, words, to=manager(number), subject=words[18:-1], at=now)
        self.user.deliver(raw)

    def _reply(self) -> None:
        """Each account manager whose digest came replies to it, once."""
        for letter in list(self.smtp.letters):
            (to,) = letter.rcpt_tos
            if to in self.answered or not id_of(letter.content).startswith("<digest."):
                continue
            self.answered.add(to)
            words = "done 1" if len(self.answered) % 2 else "snooze 1 until next week"
            with _writing:
                raw = mail(to, words, to=INBOX, cc="", answers=letter.content, at=datetime.now(UTC))
            self.user.deliver(raw)

    @contextmanager
    def mail_comes(self) -> Iterator[None]:
        """Clients write and account managers reply all the time."""
        over = threading.Event()

        def come() -> None:
            chance = random.Random(self.random.random())
            while not over.wait(chance.uniform(0.1, 1)):
                self._asks(chance.randrange(MANAGERS))
                self._reply()

        coming = threading.Thread(target=come)
        coming.start()
        try:
            yield
        finally:
            over.set()
            coming.join()

    def live(self) -> None:
        """A life of practiq, and its end at a moment of chance or of choice."""
        moment = self.random.choices(["starting", "running", "letter", "commit"], [2, 3, 3, 3])[0]
        tuned = _BUSY
        if moment == "commit":
            when = self.random.choice(["before_commit", "after_commit"])
            tuned += _AT_COMMIT.format(commits=self.random.randrange(40), moment=when)
        with running(self.config, tuned=tuned) as practiq:
            if moment == "starting":
                self._watch(practiq, self.random.uniform(0.05, START_SECONDS))
            else:
                self.smtp.prey = practiq if moment == "letter" else None
                self._watch(practiq, 30, until="running")
                self._watch(
                    practiq, self.random.uniform(0, LIFE_SECONDS) if moment == "running" else PATIENCE
                )
                self.smtp.prey = None
            status, _ = practiq.end(signal.SIGKILL)
        assert status == -signal.SIGKILL, "\n".join(practiq.lines)
        self.kills[moment] += 1
        self.at_work += bool(practiq.events("running"))
        assert not practiq.events("tick failed") + practiq.events("watch failed"), "\n".join(practiq.lines)

    def _watch(self, practiq: Practiq, seconds: float, until: str = "") -> None:
        """Let it live so long, or until it says so, or is dead."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and practiq.process.poll() is None:
            if until and practiq.events(until):
                return
            self.orphans.update(practiq.children())
            time.sleep(0.03)

    def live_in_peace(self, seconds: float) -> None:
        """A last life, until nothing is left to do, and then an end in order."""
        end = time.monotonic() + seconds
        with running(self.config, tuned=_BUSY) as practiq:
            while not self._is_quiet() and time.monotonic() < end:
                self._reply()
                time.sleep(0.2)
            self.orphans.update(practiq.children())
            status, _ = practiq.end()
        assert status == 0, "\n".join(practiq.lines)
        assert self._is_quiet(), "\n".join(practiq.lines[-20:])

    def _is_quiet(self) -> bool:
        store = read_store(self.url)
        with store.transaction() as session:
            kept, orders = count_kept(session), session.scalar(select(func.count(OrderRow.id)))
            open_letters = select(func.count(LetterRow.id)).where(LetterRow.state.in_(["ready", "sending"]))
            waiting = session.scalar(open_letters)
        store.close()
        all_read = sum(kept.values()) == len(self.inbox()) and not kept[KeptState.UNREAD]
        return all_read and not waiting and len(self.answered) == orders == MANAGERS

    def inbox(self) -> list[bytes]:
        """What was delivered."""
        files = [*(self.user.maildir / "cur").iterdir(), *(self.user.maildir / "new").iterdir()]
        return [lines_of(one.read_bytes()) for one in files]

    def rows(self) -> Rows:
        """What the database holds in the end."""
        return Rows(self.url)


class Rows:
    """What a database holds."""

    def __init__(self, url: str) -> None:
        store = read_store(url)
        with store.transaction() as session:
            self.kept = [
                (lines_of(zlib.decompress(raw)), state)
                for raw, state in session.execute(
                    select(RawRow.raw, KeptRow.state)
                    .join(KeptRow, KeptRow.id == RawRow.kept)
                    .order_by(KeptRow.id)
                )
            ]
            self.positions = [(one.uid, one.kept) for one in session.scalars(select(PositionRow))]
            self.messages = [one.kept for one in session.scalars(select(MessageRow))]
            self.letters = list(session.scalars(select(LetterRow)))
            self.contents = {
                one.letter: lines_of(one.content) for one in session.scalars(select(LetterContentRow))
            }
            self.digests = [(one.manager, one.letter) for one in session.scalars(select(DigestRow))]
            self.orders = [one.by for one in session.scalars(select(OrderRow))]
            self.marks = [(one.manager, one.kind) for one in session.scalars(select(MarkRow))]
            session.expunge_all()
        store.close()


def manager(number: int) -> str:
    """The address of an account manager."""
    return f"manager{number}@northlight.example"


def lines_of(raw: bytes) -> bytes:
    """A mail without the difference that a file or a wire makes to the ends of its lines."""
    return raw.replace(b"\r\n", b"\n").rstrip(b"\n")


def id_of(raw: bytes) -> str:
    """The Message-ID of a letter."""
    parsed = message_from_bytes(raw, policy=ON_THE_WIRE)
    assert isinstance(parsed, EmailMessage)
    return str(parsed["Message-ID"])


def is_at_work(pid: int) -> bool:
    """Whether a process is there, and not only its number."""
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except (FileNotFoundError, ProcessLookupError):
        return False
