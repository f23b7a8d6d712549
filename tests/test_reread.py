"""Kept mail is read again by a better reader."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from parsers.anatomy import Anatomy, anatomy_of
from service import backlog, jobs
from service.cover_rows import covering
from service.intake import keep_raw
from service.reread import reread
from service.sandbox import Sandbox
from service.standing import standings
from tests.agency import AUTHENTICATION, DANA, INBOX, MAYA, MX, Clock, at_work, mail, servers_of
from tests.servers import SmtpSink

pytestmark = pytest.mark.both_databases

YES = mail(DANA, "Approved, please go ahead.", at="2026-11-10T18:00:00-05:00")


def better(raw: bytes) -> Anatomy:
    """A reader that reads a word otherwise, so that the message has another identity."""
    return anatomy_of(raw.replace(b"go ahead", b"print it"), trust=MX)


def test_what_was_ordered_outlives_a_better_reader(tmp_path: Path, smtp: SmtpSink) -> None:
    """A closed thread stays closed, and a digest's number means what it meant, though each message reads otherwise."""
    clock = Clock()
    with at_work(tmp_path, clock, AUTHENTICATION + servers_of(smtp=smtp)) as app:
        keep_raw(app.store, [YES], clock.to("2026-11-11T02:00:00+00:00"))
        backlog.read(app)
        clock.to("2026-11-11T13:00:30+00:00")
        jobs.digests(app)
        asyncio.run(jobs.deliver(app))
        digest = next(one for one in smtp.letters if one.rcpt_tos == (MAYA,))
        replies = [
            mail(MAYA, words, answers=digest.content, to=INBOX, cc="", at=f"2026-11-11T08:{minute}:00-05:00")
            for words, minute in (("done 1", "10"), ("wake 1", "20"))
        ]

        def is_done() -> list[bool]:
            with app.store.transaction() as session:
                return [one.rest.done for one in standings(session, covering(session, app.office), clock())]

        keep_raw(app.store, replies[:1], clock.to("2026-11-11T13:11:00+00:00"))
        backlog.read(app)
        assert is_done() == [True]

        other = replace(app, sandbox=Sandbox(read=better))
        changed = reread(other, None)
        assert any("print it" in line for line in changed)
        assert is_done() == [True]

        keep_raw(app.store, replies[1:], clock.to("2026-11-11T13:21:00+00:00"))
        backlog.read(other)
        assert is_done() == [False]
        other.sandbox.close()
