"""The mail inside a forward."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

from parsers.address import Address, addresses
from parsers.body import is_header_block
from parsers.message import Message
from parsers.quote_words import FORWARD_DIVIDER, LABEL, RULE
from parsers.threads import base_subject

_MAX_HEADER_LINES = 14
_FORWARD_PREFIX = re.compile(
    r"(?:fw|fwd|wg|tr|rv|i|enc|vs|vb|vl|doorst|pd|ilt|転送|转发) ?(?:\[\d{1,3}\])?[:：]", re.I
)
_CLOCK = re.compile(r"\b(\d{1,2})[:.h](\d\d)(?:[:.]\d\d)? ?([ap])?\.?m?\.?", re.I)
_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")
_NUMERIC = re.compile(r"\b(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})\b")
_CJK = re.compile(r"(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2})")
_OFFSET = re.compile(r"(?:GMT|UTC)? ?([+-])(\d\d):?(\d\d)\b")
_ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
_ZONES |= {"GMT": 0, "UTC": 0, "BST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2}
# The first letters of the months, enough to tell them apart, in the languages of our clients.
_MONTHS = {
    month: number
    for number, names in enumerate(
        (
            "jan janv januar enero gen sty led январ", "feb fév févr febr lut úno феврал",
            "mar mär mars maart mrt marz břez март", "apr avr abr kwi dub апрел", "may mai maj mei mag kvě мая",
            "jun juin giu cze jún июн", "jul juil lug lip čvc июл", "aug août aoû ago sie srp август",
            "sep sept set wrz zář сентябр", "oct okt ott out paź říj октябр", "nov lis listop ноябр",
            "dec dez déc dic gru pros декабр",
        ),
        start=1,
    )
    for month in names.split()
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]{3,12}")


def unwrap_forward(message: Message) -> Message | None:
    """
    The mail inside an inline forward, as its original sender's; None where there is none.

    Author, recipients, subject, date and words are those of the mail inside; where its date has no
    zone, it is read in the forwarder's. The Message-ID stays the forward's own, which is what
    answers name. A reply that quotes under a header block is no forward: a forward says so, in its
    subject or in the line above the block. Total.
    """
    lines = message.text.split("\n")
    found = _find_header(lines, says_so=_FORWARD_PREFIX.match(message.subject) is not None)
    if found is None:
        return None
    fields, rest = _read_header(lines, found)
    authors = _people(fields.get("from", ""))
    if not authors:
        return None
    zone = message.date.tzinfo if message.date else None
    return replace(
        message,
        authors=authors[:1],
        to=_people(fields.get("to", "")),
        cc=_people(fields.get("cc", "")),
        subject=fields.get("subject") or base_subject(message.subject).text,
        date=_date(fields.get("sent", ""), zone) or message.date,
        text="\n".join(_unquoted(lines[rest:])).strip("\n"),
        in_reply_to=(),
        references=(),
    )


def _bare(line: str) -> str:
    """A line without quote marks and the asterisks of bold type (Gmail's plain part of an HTML mail)."""
    return line.lstrip("> ").replace("*", "").strip()


def _find_header(lines: list[str], *, says_so: bool) -> int | None:
    """Where the header of the mail inside begins; behind its divider where there is one."""
    for at, line in enumerate(lines):
        bare = _bare(line)[:400]
        if FORWARD_DIVIDER.match(bare):
            behind = next((one for one in range(at + 1, min(at + 6, len(lines))) if _bare(lines[one])), None)
            if behind is not None and LABEL.match(_bare(lines[behind])[:200]):
                return behind
        elif says_so and (RULE.match(bare) or LABEL.match(bare)):
            behind = at if LABEL.match(bare) else at + 1
            block = [_bare(one) for one in lines[behind : behind + _MAX_HEADER_LINES]]
            first = next((one for one, filled in enumerate(block) if filled), None)
            if first is not None and is_header_block(block, first):
                return behind + first
    return None


def _read_header(lines: list[str], at: int) -> tuple[dict[str, str], int]:
    """The fields of the block that begins here, and where the words below it begin."""
    fields: dict[str, str] = {}
    name = ""
    end = at
    for number in range(at, min(at + _MAX_HEADER_LINES * 3, len(lines))):
        bare = _bare(lines[number])
        label = LABEL.match(bare[:200])
        if label and label.lastgroup:
            name = label.lastgroup
            fields.setdefault(name, bare[label.end() :].strip())
        elif not bare:
            # Apple Mail's HTML has a blank line between fields.
            behind = next(
                (one for one in lines[number + 1 : number + 2] if LABEL.match(_bare(one)[:200])), None
            )
            if behind is None:
                return fields, number
        elif name and ":" not in bare[:12] and name in ("to", "cc", "from", "subject"):
            fields[name] = f"{fields[name]} {bare}"  # a long field goes on in the next line
        elif ":" in bare[:24]:
            name = ""  # "Reply-To:", "Organisation:" and the like
        else:
            return fields, number
        end = number + 1
    return fields, end


def _people(field: str) -> tuple[Address, ...]:
    """Addresses as mail clients write them in text: `<mailto:…>`, `[mailto:…]`, split by semicolons."""
    plain = re.sub(r"\[mailto:([^\]]{1,200})\]", r"<\1>", field).replace("<mailto:", "<")
    plain = re.sub(r"(<[^<>]{1,200}>)<[^<>]{1,200}>", r"\1", plain)
    return addresses(plain)


def _unquoted(lines: list[str]) -> list[str]:
    """The words of the mail inside without the one quote mark that some clients put before each line."""
    filled = [line for line in lines if line.strip()]
    if filled and all(line.startswith(">") for line in filled):
        return [line[1:].removeprefix(" ") for line in lines]
    return lines


def _date(words: str, zone: tzinfo | None) -> datetime | None:
    """The instant that a mail client wrote for people to read; None where it is none for sure."""
    try:
        at = parsedate_to_datetime(words)
        return at if at.tzinfo or zone is None else at.replace(tzinfo=zone)
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    clock = _CLOCK.search(words)
    day = _day(words, zone)
    said = _zone(words) or zone
    if clock is None or day is None or said is None:
        return None
    year, month, number = day
    hour = int(clock[1]) % 12 + 12 * (clock[3].lower() == "p") if clock[3] else int(clock[1])
    try:
        return datetime(year, month, number, hour, int(clock[2]), tzinfo=said)
    except ValueError:
        return None


def _day(words: str, zone: tzinfo | None) -> tuple[int, int, int] | None:
    if found := _CJK.search(words):
        return int(found[1]), int(found[2]), int(found[3])
    named = [_MONTHS[key] for word in _WORD.findall(words) if (key := _month_key(word))]
    year = _YEAR.search(words)
    if named and year:
        rest = _CLOCK.sub(" ", words.replace(year[1], " ", 1))
        day = re.search(r"\b(\d{1,2})\b", rest)
        return (int(year[1]), named[0], int(day[1])) if day else None
    if found := _NUMERIC.search(words):
        first, second, third = int(found[1]), int(found[2]), int(found[3])
        if first > 31:
            return first, second, third
        american = "/" in found[0] and _is_american(zone)
        month, number = (first, second) if american or second > 12 else (second, first)
        return third + 2000 * (third < 100), month, number
    return None


def _month_key(word: str) -> str | None:
    lower = word.lower()
    return next((lower[:length] for length in (6, 5, 4, 3) if lower[:length] in _MONTHS), None)


def _is_american(zone: tzinfo | None) -> bool:
    offset = zone.utcoffset(None) if isinstance(zone, timezone) else None
    return offset is not None and timedelta(hours=-10) <= offset <= timedelta(hours=-4)


def _zone(words: str) -> tzinfo | None:
    if found := _OFFSET.search(words):
        offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
        return timezone(offset if found[1] == "+" else -offset)
    named = next((_ZONES[word] for word in re.findall(r"\b[A-Z]{3,4}\b", words) if word in _ZONES), None)
    return timezone(timedelta(hours=named)) if named is not None else None
