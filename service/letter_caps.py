"""The letters that mail can make us write, and how many of them somebody may get."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from parsers.digest_days import AccountManager
from service.letter_rows import count_letters_to, record_letter
from service.store import Letter

ACK, NOTICE, REFUSED = "ack:", "notice:", "refused:"
# How long each is worth sending. The same for all of a kind: by it, they are counted.
LIVES = {ACK: timedelta(days=1), NOTICE: timedelta(days=3), REFUSED: timedelta(days=3)}
MOST_A_DAY = 20  # to each account manager (promises.md P13)
MOST_AN_HOUR = 15


def is_room_for(session: Session, to: AccountManager, now: datetime) -> bool:
    """Whether one more of these letters may go to somebody this hour and this day."""
    day = _midnight(to, now)
    of_day = sum(count_since(session, to, one, day) for one in LIVES)
    of_hour = sum(count_since(session, to, one, now - timedelta(hours=1)) for one in LIVES)
    return of_day < MOST_A_DAY and of_hour < MOST_AN_HOUR


def count_today(session: Session, to: AccountManager, kind: str, now: datetime) -> int:
    """How many letters of a kind somebody was written since their last midnight; a kind may go on behind its colon."""
    return count_since(session, to, kind, _midnight(to, now))


def count_since(session: Session, to: AccountManager, kind: str, since: datetime) -> int:
    """How many letters of a kind somebody was written from an instant on."""
    life = next(life for one, life in LIVES.items() if kind.startswith(one))
    return count_letters_to(session, to.address, kind, expire_after=since + life)


def put(session: Session, kind: str, key: str, letter: Letter, now: datetime) -> None:
    """Put a letter of a kind into the outbox; its key begins with the kind."""
    record_letter(session, key, letter, now=now, expires_at=now + LIVES[kind])


def _midnight(to: AccountManager, now: datetime) -> datetime:
    return datetime.combine(now.astimezone(to.zone), time(), tzinfo=to.zone)
