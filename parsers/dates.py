"""Words for a day to a day, and the arithmetic of working days."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from parsers.date_words import RULES, SPANS, WEEK, Sent

_LONGEST = 1_000  # characters: a clause is far shorter
_FURTHEST = 400  # days: a snooze beyond is a slip of the pen
_AMERICAN = (timedelta(hours=-10), timedelta(hours=-4))

_BEHIND = 60  # characters before a day that may say how it is meant
# "before the 3rd" is the 2nd; "on or before Friday" and "before 5pm Friday" are Friday.
_BEFORE = re.compile(
    r"(?<!or )\b(?:before|ahead of|vor|avant|antes|prima|voor)(?: (?:the|our|dem|le|de|del|do|di|el|il|dia|o)){0,2} $"
)
_HOUR_BEHIND = re.compile(r"'s\b| (?:at|noon|midday|morning|afternoon|evening|lunch|eod|\d)")
_NO_DEADLINE = re.compile(
    r"\b(?:last|since|from|after|past|previous|week of|week commencing|w/c|wc|vergangenen|letzten|seit|nach|depuis"
    r"|apres|desde|despues|dopo|dal|sinds|na|vanaf|every|each|jeden)(?: (?:the|del?|le|el|il|dem)){0,2} $"
)
_FIRM = re.compile(
    r"\b(?:by|before|until|till|later than|latest|deadline|due|bis|vor|spatestens|avant|d'ici|pour|antes|hasta|para"
    r"|tardar|entro|prima|per|voor|uiterlijk|ate)(?:[ :]{1,2}[^\s#]{1,12}){0,3}[ :]{1,2}$"
)
_END_OF_TODAY = re.compile(
    r"\b(?:eod|cob|cop|eob|end of (?:the |business )?(?:day|business|play)|close of (?:business|play))\b"
    r"|\b(?:by|before) (?:noon|midday|lunch|lunchtime|\d\d?(?:[:.]\d\d)? ?[ap]\.?m\b|\d\d?:\d\d)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """A day that some words mean; None where they look like one and contradict themselves."""

    day: date | None
    firm: bool  # behind a word of deadlines: "by", "before", "until"


def due_day(words: str, sent: datetime) -> date | None:
    """
    The day that a clause's words for a deadline mean, read from `sent` in its own offset.

    Where days differ, those behind "by", "before", "until" are meant. A month before the day in
    offsets of North America (11/12), else behind it. None where no day is named, or more than one
    is possible. Total. Source: signals.md ("before the 3rd" is the 2nd; "end of the week" its
    last working day).
    """
    text = plain(words)
    try:
        found, rest = _readings(text, _sent(sent))
    except OverflowError:
        return None
    if not found and _END_OF_TODAY.search(rest):
        return sent.date()
    meant = [one for one in found if one.firm] or found
    days = {one.day for one in meant}
    return days.pop() if len(days) == 1 else None


def _sent(at: datetime) -> Sent:
    low, high = _AMERICAN
    offset = at.utcoffset()
    return Sent(at=at, on=at.date(), american=offset is not None and low <= offset <= high)


def plain(words: str) -> str:
    """Words as compared: no case, no accents, straight quotes, plain digits, one blank between. Total."""
    flat = unicodedata.normalize("NFKD", words[:_LONGEST]).casefold().replace("’", "'")
    return " ".join("".join(c for c in flat if not unicodedata.combining(c)).split())


def _readings(text: str, sent: Sent) -> tuple[list[_Reading], str]:
    """The days named in plain text, and the text with "#" for the words that name them."""
    found: list[_Reading] = []
    for pattern, reads in RULES:
        for match in pattern.finditer(text):
            start, end = match.span()
            text = f"{text[:start]}{'#' * (end - start)}{text[end:]}"
            before = text[max(0, start - _BEHIND) : start]
            if _NO_DEADLINE.search(before):
                continue
            day = reads(sent, match.groupdict())
            if day and reads not in SPANS and _BEFORE.search(before) and not _HOUR_BEHIND.match(text, end):
                day -= timedelta(days=1)
            found.append(_Reading(day=day, firm=bool(_FIRM.search(before))))
    return found, text


def working_days_between(
    first: date, last: date, *, days: frozenset[int] = WEEK, holidays: Container[date] = ()
) -> int:
    """
    How many working days there are after `first`, up to and including `last`.

    `days` has Monday as 0. 0 where `last` is not after `first`. Total.
    """
    ahead = (first + timedelta(days=step) for step in range(1, (last - first).days + 1))
    return sum(1 for day in ahead if day.weekday() in days and day not in holidays)


@lru_cache(maxsize=64)
def holiday_calendar(code: str | None) -> Container[date]:
    """
    The public holidays of a country ("US") or of a part of it ("DE-BY"); empty for None.

    Raises ValueError for a code that the holidays library does not know.
    """
    if code is None:
        return frozenset()
    import holidays  # 0.1 s, and 0.2 s for the first country: only for who asks

    country, _, part = code.upper().partition("-")
    try:
        found: Container[date] = holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError as fault:
        raise ValueError(f"{code!r} is no country code of the holidays library: {fault}") from fault
    return found
