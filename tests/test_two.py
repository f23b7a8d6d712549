"""Two processes on one database do the work of one."""

from __future__ import annotations

import signal
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from service.kept_rows import KeptState, count_kept
from service.models import MessageRow, PositionRow
from service.store import read_store
from tests.agency import DANA, MAYA, SAM, database_url, mail, servers_of
from tests.processes import HASTY, await_that, read_count, running, service_config
from tests.servers import SmtpSink, User

pytestmark = pytest.mark.promise("P11")


def assert_once(folder: Path, smtp: SmtpSink, count: int) -> None:
    """Each message was kept and read once, and each account manager has one digest."""
    store = read_store(database_url(folder))
    with store.transaction() as session:
        uids = list(session.scalars(select(PositionRow.uid).order_by(PositionRow.uid)))
        identities = list(session.scalars(select(MessageRow.identity)))
        states = count_kept(session)
    store.close()
    assert uids == list(range(1, count + 1))
    assert len(identities) == count
    assert states == {KeptState.UNREAD: 0, KeptState.READ: count, KeptState.QUARANTINED: 0}
    assert Counter(one.rcpt_tos[0] for one in smtp.letters) == {MAYA: 1, SAM: 1}


@pytest.mark.both_databases
def test_second_takes_over_from_a_killed_first(tmp_path: Path, user: User, smtp: SmtpSink) -> None:
    """It stands by meanwhile, and goes on where the first was killed: nothing twice, nothing lost."""
    config = service_config(tmp_path, servers_of(user, smtp))
    user.deliver(*(mail(DANA, f"number {n}", subject=f"S{n}") for n in range(5)))
    with running(config, tuned=HASTY) as first:
        first.await_event("running")
        with running(config, tuned=HASTY) as second:
            assert str(first.process.pid) in second.await_event("standing by")["holder"]
            await_that(lambda: len(smtp.letters) == 2)
            user.deliver(mail(DANA, "while both are there", subject="S5"))
            await_that(lambda: read_count(tmp_path) == 6)
            assert second.events("running") == []

            first.end(signal.SIGKILL)
            second.await_event("running")
            assert second.events("taking over")  # at once: its lock was gone, no silence was waited for
            user.deliver(mail(DANA, "after it", subject="S6"))
            await_that(lambda: read_count(tmp_path) == 7)
            assert second.end()[0] == 0
    assert_once(tmp_path, smtp, 7)


@pytest.mark.one_database("it takes its time; tests/test_lease.py has it on both")
def test_silent_first_is_kept_off(tmp_path: Path, user: User, smtp: SmtpSink) -> None:
    """One that stands still has its work taken over; when it goes on it writes and sends nothing, and stands by."""
    config = service_config(tmp_path, servers_of(user, smtp))
    user.deliver(mail(DANA, "before", subject="S0"))
    with running(config, tuned=HASTY) as first, running(config, tuned=HASTY) as second:
        await_that(lambda: first.events("running") or second.events("running"))
        old, new = (first, second) if first.events("running") else (second, first)
        new.await_event("standing by")
        await_that(lambda: len(smtp.letters) == 2 and read_count(tmp_path) == 1)
        time.sleep(6)  # longer than the silence that ends a turn: this one beats
        assert new.events("running") == []

        old.send(signal.SIGSTOP)
        new.await_event("taking over from one that is silent")
        new.await_event("running")
        user.deliver(mail(DANA, "meanwhile", subject="S1"))
        await_that(lambda: read_count(tmp_path) == 2)
        old.send(signal.SIGCONT)
        assert "has taken over" in old.await_event("not at work")["reason"]
        old.await_event("standing by")
        user.deliver(mail(DANA, "afterwards", subject="S2"))
        await_that(lambda: read_count(tmp_path) == 3)
        assert len(old.events("running")) == 1

        new.end(signal.SIGKILL)
        old.await_event("running", 2)
        user.deliver(mail(DANA, "at last", subject="S3"))
        await_that(lambda: read_count(tmp_path) == 4)
        assert old.end()[0] == 0
    assert_once(tmp_path, smtp, 4)
