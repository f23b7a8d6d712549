"""What goes wrong, where and since when; rows in, values out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.models import TroubleRow


class Place(StrEnum):
    """Where things go wrong for a while."""

    IMAP = "imap"
    SMTP = "smtp"
    DATABASE = "database"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What goes wrong at a place."""

    place: str
    since: datetime
    at: datetime  # the last time
    words: str
    retry_at: datetime | None  # when it is tried again


def record_trouble(
    session: Session, place: Place, words: str, *, now: datetime, retry_at: datetime | None
) -> None:
    """Note that a place is in trouble; `since` stays that of the first time."""
    row = session.get(TroubleRow, place)
    if row is None:
        session.add(TroubleRow(place=place, since=now, at=now, words=words, retry_at=retry_at))
    else:
        row.at, row.words, row.retry_at = now, words, retry_at


def clear_trouble(session: Session, place: Place) -> None:
    """Note that a place is well."""
    session.execute(delete(TroubleRow).where(TroubleRow.place == place))


def list_troubles(session: Session) -> list[Trouble]:
    """What goes wrong now, the longest first."""
    return [
        Trouble(place=row.place, since=row.since, at=row.at, words=row.words, retry_at=row.retry_at)
        for row in session.scalars(select(TroubleRow).order_by(TroubleRow.since))
    ]
