"""The parts of a mail: which are the body, which are attachments, and what they hold."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import asdict

import pytest

from parsers.message import Attachment, AttachmentKind, Message, parse_message


def read(*lines: str | bytes) -> Message:
    """The message of these lines below a From field."""
    octets = [line.encode("utf-8") if isinstance(line, str) else line for line in lines]
    return parse_message(b"\r\n".join((b"From: Dana <dana@acme.example>", *octets)))


def part(kind: str, *lines: str | bytes, more: str = "") -> tuple[str | bytes, ...]:
    """A part of the multipart whose boundary is b."""
    return ("--b", f"Content-Type: {kind}", *([more] if more else []), "", *lines)


def mixed(*parts: tuple[str | bytes, ...], kind: str = "mixed") -> Message:
    """A multipart of these parts."""
    lines = [line for one in parts for line in one]
    return read(f"Content-Type: multipart/{kind}; boundary=b", "", *lines, "--b--")


# ---------------------------------------------------------------- structure


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (("Content-Type: multipart/mixed", "", "--x y", "Content-Type: text/plain", "", "hi", "--x y--"), "hi"),
        (("Content-Type: multipart/mixed; boundary=other", "", "--x", "Content-Type: text/plain", "", "hi"), "hi"),
        (("Content-Type: multipart/mixed; boundary=b", "", "hi"), "hi"),
        (("Content-Type: multipart/mixed; boundary=b", "", "hi", "--b--", "gone"), "hi"),
        (("Content-Type: multipart/mixed; boundary=b", "", "--b", "", "one", "--b", "", "two"), "one\ntwo"),
        (("Content-Type: multipart/mixed; boundary=b", "", "--b", "", "one", "--b--", "--b", "", "two"), "one\ntwo"),
        (("Content-Type: multipart/mixed; boundary=b", "", "--b", "one", "--b", "Note: two", "--b--"), "one\nNote: two"),
        (("Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: text/plain", "--b", "", "two"), "two"),
        (('Content-Type: multipart/mixed; boundary="b', ' c"', "", "--b c  ", "", "hi", "--b c--"), "hi"),
        (('Content-Type: multipart/mixed; boundary="ä"', "", "--ä", "", "hi", "--ä--"), "hi"),
    ],
    ids=[
        "no-boundary", "another-boundary", "no-delimiter", "end-only", "no-end", "again-after-its-end", "no-header",
        "no-empty-line", "folded-boundary", "8bit-boundary",
    ],
)  # fmt: skip
def test_parts_are_found_where_boundaries_are_not_as_they_should(lines: tuple[str, ...], text: str) -> None:
    """What an author wrote is read from between whatever delimiters there are."""
    message = read(*lines)

    assert message.text == text
    assert message.attachments == ()


def test_a_boundary_that_begins_like_another_is_another() -> None:
    """Delimiters are whole lines: "ab" does not end what "a" began."""
    inner = ("--b", "Content-Type: multipart/mixed; boundary=bb", "", "--bb", "", "inside", "--bb--")

    assert mixed(inner, part("text/plain", "behind")).text == "inside\nbehind"


def test_a_boundary_used_again_inside_makes_no_depth() -> None:
    """Multiparts that all have one boundary are read as what stands between its delimiters."""
    again = part("multipart/mixed; boundary=b")

    assert mixed(*[(*again, *part("text/plain", "word"))] * 200).text == "\n".join(["word"] * 200)


def test_text_at_any_depth_is_read() -> None:
    """A hundred multiparts in one another, each with a word, lose none of them."""
    lines: list[str] = ["Content-Type: multipart/mixed; boundary=b0", ""]
    for depth in range(100):
        lines += [f"--b{depth}", "", f"word {depth}"]
        lines += [f"--b{depth}", f"Content-Type: multipart/mixed; boundary=b{depth + 1}", ""]
    message = read(*lines, "--b100", "", "bottom")

    assert message.text.split("\n") == [*(f"word {depth}" for depth in range(100)), "bottom"]


def test_the_first_ten_thousand_parts_are_read() -> None:
    """So many are read, each of them, and those behind are not."""
    message = mixed(*[part("application/pdf", str(number)) for number in range(10_050)])

    assert [one.size_bytes for one in message.attachments] == [len(str(number)) for number in range(10_000)]


def test_a_digest_holds_mails() -> None:
    """A part of a digest is a mail where it does not say what it is (RFC 2046 §5.1.5)."""
    message = mixed(
        ("--b", "", "Subject: one", "", "first"), ("--b", "", "Subject: two", "", "second"), kind="digest"
    )

    assert [(one.subject, one.text) for one in message.attached] == [("one", "first"), ("two", "second")]
    assert {one.kind for one in message.attachments} == {AttachmentKind.MESSAGE}


# ---------------------------------------------------------------- the body


PLAIN = part("text/plain", "The layouts are fine.")
HTML = part("text/html", "<p>The <b>layouts</b> are fine, and the copy.</p>")
NOTES = (
    "--b",
    "Content-Type: text/plain; name=notes.txt",
    "Content-Disposition: inline; filename=notes.txt",
    "",
    "a note",
)


@pytest.mark.parametrize(
    ("kind", "parts", "text"),
    [
        ("alternative", (HTML, PLAIN), "The layouts are fine."),
        ("alternative", (part("text/plain", " "), HTML), "The layouts are fine, and the copy."),
        ("alternative", (part("text/plain", "Your mail program cannot show HTML."), HTML), "The layouts are fine, and the copy."),
        ("alternative", (part("text/plain", "Send it as HTML."), part("text/html", "<p>Send it as <b>HTML</b>.")), "Send it as HTML."),
        ("alternative", (part("text/enriched", "<bold>Fine</bold> so"),), "Fine so"),
        ("alternative", (part("text/richtext", "<bold>Fine</bold><nl>a <lt> b"),), "Fine\na < b"),
        ("alternative", (part("text/x-amp-html", "<html>"), PLAIN), "The layouts are fine."),
        ("mixed", (PLAIN, part("text/plain", "Two."), HTML), "The layouts are fine.\nTwo.\nThe layouts are fine, and the copy."),
        ("mixed", (PLAIN, NOTES), "The layouts are fine."),
        ("mixed", (NOTES,), "a note"),
        ("mixed", (part("text/plain", "file", more="Content-Disposition: attachment"),), ""),
        ("mixed", (part("text/calendar", "BEGIN:VCALENDAR"),), ""),
        ("related; start=\"<r>\"", (part("text/html", "<p>frame"), part("text/html", "<p>root", more="Content-ID: <r>")), "root"),
        ("signed", (PLAIN, part("application/pgp-signature", "x")), "The layouts are fine."),
        ("report; report-type=delivery-status", (PLAIN, part("text/plain", "machine")), "The layouts are fine."),
    ],
    ids=[
        "plain-first", "plain-says-nothing", "plain-is-an-excuse", "plain-says-the-same", "enriched", "richtext", "amp",
        "all-of-mixed", "named-is-a-file", "named-and-alone", "attached-text", "calendar", "related-root", "signed",
        "report",
    ],
)  # fmt: skip
def test_which_part_is_the_body(kind: str, parts: tuple[tuple[str, ...], ...], text: str) -> None:
    """The body is what a reader of that mail sees as its text."""
    assert mixed(*parts, kind=kind).text == text


@pytest.mark.parametrize(
    ("charset", "octets", "text"),
    [
        ("iso-8859-1", "café".encode(), "café"),
        ("windows-1251", "хорошо".encode(), "хорошо"),
        ("utf-8", b"caf\xe9 \x96 ok", "café – ok"),
        ("utf-8", "naïve façade, bêtise".encode() + b" caf\xe9", "naïve façade, bêtise café"),
        ("iso-8859-8-i", "שלום".encode("iso8859-8"), "שלום"),
        ("x-sjis", "日本語①".encode("cp932"), "日本語①"),
        ("gb2312", "镕基".encode("gb18030"), "镕基"),
        ("gb2312", "你好，世界".encode(), "你好，世界"),
        ("ks_c_5601-1987", "뷁 좋아요".encode("cp949"), "뷁 좋아요"),
        ("iso-2022-jp", b"\x1b$B-!F|K\\\x1b(B ok", "①日本 ok"),
        ("unicode-1-1-utf-7", b"Fr+APY-sche", "Frösche"),
        ("windows-874", "สวัสดี".encode("cp874"), "สวัสดี"),
        ("cp-850", "für".encode("cp850"), "für"),
        ("x-mac-roman", "für".encode("mac-roman"), "für"),
        ("iso-8859-2", "Š".encode("cp1250"), "Š"),
        ("us-ascii", "für".encode("utf-16"), "für"),
        ("utf-16", "für".encode("utf-16-le"), "für"),
        ("utf-16", b"plain", "plain"),
        ('"utf-8\0"', "für".encode(), "für"),
        ("punycode", b"a-b", "a-b"),
        ("x-no-such", "はい、それでいいです".encode("cp932"), "はい、それでいいです"),
    ],
)
def test_charset_is_what_the_bytes_are_in(charset: str, octets: bytes, text: str) -> None:
    """A charset that lies, is misspelt, or that only Windows has, is read all the same."""
    assert read(f"Content-Type: text/plain; charset={charset}", "", octets).text == text


def test_html_says_its_charset_where_its_part_does_not() -> None:
    """A `<meta>` counts where Content-Type has no charset."""
    html = b'<meta http-equiv="Content-Type" content="text/html; charset=koi8-r"><p>' + "да".encode("koi8-r")

    assert read("Content-Type: text/html", "", html).text == "да"


@pytest.mark.parametrize(
    ("encoding", "content", "text"),
    [
        ("base64", b"R29vZCB0byBnby4=", "Good to go."),
        ("base64", b"R29vZCB0\r\nbyBnby4", "Good to go."),
        ("base64", b"R29vZA==IHRvIGdvLg==", "Good to go."),
        ("BASE64 (sent)", b"R29v!ZCB0byBnby4=", "Good to go."),
        ("base64", b"Good to go, Dana.", "Good to go, Dana."),
        ("base64", b"Thanks", "Thanks"),
        ("base64", b"R29vZCB0byBnby4=\r\n_____\r\nThe list of all lists", "Good to go.\n_____\nThe list of all lists"),
        ("quoted-printable", b"100% =3D all=\r\n so=C3=BC =ZZ.", "100% = all soü =ZZ."),
        ("quoted-printable", b"one= \t\r\ntwo=\rthree", "onetwothree"),
        ("x-uuencode", b"begin 644 a\r\n#86)C\r\n`\r\nend", "abc"),
        ("8-bits", b"caf\xc3\xa9", "café"),
    ],
    ids=[
        "base64", "unpadded", "in-pieces", "stray-letter", "is-words", "is-one-word", "footer-below", "broken-escapes",
        "blanks-behind", "uuencode", "unknown",
    ],
)  # fmt: skip
def test_transfer_encoding_is_what_the_bytes_are_in(encoding: str, content: bytes, text: str) -> None:
    """An encoding that is broken, or not there, costs no words."""
    assert read(f"Content-Transfer-Encoding: {encoding}", "", content).text == text


def test_what_pgp_signed_in_place_is_words() -> None:
    """Armor, its fields, dash-escapes and signature are no words of the author."""
    text = (
        "Above.\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nGood to go.\n- -- \nDana\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----\nBelow."
    )

    assert read("", text).text == "Above.\nGood to go.\n-- \nDana\nBelow."


def test_what_pgp_encrypted_in_place_is_an_envelope() -> None:
    """Cipher is no text, and is named for what it is."""
    message = read("", "Hello.\n-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----\n")

    assert message.text.strip() == "Hello."
    assert [one.kind for one in message.attachments] == [AttachmentKind.ENCRYPTED]


# ---------------------------------------------------------------- attachments


@pytest.mark.parametrize(
    ("media_type", "name", "kind"),
    [
        ("application/pdf", "a.pdf", "file"),
        ("message/rfc822", None, "message"),
        ("application/octet-stream", "Fwd.EML", "message"),
        ("application/vnd.ms-outlook", "a.msg", "message"),
        ("application/ms-tnef", None, "tnef"),
        ("application/octet-stream", "winmail.dat", "tnef"),
        ("application/pkcs7-signature", "smime.p7s", "signature"),
        ("application/pgp-signature", "signature.asc", "signature"),
        ("application/pkcs7-mime; smime-type=enveloped-data", "smime.p7m", "encrypted"),
        ("application/pkcs7-mime; smime-type=signed-data", "smime.p7m", "encrypted"),
        ("application/pkcs7-mime; smime-type=certs-only", "smime.p7c", "file"),
        ("application/octet-stream", "contract.pdf.pgp", "encrypted"),
        ("text/calendar; method=REQUEST", None, "calendar"),
        ("application/octet-stream", "invite.ics", "calendar"),
    ],
)
def test_an_attachment_is_named_for_what_it_is(media_type: str, name: str | None, kind: str) -> None:
    """By its type, or by its name where its type says nothing."""
    disposition = f"Content-Disposition: attachment; filename={name}" if name else "X-None: x"
    found = mixed(PLAIN, part(media_type, "content", more=disposition)).attachments

    assert [(one.name, one.media_type, one.kind) for one in found] == [
        (name, media_type.partition(";")[0], kind)
    ]


def test_an_envelope_has_no_words() -> None:
    """Of what is encrypted or sealed nothing is text: S/MIME as the whole mail, PGP as two parts."""
    sealed = read("Content-Type: application/pkcs7-mime; smime-type=signed-data", "", "R29vZCB0byBnby4=")
    version = part("application/pgp-encrypted", "Version: 1")
    cipher = part(
        "application/octet-stream", "-----BEGIN PGP MESSAGE-----", more="Content-Disposition: inline"
    )
    encrypted = mixed(version, cipher, kind="encrypted")

    assert (sealed.text, encrypted.text) == ("", "")
    assert [one.kind for one in (*sealed.attachments, *encrypted.attachments)] == [
        AttachmentKind.ENCRYPTED
    ] * 3


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("filename*=utf-8''J%C3%BCrgen%20a.pdf", "Jürgen a.pdf"),
        ("filename*0*=iso-8859-1'de'J%FCr; filename*1=gen; filename*2=\".pdf\"", "Jürgen.pdf"),
        ('filename="=?utf-8?q?J=C3=BCrgen=2Epdf?="', "Jürgen.pdf"),
        ("filename=spring layouts.pdf", "spring layouts.pdf"),
        ('filename="a;b\\"c.pdf', 'a;b"c.pdf'),
        (b'filename="J\xfcrgen.pdf"', "Jürgen.pdf"),
        ('filename="C:\\tmp\\a.pdf"', "C:\\tmp\\a.pdf"),
        ('filename="a\0\x07\tb.pdf"', "a b.pdf"),
        ('filename=""', None),
    ],
    ids=["2231", "continued", "encoded-word", "blank", "unclosed", "8bit", "windows", "control", "empty"],
)
def test_names_of_files(field: str | bytes, name: str | None) -> None:
    """A file is named as its sender named it, in whatever way the name is written."""
    octets = field if isinstance(field, bytes) else field.encode()
    lines = ("--b", "Content-Type: application/pdf", b"Content-Disposition: attachment; " + octets, "", "x")

    assert [one.name for one in mixed(lines).attachments] == [name]


def test_raw_names_are_in_the_charset_of_the_mail() -> None:
    """Bytes that are not UTF-8 are what the mail's text is in."""
    korean = b'Content-Type: application/pdf; name="' + "견적서.pdf".encode("cp949") + b'"'
    message = mixed(part("text/plain; charset=euc-kr", "네".encode("cp949")), ("--b", korean, "", "x"))

    assert [one.name for one in message.attachments] == ["견적서.pdf"]


def test_size_and_hash_are_those_of_the_file() -> None:
    """An attachment's content is measured as its sender's file was, and not kept."""
    content = bytes(range(256)) * 40
    lines = base64.encodebytes(content).decode().splitlines()
    found = mixed(
        PLAIN, part("application/x-any", *lines, more="Content-Transfer-Encoding: base64")
    ).attachments

    assert [(one.size_bytes, one.sha256) for one in found] == [(10_240, hashlib.sha256(content).hexdigest())]


def test_files_of_before_mime_are_attachments() -> None:
    """What stands uuencoded in a text is a file, and no words."""
    message = read("", "See below.", "begin 644 a.txt", "#86)C", "`", "end", "Dana", "begin 2026 well", "so")

    assert message.text == "See below.\nDana\nbegin 2026 well\nso"
    assert [(one.name, one.size_bytes) for one in message.attachments] == [("a.txt", 3)]


def test_an_attachment_stored_without_its_kind_is_a_file() -> None:
    """Rows of before there were kinds are read."""
    stored = asdict(Attachment(name="a", media_type="b/c", size_bytes=1, sha256="d"))
    del stored["kind"]

    assert Attachment(**stored).kind is AttachmentKind.FILE


# ---------------------------------------------------------------- mails in mails


INNER = ("Subject: the inner one", "From: maya@northlight.example", "", "approved")


def test_attached_mails_are_read_like_any_other() -> None:
    """As message/rfc822 or as a file, encoded or not; what is none is left out; none is the author's word."""
    encoded = base64.b64encode("\r\n".join(INNER).encode()).decode()
    message = mixed(
        PLAIN,
        part("message/rfc822", *INNER),
        part("application/octet-stream; name=a.eml", encoded, more="Content-Transfer-Encoding: base64"),
        part("message/rfc822", "no mail at all"),
    )

    assert [(one.subject, one.text) for one in message.attached] == [("the inner one", "approved")] * 2
    assert message.text == "The layouts are fine."
    assert len(message.attachments) == 3


def test_ten_attached_mails_are_read_to_a_depth_of_three() -> None:
    """More of them stay attachments."""
    deep = read(*("Content-Type: message/rfc822", "") * 5, *INNER)
    depth = 0
    while deep.attached:
        deep, depth = deep.attached[0], depth + 1

    assert depth == 3
    assert len(mixed(*[part("message/rfc822", *INNER)] * 12).attached) == 10
