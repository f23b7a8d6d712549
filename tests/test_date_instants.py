"""A time that is named anywhere in some words is the instant that an account manager means by it."""

from __future__ import annotations

import time as clock
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from parsers.dates import Grain, due_day, instant_of, wake_at

BERLIN = ZoneInfo("Europe/Berlin")
THURSDAY = datetime(2026, 11, 12, 10, 30, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("we will meet in 3 days and 2 hours", "2026-11-15 12:30"),
        ("45 min from now we leave", "2026-11-12 11:15"),
        ("+20min", "2026-11-12 10:50"),
        ("in 2.5 hours", "2026-11-12 13:00"),
        ("an hour and a half later", "2026-11-12 12:00"),
        ("in 3/4 hour", "2026-11-12 11:15"),
        ("a quarter past 2 pm", "2026-11-12 14:15"),
        ("ten to noon", "2026-11-12 12:00"),
        ("a quarter to noon", "2026-11-12 11:45"),
        ("3 hours after noon", "2026-11-12 15:00"),
        ("20 minutes to 2pm tomorrow", "2026-11-13 13:40"),
        ("2 hours ago", "2026-11-12 08:30"),
        ("10 minutes before now", "2026-11-12 10:20"),
        ("they called yesterday at 4pm", "2026-11-11 16:00"),
        ("the deadline was last Friday", "2026-11-06 10:30"),
        ("as we discussed on Tuesday", "2026-11-10 10:30"),
        ("since last night", "2026-11-11 21:00"),
        ("within a month", "2026-12-12 10:30"),
        ("a year from now", "2027-11-12 10:30"),
        ("let's meet on Tuesday afternoon", "2026-11-17 15:00"),
        ("tonight at nine thirty", "2026-11-12 21:30"),
        ("8 this evening", "2026-11-12 20:00"),
        ("at 7", "2026-11-13 07:00"),
        ("at 4", "2026-11-12 16:00"),
        ("09:15", "2026-11-13 09:15"),
        ("today at 9", "2026-11-12 09:00"),
        ("midnight", "2026-11-13 00:00"),
        ("Friday at midnight", "2026-11-14 00:00"),
        ("10:45:30 p.m.", "2026-11-12 22:45:30"),
        ("2027/Feb/3", "2027-02-03 10:30"),
        ("2027-02-03T16:45:00", "2027-02-03 16:45"),
        ("The deadline is Wed, 3 February", "2027-02-03 10:30"),
        ("12-15 December", "2026-12-12 10:30"),
        ("three Mondays from now", "2026-11-30 10:30"),
        ("last Friday of January", "2027-01-29 10:30"),
        ("next week", "2026-11-16 10:30"),
        ("at the weekend", "2026-11-14 10:30"),
        ("in March 2027", "2027-03-01 10:30"),
        ("Monday 9am EST", "2026-11-16 15:00"),
        ("June 14, 9am Eastern", "2027-06-14 15:00"),
        ("right now", "2026-11-12 10:30"),
        ("heute um halb fünf", "2026-11-12 16:30"),
        ("morgen früh um 7 Uhr", "2026-11-13 07:00"),
        ("vor 2 Tagen", "2026-11-10 10:30"),
        ("in anderthalb Stunden", "2026-11-12 12:00"),
        ("demain à 8h45", "2026-11-13 08:45"),
        ("il y a 2 heures", "2026-11-12 08:30"),
        ("mañana a las 16:00", "2026-11-13 16:00"),
        ("hace 2 horas", "2026-11-12 08:30"),
    ],
    ids=lambda value: value,
)
def test_a_time_in_words(words: str, at: str) -> None:
    """Words read on Thursday 12 November 2026 at 10:30 in Berlin mean that instant."""
    meant = instant_of(words, THURSDAY)

    assert meant is not None
    assert meant.at.replace(tzinfo=None) == datetime.fromisoformat(at)
    assert meant.at.tzinfo is BERLIN


@pytest.mark.parametrize(
    ("words", "grain"),
    [
        ("in 10 seconds", Grain.SECOND),
        ("9:15 tomorrow", Grain.MINUTE),
        ("9am tomorrow", Grain.HOUR),
        ("tomorrow evening", Grain.PART),
        ("tomorrow", Grain.DAY),
        ("next week", Grain.WEEK),
        ("in June", Grain.MONTH),
        ("next quarter", Grain.QUARTER),
        ("next year", Grain.YEAR),
    ],
)
def test_grain(words: str, grain: Grain) -> None:
    """How exactly a time is said is known."""
    meant = instant_of(words, THURSDAY)

    assert meant is not None
    assert meant.grain is grain


@pytest.mark.parametrize(
    "words",
    [
        "",
        "later",
        "I may be here",
        "31 November",
        "version 1.1.3",
        "300ml",
        "an hamburger",
        "1-2-3",
        "$12.34",
        "in them",
    ],
)
def test_no_time(words: str) -> None:
    """Where no time is named there is none."""
    assert instant_of(words, THURSDAY) is None


def test_hours_are_absolute_and_days_are_local() -> None:
    """Over the night that summer time ends a day has 25 hours."""
    saturday = datetime(2026, 10, 24, 12, tzinfo=BERLIN)
    hours, day = instant_of("in 24 hours", saturday), instant_of("in 1 day", saturday)

    assert hours is not None
    assert day is not None
    assert (hours.at.day, hours.at.hour) == (25, 11)
    assert (day.at.day, day.at.hour) == (25, 12)
    assert hours.at.utcoffset() == day.at.utcoffset()
    assert due_day("within 24 hours", saturday.replace(hour=0, minute=30)) == hours.at.date()


def test_a_repeated_hour_is_counted_through() -> None:
    """Half an hour before the clock goes back, an hour lasts an hour."""
    before = datetime(2026, 10, 25, 0, 30, tzinfo=ZoneInfo("UTC")).astimezone(BERLIN)
    meant = instant_of("in 1 hour", before)

    assert meant is not None
    assert meant.at.timestamp() - before.timestamp() == 3600
    assert (meant.at.hour, meant.at.fold) == (2, 1)


def test_a_skipped_hour_is_the_one_that_the_clock_shows() -> None:
    """At half past two of the night in March that has no such time it is half past three."""
    meant = instant_of("tomorrow at 02:30", datetime(2026, 3, 28, 12, tzinfo=BERLIN))

    assert meant is not None
    assert (meant.at.hour, meant.at.minute) == (3, 30)


@pytest.mark.parametrize(
    "words",
    ["1 " * 500, "in 2 days " * 100, "at 3:30 pm " * 90, "1d 2hr 5min " * 80, "friday " * 140, "the 1st of " * 90,
     "1, " * 330, "until the end of the " * 47, "11/12/13 " * 110, "before the " * 90, "half an " * 120, "1" * 1000],
    ids=lambda words: words[:20],
)  # fmt: skip
def test_hostile_words_take_no_time(words: str) -> None:
    """A thousand characters of nothing but the words of the grammar take milliseconds, in any order of them."""
    began = clock.process_time()
    due_day(words, THURSDAY)
    instant_of(words, THURSDAY)
    wake_at(words, THURSDAY, digest_at=THURSDAY.time())

    assert clock.process_time() - began < 0.1
