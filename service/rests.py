"""Why replies are not obeyed, and when an account manager's commands rest for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from service.command_rows import list_refused

MOST_REFUSED = 5  # within PAUSE; then an account manager's commands rest for as long
PAUSE = timedelta(hours=1)


class Refusal(StrEnum):
    """Why a reply is not obeyed."""

    MACHINE = "machine"
    LIST = "list"
    AUTHOR = "author"
    VERDICT = "verdict"
    TOKEN = "token"  # noqa: S105 -- a reason, not a token # nosec B105
    UNKNOWN = "unknown letter"
    SEVERAL = "several letters"
    EXPIRED = "expired"
    PAUSED = "paused"
    OFF = "commands off"


FORGED = frozenset({Refusal.AUTHOR, Refusal.VERDICT, Refusal.TOKEN})  # somebody may be using a stolen digest


def paused_until(session: Session, address: str, now: datetime) -> datetime | None:
    """
    Until when an account manager's replies are not obeyed, since too many in their name were refused; None
    where they are.

    It ends an hour after the last of those whose token was good: without one nobody can bring it about.
    """
    refused = list_refused(session, address, FORGED, since=now - 2 * PAUSE)
    if not refused or refused[-1] + PAUSE <= now:
        return None
    latest = [one for one in refused if one > refused[-1] - PAUSE]
    return refused[-1] + PAUSE if len(latest) >= MOST_REFUSED else None
