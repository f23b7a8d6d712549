"""Bounces: whom a mail of ours did not reach."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.automation import AutomationKind, automation_of
from parsers.message import parse_message
from parsers.undelivered import bounce_warning
from parsers.workspaces import Agency
from tests.agency import DANA, MAYA, id_of, mail
from tests.filed import cabinet

AGENCY = Agency(name="Northlight", domains=("northlight.example",), inbox="practiq@northlight.example")
SAID = "bounced: your mail to dana@acme.example was not delivered"

RETURNED = """From: Maya Chen <maya@northlight.example>
To: Dana Ruiz <dana@acme.example>
Cc: practiq@northlight.example
Subject: Spring layouts
Message-ID: <m1@northlight.example>
Date: Tue, 10 Nov 2026 09:00:00 -0500

Dana, are the layouts approved? Write to accounts@other.example otherwise.
"""
REPORT = """Reporting-MTA: dns; mx.northlight.example
Arrival-Date: Tue, 10 Nov 2026 09:00:00 -0500

{original}Final-Recipient: rfc822; {final}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {code}
"""


def notice(subject: str, text: str, *, author: str, fields: str = "", report: str = "") -> bytes:
    """A mail server's notice: with a report for machines and the mail sent back, or as plain text."""
    head = (
        f"Return-Path: <>\nFrom: {author}\nTo: maya@northlight.example\nCc: practiq@northlight.example\n"
        f"Subject: {subject}\nDate: Tue, 10 Nov 2026 09:01:00 -0500\nMessage-ID: <b1@mx.example>\n"
        f"References: <m1@northlight.example>\nMIME-Version: 1.0\n{fields}"
    )
    if not report:
        return f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}\n".encode()
    return (
        f'{head}Content-Type: multipart/report; report-type=delivery-status; boundary="b7"\n\n'
        f"--b7\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
        f"--b7\nContent-Type: message/delivery-status\n\n{report}\n"
        f"--b7\nContent-Type: message/rfc822\n\n{RETURNED}\n--b7--\n"
    ).encode()


def report(
    final: str = "dana@acme.example",
    action: str = "failed",
    status: str = "5.1.1",
    *,
    original: str = "",
    code: str = "550 5.1.1 User unknown",
) -> str:
    named = f"Original-Recipient: rfc822;{original}\n" if original else ""
    return REPORT.format(final=final, action=action, status=status, original=named, code=code)


POSTFIX = "MAILER-DAEMON@mx.northlight.example (Mail Delivery System)"
FAILURES = {
    "postfix": notice(
        "Undelivered Mail Returned to Sender",
        "This is the mail system at host mx.northlight.example.\n\nI'm sorry to have to inform you that your message"
        " could not\nbe delivered to one or more recipients. It's attached below.\n\n"
        "<dana@acme.example>: host mx.acme.example[192.0.2.1] said: 550 5.1.1 User unknown",
        author=POSTFIX,
        fields="Auto-Submitted: auto-replied\n",
        report=report(original="dana@acme.example"),
    ),
    "exchange": notice(
        "Undeliverable: Spring layouts",
        "Your message to dana@acme.example couldn't be delivered.\n\ndana wasn't found at acme.example.",
        author="Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@northlight.example>",
        fields="Auto-Submitted: auto-replied\n",
        report=report(code="550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found"),
    ),
    "exchange, expired": notice(
        "Undeliverable: Spring layouts",
        "Delivery has failed to these recipients or groups:\n\ndana@acme.example\nThe server has tried to deliver it.",
        author="Microsoft Outlook <postmaster@northlight.example>",
        report=report(status="4.4.7", code="550 4.4.7 QUEUE.Expired; message expired"),
    ),
    "gmail": notice(
        "Delivery Status Notification (Failure)",
        "** Address not found **\n\nYour message wasn't delivered to dana@acme.example because the address"
        " couldn't be found, or is unable to receive mail.",
        author="Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        fields="Auto-Submitted: auto-replied\nX-Failed-Recipients: dana@acme.example\n",
        report=report(),
    ),
    "exim": notice(
        "Mail delivery failed: returning message to sender",
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be"
        " delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n"
        "  dana@acme.example\n    host mx.acme.example [192.0.2.1]\n    550 5.1.1 User unknown\n\n"
        "------ This is a copy of the message, including all the headers. ------\n\n" + RETURNED,
        author="Mail Delivery System <Mailer-Daemon@mx.northlight.example>",
        fields="Auto-Submitted: auto-replied\nX-Failed-Recipients: dana@acme.example\n",
    ),
    "qmail": notice(
        "failure notice",
        "Hi. This is the qmail-send program at mx.northlight.example.\nI'm afraid I wasn't able to deliver your message"
        " to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        "<dana@acme.example>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 User unknown\n\n"
        "--- Below this line is a copy of the message.\n\n" + RETURNED,
        author="MAILER-DAEMON@mx.northlight.example",
    ),
    "qmail, in the queue too long": notice(
        "failure notice",
        "Hi. This is the qmail-send program at mx.northlight.example.\nI'm afraid I wasn't able to deliver your message"
        " to the following addresses.\n\n<dana@acme.example>:\nSorry, I wasn't able to establish an SMTP connection."
        " (#4.4.1)\nI'm not going to try again; this message has been in the queue too long.",
        author="MAILER-DAEMON@mx.northlight.example",
    ),
    "sendmail, of old": notice(
        "Returned mail: see transcript for details",
        "The original message was received at Tue, 10 Nov 2026 09:00:00 -0500\nfrom maya@northlight.example\n\n"
        "   ----- The following addresses had permanent fatal errors -----\n<dana@acme.example>\n"
        "    (reason: 550 5.1.1 User unknown)",
        author="Mail Delivery Subsystem <MAILER-DAEMON@mx.acme.example>",
    ),
    "exchange in german, no report": notice(
        "Unzustellbar: Plakate",
        "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:\n\nDana Ruiz (dana@acme.example)\n"
        "550 5.1.1 RESOLVER.ADR.RecipNotFound",
        author="postmaster@northlight.example",
    ),
}
DELAYS = {
    "postfix": notice(
        "Delayed Mail (still being retried)",
        "This is the mail system at host mx.northlight.example.\n\n# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND"
        " YOUR MESSAGE. #\n\n<dana@acme.example>: connect to mx.acme.example: Connection timed out",
        author=POSTFIX,
        report=report(action="delayed", status="4.4.1"),
    ),
    "gmail": notice(
        "Delivery Status Notification (Delay)",
        "** Delivery incomplete **\n\nThere was a temporary problem delivering your message to dana@acme.example."
        " Gmail will retry for 47 more hours.",
        author="Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        fields="X-Failed-Recipients: dana@acme.example\n",
        report=report(action="delayed", status="4.4.1"),
    ),
    "exchange": notice(
        "Delivery delayed:Spring layouts",
        "Delivery is delayed to these recipients or groups:\n\ndana@acme.example\n\nThis message hasn't been delivered"
        " yet. Delivery will continue to be attempted.",
        author="Microsoft Outlook <postmaster@northlight.example>",
        report=report(action="delayed", status="4.4.7"),
    ),
    "exim": notice(
        "Warning: message 1kdkZb-0003Qq-7u delayed 24 hours",
        "This message was created automatically by mail delivery software.\nA message that you sent has not yet been"
        " delivered to one or more of its\nrecipients after more than 24 hours on the queue on mx.northlight.example.\n\n"
        "The address to which the message has not yet been delivered is:\n\n  dana@acme.example\n\n"
        "No action is required on your part. Delivery attempts will continue for\nsome time.",
        author="Mail Delivery System <Mailer-Daemon@mx.northlight.example>",
    ),
    "sendmail": notice(
        "Warning: could not send message for past 4 hours",
        "    **********************************************\n    **      THIS IS A WARNING MESSAGE ONLY      **\n"
        "    **  YOU DO NOT NEED TO RESEND YOUR MESSAGE  **\n\n"
        "   ----- The following addresses had transient non-fatal errors -----\n<dana@acme.example>\n",
        author="Mail Delivery Subsystem <MAILER-DAEMON@mx.acme.example>",
    ),
    "a report without an action": notice(
        "Mail status", "See below.", author=POSTFIX, report=report(status="4.4.1").replace("Action: failed\n", "")
    ),
    "delivered elsewhere": notice(
        "Mail status", "See below.", author=POSTFIX, report=report(action="relayed", status="2.1.5")
    ),
}  # fmt: skip


@pytest.mark.parametrize("layout", FAILURES)
def test_failure_names_whom_the_mail_did_not_reach(layout: str) -> None:
    """In each server's layout the recipient that failed is found, and no other address of the notice."""
    message = parse_message(FAILURES[layout])
    automation = automation_of(message)

    assert automation
    assert automation.kind is AutomationKind.BOUNCE
    assert bounce_warning(message, AGENCY) == SAID


@pytest.mark.parametrize("layout", DELAYS)
def test_delay_is_no_failure(layout: str) -> None:
    """A notice that delivery goes on, or has gone on elsewhere, warns of nothing."""
    assert bounce_warning(parse_message(DELAYS[layout]), AGENCY) is None


def test_recipient_is_as_the_sender_wrote_it() -> None:
    """Where a mail was redirected on its way, the address that our sender wrote is named."""
    raw = notice("Mail status", "Failed.", author=POSTFIX,
                 report=report("d.ruiz@hosted.example", original="dana@acme.example"))  # fmt: skip

    assert bounce_warning(parse_message(raw), AGENCY) == SAID


def test_several_recipients_are_named_without_those_that_are_only_late() -> None:
    """One notice may speak of many: the failed ones are named, from the fourth on counted."""
    failed = "\n".join(
        f"Final-Recipient: rfc822; p{n}@acme.example\nAction: failed\nStatus: 5.1.1\n" for n in range(5)
    )
    raw = notice("Mail status", "See below.", author=POSTFIX, report=f"{report(action='delayed')}\n{failed}")

    assert bounce_warning(parse_message(raw), AGENCY) == (
        "bounced: your mail to p0@acme.example, p1@acme.example, p2@acme.example and 2 more was not delivered"
    )


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (notice("failure notice", "Permanent error. Ask postmaster@northlight.example.", author=POSTFIX),
         "bounced: a mail of yours was not delivered"),
        (notice("Mail status", "Failed.", author=POSTFIX, report=report(MAYA)),
         "bounced: a mail to maya@northlight.example was not delivered"),
        (notice("Mail status", "Failed.", author=POSTFIX, report=report("nobody")),
         "bounced: a mail of yours was not delivered"),
    ],
)  # fmt: skip
def test_warning_says_no_more_than_is_known(raw: bytes, said: str) -> None:
    """Without a client's address it names none; a mail to a colleague may be practiq's own, and is not called "yours"."""
    assert bounce_warning(parse_message(raw), AGENCY) == said


def test_address_of_the_mail_that_is_sent_back_comes_first() -> None:
    """Where only words name addresses, the one to which the returned mail went is meant."""
    raw = notice("Undelivered Mail Returned to Sender", "Help: ask@provider.example\n\n<dana@acme.example>: unknown",
                 author=POSTFIX, report="Reporting-MTA: dns; mx.example\n")  # fmt: skip

    assert bounce_warning(parse_message(raw), AGENCY) == SAID


@given(st.text(max_size=300), st.text(max_size=300))
def test_warning_of_any_notice_is_one_short_line(text: str, written: str) -> None:
    """Whatever a notice holds, its warning is a short line or none."""
    raw = notice(
        "failure notice", text, author=POSTFIX, report=f"X: y\n\nFinal-Recipient: rfc822;{written}\n"
    )
    said = bounce_warning(parse_message(raw), AGENCY)

    assert said is None or (said.startswith("bounced: ") and len(said) < 500 and "\n" not in said)


@pytest.mark.both_databases
@pytest.mark.pitfall("chatwoot#11873")
def test_bounce_warns_on_its_thread(tmp_path: Path) -> None:
    """The message of a bounce carries the warning, on the thread of the mail that bounced, however often it is read."""
    asked = mail(MAYA, "Dana, do we have your approval?", to=DANA)
    bounced = FAILURES["postfix"].replace(b"<m1@northlight.example>", id_of(asked).encode())
    later = mail(MAYA, "Dana, did this reach you?", to=DANA, answers=asked, at="2026-11-10T10:00:00-05:00")
    delayed = DELAYS["exim"].replace(b"<b1@mx.example>", b"<b2@mx.example>")
    with cabinet(tmp_path) as filed:
        filed.take(asked, bounced, delayed).take(later)

        assert filed.together(asked, bounced, later)
        assert filed.messages()["<b1@mx.example>"]["warnings"] == [SAID]
        assert filed.messages()["<b2@mx.example>"]["warnings"] == []
        assert filed.messages()[id_of(later)]["warnings"] == []
