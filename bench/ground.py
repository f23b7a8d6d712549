"""Where the measuring happens: invented mail, a private Dovecot that holds it, an SMTP sink, configurations."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bench.runs import Failed, run
from tests.agency import mail
from tests.servers import PASSWORD, Dovecot, SmtpSink, User, dovecot_binary, free_port

AGENCY = "brightpath-agency.com"
INBOX = f"practiq@{AGENCY}"
SAM = f"sam@{AGENCY}"
MX = f"mx.{AGENCY}"
YARDSTICKS = Path(__file__).parent / "yardsticks"
_NO_DOVECOT = "Dovecot is needed: apt install dovecot-imapd dovecot-lmtpd"


@dataclass
class Ground:
    """An empty folder, and what runs in it until it is left; servers begin when they are first asked for."""

    folder: Path
    corpora: Path | None  # where invented mail is kept, on the same disk; None: in the folder
    messages: int  # of the mailbox that most is measured with
    turns: int
    deliveries: int
    letters: int
    _open: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        for made in ("work", "tmp"):
            (self.folder / made).mkdir()
        if self.corpora:
            (self.folder / "data").symlink_to(self.corpora)
        self.folder.chmod(0o755)  # Dovecot's processes run as other users
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    @property
    def many(self) -> int:
        """Messages of the mailbox that has grown."""
        return 5 * self.messages

    @property
    def few(self) -> int:
        """Messages of the mailbox that has hardly begun."""
        return max(self.messages // 10, 1)

    def work(self, name: str) -> Path:
        """A place for a file or folder of this run."""
        return self.folder / "work" / name

    # ---------------------------------------------------------------- mail

    def corpus(self, count: int) -> Path:
        """A folder with that many invented mails as a Maildir, always the same, and their clients."""
        made = self.folder / "data" / f"c{count}"
        if not (made / "done").exists():
            run([sys.executable, YARDSTICKS / "make_corpus.py", "--messages", str(count), "--out", made])
            (made / "done").touch()
        return made

    def client_mail(self, number: int) -> bytes:
        """One more mail of a client."""
        domain = self._clients[number % len(self._clients)]["domains"][0]
        return mail(
            f"dana@{domain}",
            f"Could you send the layouts of part {number}?",
            to=SAM,
            cc=INBOX,
            subject=f"Layouts, part {number}",
            verdict=f"{MX}; dmarc=pass header.from={domain}",
        )

    @cached_property
    def _clients(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads((self.corpus(self.few) / "clients.json").read_text())
        return found

    # ---------------------------------------------------------------- configurations

    def config(self, name: str, *, user: User | None = None, port: int | None = None) -> Path:
        """practiq's configuration with the database NAME.db; with that inbox, or another port that leads to it."""
        path = self.work(f"{name}.toml")
        lines = [*_head(self.work(f"{name}.db")), *_manager("Sam Ode", SAM)]
        for one in self._clients:
            lines += ["[[workspaces]]", f'account_manager = "{SAM}"']
            lines += [f"{key} = {json.dumps(one[key])}" for key in ("name", "domains", "aliases", "contacts")]
        if user:
            lines += ["[imap]", 'host = "127.0.0.1"', f"port = {port or user.server.port}", 'tls = "none"']
            lines += [f'username = "{user.name}"', f'password = "{PASSWORD}"']
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def morning_config(self, name: str, managers: int, *, smtp_port: int | None = None) -> Path:
        """One with that many account managers, a client each."""
        path = self.work(f"{name}.toml")
        lines = _head(self.work(f"{name}.db"))
        for number in range(managers):
            address = f"manager{number}@{AGENCY}"
            lines += _manager(f"Manager {number}", address)
            lines += ["[[workspaces]]", f'name = "Client {number} Works"', f'account_manager = "{address}"']
            lines += [f'domains = ["client{number}.example"]']
        if smtp_port:
            lines += ["[smtp]", 'host = "127.0.0.1"', f"port = {smtp_port}", 'tls = "none"']
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def without_database(self, config: Path) -> Path:
        """The same, its database gone."""
        for ending in (".db", ".db-wal", ".db-shm", ".db.lock"):
            config.with_suffix(ending).unlink(missing_ok=True)
        return config

    # ---------------------------------------------------------------- servers

    @cached_property
    def dovecot(self) -> Dovecot:
        """The private Dovecot."""
        if dovecot_binary() is None:
            raise Failed(_NO_DOVECOT)
        server = Dovecot(self.folder / "dovecot")
        server.start()
        self._open.callback(server.stop)
        return server

    def user(self, count: int) -> User:
        """The user u{count}, whose inbox holds the invented mails, listed by the server already."""
        user = User(self.dovecot, f"u{count}")
        if not user.maildir.exists():
            shutil.copytree(self.corpus(count) / "Maildir", user.maildir, copy_function=os.link)
            own(user.maildir.parent)
            look_through(user)
        return user

    @contextmanager
    def sink(self) -> Iterator[int]:
        """An SMTP server that throws away what it takes; Postfix's where it is here. Gives its port."""
        binary = smtp_sink_binary()
        if binary is None:
            with SmtpSink() as server:
                yield server.port
            return
        port = free_port()
        whose = ["-u", "nobody"] if os.getuid() == 0 else []
        process = subprocess.Popen(  # noqa: S603 -- our own words
            [binary, *whose, "-c", f"127.0.0.1:{port}", "200"], stdout=subprocess.DEVNULL
        )
        try:
            await_port(port)
            yield port
        finally:
            process.terminate()
            process.wait()


def smtp_sink_binary() -> str | None:
    """Where Postfix's smtp-sink is installed; None where it is not."""
    return shutil.which("smtp-sink", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def own(folder: Path) -> None:
    """Give a user's mail to whom Dovecot reads it as."""
    if os.getuid() == 0:
        for place, _, files in os.walk(folder):
            for one in (Path(place), *(Path(place, file) for file in files)):
                shutil.chown(one, "nobody", "nogroup")


def look_through(user: User) -> None:
    """Have the server look at a mailbox once, so that no first reader pays for its indexes."""
    import imaplib

    line = imaplib.IMAP4(user.server.host, user.server.port)
    line.login(user.name, PASSWORD)
    line.select("INBOX", readonly=True)
    line.fetch("1:*", "(INTERNALDATE RFC822.SIZE BODYSTRUCTURE)")
    line.logout()


def await_port(port: int) -> None:
    """Wait until somebody listens."""
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise Failed(f"nobody listens on port {port}")


def _head(database: Path) -> list[str]:
    return [
        "[agency]", 'name = "Brightpath"', f'domains = ["{AGENCY}"]',
        "[inbox]", f'address = "{INBOX}"',
        "[authentication]", f'trust = "{MX}"',
        "[database]", f'url = "sqlite:///{database}"',
        "[retention]", "mail = 3650",  # the invented mail has fixed dates, and none may be too old
        "[digest]", 'at = "23:59"',  # no morning falls into what is measured
    ]  # fmt: skip


def _manager(name: str, address: str) -> list[str]:
    return ["[[account_managers]]", f'name = "{name}"', f'email = "{address}"', 'timezone = "Europe/London"']
