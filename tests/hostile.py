"""Mail that was made to break who reads it: a name, and its bytes."""

from __future__ import annotations

import gzip
from base64 import b64encode
from collections.abc import Callable

_HEAD = b"From: a@x.example\r\nTo: b@y.example\r\nDate: Tue, 10 Nov 2026 10:00:00 +0000\r\n"


def _mail(body: bytes, kind: bytes = b"text/plain; charset=utf-8", first: bytes = b"") -> bytes:
    return first + _HEAD + b"Content-Type: " + kind + b"\r\n\r\n" + body


def _html(body: bytes) -> bytes:
    return _mail(body, b"text/html; charset=utf-8")


def _field(name: bytes, body: bytes) -> bytes:
    return _mail(b"hi", first=name + b": " + body + b"\r\n")


def _file(kind: bytes, encoded: bytes) -> bytes:
    return _mail(
        b"--b\r\n\r\nhi\r\n--b\r\nContent-Type: " + kind + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + encoded + b"\r\n--b--", b"multipart/mixed; boundary=b",
    )  # fmt: skip


MAIL: dict[str, Callable[[], bytes]] = {
    # structure
    "ten thousand parts": lambda: _mail(b"--b\r\n\r\nx\r\n" * 10_000, b"multipart/mixed; boundary=b"),
    "nested multiparts": lambda: _mail(
        b"".join(b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(20_000)),
        b"multipart/mixed; boundary=b0",
    ),
    "nested messages": lambda: _mail(b"Content-Type: message/rfc822\r\n\r\n" * 20_000, b"message/rfc822"),
    "no boundary": lambda: _mail(b"--\r\n" * 50_000, b"multipart/mixed"),
    "a hundred thousand parts": lambda: _mail(b"--b\r\n\r\n" * 100_000, b"multipart/mixed; boundary=b"),
    "boundaries used again": lambda: _mail(
        b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" * 10_000, b"multipart/mixed; boundary=b"
    ),
    "boundary of a megabyte": lambda: _mail(b"--b\r\n", b'multipart/mixed; boundary="' + b"b" * 1_000_000 + b'"'),
    "packed zeros": lambda: _file(b"application/zip; name=a.zip", b64encode(gzip.compress(gzip.compress(bytes(50_000_000))))),
    "packed TNEF": lambda: _file(b"application/ms-tnef; name=winmail.dat", b64encode(b"\x78\x9f\x3e\x22" + b"\xff" * 1_000_000)),
    "rich text": lambda: _file(b"application/rtf; name=a.rtf", b64encode(b"{\\rtf1" + b"{\\b " * 1_000_000)),
    "base64 of nothing": lambda: _mail(b"=\r\n" * 1_000_000, b"text/plain\r\nContent-Transfer-Encoding: base64"),
    "large attachment": lambda: _mail(
        b"--b\r\n\r\nhi\r\n--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + b"QUJD" * 5_000_000 + b"\r\n--b--", b"multipart/mixed; boundary=b",
    ),
    # header
    "field of megabytes": lambda: _field(b"X-A", b"a" * 5_000_000),
    "many fields": lambda: _mail(b"hi", first=b"X-A: b\r\n" * 200_000),
    "many recipients": lambda: _field(b"To", b",\r\n ".join(b"u%d@x.example" % n for n in range(50_000))),
    "many parameters": lambda: _mail(b"hi", b"text/plain" + b"".join(b"; a%d=b" % n for n in range(100_000))),
    "continued parameter": lambda: _mail(b"hi", b"text/plain" + b"".join(b";\r\n name*%d=a" % n for n in range(50_000))),
    "half a million recipients": lambda: _field(b"Cc", b"a@b.c," * 500_000),
    "group in groups": lambda: _field(b"To", b"g:" * 100_000 + b"a@b.c" + b";" * 100_000),
    "routes": lambda: _field(b"From", b"<" + b"@a," * 100_000 + b":a@b.c>"),
    "many authors": lambda: _mail(b"hi", first=b"From: a@b.c\r\n" * 50_000),
    "field without a name": lambda: _mail(b"hi", first=b"X-A: b\r\n" + b": a\r\n" * 50_000),
    "folded for ever": lambda: _field(b"Subject", b"\r\n " * 500_000 + b"a"),
    "angle brackets": lambda: _field(b"From", b"<>" * 100_000),
    "empty ids": lambda: _field(b"Message-ID", b"<[]@>" * 100_000),
    "years": lambda: _field(b"Date", b"Tue, 10 Nov " + b"9" * 4_000 + b" 10:00:00 +" + b"9" * 4_000),
    "an offset": lambda: _field(b"Date", b"Tue, 10 Nov 2026 10:00:00 +999999999999999999"),
    "number of a parameter": lambda: _mail(b"hi", b"text/plain; name*" + b"9" * 5_000 + b"*=a; name*0*=utf-8''%"),
    "verdicts": lambda: _field(b"Authentication-Results", b"mx.northlight.example; " + b"dmarc=pass (" * 20_000),
    "commas": lambda: _field(b"From", b"," * 500_000),
    "comments": lambda: _field(b"From", b"(" * 100_000),
    "quotes": lambda: _field(b"From", b'"\\' * 100_000),
    "encoded words": lambda: _field(b"Subject", b"=?utf-8?q?a?= " * 10_000),
    "encoded words in encoded words": lambda: _field(b"Subject", b"=?utf-8?q?" * 20_000 + b"?=" * 20_000),
    "long Message-ID": lambda: _field(b"Message-ID", b"<" + b"a" * 1_000_000 + b"@x>"),
    "many references": lambda: _field(b"References", b"<a@b>\r\n " * 100_000),
    "open references": lambda: _field(b"References", b"<a" * 300_000),
    "long date": lambda: _field(b"Date", b"1 " * 300_000),
    "many prefixes": lambda: _field(b"Subject", b"Fwd: Re: " * 50_000),
    # text
    "one line": lambda: _mail(b"a " * 5_000_000),
    "blank lines": lambda: _mail(b"\r\n" * 500_000),
    "quote marks": lambda: _mail(b"> a\r\n\r\n" * 150_000),
    "attributions": lambda: _mail(b"On a wrote\r\n" * 80_000),
    "words like an attribution": lambda: _mail(b"On " + b"x " * 500_000),
    "glued attributions": lambda: _mail((b"On Mon 1 " + b"x" * 110 + b" wrote: ") * 8_000),
    "author lines": lambda: _mail(b"From: a@b 10:00\r\n" * 60_000),
    "header blocks in a line": lambda: _mail((b"From: a@b To: c@d " * 110 + b"\r\n") * 500),
    "labels": lambda: _mail(b"To: x\r\nCc: y\r\n" * 70_000),
    "colons": lambda: _mail(b"a@b 10:00 2020 :\r\n" * 60_000),
    "rules": lambda: _mail(b"________________________________\r\n" * 30_000),
    "dashes": lambda: _mail(b"-----\r\n" * 140_000),
    "delimiters": lambda: _mail(b"-- \r\n" * 200_000),
    "phones": lambda: _mail(b"Sent from my iPhone\r\n" * 50_000),
    "small print": lambda: _mail(b"confidential addressee\r\n\r\n" * 40_000),
    "at signs": lambda: _mail(b"@" * 1_000_000),
    "banners": lambda: _mail(b"CAUTION " + b"extern " * 100_000),
    "forwards": lambda: _mail(b"---- Forwarded message ----\r\nFrom: a@b.c\r\nDate: 10:00\r\n" * 15_000),
    "broken quoted-printable": lambda: _mail(b"=" * 5_000_000, b"text/plain\r\nContent-Transfer-Encoding: quoted-printable"),
    "shift sequences": lambda: _mail(b"\x1b$B" * 300_000, b"text/plain; charset=iso-2022-jp"),
    "soft breaks": lambda: _mail(b"=\r\n" * 1_500_000 + b"hi", b"text/plain\r\nContent-Transfer-Encoding: quoted-printable"),
    "utf-7": lambda: _mail(b"+AAAA" * 300_000, b"text/plain; charset=utf-7"),
    "utf-16": lambda: _mail(b"\xff\xfe\x00\xd8" * 300_000, b"text/plain; charset=utf-16"),
    "idna": lambda: _mail(b"a." * 500_000, b"text/plain; charset=idna"),
    "codecs that are none": lambda: _mail(b"789c" * 100_000, b"text/plain; charset=zlib_codec"),
    "unicode escapes": lambda: _mail(b"\\N{DIGIT ONE}" * 100_000, b"text/plain; charset=unicode_escape"),
    "dots": lambda: _mail(b"I am out of the office. " + b"." * 500_000),
    "combining marks": lambda: _mail(b"a" + b"\xcc\x81" * 400_000),
    "brackets of addresses": lambda: _mail(b"From: " + b"a@b<mailto:" * 60_000),
    "charset with NUL": lambda: _mail(b"hi", b'text/plain; charset="utf-8\0"'),
    # HTML
    "open tags": lambda: _html(b"<" * 512_000),
    "divisions": lambda: _html(b"<div>" * 100_000),
    "block quotes": lambda: _html(b"<blockquote>a</blockquote>On x wrote:<br>" * 12_000),
    "line breaks": lambda: _html(b"a<br>" * 100_000),
    "rows": lambda: _html(b"<table>" + b"<tr><td>a" * 1_000_000),
    "entities": lambda: _html(b"&amp;&#x1F600;&CounterClockwiseContourIntegral;" * 100_000),
    "declared entities": lambda: _html(
        b"<!DOCTYPE a [" + b"".join(b'<!ENTITY e%d "&e%d;&e%d;">' % (n, n - 1, n - 1) for n in range(1, 90)) + b"]>&e89;"
    ),
    "spans": lambda: _html(b"<span>a" * 100_000),
    "formatting": lambda: _html(b"<b><i><u><a>" * 50_000 + b"<p>a" * 1_000),
    "comments in HTML": lambda: _html(b"<!--" * 200_000),
    "style sheets": lambda: _html(b"<style>" + b".a{display:none}" * 100_000 + b"@media{" * 50_000 + b"</style>hi"),
    "attributes": lambda: _html(b"<a " + b"b=c " * 100_000),
}  # fmt: skip
