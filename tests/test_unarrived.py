"""A letter that did not arrive: others are told once, nobody else's is held up, and its reader is told again what it said."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from sqlalchemy import select

from service import jobs
from service.app import App
from service.health import status_line
from service.letter_rows import record_letter
from service.letters import texts_of
from service.said_models import LetterRow
from service.smtp import SmtpError
from service.store import Letter
from tests.agency import DANA, HANK, INBOX, MAYA, SAM, mail, servers_of
from tests.desk import Desk
from tests.mornings import LEAD, Days, Sent, days
from tests.servers import SmtpSink

LEA = "lea@northlight.example"
pytestmark = [pytest.mark.promise("P12"), pytest.mark.both_databases]

TUESDAY, WEDNESDAY, THURSDAY = (f"2026-11-{day}T09:00:00-05:00" for day in (10, 11, 12))


@contextmanager
def at_the_desk(folder: Path, smtp: SmtpSink, more: str = "") -> Iterator[Days]:
    """practiq with a server that sends, and something to tell each account manager."""
    with days(folder, more + servers_of(smtp=smtp)) as practiq:
        practiq.comes(
            mail(DANA, "Could you change the headline, please?", at="2026-11-09T10:00:00-05:00"),
            mail(
                HANK, "Can you send the invoice?", to=SAM, at="2026-11-09T10:00:00-05:00", subject="Invoice"
            ),
            at="2026-11-09T15:00:00-05:00",
        )
        practiq.letters()
        yield practiq


def morning(practiq: Days, at: str) -> dict[str, Sent]:
    """The digests of a morning by their reader, made and sent as the service does."""
    practiq.clock.to(at)
    jobs.digests(practiq.app)
    with suppress(SmtpError):
        asyncio.run(jobs.deliver(practiq.app))
    return {one.to: one for one in practiq.letters()}


def state(app: App, of: Sent) -> str:
    with app.store.transaction() as session:
        asked = select(LetterRow.state).where(LetterRow.message_id == str(of.mail["Message-ID"]))
        return session.scalars(asked).one()


def bounce(of: Sent, *, late: bool = False, carried: bool = True) -> bytes:
    """What a mail server writes of a letter that it could not deliver, or not yet."""
    made = EmailMessage(policy=SMTP)
    made["Return-Path"] = "<>"
    made["From"] = "Mail Delivery System <MAILER-DAEMON@mx.northlight.example>"
    made["To"] = INBOX
    made["Subject"] = "Delayed Mail (still being retried)" if late else "Undelivered Mail Returned to Sender"
    made["Message-ID"] = "<b1@mx.northlight.example>"
    made["Date"] = "Tue, 10 Nov 2026 10:00:00 -0500"
    made["Auto-Submitted"] = "auto-replied"
    fate = "is delayed; it will be retried" if late else "could not be delivered"
    named = "" if carried else of.mail["Message-ID"]
    made.set_content(f"This is the mail system.\n\nYour message to <{of.to}> {fate}. {named}\n")
    if carried:
        made.add_attachment(of.mail)
    return made.as_bytes()


NO = "550 5.1.1 No such user"
SAID = "The digest to Sam Ode, Tue 10 Nov, did not arrive: the mail server said “550 5.1.1 No such user”."


@pytest.mark.pitfall("bytedeck#2510", "tracecat#3401")
def test_others_are_told_once(tmp_path: Path, smtp: SmtpSink) -> None:
    """An address that refuses costs nobody else's digest; the next digest of the others says so, in text and HTML, once."""
    smtp.refusals = {SAM: NO}
    with at_the_desk(tmp_path, smtp) as practiq:
        first = morning(practiq, TUESDAY)
        second = morning(practiq, WEDNESDAY)
        third = morning(practiq, THURSDAY)
        line = status_line(practiq.app, practiq.app.now())

    assert [one.rcpt_tos for one in smtp.letters] == [(MAYA,)] * 3
    assert "did not arrive" not in first[MAYA].text
    assert SAID in second[MAYA].text
    assert all(SAID in words for words in texts_of(second[MAYA].raw))
    assert "did not arrive" not in second[SAM].text
    assert "Tue 10 Nov, did not" not in third[MAYA].text
    assert "Wed 11 Nov, did not arrive" in third[MAYA].text
    assert [one["fault"] for one in line["not_sent"]] == [NO] * 3
    assert any(f"A letter to {SAM} did not arrive: {NO}." == one["what"] for one in line["wrong"])


def test_what_fails_in_the_instant_of_a_digest_is_told_once(tmp_path: Path, smtp: SmtpSink) -> None:
    """A letter that is given up at the moment when the next digests are made is in one of them, not in two."""
    smtp.refusals = {SAM: "452 4.2.2 full"}
    with at_the_desk(tmp_path, smtp) as practiq:
        morning(practiq, TUESDAY)
        practiq.clock.to(WEDNESDAY)
        asyncio.run(jobs.deliver(practiq.app))
        told = [morning(practiq, at)[MAYA].text for at in (WEDNESDAY, THURSDAY)]

    assert ["Tue 10 Nov, did not arrive" in one for one in told] == [False, True]


def test_a_lead_is_told_for_all(tmp_path: Path, smtp: SmtpSink) -> None:
    """Where there is a lead it is for them to see to it, and others are not troubled."""
    smtp.refusals = {SAM: NO}
    with at_the_desk(tmp_path, smtp, LEAD) as practiq:
        morning(practiq, TUESDAY)
        second = morning(practiq, WEDNESDAY)

    assert SAID in second[LEA].text
    assert "did not arrive" not in second[MAYA].text


def test_who_is_alone_is_told_of_their_own(tmp_path: Path, smtp: SmtpSink) -> None:
    """There is nobody else to tell."""
    smtp.refusals = {MAYA: NO}
    with at_the_desk(tmp_path, smtp) as practiq:
        office = practiq.app.office
        practiq.app = replace(practiq.app, office=replace(office, managers=office.managers[:1]))
        morning(practiq, TUESDAY)
        smtp.refusals.clear()
        second = morning(practiq, WEDNESDAY)

    assert (
        "Your digest, Tue 10 Nov, did not arrive: the mail server said “550 5.1.1 No such user”."
        in second[MAYA].text
    )


def test_a_day_on_which_something_did_not_arrive_is_no_quiet_one(tmp_path: Path, smtp: SmtpSink) -> None:
    """A digest that would be skipped goes out for it, and is skipped again the day after."""
    with days(tmp_path, '[digest]\nwhen_nothing = "skip"\n' + servers_of(smtp=smtp)) as practiq:
        now = practiq.clock.at
        letter = Letter(reverse_path=INBOX, recipient=SAM, message_id="<ack@x>", content=b"hello\r\n")
        with practiq.app.store.transaction() as session:
            record_letter(session, "ack:1", letter, now=now, expires_at=now + timedelta(hours=2))
        smtp.refusals = {SAM: NO}
        mornings = [morning(practiq, at) for at in (TUESDAY, WEDNESDAY, THURSDAY)]

    assert [list(one) for one in mornings] == [[SAM], [MAYA], []]
    assert "The answer to Sam Ode, Tue 10 Nov, did not arrive: the mail server said" in mornings[1][MAYA].text


def test_what_nobody_knows_is_said_so(tmp_path: Path, smtp: SmtpSink) -> None:
    """A letter whose acceptance was never learned may not have arrived."""
    with at_the_desk(tmp_path, smtp) as practiq:
        smtp.drop_after_dot = True
        morning(practiq, TUESDAY)
        practiq.clock.at += timedelta(hours=1)
        with suppress(SmtpError):
            asyncio.run(jobs.deliver(practiq.app))
        smtp.drop_after_dot = False
        second = morning(practiq, WEDNESDAY)

    assert "The digest to Sam Ode, Tue 10 Nov, may not have arrived: " in second[MAYA].text


def test_a_lost_digest_told_nothing(tmp_path: Path, smtp: SmtpSink) -> None:
    """What a digest warned of that did not arrive is in the next one that does; no item goes down to a line for it."""
    fake = mail("Dana <dana@acrne.example>", "Please pay to the new account.", subject="Payment details")
    smtp.refusals = {MAYA: NO}
    with at_the_desk(tmp_path, smtp) as practiq:
        practiq.comes(fake)
        morning(practiq, TUESDAY)
        smtp.refusals.clear()
        second = morning(practiq, WEDNESDAY)
        third = morning(practiq, THURSDAY)

    assert "acrne.example resembles acme.example" in second[MAYA].text
    assert "acrne.example" not in third[MAYA].text


# ---------------------------------------------------------------- a letter that comes back


@pytest.mark.pitfall("freescout#3670", "chatwoot#5131", "helpdesk#3628", "sympa#418", "zulip#2755")
@pytest.mark.promise("P14")
@pytest.mark.parametrize("carried", [True, False], ids=["with-the-letter", "by-its-id"])
def test_a_bounce_is_told_and_never_answered(tmp_path: Path, smtp: SmtpSink, carried: bool) -> None:
    """It is that letter's fate: told to others once, in no thread's way, and nobody is written to for it."""
    with at_the_desk(tmp_path, smtp) as practiq:
        first = morning(practiq, TUESDAY)
        before = practiq.seen("2026-11-10T10:30:00-05:00")
        practiq.comes(bounce(first[SAM], carried=carried), at="2026-11-10T11:00:00-05:00")
        after = practiq.seen("2026-11-10T11:00:00-05:00")
        assert practiq.letters() == []
        assert state(practiq.app, first[SAM]) == "sent"
        second = morning(practiq, WEDNESDAY)
        third = morning(practiq, THURSDAY)

    told = "The digest to Sam Ode, Tue 10 Nov, did not arrive: it came back undelivered."
    assert list(after.numbered) == list(before.numbered)
    assert after.warnings == before.warnings == ()
    assert told in second[MAYA].text
    assert "came back" not in third[MAYA].text
    assert len(smtp.letters) == 6


def test_a_notice_of_delay_is_no_loss(tmp_path: Path, smtp: SmtpSink) -> None:
    """Delivery goes on, and there is nothing to tell."""
    with at_the_desk(tmp_path, smtp) as practiq:
        first = morning(practiq, TUESDAY)
        practiq.comes(bounce(first[SAM], late=True), at="2026-11-10T11:00:00-05:00")
        second = morning(practiq, WEDNESDAY)

    assert "did not arrive" not in second[MAYA].text


@pytest.mark.pitfall("odoo#78597")
def test_only_a_machine_can_give_back(tmp_path: Path, smtp: SmtpSink) -> None:
    """A person's mail that answers a digest, whatever it says of delivery, is no bounce of it."""
    with at_the_desk(tmp_path, smtp) as practiq:
        first = morning(practiq, TUESDAY)
        person = mail(
            DANA,
            "Your brochures could not be delivered.",
            subject="Undeliverable: 40 brochures",
            answers=first[SAM].raw,
        )
        practiq.comes(person, at="2026-11-10T11:00:00-05:00")
        second = morning(practiq, WEDNESDAY)

    assert "came back" not in second[MAYA].text


# ---------------------------------------------------------------- only who is in the configuration


@pytest.mark.promise("P13")
def test_who_left_is_not_written_to(tmp_path: Path, smtp: SmtpSink) -> None:
    """A letter of any kind that waits for somebody who left the configuration fails, and says why."""
    with at_the_desk(tmp_path, smtp) as practiq:
        practiq.clock.to(TUESDAY)
        jobs.digests(practiq.app)
        with practiq.app.store.transaction() as session:
            for kind in ("ack", "notice"):
                letter = Letter(
                    reverse_path=INBOX, recipient=SAM, message_id=f"<{kind}@x>", content=b"hello\r\n"
                )
                now = practiq.clock.at
                record_letter(session, f"{kind}:1", letter, now=now, expires_at=now + timedelta(hours=1))
        office = practiq.app.office
        practiq.app = replace(practiq.app, office=replace(office, managers=office.managers[:1]))
        asyncio.run(jobs.deliver(practiq.app))
        line = status_line(practiq.app, practiq.app.now())

    assert [one.rcpt_tos for one in smtp.letters] == [(MAYA,)]
    assert [(one["to"], one["fault"]) for one in line["not_sent"]] == [
        (SAM, "not an address of the configuration")
    ] * 3


@pytest.mark.promise("P13")
def test_addresses_are_compared_as_one_writes_them(tmp_path: Path, smtp: SmtpSink) -> None:
    """Capitals and umlauts of a domain in the configuration are the same address when a letter goes out."""
    zoe = '[[account_managers]]\nname = "Zoë"\nemail = "Zoe@Bücher.example"\ntimezone = "Europe/London"\n'
    with at_the_desk(tmp_path, smtp, zoe) as practiq:
        practiq.comes(mail(HANK, "Can you help?", to="zoe@xn--bcher-kva.example", subject="New"))
        morning(practiq, TUESDAY)

    assert ("zoe@xn--bcher-kva.example",) in [one.rcpt_tos for one in smtp.letters]


INJECTED = (
    "a b@x.example",
    "a@x.example\r\nRCPT TO:<b@x.example>",
    "a@x.example\n",
    "<a@x.example>",
    "a@x.example>",
    "",
)


@pytest.mark.promise("P13", "P15")
@pytest.mark.pitfall("smtplib#87290")
@pytest.mark.parametrize("bad", INJECTED)
@pytest.mark.parametrize("field", ["recipient", "reverse_path"])
def test_no_address_is_a_command(desk: Desk, smtp: SmtpSink, field: str, bad: str) -> None:
    """An address that would end its command, or hold another one, never reaches the wire; the next letter does."""
    assert_not_said(desk, smtp, field, bad)


@pytest.mark.one_database("PostgreSQL keeps no NUL")
@pytest.mark.promise("P13", "P15")
@pytest.mark.parametrize("field", ["recipient", "reverse_path"])
def test_nor_is_a_nul(desk: Desk, smtp: SmtpSink, field: str) -> None:
    """It would end the address for who is written in C."""
    assert_not_said(desk, smtp, field, "a\0@x.example")


def assert_not_said(desk: Desk, smtp: SmtpSink, field: str, bad: str) -> None:
    letter = Letter(reverse_path=INBOX, recipient=MAYA, message_id="<2@x>", content=b"hello\r\n")
    with desk.store.transaction() as session:
        now = desk.clock()
        bent = replace(letter, **{field: bad})
        record_letter(session, "bad", bent, now=now, expires_at=now + timedelta(hours=1))
    desk.put(SAM)

    assert desk.deliver(smtp.port, allowed=[bad, MAYA, SAM]) == 1
    assert [one.rcpt_tos for one in smtp.letters] == [(SAM,)]
    assert desk.states() == ["failed", "sent"]
