"""An account manager's reply being carried out: its digest, its items, and how things stood before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from parsers.digest_days import AccountManager, next_digest_at
from parsers.marks import Mark, MarkKind
from parsers.pages import Page
from parsers.workspaces import Workspace
from service.cover_rows import covering
from service.digest_rows import Listed, SentDigest, list_listed, note_told
from service.filing import knowing
from service.ledgers import renew_ledgers
from service.letters import Result
from service.mark_rows import record_mark
from service.moves import no_client
from service.office import Office
from service.standing import Standing, standing_of
from service.teaching_rows import record_order
from service.thread_rows import Thread, find_thread_of

_TICK = timedelta(microseconds=1)
Line = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What another account manager has to know of a reply."""

    to: AccountManager
    subject: str
    paragraphs: tuple[str, ...]
    page: Page | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a number of the digest stands for now."""

    number: int
    listed: Listed
    thread: Thread

    @property
    def named(self) -> str:
        """The number with its client and subject, for people."""
        client = f"{self.thread.workspace}: " if self.thread.workspace else ""
        return f"{self.number} ({client}{self.thread.subject})"


@dataclass(slots=True, kw_only=True)
class Desk:
    """An account manager's reply being carried out, in the caller's transaction."""

    session: Session
    digest: SentDigest
    manager: AccountManager
    configured: Office  # as the configuration has it
    sent_at: datetime  # in the account manager's zone
    now: datetime
    contradicted: dict[
        int, tuple[str, ...]
    ]  # numbers of which the reply says different things, and its clauses
    unclear: tuple[str, ...]  # other clauses that say different things of the same
    notices: list[Notice] = field(default_factory=list)
    before: list[Line] = field(default_factory=list)  # of what the clause at hand changes
    after: list[Line] = field(default_factory=list)
    _order: int | None = field(default=None)

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

    @property
    def office(self) -> Office:
        """The office as it is now: what was learned, who was handed over, who is away."""
        return covering(self.session, knowing(self.session, self.configured))

    @property
    def numbers(self) -> list[int]:
        """Every number that the digest has given."""
        return sorted(list_listed(self.session, self.digest.token))

    def next_digest(self, at: datetime) -> date | None:
        """The day of the account manager's first digest from an instant on; None where one goes out at that very instant."""
        following = next_digest_at(self.manager, at - _TICK)
        return following.date() if following and following != at else None

    def find(self, number: int) -> Place | None:
        """What a number stands for; None where the digest has no such item."""
        listed = list_listed(self.session, self.digest.token).get(number)
        thread = find_thread_of(self.session, listed.identity) if listed else None
        return Place(number=number, listed=listed, thread=thread) if listed and thread else None

    def stands(self, place: Place) -> Standing:
        """How an item's thread stands now, all that has come by now heard."""
        return standing_of(self.session, place.thread.id, self.office, self.now)

    def no_item(self, clause: str, number: int) -> Result:
        """That the digest has no such number."""
        numbers = self.numbers
        has = f" It has 1 to {numbers[-1]}." if numbers else ""
        text = f"There is no item {number} in the digest of {on_day(self.digest.day)}.{has}"
        return Result(clause=clause, text=text, obeyed=False)

    def each(self, clause: str, numbers: Iterable[int], does: Callable[[Place], Result]) -> list[Result]:
        """What one thing does to each of these items; those that are not there, or of which the reply says two things, say so."""
        return [self._one(clause, number, does) for number in numbers]

    def _one(self, clause: str, number: int, does: Callable[[Place], Result]) -> Result:
        place = self.find(number)
        if place is None:
            return self.no_item(clause, number)
        if clauses := self.contradicted.get(number):
            said = " and ".join(f"“{one}”" for one in clauses)
            text = f"{place.named}: you wrote {said}. Nothing was done with it. Which one do you mean?"
            return Result(clause=clause, text=text, obeyed=False)
        return does(place)

    def may_order(self, standing: Standing) -> bool:
        """Whether an item is this account manager's, or was theirs to give."""
        theirs = (self.manager, *self.office.covered_by(self.manager, self.now))
        return (
            any(one in standing.managers for one in theirs)
            or standing.giver == self.manager.address
            or self.manager.lead
        )

    def changed(self, clause: str, place: Place, standing: Standing) -> Result | None:
        """
        The question whether an order still stands, where the client has written something since that
        changes what has to be done; None where nothing has. Once it was asked, the order stands.
        """
        knew = place.listed.told_at if place.listed.told_at <= self.sent_at else self.digest.made_at
        if standing.changed_at is None or standing.changed_at <= knew:
            return None
        note_told(self.session, self.digest.token, place.number, self.now)
        state = standing.state
        said = f" {ended(state.because)}" if state.because else ""
        at = standing.changed_at.astimezone(self.manager.zone)
        text = (
            f"{place.named} has changed since that digest; mail of the client's came in on {moment(at)}.{said}"
            f" Nothing was done with it. If you still want this, write it again in answer to this mail."
        )
        return Result(clause=clause, text=text, obeyed=False)

    def mark(
        self,
        place: Place,
        before: Standing,
        kind: MarkKind,
        *,
        until: datetime | None = None,
        to: str | None = None,
    ) -> Standing:
        """Put an account manager's word on an item, which stood so before; give how it stands with it."""
        made = Mark(kind=kind, until=until, to=to, made_at=self.sent_at, manager=self.manager.address)
        record_mark(self.session, self.order, place.listed.identity, made)
        self.session.flush()
        renew_ledgers(self.session, [place.thread.id], self.office)
        after = self.stands(place)
        self.note_change(before, after)
        return after

    def client(self, clause: str, name: str) -> Workspace | Result:
        """The client whom a name means; else what to write."""
        office = self.office
        meant = office.workspaces.meant_by(name)
        if len(meant) == 1:
            return meant[0]
        text = " ".join(no_client(name, [one.name for one in meant], office))
        return Result(clause=clause, text=text, obeyed=False)

    def note_change(self, before: Standing, after: Standing) -> None:
        """Keep for the audit how a thread stood before and after a clause."""
        self.before.append(_line(before))
        self.after.append(_line(after))


def _line(one: Standing) -> Line:
    return {
        "thread": one.thread.id,
        "workspace": one.thread.workspace,
        "account_manager": one.managers[0].address if len(one.managers) == 1 else None,
        "waiting_on": one.state.waiting_on,
        "action": one.state.action,
        "snoozed_until": one.snoozed_until.isoformat() if one.snoozed_until else None,
        "done": one.rest.done,
    }


def ended(words: str) -> str:
    """Words with a full stop, where they do not end with one, be it inside their quotation marks."""
    return words if words.rstrip('"”').endswith((".", "!", "?", "…")) else f"{words}."


def on_day(day: date) -> str:
    """A day as people write it, beyond doubt."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def moment(at: datetime) -> str:
    """An instant with its weekday, its date, and the zone of its clock."""
    zone = at.tzname() or ""
    named = zone if zone.isalpha() else f"UTC{zone if at.utcoffset() else ''}"
    return f"{on_day(at)}, {at:%H:%M} {named}"
