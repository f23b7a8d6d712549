"""Where mail lies on the server, and what the server lists and does not give; rows in, values out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.dialects import insert
from service.models import Base, PositionRow
from service.store import Position

SOON = timedelta(
    seconds=30
)  # after which what was not given is asked for again, having been asked for at once
SOON_TRIES = 20  # then every hour
_POSITIONS = Base.metadata.tables[PositionRow.__tablename__]
_NOT_GIVEN = PositionRow.kept.is_(None) & ~PositionRow.unwanted
_PLACE = ("mailbox", "uidvalidity", "uid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lying:
    """What lies at a position."""

    position: Position
    kept: int | None  # its row id; None where it is unwanted
    internal_date: datetime


def record_positions(session: Session, lying: Iterable[Lying], now: datetime) -> None:
    """Note what lies at positions: kept, or unwanted."""
    new = insert(_POSITIONS)
    later = ("kept", "tried_at", "internal_date", "unwanted")
    values = [
        {**asdict(one.position), "kept": one.kept, "tried_at": now, "tries": 1}
        | {"internal_date": one.internal_date, "unwanted": one.kept is None}
        for one in lying
    ]
    if values:
        again = {name: new.excluded[name] for name in later}
        session.execute(new.on_conflict_do_update(index_elements=_PLACE, set_=again), values)


def record_not_given(session: Session, at: Position, now: datetime) -> None:
    """Note that the server lists a message and does not give it."""
    session.execute(
        insert(PositionRow)
        .values(**asdict(at), tried_at=now, tries=1)
        .on_conflict_do_update(
            index_elements=_PLACE,
            set_={"tried_at": now, "tries": PositionRow.tries + 1, "internal_date": None, "unwanted": False},
            where=PositionRow.kept.is_(None),
        )
    )


def list_uids(session: Session, mailbox: str, uidvalidity: int, above: int) -> dict[int, datetime | None]:
    """The UIDs above one whose position is noted, and the internal date of what lay there, where it is known."""
    here = (PositionRow.mailbox == mailbox) & (PositionRow.uidvalidity == uidvalidity)
    here &= PositionRow.uid > above
    return dict(iter(session.execute(select(PositionRow.uid, PositionRow.internal_date).where(here))))


def list_due(session: Session, mailbox: str, uidvalidity: int, now: datetime) -> list[int]:
    """The UIDs of what was listed and not given, that are to be asked for again by now."""
    here = (PositionRow.mailbox == mailbox) & (PositionRow.uidvalidity == uidvalidity)
    found = session.scalars(select(PositionRow).where(here, _NOT_GIVEN).order_by(PositionRow.uid))
    return [row.uid for row in found if row.tried_at + _pause_after(row.tries) <= now]


def _pause_after(tries: int) -> timedelta:
    if tries == 1:
        return timedelta()
    return SOON if tries <= SOON_TRIES else timedelta(hours=1)


def forget_unlisted(
    session: Session, mailbox: str, uidvalidity: int, listed: Iterable[int], to_come: Iterable[int]
) -> None:
    """Note no more what was not given and is not listed any more, nor what lay where other mail is `to_come`."""
    here = (PositionRow.mailbox == mailbox) & (PositionRow.uidvalidity == uidvalidity)
    waiting = session.scalars(select(PositionRow.uid).where(here, _NOT_GIVEN)).all()
    session.execute(delete(PositionRow).where(here, PositionRow.uid.in_({*waiting, *to_come} - set(listed))))


def list_unfetchable(session: Session) -> list[Position]:
    """Positions that the server lists and did not give."""
    asked = select(PositionRow).where(_NOT_GIVEN).order_by(PositionRow.uid)
    return [
        Position(mailbox=row.mailbox, uidvalidity=row.uidvalidity, uid=row.uid)
        for row in session.scalars(asked)
    ]
