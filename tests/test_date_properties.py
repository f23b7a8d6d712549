"""What holds of any words for a time, at any moment."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.date_calendar import WEEK, easter_of, nth_of, working_day_of
from parsers.date_dates import DATES
from parsers.date_periods import PERIODS
from parsers.date_relative import RELATIVE
from parsers.date_words import Rules
from parsers.dates import due_day, instant_of, wake_at, working_days_between

EIGHT = time(8)
NEW_YORK = ZoneInfo("America/New_York")
ZONES = ("UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Pacific/Auckland")
MOMENTS = st.datetimes(
    datetime(2020, 1, 1),  # noqa: DTZ001 -- the zone comes below
    datetime(2035, 12, 31),  # noqa: DTZ001
    timezones=st.sampled_from([ZoneInfo(name) for name in ZONES]),
)
PIECES = (
    "by before until the end of next this last week friday mon 3rd 20 nov 11/20 2pm at 9 tomorrow today in two weeks 31.12. ago"
    " 5 hours half an hour noon eod after from now month first monday christmas bis vor am dem 20. dezember heute morgen um"
    " uhr nächste woche avant le vendredi prochain dans jours demain 14h30 antes del viernes que viene mañana por la tarde en"
    " between and earlier that q1 kw 48 2027-03-01 , ."
).split()
WORDS = st.lists(st.sampled_from(PIECES), max_size=9).map(" ".join) | st.text(max_size=80)


@given(words=WORDS, at=st.datetimes(timezones=st.timezones()))
def test_any_words_at_any_time(words: str, at: datetime) -> None:
    """No words raise, from the first day of the calendar to the last."""
    due, meant = due_day(words, at), instant_of(words, at)

    assert due is None or due >= at.date()
    assert meant is None or meant.at.tzinfo is at.tzinfo


@given(words=WORDS, at=MOMENTS)
def test_what_is_due_is_not_over(words: str, at: datetime) -> None:
    """Nothing is due before the day on which that is written."""
    due = due_day(words, at)

    assert due is None or due >= at.date()


@given(words=WORDS, now=MOMENTS)
def test_a_snooze_lies_ahead(words: str, now: datetime) -> None:
    """A snooze ends later than now, and within a year and a bit."""
    woken = wake_at(words, now, digest_at=EIGHT)

    assert woken is None or now < woken <= now + timedelta(days=400)


@given(words=WORDS, now=MOMENTS)
def test_a_snooze_is_the_instant_of_its_words(words: str, now: datetime) -> None:
    """What is understood to the last word means the same day to all three."""
    woken = wake_at(words, now, digest_at=EIGHT)
    meant = instant_of(words, now)

    if woken is not None:
        assert meant is not None
        if woken.time() == EIGHT:
            assert meant.at.date() in (woken.date(), woken.date() - timedelta(days=1))


ENGLISH = (
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "January February March April May June July August September October November December".split(),
)
GERMAN = (
    "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag".split(),
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
)
FRENCH = (
    "lundi mardi mercredi jeudi vendredi samedi dimanche".split(),
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
)
SPANISH = (
    "lunes martes miércoles jueves viernes sábado domingo".split(),
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
)


@pytest.mark.parametrize(
    ("form", "names"),
    [
        ("{day} {month} {year}", ENGLISH),
        ("{day}th of {month}", ENGLISH),
        ("{month} {day}, {year}", ENGLISH),
        ("{weekday}, {month} {day}", ENGLISH),
        ("{weekday} {day} {month}", ENGLISH),
        ("{year}-{number:02}-{day:02}", ENGLISH),
        ("{number}/{day}/{year}", ENGLISH),
        ("{day}. {month} {year}", GERMAN),
        ("{weekday}, den {day}. {month}", GERMAN),
        ("{day:02}.{number:02}.{year}", GERMAN),
        ("{weekday}, {day}.{number}.", GERMAN),
        ("{day} {month} {year}", FRENCH),
        ("{weekday} {day} {month}", FRENCH),
        ("{day} de {month} de {year}", SPANISH),
        ("{weekday} {day} de {month}", SPANISH),
    ],
)
@given(at=MOMENTS, ahead=st.integers(1, 340))
def test_a_written_date_is_read_back(
    form: str, names: tuple[list[str], list[str]], at: datetime, ahead: int
) -> None:
    """A date as four languages write it is that day, due, meant and snoozed to."""
    at = at.astimezone(NEW_YORK)
    day = at.date() + timedelta(days=ahead)
    weekdays, months = names
    said = form.format(
        day=day.day,
        number=day.month,
        year=day.year,
        month=months[day.month - 1],
        weekday=weekdays[day.weekday()],
    )
    meant, woken = instant_of(said, at), wake_at(said, at, digest_at=EIGHT)

    assert due_day(f"bis {said}", at) == due_day(said, at) == day
    assert meant is not None
    assert meant.at.date() == day
    assert woken is not None
    assert woken.date() == day


@given(day=st.dates(date(2000, 1, 1), date(2060, 1, 1)), count=st.integers(1, 400))
def test_working_days_are_counted_both_ways(day: date, count: int) -> None:
    """So many working days on, so many lie between; and back the same."""
    ahead = working_day_of(day + timedelta(days=1), count)
    back = working_day_of(day, -count)

    assert ahead.weekday() in WEEK
    assert back.weekday() in WEEK
    assert working_days_between(day, ahead) == count
    assert working_days_between(back - timedelta(days=1), day - timedelta(days=1)) == count


@pytest.mark.parametrize(
    "day", ["1961-04-02", "2000-04-23", "2024-03-31", "2025-04-20", "2026-04-05", "2038-04-25"]
)
def test_easter(day: str) -> None:
    """Easter Sunday is where the almanac has it."""
    assert easter_of(int(day[:4])) == date.fromisoformat(day)


def test_last_and_fifth_weekdays() -> None:
    """A month's last Monday is known, a fifth one only where it has one."""
    assert nth_of(2026, 11, 0, 0) == date(2026, 11, 30)
    assert nth_of(2026, 11, 0, 5) == date(2026, 11, 30)
    assert nth_of(2026, 12, 0, 5) is None


ALL = (*DATES, *RELATIVE, *PERIODS)
CUES = sorted({word for rule in ALL for cues in rule.cues for word in cues})


@given(st.sets(st.sampled_from([*CUES, "poster"]), max_size=6))
def test_rules_are_tried_in_their_order_where_each_has_a_cue(words: set[str]) -> None:
    """A text is tried by those rules of whose every set of cues it has a word, in the order in which they stand."""
    assert Rules(ALL).to_try(words) == [
        rule for rule in ALL if all(any(word in cues for word in words) for cues in rule.cues)
    ]
