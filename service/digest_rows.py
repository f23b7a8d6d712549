"""What account managers were told: digests and their numbers; rows in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ScalarSelect, bindparam, insert, select, update
from sqlalchemy.orm import Session, aliased

from parsers.digest import Item
from parsers.state import Action
from parsers.threads import ThreadId
from service.letter_rows import IS_LOST
from service.models import Base, KeptRow, MessageRow
from service.said_models import DigestItemRow, DigestRow, LetterRow, QuietDayRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a number of a digest stands for."""

    identity: str  # of a message on the thread
    told_at: datetime  # when its reader last heard how it stands


@dataclass(frozen=True, slots=True, kw_only=True)
class SentDigest:
    """A digest that was made: whose, for which day, and what its numbers stand for."""

    token: str
    manager: str
    day: date
    made_at: datetime
    message_id: str
    items: Mapping[int, Listed]


@dataclass(frozen=True, slots=True)
class Shown:
    """How an item was shown."""

    action: Action
    about: str | None  # the identity of the message that the action rested on


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an account manager was told by a digest."""

    made_at: datetime
    shown: set[tuple[ThreadId, Shown]]


def _kept_of(message: str) -> ScalarSelect[int]:
    """The row of a message's raw mail, which stays what it is however the mail is read; its identity does not."""
    return select(MessageRow.kept).where(MessageRow.identity == bindparam(message)).scalar_subquery()


_ITEM = insert(Base.metadata.tables[DigestItemRow.__tablename__]).values(
    kept=_kept_of("message"), about=_kept_of("on")
)
# Who did not read a digest, perhaps, was not told what it said.
_WAS_LOST = DigestRow.letter.in_(select(LetterRow.id).where(IS_LOST))


def record_digest(
    session: Session,
    *,
    token: str,
    manager: str,
    day: date,
    now: datetime,
    letter: int,
    items: Iterable[Item],
) -> None:
    """Note a digest with its frozen numbers, in the transaction that puts its letter into the outbox."""
    session.add(DigestRow(token=token, manager=manager, day=day, made_at=now, letter=letter))
    session.flush()
    record_items(session, token, items, now)


def record_items(
    session: Session, token: str, items: Iterable[Item], now: datetime, *, asleep: bool = False
) -> None:
    """Give items numbers of a digest that it did not have yet; those `asleep` ask nothing of its reader."""
    rows = [
        {
            "token": token,
            "number": item.number,
            "message": item.message,
            "action": None if asleep else item.action,
            "on": item.about,
            "told_at": now,
        }
        for item in items
    ]
    if rows:
        session.execute(_ITEM, rows)


def note_told(session: Session, token: str, number: int, now: datetime) -> None:
    """Note that a digest's reader hears now how this item stands."""
    row = (DigestItemRow.token == token) & (DigestItemRow.number == number)
    session.execute(update(DigestItemRow).where(row).values(told_at=now))


def find_digest(session: Session, token: str) -> SentDigest | None:
    """The digest with this token; None where we never made one."""
    asked = (
        select(DigestRow, LetterRow.message_id)
        .join(LetterRow, LetterRow.id == DigestRow.letter)
        .where(DigestRow.token == token)
    )
    found = session.execute(asked).one_or_none()
    if found is None:
        return None
    row, message_id = found
    return SentDigest(
        token=row.token,
        manager=row.manager,
        day=row.day,
        made_at=row.made_at,
        message_id=message_id,
        items=list_listed(session, token),
    )


def list_tokens(session: Session, manager: str) -> Sequence[str]:
    """The tokens of all digests that an account manager was sent."""
    return session.scalars(select(DigestRow.token).where(DigestRow.manager == manager)).all()


def list_listed(session: Session, token: str) -> dict[int, Listed]:
    """What the numbers of a digest stand for."""
    asked = (
        select(DigestItemRow.number, KeptRow.identity, DigestItemRow.told_at)
        .join(KeptRow, KeptRow.id == DigestItemRow.kept)
        .where(DigestItemRow.token == token, KeptRow.identity.is_not(None))
    )
    return {
        number: Listed(identity=str(identity), told_at=told_at)
        for number, identity, told_at in session.execute(asked)
    }


def record_quiet_day(session: Session, manager: str, day: date, now: datetime) -> None:
    """Note that an account manager's digest of a day had nothing to say, and is not sent."""
    session.add(QuietDayRow(manager=manager, day=day, made_at=now))


def list_told(session: Session, manager: str, *, before: date, count: int) -> list[Told]:
    """
    The last `count` digests of an account manager before a day, the newest first; those left out that were lost.

    More than one thing was shown of a thread whose halves a late mail joined.
    """
    last = (
        select(DigestRow.token, DigestRow.day, DigestRow.made_at)
        .where(DigestRow.manager == manager, DigestRow.day < before, ~_WAS_LOST)
        .order_by(DigestRow.day.desc())
        .limit(count)
        .subquery()
    )
    found: dict[str, Told] = {}
    about = aliased(KeptRow)
    asked = (
        select(last.c.token, last.c.made_at, MessageRow.thread, DigestItemRow.action, about.identity)
        .select_from(last)  # outer joins: one that showed nothing is one, too
        .outerjoin(DigestItemRow, DigestItemRow.token == last.c.token)
        .outerjoin(KeptRow, KeptRow.id == DigestItemRow.kept)
        .outerjoin(MessageRow, MessageRow.identity == KeptRow.identity)
        .outerjoin(about, about.id == DigestItemRow.about)
        .order_by(last.c.day.desc())
    )
    for token, made_at, thread, action, identity in session.execute(asked):
        told = found.setdefault(token, Told(made_at=made_at, shown=set()))
        if thread and action:
            told.shown.add((ThreadId(thread), Shown(Action(action), identity)))
    return list(found.values())
