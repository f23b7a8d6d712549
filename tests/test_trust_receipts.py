"""What was ordered is seen by everybody whom it concerns: in digests, notices and the audit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.agency import HANK, MAYA, SAM, mail
from tests.mornings import days

pytestmark = pytest.mark.both_databases

STOP = mail(HANK, "Sam, please stop the print run, the address is wrong.", to=SAM, subject="Labels")
ANGRY = mail(HANK, "We are really unhappy with your work, this is a complaint.", to=SAM, subject="Trouble")


def test_a_stop_or_a_complaint_that_is_snoozed_stays_counted(tmp_path: Path) -> None:
    """Each digest says that it is snoozed by its reader, and whose it is, until it is back."""
    with days(tmp_path) as practiq:
        practiq.comes(STOP, ANGRY)
        digest = practiq.morning("2026-11-11T08:00:00+00:00", to=SAM)
        practiq.reply(digest, "snooze all until 20 November", by=SAM)
        later = [practiq.morning(f"2026-11-{day}T08:00:00+00:00", to=SAM) for day in (12, 13, 16)]

    for one in later:
        for words in (one.text, one.page):
            assert "Snoozed by you: 2, among them an unhappy client or a stop: Globex" in " ".join(
                words.split()
            )


def test_both_account_managers_hear_of_a_thread_that_moves(tmp_path: Path) -> None:
    """Who files a colleague's mail with another client has it acknowledged; who had it and who has it now are told."""
    with days(tmp_path) as practiq:
        practiq.comes(STOP)
        sams = practiq.morning("2026-11-11T08:00:00+00:00", to=SAM)
        practiq.reply(sams, "pause until 20 November, Maya stands in", by=SAM)
        mayas = practiq.morning("2026-11-11T08:00:00-05:00")
        ack, *notices = practiq.reply(mayas, "1 is Acme Corp")
        owner = practiq.thread(STOP)["account_manager"]
        noted = practiq.audit()[-1]

    assert "Acme Corp's now" in ack.text
    assert owner == MAYA
    assert [one.to for one in notices] == [SAM]
    assert "Maya Chen says that “Labels” is Acme Corp's, so it is Maya Chen's now." in " ".join(
        notices[0].text.split()
    )
    assert (noted["before"][0]["account_manager"], noted["after"][0]["account_manager"]) == (SAM, MAYA)
    assert re.match(r"1 .*Labels", noted["outcome"])
