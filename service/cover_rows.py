"""Who looks after whose clients: pauses and handovers; rows in, values out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from service.office import Handover, Office, Pause
from service.order_rows import stood
from service.said_models import HandoverRow, OrderRow, PauseRow


def record_pause(session: Session, order: int, manager: str, until: datetime, stand_in: str | None) -> None:
    """Note that an account manager is away until an instant; one that is past ends what was said before."""
    session.merge(PauseRow(order=order, manager=manager, until=until, stand_in=stand_in))


def record_handover(session: Session, order: int, workspace: str, manager: str, *, instead_of: str) -> None:
    """Note that a client has another account manager than the configured one."""
    session.merge(HandoverRow(order=order, workspace=workspace, manager=manager, instead_of=instead_of))


def covering(session: Session, office: Office, at: datetime | None = None) -> Office:
    """The office with who was handed over to whom, and who is away; or how that stood at an instant."""
    handovers, pauses = {}, {}
    asked = (
        select(OrderRow.made_at, HandoverRow, PauseRow)
        .outerjoin(HandoverRow, HandoverRow.order == OrderRow.id)
        .outerjoin(PauseRow, PauseRow.order == OrderRow.id)
        .where(OrderRow.id.in_(union(select(HandoverRow.order), select(PauseRow.order))), stood(at))
        .order_by(OrderRow.made_at, OrderRow.id)
    )
    for made_at, handed, away in session.execute(asked):
        if handed:
            handovers[handed.workspace] = Handover(manager=handed.manager, instead_of=handed.instead_of)
        if away:
            pauses[away.manager] = Pause(since=made_at, until=away.until, stand_in=away.stand_in)
    return replace(office, handovers=handovers, pauses=pauses)
