"""practiq over some days without a network: mail comes, digests go out, account managers reply."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

from sqlalchemy import select

from parsers.digest import Digest
from parsers.threads import ThreadId
from service import backlog, jobs
from service.app import App, build
from service.audit import audit_lines
from service.config import load
from service.cover_rows import covering
from service.intake import keep_raw
from service.mornings import digest_at, morning_at, told_before
from service.said_models import LetterContentRow, LetterRow
from service.standing import Standing, standings
from service.views import letter_text, thread_lines
from tests.agency import AUTHENTICATION, INBOX, MAYA, Clock, id_of, mail, passing_url, write_config
from tests.filed import here

Line = dict[str, Any]
LEA = "lea@northlight.example"
LEAD = '[[account_managers]]\nname = "Lea Moss"\nemail = "lea@northlight.example"\ntimezone = "Europe/London"\nlead = true\n'


@dataclass(frozen=True)
class Sent:
    """A letter of ours."""

    to: str
    raw: bytes

    @property
    def mail(self) -> EmailMessage:
        parsed = message_from_bytes(self.raw, policy=SMTP)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def text(self) -> str:
        return letter_text(self.raw, "plain")

    @property
    def page(self) -> str:
        return letter_text(self.raw, "html")


@dataclass
class Days:
    """practiq and its clock."""

    app: App
    clock: Clock
    _seen: int = field(default=0)

    def comes(self, *raws: bytes, at: str | None = None) -> None:
        """Mail comes, and is read."""
        if at:
            self.clock.to(at)
        keep_raw(self.app.store, raws, self.clock())
        backlog.read(self.app)

    def letters(self) -> list[Sent]:
        """What went into the outbox since one last looked."""
        with self.app.store.transaction() as session:
            asked = select(LetterRow.recipient, LetterContentRow.content).order_by(LetterRow.id)
            rows = session.execute(asked.join(LetterContentRow, LetterContentRow.letter == LetterRow.id))
            found = [Sent(row.recipient, row.content) for row in rows]
        new, self._seen = found[self._seen :], len(found)
        return new

    def morning(self, at: str, to: str = MAYA) -> Sent:
        """The digest that goes out to somebody at this time."""
        self.clock.to(at)
        jobs.digests(self.app)
        (letter,) = [one for one in self.letters() if one.to == to]
        return letter

    def reply(
        self, letter: Sent, words: str, at: str | None = None, by: str = MAYA, **more: Any
    ) -> list[Sent]:
        """An account manager replies to a letter; gives what goes out then, the acknowledgement first."""
        self.clock.at = datetime.fromisoformat(at) if at else self.clock() + timedelta(minutes=5)
        subject = f"Re: {letter.mail['Subject']}"
        given = {"to": INBOX, "cc": "", "subject": subject, "at": self.clock(), "answers": letter.raw}
        self.comes(mail(by, words, **{**given, **more}))
        return self.letters()

    def answer(self, letter: Sent, words: str, at: str | None = None, by: str = MAYA) -> str:
        """The text of the acknowledgement that a reply gets."""
        sent = self.reply(letter, words, at, by)
        assert sent, "no acknowledgement"
        assert sent[0].to == by
        return sent[0].text

    def seen(self, at: str, address: str = MAYA) -> Digest:
        """The digest of an account manager at a moment, nothing sent."""
        now = self.clock.to(at)
        manager = self.app.office.find_manager(address)
        assert manager
        day = now.astimezone(manager.zone).date()
        with self.app.store.transaction() as session:
            morning = morning_at(session, covering(session, self.app.office, now), now, [manager])
            return digest_at(session, morning, manager, day=day, told=told_before(session, manager, day))

    def standing(self, raw: bytes) -> Standing:
        """Where the thread of a mail stands."""
        with self.app.store.transaction() as session:
            office = covering(session, self.app.office)
            found = {one.thread.id: one for one in standings(session, office, self.clock())}
        return found[ThreadId(str(self.thread(raw)["thread"]))]

    def thread(self, raw: bytes) -> Line:
        """The thread of a mail as `threads --json` has it."""
        lines = thread_lines(self.app, self.clock())
        return next(one for one in lines if id_of(raw) in one["message_ids"])

    def audit(self) -> list[Line]:
        """Every command that came by mail."""
        return list(audit_lines(self.app))


@contextmanager
def days(folder: Path, more: str = "", *, at: str = "2026-11-10T08:00:00-05:00") -> Iterator[Days]:
    """An empty inbox on a Tuesday morning."""
    clock = Clock()
    clock.to(at)
    with passing_url() as url:
        app = build(load(write_config(folder, AUTHENTICATION + more), {}), now=clock, url=url)
        try:
            yield Days(here(app), clock)
        finally:
            app.close()
