"""Who may work on this database; rows in, values out."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.models import Base, LeaseRow

_WORK = "work"
_LEASES = Base.metadata.tables[LeaseRow.__tablename__]
# Put together once: every transaction asks. In PostgreSQL nobody takes over before it ends: one that
# was fenced meanwhile would commit.
_EPOCH = select(_LEASES.c.epoch).where(_LEASES.c.name == _WORK).with_for_update(read=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Who works on a database: the newest epoch is the only one that may write."""

    holder: str
    epoch: int
    beats: int  # grows while its holder lives


def find_lease(session: Session) -> Lease | None:
    """Who took it last; None if nobody ever did."""
    row = session.get(LeaseRow, _WORK)
    return Lease(holder=row.holder, epoch=row.epoch, beats=row.beats) if row else None


def take_lease(session: Session, holder: str) -> int:
    """Be the holder; give the epoch that begins."""
    row = session.get(LeaseRow, _WORK)
    if row is None:
        row = LeaseRow(name=_WORK, holder=holder, epoch=0, beats=0)
        session.add(row)
    row.holder, row.epoch, row.beats = holder, row.epoch + 1, 0
    return row.epoch


def is_held(session: Session, epoch: int) -> bool:
    """Whether no newer epoch has begun."""
    return bool(session.scalar(_EPOCH) == epoch)


def beat(session: Session, epoch: int) -> bool:
    """Show that the holder lives; whether no newer epoch has begun."""
    ours = update(LeaseRow).where(LeaseRow.name == _WORK, LeaseRow.epoch == epoch)
    done = session.execute(ours.values(beats=LeaseRow.beats + 1).returning(LeaseRow.beats))
    return done.first() is not None
