"""What was erased, by keyed hashes, so that it is not kept again; rows in, values out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.bulk import batched
from service.dialects import insert
from service.models import ForgottenRow


class Kind(StrEnum):
    """Why a mail is not kept again."""

    FORGOTTEN = "forgotten"
    DROPPED = "dropped"  # from quarantine
    EXPIRED = "expired"


def has_forgotten(session: Session) -> bool:
    """Whether anything was ever erased."""
    return session.scalar(select(ForgottenRow.hash).limit(1)) is not None


def list_forgotten(session: Session, hashes: Iterable[str]) -> frozenset[str]:
    """Which of these hashes are of what was erased."""
    asked = select(ForgottenRow.hash)
    return frozenset(
        one for some in batched(hashes) for one in session.scalars(asked.where(ForgottenRow.hash.in_(some)))
    )


def record_forgotten(session: Session, hashes: Iterable[str], kind: Kind, now: datetime) -> None:
    """Note the hashes of what is not to be kept again."""
    for one in hashes:
        session.execute(insert(ForgottenRow).values(hash=one, kind=kind, at=now).on_conflict_do_nothing())
