"""Words for a day mean the day that a careful reader takes them for, or none."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.dates import NoTime, Unwoken, due_day, wake_at, wake_of, working_days_between
from parsers.holidays import holiday_calendar

NEW_YORK = ZoneInfo("America/New_York")
THURSDAY = datetime(2026, 11, 12, 8, 30, tzinfo=NEW_YORK)
EIGHT = time(8)


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("by Friday", "2026-11-13"),
        ("EOD tomorrow", "2026-11-13"),
        ("before the 23rd", "2026-11-22"),
        ("by the 23rd", "2026-11-23"),
        ("by the 3rd", "2026-12-03"),
        ("on or before 20 November", "2026-11-20"),
        ("before 5pm on Friday", "2026-11-13"),
        ("before Monday", "2026-11-15"),
        ("end of the week", "2026-11-13"),
        ("by end of next week", "2026-11-20"),
        ("sometime this week", "2026-11-13"),
        ("end of month", "2026-11-30"),
        ("by the end of January", "2027-01-31"),
        ("by end of next quarter", "2027-03-31"),
        ("Nov 20", "2026-11-20"),
        ("20 November", "2026-11-20"),
        ("11/20", "2026-11-20"),
        ("by 12/4", "2026-12-04"),
        ("by 20/11", "2026-11-20"),
        ("in two weeks", "2026-11-26"),
        ("within five working days", "2026-11-19"),
        ("within 48 hours", "2026-11-14"),
        ("a week from today", "2026-11-19"),
        ("next Tuesday", "2026-11-17"),
        ("next Friday", "2026-11-20"),
        ("Friday week", "2026-11-20"),
        ("Thursday next week", "2026-11-19"),
        ("noon on Thursday", "2026-11-19"),
        ("on Wednesday the 18th", "2026-11-18"),
        ("by Friday, November 20th", "2026-11-20"),
        ("2026-12-01", "2026-12-01"),
        ("has to be at the hotel by January 11", "2027-01-11"),
        ("by EOD", "2026-11-12"),
        ("We present Monday, so by Friday please", "2026-11-13"),
        ("am Dienstag, den 17. November", "2026-11-17"),
        ("bis zum 15.12.", "2026-12-15"),
        ("bis Ende der Woche", "2026-11-13"),
        ("avant le 20 décembre", "2026-12-19"),
        ("pour vendredi", "2026-11-13"),
        ("a más tardar el 18 de diciembre", "2026-12-18"),
        ("entro martedì", "2026-11-17"),
        ("uiterlijk woensdag", "2026-11-18"),
        ("até sexta-feira", "2026-11-13"),
        ("übermorgen", "2026-11-14"),
        ("between Monday and Wednesday", "2026-11-18"),
        ("two days before the 20th", "2026-11-18"),
        ("three working days before the launch on December 1", "2026-11-26"),
        ("the Friday before the 20th", "2026-11-13"),
        ("within 3 business days of Monday", "2026-11-19"),
        ("a week from Monday, the 23rd", "2026-11-23"),
        ("a week on Monday", "2026-11-23"),
        ("a fortnight tomorrow", "2026-11-27"),
        ("The show opens January 22, everything in hand a week earlier please", "2027-01-15"),
        ("They close on Tuesday, so it must reach them before that", "2026-11-16"),
        ("The launch is Saturday the 21st, the boards the Wednesday of that week", "2026-11-18"),
        ("the first Monday of December", "2026-12-07"),
        ("by the last working day of January", "2027-01-29"),
        ("by the end of Q1", "2027-03-31"),
        ("by mid-December", "2026-12-15"),
        ("before Thanksgiving", "2026-11-25"),
        ("live from the 26th", "2026-11-26"),
        ("by 8am", "2026-11-13"),
        ("by Tuesday 1/12/2026", "2026-12-01"),
        ("Give me an hour", "2026-11-12"),
        ("20-Nov-26", "2026-11-20"),
        ("bis Fr, 20.11.", "2026-11-20"),
        ("bis Do", "2026-11-19"),
        ("Freitag morgen", "2026-11-13"),
        ("Montag in einer Woche", "2026-11-23"),
        ("innerhalb von 5 Werktagen", "2026-11-19"),
        ("2 Tage vor dem 20. November", "2026-11-18"),
        ("Ende KW 48", "2026-11-27"),
        ("mardi en huit", "2026-11-24"),
        ("d'ici la fin du mois prochain", "2026-12-31"),
        ("sous 48 heures", "2026-11-14"),
        ("el martes de la semana que viene", "2026-11-17"),
        ("antes del 20 de noviembre", "2026-11-19"),
        ("a finales de mes", "2026-11-30"),
        ("até terça", "2026-11-17"),
        ("within 3-4 working days", "2026-11-18"),
        ("in two to three weeks", "2026-12-03"),
        ("by end-of-month", "2026-11-30"),
        ("Copy due 20/11, print 27/11", "2026-11-20"),
        ("It goes to print next Wednesday so we need it Tuesday at the latest", "2026-11-17"),
        ("The event's on the 5th so everything must be here by the 3rd", "2026-12-03"),
        ("In January we launch, so creative by mid December", "2026-12-15"),
        ("before you leave on Friday", "2026-11-13"),
        ("5pm Fri", "2026-11-13"),
        ("Friday this week", "2026-11-13"),
        ("Bitte bis Freitag, den 20.11., 12 Uhr", "2026-11-20"),
        ("Am 3. Dezember ist Messe, bis 25. November brauchen wir alles", "2026-11-25"),
        ("Merci de renvoyer le BAT avant jeudi midi", "2026-11-19"),
        ("La fecha límite es el 18/12", "2026-12-18"),
    ],
    ids=lambda value: value,
)
def test_deadline_is_the_day_it_means(words: str, due: str) -> None:
    """A clause of a mail of Thursday 12 November 2026, New York, names that day."""
    assert due_day(words, THURSDAY) == date.fromisoformat(due)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "as soon as you can",
        "we may need more in March",
        "the 3rd round of changes",
        "we met last Friday",
        "since Monday",
        "24/7 coverage",
        "by Tuesday, November 20",
        "by Friday or by Monday",
        "November 20-24",
        "the week of November 16",
        "a budget of 4.5k",
        "we promised it by Nov 10",
        "within two weeks of sign-off",
        "in a few weeks",
        "as discussed on Friday",
        "the board met on Tuesday",
        "the week before Christmas",
        "The launch is 15 December, files a few days earlier",
        "the Black Friday mailing",
        "they get it in ten seconds",
        "your letter of May 11",
        "the sale started at 7am",
        "Bonne fin de journée",
        "early next week",
        "Not before Monday please",
        "your letter of 20 December",
        "Any chance of Friday instead of Monday?",
    ],
    ids=lambda words: words,
)
def test_more_than_a_guess_or_nothing(words: str) -> None:
    """No day, two days, or a day that contradicts itself is no deadline."""
    assert due_day(words, THURSDAY) is None


def test_numbers_are_read_in_the_order_of_the_sender() -> None:
    """3/12 is March in America and December elsewhere."""
    in_berlin = THURSDAY.astimezone(ZoneInfo("Europe/Berlin"))

    assert due_day("by 3/12", THURSDAY) == date(2027, 3, 12)
    assert due_day("by 3/12", in_berlin) == date(2026, 12, 3)


def test_the_weekday_beside_a_date_tells_its_order() -> None:
    """11/3 is in November or March: whichever is the weekday that is written beside it."""
    in_berlin = THURSDAY.astimezone(ZoneInfo("Europe/Berlin"))

    assert due_day("Thursday 4/3/2027", THURSDAY) == date(2027, 3, 4)
    assert due_day("Saturday 4/3/2027", in_berlin) == date(2027, 4, 3)
    assert due_day("Friday 4/3/2027", in_berlin) is None


def test_a_time_without_a_zone_is_read_as_one() -> None:
    """A mail whose Date says no zone has its days all the same."""
    sent = THURSDAY.replace(tzinfo=None)

    assert due_day("by Friday", sent) == date(2026, 11, 13)
    assert due_day("by 3pm PST", sent) == date(2026, 11, 12)


def test_in_the_morning_is_tomorrow_in_the_afternoon() -> None:
    """What is promised for the morning after noon is for the next day."""
    assert due_day("You'll have it in the morning", THURSDAY.replace(hour=16)) == date(2026, 11, 13)
    assert due_day("You'll have it in the morning", THURSDAY) is None


@pytest.mark.pitfall("natty#38")
def test_tomorrow_is_of_the_sender() -> None:
    """The day is read from the message's own offset, not from UTC."""
    late = datetime(2026, 11, 12, 23, 30, tzinfo=timezone(timedelta(hours=-8)))

    assert due_day("tomorrow", late) == date(2026, 11, 13)


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("tomorrow", "2026-11-13 08:00"),
        ("until Tuesday", "2026-11-17 08:00"),
        ("thu", "2026-11-19 08:00"),
        ("next week", "2026-11-16 08:00"),
        ("next month", "2026-12-01 08:00"),
        ("3d", "2026-11-15 08:00"),
        ("2 weeks", "2026-11-26 08:00"),
        ("2h", "2026-11-12 10:30"),
        ("tomorrow 2pm", "2026-11-13 14:00"),
        ("Friday 9:30", "2026-11-13 09:30"),
        ("monday at 9", "2026-11-16 09:00"),
        ("tomorrow afternoon at 5", "2026-11-13 17:00"),
        ("20 Nov", "2026-11-20 08:00"),
        ("until the end of the month", "2026-11-30 08:00"),
        ("Monday morning", "2026-11-16 08:00"),
        ("noon on Friday", "2026-11-13 12:00"),
        ("this afternoon", "2026-11-12 13:00"),
        ("２ weeks", "2026-11-26 08:00"),
        ("Dienstag", "2026-11-17 08:00"),
        ("hasta el martes", "2026-11-17 08:00"),
        ("demain 14h", "2026-11-13 14:00"),
        ("half an hour", "2026-11-12 09:00"),
        ("1d 2h", "2026-11-13 10:30"),
        ("for 5 working days", "2026-11-19 08:00"),
        ("the morning", "2026-11-13 08:00"),
        ("tomorrow 3pm GMT", "2026-11-13 10:00"),
        ("tomorrow 3pm PT", "2026-11-13 18:00"),
        ("tonight", "2026-11-12 18:00"),
        ("EOD tomorrow", "2026-11-13 17:00"),
        ("the first Monday of December", "2026-12-07 08:00"),
        ("two days before the 20th", "2026-11-18 08:00"),
        ("a week from Monday", "2026-11-23 08:00"),
        ("in January", "2027-01-01 08:00"),
        ("Christmas", "2026-12-25 08:00"),
        ("nächste Woche Dienstag um 14 Uhr", "2026-11-17 14:00"),
        ("mañana por la tarde", "2026-11-13 13:00"),
        ("dans une demi-heure", "2026-11-12 09:00"),
    ],
    ids=lambda value: value,
)
def test_snooze_ends_then(words: str, until: str) -> None:
    """A snooze written on Thursday at 8:30 ends then; a day alone means that day's digest."""
    assert wake_at(words, THURSDAY, digest_at=EIGHT) == datetime.fromisoformat(until).replace(tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "2",
        "may",
        "mar",
        "later",
        "a while",
        "friday at 3",
        "friday 25:00",
        "tomorrow or friday",
        "until the client replies",
        "7am",
        "10 Nov",
        "Nov 31",
        "Tuesday November 16",
        "not tomorrow",
        "999d",
        "0d",
        "today",
        "5m",
        "a few days",
        "2-3 weeks",
        "July 13-15",
        "3 days ago",
        "yesterday",
        "tonight at 2",
        "this morning",
    ],
    ids=lambda words: words,
)
def test_a_snooze_is_never_guessed(words: str) -> None:
    """What is unclear, past, or not understood to its last word ends no snooze."""
    assert wake_at(words, THURSDAY, digest_at=EIGHT) is None


def test_a_skipped_hour_ends_no_snooze() -> None:
    """An hour that the clock skips is refused by its name; the same hour a day on is one."""
    before = datetime(2026, 3, 7, 12, tzinfo=NEW_YORK)
    skipped = wake_of("tomorrow 02:30", before, digest_at=EIGHT)

    assert isinstance(skipped, Unwoken)
    assert skipped.why is NoTime.SKIPPED
    assert skipped.at is not None
    assert (skipped.at.day, skipped.at.hour, skipped.at.minute) == (8, 2, 30)
    assert wake_at("tomorrow 02:30", before + timedelta(days=1), digest_at=EIGHT)


@given(words=st.text(max_size=200), at=st.datetimes(timezones=st.timezones()))
def test_any_words_at_any_time(words: str, at: datetime) -> None:
    """No words and no instant raise."""
    due_day(words, at)
    woken = wake_at(words, at, digest_at=EIGHT)

    assert woken is None or woken > at


PIECES = (
    "by before until the end of next this week friday 3rd 20 nov 11/20 2pm at 9 tomorrow in two weeks 31.12."
).split()


@given(words=st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join))
def test_any_mix_of_words_for_days(words: str) -> None:
    """No order of words for days raises, and a snooze always lies ahead, within the year and a bit."""
    due_day(words, THURSDAY)
    woken = wake_at(words, THURSDAY, digest_at=EIGHT)

    assert woken is None or THURSDAY < woken <= THURSDAY + timedelta(days=400)


def test_working_days() -> None:
    """Days after the first up to and including the last count, weekends and holidays do not."""
    monday = date(2026, 11, 23)

    assert working_days_between(monday, date(2026, 11, 26)) == 3
    assert working_days_between(monday, date(2026, 11, 30)) == 5
    assert working_days_between(monday, date(2026, 11, 30), holidays=holiday_calendar("US")) == 4
    assert working_days_between(monday, date(2026, 11, 30), days=frozenset({6})) == 1
    assert working_days_between(monday, monday) == 0
    assert working_days_between(monday, date(2026, 11, 1)) == 0


def test_holidays() -> None:
    """A country's and a part's holidays are known, none are where none are configured."""
    epiphany = date(2026, 1, 6)

    assert epiphany in holiday_calendar("DE-BY")
    assert epiphany not in holiday_calendar("DE")
    assert epiphany not in holiday_calendar(None)


@pytest.mark.parametrize("code", ["XX", "DE-ZZ", ""])
def test_unknown_holidays(code: str) -> None:
    """A code that nobody knows is an error that names it."""
    with pytest.raises(ValueError, match="holidays library"):
        holiday_calendar(code)
