"""The calendar seen from a moment: the next Friday, the 3rd, the end of the month, five working days on."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

WEEK = frozenset(range(5))  # Monday to Friday
_PAST = 14  # days: "Nov 10" written on the 12th is the one just past, not next year's
_AMERICAN = (timedelta(hours=-10), timedelta(hours=-4))


class Grain(StrEnum):
    """How exactly words name an instant; of what is coarser than a day the day is the first, or the due one."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    PART = "part of a day"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """From where words are read."""

    at: datetime
    on: date
    american: bool  # month first in 11/12
    strict: bool = True  # a weekday that is not the date's makes it no date

    def after(self, days: int) -> date:
        """The day so many days on."""
        return self.on + timedelta(days=days)

    def coming(self, weekday: int) -> date:
        """The next such weekday after today."""
        return self.after((weekday - self.on.weekday() - 1) % 7 + 1)

    def in_week(self, weekday: int, ahead: int = 0) -> date:
        """That weekday of this week, or of a week ahead."""
        return self.after(weekday - self.on.weekday() + 7 * ahead)

    def in_month(self, day: int, ahead: int) -> date | None:
        """That day of a month ahead; its last one for 0."""
        years, month = divmod(self.on.month - 1 + ahead, 12)
        return day_of(self.on.year + years, month + 1, day)

    def dated(self, month: int, day: int, year: str | None = None) -> date | None:
        """A day by month and number (0 the last); without a year the next one, or one just past."""
        if year:
            return day_of(int(year) + (2000 if len(year) < 4 else 0), month, day)
        near = (day_of(self.on.year + ahead, month, day) for ahead in range(-1, 9))
        return next((one for one in near if one and one >= self.after(-_PAST)), None)

    def numbered(self, day: int) -> date | None:
        """The next day of that number, today included."""
        near = (self.in_month(day, ahead) for ahead in range(3))
        return next((one for one in near if one and one >= self.on), None)

    def nth(self, nth: int, weekday: int, month: int, year: str | None = None) -> date | None:
        """The nth such weekday of a month (0: the last), the next one where no year is said."""
        years = [int(year)] if year else range(self.on.year, self.on.year + 2)
        near = (nth_of(one, month, weekday, nth) for one in years)
        return next((one for one in near if one and (year or one >= self.on)), None)

    def easter(self, days: int) -> date:
        """The next day that lies so many days from Easter Sunday."""
        near = [easter_of(self.on.year + ahead) + timedelta(days=days) for ahead in range(2)]
        return near[0] if near[0] >= self.on else near[1]


def sent_from(at: datetime, *, strict: bool = True) -> Sent:
    """From where words of that aware moment are read."""
    low, high = _AMERICAN
    offset = at.utcoffset()
    return Sent(at=at, on=at.date(), american=offset is not None and low <= offset <= high, strict=strict)


def day_of(year: int, month: int, day: int) -> date | None:
    """That day (0: the last of the month); None where the calendar has none."""
    try:
        return date(year, month, day or calendar.monthrange(year, month)[1])
    except ValueError:
        return None


def nth_of(year: int, month: int, weekday: int, nth: int) -> date | None:
    """The nth such weekday of a month (0: the last); None where the calendar has none."""
    if nth == 0:
        last = day_of(year, month, 0)
        return last and last - timedelta(days=(last.weekday() - weekday) % 7)
    first = day_of(year, month, 1)
    return first and day_of(year, month, 1 + (weekday - first.weekday()) % 7 + 7 * (nth - 1))


def working_day_of(first: date, nth: int) -> date:
    """The nth working day from a day on, itself included; before it for what is negative (-1: the last before)."""
    step = 1 if nth > 0 else -1
    weeks, left = divmod(abs(nth) - 1, len(WEEK))  # any seven days have five working ones
    day = (first - timedelta(days=1) if nth > 0 else first) + timedelta(days=7 * weeks * step)
    left += 1
    while left:
        day += timedelta(days=step)
        left -= day.weekday() in WEEK
    return day


def is_american_summer(day: date) -> bool:
    """Whether America's clocks show summer time at noon of that day. Source: the Energy Policy Act of 2005."""
    begins, ends = nth_of(day.year, 3, 6, 2), nth_of(day.year, 11, 6, 1)
    return bool(begins and ends and begins <= day < ends)


def easter_of(year: int) -> date:
    """Easter Sunday of the West. Source: the anonymous Gregorian algorithm (Nature, 1876)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    skipped = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - skipped + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
