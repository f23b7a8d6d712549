"""Who looks after whose clients: pauses and handovers; rows in, values out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.office import Handover, Office, Pause
from service.order_rows import stood
from service.said_models import HandoverRow, OrderRow, PauseRow


def record_pause(session: Session, order: int, manager: str, until: datetime, stand_in: str | None) -> None:
    """Note that an account manager is away until an instant; one that is past ends what was said before."""
    session.merge(PauseRow(order=order, manager=manager, until=until, stand_in=stand_in))


def list_pauses(session: Session, at: datetime | None = None) -> dict[str, Pause]:
    """What was last said of each account manager's absence; or what stood at an instant."""
    asked = (
        select(PauseRow, OrderRow.made_at)
        .join(OrderRow, OrderRow.id == PauseRow.order)
        .where(stood(at))
        .order_by(OrderRow.made_at, OrderRow.id)
    )
    return {
        row.manager: Pause(since=made_at, until=row.until, stand_in=row.stand_in)
        for row, made_at in session.execute(asked)
    }


def record_handover(session: Session, order: int, workspace: str, manager: str, *, instead_of: str) -> None:
    """Note that a client has another account manager than the configured one."""
    session.merge(HandoverRow(order=order, workspace=workspace, manager=manager, instead_of=instead_of))


def list_handovers(session: Session, at: datetime | None = None) -> dict[str, Handover]:
    """What was last said of each client's account manager; or what stood at an instant."""
    asked = (
        select(HandoverRow)
        .join(OrderRow, OrderRow.id == HandoverRow.order)
        .where(stood(at))
        .order_by(OrderRow.made_at, OrderRow.id)
    )
    return {
        row.workspace: Handover(manager=row.manager, instead_of=row.instead_of)
        for row in session.scalars(asked)
    }


def covering(session: Session, office: Office, at: datetime | None = None) -> Office:
    """The office with who was handed over to whom, and who is away; or how that stood at an instant."""
    return replace(office, handovers=list_handovers(session, at), pauses=list_pauses(session, at))
