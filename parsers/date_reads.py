"""The days that matched words mean: each function reads the words of one kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from parsers.date_calendar import WEEK, Sent, day_of, nth_of, working_day_of
from parsers.date_tables import (
    ANY_WEEKDAY,
    AUTUMN_FEASTS,
    EASTER_DAYS,
    FIXED_FEASTS,
    LONG_WEEKDAY,
    MONTH,
    NUMBERS,
    ORDINALS,
    WEEKDAY,
)

Said = Mapping[str, str | None]  # the groups of a match
Reads = Callable[[Sent, Said], date | None]


def _number(said: Said, name: str) -> int:
    word = said.get(name) or "0"
    return ORDINALS.get(word) or int(word)


def _is_next(said: Said) -> bool:
    return bool(said.get("next") or said.get("after"))


def _checked(sent: Sent, said: Said, day: date | None) -> date | None:
    """The day, unless the weekday written beside it is another one."""
    word = said.get("w")
    return day if day and (not sent.strict or not word or WEEKDAY[word] == day.weekday()) else None


def iso(_: Sent, said: Said) -> date | None:
    """2026-11-20, 2026/Nov/20."""
    month = MONTH.get(said["m"] or "") or _number(said, "m")
    return day_of(_number(said, "y"), month, _number(said, "d") or 99)


def dated(sent: Sent, said: Said) -> date | None:
    """20 November, the 20th of November 2026."""
    day = _number(said, "d")
    return _checked(sent, said, sent.dated(MONTH[said["m"] or ""], day, said["y"])) if day else None


def numeric(sent: Sent, said: Said) -> date | None:
    """11/12 in the sender's order, unless only the other one has such a month or the weekday beside it."""
    first, second = _number(said, "a"), _number(said, "b")
    if not first or not second:
        return None
    in_order = [(first, second), (second, first)]
    if not (sent.american and said["sep"] == "/"):
        in_order.reverse()
    days = [day for month, number in in_order if (day := sent.dated(month, number, said.get("y")))]
    weekday = ANY_WEEKDAY.get(said.get("w") or "")
    fitting = [day for day in days if weekday in (None, day.weekday())]
    return next(iter(fitting or ([] if sent.strict else days)), None)


def of_month(sent: Sent, said: Said) -> date | None:
    """The 3rd: the next one, or the one of next month."""
    day = _number(said, "d")
    if not day:
        return None
    return _checked(sent, said, sent.in_month(day, 1) if _is_next(said) else sent.numbered(day))


def weekday(sent: Sent, said: Said) -> date:
    """A weekday; "next" means the week that begins on Monday, "Friday week" a week on."""
    weekday = ANY_WEEKDAY[said["w"] or ""]
    if _is_next(said):
        return sent.in_week(weekday, 1)
    if said.get("last"):
        return sent.after(-((sent.on.weekday() - weekday - 1) % 7 + 1))
    if said.get("of"):
        return sent.in_week(weekday)
    if said.get("on"):
        return sent.after((weekday - sent.on.weekday()) % 7 + (14 if "quinze" in (said["on"] or "") else 7))
    nth = said.get("nth") or "1"
    return sent.coming(weekday) + timedelta(days=7 * ((NUMBERS.get(nth) or int(nth)) - 1))


def end_of_week(sent: Sent, said: Said) -> date:
    """The last working day of this week, of the next one at a weekend, or of the next one."""
    ahead = 1 if _is_next(said) or sent.on.weekday() not in WEEK else 0
    return sent.in_week(4, ahead)


def end(sent: Sent, said: Said) -> date | None:
    """The last day, or the last working day, of a month, a quarter or a year."""
    ahead = 1 if _is_next(said) else 0
    if named := said.get("m"):
        day = sent.dated(MONTH[named], 0, said.get("y"))
    elif said.get("quarter"):
        day = sent.in_month(0, 2 - (sent.on.month - 1) % 3 + 3 * ahead)
    elif said.get("year"):
        day = day_of(sent.on.year + ahead, 12, 31)
    else:
        day = sent.in_month(0, ahead)
    return working_day_of(day + timedelta(days=1), -1) if day and said.get("working") else day


def first(sent: Sent, said: Said) -> date | None:
    """The first day, or the first working day, of a month."""
    if named := said.get("m"):
        day = sent.dated(MONTH[named], 1, said.get("y"))
    else:
        day = sent.in_month(1, 1 if _is_next(said) else 0)
    return working_day_of(day, 1) if day and said.get("working") else day


def nth_weekday(sent: Sent, said: Said) -> date | None:
    """The first Monday of June, the last Friday of this month."""
    nth = 0 if said.get("final") else _number(said, "nth")
    weekday = LONG_WEEKDAY[said["w"] or ""]
    if named := said.get("m"):
        return sent.nth(nth, weekday, MONTH[named], said.get("y"))
    near = [sent.in_month(1, ahead) for ahead in ((1,) if _is_next(said) else (0, 1))]
    days = [nth_of(first.year, first.month, weekday, nth) for first in near if first]
    return next((day for day in days if day and day >= sent.on), None)


def week_numbered(sent: Sent, said: Said) -> date | None:
    """The last working day of a week by its ISO number, or its first or middle one."""
    weekday = 0 if said.get("start") else 2 if said.get("middle") else 4
    for year in (sent.on.year, sent.on.year + 1):
        try:
            day = date.fromisocalendar(year, _number(said, "k"), weekday + 1)
        except ValueError:
            return None
        if day >= sent.on:
            return day
    return None


def month_alone(sent: Sent, said: Said) -> date | None:
    """The first day of a month: of the one named, else of the next."""
    if said.get("year"):
        return day_of(sent.on.year + 1, 1, 1)
    if said.get("quarter"):
        return sent.in_month(1, 3 - (sent.on.month - 1) % 3)
    return sent.dated(MONTH[said["m"] or ""], 1, said.get("y")) if said.get("m") else sent.in_month(1, 1)


def quarter(sent: Sent, said: Said) -> date | None:
    """The last day of the next such quarter, or its first one where no end is said."""
    last = sent.dated(3 * _number(said, "q"), 0, said.get("y"))
    return last if said.get("end") else last and day_of(last.year, last.month - 2, 1)


def middle(sent: Sent, said: Said) -> date | None:
    """The 15th of a month: of the one named, else the next."""
    return sent.dated(MONTH[said["m"] or ""], 15) if said.get("m") else sent.numbered(15)


def feast(sent: Sent, said: Said) -> date | None:
    """A feast that all mean the same day by; Thanksgiving is America's, for who has not Canada's before it."""
    name = said["feast"] or said["name"] or said.get("safe") or ""
    if name in EASTER_DAYS:
        return sent.easter(EASTER_DAYS[name])
    if name in FIXED_FEASTS:
        month, day = FIXED_FEASTS[name]
        return sent.dated(month, day)
    fourth = sent.nth(4, 3, 11)
    canadian = sent.nth(2, 0, 10)
    unclear = name == "thanksgiving" and canadian and fourth and canadian < fourth
    return None if unclear or not fourth else fourth + timedelta(days=AUTUMN_FEASTS[name])


def in_days(days: int) -> Reads:
    """So many days from the sending."""
    return lambda sent, _: sent.after(days)


def in_next_week(weekday: int, ahead: int = 1) -> Reads:
    """That weekday of the next week, or of one further ahead."""
    return lambda sent, _: sent.in_week(weekday, ahead)


def in_this_week(weekday: int) -> Reads:
    """The next such weekday, today included."""
    return lambda sent, _: sent.after((weekday - sent.on.weekday()) % 7)
