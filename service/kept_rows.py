"""Raw mail, and how far its mailbox and it have been read; rows in, values out."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, func, select, true, update
from sqlalchemy.orm import Session, aliased

from service.bulk import update_each
from service.dialects import among, insert
from service.models import Base, CursorRow, KeptRow, MessageRow, RawRow
from service.packing import Packed, packed

_KEPT = Base.metadata.tables[KeptRow.__tablename__]  # without the ORM, which takes three times as long
_RAWS = Base.metadata.tables[RawRow.__tablename__]
_NUMBERS = select(_KEPT.c.sha256, _KEPT.c.id).where(among(_KEPT.c.sha256, "hashes"))
_WITH_RAW: Select[Any] = (
    select(_KEPT, _RAWS.c.raw).join(_RAWS, _RAWS.c.kept == _KEPT.c.id).order_by(_KEPT.c.id)
)
_BY_NUMBER = _WITH_RAW.where(among(_KEPT.c.id, "numbers"))
_FIRST_KEPT = (
    select(_KEPT.c.identity, func.min(_KEPT.c.kept_at, type_=_KEPT.c.kept_at.type))
    .where(among(_KEPT.c.identity, "identities"))
    .group_by(_KEPT.c.identity)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far a mailbox has been taken in."""

    mailbox: str
    uidvalidity: int
    uid: int  # everything up to here is kept, or listed as unfetchable
    polled_at: datetime | None  # end of the last complete pass
    swept_at: datetime | None  # end of the last comparison of the whole UID list


class KeptState(StrEnum):
    """How far a kept mail has been read."""

    UNREAD = "unread"
    READ = "read"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Raw mail as it is kept."""

    id: int
    sha256: str
    packed: Packed
    partial: bool
    internal_date: datetime | None
    kept_at: datetime
    state: KeptState
    fault: str | None

    @property
    def raw(self) -> bytes:
        """The mail itself."""
        return self.packed.raw


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What came of mail that was taken in."""

    read: int
    quarantined: int
    polled_at: datetime | None  # end of the last complete pass over an inbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail to be kept."""

    raw: bytes
    partial: bool = False  # without what its attachments hold, or only the beginning
    internal_date: datetime | None = None


def record_kept(session: Session, mails: Sequence[Mail], now: datetime) -> list[tuple[int, bool]]:
    """Keep the bytes of mails; give the row id of each, and whether it is new here."""
    hashes = [hashlib.sha256(one.raw).hexdigest() for one in mails]
    held = _numbers(session, hashes)
    new = {sha256: one for sha256, one in zip(hashes, mails, strict=True) if sha256 not in held}
    if new:
        session.execute(
            insert(_KEPT),
            [
                {
                    "sha256": sha256,
                    "partial": one.partial,
                    "internal_date": one.internal_date,
                    "kept_at": now,
                    "state": KeptState.UNREAD,
                }
                for sha256, one in new.items()
            ],
        )
    numbers = held | _numbers(session, new)
    if new:
        raws = [{"kept": numbers[sha256], "raw": packed(one.raw)} for sha256, one in new.items()]
        session.execute(insert(_RAWS), raws)
    return [(numbers[sha256], new.pop(sha256, None) is not None) for sha256 in hashes]


def _numbers(session: Session, hashes: Iterable[str]) -> dict[str, int]:
    rows = session.execute(_NUMBERS, {"hashes": list(hashes)})
    return dict(iter(rows))


def find_cursor(session: Session, mailbox: str) -> Cursor | None:
    """How far a mailbox has been taken in; None before the first pass."""
    row = session.get(CursorRow, mailbox)
    if row is None:
        return None
    return Cursor(
        mailbox=row.mailbox,
        uidvalidity=row.uidvalidity,
        uid=row.uid,
        polled_at=row.polled_at,
        swept_at=row.swept_at,
    )


def record_cursor(session: Session, cursor: Cursor) -> None:
    """Move a mailbox's cursor, in the transaction that keeps what lies before it."""
    session.merge(
        CursorRow(
            mailbox=cursor.mailbox,
            uidvalidity=cursor.uidvalidity,
            uid=cursor.uid,
            polled_at=cursor.polled_at,
            swept_at=cursor.swept_at,
        )
    )


def list_unread(session: Session, limit: int, above: int = 0) -> list[tuple[int, int]]:
    """Row ids, above one, of kept mail that has not been read, and how many bytes each takes, in the order kept."""
    size = select(func.length(RawRow.raw)).where(RawRow.kept == KeptRow.id).scalar_subquery()
    asked = select(KeptRow.id, size).where(KeptRow.state == KeptState.UNREAD, KeptRow.id > above)
    return [(kept, size) for kept, size in session.execute(asked.order_by(KeptRow.id).limit(limit))]


def count_unread(session: Session) -> int:
    """How much kept mail has not been read."""
    asked = select(func.count()).where(KeptRow.state == KeptState.UNREAD)
    return session.execute(asked).scalar_one()


def list_kept_by_id(session: Session, numbers: Collection[int]) -> list[Kept]:
    """Kept mail by its row ids, in the order kept."""
    return [_kept(row) for row in session.execute(_BY_NUMBER, {"numbers": list(numbers)})]


def find_kept(session: Session, kept: int) -> Kept:
    """Kept mail by its row id."""
    return _kept(session.execute(_WITH_RAW.where(_KEPT.c.id == kept)).one())


def list_kept(session: Session, state: KeptState) -> list[Kept]:
    """Kept mail in a state, in the order kept."""
    return [_kept(row) for row in session.execute(_WITH_RAW.where(_KEPT.c.state == state))]


def list_first_copies(session: Session) -> dict[str, str]:
    """Each kept mail's sha256, and that of the first copy of its message."""
    first = aliased(KeptRow)
    asked = (
        select(KeptRow.sha256, first.sha256)
        .join(MessageRow, MessageRow.identity == KeptRow.identity)
        .join(first, first.id == MessageRow.kept)
    )
    return dict(iter(session.execute(asked)))


def count_kept(session: Session) -> dict[KeptState, int]:
    """How many kept mails are in each state."""
    found = dict(session.execute(select(KeptRow.state, func.count()).group_by(KeptRow.state)).all())
    return {state: found.get(state, 0) for state in KeptState}


def intake_between(session: Session, since: datetime | None, until: datetime) -> Intake:
    """What came of the mail that was taken in by then; `since`: what was read of that kept after it."""
    is_new = true() if since is None else KeptRow.kept_at > since
    is_read = KeptRow.state == KeptState.READ
    is_quarantined = KeptRow.state == KeptState.QUARANTINED
    read, quarantined, polled_at = session.execute(
        select(
            func.count().filter(is_read, is_new),
            func.count().filter(is_quarantined),
            select(func.max(CursorRow.polled_at)).scalar_subquery(),
        ).where(KeptRow.kept_at <= until)
    ).one()
    return Intake(read=read, quarantined=quarantined, polled_at=polled_at)


def when_kept(session: Session, identities: Iterable[str]) -> dict[str, datetime]:
    """When we got the first copy of each of these messages, which may be long after it arrived."""
    rows = session.execute(_FIRST_KEPT, {"identities": list(identities)})
    return {str(identity): at for identity, at in rows if at}


def settle_read(session: Session, read: Mapping[int, str]) -> None:
    """Note kept mail (by row id) as read, and as which messages (by identity)."""
    update_each(
        session,
        KeptRow.id,
        {one: {"state": KeptState.READ, "identity": as_, "fault": None} for one, as_ in read.items()},
    )


def settle_kept(
    session: Session, kept: int, state: KeptState, *, identity: str | None = None, fault: str | None = None
) -> None:
    """Note what reading a kept mail came to."""
    session.execute(
        update(KeptRow).where(KeptRow.id == kept).values(state=state, identity=identity, fault=fault)
    )


def unread_all(session: Session, since: datetime | None) -> None:
    """Have kept mail read again: all of it, or what was kept since an instant."""
    again = update(KeptRow).values(state=KeptState.UNREAD, identity=None, fault=None)
    session.execute(again if since is None else again.where(KeptRow.kept_at >= since))


def _kept(row: Row[Any]) -> Kept:
    return Kept(
        id=row.id,
        sha256=row.sha256,
        packed=Packed(row.raw),
        partial=row.partial,
        internal_date=row.internal_date,
        kept_at=row.kept_at,
        state=KeptState(row.state),
        fault=row.fault,
    )


def oldest_kept_at(session: Session, state: KeptState) -> datetime | None:
    """Since when the oldest mail in a state is kept; None where none is in it."""
    return session.scalar(
        select(func.min(KeptRow.kept_at, type_=KeptRow.kept_at.type)).where(KeptRow.state == state)
    )


def last_polled_at(session: Session) -> datetime | None:
    """When the last complete pass over an inbox ended; None before the first."""
    return session.scalar(select(func.max(CursorRow.polled_at)))


def unread_quarantined(session: Session) -> None:
    """Have all quarantined mail read again."""
    again = update(KeptRow).where(KeptRow.state == KeptState.QUARANTINED)
    session.execute(again.values(state=KeptState.UNREAD, fault=None))
