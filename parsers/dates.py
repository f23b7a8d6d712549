"""Words for a day or an instant to what they mean, and the arithmetic of working days."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from parsers.date_calendar import WEEK, Grain
from parsers.date_due import due_day
from parsers.date_instants import Meant, Said, instant_of, said_in, settled
from parsers.date_tables import plain

__all__ = [
    "Grain",
    "Meant",
    "due_day",
    "holiday_calendar",
    "instant_of",
    "plain",
    "wake_at",
    "working_days_between",
]

_FURTHEST = timedelta(days=400)  # a snooze beyond is a slip of the pen
_MORNING = time(9)  # where an afternoon's digest says nothing of mornings


def wake_at(words: str, now: datetime, *, digest_at: time) -> datetime | None:
    """
    The instant until which words for a snooze mean, in the zone of the aware `now`.

    A day alone means that day at `digest_at`, a part of a day its beginning. None where the words are not
    understood to the last one, where more than one time is possible, and for what is past or over a year away.
    Total. Source: contract.md, "Replies that it obeys".
    """
    try:
        woken = _woken(said_in(words, now, strict=True, night="evening"), now, digest_at)
        return woken if woken and now < woken <= now + _FURTHEST else None
    except (OverflowError, ValueError):  # past the calendar's end
        return None


def _woken(said: Said, now: datetime, digest_at: time) -> datetime | None:
    """The one instant that all of the words mean, past ones too."""
    if (
        not said.is_all
        or (said.clock and not said.clock.is_sure)
        or any(one.rule.is_range for one in said.days)
    ):
        return None
    alone = digest_at
    if said.part:
        morning = digest_at if digest_at.hour < 12 else _MORNING
        alone = said.part.begins or morning
    days = {one.day for one in said.days}
    if len(said.spans) == 1 and not days:
        counted = said.spans[0]
        if counted.span.loose or counted.is_range or counted.sign < 0:
            return None
        end = counted.span.from_moment(now)
        if counted.span.grain is not Grain.DAY:
            return None if said.clock or said.part else settled(end, now)
        days = {end.date()}
    elif said.spans:
        return None
    if not days and (said.clock or said.part):
        today = said.time_on(now.date(), now, alone)
        return (
            said.time_on(now.date() + timedelta(days=1), now, alone)
            if not said.clock and today <= now
            else today
        )
    day = days.pop() if len(days) == 1 else None
    return said.time_on(day, now, alone) if day else None


def working_days_between(
    first: date, last: date, *, days: frozenset[int] = WEEK, holidays: Container[date] = ()
) -> int:
    """
    How many working days there are after `first`, up to and including `last`.

    `days` has Monday as 0. 0 where `last` is not after `first`. Total.
    """
    ahead = (first + timedelta(days=step) for step in range(1, (last - first).days + 1))
    return sum(1 for day in ahead if day.weekday() in days and day not in holidays)


@lru_cache(maxsize=64)
def holiday_calendar(code: str | None) -> Container[date]:
    """
    The public holidays of a country ("US") or of a part of it ("DE-BY"); empty for None.

    Raises ValueError for a code that the holidays library does not know.
    """
    if code is None:
        return frozenset()
    import holidays  # 0.1 s, and 0.2 s for the first country: only for who asks

    country, _, part = code.upper().partition("-")
    try:
        found: Container[date] = holidays.country_holidays(country, subdiv=part or None)
    except RuntimeError as fault:  # of the kind for what is not implemented
        raise ValueError(f"{code!r} is no country code of the holidays library: {fault}") from fault
    return found
