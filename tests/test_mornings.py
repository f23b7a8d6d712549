"""A digest says what needs its reader, what waits, what changed, and what it cannot know; and it does not nag."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from service import jobs
from service.models import ThreadRow
from tests.agency import DANA, HANK, MAYA, SAM, mail
from tests.mornings import LEA, LEAD, days

pytestmark = pytest.mark.both_databases

ASKED = mail(DANA, "Could you tell me when the layouts are ready?", subject="Layouts")
YES = mail(
    DANA, "Approved, please go ahead with the print run.", subject="Flyer", at="2026-11-10T10:00:00-05:00"
)
STOP = mail(HANK, "Sam, please stop the print run, the address is wrong.", to=SAM, subject="Labels")
RISK = mail(HANK, "Sam, we are very unhappy, nobody answers us and we may look for another agency.", to=SAM,
            subject="Service", at="2026-11-09T10:00:00+00:00")  # fmt: skip
MORNINGS = [f"2026-11-{day}T08:00:00-05:00" for day in (11, 12, 13, 16, 17)]  # Wednesday to Tuesday


def subjects(items: object) -> list[str]:
    return [one.subject for one in items]  # type: ignore[attr-defined]


# ---------------------------------------------------------------- no nagging


def test_unchanged_for_three_digests_is_a_line(tmp_path: Path) -> None:
    """From the fourth digest on an item that stays as it is takes one line, with a number that works."""
    with days(tmp_path) as practiq:
        practiq.comes(ASKED, YES)
        digests = [practiq.morning(at) for at in MORNINGS[:4]]
        said = practiq.answer(digests[3], "done 1")
        closed = practiq.thread(YES)["done"]

    assert all("STILL OPEN" not in one.text for one in digests[:3])
    assert "STILL OPEN (2)" in digests[3].text.upper()
    assert "Nothing new needs you today: 2 still open" in digests[3].text
    assert "Could you tell me" not in digests[3].text
    assert "1 (Acme Corp: Flyer) is closed" in said
    assert closed


def test_what_changes_is_an_item_again(tmp_path: Path) -> None:
    """A new word of the client makes a line an item again, and a day without a digest counts for nothing."""
    again = mail(DANA, "Any news on the layouts? We really need an answer.", subject="Re: Layouts", answers=ASKED,
                 at="2026-11-16T10:00:00-05:00")  # fmt: skip
    with days(tmp_path) as practiq:
        practiq.comes(ASKED, YES)
        for at in MORNINGS[:3]:
            practiq.morning(at)
        line = practiq.seen(MORNINGS[3])
        practiq.comes(again, at="2026-11-16T10:01:00-05:00")
        found = practiq.seen(MORNINGS[4])

    assert subjects(line.still_open) == ["Flyer", "Layouts"]
    assert subjects(found.items) == ["Layouts"]
    assert subjects(found.still_open) == ["Flyer"]


def test_no_thread_is_twice_in_a_digest(tmp_path: Path) -> None:
    """Numbers run on through the sections, and each thread has one."""
    promise = mail(MAYA, "Dana, you will have the banner on Thursday.", to=DANA, subject="Banner",
                   at="2026-11-10T11:00:00-05:00")  # fmt: skip
    chase = mail(MAYA, "Dana, do we have your approval for the estimate?", to=DANA, subject="Estimate",
                 at="2026-11-03T09:00:00-05:00")  # fmt: skip
    waits = mail(MAYA, "Dana, can you approve the invitation?", to=DANA, subject="Invitation",
                 at="2026-11-11T09:00:00-05:00")  # fmt: skip
    lost = mail("lou@lumen.example", "Maya, we need a logo. Could you send us a quote?", subject="Logo")
    with days(tmp_path) as practiq:
        practiq.comes(ASKED, YES, promise, chase, waits, lost, at="2026-11-11T12:00:00-05:00")
        found = practiq.seen(MORNINGS[1])

    numbered = list(found.numbered)
    assert [one.number for one in numbered] == list(range(1, len(numbered) + 1))
    assert len({one.thread for one in numbered}) == len(numbered)
    assert subjects(found.items) == ["Flyer", "Layouts"]
    assert subjects(found.promised) == ["Banner"]
    assert subjects(found.chasing) == ["Estimate"]
    assert subjects(found.waiting) == ["Invitation"]
    assert subjects(found.unplaced) == ["Logo"]


# ---------------------------------------------------------------- what it knows, and what it cannot know


def test_what_an_item_knows(tmp_path: Path) -> None:
    """A conditional yes says its condition, a brief what it leaves open and how to ask."""
    but = mail(DANA, "Approved, once the phone number on page 2 is corrected.", subject="Leaflet")
    brief = mail(DANA, "Maya, we need a new landing page for the spring fair. It has to be live by December 1.",
                 subject="Fair", at="2026-11-10T11:00:00-05:00")  # fmt: skip
    with days(tmp_path) as practiq:
        practiq.comes(but, brief)
        found = {one.subject: one for one in practiq.seen(MORNINGS[0]).items}

    assert "phone number on page 2 is corrected" in str(found["Leaflet"].condition)
    assert found["Leaflet"].brief is None
    said = found["Fair"].brief
    assert said
    assert "landing page" in dict(said.said)["Deliverables"]
    assert "Budget" in said.missing
    assert len(said.questions) == len(said.missing)


def test_mail_that_never_came(tmp_path: Path) -> None:
    """A message that others on the thread name, and that never reached the inbox, is told; our own letters are not."""
    unseen = mail(MAYA, "Here is a first idea.", to=DANA, subject="Poster", at="2026-11-09T09:00:00-05:00")
    answer = mail(DANA, "Could you send me a bigger version?", subject="Re: Poster", answers=unseen)
    with days(tmp_path) as practiq:
        practiq.comes(answer, ASKED)
        found = {one.subject: one.missing for one in practiq.seen(MORNINGS[0]).items}
        digest = practiq.morning(MORNINGS[0])
        practiq.comes(unseen, at="2026-11-11T09:00:00-05:00")
        then = {one.subject: one.missing for one in practiq.seen(MORNINGS[1]).items}

    assert (found["Re: Poster"], found["Layouts"]) == (1, 0)
    assert "1 message on this thread never reached the inbox" in digest.text
    assert set(then.values()) == {0}


def test_coverage_counts_since_the_last_digest(tmp_path: Path) -> None:
    """The last line says how much was read since the digest before this one."""
    with days(tmp_path) as practiq:
        practiq.comes(ASKED, YES)
        first = practiq.seen(MORNINGS[0]).coverage.read
        practiq.morning(MORNINGS[0])
        practiq.comes(STOP, at="2026-11-11T12:00:00-05:00")
        second = practiq.seen(MORNINGS[1]).coverage.read

    assert (first, second) == (2, 1)


def test_warnings_are_told_once(tmp_path: Path) -> None:
    """A look-alike domain is told in the digest after it came, and not again."""
    fake = mail(
        "Dana <dana@acrne.example>", "Approved! Please pay to the new account.", subject="Payment details"
    )
    with days(tmp_path) as practiq:
        practiq.comes(fake)
        first, second = practiq.morning(MORNINGS[0]), practiq.morning(MORNINGS[1])

    assert "acrne.example resembles acme.example" in first.text
    assert "Go ahead" not in first.text
    assert "acrne.example" not in second.text


def test_a_request_that_bounced(tmp_path: Path) -> None:
    """A mail of the agency's that could not be delivered warns whoever looks after that client, once."""
    asked = mail(MAYA, "Dana, do we have your approval for the estimate?", to=DANA, subject="Estimate")
    bounce = mail(
        "Mail Delivery System <MAILER-DAEMON@mx.northlight.example>",
        f"This is the mail system.\n\nI'm sorry to have to inform you that your message could not be delivered.\n\n"
        f"<{DANA}>: host mx.acme.example said: 550 5.1.1 User unknown",
        subject="Undelivered Mail Returned to Sender", answers=asked, fields={"Auto-Submitted": "auto-replied"},
    )  # fmt: skip
    with days(tmp_path) as practiq:
        practiq.comes(asked, bounce)
        first, second = practiq.morning(MORNINGS[0]), practiq.morning(MORNINGS[1])

    assert f"your mail to {DANA} was not delivered" in first.text
    assert "not delivered" not in second.text


def test_a_client_gone_quiet(tmp_path: Path) -> None:
    """Who has not written for as many days as configured is named with the days; who never wrote is not."""
    with days(tmp_path, "[digest]\nclient_quiet_after = 10\n") as practiq:
        practiq.comes(mail(DANA, "Great, thanks!", subject="Old"))
        before = practiq.seen("2026-11-19T08:00:00-05:00").quiet
        after = practiq.seen("2026-11-20T08:00:00-05:00").quiet
        sams = practiq.seen("2026-11-20T08:00:00+00:00", SAM).quiet

    assert (before, sams) == ((), ())
    assert [(one.workspace, one.days) for one in after] == [("Acme Corp", 10)]


def test_scope_drift(tmp_path: Path) -> None:
    """A client who asks for more three times in thirty days drifts; twice is nothing, and the month passes."""
    more = [
        mail(DANA, "While you're in there, could you also change the footer? I know it's not in the SOW.",
             subject=f"Small thing {n}", at=f"2026-11-{n:02}T10:00:00-05:00")
        for n in (3, 5, 9)
    ]  # fmt: skip
    with days(tmp_path) as practiq:
        practiq.comes(*more[:2])
        twice = practiq.seen(MORNINGS[0]).drift
        practiq.comes(more[2])
        thrice = practiq.seen(MORNINGS[0]).drift
        later = practiq.seen("2026-12-07T08:00:00-05:00").drift

    assert twice == ()
    assert [(one.workspace, one.times) for one in thrice] == [("Acme Corp", 3)]
    assert later == ()


def test_a_lead_sees_the_team(tmp_path: Path) -> None:
    """A lead gets counts for each account manager and client, and the oldest complaint and stop; nobody else does."""
    with days(tmp_path, LEAD) as practiq:
        practiq.comes(ASKED, YES, STOP, RISK)
        team = practiq.seen(MORNINGS[0], LEA).team
        letter = practiq.morning(MORNINGS[0], to=LEA)
        nobody = practiq.seen(MORNINGS[0]).team

    assert team
    assert [(one.manager, one.workspace, one.needs) for one in team.lines] == [
        ("Maya Chen", "Acme Corp", 2),
        ("Sam Ode", "Globex", 2),
    ]
    assert [(str(one.action), one.manager, one.subject) for one in team.oldest] == [
        ("escalate", "Sam Ode", "Service"),
        ("stop", "Sam Ode", "Labels"),
    ]
    assert "Sam Ode" in letter.text
    assert nobody is None


def test_snoozed_complaints_stay_counted(tmp_path: Path) -> None:
    """Who snoozes a complaint or a stop is reminded each day that it sleeps."""
    with days(tmp_path) as practiq:
        practiq.comes(STOP, RISK)
        digest = practiq.morning("2026-11-11T08:00:00+00:00", to=SAM)
        practiq.reply(digest, "snooze all until 30 November", by=SAM)
        letter = practiq.morning("2026-11-12T08:00:00+00:00", to=SAM)

    assert "Snoozed by you: 2" in letter.text
    assert "Globex" in letter.text


@pytest.mark.pitfall("inbox-zero#744")
@pytest.mark.parametrize(("more", "sent"), [("", 1), ('[digest]\nwhen_nothing = "skip"\n', 0)])
def test_a_quiet_day(tmp_path: Path, more: str, sent: int) -> None:
    """A day on which nothing needs anybody is one line, or is skipped, and stays so when mail comes at noon."""
    with days(tmp_path, more) as practiq:
        practiq.clock.to(MORNINGS[0])
        jobs.digests(practiq.app)
        letters = [one for one in practiq.letters() if one.to == MAYA]
        practiq.comes(ASKED, at="2026-11-11T09:00:00-05:00")
        jobs.digests(practiq.app)
        at_noon = practiq.letters()
        thursday = practiq.morning(MORNINGS[1])

    assert len(letters) == sent
    assert all("Nothing needs you today" in one.text for one in letters)
    assert at_noon == []
    assert "Layouts" in thursday.text


# ---------------------------------------------------------------- what is kept with a thread is what its mail says

WORDS = (
    "Could you tell me when the layouts are ready?",
    "Approved, please go ahead.",
    "Please stop everything at once.",
    "Great, thanks!",
    "We need a new landing page by December 1.",
)
ANSWERS = (
    "Of course, you will have it on Friday.",
    "Do we have your approval for this?",
    "Done, it is attached.",
)
ORDERS = ("snooze all until 20 November", "done all", "replied all", "not 1", "wake all")
STEPS = st.lists(
    st.tuples(st.sampled_from(("client", "agency", "order")), st.integers(0, 4), st.integers(1, 20)),
    min_size=1,
    max_size=7,
)


@given(steps=STEPS)
@settings(max_examples=8, deadline=None)  # with each database
def test_what_is_kept_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int]]
) -> None:
    """After any mail and orders the states kept with the threads are those that all of the mail gives anew."""
    with days(tmp_path_factory.mktemp("days"), at="2026-11-10T07:00:00-05:00") as practiq:
        last = mail(DANA, WORDS[0], subject="Layouts", at="2026-11-10T07:00:00-05:00")
        practiq.comes(last)
        digest = practiq.morning("2026-11-10T08:00:00-05:00")
        at = datetime.fromisoformat("2026-11-10T08:00:00-05:00")
        for who, which, hours in steps:
            at += timedelta(hours=hours)
            if who == "order":
                practiq.reply(digest, ORDERS[which], at=at.isoformat())
                continue
            words = WORDS[which] if who == "client" else ANSWERS[which % 3]
            author, to = (DANA, MAYA) if who == "client" else (MAYA, DANA)
            last = mail(author, words, to=to, subject="Re: Layouts", answers=last, at=at)
            practiq.comes(last, at=(at + timedelta(minutes=1)).isoformat())
        practiq.clock.at = at + timedelta(minutes=10)
        kept = practiq.standing(last)
        with practiq.app.store.transaction() as session:
            session.execute(update(ThreadRow).values(ledger=None, as_of=None, newest=None))
        read = practiq.standing(last)
        practiq.comes()
        again = practiq.standing(last)

    assert kept == read == again
