"""What one clause of a reply does, item by item, and in which words it is acknowledged."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from parsers.commands import Assign, Command, Done, Help, NotUnderstood, Snooze, Undo, Wake
from parsers.digest_days import AccountManager
from service.assigning import assign, undo
from service.filing import knowing
from service.letters import Result
from service.moves import assigned_words, no_client, undone_words
from service.office import Office
from service.order_rows import Mark, MarkKind, SentDigest, record_mark
from service.teaching_rows import record_order
from service.thread_rows import Thread, find_thread_of


@dataclass(slots=True, kw_only=True)
class Desk:
    """An account manager's reply being carried out, in the caller's transaction."""

    session: Session
    digest: SentDigest
    manager: AccountManager
    office: Office
    sent_at: datetime  # in the account manager's zone
    _order: int | None = field(default=None)

    def carry_out(self, command: Command | NotUnderstood) -> list[Result]:
        """What one clause does, in words."""
        match command:
            case NotUnderstood():
                return [Result(clause=command.clause, text=command.hint, obeyed=False)]
            case Help():
                return [
                    Result(clause=command.clause, text="What you can write is listed below.", obeyed=True)
                ]
            case Snooze():
                until = f"{self._shown(command.until)}, {command.until:%H:%M}"
                said = f"is snoozed until {until}, or until the client writes again"
                return self._mark(command, MarkKind.SNOOZE, said, until=command.until)
            case Done():
                return self._mark(command, MarkKind.DONE, "is closed until the client writes again")
            case Wake():
                return self._mark(command, MarkKind.WAKE, "is back in your digest")
            case Assign():
                return self._assign(command)
            case Undo():
                return [self._undo(command)]
            case _:
                text = "This is understood, and not obeyed yet."
                return [Result(clause=command.clause, text=text, obeyed=False)]

    @property
    def order(self) -> int:
        """The row of this reply's order, begun when it first does something."""
        if self._order is None:
            self._order = record_order(self.session, self.manager.address, self.sent_at)
        return self._order

    @property
    def has_ordered(self) -> bool:
        """Whether this reply has changed anything yet."""
        return self._order is not None

    def _mark(
        self, command: Snooze | Done | Wake, kind: MarkKind, said: str, until: datetime | None = None
    ) -> list[Result]:
        results = []
        for number in command.numbers or sorted(self.digest.items):
            identity, thread = self._item(number)
            if identity is None or thread is None:
                results.append(self._no_item(command.clause, number))
                continue
            mark = Mark(kind=kind, until=until, made_at=self.sent_at, manager=self.manager.address)
            record_mark(self.session, self.order, identity, mark)
            text = f"{number} ({_named(thread)}) {said}."
            results.append(Result(clause=command.clause, text=text, obeyed=True))
        return results

    def _assign(self, command: Assign) -> list[Result]:
        office = knowing(self.session, self.office)
        # The grammar takes a possessive off: "2 is globex's". Some clients are called so: Wendy's.
        meant = office.workspaces.meant_by(command.name) or office.workspaces.meant_by(f"{command.name}'s")
        if len(meant) != 1:
            text = " ".join(no_client(command.name, [one.name for one in meant], office))
            return [Result(clause=command.clause, text=text, obeyed=False)]
        results = []
        for number in command.numbers:
            identity, thread = self._item(number)
            if identity is None or thread is None:
                results.append(self._no_item(command.clause, number))
                continue
            done = assign(
                self.session, thread, meant[0], order=self.order, office=knowing(self.session, office)
            )
            text = f"{number} (“{thread.subject}”) is {meant[0].name}'s now. {assigned_words(done, thread)}"
            results.append(Result(clause=command.clause, text=text.strip(), obeyed=True))
        return results

    def _undo(self, command: Undo) -> Result:
        if self._order is not None:
            text = "Undo takes back an earlier reply; write it in a reply of its own."
            return Result(clause=command.clause, text=text, obeyed=False)
        done = undo(self.session, self.manager.address, office=self.office, now=self.sent_at)
        if done is None:
            text = "There is nothing of yours to take back."
            return Result(clause=command.clause, text=text, obeyed=False)
        at = done.made_at.astimezone(self.manager.zone)
        marked = sorted(
            {
                thread.id: _named(thread)
                for one in done.marked
                if (thread := find_thread_of(self.session, one))
            }.values()
        )
        text = (
            f"What you ordered on {self._shown(at)} at {at:%H:%M} is taken back. {undone_words(done, marked)}"
        )
        return Result(clause=command.clause, text=text.strip(), obeyed=True)

    def _item(self, number: int) -> tuple[str | None, Thread | None]:
        """The message that a number of the digest stands for, and the thread that it is on now."""
        identity = self.digest.items.get(number)
        return identity, find_thread_of(self.session, identity) if identity else None

    def _no_item(self, clause: str, number: int) -> Result:
        text = f"There is no item {number} in the digest of {self._shown(self.digest.day)}."
        return Result(clause=clause, text=text, obeyed=False)

    @staticmethod
    def _shown(day: datetime | date) -> str:
        return f"{day:%A} {day.day} {day:%B}"


def _named(thread: Thread) -> str:
    return f"{thread.workspace}: {thread.subject}" if thread.workspace else thread.subject
