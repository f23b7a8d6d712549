"""Times of day in words ("9:30", "3 p.m. GMT", "14 Uhr", "a quarter past noon", "in the evening")."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo

from parsers.date_calendar import Grain, is_american_summer
from parsers.date_tables import AMERICAN_ZONES, NUMBERS, ZONES, any_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the day: when it begins, its middle, and the hours that it can have."""

    begins: time | None  # None: with the digest, if that is one of a morning
    middle: time
    hours: range


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A time of day; `hour` is 24 for the midnight that ends a day."""

    hour: int
    minute: int = 0
    second: int = 0
    grain: Grain
    zone: timedelta | None = None  # east of Greenwich, where the words name one
    is_american: bool = False  # of a zone with America's summer time
    is_sure: bool = True  # said, not guessed from the hours at which people work
    rolls: bool = True  # the next one is meant where today's is over

    def on(self, day: date, zone: tzinfo | None) -> datetime:
        """The instant of that time on a day, in the zone; an hour that the clock skips is the one that it shows then."""
        where = zone
        if self.zone is not None:
            summer = self.is_american and is_american_summer(day)
            where = timezone(self.zone + timedelta(hours=summer))
        start = datetime.combine(day, time(self.hour % 24, self.minute, self.second), tzinfo=where)
        return start + timedelta(days=self.hour // 24)


_MORNING = Part(begins=None, middle=time(9), hours=range(4, 12))
_AFTERNOON = Part(begins=time(13), middle=time(15), hours=range(12, 19))
_EVENING = Part(begins=time(18), middle=time(20), hours=range(16, 24))
_NIGHT = Part(begins=time(21), middle=time(21), hours=range(18, 24))
_IN = r"(?:(?:first thing )?(?:in the|early|late|mid|(?:por|de|en) la|am|le|du|nel|in de|'s?) )?"
_PART_WORDS = (
    (
        (
            r"first thing(?: in the morning)?|mornings?|vormittags?|fruh|(?<=# )morgen|morgens"
            r"|matin(?:ee)?|(?:por|de) la manana|mattin[ao]|ochtend|manha"
        ),
        _MORNING,
    ),
    (
        r"afternoon(?:ish)?|arvo|nachmittags?|apres-midi|(?:por la |a la )?tarde|pomeriggio|(?:na)?middag",
        _AFTERNOON,
    ),
    (r"evening|abends?|soir|sera|avond|(?:por la )?noche|noite", _EVENING),
    (r"night|nachts?|nuit|notte", _NIGHT),
)
_PARTS = tuple((re.compile(rf"(?<![\w'-]){_IN}(?:{pattern})\b"), part) for pattern, part in _PART_WORDS)
_PART_CUES = frozenset(
    "first morning mornings vormittag vormittags fruh morgen morgens matin matinee manana mattina mattino ochtend manha"
    " afternoon afternoonish arvo nachmittag nachmittags midi tarde pomeriggio middag namiddag evening abend abends soir"
    " sera avond noche noite night nacht nachts nuit notte".split()
)
_THIS_PART = re.compile(
    r"\b(?:this|ce|cet|esta|questa|questo|deze|heute) "
    r"(?=(?:early |late )?(?:morning|afternoon|arvo|evening|morgen|fruh|vormittag|nachmittag|abend|matin|apres-midi|soir"
    r"|manana|tarde|noche|mattina|pomeriggio|sera)\b)"
)
_TODAY_MORNING = re.compile(r"\btoday (?:morgen|manana)\b")

_NOON = r"(?:noon|midday|mid day|lunch(?:time)?|mittags?|midi|mediodia|mezzogiorno|meio-dia)"
_MIDNIGHT = r"(?:midnight|mitternacht|minuit|medianoche|mezzanotte|meia-noite)"
_FIXED = tuple(
    (re.compile(rf"(?<![\w-])(?:at |by |um |a |am )?{words}(?![\w-])"), clock)
    for words, clock in (
        (_NOON, Clock(hour=12, grain=Grain.HOUR)),
        (_MIDNIGHT, Clock(hour=24, grain=Grain.HOUR)),
        (
            (
                r"(?:eod|cob|eob|cop|eop|(?:the )?end of (?:the |business )?(?:day|business|play)|close of (?:business|play)"
                r"|feierabend|fin de (?:la )?journee|(?:fin|final) del dia)"
            ),
            Clock(hour=17, grain=Grain.HOUR, rolls=False),
        ),
    )
)
_AT = r"(?:(?<!\w)(?:at|@|um|om|alle|a las|a la|as|a|by|gegen|vers|around|about|circa) ?(?:about |around |etwa |circa |ca\.? )?)"
_H = r"(?<![\d/.:,$€£-])(?<![a-z#])(?P<h>\d\d?)"
_HALF = r"(?P<half>[ap])(?:\.? ?m\b\.?|\b\.?)"
_ZONE = rf"(?: ?(?P<zone>{any_of(ZONES)})\b)?"
_AMERICAN = rf"(?: (?P<american>{any_of(AMERICAN_ZONES)})\b(?: time\b)?)?"
_NUMBER = any_of(NUMBERS)
_CLOCKS = tuple(
    (re.compile(pattern), is_sure)
    for pattern, is_sure in (
        (
            (
                rf"{_AT}?(?<![\w#])(?P<n>(?:a )?quarter|viertel|half|halb|\d\d?(?: min(?:ute)?s?)?) "
                rf"(?P<rel>past|after|nach|vor|to(?<=quarter to)) (?:(?P<noon>{_NOON})|(?P<midnight>{_MIDNIGHT})"
                rf"|(?P<h>\d\d?)(?:[:h]00|h)?(?: ?o'? ?clock)?(?: ?{_HALF})?(?: uhr)?)(?![\w:])"
            ),
            True,
        ),
        (
            rf"{_AT}?(?<![\w#])(?P<n>halb|(?:(?<=at )|(?<=by )|(?<=until ))half) (?P<rel>)(?P<h>\d\d?|{_NUMBER})\b",
            False,
        ),
        (
            (
                rf"{_AT}?{_H}(?:[:.h ]?(?P<m>[0-5]\d)(?::(?P<s>\d\d))?)?(?:ish)? ?(?:o'? ?clock )?(?:in the )?"
                rf"(?P<half>[ap])\.? ?m\b\.?{_ZONE}{_AMERICAN}"
            ),
            True,
        ),
        (
            rf"(?:(?:^|until |(?<!\S)(?:at|@|by) ?){_H}|{_H.replace('?P<h>', '?P<g>')}:(?P<m>\d\d)) ?(?P<half>[ap])\b\.?",
            True,
        ),
        (
            rf"(?:{_AT}?{_H}|(?<=#)t(?P<g>\d\d))(?P<sep>[:h])(?P<m>\d\d)(?::(?P<s>\d\d)(?:\.\d{{1,6}})?)?(?P<half>)(?: ?uhr\b)?(?![:\d]){_ZONE}",
            True,
        ),
        (rf"{_AT}?{_H}\.(?P<m>\d\d)(?P<half>) ?uhr\b", True),
        (
            rf"{_AT}?(?<![\w.,/:#-])(?P<h>\d\d?|{_NUMBER})(?P<m>)(?P<half>) ?(?:uhr|h|hrs|heures|o'? ?clock)\b{_ZONE}",
            True,
        ),
        (rf"(?<!\S)(?:at|@) ?(?P<h>\d\d?) ?(?P<m>[0-5]\d)(?P<half>)\b(?![:./\d-]){_ZONE}", False),
        (
            rf"{_AT}(?<!'m at )(?P<h>\d\d?)(?P<m>)(?P<half>)\b(?![:./\d-]|,\d| ?%| (?:-|points?|percent)){_ZONE}",
            True,
        ),
        (rf"(?<![\w])(?:um|om|alle|a las|a la|as|gegen|vers) (?P<h>{_NUMBER})(?P<m>)(?P<half>)\b", True),
    )
)
# An hour that stands alone beside a part of the day: "8 this evening", "tonight 815".
_BESIDE_PART = re.compile(r"(?:^|(?<=until )|(?<=# ))(?P<h>\d\d?)(?P<m>[0-5]\d)?(?P<half>)(?=$| #)")
_THE_HOUR = re.compile(r"\b(?:(?:in|within) the (?:next )?|next )hour\b")
_HOURS_AND_MINUTES = re.compile(r"(?:(?<=\bin )|(?<=\bdans )|(?<=\bwithin ))(\d\d?)h(\d\d)\b")
_ENGLISH_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_ENGLISH = re.compile(
    r"\b(?:(twenty|thirty|forty|fifty)(?:[ -](one|two|three|four|five|six|seven|eight|nine))?"
    r"|(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen))\b"
)
_CUES = frozenset("# uhr h hrs heures clock o halb um om alle las gegen vers half quarter".split())
_CUES |= frozenset(
    "noon midday mid lunch lunchtime mittag mittags midi mediodia mezzogiorno meio midnight mitternacht minuit medianoche"
    " mezzanotte meia eod cob eob cop eop end close feierabend fin final".split()
)


def with_parts_of_today(text: str, *, night: str) -> str:
    """Plain text with the evening of "tonight", and numbers as digits."""
    text = (
        text.replace("last night", "yesterday night")
        .replace("tonight", f"today {night}")
        .replace("stasera", "oggi sera")
        .replace("vanavond", "vandaag avond")
    )
    text = _TODAY_MORNING.sub("today morning", _THIS_PART.sub("today ", text))
    text = _THE_HOUR.sub("in 1 hour", text)
    return _ENGLISH.sub(_digits, _HOURS_AND_MINUTES.sub(r"\1h \2min", text))


def _digits(match: re.Match[str]) -> str:
    tens, ones, alone = match.groups()
    return str(NUMBERS[alone] if alone else _ENGLISH_TENS[tens] + NUMBERS.get(ones or "", 0))


def clock_in(text: str, words: Collection[str]) -> tuple[Clock | None, Part | None, str]:
    """The first time of day that a plain text names, the part of the day, and the text with "#" in their place."""
    part: Part | None = None
    if not _PART_CUES.isdisjoint(words):
        for pattern, one in _PARTS:
            if match := pattern.search(text):
                part, text = one, _without(text, match)
                break
    clock: Clock | None = None
    if not _CUES.isdisjoint(words):
        for pattern, is_sure in _CLOCKS:
            if match := pattern.search(text):
                clock = _clock(match, part, is_sure=is_sure)
                return clock, part, text if clock is None else _without(text, match)
        if part and (match := _BESIDE_PART.search(text)):
            clock = _clock(match, part, is_sure=match["m"] is None)
            return clock, part, text if clock is None else _without(text, match)
        for pattern, fixed in _FIXED:
            if match := pattern.search(text):
                return fixed, part, _without(text, match)
    return clock, part, text


def _clock(match: re.Match[str], part: Part | None, *, is_sure: bool) -> Clock | None:
    """The time that a match means, in a part of the day where one is named; None where there is no such time."""
    said = match.groupdict()
    minute, second = int(said.get("m") or 0), int(said.get("s") or 0)
    if minute > 59 or second > 59:
        return None
    grain = Grain.SECOND if said.get("s") else Grain.MINUTE if said.get("m") else Grain.HOUR
    american = said.get("american")
    east = AMERICAN_ZONES[american] if american else ZONES.get(said.get("zone") or "")
    if said.get("noon") or said.get("midnight"):
        hour, sure = 12 if said["noon"] else 24, True
    else:
        word = said.get("h") or said.get("g") or ""
        number = NUMBERS.get(word) or int(word or 99)
        exact = word.startswith("0") or said.get("sep") == "h"
        shown, sure = _hour(number, said.get("half") or "", part, exact=exact)
        if shown is None:
            return None
        hour = shown
    if "n" in said:
        return _moved(hour, said, sure=sure and is_sure)
    return Clock(
        hour=hour,
        minute=minute,
        second=second,
        grain=grain,
        zone=None if east is None else timedelta(minutes=east),
        is_american=bool(american),
        is_sure=sure and is_sure,
    )


def _hour(number: int, half: str, part: Part | None, *, exact: bool) -> tuple[int | None, bool]:
    """The hour of 24 that is meant, and whether that is sure; None where no clock shows it."""
    if half:
        return (number % 12 + (12 if half == "p" else 0), True) if 1 <= number <= 12 else _of_24(number)
    if number == 12 and part in (_EVENING, _NIGHT):
        return 24, True
    if part is not None and 1 <= number <= 12:
        halves = (number % 12, number % 12 + 12)
        fitting = [one for one in halves if one in part.hours]
        if fitting:
            return fitting[0], True
        return halves[0 if part is _MORNING else 1], False
    if exact or number >= 7 or number == 0:
        return _of_24(number)
    return (number + 12, False) if number < 7 else (None, False)


def _of_24(number: int) -> tuple[int | None, bool]:
    return (number, True) if number < 24 else (None, False)


def _moved(hour: int, said: dict[str, str | None], *, sure: bool) -> Clock | None:
    """So many minutes past the hour, or to it; German "halb drei" is half past two."""
    number = (said["n"] or "").removeprefix("a ").split()[0]
    minutes = {"quarter": 15, "viertel": 15, "half": 30, "halb": -30}.get(number) or int(number)
    if said["rel"] in ("to", "vor"):
        minutes = -minutes
    total = hour * 60 + minutes
    if not 0 <= total < 48 * 60:
        return None
    return Clock(hour=total // 60, minute=total % 60, grain=Grain.MINUTE, is_sure=sure)


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]}{'#' * (match.end() - match.start())}{text[match.end() :]}"
