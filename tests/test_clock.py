"""Clocks and zones that change: each account manager gets exactly the digests that they should."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from parsers.digest import Digest
from service import backlog, jobs
from service.app import App, build
from service.config import load
from service.intake import keep_raw
from service.models import KeptRow
from service.mornings import morning_at
from service.said_models import DigestRow
from tests.agency import AUTHENTICATION, DANA, MAYA, Clock, at_work, mail, write_config
from tests.mornings import days

pytestmark = [pytest.mark.promise("P10"), pytest.mark.both_databases]


def told(app: App) -> list[str]:
    """The local days of which Maya has a digest, in the order made."""
    with app.store.transaction() as session:
        rows = session.scalars(select(DigestRow).where(DigestRow.manager == MAYA).order_by(DigestRow.made_at))
        return [row.day.isoformat() for row in rows]


def through(
    app: App, clock: Clock, start: str, hours: float, step: timedelta = timedelta(minutes=55)
) -> None:
    """The service ticks from an instant on, for so many hours."""
    clock.to(start)
    end = clock.at + timedelta(hours=hours)
    while clock.at < end:
        jobs.digests(app)
        clock.at += step


@contextmanager
def configured(folder: Path, clock: Clock, zone: str, at: str) -> Iterator[App]:
    """practiq on the same database, with Maya in this zone, whose digest is at this hour."""
    path = write_config(folder, AUTHENTICATION)
    text = path.read_text()
    before, _, after = text.partition(f'email = "{MAYA}"')
    _, _, rest = after.partition("timezone = ")
    rest = rest.partition("\n")[2]
    path.write_text(f'{before}email = "{MAYA}"\ntimezone = "{zone}"\ndigest_at = "{at}"\n{rest}')
    app = build(load(path, {}), now=clock)
    try:
        yield app
    finally:
        app.close()


@pytest.mark.parametrize(
    "back", [timedelta(minutes=5), timedelta(hours=3), timedelta(days=1), timedelta(days=40)]
)
def test_clock_that_is_set_back_tells_nothing_twice(tmp_path: Path, back: timedelta) -> None:
    """No day has a second digest, mail and replies are read all the same, and days go on once the clock is right."""
    clock = Clock()
    with at_work(tmp_path, clock) as app:
        through(app, clock, "2026-11-10T12:00:00+00:00", 8)
        clock.at -= back
        keep_raw(app.store, [mail(DANA, "Could you send the striped one?")], clock())
        backlog.read(app)
        for _ in range(5):
            jobs.digests(app)
            clock.at += timedelta(hours=1)
        assert told(app) == ["2026-11-10"]
        with app.store.transaction() as session:
            assert {row.state for row in session.scalars(select(KeptRow))} == {"read"}
        through(app, clock, "2026-11-11T06:00:00+00:00", 14)

        assert told(app) == ["2026-11-10", "2026-11-11"]


def test_three_days_stopped_is_one_digest(tmp_path: Path) -> None:
    """Today's, late, with the mail of all three; those that were missed are not sent afterwards."""
    clock = Clock()
    with at_work(tmp_path, clock) as app:
        through(app, clock, "2026-11-09T12:00:00+00:00", 8)
        clock.to("2026-11-12T16:00:00+00:00")
        asked = [mail(DANA, f"Could you send poster {n}?", subject=f"Poster {n}") for n in range(3)]
        keep_raw(app.store, asked, clock())
        backlog.read(app)
        through(app, clock, "2026-11-12T16:00:00+00:00", 6)

        assert told(app) == ["2026-11-09", "2026-11-12"]
        (manager,) = [one for one in app.office.managers if one.address == MAYA]
        with app.store.transaction() as session:
            morning = morning_at(session, app.office, clock.at, [manager])
            digest, _ = jobs.compose(app, session, manager, day=clock.at.date(), morning=morning)
        assert isinstance(digest, Digest)
        assert len(list(digest.numbered)) == 3


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (("America/New_York", "08:00"), ("Asia/Tokyo", "08:00"), ["2026-11-10", "2026-11-11", "2026-11-12"]),
        (("Asia/Tokyo", "08:00"), ("America/New_York", "08:00"), ["2026-11-10", "2026-11-11", "2026-11-12"]),
        (
            ("Pacific/Auckland", "08:00"),
            ("Pacific/Pago_Pago", "08:00"),
            ["2026-11-10", "2026-11-11", "2026-11-12"],
        ),
        (("Pacific/Pago_Pago", "08:00"), ("Pacific/Kiritimati", "08:00"), ["2026-11-10", "2026-11-12"]),
        (("Europe/Berlin", "08:00"), ("Europe/Berlin", "17:00"), ["2026-11-10", "2026-11-11", "2026-11-12"]),
        (("Europe/Berlin", "17:00"), ("Europe/Berlin", "08:00"), ["2026-11-10", "2026-11-11", "2026-11-12"]),
    ],
    ids=["eastwards", "westwards", "over-the-date-line-west", "over-the-date-line-east", "later", "earlier"],
)
def test_zone_or_hour_that_is_changed(
    tmp_path: Path, before: tuple[str, str], after: tuple[str, str], expected: list[str]
) -> None:
    """Each local day is told once, at the hour of the zone of then; a day that the new zone had before is not missed."""
    clock = Clock()
    with configured(tmp_path, clock, *before) as app:
        through(app, clock, "2026-11-09T20:00:00+00:00", 24)  # until each had the 10th, wherever they are
        days_before = told(app)
    with configured(tmp_path, clock, *after) as app:
        through(app, clock, clock.at.isoformat(), 48)
        days_then = [day for day in told(app) if day <= "2026-11-12"]

    assert days_before[-1:] in (["2026-11-10"], ["2026-11-11"])
    assert days_then == sorted(set(days_then))
    assert set(days_then) >= set(expected)


@pytest.mark.parametrize(
    ("zone", "at", "start", "expected"),
    [
        ("Europe/Berlin", "02:30", "2026-03-27T00:00:00+00:00", ["2026-03-27", "2026-03-30", "2026-03-31"]),
        (
            "America/New_York",
            "01:30",
            "2026-10-30T05:00:00+00:00",
            ["2026-10-30", "2026-11-02", "2026-11-03"],
        ),
        ("Africa/Cairo", "00:15", "2026-04-23T00:00:00+00:00", ["2026-04-23", "2026-04-24", "2026-04-27"]),
        (
            "America/New_York",
            "08:00",
            "2028-02-28T05:00:00+00:00",
            ["2028-02-28", "2028-02-29", "2028-03-01", "2028-03-02"],
        ),
        ("Europe/Berlin", "08:00", "2026-12-30T00:00:00+00:00", ["2026-12-30", "2026-12-31", "2027-01-01"]),
    ],
    ids=["skipped-hour", "double-hour", "midnight-that-is-not", "leap-day", "year-end"],
)
def test_odd_days_are_days(tmp_path: Path, zone: str, at: str, start: str, expected: list[str]) -> None:
    """Each working day has one digest, whatever the clock does in its night."""
    clock = Clock()
    with configured(tmp_path, clock, zone, at) as app:
        through(app, clock, start, 24 * len(expected) + 48)
        found = told(app)

    assert found[: len(expected)] == expected
    assert len(found) == len(set(found))


@pytest.mark.pitfall("chatwoot#2985", "dateparser#1243", "dateparser#573")
def test_snooze_says_until_when(tmp_path: Path) -> None:
    """ "Friday" is the one ahead, "next Tuesday" a day of next week, and both are named with their date, whenever one asks."""
    with days(tmp_path) as at:
        at.comes(
            mail(DANA, "Could you send the striped one?", subject="Stripes"),
            mail(DANA, "And the dotted one?", subject="Dots"),
        )
        letter = at.morning("2026-11-11T08:00:00-05:00")
        said = at.answer(letter, "snooze 1 until Friday; snooze 2 until next Tuesday")
        listed = at.answer(letter, "snoozed")

    assert "Friday 13 November 2026" in said
    assert "Tuesday 17 November 2026" in said
    assert "Fri 13 Nov" in listed
    assert "Tue 17 Nov" in listed


def test_instants_have_their_zone() -> None:
    """The clock that the service goes by is aware, so that no machine's zone is meant by accident."""
    from service.app import clock

    assert clock().utcoffset() == timedelta()
    assert abs(clock() - datetime.now().astimezone()) < timedelta(minutes=1)
