"""Account managers, and the local days and instants of their digests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from parsers.holidays import holiday_calendar

_LATE = timedelta(hours=4)  # before the next digest: what is later than that is not sent (promises.md P10)
_LONGEST_BREAK = 60  # days without a working day; who has none gets a digest on none


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountManager:
    """A person who owns clients and gets the digest."""

    name: str
    address: str  # lower case
    zone: ZoneInfo
    digest_at: time  # local
    days: frozenset[int]  # working days, Monday is 0
    holidays: str | None = None  # a country code (or "DE-BY") of the holidays library
    lead: bool = False  # sees in the digest how the whole team stands


def digest_day(manager: AccountManager, now: datetime) -> date | None:
    """
    The local day whose digest is due at the aware `now`; None where none is.

    A digest is due from its time on a working day that is no holiday until 4 hours before the
    next one, so that a late start still sends it, and nothing sends a missed day's afterwards.
    Source: promises.md P10.
    """
    today = now.astimezone(manager.zone).date()
    day = next((one for one in _digest_days(manager, today, -1) if _instant(manager, one) <= now), None)
    if day is None:
        return None
    following = next(iter(_digest_days(manager, day + timedelta(days=1), 1)), None)
    over = following is not None and now >= _instant(manager, following) - _LATE
    return None if over else day


def next_digest_at(manager: AccountManager, now: datetime) -> datetime | None:
    """
    The instant of the next digest after the aware `now`, in the manager's zone.

    None for a manager without a working day in the next two months.
    """
    today = now.astimezone(manager.zone).date()
    instants = (_instant(manager, day) for day in _digest_days(manager, today, 1))
    return next((at.astimezone(manager.zone) for at in instants if at > now), None)


def _digest_days(manager: AccountManager, first: date, step: int) -> Iterable[date]:
    """Working days from `first` on, forwards or backwards."""
    holidays = holiday_calendar(manager.holidays)
    for ahead in range(_LONGEST_BREAK):
        day = first + timedelta(days=ahead * step)
        if day.weekday() in manager.days and day not in holidays:
            yield day


def _instant(manager: AccountManager, day: date) -> datetime:
    """
    When the digest of a day falls due, in UTC.

    An hour that the clock skips is the one shown by a clock that was not put forward; of an hour
    that comes twice the first counts (PEP 495, fold=0).
    """
    return datetime.combine(day, manager.digest_at, tzinfo=manager.zone).astimezone(UTC)
