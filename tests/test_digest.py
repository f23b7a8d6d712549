"""A digest shows what needs its account manager, once each working day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.choosing import MAX_ITEMS, UNCHANGED, Away, OpenThread, choose, digest_for
from parsers.date_calendar import WEEK
from parsers.digest import Coverage, Digest, headline
from parsers.digest_days import AccountManager, digest_day, next_digest_at
from parsers.holidays import holiday_calendar
from parsers.state import Action, ThreadState
from parsers.turns import WaitingOn

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 12, 8, tzinfo=NEW_YORK)  # a Thursday
COVERAGE = Coverage(read=4, unplaced=0, quarantined=0, polled_at=NOW)
MAYA = AccountManager(
    name="Maya Chen",
    address="maya@northlight.example",
    zone=NEW_YORK,
    digest_at=time(8),
    days=WEEK,
    holidays="US",
)


def thread(
    name: str,
    action: Action = Action.RESPOND,
    *,
    days_ago: int = 1,
    workspace: str | None = "Acme",
    hidden: bool = False,
    waiting_on: WaitingOn = WaitingOn.AGENCY,
) -> OpenThread:
    return OpenThread(
        thread=name,
        message=f"{name}-last",
        subject=name,
        workspace=workspace,
        guess=None,
        state=ThreadState(
            waiting_on=waiting_on,
            action=action,
            because=f"Dana asked about {name}",
            quote="",
            message=f"{name}-last",
            author="Dana",
            since=(NOW - timedelta(days=days_ago)).astimezone(UTC),
            due=None,
        ),
        hidden=hidden,
        snoozed=Away(by="you", made_at=NOW, until=NOW + timedelta(days=1)) if hidden else None,
    )


def digest(*threads: OpenThread) -> Digest:
    return digest_for(MAYA, choose(threads), day=NOW.date(), now=NOW, coverage=COVERAGE, details={})


def test_the_most_pressing_first() -> None:
    """Items stand by action, then by age, and are numbered from 1."""
    found = digest(
        thread("chase", Action.CHASE),
        thread("new", Action.RESPOND, days_ago=1),
        thread("old", Action.RESPOND, days_ago=5),
        thread("risk", Action.ESCALATE, days_ago=0),
    )

    assert [(one.number, one.thread) for one in found.numbered] == [
        (1, "risk"),
        (2, "old"),
        (3, "new"),
        (4, "chase"),
    ]


def test_whose_and_what() -> None:
    """Hidden threads and those that need nothing are left out, and counted."""
    found = digest(
        thread("mine"),
        thread("snoozed", hidden=True),
        thread("waiting", Action.NONE, waiting_on=WaitingOn.CLIENT),
        thread("finished", Action.NONE, waiting_on=WaitingOn.NOBODY),
    )

    assert {one.thread for one in found.items} == {"mine"}
    assert (found.snoozed, found.waiting_on_clients, found.more) == (1, 1, 0)


def test_unplaced_threads_stand_apart() -> None:
    """A thread without a workspace is numbered after the last item."""
    found = digest(thread("unknown", Action.ESCALATE, workspace=None), thread("known"))

    assert [one.number for one in found.items] == [1]
    assert [(one.number, one.thread) for one in found.unplaced] == [(2, "unknown")]


def test_no_more_than_anyone_reads() -> None:
    """Beyond the twelfth item there is a count."""
    found = digest(*(thread(f"{number:02}") for number in range(MAX_ITEMS + 3)))

    assert len(found.items) == MAX_ITEMS
    assert found.more == 3


@pytest.mark.parametrize(("days_ago", "age"), [(0, 0), (1, 1), (2, 1), (6, 3), (7, 4)])
def test_age_in_working_days(days_ago: int, age: int) -> None:
    """An item's age leaves out weekends and holidays (Wednesday the 11th is Veterans Day)."""
    (item,) = digest(thread("one", days_ago=days_ago)).items

    assert item.age_days == age
    assert item.since is not None
    assert item.since.tzinfo is NEW_YORK


def test_headline() -> None:
    """The first sentence counts what needs the manager."""
    threads = [thread(f"yes {number}", Action.PROCEED) for number in range(2)]

    assert headline(digest(*threads, thread("risk", Action.ESCALATE), thread("late", Action.DELIVER))) == (
        "4 threads need you: 1 client is unhappy, 2 approvals came in, 1 promise is due"
    )
    assert headline(digest(thread("quiet", Action.CHASE))) == "1 thread needs you: 1 client to chase"


def test_headline_of_a_quiet_day() -> None:
    """A day on which nothing needs the manager says so."""
    waiting = thread("waiting", Action.NONE, waiting_on=WaitingOn.CLIENT)

    assert headline(digest()) == "Nothing needs you today"
    assert headline(digest(waiting)) == "Nothing needs you today; 1 thread waits on a client"


@pytest.mark.promise("P10")
@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-12 07:59", None),
        ("2026-11-12 08:00", "2026-11-12"),
        ("2026-11-13 03:59", "2026-11-12"),
        ("2026-11-13 04:00", None),
        ("2026-11-13 08:00", "2026-11-13"),
        ("2026-11-15 12:00", "2026-11-13"),
        ("2026-11-16 04:00", None),
        ("2026-11-11 12:00", "2026-11-10"),
    ],
)
def test_due_until_four_hours_before_the_next(now: str, due: str | None) -> None:
    """A digest is due from its time on, over weekend and holiday, until four hours before the next."""
    at = datetime.fromisoformat(now).replace(tzinfo=NEW_YORK)

    assert digest_day(MAYA, at) == (date.fromisoformat(due) if due else None)


def test_the_next_digest() -> None:
    """The next digest skips weekend and holiday; who never works gets none."""
    friday = datetime(2026, 11, 13, 9, tzinfo=NEW_YORK)
    idle = AccountManager(name="", address="", zone=NEW_YORK, digest_at=time(8), days=frozenset())

    assert next_digest_at(MAYA, friday) == datetime(2026, 11, 16, 8, tzinfo=NEW_YORK)
    assert next_digest_at(idle, friday) is None
    assert digest_day(idle, friday) is None


MANAGERS = st.builds(
    AccountManager,
    name=st.just("Sam"),
    address=st.just("sam@northlight.example"),
    zone=st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"})).map(ZoneInfo),
    digest_at=st.times(),
    days=st.sampled_from([WEEK, frozenset(range(7)), frozenset({6, 0, 1, 2, 3})]),
    holidays=st.sampled_from([None, "US", "DE-BY"]),
)
DAYS = st.dates(date(2024, 1, 1), date(2035, 12, 20))


@pytest.mark.promise("P9", "P10")
@pytest.mark.pitfall("apscheduler#606", "apscheduler#529", "apscheduler#1021", "apscheduler#1036")
@given(manager=MANAGERS, first=DAYS)
def test_every_working_day_once(manager: AccountManager, first: date) -> None:
    """In every zone, over every change of the clock, each working day is due, one after the other."""
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    instants = [start + timedelta(minutes=30 * step) for step in range(48 * 9)]
    found = [due for at in instants if (due := digest_day(manager, at))]
    inner = [first + timedelta(days=step) for step in range(2, 7)]
    holidays = holiday_calendar(manager.holidays)

    assert found == sorted(found)
    assert {day for day in inner if day.weekday() in manager.days and day not in holidays} == {
        day for day in inner if day in set(found)
    }


@pytest.mark.promise("P10")
@given(manager=MANAGERS, first=DAYS, minutes=st.integers(0, 3000))
def test_the_next_digest_is_due_when_it_comes(manager: AccountManager, first: date, minutes: int) -> None:
    """At the instant of the next digest its own local day is due, and just before it is not."""
    now = datetime(first.year, first.month, first.day, tzinfo=UTC) + timedelta(minutes=minutes)
    at = next_digest_at(manager, now)

    assert at is not None
    assert at > now
    assert digest_day(manager, at) == at.date()
    assert digest_day(manager, at - timedelta(seconds=1)) is None


# ---------------------------------------------------------------- sections

SNOOZED = Away(by="you", made_at=NOW - timedelta(days=3), until=NOW - timedelta(hours=1))
ANY = st.builds(
    OpenThread,
    thread=st.uuids().map(str),
    message=st.just("m"),
    subject=st.just("s"),
    workspace=st.sampled_from([None, "Acme", "Globex"]),
    guess=st.none(),
    state=st.builds(
        ThreadState,
        waiting_on=st.sampled_from(WaitingOn),
        action=st.sampled_from(Action),
        because=st.just(""),
        quote=st.just(""),
        message=st.none(),
        author=st.none(),
        since=st.integers(0, 90).map(lambda days: NOW - timedelta(days=days)) | st.none(),
        due=st.none(),
    ),
    hidden=st.booleans(),
    back=st.sampled_from([None, SNOOZED, replace(SNOOZED, woken=True)]),
    times_shown=st.integers(0, 5),
)


@given(threads=st.lists(ANY, max_size=60, unique_by=lambda one: one.thread))
def test_each_thread_once(threads: list[OpenThread]) -> None:
    """Whatever needs action and is not hidden is shown once or counted, the most pressing first, no more than fits."""
    choice = choose(threads)
    shown = [one.thread for one in (*choice.numbered, *choice.rest)]
    fresh = (*choice.items, *choice.back, *choice.promised, *choice.chasing)
    needs = {one.thread for one in threads if one.state.action is not Action.NONE and not one.hidden}
    order = list(Action)

    assert len(shown) == len(set(shown))
    assert set(shown) == needs
    assert len(fresh) <= MAX_ITEMS
    assert max(len(choice.still_open), len(choice.unplaced)) <= MAX_ITEMS
    for section in (choice.items, choice.back, choice.still_open, choice.unplaced):
        ranks = [order.index(one.state.action) for one in section]
        assert ranks == sorted(ranks)
    assert {one.state.action for one in choice.back}.isdisjoint({Action.ESCALATE, Action.STOP})
    assert all(one.times_shown >= UNCHANGED and not one.back for one in choice.still_open)
    left_out = [
        order.index(one.state.action) for one in choice.rest if one.workspace and one.times_shown < UNCHANGED
    ]
    assert not left_out or max(order.index(one.state.action) for one in fresh) <= min(left_out)


def test_a_complaint_is_never_put_below() -> None:
    """What is back from a snooze stands apart, but for complaints, stops, and what the client woke."""
    found = digest(
        replace(thread("back", Action.RESPOND), back=SNOOZED),
        replace(thread("woken", Action.RESPOND), back=replace(SNOOZED, woken=True)),
        replace(thread("risk", Action.ESCALATE), back=SNOOZED),
        replace(thread("old", Action.ESCALATE), times_shown=UNCHANGED),
    )

    assert [one.thread for one in found.items] == ["risk", "woken"]
    assert [one.thread for one in found.back] == ["back"]
    assert [one.thread for one in found.still_open] == ["old"]
    assert headline(found) == ("3 threads need you: 1 client is unhappy, 2 wait for an answer, 1 still open")
