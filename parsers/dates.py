"""Words for a day or an instant to what they mean, and the arithmetic of working days."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from parsers.date_calendar import WEEK, Grain
from parsers.date_due import due_day
from parsers.date_instants import Meant, Said, instant_of, said_in, settled
from parsers.date_tables import plain

__all__ = [
    "Grain",
    "Meant",
    "NoTime",
    "Unwoken",
    "due_day",
    "instant_of",
    "plain",
    "wake_at",
    "wake_of",
    "working_days_between",
]

_FURTHEST = timedelta(days=400)  # a snooze beyond is a slip of the pen
_YEAR = timedelta(days=366)
_YEAR_SAID = re.compile(r"[0-9]{4}|year")
_HOUR_LEFT = re.compile(r"(?<![\w:.])[0-9]{1,2}[:.][0-9]{2}(?![\w:.])")
_OR = re.compile(r"\bor\b")
_MORNING = time(9)  # where an afternoon's digest says nothing of mornings


class NoTime(StrEnum):
    """What is wrong with words that end no snooze."""

    PAST = "is past"
    FAR = "is over a year away"
    NO_DAY = "is no day of the calendar"
    OTHER_WEEKDAY = "is another day of the week"
    NO_SUCH_SOON = "is a day that the coming year does not have"
    NO_HOUR = "is no time of day"
    SKIPPED = "is an hour that the clock skips"
    HALF = "may be in either half of the day"
    SEVERAL = "is more than one time"
    UNCLEAR = "is not understood"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwoken:
    """Why words end no snooze, and as far as they say one, the instant or the words that are at fault."""

    why: NoTime
    at: datetime | None = None  # aware; of a skipped hour as the clock would show it
    words: str = ""  # plain: in lower case, without accents


def wake_of(words: str, now: datetime, *, digest_at: time) -> datetime | Unwoken:
    """
    The instant until which words for a snooze mean, in the zone of the aware `now`; or why they mean none.

    A day alone means that day at `digest_at`, a part of a day its beginning, a bare weekday the next one after
    today, an hour that comes twice the first one. Never an instant where the words are not understood to the last
    one, where more than one time is possible, nor one that is past or over a year away. Total.
    Source: contract.md, "Replies that it obeys".
    """
    try:
        said = said_in(words, now, strict=True, night="evening")
        woken = _woken(said, now, digest_at)
    except (OverflowError, ValueError):  # past the calendar's end
        return Unwoken(why=NoTime.FAR)
    if woken is None:
        return _unwoken(said, words, now)
    ahead = woken.astimezone(UTC) - now.astimezone(UTC)  # one hour of autumn comes twice
    if ahead <= timedelta(0):
        return Unwoken(why=NoTime.PAST, at=woken)
    if said.days and ahead > _YEAR and not _YEAR_SAID.search(said.text):  # "29 February"
        first = said.days[0]
        return Unwoken(why=NoTime.NO_SUCH_SOON, at=woken, words=said.text[first.start : first.end].strip())
    if ahead > _FURTHEST:
        return Unwoken(why=NoTime.FAR, at=woken)
    skipped = _skipped(said, woken)
    return Unwoken(why=NoTime.SKIPPED, at=skipped) if skipped else woken


def wake_at(words: str, now: datetime, *, digest_at: time) -> datetime | None:
    """The instant of `wake_of`; None where there is none. Total."""
    woken = wake_of(words, now, digest_at=digest_at)
    return woken if isinstance(woken, datetime) else None


def _unwoken(said: Said, words: str, now: datetime) -> Unwoken:
    """Why words mean no instant."""
    odd = next((one for one in said.days if one.day is None), None)
    if odd:
        shown = said.text[odd.start : odd.end].strip()
        loosely = said_in(words, now, strict=False, night="evening").days
        day = next((one.day for one in loosely if one.day and one.start == odd.start), None)
        if day:
            at = datetime.combine(day, time(12), tzinfo=now.tzinfo)
            return Unwoken(why=NoTime.OTHER_WEEKDAY, at=at, words=shown)
        return Unwoken(why=NoTime.NO_DAY, words=shown)
    if hour := _HOUR_LEFT.search(said.rest):
        return Unwoken(why=NoTime.NO_HOUR, words=hour[0])
    is_several = len({one.day for one in said.days}) > 1 or any(one.rule.is_range for one in said.days)
    names_any = said.days or said.spans or said.clock or said.part
    if is_several or any(one.is_range for one in said.spans) or (names_any and _OR.search(said.rest)):
        return Unwoken(why=NoTime.SEVERAL)
    if said.is_all and said.clock and not said.clock.is_sure:
        return Unwoken(why=NoTime.HALF)
    if said.is_all and any(one.sign < 0 for one in said.spans):
        return Unwoken(why=NoTime.PAST)
    return Unwoken(why=NoTime.UNCLEAR)


def _skipped(said: Said, woken: datetime) -> datetime | None:
    """The time of day that is said where the clock never shows it; a digest's own time moves with the clock."""
    clock = said.clock
    if clock is None or clock.zone is not None:
        return None
    shown = woken.replace(hour=clock.hour % 24, minute=clock.minute, second=clock.second)
    return shown if shown.time() != woken.time() else None


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
