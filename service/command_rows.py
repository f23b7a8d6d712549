"""Each clause of each reply, obeyed or refused: the audit; rows in, values out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from service.said_models import CommandRow


def was_obeyed(session: Session, sha256: str) -> bool:
    """Whether the commands of this reply were carried out before, so that they must not count again."""
    asked = select(CommandRow.line).where(CommandRow.sha256 == sha256, CommandRow.line > 0).limit(1)
    return session.scalar(asked) is not None


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
