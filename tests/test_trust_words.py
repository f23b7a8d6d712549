"""Only the account manager's own new words command, each once."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from service.reread import reread
from service.said_models import OrderRow
from tests.agency import MAYA, MX
from tests.forged import FAIL, RECEIVED, forging
from tests.mornings import Days

pytestmark = pytest.mark.both_databases

MIXED = 'Content-Type: multipart/mixed; boundary="b"'


def both(plain: str, html: str) -> str:
    """A body of two views."""
    return (
        'Content-Type: multipart/alternative; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain\r\n\r\n{plain}\r\n--b\r\nContent-Type: text/html\r\n\r\n{html}\r\n--b--\r\n"
    )


def test_plain_text_and_html_that_disagree(tmp_path: Path) -> None:
    """Where a reply orders one thing as text and another in HTML, neither is done, and it is asked back, once."""
    with forging(tmp_path) as forger:
        noted = [
            line
            for plain, html in (
                ("done 1", "<p>done 2</p>"),
                ("done 1", "<p>thanks!</p>"),
                ("thanks!", "<p>done 1</p>"),
                ("done 1", "<p>done 1</p><p>done 2</p>"),
            )
            for line in forger.sends(forger.raw(body=both(plain, html)))
        ]
        asked = forger.practiq.letters()
        closed = forger.is_closed()

    assert [line["obeyed"] for line in noted] == [False] * 4
    assert all("one thing as plain text and another in its HTML" in line["outcome"] for line in noted)
    assert len(asked) == 4
    assert "Write it once more" in " ".join(asked[0].text.split())
    assert not closed


def test_plain_text_and_html_that_agree(tmp_path: Path) -> None:
    """Markup, blanks, a signature and the quoted digest in one's own way make no difference."""
    with forging(tmp_path) as forger:
        quoted = "\r\n".join(f"> {line}" for line in forger.digest.text.splitlines())
        page = re.sub(r"(?s).*<body[^>]*>|</body>.*", "", forger.digest.page)
        plain = f"snooze 1\u00a0until Friday\r\n\r\n--\u0020\r\nMaya\r\n\r\nOn Wed, Nov 11, 2026 at 8:00 AM practiq wrote:\r\n{quoted}"
        html = (
            '<div dir="ltr"><b>snooze</b> 1&nbsp;until Friday<br><br>--&nbsp;<br><div class="gmail_signature">Maya</div></div>'
            f'<div class="gmail_quote"><div class="gmail_attr">On Wed, Nov 11, 2026 at 8:00 AM practiq wrote:</div><blockquote class="gmail_quote">{page}</blockquote></div>'
        )
        body = both(plain, html).replace("text/plain", "text/plain; charset=utf-8")
        obeyed = forger.obeyed(forger.raw(body=body))

    assert obeyed


def test_at_most_twenty_orders_a_mail(tmp_path: Path) -> None:
    """Twenty are carried out, the rest is not, and the acknowledgement says from where on."""
    with forging(tmp_path) as forger:
        words = "\r\n".join(["why 2"] * 20 + ["done 1"] + ["why 2"] * 5)
        noted = forger.sends(forger.raw(words))
        (ack,) = forger.practiq.letters()
        closed = forger.is_closed()

    assert [line["obeyed"] for line in noted] == [True] * 20 + [False]
    assert noted[-1]["clause"] == "done 1"
    assert "Only the first 20 commands" in " ".join(ack.text.split())
    assert not closed


NOT_NEW_WORDS = {
    "quoted": "Thanks for this!\r\n\r\nOn Tue, Nov 10, 2026 at 8:00 AM Dana wrote:\r\n> done 1",
    "below Outlook's line": "Thanks for this!\r\n\r\n-----Original Message-----\r\nFrom: Dana\r\nSent: Tuesday\r\nSubject: x\r\n\r\ndone 1",
    "in a forward": "See below.\r\n\r\n---------- Forwarded message ---------\r\nFrom: Dana <dana@acme.example>\r\nDate: Tue, Nov 10, 2026 at 8:00 AM\r\nSubject: x\r\nTo: Maya <maya@northlight.example>\r\n\r\ndone 1",
    "in a signature": "Thanks for this!\r\n\r\n-- \r\ndone 1",
}  # fmt: skip
NOT_NEW_PARTS = {
    "in an attachment": f"{MIXED}\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee there.\r\n--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=x.txt\r\n\r\ndone 1\r\n--b--\r\n",
    "in an attached mail": f"{MIXED}\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee there.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: {MAYA}\r\nSubject: x\r\n\r\ndone 1\r\n--b--\r\n",
    "hidden in HTML": 'Content-Type: text/html\r\n\r\n<p>See you.</p><p style="display:none">done 1</p><div style="font-size:0">done 1</div>',
}  # fmt: skip


def test_words_that_are_not_new(tmp_path: Path) -> None:
    """What is quoted, forwarded, attached, hidden, in a signature or in the subject is no order."""
    with forging(tmp_path) as forger:
        tried = {name: forger.raw(words) for name, words in NOT_NEW_WORDS.items()}
        tried |= {name: forger.raw(body=body) for name, body in NOT_NEW_PARTS.items()}
        tried["in the subject"] = forger.raw("See you.", subject=f"Re: [#{forger.token}] done 1")
        obeyed = [name for name, raw in tried.items() if forger.obeyed(raw)]
        closed = forger.is_closed()

    assert obeyed == []
    assert not closed


def test_a_subject_in_a_clients_mail_orders_nothing(tmp_path: Path) -> None:
    """The subject and words of a client's mail that the digest quotes are none of Maya's, however she quotes them."""
    with forging(tmp_path) as forger:
        lines = ["Interesting.", "", "Am Mi., 11. Nov. 2026 um 08:00 Uhr schrieb practiq:", ">  1  Acme: done 1", "> ; done 1"]  # fmt: skip
        obeyed = forger.obeyed(forger.raw("\r\n".join(lines)))

    assert not obeyed


def orders_of(practiq: Days) -> int:
    """How often somebody changed something."""
    with practiq.app.store.transaction() as session:
        return session.scalar(select(func.count()).select_from(OrderRow)) or 0


@pytest.mark.promise("P6", "P8")
def test_a_reply_that_comes_again(tmp_path: Path) -> None:
    """The same bytes, the same mail by another way, and all mail read again: nothing changes, nobody is answered."""
    with forging(tmp_path) as forger:
        practiq = forger.practiq
        raw = forger.raw("done 1")
        refused = forger.raw("done 2", top=(RECEIVED, FAIL))
        first = [*forger.sends(raw), *forger.sends(refused), *forger.sends(forger.raw("undo"))]
        answered = practiq.letters()
        one_more_hop = f"{RECEIVED}\r\nReceived: from b by {MX}; now".encode()
        again = [
            forger.sends(one)
            for mail in (raw, refused)
            for one in (mail, mail.replace(RECEIVED.encode(), one_more_hop))
        ]
        practiq.clock.at += timedelta(days=60)
        ordered = orders_of(practiq)
        reread(practiq.app, None)
        ordered_again = orders_of(practiq)
        unanswered, noted, closed = practiq.letters(), practiq.audit(), forger.is_closed()

    assert [line["obeyed"] for line in first] == [True, False, True]
    assert len(answered) == 3
    assert again == [[]] * 4
    assert ordered_again == ordered
    assert unanswered == []
    assert len(noted) == 3
    assert not closed


def test_a_reply_that_comes_by_a_list_and_by_itself(tmp_path: Path) -> None:
    """Where the list's copy comes first and is not obeyed, the one that our server vouches for is, once."""
    with forging(tmp_path) as forger:
        raw = forger.raw()
        by_list = b"List-Id: <team.northlight.example>\r\n" + raw
        noted = [forger.sends(one) for one in (by_list, raw, by_list + b"\r\n", b"X-Hop: 1\r\n" + raw)]
        letters, closed = forger.practiq.letters(), forger.is_closed()

    assert [[line["obeyed"] for line in one] for one in noted] == [[False], [True], [], []]
    assert len(letters) == 1
    assert closed
