"""Each account manager gets one digest a day, at their own hour, however often practiq is asked to send it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from service import jobs
from tests.agency import AUTHENTICATION, MAYA, SAM, Clock, at_work, servers_of
from tests.mornings import days
from tests.servers import SmtpSink

pytestmark = [pytest.mark.promise("P9"), pytest.mark.both_databases]


@pytest.mark.pitfall("zulip#549", "openedx#38136", "zulip#6114")
def test_triggered_again_it_is_one(tmp_path: Path, smtp: SmtpSink) -> None:
    """By the clock, by hand and by another start: the row of person and local day is there once, and so is the letter."""
    clock = Clock()
    for at in ("2026-11-10T14:00:00+00:00", "2026-11-10T14:00:05+00:00", "2026-11-10T22:00:00+00:00"):
        clock.to(at)
        with at_work(tmp_path, clock, AUTHENTICATION + servers_of(smtp=smtp)) as app:
            jobs.digests(app)
            said = list(jobs.send_digests(app, app.office.managers, clock.at))
            asyncio.run(jobs.deliver(app))

    assert sorted(one.rcpt_tos for one in smtp.letters) == [(MAYA,), (SAM,)]
    assert said == [f"{one}: was made before for 2026-11-10" for one in (MAYA, SAM)] + ["0 letters sent"]


@pytest.mark.pitfall("inbox-zero#1375")
def test_it_comes_at_the_readers_hour(tmp_path: Path) -> None:
    """At eight in London Sam has one, and Maya in New York not before it is eight there."""
    with days(tmp_path, at="2026-11-10T07:00:00+00:00") as practiq:
        made = []
        for at in ("07:59:59+00:00", "08:00:00+00:00", "07:59:59-05:00", "08:00:00-05:00"):
            practiq.clock.to(f"2026-11-11T{at}")
            jobs.digests(practiq.app)
            made.append([one.to for one in practiq.letters()])

    assert made[1:] == [[SAM], [], [MAYA]]
