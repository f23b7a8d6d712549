"""Workers that share many inboxes over PostgreSQL: none is read by two at a time, no digest doubled or missing."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tests.fleet import Fleet
from tests.postgres import Server
from tests.servers import Dovecot, SmtpSink
from tests.systemd import Systemd

pytestmark = pytest.mark.one_database("workers share PostgreSQL alone")

INBOXES = int(os.environ.get("FLEET_INBOXES", "8"))
WORKERS = int(os.environ.get("FLEET_WORKERS", "2"))
KILLS = int(os.environ.get("FLEET_KILLS", "2"))


@pytest.mark.timeout(1200)
@pytest.mark.promise("P9", "P11")
def test_workers_that_are_killed(
    tmp_path: Path, dovecot: Dovecot, postgresql: Server, smtp: SmtpSink
) -> None:
    """While mail comes and workers die, every inbox is read, by one at a time, and every digest goes out once."""
    fleet = Fleet(tmp_path, INBOXES, dovecot, postgresql, smtp)

    fleet.work_and_kill(WORKERS, KILLS, random.Random(int(os.environ.get("FLEET_SEED", "20261127"))))

    fleet.assert_no_pass_overlaps()
    fleet.assert_once()


@pytest.mark.promise("P11")
def test_worker_that_stands_still(
    tmp_path: Path, dovecot: Dovecot, postgresql: Server, smtp: SmtpSink
) -> None:
    """Another one does its work; when it wakes up it writes and sends nothing, and goes on with what is next."""
    fleet = Fleet(tmp_path, 1, dovecot, postgresql, smtp)

    fleet.work_and_stop()

    fleet.assert_once()


@pytest.mark.promise("P11")
def test_worker_that_is_left_alone(
    tmp_path: Path, dovecot: Dovecot, own: Server, smtp: SmtpSink, systemd: Systemd
) -> None:
    """It waits for PostgreSQL, outlives its restart, takes a new agency, passes over a wrong one, and tells systemd how it is."""
    fleet = Fleet(tmp_path, 1, dovecot, own, smtp)

    fleet.work_and_be_left_alone(systemd)

    fleet.assert_once()
