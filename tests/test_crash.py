"""practiq is killed dozens of times while mail comes and letters go out: nothing is lost, nothing is done twice."""

from __future__ import annotations

import contextlib
import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.crash import MANAGERS, Agency, DeadlySink, Rows, is_at_work, lines_of, manager
from tests.postgres import Server
from tests.processes import await_that
from tests.servers import Dovecot

pytestmark = pytest.mark.one_database("it has agencies on both at once")

KILLS = int(os.environ.get("CRASH_KILLS", "64"))
AGENCIES = 2


def sqlite_url(folder: Path) -> str:
    """The URL of an SQLite database in this folder."""
    return f"sqlite:///{folder}/practiq.db"


def killed_time_and_again(agency: Agency) -> None:
    """Half of the lives, then one in peace."""
    with agency.mail_comes():
        for _ in range(KILLS // AGENCIES):
            agency.live()
    agency.live_in_peace(240)


def assert_each_mail_once(agency: Agency) -> None:
    """What is in the inbox is kept, each mail once, read once, and nothing in the inbox was marked."""
    rows = agency.rows()
    inbox = agency.inbox()
    assert Counter(raw for raw, _ in rows.kept) == Counter(inbox)
    assert {state for _, state in rows.kept} == {"read"}
    assert sorted(uid for uid, _ in rows.positions) == list(range(1, len(inbox) + 1))
    assert len({kept for _, kept in rows.positions} - {None}) == len(inbox)
    assert len(rows.messages) == len(set(rows.messages)) == len(inbox)
    assert set(agency.user.flags()) == {""}


def assert_sent_once(rows: Rows, agency: Agency) -> None:
    """Each letter came once, and once more only for a try whose end was never learned; never a third time."""
    came: dict[tuple[str, str], list[bytes]] = {}
    for one in agency.smtp.letters:
        key = (
            *one.rcpt_tos,
            next(line for line in one.content.splitlines() if line.startswith(b"Message-ID:")).decode(),
        )
        came.setdefault(key, []).append(lines_of(one.content))
    for letter in rows.letters:
        copies = came.pop((letter.recipient, f"Message-ID: {letter.message_id}"), [])
        assert set(copies) <= {rows.contents[letter.id]}
        assert letter.state in ("sent", "unknown")
        assert len(copies) <= 1 + letter.doubts <= 3
        assert len(copies) <= 2
        assert copies or letter.state == "unknown"
        assert letter.state == "sent" or letter.doubts == 2
    assert came == {}


@pytest.mark.timeout(1200)
@pytest.mark.promise("P1", "P9")
@pytest.mark.pitfall("agent-os#719", "routecraft#241", "hypothesis/lms#5346", "openedx#38136", "zulip#549")
def test_killed_at_any_moment(tmp_path: Path, dovecot: Dovecot, postgresql: Server) -> None:
    """
    Every mail is kept and read once and each digest, reply and acknowledgement is there once, whenever practiq dies.

    The moments: while it starts, at work, when a letter is on the wire and its acceptance not yet told,
    before and after a commit; one agency's database is SQLite's, the other's PostgreSQL's. A letter whose end was never learned comes once more, the same to the byte.
    """
    seed = int(os.environ.get("CRASH_SEED", "20261126"))
    sys.stdout.write(f"CRASH_SEED={seed}\n")
    with contextlib.ExitStack() as open_:
        agencies = []
        for number, url_of in enumerate((sqlite_url, postgresql.url_of)):
            folder = tmp_path / str(number)
            folder.mkdir()
            sink = open_.enter_context(DeadlySink())
            agencies.append(Agency(folder, url_of(folder), dovecot.new_user(), sink, seed + number))
        with ThreadPoolExecutor(AGENCIES) as at_once:
            list(at_once.map(killed_time_and_again, agencies))

    assert sum(agency.kills.total() for agency in agencies) == KILLS
    assert sum(agency.at_work for agency in agencies) >= KILLS / 2
    everybody = sorted(manager(n) for n in range(MANAGERS))
    for agency in agencies:
        rows = agency.rows()
        assert_each_mail_once(agency)
        assert_sent_once(rows, agency)
        assert sorted(to for to, _ in rows.digests) == everybody
        assert sorted(rows.orders) == everybody
        assert sorted(to for to, _ in rows.marks) == everybody
        assert Counter(kind for _, kind in rows.marks) == {"done": MANAGERS / 2, "snooze": MANAGERS / 2}
        kinds = Counter(one.key.partition(":")[0] for one in rows.letters)
        assert kinds == {"digest": MANAGERS, "ack": MANAGERS}
        await_that(lambda agency=agency: not any(map(is_at_work, agency.orphans)), seconds=20)
    assert sum(one.doubts for agency in agencies for one in agency.rows().letters) > 0
