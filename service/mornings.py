"""An account manager's digest of a local day: from where threads stand to what is said of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from parsers.choosing import UNCHANGED, Away, Choice, OpenThread, choose, digest_for
from parsers.digest import Coverage, Digest, Drift, QuietClient, Unarrived, Warned
from parsers.digest_days import AccountManager
from parsers.marks import Mark
from parsers.threads import ThreadId
from parsers.turns import WaitingOn
from service.command_rows import count_refused
from service.conversation_rows import list_warned
from service.cover_rows import covering
from service.details import details_of
from service.digest_rows import Shown, Told, list_told
from service.kept_rows import Intake, intake_between
from service.letter_rows import LetterState, Lost, list_lost
from service.mark_rows import list_marks
from service.office import Office
from service.records import Record
from service.rests import FORGED
from service.snapshot_rows import Heard, list_heard
from service.standing import Standing, standings
from service.teams import team_of
from service.thread_rows import Thread

FIRST_LOOK = timedelta(days=7)  # what a first digest warns of
DRIFT_DAYS = 30
DRIFT_TIMES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What there is to say that came since an account manager was last told."""

    intake: Intake
    warned: list[tuple[Record, str | None]]  # with the client of their thread
    lost: list[Lost]
    refused: Mapping[str, int]  # replies, by the account manager in whose name they came


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """What the digests of one moment have in common: asked once, it holds for as long as nothing else is written."""

    now: datetime
    office: Office  # covering
    marks: Mapping[ThreadId, tuple[Mark, ...]]  # of threads that may be open
    heard: Mapping[str, Heard]  # by client
    _news: dict[datetime | None, News] = field(default_factory=dict)
    _offices: dict[datetime, Office] = field(default_factory=dict)

    def office_at(self, session: Session, at: datetime) -> Office:
        """The office as it was covered at another instant; late digests mostly fell due together."""
        if at not in self._offices:
            self._offices[at] = covering(session, self.office, at)
        return self._offices[at]

    def news(self, session: Session, told: Sequence[Told]) -> News:
        """What came since the newest of these digests; they were made at the same instant for many."""
        since = told[0].made_at if told else None
        if since not in self._news:
            first = since or self.now - FIRST_LOOK
            self._news[since] = News(
                intake=intake_between(session, since, self.now),
                warned=list_warned(session, first, self.now),
                lost=list_lost(session, first, self.now),
                refused=count_refused(session, FORGED, since=since or self.now),
            )
        return self._news[since]


def morning_at(
    session: Session, office: Office, now: datetime, managers: Collection[AccountManager]
) -> Morning:
    """The morning of these account managers. `office` is covering."""
    clients = [client for one in managers for client in office.clients_of(one)]
    return Morning(
        now=now,
        office=office,
        marks=list_marks(session, open_at=now, at=now),
        heard=list_heard(session, clients, since=now - timedelta(days=DRIFT_DAYS), until=now),
    )


def digest_at(
    session: Session, morning: Morning, manager: AccountManager, *, day: date, told: Sequence[Told]
) -> Digest:
    """The digest of an account manager, one of the morning's, for a local day; `told` is what they were told before it."""
    office, now = morning.office, morning.now
    everybody = standings(session, office, now, of=_looked_at(office, manager, now), marks=morning.marks)
    theirs = [one for one in everybody if _is_theirs(one, manager, office, now)]
    choice = _chosen(theirs, office, manager, told, now)
    news = morning.news(session, told)
    heard = {one: morning.heard[one] for one in office.clients_of(manager) if one in morning.heard}
    return digest_for(
        manager,
        choice,
        day=day,
        now=now,
        coverage=_coverage(news.intake, theirs),
        details=details_of(session, choice.numbered, manager, now),
        warnings=_warnings(news.warned, office, manager),
        quiet=_quiet(heard, office, manager, now),
        drift=_drift(heard),
        team=team_of(everybody, manager, now) if manager.lead else None,
        unarrived=_unarrived(news.lost, office, manager),
    )


def choice_at(
    session: Session, office: Office, manager: AccountManager, *, day: date, now: datetime
) -> Choice:
    """What of an account manager's threads the digest of a day would show at `now`. `office` is covering."""
    looked_at = [manager, *office.covered_by(manager, now)]
    theirs = standings(session, office, now, of=looked_at)
    return _chosen(theirs, office, manager, told_before(session, manager, day), now)


def told_before(session: Session, manager: AccountManager, day: date) -> list[Told]:
    """What the last digests before a day told an account manager, as many as matter, the newest first."""
    return list_told(session, manager.address, before=day, count=UNCHANGED)


def _looked_at(office: Office, manager: AccountManager, now: datetime) -> Sequence[AccountManager]:
    return office.managers if manager.lead else [manager, *office.covered_by(manager, now)]


def _is_theirs(one: Standing, manager: AccountManager, office: Office, now: datetime) -> bool:
    return manager in one.managers or any(
        covered in one.managers for covered in office.covered_by(manager, now)
    )


def _chosen(
    theirs: Sequence[Standing],
    office: Office,
    manager: AccountManager,
    told: Sequence[Told],
    now: datetime,
) -> Choice:
    return choose([_open_thread(one, office, manager, told, now) for one in theirs])


def _open_thread(
    one: Standing,
    office: Office,
    manager: AccountManager,
    told: Sequence[Told],
    now: datetime,
) -> OpenThread:
    as_now = (one.thread.id, Shown(one.state.action, one.state.message))
    times = next((n for n, some in enumerate(told) if as_now not in some.shown), len(told))
    return OpenThread(
        thread=one.thread.id,
        message=one.newest,
        subject=one.thread.subject,
        workspace=one.thread.workspace,
        guess=_guess(one.thread),
        state=one.state,
        hidden=one.rest.closed or one.rest.snoozed,
        snoozed=_away(one.rest.snooze, office, manager) if one.rest.snoozed and one.rest.snooze else None,
        back=_back(one, office, manager, told[0].made_at if told else None, now),
        times_shown=times,
        from_whom=_from_whom(one, office, manager, now),
    )


def _back(
    one: Standing, office: Office, manager: AccountManager, since: datetime | None, now: datetime
) -> Away | None:
    """What put the thread away, where that is over since the last digest; None where nothing is."""
    rest = one.rest
    mark = rest.reopened or (None if rest.snoozed else rest.snooze)
    if mark is None or rest.over_at is None:
        return None
    if rest.over_at > now or (since is not None and rest.over_at <= since):
        return None
    return _away(mark, office, manager, woken=rest.woken or rest.reopened is not None)


def _away(mark: Mark, office: Office, manager: AccountManager, *, woken: bool = False) -> Away:
    by = "you" if mark.manager == manager.address else office.called(mark.manager)
    return Away(by=by, made_at=mark.made_at, until=mark.until, woken=woken)


def _from_whom(one: Standing, office: Office, manager: AccountManager, now: datetime) -> str | None:
    if manager not in one.managers:
        away = [whose for whose in office.covered_by(manager, now) if whose in one.managers]
        return f"for {away[0].name}" if away else None
    return f"from {office.called(one.giver)}" if one.giver and one.giver != manager.address else None


def _guess(thread: Thread) -> str | None:
    """Why a thread is nobody's, or what it rests on that a person should confirm."""
    if thread.match is None or (thread.workspace and not thread.match.provisional):
        return None
    return thread.match.because


def _coverage(intake: Intake, theirs: Sequence[Standing]) -> Coverage:
    unplaced = [one for one in theirs if one.thread.workspace is None]
    return Coverage(
        read=intake.read,
        unplaced=sum(one.state.waiting_on is not WaitingOn.NOBODY for one in unplaced),
        quarantined=intake.quarantined,
        polled_at=intake.polled_at,
    )


def _warnings(
    warned: Sequence[tuple[Record, str | None]], office: Office, manager: AccountManager
) -> list[Warned]:
    return [
        Warned(
            subject=record.subject,
            who=record.author.shown if record.author else "somebody",
            words=words,
            at=record.sent_at.astimezone(manager.zone),
        )
        for record, workspace in warned
        if manager in office.managers_of(workspace, record.people)
        for words in record.warnings
    ]


def _unarrived(lost: Sequence[Lost], office: Office, manager: AccountManager) -> list[Unarrived]:
    """
    The letters that did not arrive and that this account manager has to know of.

    A lead has to, else every other one; of one's own only who is alone, since who cannot be written to
    would not read it.
    """
    found = []
    for one in lost:
        others = [other for other in office.managers if other.address != one.recipient]
        if manager in ([other for other in others if other.lead] or others or [manager]):
            known_on = one.known_at.astimezone(manager.zone).date()
            found.append(
                Unarrived(
                    to=None if one.recipient == manager.address else office.called(one.recipient),
                    what={"ack": "answer"}.get(one.kind, one.kind),
                    on=one.day or known_on,
                    perhaps=one.state is LetterState.UNKNOWN,
                    said=one.fault,
                )
            )
    return found


def _quiet(
    heard: Mapping[str, Heard], office: Office, manager: AccountManager, now: datetime
) -> list[QuietClient]:
    """The clients who have not written for long, those who fell silent last first."""
    today = now.astimezone(manager.zone).date()
    found = []
    for workspace, one in heard.items():
        last_on = one.last_at.astimezone(manager.zone).date()
        if (days := (today - last_on).days) >= office.quiet_after_days:
            found.append(QuietClient(workspace=workspace, last_on=last_on, days=days))
    return sorted(found, key=lambda one: (one.days, one.workspace))


def _drift(heard: Mapping[str, Heard]) -> list[Drift]:
    found = [
        Drift(workspace=workspace, times=one.scoped)
        for workspace, one in heard.items()
        if one.scoped >= DRIFT_TIMES
    ]
    return sorted(found, key=lambda one: (-one.times, one.workspace))
