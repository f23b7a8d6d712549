"""No machine, list, bounce or stranger is answered, and nothing of theirs is obeyed (RFC 3834)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.agency import DANA, INBOX, MAYA, mail
from tests.forged import ASKED, BY_MAYA, PASS, RECEIVED, YES, forging

pytestmark = pytest.mark.both_databases

AUTOMATIC = {
    "RFC 3834": "Auto-Submitted: auto-replied",
    "generated": "Auto-Submitted: auto-generated",
    "null return path": "Return-Path: <>",
    "bounce": "X-Failed-Recipients: practiq@northlight.example",
    "vacation": "Precedence: auto_reply",
    "exchange": "X-Autoreply: yes",
    "outlook's subject": "Subject: Automatic reply: digest",
    "report": 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    "bulk": "Precedence: bulk",
    "junk": "Precedence: junk",
    "list": "List-Id: <team.northlight.example>",
    "list post": "List-Post: <mailto:team@northlight.example>",
    "precedence list": "Precedence: list",
    "google group": "Mailing-list: list team@northlight.example; contact team+owners@northlight.example",
}
STRANGERS = {
    "a client": DANA,
    "a colleague who manages nothing": "tom@northlight.example",
    "nobody we know": "x@stranger.example",
    "a machine": "no-reply@northlight.example",
    "a mail system": "mailer-daemon@northlight.example",
    "the inbox itself": INBOX,
}


@pytest.mark.promise("P14")
def test_what_machines_and_lists_send_is_not_obeyed_and_not_answered(tmp_path: Path) -> None:
    """In Maya's own name, vouched for and with the token, but marked as automatic or passed on by a list: silence, and
    a line in the audit."""
    with forging(tmp_path) as forger:
        noted = {
            name: forger.sends(forger.raw(top=(field, RECEIVED, PASS) if "Subject" not in field else (RECEIVED, PASS),
                                          subject=field.partition("Subject: ")[2] or "Re: digest"))
            for name, field in AUTOMATIC.items()
        }  # fmt: skip
        letters, closed = forger.practiq.letters(), forger.is_closed()

    assert [name for name, lines in noted.items() if [one["obeyed"] for one in lines] != [False]] == []
    assert letters == []
    assert not closed


@pytest.mark.promise("P14")
@pytest.mark.pitfall("zammad#5113", "zammad#6187", "osTicket#1041", "osTicket#1744", "odoo#132666")
def test_an_absence_or_a_bounce_changes_no_thread(tmp_path: Path) -> None:
    """Neither reopens what is closed nor flips whose turn it is, and neither is answered, however often they come."""
    absent = {"Auto-Submitted": "auto-replied"}
    at = "2026-11-11T09:00:00-05:00"
    with forging(tmp_path) as forger:
        forger.sends(forger.raw())
        acknowledged = forger.practiq.letters()
        before = [forger.practiq.thread(one) for one in (YES, ASKED)]
        for parent, subject in ((YES, "Flyer"), (ASKED, "Layouts")):
            for author, fields in (
                (DANA, absent),
                (MAYA, absent),
                ("mailer-daemon@acme.example", {"Return-Path": "<>"}),
            ):
                words = "I am out of office. Could you ask again on Monday? The mail could not be delivered."
                forger.practiq.comes(
                    mail(author, words, subject=f"Re: {subject}", answers=parent, fields=fields, at=at)
                )
        after = [forger.practiq.thread(one) for one in (YES, ASKED)]
        letters = forger.practiq.letters()

    standing = ("done", "action", "waiting_on", "since")
    assert len(acknowledged) == 1
    assert [[one[key] for key in standing] for one in after] == [
        [one[key] for key in standing] for one in before
    ]
    assert [one["done"] for one in after] == [True, False]
    assert letters == []


@pytest.mark.promise("P13")
@pytest.mark.pitfall("freescout#5616")
def test_strangers_are_not_answered(tmp_path: Path) -> None:
    """Whoever is no account manager gets no letter, whatever they write and answer; waking a snooze writes to nobody."""
    with forging(tmp_path) as forger:
        forger.sends(forger.raw("snooze 1 until Friday"))
        acknowledged = forger.practiq.letters()
        for author in STRANGERS.values():
            domain = author.partition("@")[2]
            top = (
                RECEIVED,
                PASS.replace("northlight.example", domain).replace(f"mx.{domain}", "mx.northlight.example"),
            )
            forger.sends(forger.raw("help", author=f"From: {author}", top=top, more=[f"Reply-To: {MAYA}"]))
        woken = mail(DANA, "Please stop the print run at once!", subject="Re: Flyer", answers=YES)
        forger.practiq.comes(woken)
        awake = forger.practiq.thread(YES)
        letters = forger.practiq.letters()

    assert len(acknowledged) == 1
    assert letters == []
    assert (awake["snoozed_until"], awake["action"]) == (None, "stop")


@pytest.mark.pitfall("osTicket#2256")
def test_mail_through_the_inboxs_own_group(tmp_path: Path) -> None:
    """Where the inbox is a group that practiq is a member of, its marks make no robot of a client or of Maya; those of
    another list do of her."""
    with forging(tmp_path) as forger:
        local, _, domain = INBOX.partition("@")
        own = ("Precedence: list", f"List-ID: Practiq <{local}.{domain}>", f"List-Post: <mailto:{INBOX}>",
               f"Mailing-list: list {INBOX}; contact {local}+owners@{domain}", RECEIVED, PASS)  # fmt: skip
        through = forger.obeyed(forger.raw("snooze 1 until Friday", top=own))
        both = forger.obeyed(forger.raw(top=("List-ID: <team.other.example>", *own)))
        asks = mail(DANA, "Please stop the print run at once!", subject="Leaflet", at="2026-11-11T09:00:00-05:00",
                    fields={"Precedence": "list", "List-ID": f"<{local}.{domain}>", "List-Post": f"<mailto:{INBOX}>"})  # fmt: skip
        forger.practiq.comes(asks)
        heard = forger.practiq.thread(asks)["action"]

    assert heard == "stop"
    assert through
    assert not both


def test_one_answer_a_mail(tmp_path: Path) -> None:
    """However many orders, mistakes and questions are in a reply, it gets one answer; no more when it comes again."""
    with forging(tmp_path) as forger:
        raw = forger.raw("done 1\r\ndone 99\r\nwhat?\r\nhelp\r\nwhy 2", author=BY_MAYA)
        forger.sends(raw)
        forger.sends(raw)
        forger.sends(raw.replace(b"Received: from mx", b"Received: from another"))
        letters = forger.practiq.letters()

    assert [one.to for one in letters] == [MAYA]
