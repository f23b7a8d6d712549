"""The mail inside a forward, whatever mail client passed it on."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.forward import unwrap_forward
from parsers.message import Message, parse_message
from tests.layouts import FORWARDS, HTML_FORWARDS, OUTLOOKS, TEXT, header_block, marked, yahoo_line

WORDS = "Hi Maya,\n\nApproved, please print on Monday.\n\nDana"
NOTE = "FYI, see below.\n\nMaya"
AT = datetime.fromisoformat("2026-11-10T16:03:00-05:00")


def forward(
    text: str, subject: str = "Fwd: Layouts", *, html: bool = False, attached: tuple[bytes, ...] = ()
) -> Message:
    """A mail from Maya in New York to the inbox, a day later."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = "Maya Chen <maya@northlight.example>", "practiq@northlight.example"
    mail["Subject"], mail["Date"] = subject, "Wed, 11 Nov 2026 09:00:00 -0500"
    mail["Message-ID"] = "<forward@northlight.example>"
    mail.set_content(text, subtype="html" if html else "plain")
    for one in attached:
        mail.add_attachment(one, maintype="application", subtype="octet-stream", filename="Layouts.eml")
    return parse_message(mail.as_bytes())


def assert_is_danas(inner: Message | None, *, note: str) -> None:
    assert inner
    assert inner.author
    assert (inner.author.name, inner.author.spec) == ("Dana Ruiz", "dana@acme.example")
    assert [one.spec for one in inner.to] == ["maya@northlight.example"]
    assert [one.spec for one in inner.cc] == ["hank@acme.example", "lou@acme.example"]
    assert (inner.subject, inner.text, inner.note) == ("Layouts", WORDS, note)
    assert inner.date == AT
    assert inner.message_id == "forward@northlight.example"


@pytest.mark.parametrize("note", ["", NOTE], ids=["alone", "with a note"])
@pytest.mark.parametrize("language", OUTLOOKS)
def test_inline_forwards(language: str, note: str) -> None:
    """Each client's divider, or none, above a block in each language: the mail inside, and the note apart."""
    outlook = OUTLOOKS[language]
    block = header_block(language)
    above = f"{note}\n\n" if note else ""

    for subject, text in (
        ("Fwd: Layouts", f"---------- {outlook.forwarded} ---------\n{block}\n\n{WORDS}"),
        ("", f"---------- {outlook.forwarded} ---------\n{block}\n\n{WORDS}"),
        ("Re: Layouts", f"-------- {outlook.forwarded} --------\n{block}\n\n\n{WORDS}"),
        ("FW: Layouts", f"________________________________\n{block}\n\n{WORDS}"),
        ("FW: Layouts", f"-----{outlook.original}-----\n{block}\n\n{WORDS}"),
        ("FW: Layouts", f"{block}\n{WORDS}"),
        ("FW: Layouts", f"{header_block(language, bold=True)}\n\n{WORDS}"),
        ("Fwd: Layouts", f"{outlook.begins}\n\n{marked(block)}\n>\n{marked(WORDS)}" if outlook.begins else f"{block}\n\n{WORDS}"),
        ("Fwd: Layouts", f"   ----- {outlook.forwarded} ----- {yahoo_line(language)}\n{WORDS}"),
    ):  # fmt: skip
        assert_is_danas(unwrap_forward(forward(above + text, subject)), note=note)


@pytest.mark.parametrize("client", FORWARDS)
def test_forwards_of_clients_of_their_own_kind(client: str) -> None:
    """Proton, Notes, Samsung, Zoho, the Chinese and Korean providers: the same mail inside."""
    inner = unwrap_forward(forward(f"{NOTE}\n\n{FORWARDS[client]}\n{WORDS}"))

    assert inner
    assert inner.author
    assert (inner.author.name, inner.author.spec) == ("Dana Ruiz", "dana@acme.example")
    assert [one.spec for one in inner.to] == ["maya@northlight.example"]
    assert (inner.subject, inner.text, inner.note, inner.date) == ("Layouts", WORDS, NOTE, AT)


@given(text=TEXT, note=TEXT, language=st.sampled_from(sorted(OUTLOOKS)))
@settings(max_examples=200, deadline=None)
def test_any_words_come_back_from_a_forward(text: str, note: str, language: str) -> None:
    """Whatever stands in the mail inside, and whatever is written above it, is what we read."""
    inner = unwrap_forward(
        forward(f"{note}\n\n________________________________\n{header_block(language)}\n\n{text}")
    )

    assert inner
    assert (inner.text, inner.note) == (text, note)


@pytest.mark.parametrize("client", HTML_FORWARDS)
def test_html_forwards(client: str) -> None:
    """Forwards in HTML, quoted by elements rather than marks."""
    inner = unwrap_forward(forward(HTML_FORWARDS[client](NOTE, WORDS), html=True))

    assert inner
    assert inner.author
    assert inner.author.spec == "dana@acme.example"
    assert (inner.subject, inner.date) == ("Layouts", AT)
    assert inner.text.split() == WORDS.split()
    assert inner.note.split() == NOTE.split()


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (f"Yes.\n\n________________________________\n{header_block('en')}\n\n{WORDS}", "Re: Layouts"),
        (f"Ja.\n\n{header_block('de')}\n\n{WORDS}", "AW: Layouts"),
        (f"Yes.\n\nOn Tue, Nov 10, 2026 at 4:03 PM Dana Ruiz <dana@acme.example> wrote:\n{marked(WORDS)}", "Re: Layouts"),
        (f"Yes.\n\nOn Tue, Nov 10, 2026 at 4:03 PM Dana Ruiz <dana@acme.example> wrote:\n{marked(WORDS)}", "Layouts"),
        ("Forwarded message: the printer is late.", "Layouts"),
        ("Please see to the forward planning.", "Fwd: planning"),
        ("", "Fwd: nothing"),
    ],
    ids=["outlook-reply", "german-reply", "gmail-reply", "no-prefix", "sentence", "no-mail-inside", "empty"],
)  # fmt: skip
def test_what_is_no_forward(text: str, subject: str) -> None:
    """A reply that quotes, and a sentence on forwarding, are no forward."""
    assert unwrap_forward(forward(text, subject)) is None


@pytest.mark.parametrize(
    ("author", "name", "spec"),
    [
        ("Dana Ruiz <dana@acme.example<mailto:dana@acme.example>>", "Dana Ruiz", "dana@acme.example"),
        ("Dana Ruiz<mailto:dana@acme.example> <dana@acme.example<mailto:dana@acme.example>>", "Dana Ruiz", "dana@acme.example"),
        ("Dana Ruiz [mailto:dana@acme.example]", "Dana Ruiz", "dana@acme.example"),
        ('"Dana Ruiz" <Dana@Acme.example>', "Dana Ruiz", "dana@acme.example"),
        ("Ruiz, Dana <dana@acme.example>", "Ruiz, Dana", "dana@acme.example"),
        ("dana@acme.example", "", "dana@acme.example"),
        ("<dana@acme.example>", "", "dana@acme.example"),
        ("Dana Ruiz <dana@acme.example> on behalf of Team <team@acme.example>", "Dana Ruiz", "dana@acme.example"),
        ("Dana Ruiz", "Dana Ruiz", ""),
    ],
)  # fmt: skip
def test_authors_as_clients_write_them(author: str, name: str, spec: str) -> None:
    """Links doubled by Outlook, commas in names, delegates, and a colleague without an address."""
    text = f"From: {author}\nSent: Tuesday, November 10, 2026 4:03 PM\nTo: maya@northlight.example\nSubject: Layouts\n\nHi"
    inner = unwrap_forward(forward(text))

    assert inner
    assert [(one.name, one.spec) for one in inner.authors] == [(name, spec)]


def test_outlook_for_mac_forwards_below_an_attribution() -> None:
    """Where the subject says that a mail is passed on, an attribution introduces it."""
    text = f'{NOTE}\n\nOn 10/11/2026 16:03, "Dana Ruiz" <dana@acme.example> wrote:\n\n{WORDS}'
    inner = unwrap_forward(forward(text, "FW: Layouts"))

    assert inner
    assert inner.author
    assert (inner.author.name, inner.author.spec) == ("Dana Ruiz", "dana@acme.example")
    assert (inner.subject, inner.text, inner.note) == ("Layouts", WORDS, NOTE)


def test_a_forward_of_a_forward() -> None:
    """The outer one is taken off first, and the inner one is a forward itself."""
    first = f"{NOTE}\n\n---------- Forwarded message ---------\n{header_block('en')}\n\n{WORDS}"
    outer = header_block("en", subject="Fwd: Layouts").replace("Dana Ruiz <dana@acme.example>", "Sam Ode <sam@northlight.example>")  # fmt: skip
    once = unwrap_forward(
        forward(f"Mine, too.\n\n---------- Forwarded message ---------\n{outer}\n\n{first}")
    )

    assert once
    assert once.author
    assert (once.author.spec, once.note, once.subject) == (
        "sam@northlight.example",
        "Mine, too.",
        "Fwd: Layouts",
    )
    assert_is_danas(unwrap_forward(once), note=NOTE)


def test_a_mail_attached_whole() -> None:
    """An attached mail is the mail inside, with what was written beside it as the note; of several the newest."""
    inside = [
        f"From: Dana Ruiz <dana@acme.example>\r\nTo: maya@northlight.example\r\nSubject: Layouts {n}\r\n"
        f"Date: Tue, {n} Nov 2026 16:03:00 -0500\r\nMessage-ID: <{n}@acme.example>\r\n\r\nApproved.\r\n".encode()
        for n in (10, 3)
    ]
    inner = unwrap_forward(forward(NOTE, attached=tuple(inside)))

    assert inner
    assert inner.author
    assert (inner.author.spec, inner.subject, inner.text) == ("dana@acme.example", "Layouts 10", "Approved.")
    assert (inner.date, inner.note, inner.message_id) == (AT, NOTE, "forward@northlight.example")


@given(st.text(max_size=300), st.sampled_from(["", "Fwd: x", "Re: x", "TR: x"]))
@settings(max_examples=200, deadline=None)
def test_total(text: str, subject: str) -> None:
    """Any text gives a mail inside or none."""
    inner = unwrap_forward(forward(text.encode("utf-8", "replace").decode(), subject))

    assert inner is None or inner.authors
