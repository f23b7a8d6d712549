"""What stands of what people ordered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_

from service.said_models import OrderRow


def stood(at: datetime | None) -> ColumnElement[bool]:
    """Whether an order stands, or stood at an instant: what was said later was not there, what was taken back later was."""
    if at is None:
        return OrderRow.undone_at.is_(None)
    return and_(OrderRow.made_at <= at, or_(OrderRow.undone_at.is_(None), OrderRow.undone_at > at))
