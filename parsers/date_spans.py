"""Lengths of time in words ("1d 2hr and 5min", "half an hour", "five working days"), and from where they count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from parsers.date_calendar import Grain, day_of, working_day_of
from parsers.date_tables import NUMBERS, UNITS, WORKING_DAYS, any_of

_LONG_UNITS = [one for one in UNITS if len(one) > 2 or one in ("hr", "an")]
_WORK = f"(?:{WORKING_DAYS})"
_UNIT = rf"(?:{_WORK}|{any_of(UNITS)})(?![a-z])"
_LONG_UNIT = rf"(?:{_WORK}|{any_of(_LONG_UNITS)}|(?<=\ban )h)(?![a-z])"
_WORD = any_of(set(NUMBERS) - {"couple", "few"})
_PIECE = (
    rf"(?:(?P<n>\d{{1,4}}(?:[.,]\d{{1,2}}|/\d)?)(?P<half> and an? half)?(?: more| upcoming)?[ -]?(?P<unit>{_UNIT})"
    rf"|(?P<word>(?:a )?(?:couple(?: of)?|few)|{_WORD})(?P<too> and a half)?(?: more| upcoming)?[ -](?P<long>{_LONG_UNIT})"
    rf"|(?:(?:half (?:an? )?|half-|(?:einer |eine |einen )?halben? |(?:une )?demi-|media |mezz'|mezza |een half |meia )"
    rf"|(?P<more>anderthalb |eineinhalb ))(?P<halved>{_LONG_UNIT}))"
    r"(?P<again> and a half| et demie?| y media| e mezza)?"
)
_UNNAMED = re.compile(r"\?P<\w{1,9}>")
_BARE_PIECE = _UNNAMED.sub("?:", _PIECE)
_SEQUENCE = rf"{_BARE_PIECE}(?:(?:,? (?:and|und|et|y|e|en) |, ?| )?{_BARE_PIECE}){{0,4}}"
_BY = r"(?:(?:in|within|inside|dans|sous|en|dentro de|tra|fra|em|daqui a|binnen|innerhalb von|innerhalb|d'ici)(?: the)?(?: next)?)"
_NO_CLOCK = r"(?<!minutes )(?<!minute )(?<!mins )(?<!hours )(?<!hour )(?<!quarter )(?<!half )"  # "15 minutes past 15h"
_AHEAD = rf"(?:inside of|upcoming|(?:the )?next|another|for|{_NO_CLOCK}after|over|give (?:me|us|it))"
_BACK = rf"(?:vor|il y a|hace|ha|(?:the )?last|(?:the )?{_NO_CLOCK}past)"
_SPAN = re.compile(
    rf"(?<![\w.,/:$€£])(?:(?:(?P<by>{_BY})|(?P<ahead>{_AHEAD})|(?P<back>{_BACK}))"
    r"(?: about| around| roughly| approximately| ca\.?| etwa| environ| unos)? |(?P<sign>[+-]) ?)?"
    rf"(?<![/.,:\d])(?P<least>(?:\d{{1,3}}|{_WORD})(?: ?[-–] ?| (?:to|or|bis|oder|ou|a|o) ))?(?P<count>{_SEQUENCE})(?!\d)"
    r"(?:(?P<hence> (?:from|of) (?:right )?(?:now|today)\b| hence\b|'? time\b| ab (?:heute|jetzt)\b)"
    r"|(?P<later> (?:later|out|ahead|spater|plus tard|mas tarde|despues|dopo)\b)"
    r"|(?P<ago> (?:ago|earlier|fa|geleden|atras|back)\b| (?:before|prior)(?: now\b|$|(?=[,.;!?]))))?"
)
_ONE = re.compile(_PIECE)
_ELSEWHERE = re.compile(r" (?:of(?! today)|after|before|from|ago|later|or)\b")
_EARLIER = re.compile(r" (?:earlier|before|prior)$")
_LOOSE_UNITS = frozenset({"m", "s", "y", "an"})  # months, minutes or metres
_GUESSES = frozenset({"few", "couple"})
_DUTCH = re.compile(r"en$")  # "over two weeks" is no date in English
_CUES = frozenset(UNITS) | set(re.findall(r"[a-z]{5,}", WORKING_DAYS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A length of time: months and days by the calendar, seconds by the clock."""

    months: int = 0
    days: int = 0
    working_days: int = 0
    seconds: float = 0
    grain: Grain
    loose: bool  # its words have another meaning, or no exact one

    def from_moment(self, at: datetime, sign: int = 1) -> datetime:
        """The instant that lies so long after the aware moment, or before it; OverflowError past the calendar's end."""
        day = shifted_months(at.date(), sign * self.months) + timedelta(days=sign * self.days)
        if self.working_days:
            day = working_day_of(day + timedelta(days=sign > 0), sign * self.working_days)
        moved = at.replace(year=day.year, month=day.month, day=day.day, fold=0) if day != at.date() else at
        return (moved.astimezone(UTC) + timedelta(seconds=sign * self.seconds)).astimezone(at.tzinfo)

    def from_day(self, day: date, sign: int = 1) -> date:
        """The day that lies so long after a day, or before it."""
        moved = self.from_moment(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), sign)
        return moved.date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A span in a text: where it stands, and to which side it counts."""

    start: int
    end: int
    span: Span
    sign: int  # 1 ahead, -1 back, 0 where the words do not say
    is_range: bool  # "3-4 days": the later end
    is_earlier: bool  # "a week earlier": back from a day that is named, or from now
    for_due: bool  # in words that set a term: "in", "within", "from now"


def shifted_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last; OverflowError past the calendar's end."""
    years, month = divmod(day.month - 1 + months, 12)
    if not 1 <= day.year + years <= 9999:
        raise OverflowError(f"{months} months from {day}")
    found = day_of(day.year + years, month + 1, day.day) or day_of(day.year + years, month + 1, 0)
    return found or day


def counted_in(text: str, words: frozenset[str] | set[str]) -> Iterator[Counted]:
    """The spans of a plain text, in their order; `words` are the words that are in it. Total."""
    if _CUES.isdisjoint(words):
        return
    for match in _SPAN.finditer(text):
        ahead = match["by"] or match["ahead"] or match["hence"] or match["later"] or match["sign"] == "+"
        back = match["back"] or match["ago"] or match["sign"] == "-"
        dutch = match["ahead"] == "over" and _DUTCH.search(match["count"])
        in_term = match["by"] or (match["ahead"] or "").startswith("give") or dutch
        span = span_of(match["count"])
        for_due = bool(match["hence"]) or bool(
            in_term and not match["later"] and not _ELSEWHERE.match(text, match.end())
        )
        speed = span.seconds % 3600 or (span.months and not span.months % 12)  # "they get it in ten seconds"
        yield Counted(
            start=match.start(),
            end=match.end(),
            span=span,
            sign=-1 if back else 1 if ahead else 0,
            is_range=bool(match["least"]),
            is_earlier=bool(_EARLIER.search(match[0])),
            for_due=for_due and not back and not speed,
        )


def span_of(count: str) -> Span:
    """The length that a run of numbers and units has."""
    total = {"month": 0.0, "day": 0.0, "second": 0.0}
    work = 0
    grain, loose = Grain.DAY, False
    for match in _ONE.finditer(count):
        word = match["unit"] or match["long"] or match["halved"]
        amount = _amount(match)
        unit = UNITS.get(word)
        loose |= word in _LOOSE_UNITS or not _GUESSES.isdisjoint((match["word"] or "").split())
        if unit is None:
            work += int(amount)
        elif unit in ("year", "month"):
            total["month"] += amount * (12 if unit == "year" else 1)
        elif unit in ("fortnight", "week", "day"):
            total["day"] += amount * {"fortnight": 14, "week": 7, "day": 1}[unit]
        else:
            total["second"] += amount * {"hour": 3600, "minute": 60, "second": 1}[unit]
            grain = Grain.SECOND if unit == "second" else Grain.MINUTE
    months = int(total["month"])
    days = total["day"] + 30 * (total["month"] - months)
    if days % 1:
        grain = Grain.MINUTE
    return Span(
        months=months,
        days=int(days),
        working_days=work,
        seconds=total["second"] + days % 1 * 86_400,
        grain=grain,
        loose=loose,
    )


def _amount(match: re.Match[str]) -> float:
    """The number before a unit."""
    if digits := match["n"]:
        over, _, under = digits.partition("/")
        amount = float(over.replace(",", ".")) / (float(under or 1) or 1)
    elif word := match["word"]:
        amount = float(next(NUMBERS[one] for one in reversed(word.split()) if one != "of"))
    else:
        amount = 1.5 if match["more"] else 0.5
    return amount + (0.5 if match["half"] or match["too"] or match["again"] else 0)
