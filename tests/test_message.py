"""Bytes to value."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.message import UnreadableMessage, parse_message

PLAIN = b"""\
Received: from a by b; Tue, 10 Nov 2026 16:03:05 -0500
From: Dana Ruiz <dana@acme.example>
To: maya@northlight.example
Subject: =?utf-8?q?Spring_layouts_=E2=9C=93?=
Date: Tue, 10 Nov 2026 16:03:00 -0500
Message-ID: <One@acme.example>
References: <root@northlight.example>
 <two@northlight.example>
Content-Type: text/plain; charset=utf-8

Good to go.
"""


def mail(head: bytes, body: bytes) -> bytes:
    return b"From: a@x.example\r\nMessage-ID: <m@x.example>\r\n" + head + b"\r\n\r\n" + body


def test_a_plain_mail() -> None:
    """A mail gives its fields as compared, and its Date with its own offset."""
    message = parse_message(PLAIN)

    assert message.author
    assert (message.author.name, message.author.spec) == ("Dana Ruiz", "dana@acme.example")
    assert message.subject == "Spring layouts ✓"
    assert message.message_id == "one@acme.example"
    assert message.message_id_field == "<One@acme.example>"
    assert message.references == ("root@northlight.example", "two@northlight.example")
    assert message.date == datetime.fromisoformat("2026-11-10T16:03:00-05:00")
    assert message.date.utcoffset() == timedelta(hours=-5)
    assert message.received_at == datetime.fromisoformat("2026-11-10T16:03:05-05:00")
    assert message.text == "Good to go."


@pytest.mark.parametrize(
    ("head", "body", "text"),
    [
        (b"Content-Type: text/plain; charset=x-unknown", "café".encode(), "café"),
        (b"Content-Type: text/plain; charset=us-ascii", b"caf\xe9 \x80", "café €"),
        (b"Content-Type: text/plain; charset=iso-8859-1", b"it\x92s", "it’s"),
        (b"Content-Type: text/plain", b"a\0b\rc", "ab\nc"),
        (b"Content-Type: text/plain; format=flowed", b"one \r\ntwo\r\n-- \r\nme", "one two\n-- \nme"),
        (b"Content-Type: text/plain; format=flowed; delsp=yes", "日本 \r\n語".encode(), "日本語"),
        (b"Content-Type: text/html", b"<p>Good <b>to</b> go</p>", "Good to go"),
    ],
    ids=["unknown-charset", "undeclared-cp1252", "latin1-is-cp1252", "nul-and-cr", "flowed", "delsp", "html"],
)
def test_body_as_its_reader_sees_it(head: bytes, body: bytes, text: str) -> None:
    """The body comes out as people read it, whatever its charset claims."""
    assert parse_message(mail(head, body)).text.strip() == text


def test_the_plain_part_says_it_and_attached_mail_does_not() -> None:
    """Of alternatives the plain one counts; what an attached message says is not the author's word."""
    raw = mail(
        b'Content-Type: multipart/mixed; boundary="m"',
        b'--m\r\nContent-Type: multipart/alternative; boundary="a"\r\n\r\n'
        b"--a\r\nContent-Type: text/html\r\n\r\n<p>see below, html</p>\r\n"
        b"--a\r\nContent-Type: text/plain\r\n\r\nsee below\r\n--a--\r\n"
        b"--m\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\napproved\r\n"
        b'--m\r\nContent-Type: application/pdf; name="a.pdf"\r\nContent-Disposition: attachment\r\n\r\n%PDF\r\n'
        b"--m--\r\n",
    )
    message = parse_message(raw)

    assert message.text == "see below"
    assert [(one.name, one.media_type) for one in message.attachments] == [
        (None, "message/rfc822"),
        ("a.pdf", "application/pdf"),
    ]


@pytest.mark.parametrize(
    ("field", "date"),
    [
        (b"Tue, 10 Nov 2026 16:03:00 -0000", "2026-11-10T16:03:00+00:00"),
        (b"Tue, 10 Nov 2026 16:03:00", None),
        (b"Tue, 10 Nov 1926 16:03:00 +0100", None),
        (b"yesterday", None),
        (b"Tue, 99 Nov 2026 99:99:00 +0100", None),
    ],
    ids=["unknown-zone", "no-zone", "absurd-year", "words", "impossible"],
)
def test_date_is_an_instant_or_nothing(field: bytes, date: str | None) -> None:
    """A Date that names no instant is None, never a guess."""
    found = parse_message(mail(b"Date: " + field, b"x")).date

    assert found == (datetime.fromisoformat(date) if date else None)


def test_raw_bytes_in_fields_are_read() -> None:
    """Fields in raw UTF-8 and in raw latin-1 keep their letters."""
    assert parse_message(mail("Subject: café".encode(), b"x")).subject == "café"
    assert parse_message(mail("Subject: café".encode("latin-1"), b"x")).subject == "café"


def test_a_mail_without_message_id_gets_a_stable_one() -> None:
    """The made-up id is the same each time, and another mail's is another."""
    one, again = parse_message(b"From: a@x.example\n\nhi"), parse_message(b"From: a@x.example\n\nhi")

    assert one.message_id_field == again.message_id_field
    assert one.message_id != parse_message(b"From: a@x.example\n\nho").message_id


def test_copies_are_one_message_and_a_used_id_is_not() -> None:
    """Copies that came by two ways have one identity; other words under the same id have another."""
    again = PLAIN.replace(b"from a by b", b"from a by c")
    stranger = PLAIN.replace(b"Good to go.", b"Stop.")

    assert parse_message(again).identity == parse_message(PLAIN).identity
    assert parse_message(stranger).identity != parse_message(PLAIN).identity


def test_what_is_no_mail_is_unreadable() -> None:
    """Bytes without a single field are refused with a reason."""
    with pytest.raises(UnreadableMessage, match="no header fields"):
        parse_message(b"")


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(noise: bytes) -> None:
    """Whatever comes, it is a Message or UnreadableMessage."""
    for raw in (noise, PLAIN[:200] + noise, mail(b"Content-Type: multipart/mixed; boundary=" + noise, noise)):
        try:
            parse_message(raw)
        except UnreadableMessage:
            continue
