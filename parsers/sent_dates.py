"""The instant that a mail client wrote for people to read, above a mail that it quotes or passes on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

from parsers.mail_languages import LANGUAGES

_CLOCK = re.compile(
    r"(?<![\d.:])(\d{1,2})(?:[:.](\d\d)| ?h ?(\d\d)|[時时시点] ?(\d\d)?)(?:[:.](\d\d))?(?!\d|[.:]\d)", re.I
)
_HALF_DAYS = re.compile(r"\d\s?[ap]\.?\s?m\b", re.I)
_LATIN_NOON = re.compile(r"\s?(?:(?P<early>a)|(?P<late>p))\.?\s?m\b", re.I)
_NOON = re.compile(
    r"(?P<early>午前|上午|早上|오전|π\.μ|\bÖÖ\b|\bSA\b)|(?P<late>午後|下午|晚上|오후|μ\.μ|\bÖS\b|\bCH\b)"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_NUMERIC = re.compile(r"(?<![\d.:])(\d{1,4})([./-]) ?(\d{1,2})\2 ?(\d{4}|\d\d)(?![\d:])")
_CJK = re.compile(r"(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2})")
_MONTH_NUMBER = re.compile(r"(?:tháng|thg\.?) ?(\d{1,2})", re.I)  # Vietnamese counts them
_DAY = re.compile(r"(?<![\d:./-])(\d{1,2})(?![\d:/-]|\.\d)")
_WORD = re.compile(r"[^\W\d_]{3,14}")
_OFFSET = re.compile(r"(?:GMT|UTC|Z)? ?([+−-])(\d{1,2})(?::?(\d\d))?(?!\d)")
_NAMED_OFFSET = re.compile(r"\b(?:GMT|UTC) ?([+−-]) ?(\d{1,2})(?::?(\d\d))?")
# As Apple Mail, Yahoo and Exchange name them. "CST" is America's: China's clients write GMT+8.
_ZONES = {
    "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "AST": -240,
    "ADT": -180, "AKST": -540, "AKDT": -480, "HST": -600, "NST": -210, "NDT": -150, "BRT": -180, "ART": -180, "GMT": 0,
    "UTC": 0, "WET": 0, "WEST": 60, "BST": 60, "IST": 330, "CET": 60, "CEST": 120, "MEZ": 60, "MESZ": 120, "HNEC": 60,
    "HAEC": 120, "EET": 120, "EEST": 180, "OEZ": 120, "OESZ": 180, "MSK": 180, "TRT": 180, "SAST": 120, "SGT": 480,
    "HKT": 480, "JST": 540, "KST": 540, "AEST": 600, "AEDT": 660, "ACST": 570, "ACDT": 630, "AWST": 480, "NZST": 720,
    "NZDT": 780,
}  # fmt: skip
_ZONE_NAME = re.compile(r"\b[A-Z]{3,4}\b")
_MONTH_FIRST = frozenset(name for name, minutes in _ZONES.items() if -600 <= minutes <= -240)
_ENGLISH = frozenset({"from", "sent", "date", "subject"})


def sent_at(words: str, *, labels: Iterable[str] = (), zone: tzinfo | None = None) -> datetime | None:
    """
    The instant in these words, with its offset; None where they name none for sure.

    `labels` are those of the block that the words stand in (lower case), which tell the language;
    `zone` is where the writer's clock stood, for words that do not say. 3/4 is March in America, April
    elsewhere. Total.
    """
    clock = _CLOCK.search(_NUMERIC.sub(lambda found: " " * len(found[0]), words))
    stands = _zone(words, clock.end() if clock else 0) or zone
    day = _day(words, labels, stands)
    if clock is None or day is None or stands is None:
        return _standard(words, zone)
    hour, minute = int(clock[1]), int(clock[2] or clock[3] or clock[4] or 0)
    noon = _LATIN_NOON.match(words, clock.end()) or _NOON.search(words)
    if noon and hour <= 12:
        hour = hour % 12 + 12 * (noon.lastgroup == "late")
    try:
        return datetime(*day, hour, minute, int(clock[5] or 0), tzinfo=stands)
    except ValueError:
        return None


def _standard(words: str, zone: tzinfo | None) -> datetime | None:
    """A date as RFC 5322 writes it."""
    try:
        at = parsedate_to_datetime(words)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at if at.tzinfo or zone is None else at.replace(tzinfo=zone)


def _day(words: str, labels: Iterable[str], zone: tzinfo | None) -> tuple[int, int, int] | None:
    if found := _CJK.search(words):
        return int(found[1]), int(found[2]), int(found[3])
    year = _YEAR.search(words)
    numbered = _MONTH_NUMBER.search(words)
    month = int(numbered[1]) if numbered else _month(words, labels)
    if year and month:
        rest = _CLOCK.sub(" ", words.replace(year[1], " ", 1))
        rest = rest.replace(numbered[0], " ", 1) if numbered else rest
        day = _DAY.search(rest)
        return (int(year[1]), month, int(day[1])) if day else None
    if found := _NUMERIC.search(words):
        first, second, third = int(found[1]), int(found[3]), int(found[4])
        if first > 31:
            return first, second, third
        third += 2000 * (third < 100)
        american = second > 12 or (found[2] == "/" and first <= 12 and _is_american(words, labels, zone))
        return (third, first, second) if american else (third, second, first)
    return None


def _month(words: str, labels: Iterable[str]) -> int | None:
    """The month that is named, read in the languages of the labels first: listopad is two months in two tongues."""
    written = frozenset(labels)
    # From the end: the weekday stands before the month, and "mar." is both.
    named = [word.lower() for word in reversed(_WORD.findall(words))]
    likely = sorted(LANGUAGES.values(), key=lambda one: -len(written & one.labels.keys()))
    for language in likely:
        for word in named:
            best = max(
                ((len(stem), number) for stem, number in _stems(language.months) if word.startswith(stem)),
                default=None,
            )
            if best:
                return best[1]
    return None


def _stems(months: str) -> Iterator[tuple[str, int]]:
    for number, forms in enumerate(months.split(), start=1):
        for form in forms.split("/"):
            yield form, number


def _is_american(words: str, labels: Iterable[str], zone: tzinfo | None) -> bool:
    """Whether a date with slashes has its month first: in English, west of the Atlantic, by a clock of twelve hours."""
    written = frozenset(labels)
    if written and not written & _ENGLISH:
        return False
    if any(name in _MONTH_FIRST for name in _ZONE_NAME.findall(words)):
        return True
    offset = zone.utcoffset(None) if isinstance(zone, timezone) else None
    is_there = offset is not None and timedelta(hours=-10) <= offset <= timedelta(hours=-4)
    return is_there and _HALF_DAYS.search(words) is not None


def _zone(words: str, after: int) -> tzinfo | None:
    """The offset that stands behind the clock; None where none does."""
    found = _NAMED_OFFSET.search(words) or _OFFSET.search(words, after)
    if found and int(found[2]) <= 14:
        offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        return timezone(offset if found[1] == "+" else -offset)
    if found and len(found[2]) == 2 and found[3] is None:
        return None
    named = next((_ZONES[word] for word in _ZONE_NAME.findall(words) if word in _ZONES), None)
    return timezone(timedelta(minutes=named)) if named is not None else None
