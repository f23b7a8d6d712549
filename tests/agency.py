"""A small agency for the tests: its configuration, its mail, and practiq at work for it."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from service import watching
from service.app import App, build
from service.config import load
from tests import postgres
from tests.servers import PASSWORD, SmtpSink, User

INBOX = "practiq@northlight.example"
MAYA, SAM = "maya@northlight.example", "sam@northlight.example"
DANA, HANK = "dana@acme.example", "hank@globex.example"
MX = "mx.northlight.example"

CONFIG = f"""
[agency]
name = "Northlight"
domains = ["northlight.example"]
[inbox]
address = "{INBOX}"
[[account_managers]]
name = "Maya Chen"
email = "{MAYA}"
timezone = "America/New_York"
[[account_managers]]
name = "Sam Ode"
email = "{SAM}"
timezone = "Europe/London"
[[workspaces]]
name = "Acme Corp"
domains = ["acme.example"]
account_manager = "{MAYA}"
[[workspaces]]
name = "Globex"
domains = ["globex.example"]
account_manager = "{SAM}"
"""
AUTHENTICATION = f'[authentication]\ntrust = "{MX}"\n'


@dataclass
class Clock:
    """A time that stands still until it is moved."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 10, 12, 0, tzinfo=UTC))  # a Tuesday

    def __call__(self) -> datetime:
        return self.at

    def to(self, words: str) -> datetime:
        self.at = datetime.fromisoformat(words)
        return self.at


def servers_of(user: User | None = None, smtp: SmtpSink | None = None) -> str:
    """The configuration's tables for these servers."""
    text = ""
    if user:
        text += f'[imap]\nhost = "127.0.0.1"\nport = {user.server.port}\ntls = "none"\n'
        text += f'username = "{user.name}"\npassword = "{PASSWORD}"\n'
    if smtp:
        text += f'[smtp]\nhost = "127.0.0.1"\nport = {smtp.port}\ntls = "none"\n'
    return text


def database_url(folder: Path, name: str = "practiq") -> str:
    """The URL of this folder's database of that name, in the engine that the test is for."""
    if postgres.server is None:
        return f"sqlite:///{folder}/{name}.db"
    return postgres.server.url_of(folder / name)


def passing_url(sqlite: str = "sqlite://") -> AbstractContextManager[str]:
    """The URL of an empty database that nobody needs afterwards: this one, or one in PostgreSQL where the test is for that."""
    return postgres.server.lent() if postgres.server else nullcontext(sqlite)


def write_config(folder: Path, more: str = AUTHENTICATION, *, zone: str = "") -> Path:
    """The agency's configuration with its database in this folder, all its account managers in this zone if one is given."""
    path = folder / "config.toml"
    config = re.sub(r"(?m)^timezone = .*$", f'timezone = "{zone}"', CONFIG) if zone else CONFIG
    path.write_text(f'{config}{more}[database]\nurl = "{database_url(folder)}"\n', encoding="utf-8")
    return path


@contextmanager
def at_work(
    folder: Path, clock: Callable[[], datetime], more: str = AUTHENTICATION, *, zone: str = ""
) -> Iterator[App]:
    """practiq for the agency, its database in this folder."""
    app = build(load(write_config(folder, more, zone=zone), {}), now=clock)
    try:
        yield app
    finally:
        app.close()


@contextmanager
def on_watch(app: App) -> Iterator[None]:
    """The watch, as the service has it."""
    stop, ready = threading.Event(), threading.Event()
    thread = threading.Thread(target=watching.watch, args=(app, stop, ready))
    thread.start()
    try:
        assert ready.wait(20)
        yield
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


_count = 0


def mail(
    author: str,
    words: str,
    *,
    to: str = MAYA,
    cc: str = INBOX,
    subject: str = "Spring layouts",
    at: datetime | str = "2026-11-10T09:00:00-05:00",
    answers: bytes | None = None,
    verdict: str | None = None,
    fields: dict[str, str] | None = None,
) -> bytes:
    """A mail as the agency's server passes it on; `answers` is the mail that it replies to."""
    global _count
    _count += 1
    sent = datetime.fromisoformat(at) if isinstance(at, str) else at
    domain = author.rpartition("@")[2].rstrip(">")
    made = EmailMessage(policy=SMTP)
    made["Received"] = f"from mx.{domain} by {MX}; {format_datetime(sent + timedelta(seconds=5))}"
    made["Authentication-Results"] = verdict or f"{MX}; dmarc=pass header.from={domain}"
    made["From"], made["To"] = author, to
    if cc:
        made["Cc"] = cc
    made["Subject"] = subject
    made["Date"] = format_datetime(sent)
    made["Message-ID"] = f"<{_count}.{domain}@test.example>"
    if answers is not None:
        parent = id_of(answers)
        made["In-Reply-To"] = made["References"] = parent
    for name, value in (fields or {}).items():
        made[name] = value
    made.set_content(words + "\n")
    return made.as_bytes()


def id_of(raw: bytes) -> str:
    """The Message-ID of a mail, with its brackets."""
    from email import message_from_bytes

    return str(message_from_bytes(raw)["Message-ID"])
