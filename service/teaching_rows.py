"""What people ordered, where they said a thread belongs, and what was learned from it; rows in, values out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from parsers.workspaces import Learned, LearnedKind
from service.dialects import among
from service.models import KeptRow, MessageRow
from service.said_models import AssignmentRow, HandoverRow, LearnedRow, MarkRow, OrderRow, PauseRow

COMMAND_LINE = ""  # who orders there, to the rows

_ASSIGNED = (
    select(KeptRow.identity, AssignmentRow.workspace, OrderRow.by, OrderRow.made_at)
    .join(AssignmentRow, AssignmentRow.kept == KeptRow.id)
    .join(OrderRow, OrderRow.id == AssignmentRow.order)
    .where(among(KeptRow.identity, "identities"), OrderRow.undone_at.is_(None))
    .order_by(OrderRow.made_at, OrderRow.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Whose a thread is, as a person said."""

    workspace: str
    by: str  # an account manager's address, or COMMAND_LINE
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody ordered in one go."""

    id: int
    made_at: datetime
    messages: frozenset[str]  # the identities of those that were assigned
    marked: frozenset[str]  # of those whose thread was snoozed, closed, woken or given
    learned: tuple[str, ...]  # addresses and domains


def record_order(session: Session, by: str, now: datetime) -> int:
    """Begin an order; give its row."""
    row = OrderRow(by=by, made_at=now)
    session.add(row)
    session.flush()
    return row.id


def find_last_order(session: Session, by: str) -> Order | None:
    """What this person ordered last, of what is not taken back and did anything; None where there is nothing."""
    did = or_(
        *(
            select(rows.order).where(rows.order == OrderRow.id).exists()
            for rows in (MarkRow, AssignmentRow, PauseRow, HandoverRow)
        )
    )
    asked = select(OrderRow).where(OrderRow.by == by, OrderRow.undone_at.is_(None), did)
    row = session.scalars(asked.order_by(OrderRow.made_at.desc(), OrderRow.id.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    messages, marked = (
        frozenset(
            session.scalars(
                select(MessageRow.identity)
                .join(KeptRow, KeptRow.identity == MessageRow.identity)
                .join(rows, rows.kept == KeptRow.id)
                .where(rows.order == row.id)
            )
        )
        for rows in (AssignmentRow, MarkRow)
    )
    learned = session.scalars(select(LearnedRow.value).where(LearnedRow.order == row.id))
    return Order(id=row.id, made_at=row.made_at, messages=messages, marked=marked, learned=tuple(learned))


def undo_order(session: Session, order: int, now: datetime) -> None:
    """Take an order back, with all that it did; it stays on record."""
    session.execute(update(OrderRow).where(OrderRow.id == order).values(undone_at=now))


def record_assignment(session: Session, order: int, identities: Iterable[str], workspace: str) -> None:
    """Note whose the thread of these messages is."""
    asked = select(MessageRow.kept).where(MessageRow.identity.in_(list(identities)))
    for kept in session.scalars(asked).all():
        session.merge(AssignmentRow(order=order, kept=kept, workspace=workspace))


def is_assigned(session: Session, kept: int) -> bool:
    """Whether somebody said whose the thread of this raw mail is."""
    return session.scalar(select(AssignmentRow.kept).where(AssignmentRow.kept == kept).limit(1)) is not None


def list_assignments(session: Session, identities: Collection[str]) -> dict[str, Assignment]:
    """What people last said of each of these messages."""
    rows = session.execute(_ASSIGNED, {"identities": list(identities)})
    return {
        str(identity): Assignment(workspace=workspace, by=by, at=made_at)
        for identity, workspace, by, made_at in rows
    }


def record_learned(
    session: Session, order: int, workspace: str, values: Iterable[tuple[LearnedKind, str]]
) -> None:
    """Note addresses and domains as a client's."""
    for kind, value in values:
        session.merge(LearnedRow(order=order, value=value, kind=kind, workspace=workspace))


def list_learned(session: Session) -> tuple[Learned, ...]:
    """What is learned, the oldest first; of each address and domain what was said last. `by` as in Assignment."""
    asked = (
        select(LearnedRow, OrderRow.by, OrderRow.made_at)
        .join(OrderRow, OrderRow.id == LearnedRow.order)
        .where(OrderRow.undone_at.is_(None))
        .order_by(OrderRow.made_at, OrderRow.id, LearnedRow.value)
    )
    found = {
        row.value: Learned(
            kind=LearnedKind(row.kind), value=row.value, workspace=row.workspace, by=by, at=made_at
        )
        for row, by, made_at in session.execute(asked)
    }
    return tuple(sorted(found.values(), key=lambda one: (one.at, one.value)))
