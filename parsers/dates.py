"""Words for a day to a day, and the arithmetic of working days."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from parsers.date_words import NUMBER, RULES, SPANS, UNIT, WEEK, Sent, number_of

_LONGEST = 1_000  # characters: a clause is far shorter
_FURTHEST = 400  # days: a snooze beyond is a slip of the pen
_AMERICAN = (timedelta(hours=-10), timedelta(hours=-4))

_BEHIND = 60  # characters before a day that may say how it is meant
# "before the 3rd" is the 2nd; "on or before Friday" and "before 5pm Friday" are Friday.
_BEFORE = re.compile(
    r"(?<!or )\b(?:before|ahead of|vor|avant|antes|prima|voor)(?: (?:the|our|dem|le|de|del|do|di|el"
    r"|il|dia|o)){0,2} $"
)
# "before the schools go back on 19 August": words between, where the day itself is a date.
_BEFORE_IT = re.compile(
    r"\bbefore (?!(?:lunch|noon|midday|close|end|eod|cob|you|us|me|\d))(?:[a-z'()]{1,15} ){1,6}\(?$"
)
_ELSEWHERE = re.compile(r" (?:before|prior|earlier)(?:$|[,.;])| of that\b")
_HOUR_BEHIND = re.compile(r"'s\b| (?:at|noon|midday|morning|afternoon|evening|lunch|eod|\d)")
_NO_DEADLINE = re.compile(
    r"\b(?:last|since|from|after|past|previous|week of|week commencing|w/c|wc|vergangenen|letzten"
    r"|seit|nach"
    r"|depuis|apres|desde|despues|dopo|dal|sinds|na|vanaf|every|each|jeden)(?: (?:the|del?|le|el|il"
    r"|dem)){0,2} $"
)
_FIRM = re.compile(
    r"\b(?:by|before|until|till|later than|latest|deadline|due|bis|vor|spatestens|avant|d'ici|pour"
    r"|antes|hasta"
    r"|para|tardar|entro|prima|per|voor|uiterlijk|ate)(?:[ :]{1,2}[^\s#]{1,12}){0,3}[ :]{1,2}$"
)
_WITHIN_TODAY = re.compile(
    r"\b(?:eod|cob|cop|eob|end of (?:the |business )?(?:day|business|play)|close of (?:business|play))\b"
    r"|\b(?:by|before|at|after|around) (?:the )?(?:noon|midday|lunch|lunchtime|evening|\d\d?:\d\d"
    r"|four|five|six|[4-6])\b"
    r"|\b\d\d?(?:[:.]\d\d)? ?[ap]m\b"
    r"|\b(?:in|within) (?:the|an|\d\d?|five|ten|fifteen|twenty|thirty) (?:hour|min(?:ute)?s?)\b"
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
    if not found and _WITHIN_TODAY.search(rest):
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
            day = None if _ELSEWHERE.match(text, end) else reads(sent, match.groupdict())
            if day and reads not in SPANS and _is_eve(match, before, text[end : end + _BEHIND]):
                day -= timedelta(days=1)
            found.append(_Reading(day=day, firm=bool(_FIRM.search(before))))
    return found, text


def _is_eve(match: re.Match[str], before: str, behind: str) -> bool:
    """Whether the day before is meant: "before the 3rd", and not "before 5pm on the 3rd"."""
    if _BEFORE.search(before):
        return not _HOUR_BEHIND.match(behind)
    return any(one.isdigit() for one in match[0]) and bool(_BEFORE_IT.search(before))


def working_days_between(
    first: date, last: date, *, days: frozenset[int] = WEEK, holidays: Container[date] = ()
) -> int:
    """
    How many working days there are after `first`, up to and including `last`.

    `days` has Monday as 0. 0 where `last` is not after `first`. Total.
    """
    ahead = (first + timedelta(days=step) for step in range(1, (last - first).days + 1))
    return sum(1 for day in ahead if day.weekday() in days and day not in holidays)


_MORNING = time(9)  # where an afternoon's digest says nothing of mornings
# Words for a part of the day, its hour where none is named, and the hours that it can have.
_PARTS = tuple(
    (re.compile(pattern), at, hours)
    for pattern, at, hours in (
        (r"\b(?:at |by )?(?:noon|midday|lunch(?:time)?|mittags?|mediodia|mezzogiorno)\b", time(12), range(0)),
        (r"\b(?:eod|cob|eob|(?:the )?end of (?:the |business )?day|close of business)\b", time(17), range(0)),
        (
            r"\b(?:in the )?(?:afternoon|nachmittags?|apres-midi|(?:por la )?tarde|pomeriggio|middag)\b",
            time(13),
            range(12, 19),
        ),
        (r"\b(?:in the )?(?:evening|abends?|soir|sera|avond|(?:por la )?noche)\b", time(18), range(16, 24)),
        (
            r"\b(?:first thing|(?:in the )?morning|vormittags?|fruh|matin|(?:por|de) la manana|mattina)\b",
            None,
            range(4, 12),
        ),
    )
)
_AT = r"(?:(?<!\S)(?:at|@|um|om|alle|a las|as|a|by) ?)"
_HOURS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_AT}?(?<![\d/.:-])\b(?P<h>\d\d?)(?:[:.](?P<m>\d\d))? ?(?P<half>[ap])\.?m\b\.?",
        rf"{_AT}?(?<![\d/.:-])\b(?P<h>\d\d?)[:h](?P<m>\d\d)\b(?P<half>)(?: ?uhr\b)?(?![:\d])",
        rf"{_AT}?(?<![\d/.:-])\b(?P<h>\d\d?)(?P<m>)(?P<half>) ?(?:uhr|h|o'clock)\b",
        rf"{_AT}(?P<h>\d\d?)(?P<m>)(?P<half>)\b(?![:./\d-])",
    )
)
_COUNT = re.compile(rf"{NUMBER} ?{UNIT}")
_MINUTES = re.compile(
    rf"(?:(?:in|within) )?{NUMBER} ?(?:(?P<hours>h|hrs?|hours?)|mins?|minutes?)(?: from now)?"
)
_LEAD = re.compile(r"^(?:(?:until|till|til|for|to|in|by|bis|hasta|jusqu'a|fino a|tot|ate) ){1,2}")
_THIS_PART = re.compile(r"\bthis (?=morning|afternoon|evening)")
_WORD = re.compile(r"[^\s#,.()-]+")
_FILLERS = frozenset(
    "until till til to for on the at by @ bis am um zum den dem der le la el il dia o de op om tot ate"
    " jusqu'a jusqu'au au a hasta fino al del in again please pls thanks thx".split()
)


def wake_at(words: str, now: datetime, *, digest_at: time) -> datetime | None:
    """
    The instant until which words for a snooze mean, in the zone of the aware `now`.

    A day alone means that day at `digest_at`. None where the words are not understood to the
    last one, where more than one day is possible, and for what is past or over a year away. Total.
    Source: contract.md, "Replies that it obeys".
    """
    text = _LEAD.sub("", plain(words).strip(" .,;!"))
    try:
        if span := _MINUTES.fullmatch(text):
            count = number_of(span["n"])
            woken = now.astimezone(UTC) + (
                timedelta(hours=count) if span["hours"] else timedelta(minutes=count)
            )
        else:
            at, text = _hour_in(_THIS_PART.sub("today ", text).replace("tonight", "today evening"), digest_at)
            day = _snoozed_to(text, now, has_hour=at is not None)
            if day is None:
                return None
            woken = datetime.combine(day, at or digest_at, tzinfo=now.tzinfo).astimezone(UTC)
        soon = now < woken <= now + timedelta(days=_FURTHEST)
        return woken.astimezone(now.tzinfo) if soon else None
    except OverflowError:
        return None


def _snoozed_to(text: str, now: datetime, *, has_hour: bool) -> date | None:
    """The one day that the whole of the text means; today for nothing but an hour."""
    counted = f"in {text}" if _COUNT.match(text) else f"until {text}"
    found, rest = _readings(counted, _sent(now))
    days = {one.day for one in found}
    for phrase, day in (("next week", _monday_after(now)), ("next month", _first_after(now))):
        if not days and phrase in rest:
            days, rest = {day}, rest.replace(phrase, "#", 1)
    if any(word not in _FILLERS for word in _WORD.findall(rest)):
        return None
    if not days and has_hour:
        return now.date()
    return days.pop() if len(days) == 1 else None


def _monday_after(now: datetime) -> date:
    return now.date() + timedelta(days=7 - now.weekday())


def _first_after(now: datetime) -> date:
    return (now.date().replace(day=1) + timedelta(days=31)).replace(day=1)


def _hour_in(text: str, digest_at: time) -> tuple[time | None, str]:
    """
    The one time of day in the text, and the text without it.

    A bare hour that could be either half of the day stays in the text, which so is not understood.
    """
    default: time | None = None
    hours: range | None = None
    for pattern, at, possible in _PARTS:
        if part := pattern.search(text):
            morning = digest_at if digest_at.hour < 12 else _MORNING
            default, hours = at or morning, possible
            text = _without(text, part)
            break
    for pattern in _HOURS:
        if match := pattern.search(text):
            hour = _hour(match, hours)
            return (None, text) if hour is None else (hour, _without(text, match))
    return default, text


def _hour(match: re.Match[str], hours: range | None) -> time | None:
    """The time that a match means, in a part of the day where one is named; None where unsure."""
    hour, minute = int(match["h"]), int(match["m"] or 0)
    if match["half"]:
        halves = [hour % 12 + (12 if match["half"] == "p" else 0)] if 1 <= hour <= 12 else []
    elif hours is not None and 1 <= hour <= 12:
        halves = [one for one in (hour % 12, hour % 12 + 12) if one in hours]
    else:
        halves = [hour] if 7 <= hour < 24 or match["h"].startswith("0") else []
    fits = halves and minute < 60 and (hours is None or halves[0] in hours)
    return time(halves[0], minute) if fits else None


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()].rstrip()} {text[match.end() :].lstrip()}".strip()


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
    except RuntimeError as fault:  # of the kind for what is not implemented
        raise ValueError(f"{code!r} is no country code of the holidays library: {fault}") from fault
    return found
