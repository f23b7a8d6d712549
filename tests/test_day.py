"""A whole day, end to end: a real Dovecot, a real SMTP server, and practiq between them."""

from __future__ import annotations

import asyncio
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from service import backlog, jobs, watching
from tests.agency import AUTHENTICATION, DANA, HANK, INBOX, MAYA, SAM, Clock, at_work, mail, servers_of
from tests.servers import SmtpSink, User

pytestmark = pytest.mark.both_databases


def parsed(raw: bytes) -> EmailMessage:
    letter = message_from_bytes(raw, policy=SMTP)
    assert isinstance(letter, EmailMessage)
    return letter


def text_of(letter: EmailMessage) -> str:
    part = letter.get_body(preferencelist=("plain",))
    assert part
    return str(part.get_content())


def newest_to(address: str, smtp: SmtpSink) -> str:
    return text_of(parsed(next(one.content for one in reversed(smtp.letters) if one.rcpt_tos == (address,))))


def tick(app: jobs.App) -> None:
    """What the service does all day: read, make what is due, send what is due."""
    watching.poll(app)
    backlog.read(app)
    jobs.digests(app)
    asyncio.run(jobs.deliver(app))


def test_a_day(tmp_path: Path, user: User, smtp: SmtpSink) -> None:
    """Mail of the evening, the digest of the morning, a reply, and the item is gone from the next digest."""
    clock = Clock()
    with at_work(tmp_path, clock, AUTHENTICATION + servers_of(user, smtp)) as app:
        # Tuesday noon: practiq is installed, and says at once that there is nothing yet.
        clock.to("2026-11-10T17:00:00+00:00")
        tick(app)
        assert [one.rcpt_tos for one in smtp.letters] == [(MAYA,), (SAM,)]
        assert all("Nothing needs you today" in text_of(parsed(one.content)) for one in smtp.letters)
        smtp.letters.clear()

        # Tuesday evening: Maya's client decides, asks; Sam's stops something; a newsletter comes.
        asked = mail(MAYA, "Dana, the layouts are attached. Do we have your approval?", to=DANA,
                     at="2026-11-10T15:00:00-05:00")  # fmt: skip
        yes = mail(DANA, "Approved, please go ahead.", answers=asked, subject="Re: Spring layouts",
                   at="2026-11-10T18:00:00-05:00")  # fmt: skip
        brief = mail(DANA, "Hi Maya, we need a new landing page and a banner for the fair. Budget is $5,000, and it"
                     " has to be live by December 1.", subject="Trade fair", at="2026-11-10T18:30:00-05:00")  # fmt: skip
        stop = mail(HANK, "Sam, please stop the print run, the address is wrong.", to=SAM, subject="Labels",
                    at="2026-11-10T19:00:00+00:00")  # fmt: skip
        news = mail("news@paper.example", "Ten approved briefs.", to=INBOX, cc="", subject="News",
                    fields={"List-Unsubscribe": "<mailto:x@paper.example>"}, at="2026-11-10T20:00:00+00:00")  # fmt: skip
        user.deliver(asked, yes, brief, stop, news)
        clock.to("2026-11-11T02:00:00+00:00")
        tick(app)
        assert smtp.letters == []

        # Wednesday: each account manager at their own eight o'clock, once.
        clock.to("2026-11-11T08:00:30+00:00")
        tick(app)
        tick(app)
        assert [one.rcpt_tos for one in smtp.letters] == [(SAM,)]
        clock.to("2026-11-11T13:00:30+00:00")
        tick(app)
        tick(app)
        assert [one.rcpt_tos for one in smtp.letters] == [(SAM,), (MAYA,)]
        digest = parsed(smtp.letters[1].content)
        assert digest["Auto-Submitted"] == "auto-generated"
        shown = text_of(digest)
        assert "Approved" in shown
        assert "landing page" in shown
        assert "print run" not in shown
        assert " 1  Acme Corp: Go ahead" in shown
        assert " 2  Acme Corp: Start the brief" in shown
        assert "print run" in text_of(parsed(smtp.letters[0].content))

        # Maya answers. A forger, whom our server does not vouch for, tries the other item.
        reply = mail(MAYA, "snooze 1 until Friday\n\nThanks, Maya", to=INBOX, cc="",
                     answers=smtp.letters[1].content, at="2026-11-11T08:30:00-05:00")  # fmt: skip
        forged = mail(MAYA, "done 2", to=INBOX, cc="", answers=smtp.letters[1].content,
                      verdict="mx.northlight.example; dmarc=fail header.from=northlight.example",
                      at="2026-11-11T08:31:00-05:00")  # fmt: skip
        user.deliver(reply, forged)
        clock.to("2026-11-11T13:32:00+00:00")
        tick(app)
        tick(app)
        assert [one.rcpt_tos for one in smtp.letters[2:]] == [(MAYA,), (MAYA,)]
        assert "was not obeyed" in text_of(parsed(smtp.letters[3].content))
        ack = parsed(smtp.letters[2].content)
        assert smtp.letters[2].rcpt_tos == (MAYA,)
        assert ack["Auto-Submitted"] == "auto-replied"
        assert ack["In-Reply-To"] == parsed(reply)["Message-ID"]
        assert "snoozed until Friday 13 November" in text_of(ack)

        # Thursday: the snoozed item is gone, the other one is still there.
        clock.to("2026-11-12T13:00:30+00:00")
        tick(app)
        thursday = newest_to(MAYA, smtp)
        assert "Go ahead" not in thursday
        assert " 1  Acme Corp: Start the brief" in thursday
        assert "Snoozed by you: 1" in thursday

        # The client writes again, and it is back before its time.
        user.deliver(mail(DANA, "Could you tell me when it goes to print?", answers=yes, subject="Re: Spring layouts",
                          at="2026-11-12T15:00:00-05:00"))  # fmt: skip
        clock.to("2026-11-13T13:00:30+00:00")
        tick(app)
        friday = newest_to(MAYA, smtp)
        assert "when it goes to print" in friday or "Approved" in friday


@pytest.mark.promise("P10")
@pytest.mark.pitfall("apscheduler#296", "apscheduler#231", "apscheduler#160")
def test_stopped_in_the_morning_the_digest_is_late_and_once(
    tmp_path: Path, user: User, smtp: SmtpSink
) -> None:
    """What fell due while we were stopped is sent when we are back, says so, and is sent once; yesterday's is not."""
    clock = Clock()
    clock.to("2026-11-10T14:00:00+00:00")
    with at_work(tmp_path, clock, AUTHENTICATION + servers_of(user, smtp)) as app:
        tick(app)
    before = len(smtp.letters)
    clock.to("2026-11-12T16:30:00+00:00")  # two mornings later
    for _ in range(2):
        with at_work(tmp_path, clock, AUTHENTICATION + servers_of(user, smtp)) as app:
            tick(app)
    late = [one for one in smtp.letters[before:] if one.rcpt_tos == (MAYA,)]

    assert len(late) == 1
    assert "This one is late" in text_of(parsed(late[0].content))
    assert parsed(late[0].content)["Subject"].startswith("Thu 12 Nov")


def test_without_authentication_nobody_commands(tmp_path: Path, user: User, smtp: SmtpSink) -> None:
    """Where no server's word is trusted a reply does nothing, and the digest says why."""
    clock = Clock()
    with at_work(tmp_path, clock, servers_of(user, smtp)) as app:
        user.deliver(mail(DANA, "Maya, please stop the campaign at once."))
        clock.to("2026-11-11T13:00:30+00:00")
        tick(app)
        digest = smtp.letters[-1].content
        user.deliver(mail(MAYA, "done 1", to=INBOX, cc="", answers=digest, at="2026-11-11T08:30:00-05:00"))
        clock.to("2026-11-12T13:00:30+00:00")
        before = len(smtp.letters)
        tick(app)
        again = [one for one in smtp.letters[before:] if one.rcpt_tos == (MAYA,)]

    assert "Replies are not obeyed yet" in text_of(parsed(digest))
    assert len(again) == 1
    assert "stop the campaign" in text_of(parsed(again[0].content))
