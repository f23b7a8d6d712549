"""The jobs of the service: poll, read, digests, deliver, and the watch. The only broad `except`."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from parsers.digest import Digest
from parsers.digest_days import AccountManager, digest_day, next_digest_at
from parsers.message import UnreadableMessage
from service import intake, outbox, reading, replies
from service.app import App
from service.backoff import Backoff
from service.cover_rows import list_pauses
from service.digest_rows import find_last_digest, record_digest, record_quiet_day
from service.errors import MailboxError, SandboxError, StoreError
from service.kept_rows import KeptState, find_kept, list_unread, settle_kept
from service.ledgers import catch_up
from service.letter_rows import record_letter
from service.letters import digest_letter
from service.message_rows import find_identity, record_message
from service.mornings import digest_at
from service.refiling import refile
from service.standing import covering
from service.store import Letter

TRIES = 3  # connections through which a listed message is asked for, before it is called unfetchable
IDLE_SECONDS = 300  # a poll every five minutes, IDLE or not
LATE_UNTIL = timedelta(hours=4)  # before the next digest, a late one is worth nothing any more
LATE_AFTER = timedelta(minutes=15)
READ_BATCH = 500

log = structlog.get_logger()


class Made(StrEnum):
    """What making a digest came to, in words that a day may follow."""

    MADE = "made"
    BEFORE = "was made before"
    AWAY = "is away, so none is sent"
    NOTHING = "has nothing to say, so none is sent,"


def poll(app: App) -> int:
    """
    One pass over the inbox, kept but not yet read; give how many messages are new.

    Raises MailboxError; what was kept by then stays.
    """
    if app.imap is None:
        return 0
    new = 0
    for attempt in range(1, TRIES + 1):
        with app.connect(app.imap) as inbox:
            taken = intake.take_in(app.store, inbox, app.now(), give_up=attempt == TRIES)
        new += taken.new
        if not taken.missing:
            break
        log.warning("listed but not given", uids=taken.missing[:20], attempt=attempt)
    log.info("polled", new=new)
    return new


def read(app: App, each: Callable[[], None] = lambda: None) -> int:
    """
    Read all kept mail that has not been read, each in its own transaction; give how many. What was read
    before is filed again first, where the clients of the configuration have changed.

    `each` is called after each of them.

    Mail that cannot be read goes into quarantine with its fault, and what comes behind it goes on.
    """
    refile(app)
    with app.store.transaction() as session:
        catch_up(session, app.office)
    count = 0
    while True:
        with app.store.transaction() as session:
            unread = list_unread(session, READ_BATCH)
        if not unread:
            return count
        for kept in unread:
            _read_one(app, kept)
            each()
            count += 1


def _read_one(app: App, number: int) -> None:
    try:
        with app.store.transaction() as session:
            kept = find_kept(session, number)
        anatomy = app.sandbox.anatomy_of(kept.raw)
        message = anatomy.message
        with app.store.transaction() as session:
            # First, since what people said is tied to the raw mail, and found by what it is read as.
            settle_kept(session, number, KeptState.READ, identity=message.identity)
            if find_identity(session, message.identity):
                reading.read_copy(session, anatomy, kept, app.office)
            elif digest := replies.find_answered(session, message, app.office):
                record = reading.record_of(anatomy, kept, app.office)
                record_message(session, record)
                replies.obey(
                    session,
                    anatomy,
                    record=record,
                    kept=kept,
                    digest=digest,
                    office=app.office,
                    token_of=app.token_of,
                    now=app.now(),
                )
            else:
                reading.read(session, anatomy, kept, app.office)
    except OperationalError as error:
        raise StoreError(
            f"The database cannot be written: {error.orig}.",
            hint="Free some disk space; reading goes on where it stopped.",
        ) from error
    except SandboxError:
        raise  # no mail's fault: all of them wait
    except Exception as fault:  # noqa: BLE001 -- whatever a mail breaks, those behind it go on
        words = str(fault) if isinstance(fault, UnreadableMessage) else f"{type(fault).__name__}: {fault}"
        log.warning("quarantined", kept=number, fault=words)
        with app.store.transaction() as session:
            settle_kept(session, number, KeptState.QUARANTINED, fault=words)


def digests(app: App) -> int:
    """Make the digests that are due, each once for its account manager and local day; give how many."""
    made = 0
    for manager in app.office.managers:
        now = app.now()
        try:
            day = _day_due(app, manager, now)
            made += day is not None and make_digest(app, manager, day=day, now=now) is Made.MADE
        except Exception:  # one account manager's digest never takes another's with it
            log.exception("digest failed", manager=manager.address)
    return made


def _day_due(app: App, manager: AccountManager, now: datetime) -> date | None:
    """
    The local day whose digest is due; None where none is.

    An earlier day than today's is one that we missed: not one of before we were here, nor one that its
    reader was away for.
    """
    day = digest_day(manager, now)
    if day is None or day == now.astimezone(manager.zone).date():
        return day
    with app.store.transaction() as session:
        missed = find_last_digest(session, manager.address) and not _was_away(session, manager, day)
    return day if missed else None


def make_digest(app: App, manager: AccountManager, *, day: date, now: datetime) -> Made:
    """
    Put an account manager's digest of a local day into the outbox, but where it was made before.

    One that asks nothing is not sent where the configuration says so: the day counts as done.
    The letter, its frozen numbers and the day are one transaction, so that it is made once,
    whatever stops us.
    """
    with app.store.transaction() as session:
        last = find_last_digest(session, manager.address)
        if last and last[0] >= day:
            return Made.BEFORE
        if covering(session, app.office).pause_of(manager, now):
            return Made.AWAY
        digest, letter = compose(app, session, manager, day=day, now=now)
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
    for manager in managers:
        day = digest_day(manager, now) or now.astimezone(manager.zone).date()
        made = make_digest(app, manager, day=day, now=now)
        yield f"{manager.address}: {made} for {day.isoformat()}"
    yield f"{asyncio.run(deliver(app))} letters sent"


def compose(
    app: App, session: Session, manager: AccountManager, *, day: date, now: datetime
) -> tuple[Digest, Letter]:
    """The digest of an account manager for a local day as of `now`, and its letter; stores nothing."""
    digest = digest_at(session, app.office, manager, day=day, now=now)
    due_at = _due_at(manager, day)
    letter = digest_letter(
        digest,
        agency=app.office.agency,
        domain=app.office.letter_domain,
        token=app.token_of(_digest_key(manager, day)),
        sent_at=now.astimezone(manager.zone),
        commands_off=app.office.commands_off,
        late=now > due_at + LATE_AFTER and not _was_away(session, manager, day),
    )
    return digest, letter


def _due_at(manager: AccountManager, day: date) -> datetime:
    return datetime.combine(day, manager.digest_at, tzinfo=manager.zone)


def _was_away(session: Session, manager: AccountManager, day: date) -> bool:
    """Whether an account manager was away when the digest of a day fell due."""
    due_at = _due_at(manager, day)
    pause = list_pauses(session, due_at).get(manager.address)
    return pause is not None and due_at < pause.until


def _digest_key(manager: AccountManager, day: date) -> str:
    return f"digest:{day.isoformat()}:{manager.address}"


async def deliver(app: App) -> int:
    """Send what is due; give how many letters were accepted. Raises SmtpError."""
    if app.smtp is None:
        return 0
    allowed = {manager.address for manager in app.office.managers}
    return await outbox.deliver(app.store, app.smtp, app.now, allowed=allowed)


def watch(app: App, stop: threading.Event, ready: threading.Event) -> None:
    """
    Keep and read mail as it comes, until stopped; `ready` is set after the first try.

    One session stays open and waits in IDLE, with a full pass at least every IDLE_SECONDS; a session
    that breaks is made anew after a pause that grows.
    """
    backoff = Backoff()
    misses = 0
    while not stop.is_set():
        try:
            read(app)  # what an earlier stop left unread
            if app.imap is None:
                ready.set()
                stop.wait()
                return
            with app.connect(app.imap) as inbox:
                while not stop.is_set():
                    taken = intake.take_in(app.store, inbox, app.now(), give_up=misses >= TRIES - 1)
                    read(app)
                    ready.set()
                    backoff.reset()
                    misses = misses + 1 if taken.missing else 0
                    if taken.missing:
                        break  # to ask again through another connection
                    inbox.wait(IDLE_SECONDS, stop)
        except (MailboxError, StoreError) as error:
            pause = backoff.after(error)
            log.warning("inbox away", reason=str(error), retry_seconds=pause)
            ready.set()
            stop.wait(pause)
