"""Each clause of each reply, obeyed or refused: the audit; rows in, values out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.dialects import insert
from service.models import KeptRow
from service.said_models import CommandRow


def was_heard(session: Session, sha256: str) -> bool:
    """Whether this reply was obeyed or refused before, so that it must not count again."""
    return session.scalar(select(CommandRow.line).where(CommandRow.sha256 == sha256).limit(1)) is not None


def was_obeyed(session: Session, identity: str) -> bool:
    """Whether any copy of this reply was carried out."""
    asked = select(CommandRow.line).join(KeptRow, KeptRow.sha256 == CommandRow.sha256)
    return session.scalar(asked.where(KeptRow.identity == identity, CommandRow.line > 0).limit(1)) is not None


def list_refused(
    session: Session, manager: str, kinds: Collection[str], *, since: datetime
) -> Sequence[datetime]:
    """When replies in an account manager's name were refused for one of these reasons, from an instant on, in order."""
    asked = select(CommandRow.at).where(
        CommandRow.manager == manager, CommandRow.refusal.in_(kinds), CommandRow.at >= since
    )
    return session.scalars(asked.order_by(CommandRow.at)).all()


def count_refused(session: Session, kinds: Collection[str], *, since: datetime) -> dict[str, int]:
    """How many replies in each account manager's name were refused for one of these reasons, from an instant on; none is left out."""
    asked = select(CommandRow.manager, func.count()).where(
        CommandRow.refusal.in_(kinds), CommandRow.at >= since
    )
    return dict(session.execute(asked.group_by(CommandRow.manager)).all())


def record_refusal(
    session: Session, *, sha256: str, manager: str, kind: str, because: str, now: datetime
) -> None:
    """Note a whole reply that was refused, and the kind of reason."""
    session.execute(
        insert(CommandRow)
        .values(
            sha256=sha256,
            line=0,
            manager=manager,
            clause="",
            obeyed=False,
            outcome=because,
            at=now,
            before=[],
            after=[],
            refusal=kind,
        )
        .on_conflict_do_nothing()
    )


def record_command(
    session: Session,
    *,
    sha256: str,
    line: int,
    manager: str,
    clause: str,
    obeyed: bool,
    outcome: str,
    now: datetime,
    before: Sequence[dict[str, Any]] = (),
    after: Sequence[dict[str, Any]] = (),
) -> None:
    """Note a clause of a reply, once, with how the threads that it changed stood before and after."""
    session.execute(
        insert(CommandRow)
        .values(
            sha256=sha256,
            line=line,
            manager=manager,
            clause=clause,
            obeyed=obeyed,
            outcome=outcome,
            at=now,
            before=list(before),
            after=list(after),
        )
        .on_conflict_do_nothing()
    )
