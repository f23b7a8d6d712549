"""The jobs that the clock asks for: make the digests that are due, and send what is due."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from parsers.digest import Digest
from parsers.digest_days import AccountManager, digest_day, next_digest_at
from service import outbox
from service.app import App
from service.cover_rows import covering
from service.digest_rows import record_digest, record_quiet_day
from service.errors import StoreError, where_of
from service.letter_rows import find_last_digest, last_days, record_letter
from service.letters import digest_letter
from service.logs import Log
from service.mornings import Morning, digest_at, morning_at, told_before
from service.office import Office
from service.refusals import refused_words
from service.sending_rows import expire_letters
from service.store import Letter

LATE_UNTIL = timedelta(hours=4)  # before the next digest, a late one is worth nothing any more
LATE_AFTER = timedelta(minutes=15)

log = Log(__name__)


class Made(StrEnum):
    """What making a digest came to, in words that a day may follow."""

    MADE = "made"
    BEFORE = "was made before"
    AWAY = "is away, so none is sent"
    NOTHING = "has nothing to say, so none is sent,"


def digests(app: App) -> int:
    """Make the digests that are due, each once for its account manager and local day; give how many."""
    made, now = 0, app.now()
    with app.store.undisturbed():
        if not (due := _days_due(app, now)):
            return 0
        morning = _begin_morning(app, due, now)
        for manager, day in due.items():
            try:
                made += make_digest(app, manager, day=day, morning=morning) is Made.MADE
            except StoreError:
                raise  # nobody's: all of them wait
            except Exception as fault:  # noqa: BLE001 -- one account manager's digest never takes another's with it
                log.error("digest failed", manager=manager.address, **where_of(fault))
    return made


def _days_due(app: App, now: datetime) -> dict[AccountManager, date]:
    """
    Whose digest is due, and for which local day.

    An earlier day than today's is one that we missed: not one of before we were here, nor one that its
    reader was away for.
    """
    due = {}
    with app.store.transaction() as session:
        last, office = last_days(session), covering(session, app.office, now)
        for manager in office.managers:
            day, made = digest_day(manager, now), last.get(manager.address)
            if day is None or (made and made >= day) or office.pause_of(manager, now):
                continue
            is_todays = day == now.astimezone(manager.zone).date()
            due_at = _due_at(manager, day)
            if is_todays or (made and not _is_away(covering(session, office, due_at), manager, due_at)):
                due[manager] = day
    return due


def _begin_morning(app: App, managers: Collection[AccountManager], now: datetime) -> Morning:
    with app.store.transaction() as session:
        if app.smtp:
            expire_letters(session, now)  # one that did not go out in time told its reader nothing
        return morning_at(session, covering(session, app.office, now), now, managers)


def make_digest(app: App, manager: AccountManager, *, day: date, morning: Morning) -> Made:
    """
    Put an account manager's digest of a local day into the outbox, but where it was made before.

    One that asks nothing is not sent where the configuration says so: the day counts as done.
    The letter, its frozen numbers and the day are one transaction, so that it is made once,
    whatever stops us.
    """
    now = morning.now
    with app.store.transaction() as session:
        last = find_last_digest(session, manager.address)
        if last and last[0] >= day:
            return Made.BEFORE
        if morning.office.pause_of(manager, now):
            return Made.AWAY
        digest, letter = compose(app, session, manager, day=day, morning=morning)
        key = _digest_key(manager, day)
        following = next_digest_at(manager, now) or now + timedelta(days=1)
        expires_at = max(following - LATE_UNTIL, now + LATE_AFTER)
        if digest.asks_nothing and not digest.team and not app.office.sends_empty:
            record_quiet_day(session, manager.address, day, now)
            return Made.NOTHING
        row = record_letter(session, key, letter, now=now, expires_at=expires_at)
        if row is None:
            return Made.BEFORE
        record_digest(
            session,
            token=app.token_of(key),
            manager=manager.address,
            day=day,
            now=now,
            letter=row,
            items=digest.numbered,
        )
    log.info("digest", manager=manager.address, day=day.isoformat(), items=sum(1 for _ in digest.numbered))
    return Made.MADE


def send_digests(app: App, managers: Sequence[AccountManager], now: datetime) -> Iterator[str]:
    """
    Send today's digests of these account managers now, but those that were made; say of each what happened.

    Raises SmtpError; the letters then wait in the outbox.
    """
    days = {one: digest_day(one, now) or now.astimezone(one.zone).date() for one in managers}
    with app.store.undisturbed():
        morning = _begin_morning(app, days, now)
        made = {one: make_digest(app, one, day=day, morning=morning) for one, day in days.items()}
    for manager, day in days.items():
        yield f"{manager.address}: {made[manager]} for {day.isoformat()}"
    yield f"{asyncio.run(deliver(app))} letters sent"


def compose(
    app: App, session: Session, manager: AccountManager, *, day: date, morning: Morning
) -> tuple[Digest, Letter]:
    """The digest of an account manager, one of the morning's, for a local day, and its letter; stores nothing."""
    now, told = morning.now, told_before(session, manager, day)
    digest = digest_at(session, morning, manager, day=day, told=told)
    due_at, refused = _due_at(manager, day), morning.news(session, told).refused
    letter = digest_letter(
        digest,
        agency=app.office.agency,
        domain=app.office.letter_domain,
        token=app.token_of(_digest_key(manager, day)),
        sent_at=now.astimezone(manager.zone),
        commands_off=app.office.commands_off,
        late=now > due_at + LATE_AFTER and not _is_away(morning.office_at(session, due_at), manager, due_at),
        refused=refused_words(session, manager, refused.get(manager.address, 0), now),
    )
    return digest, letter


def _due_at(manager: AccountManager, day: date) -> datetime:
    return datetime.combine(day, manager.digest_at, tzinfo=manager.zone)


def _is_away(office: Office, manager: AccountManager, at: datetime) -> bool:
    """Whether an account manager is away, of an office covered as it was then."""
    return office.pause_of(manager, at) is not None


def _digest_key(manager: AccountManager, day: date) -> str:
    return f"digest:{day.isoformat()}:{manager.address}"


async def deliver(app: App, stop: Callable[[], bool] = lambda: False) -> int:
    """Send what is due, until told to stop; give how many letters were accepted. Raises SmtpError."""
    if app.smtp is None:
        return 0
    allowed = {manager.address for manager in app.office.managers}
    return await outbox.deliver(app.store, app.smtp, app.now, allowed=allowed, stop=stop)
