"""
Bait made by chance, and what holds of whatever is read: mails, replies, letters.

    python -m tests.fuzz --minutes 10    look for a fault; the first one is told with its seed, and ends it
"""

from __future__ import annotations

import argparse
import pickle
import random
import re
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import datetime
from email import message_from_bytes
from email.policy import SMTP
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

from parsers.address import addresses
from parsers.anatomy import Anatomy, anatomy_of
from parsers.authentication import is_authentic
from parsers.body import split_body
from parsers.commands import (
    Command,
    NotUnderstood,
    commands_of,
    contradicted,
    contradicted_clauses,
    is_courtesy,
)
from parsers.dates import wake_of
from parsers.encoded_words import decoded
from parsers.html import text_of
from parsers.message import UnreadableMessage
from service.letters import Result
from service.store import Letter
from tests import hostile
from tests.agency import DANA, HANK, MAYA, MX, mail
from tests.filed import cabinet
from tests.sample_letters import ITEM, MANAGER, answer_of, digest_of, full_digest, notice_of

_MAIL = Path(__file__).parent / "mailbox" / "mail"
_LARGEST = 60_000  # bytes of bait: what is larger is slow, and has tests of its own
_LETTER_BYTES = 100_000  # above which mail programs cut a letter
_NOW = datetime(2026, 11, 12, 8, 30, tzinfo=ZoneInfo("America/New_York"))
_NINE_O_CLOCK = _NOW.time().replace(hour=9, minute=0)

# What mail programs stumble over.
_TOKENS = [
    b"\r\n", b"\n", b"\r", b"\0", b"\r\n\r\n", b"\r\n ", b"\t", b"--", b"--b7\r\n", b"--b7--", b"\xff\xfe", b"\xed\xa0\x80",
    "\u202e\u2066\u200b\ufeff\U000e0041".encode(), "Ａ１．İıſK".encode(), b"=?utf-8?q?=00=0d=0a?=", b"=?utf-7?b?+AAA-?=", b"=?", b"?=", b"<>", b"<", b">",
    b'"', b"\\", b"(", b")", b",", b";", b":", b"@", b"=", b"=3D=\r\n", b"&#0;&#xd800;&#x110000;", b"<!--", b"<style>", b"<div style=display:none>",
    b"<blockquote>", b"<table>" * 20, b"> ", b">>>> ", b"-- \r\n", b"On Mon wrote:\r\n", b"-----Original Message-----\r\n", b"From: a@b\r\n", b"From: a@b, c@d\r\n",
    b"Sender: x@y\r\n", b"Subject: Fwd: Re: AW:\r\n", b"Date: Thu, 31 Feb 99999 25:61:61 +9999\r\n", b"Date: 1 Jan 0001 00:00 +1400\r\n", b"Message-ID: <>\r\n",
    b"References: <a@b> <a@b>\r\n", b"In-Reply-To: <", b"Content-Type: multipart/mixed; boundary=b7\r\n", b"Content-Type: message/rfc822\r\n", b"Content-Type: text/html; charset=utf-7\r\n",
    b"Content-Type: text/plain; charset=\"utf-8\\0\"; format=flowed; delsp=yes\r\n", b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: quoted-printable\r\n",
    b"Content-Type: text/plain; charset*0*=x'y'%00\r\n", b"begin 644 a\r\n", b"Auto-Submitted: \xff\r\n", b"Return-Path: <>\r\n", b"Content-Type: multipart/report; boundary=b7\r\n",
    MX.encode(), f"Authentication-Results: {MX}; dmarc=pass header.from=acme.example\r\n".encode(), b"dmarc=pass", b"header.from=", b"(comment", b"9" * 400, b"a" * 1000, b"\xe2\x80\xa8",
]  # fmt: skip
_WORDS = (
    "snooze done wake replied called not wrong why give pause resume approvals workspace handover undo more help 1 2 3-5 2,4 all both to until"
    " friday tomorrow 24 march next week 3d 2pm with Sam is Globex ? ! ; , . : \n \r \t > -- don't the I have ０ ٣ ² ½ Ⅳ ①"
    " \0 \u202e \u200b \ud800 \x1b[31m <b> & ' \" {{ }} =?utf-8?q?done_1?= item # 99999999999999999999 -1 1e3 31.02.2026 25:99 0001-01-01"
).split(" ")
_ORDERS = [
    "done 1",
    "snooze 2 until friday",
    "3-5 done",
    "wake 2,4",
    "replied 2",
    "not 1",
    "why ３",
    "give 2 to Sam",
    "undo",
]
_NUMBERED = re.compile(r"\d+")


def _small() -> Iterator[bytes]:
    yield from (path.read_bytes() for path in sorted(_MAIL.glob("*.eml")))
    yield from (made[:_LARGEST] for make in hostile.MAIL.values() if (made := make()))
    reply = "done 1, snooze 2 until Friday\n\nOn Tue Dana wrote:\n> Please go ahead.\n"
    yield mail(MAYA, reply, fields={"In-Reply-To": "<digest.1@northlight.example>"})
    yield mail(DANA, "Please stop. When is it ready?", subject="Fwd: =?utf-8?q?Layouts?=")
    yield mail(HANK, "Approved, go ahead.", verdict=f"{MX}; dkim=pass header.d=globex.example; spf=fail")


@cache
def corpus() -> tuple[bytes, ...]:
    """What bait is made of: the labelled mailbox, mail that was made to break its reader, replies."""
    return tuple(one for one in _small() if len(one) <= _LARGEST)


def bait(chance: random.Random) -> bytes:
    """A mail with a few things wrong."""
    made = bytearray(chance.choice(corpus()))
    for _ in range(chance.choice([1, 1, 2, 3, 5, 9])):
        at = chance.randrange(len(made) + 1)
        if chance.random() < 0.5:  # most of what a reader decides stands in the header
            at = min(at, chance.randrange(1500))
        length = chance.choice([1, 1, 4, 30, 300])
        how = chance.randrange(6)
        if how == 0:
            made[at : at + length] = b""
        elif how == 1:
            made[at:at] = made[at : at + length] * chance.choice([1, 2, 20])
        elif how == 2:
            made[at:at] = chance.choice(_TOKENS) * chance.choice([1, 1, 1, 3, 50])
        elif how == 3:
            made[at : at + length] = chance.randbytes(min(length, 30))
        elif how == 4:
            other = chance.choice(corpus())
            begin = chance.randrange(len(other) + 1)
            made[at:at] = other[begin : begin + length]
        else:
            lines = bytes(made).split(b"\n")
            a, b = chance.randrange(len(lines)), chance.randrange(len(lines))
            lines[a], lines[b] = lines[b], lines[a]
            made = bytearray(b"\n".join(lines))
    return bytes(made[:_LARGEST])


def words(chance: random.Random) -> str:
    """What an account manager might write, and what nobody would."""
    separator = chance.choice([" ", " ", "", "\n"])
    said = separator.join(chance.choice(_WORDS) for _ in range(chance.randrange(1, 14)))
    orders = [chance.choice(_ORDERS) for _ in range(chance.randrange(4))]
    return chance.choice(["\n", "; ", ", ", " "]).join(chance.sample([said, *orders], len(orders) + 1))


def check_mail(raw: bytes) -> None:
    """A mail is read, or refused in words, the same each time; what is read can be stored, and is nobody's but its author's."""
    first = _read(raw)
    assert _read(raw) == first
    if isinstance(first, str):
        assert first
        return
    assert pickle.loads(pickle.dumps(first)) == first
    message = first.message
    for text in (message.text, message.subject, first.own, first.signature, message.message_id_field):
        assert_storable(text)
    assert len(first.own) <= len(message.text)
    body = split_body(message.text)
    assert split_body(message.text) == body
    assert text_of(message.text) == text_of(message.text)
    for name, value in message.fields:
        assert_storable(name + value)
        decoded(value)
    for address in (*message.authors, *message.to, *message.cc):
        assert_storable(repr(address))
    assert message.date is None or message.date.tzinfo is not None
    if is_authentic(message, authserv_id=MX):
        assert len(message.authors) == 1
        assert sum(name == "from" for name, _ in message.fields) == 1
        assert MX in (message.field("authentication-results") or "").lower()
    check_reply(first.own[:2000])


def _read(raw: bytes) -> Anatomy | str:
    try:
        return anatomy_of(raw)
    except UnreadableMessage as refused:
        return str(refused)


def assert_storable(text: str) -> None:
    """A database takes it: no NUL, no lone surrogate."""
    assert "\0" not in text
    text.encode()


def check_reply(own: str) -> None:
    """Whatever a reply says, no number is obeyed that is not written, and no name that does not stand there."""
    said = commands_of(own, _NOW, digest_at=_NINE_O_CLOCK)
    assert commands_of(own, _NOW, digest_at=_NINE_O_CLOCK) == said
    assert len(said) <= 21
    is_courtesy(own)
    contradicted(said, range(1, 40))
    contradicted_clauses(said)
    addresses(own)
    wake_of(own, _NOW, digest_at=_NINE_O_CLOCK)
    for one in said:
        assert one.clause
        if not isinstance(one, NotUnderstood):
            _check_command(one)


def _check_command(one: Command) -> None:
    plain = unicodedata.normalize("NFKC", one.clause)
    written = [int(digits[:20]) for digits in _NUMBERED.findall(plain)]
    for number in getattr(one, "numbers", None) or ():
        # Named itself, or between the ends of what is written as a range.
        assert min(written) <= number <= max(written)
        assert number in written or re.search(r"\d\W*(?:[-‐-―−]|to|til|until|thr)", plain, re.I)
    for field in fields(one):
        if field.name in ("name", "to", "stand_in"):
            assert (getattr(one, field.name) or "") in one.clause
    if until := getattr(one, "until", None):
        assert until.tzinfo is not None
        assert until > _NOW


class Frame(HTMLParser):
    """The elements of a page with what they carry, but for the words in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = ("title", "aria-label")
        self.elements.append((tag, [(name, None if name in named else value) for name, value in attrs]))


def letters_of(said: str) -> list[Letter]:
    """Every letter with these words wherever somebody else's words stand."""
    item = replace(ITEM, workspace=said, subject=said, who=said, quote=said)
    result = Result(clause=said, text=said, obeyed=True, lines=(said,), items=(item,))
    manager = replace(MANAGER, name=said)
    return [
        digest_of(full_digest(name=said, who=said, words=said)),
        digest_of(replace(full_digest(), manager=manager)),
        answer_of(result, manager=manager),
        notice_of(said, said),
    ]


@cache
def _calm() -> list[Letter]:
    return letters_of("calm")


def check_letters(said: str) -> None:
    """Whatever is said, the letter has the fields and elements that it has for calm words, and nothing unseen in it."""
    said = f"x{said}x"  # one that shows nothing at all is left out, with its element
    for letter, calm in zip(letters_of(said), _calm(), strict=True):
        parsed, expected = (message_from_bytes(one.content, policy=SMTP) for one in (letter, calm))
        assert parsed.keys() == expected.keys()
        assert not parsed.defects
        assert [one.get_content_type() for one in parsed.walk()] == [
            one.get_content_type() for one in expected.walk()
        ]
        assert len(letter.content) < _LETTER_BYTES
        assert letter.content.isascii()
        assert max(map(len, letter.content.split(b"\r\n"))) <= 998
        assert not re.search(rb"[\0\x1b]|[^\r]\n|\r[^\n]", letter.content)
        for field in parsed.values():
            assert not [c for c in str(field) if unicodedata.category(c) in ("Cc", "Cs")]
        plain, page = (one.get_content() for one in parsed.walk() if one.get_content_maintype() == "text")
        unseen = {unicodedata.category(c) for c in plain + page if c not in "\n\r\t\u200c\u200d\xad"}
        assert not unseen & {"Cc", "Cs", "Co"}
        assert not set(plain + page) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
        as_calm = next(one.get_content() for one in expected.walk() if one.get_content_type() == "text/html")
        assert Frame(page).elements == Frame(as_calm).elements


def check_order(folder: Path, *raws: bytes) -> None:
    """Mail that comes in another order is read and filed the same."""
    with cabinet(folder) as practiq:
        forwards = practiq.take(*raws).said()
        assert practiq.empty().take(*reversed(raws)).said() == forwards


def checks(folder: Path) -> list[Callable[[random.Random], None]]:
    """All of them, each with bait of its own; a folder for a configuration."""
    return [
        lambda chance: check_mail(bait(chance)),
        lambda chance: check_mail(bait(chance)),
        lambda chance: check_reply(words(chance)),
        lambda chance: check_letters(words(chance)),
        lambda chance: check_order(folder, *(bait(chance) for _ in range(3))),
    ]


def main() -> None:
    """Look for a fault until the time is over."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0, help="the first seed; each example has the next one")
    asked = parser.parse_args()
    end = time.monotonic() + asked.minutes * 60
    seed = asked.seed
    with tempfile.TemporaryDirectory() as folder:
        all_checks = checks(Path(folder))
        try:
            while time.monotonic() < end:
                all_checks[seed % len(all_checks)](random.Random(seed))
                seed += 1
        except BaseException:
            sys.stderr.write(f"Seed {seed}: again with --seed {seed}\n")
            raise
    sys.stdout.write(f"Seeds {asked.seed} to {seed - 1}: no fault\n")


if __name__ == "__main__":
    main()
