"""Bytes to value."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.message import Message, UnreadableMessage, parse_message

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


@pytest.mark.pitfall("itop-jb-mail#253")
def test_a_mail_without_message_id_gets_a_stable_one() -> None:
    """The made-up id is the same each time, and another mail's is another."""
    one, again = parse_message(b"From: a@x.example\n\nhi"), parse_message(b"From: a@x.example\n\nhi")

    assert one.message_id_field == again.message_id_field
    assert one.message_id != parse_message(b"From: a@x.example\n\nho").message_id


@pytest.mark.pitfall("nextcloud/mail#10682")
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


@pytest.mark.parametrize(
    "raw",
    [b"\n\r\n \n", b"words and no field", bytes(2_000), b"\x89PNG\r\n\x1a\n\0\0:\0", b"%PDF-1.7\n1 0 obj"],
)
def test_what_is_no_mail_at_all_is_unreadable(raw: bytes) -> None:
    """An empty file, a text, an image and a document are refused."""
    with pytest.raises(UnreadableMessage):
        parse_message(raw)


LINES = PLAIN.replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    "raw",
    [
        LINES,
        PLAIN.replace(b"\n", b"\r"),
        PLAIN.replace(b"\n", b"\r\r\n"),
        PLAIN.replace(b"\n\n", b"\r\r").replace(b"\n", b"\r", 9),
        b"\r\n\n  \r\n" + LINES,
        b"From dana@acme.example Tue Nov 10 16:03:00 2026\n" + PLAIN,
        b">From dana@acme.example Tue Nov 10 16:03:00 2026\n" + PLAIN,
        b"\xef\xbb\xbf" + LINES,
        PLAIN.decode().encode("utf-16"),
        LINES.decode().encode("utf-16-le"),
        PLAIN.replace(b": ", b" \t: ", 8),
        b"\tby some.host with LMTP\n" + PLAIN,
        PLAIN.replace(b"b; Tue", b"b;\n\\tTue", 1),
        PLAIN.replace(b"b; Tue", b"b;\nTue", 1),
        PLAIN.replace(b"\nSubject", b"\n \t\nSubject", 1),
        PLAIN.replace(b"\n\nGood", b"\n  \nGood"),
        PLAIN.replace(b"Content-Type", b"Broken line\nContent-Type"),
        PLAIN.replace(b"Dana Ruiz", b"Dana\0 Ruiz"),
    ],
    ids=[
        "crlf", "cr", "crcrlf", "cr-in-header", "blank-above", "mbox", "quoted-mbox", "mark", "utf-16", "utf-16-bare",
        "blank-before-colon", "continuation-first", "tab-as-letters", "lost-indent", "blank-fold", "blank-end",
        "junk-line", "nul",
    ],
)  # fmt: skip
def test_a_mail_on_its_way_through_bad_hands(raw: bytes) -> None:
    """Other line ends, another charset, what stands above, broken folds: it says what it said."""
    message, plain = parse_message(raw), parse_message(PLAIN)

    assert message.author == plain.author
    assert (message.subject, message.date, message.text) == (plain.subject, plain.date, plain.text)
    assert (message.message_id, message.received_at) == (plain.message_id, plain.received_at)
    assert message.references == plain.references


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (b"=?utf-8?q?=E2=9C?= =?utf-8?q?=93_ok?=", "✓ ok"),
        (b"=?utf-8?b?4pw=?=\r\n =?UTF-8?B?kw==?=", "✓"),
        (b"=?iso-8859-1?q?J=FCr?==?iso-8859-1?q?gen?=", "Jürgen"),
        (b"=?utf-8?Q?Spring layouts?= v2", "Spring layouts v2"),
        (b"=?utf-8?b?w6k?=", "é"),
        (b"=?x-no-such?q?caf=E9?=", "café"),
        (b"=?iso-8859-8-i?b?+ezl7Q==?=", "שלום"),
        (b"=?utf-8*de?q?f=C3=BCr?=", "für"),
        (b"=?gb2312?b?6UY=?=", "镕"),
        (b"=?utf-8?q?=3D=3Futf-8=3Fq=3Ff=C3=BCr=3F=3D?=", "für"),
        (b"=?utf-8?q?=?iso-8859-1?q?f=FCr?=?=", "für"),
        (b"=?utf-8?q?cut =?utf-8?q?whole?=", "=?utf-8?q?cut whole"),
        (b"=?utf-8?b?no base64!?=", "=?utf-8?b?no base64!?="),
        (b"=?utf-8?b?nnDu/xsB?=", "=?utf-8?b?nnDu/xsB?="),
        (b"=?utf-8?q?a=00b=0D=0Ac?=", "ab c"),
        (b"\x1b$BF|K\\\x1b(B", "日本"),
        ("для вас".encode("koi8-r"), "для вас"),
    ],
    ids=[
        "split-letter", "split-letter-base64", "no-blank", "blank-inside", "unpadded", "unknown-charset", "hebrew",
        "language", "gb18030", "encoded-twice", "nested", "never-ended", "no-base64", "noise", "control", "raw-jis",
        "raw-koi8",
    ],
)  # fmt: skip
def test_subject_as_people_read_it(subject: bytes, text: str) -> None:
    """Encoded words and raw bytes, right and wrong, are read; what is neither stays as it is written."""
    assert (
        parse_message(mail(b"Content-Type: text/plain; charset=koi8-r\r\nSubject: " + subject, b"x")).subject
        == text
    )


@pytest.mark.parametrize(
    ("head", "named"),
    [
        (b"Message-ID: <A@x.example>\r\nMessage-ID: <b@x.example>", ("a@x.example", "<A@x.example>")),
        (b"Message-ID: a@x.example", ("a@x.example", "<a@x.example>")),
        (b"Message-ID:\r\nMessage-ID: <b@x.example>", ("b@x.example", "<b@x.example>")),
    ],
    ids=["repeated", "without-brackets", "empty-first"],
)
def test_message_id_is_the_first_that_is_one(head: bytes, named: tuple[str, str]) -> None:
    """Of several fields the first that names an id counts, with or without its brackets."""
    message = parse_message(b"From: a@x.example\r\n" + head + b"\r\n\r\nx")

    assert (message.message_id, message.message_id_field) == named


def test_authors_are_all_of_all_from_fields() -> None:
    """None is dropped: who has two authors is in doubt."""
    message = parse_message(b"From: a@x.example, b@x.example\nfrom : <c@x.example>\nFrom:\n\nx")

    assert [one.spec for one in message.authors] == ["a@x.example", "b@x.example", "c@x.example"]


@pytest.mark.parametrize(
    "junk",
    [
        b"X-Junk: " + b"a" * 3_000_000,
        b"X-Junk: a\r\n b\r\n" * 60_000 + b"X-Junk: c",
        b"To: " + b", ".join(b"u%d@x.example" % number for number in range(100_000)),
        b"From: " + b"," * 500_000,
        b"From: " + b"(" * 100_000,
        b"Content-Type: text/plain" + b"; a=b" * 200_000,
        b"Content-Type: text/plain" + b"".join(b";\r\n name*%d=a" % number for number in range(20_000)),
        b"References: " + b"<a@x.example> " * 100_000 + b"<z@x.example>",
        b"Message-ID: <" + b"a" * 1_000_000 + b"@x.example>",
        b"Date: " + b"1 " * 500_000,
        b"Received: " + b"(a" * 100_000,
        b"X-Words: " + b"=?utf-8?q?a?= " * 10_000,
    ],
    ids="field lines recipients commas comments parameters continuations references message-id date received words".split(),
)
def test_a_monstrous_header_hides_nothing_below(junk: bytes) -> None:
    """Whatever stands above, author, subject and words are read; of a field no more than we use is kept."""
    message = parse_message(junk + b"\r\nFrom: a@x.example\r\nSubject: still here\r\n\r\ngood")

    assert [one.spec for one in message.authors] == ["a@x.example"]
    assert (message.subject, message.text) == ("still here", "good")
    assert max(len(body) for _, body in message.fields) <= 64_000
    assert len(message.message_id) <= 998
    assert message.references in ((), ("a@x.example", "z@x.example"))


@pytest.mark.parametrize(
    ("head", "body", "begins"),
    [
        (b"", b"a " * 2_000_000, "a a "),
        (b"Content-Transfer-Encoding: quoted-printable", b"=" * 3_000_000, "==="),
        (b"Content-Transfer-Encoding: base64", b"QUFB" * 2_000_000, "AAA"),
        (b"Content-Type: text/plain; format=flowed", b"so \r\n" * 500_000, "so so "),
        (b"Content-Type: text/html", b"<" * 600_000, "<<"),
        (b"Content-Type: text/plain; charset=iso-2022-jp", b"\x1b$B-!" * 300_000, "①"),
        (b"", b"begin 644 a\r\n" * 200_000, "begin 644 a"),
        (b"Content-Type: multipart/mixed; boundary=b", b"--b\r\n\r\nhi\r\n" + b"--\r\n" * 300_000, "hi\n--"),
    ],
    ids="line quoted-printable base64 flowed html jis uuencode hyphens".split(),
)
def test_a_monstrous_body_is_read_by_its_beginning(head: bytes, body: bytes, begins: str) -> None:
    """Of a text of many megabytes the first two are read."""
    text = parse_message(mail(head, body)).text

    assert text.startswith(begins)
    assert len(text) <= 2_000_000


def storable(message: Message) -> bool:
    """Whether all strings of a message are such that a database takes them: PostgreSQL no NUL, no surrogate."""
    named = [one.name for one in (*message.authors, *message.to, *message.cc)]
    specs = [one.spec for one in (*message.authors, *message.to, *message.cc)]
    files = [(one.name or "") + one.media_type for one in message.attachments]
    ids = [message.message_id, message.message_id_field, *message.references, *message.in_reply_to]
    fields = [text for field in message.fields for text in field] + list(message.parameters.values())
    strings = "".join((message.text, message.subject, *named, *specs, *files, *ids, *fields))
    strings.encode("utf-8")  # raises for a lone surrogate
    return "\0" not in strings and "\r" not in strings and all(map(storable, message.attached))


def twice(raw: bytes) -> Message | None:
    """The message in these bytes, the same each time; None where there is none."""
    try:
        message = parse_message(raw)
    except UnreadableMessage:
        return None
    assert parse_message(raw) == message
    return message


NOISE = st.binary(max_size=200) | st.lists(
    st.sampled_from(
        b'\r|\n|\r\n|\0| |\t|:|;|=|--|--b|--b--|=?utf-8?q?|?=|<|>|(|"|@|,|\x1b$B|\xff\xfe|\xed\xa0\x80|=ED=A0=80|+2AA-|*0*=|%00'
        b"|Content-Type: |multipart/mixed|message/rfc822|text/html|boundary=b|charset=|utf-7|&#13;&#0;|begin 644 a\n|filename="
        b"|Content-Transfer-Encoding: base64|Subject: |a|\xe9".split(b"|")
    ),
    max_size=25,
).map(b"".join)


@settings(max_examples=300, deadline=None)
@given(NOISE)
def test_any_bytes_are_read_or_refused(noise: bytes) -> None:
    """Whatever comes, it is a Message that can be stored, the same each time, or UnreadableMessage."""
    for raw in (noise, PLAIN[:200] + noise, noise + PLAIN):
        message = twice(raw)

        assert message is None or storable(message)


@settings(max_examples=300, deadline=None)
@given(NOISE, NOISE)
def test_a_mail_with_anything_in_it_is_read(one: bytes, other: bytes) -> None:
    """In its fields, its boundaries, its parts or its names: it is a mail all the same."""
    for raw in (
        b"From: " + one + b"\r\nSubject: " + other + b"\r\nDate: " + one + b"\r\n\r\n" + other,
        mail(
            b"Content-Type: multipart/mixed; boundary=" + one, b"--" + one + b"\r\n" + other + b"\r\n--" + one
        ),
        mail(b"Content-Type: text/plain; charset=" + one, other),
        mail(b"Content-Type: text/html\r\nContent-Transfer-Encoding: " + one, other),
        mail(b"Content-Type: message/rfc822; name*=" + one, other),
        mail(
            b"Content-Type: multipart/mixed; boundary=b", b"--b\r\nContent-Type: " + one + b"\r\n\r\n" + other
        ),
    ):
        message = twice(raw)

        assert message is not None
        assert storable(message)


@settings(max_examples=200, deadline=None)
@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp"), exclude_characters="\ufeff"),
        min_size=1,
        max_size=60,
    )
)
def test_what_a_mail_library_writes_is_read_back(words: str) -> None:
    """Subject, name, file name and text come out as they went into the standard library's writer."""
    written = EmailMessage(policy=SMTP)
    written["From"] = "a@x.example"
    written["Subject"] = words
    written.set_content(words)
    written.add_attachment(b"x", maintype="application", subtype="pdf", filename=words)
    message = parse_message(written.as_bytes())

    assert message.subject == " ".join(words.split())
    assert message.text.split() == words.split()
    assert [one.name for one in message.attachments] == [" ".join(words.split()) or None]
