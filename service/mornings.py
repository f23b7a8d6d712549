"""An account manager's digest of a local day: from where threads stand to what is said of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from parsers.choosing import UNCHANGED, Away, Choice, OpenThread, age_in_days, choose, digest_for
from parsers.digest import Coverage, Digest, Drift, Oldest, QuietClient, Team, TeamLine, Unarrived, Warned
from parsers.digest_days import AccountManager
from parsers.marks import Mark
from parsers.state import Action
from parsers.turns import WaitingOn
from service.conversation_rows import list_warned
from service.cover_rows import covering
from service.details import details_of
from service.digest_rows import Shown, Told, list_told
from service.kept_rows import Intake, intake_between
from service.letter_rows import LetterState, list_lost
from service.office import Office
from service.snapshot_rows import Heard, list_heard
from service.standing import Standing, standings
from service.thread_rows import Thread

FIRST_LOOK = timedelta(days=7)  # what a first digest warns of
DRIFT_DAYS = 30
DRIFT_TIMES = 3


def digest_at(
    session: Session,
    office: Office,
    manager: AccountManager,
    *,
    day: date,
    now: datetime,
    told: Sequence[Told],
) -> Digest:
    """The digest of an account manager for a local day, as of `now`; `told` is what they were told before it."""
    since = told[0].made_at if told else None
    office = covering(session, office, now)
    everybody = standings(session, office, now, of=_looked_at(office, manager, now))
    theirs = [one for one in everybody if _is_theirs(one, manager, office, now)]
    choice = _chosen(theirs, office, manager, told, now)
    heard = list_heard(session, office.clients_of(manager), since=now - timedelta(days=DRIFT_DAYS), until=now)
    return digest_for(
        manager,
        choice,
        day=day,
        now=now,
        coverage=_coverage(intake_between(session, since, now), theirs),
        details=details_of(session, choice.numbered, manager, now),
        warnings=_warnings(session, office, manager, since or now - FIRST_LOOK, now),
        quiet=_quiet(heard, office, manager, now),
        drift=_drift(heard),
        team=_team(everybody, manager, now) if manager.lead else None,
        unarrived=_unarrived(session, office, manager, since or now - FIRST_LOOK, now),
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
    session: Session, office: Office, manager: AccountManager, since: datetime, now: datetime
) -> list[Warned]:
    return [
        Warned(
            subject=record.subject,
            who=record.author.shown if record.author else "somebody",
            words=words,
            at=record.sent_at.astimezone(manager.zone),
        )
        for record, workspace in list_warned(session, since, now)
        if manager in office.managers_of(workspace, record.people)
        for words in record.warnings
    ]


def _unarrived(
    session: Session, office: Office, manager: AccountManager, since: datetime, now: datetime
) -> list[Unarrived]:
    """
    The letters that did not arrive and that this account manager has to know of.

    A lead has to, else every other one; of one's own only who is alone, since who cannot be written to
    would not read it.
    """
    found = []
    for one in list_lost(session, since, now):
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


def _team(everybody: Sequence[Standing], lead: AccountManager, now: datetime) -> Team:
    needs: Counter[tuple[str, str]] = Counter()
    waiting: Counter[tuple[str, str]] = Counter()
    acting = [one for one in everybody if one.state.action is not Action.NONE and not one.rest.snoozed]
    for one in acting:
        needs[_whose(one)] += 1
    for one in everybody:
        rests = one.state.waiting_on is WaitingOn.CLIENT and one.state.action is Action.NONE
        waiting[_whose(one)] += rests and not one.rest.snoozed
    lines = [
        TeamLine(
            manager=manager,
            workspace=workspace,
            needs=needs[manager, workspace],
            waiting=waiting[manager, workspace],
        )
        for manager, workspace in {*needs, *waiting}
        if needs[manager, workspace] or waiting[manager, workspace]
    ]
    oldest = []
    for action in (Action.ESCALATE, Action.STOP):
        since = [one for one in everybody if one.state.action is action and one.state.since]
        if since:
            oldest.append(_oldest(min(since, key=lambda one: (one.state.since, one.thread.id)), lead, now))
    return Team(
        lines=tuple(sorted(lines, key=lambda one: (one.manager, -one.needs, -one.waiting, one.workspace))),
        oldest=tuple(oldest),
    )


def _whose(one: Standing) -> tuple[str, str]:
    manager = one.managers[0].name if len(one.managers) == 1 else "Nobody's"
    return manager, one.thread.workspace or "without a client"


def _oldest(one: Standing, lead: AccountManager, now: datetime) -> Oldest:
    return Oldest(
        action=one.state.action,
        manager=_whose(one)[0],
        workspace=_whose(one)[1],
        subject=one.thread.subject,
        quote=one.state.quote,
        since=one.state.since.astimezone(lead.zone) if one.state.since else None,
        age_days=age_in_days(one.state.since, lead, now),
    )
