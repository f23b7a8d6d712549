"""Mail filed in an order of the test's choosing, without a process of its own for reading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete

from parsers.anatomy import Anatomy, anatomy_of
from parsers.marks import Mark, MarkKind
from parsers.unreadable import UnreadableMessage
from service import backlog
from service.app import App, build
from service.assigning import Assigned, Undone, assign, undo
from service.config import load
from service.filing import knowing
from service.intake import keep_raw
from service.ledgers import renew_ledgers
from service.mark_rows import record_mark
from service.models import Base
from service.packing import Packed
from service.sandbox import Sandbox
from service.teaching_rows import record_order
from service.thread_rows import find_thread, find_thread_of
from service.views import message_lines, thread_lines
from service.weights import understood
from tests.agency import AUTHENTICATION, MAYA, id_of, passing_url, write_config

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

Line = dict[str, Any]


class Here(Sandbox):
    """Takes mail apart in this process, each mail once: what a test reads in many orders is read fast."""

    known: dict[tuple[str | None, bytes], Anatomy] = {}  # noqa: RUF012 -- for all tests: a mail has one anatomy
    trust: str | None = None

    def anatomies_of(self, raws: Sequence[bytes]) -> list[Anatomy | UnreadableMessage]:
        return [self._known(raw.raw if isinstance(raw, Packed) else raw) for raw in raws]

    def _known(self, raw: bytes) -> Anatomy | UnreadableMessage:
        key = (self.trust, raw)
        if key not in self.known:
            try:
                self.known[key] = anatomy_of(raw, trust=self.trust)
            except UnreadableMessage as fault:
                return fault
        return self.known[key]


def here(app: App) -> App:
    """The same, with its mail read in this process."""
    sandbox = Here()
    sandbox.trust = app.office.trust
    return replace(app, sandbox=sandbox, office=replace(app.office, understand=understood))


@dataclass
class Cabinet:
    """The agency's mail as it is filed."""

    app: App

    def take(self, *raws: bytes) -> Cabinet:
        """Read these mails, in this order."""
        keep_raw(self.app.store, raws, self.app.now())
        backlog.read(self.app)
        return self

    def messages(self) -> dict[str, Line]:
        """Each message by its Message-ID."""
        return {line["message_id"]: line for line in message_lines(self.app)}

    def threads(self) -> dict[str, Line]:
        """Each thread by its name."""
        return {line["thread"]: line for line in thread_lines(self.app, NOW)}

    def thread(self, raw: bytes) -> Line:
        """The thread that a mail is on."""
        return self.threads()[self.messages()[id_of(raw)]["thread"]]

    def client(self, raw: bytes) -> str | None:
        """Whose mail it is."""
        return str(found) if (found := self.messages()[id_of(raw)]["workspace"]) else None

    def together(self, *raws: bytes) -> bool:
        """Whether these mails are on one thread."""
        return len({self.messages()[id_of(raw)]["thread"] for raw in raws}) == 1

    def named(self, name: str) -> str | None:
        """The thread that has, or had, this name."""
        with self.app.store.transaction() as session:
            found = find_thread(session, name)
        return str(found.id) if found else None

    def assign(self, raw: bytes, client: str, *, by: str = MAYA, at: datetime = NOW) -> Assigned:
        """Somebody says whose the thread of a mail is."""
        name = self.messages()[id_of(raw)]["thread"]
        with self.app.store.transaction() as session:
            office = knowing(session, self.app.office)
            thread, meant = find_thread(session, name), office.workspaces.find(client)
            assert thread
            assert meant
            return assign(session, thread, meant, order=record_order(session, by, at), office=office)

    def undo(self, *, by: str = MAYA) -> Undone | None:
        """And takes it back."""
        with self.app.store.transaction() as session:
            return undo(session, by, office=self.app.office, now=NOW + timedelta(minutes=5))

    def snooze(self, raw: bytes, until: datetime) -> None:
        """Somebody snoozes the thread of a mail."""
        identity = anatomy_of(raw).message.identity
        with self.app.store.transaction() as session:
            mark = Mark(kind=MarkKind.SNOOZE, until=until, made_at=NOW, manager=MAYA)
            record_mark(session, record_order(session, MAYA, NOW), identity, mark)
            if thread := find_thread_of(session, identity):
                renew_ledgers(session, [thread.id], self.app.office)

    def empty(self) -> Cabinet:
        """Throw all of it away."""
        with self.app.store.transaction() as session:
            for one in reversed(Base.metadata.sorted_tables):
                session.execute(delete(one))
        return self

    def said(self) -> tuple[list[str], list[str]]:
        """All that scripts see of messages and threads, in an order that does not depend on arrival."""
        lines = (message_lines(self.app), thread_lines(self.app, NOW))
        messages, threads = (sorted(repr(sorted(line.items())) for line in some) for some in lines)
        return messages, threads


@contextmanager
def cabinet(folder: Path, more: str = AUTHENTICATION, *, config: Path | None = None) -> Iterator[Cabinet]:
    """An empty one for the agency of the tests, or for that of a configuration."""
    path = config or write_config(folder, more)
    with passing_url() as url:
        app = build(load(path, {}), now=lambda: NOW, url=url)
        try:
            yield Cabinet(here(app))
        finally:
            app.close()
