"""
Real mail that other projects test with, where it lies (../shared/real): read from there, never copied.

`python -m tests.real` prints how well it is read, set by set; `--wrong` names each row that is not as expected.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from pathlib import Path
from typing import Any

import pytest

from parsers.address import Address
from parsers.automation import automation_of
from parsers.body import split_body
from parsers.dates import instant_of
from parsers.forward import unwrap_forward
from parsers.message import Message, UnreadableMessage, parse_message

REAL = Path(__file__).parent.parent.parent / "shared" / "real"
needs_real_mail = [
    pytest.mark.real,
    pytest.mark.skipif(not REAL.is_dir(), reason="the real mail (../shared/real) is not here"),
]

Row = dict[str, Any]  # as the sets write it


@dataclass(slots=True)
class Share:
    """How many rows are as expected, and which are not."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, right: bool, name: str) -> None:
        self.right += right
        if not right:
            self.wrong.append(name)

    @property
    def of(self) -> int:
        return self.right + len(self.wrong)

    @property
    def value(self) -> float:
        return self.right / self.of if self.of else 1.0


def rows(name: str) -> list[Row]:
    """The rows of a set."""
    return [json.loads(line) for line in (REAL / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def raw_of(row: Row) -> bytes:
    return (REAL / row["path"]).read_bytes()


def wrapped(text: bytes, *, subtype: str = "plain", subject: str | None = None) -> bytes:
    """A body alone as a mail."""
    said = f"Subject: {Header(subject, 'utf-8').encode()}\r\n" if subject else ""
    head = (
        "From: Maya Chen <maya@northlight.example>\r\nTo: practiq@northlight.example\r\n"
        f"{said}Date: Tue, 10 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    return head.encode("ascii") + text


def flat(text: str | None) -> str:
    return " ".join((text or "").replace("\ufeff", "").split())


def replies() -> dict[str, Share]:
    """Own words; where a row keeps the signature, they may come with it or without."""
    passed, exact = Share(), Share()
    for row in rows("reply_stripping"):
        raw = raw_of(row)
        subtype = "html" if row["kind"] == "html" else "plain"
        body = split_body(parse_message(raw if row["kind"] == "eml" else wrapped(raw, subtype=subtype)).text)
        readings = {body.own}
        if row["strip"].startswith("none"):  # a forward, which its own test takes apart
            readings = {f"{body.own}\n{body.quoted}"}
        elif row["strip"] == "quote":
            readings.add(f"{body.own}\n{body.signature}")
        passed.add(any(_as_expected(one, row) for one in readings), row["id"])
        exact.add(_as_expected(body.own, row) or row["strip"].startswith("none"), row["id"])
    return {"pass": passed, "without signature": exact}


def _as_expected(own: str, row: Row) -> bool:
    if row["check"] == "contains":
        wanted = all(flat(one) in flat(own) for one in row.get("must_contain", ()))
        return wanted and not any(flat(one) in flat(own) for one in row.get("must_not_contain", ()))
    apart = "" if "without any white space" in row.get("note", "") else " "
    expected = [row[key] for key in ("expected_new_text", "expected_own_words") if row.get(key) is not None]
    return apart.join(own.split()) in [apart.join(one.split()) for one in expected]


def forwards() -> dict[str, Share]:
    """Forwards told from other mail, and the mail inside."""
    told, all_right = Share(), Share()
    parts = {name: Share() for name in ("from", "subject", "body", "date", "to", "cc", "note")}
    for row in rows("forwards"):
        inner = unwrap_forward(parse_message(wrapped(raw_of(row), subject=row["outer_subject"])))
        told.add((inner is not None) is row["is_forward"], row["id"])
        if row["is_forward"]:
            right = _inner_as_expected(inner, row)
            for name, is_right in right.items():
                parts[name].add(is_right, row["id"])
            all_right.add(right["from"] and right["subject"] and right["body"], row["id"])
    return {"told from other mail": told, "from, subject and body": all_right, **parts}


def _inner_as_expected(inner: Message | None, row: Row) -> dict[str, bool]:
    if inner is None:
        return {"from": False, "subject": False, "body": False}
    author = inner.author or Address(name="", spec="")
    right = {
        "from": author.spec == (row["expected_from"]["address"] or "").lower()
        and author.name == (row["expected_from"]["name"] or ""),
        "subject": flat(inner.subject) == flat(row["expected_subject"]),
        "body": flat(inner.text) == flat(row["expected_body"]),
        "date": inner.date is not None and f"{inner.date:%Y-%m-%dT%H:%M}" == row["expected_date"],
    }
    for name, people in (("to", inner.to), ("cc", inner.cc)):
        if expected := row.get(f"expected_{name}"):
            right[name] = [one.spec for one in people] == [one.lower() for one in expected]
    if row.get("expected_message") is not None:
        right["note"] = flat(inner.note) == flat(row["expected_message"])
    return right


def parsing() -> dict[str, Share]:
    """What a message says of itself."""
    parts = {name: Share() for name in ("subject", "from", "name", "Message-ID", "attachments", "body")}
    for row in rows("parsing"):
        message = parse_message(raw_of(row))
        author = message.author or Address(name="", spec="")
        read = {
            "subject": ("expected_subject", flat(message.subject)),
            "from": ("expected_from", author.spec),
            "name": ("expected_from_name", flat(author.name)),
            "Message-ID": ("expected_message_id", message.message_id_field.strip("<>")),
            "attachments": ("expected_attachments", len(message.attachments)),
        }
        for name, (key, got) in read.items():
            if key in row:
                wanted = row[key]
                if isinstance(wanted, str):
                    wanted = flat(wanted.lower() if name == "from" else wanted.strip("<>"))
                parts[name].add(got == ("" if wanted is None else wanted), row["id"])
        if "expected_body_contains" in row:
            text = flat(message.text)
            parts["body"].add(all(flat(one) in text for one in row["expected_body_contains"]), row["id"])
    return parts


def automated() -> dict[str, Share]:
    """Machines told from people."""
    found, people = Share(), Share()
    for row in rows("bounces_autoreplies"):
        is_automated = automation_of(parse_message(raw_of(row))) is not None
        (found if row["automated"] else people).add(is_automated is row["automated"], row["id"])
    return {"recall": found, "people taken for people": people}


def dates() -> dict[str, Share]:
    """Times in words that an account manager would write, where two libraries besides their authors agree on the day."""
    day, minute = Share(), Share()
    for row in rows("dates"):
        if not row.get("snooze_like") or len(row.get("date_confirmed_by", ())) < 2:
            continue
        at = datetime.fromisoformat(row["reference"] + (row.get("utc_offset") or "+00:00"))
        expected = datetime.fromisoformat(row["expected"]).replace(tzinfo=at.tzinfo, second=0, microsecond=0)
        meant = instant_of(row["text"], at)
        day.add(meant is not None and meant.at.date() == expected.date(), f"{row['id']} {row['text']!r}")
        if row["grain"] in ("hour", "minute", "second"):
            right = meant is not None and meant.at.replace(second=0, microsecond=0) == expected
            minute.add(right, f"{row['id']} {row['text']!r}")
    return {"right day": day, "right minute": minute}


def robustness() -> tuple[dict[str, Share], float]:
    """Mail read without an exception, and the seconds of the slowest."""
    read, readable = Share(), Share()
    slowest = 0.0
    for row in rows("robustness"):
        raw = raw_of(row)
        began = time.perf_counter()
        try:
            message = parse_message(raw)
            split_body(message.text)
            unwrap_forward(message)
            automation_of(message)
        except UnreadableMessage:
            readable.add(right=False, name=row["path"])
        except Exception as fault:  # noqa: BLE001 -- which is what we look for
            read.add(right=False, name=f"{row['path']}: {fault!r}")
            continue
        else:
            readable.add(right=True, name=row["path"])
        read.add(right=True, name=row["path"])
        slowest = max(slowest, time.perf_counter() - began)
    return {"without an exception": read, "read, not quarantined": readable}, slowest


def table() -> Iterator[tuple[str, str, Share]]:
    """Each set's figures."""
    from tests.real_filing import companies, threads  # which build on what is here

    for name, score in (
        ("own words", replies),
        ("forwards", forwards),
        ("parsing", parsing),
        ("automated", automated),
        ("dates", dates),
        ("companies", companies),
        ("threads", threads),
    ):
        for figure, share in score().items():
            yield name, figure, share
    shares, slowest = robustness()
    for figure, share in shares.items():
        yield "robustness", figure, share
    share = Share()
    share.add(slowest < 1, f"{slowest:.3f} s")
    yield "robustness", f"slowest {slowest:.3f} s, under one", share


def main() -> None:
    if not REAL.is_dir():
        sys.exit(f"There is no real mail at {REAL}.")
    for name, figure, share in table():
        print(f"{name:12} {figure:34} {share.value:6.3f}  {share.right} of {share.of}")  # noqa: T201
        if "--wrong" in sys.argv:
            for one in share.wrong:
                print(f"    {one}")  # noqa: T201


if __name__ == "__main__":
    main()
