"""Days that are said by another day: "two weeks before the 15th", "the Friday before", "between Monday and Wednesday"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from parsers.date_calendar import working_day_of
from parsers.date_spans import Counted
from parsers.date_tables import ANY_WEEKDAY, any_of
from parsers.date_words import Named

_WORDS_BETWEEN = (
    r"(?:the |our |your |dem |der |le |la |el |il )?(?:(?!by |until |before )[a-z'-]{1,15} ){0,5}$"
)
_TO = re.compile(
    r"(?:,? (?P<back>before|prior to|ahead of|in advance of|vor|avant|antes del?|prima del?|voor)"
    rf"|,? (?P<on>after|from|of|following|on from|past|nach|ab|apres|despues del?|dopo|na)) {_WORDS_BETWEEN}"
)
_WEEKS_TO = re.compile(r" (?:on (?:the )?)?")  # "a week on Monday", "a fortnight tomorrow"
_DAY_BEFORE = re.compile(
    r"\b(?:(?P<day>(?:day|evening|night|tag) (?P<back>before|vor)|(?:day|tag) (?:after|nach))"
    rf"|(?P<week>week (?:before|after))|(?P<work>last (?:working|business) day before)) {_WORDS_BETWEEN}"
)
_TODAY = frozenset(("today", "heute", "aujourd'hui", "hoy", "oggi", "vandaag", "hoje"))
_BETWEEN = re.compile(r"\b(?:between|zwischen|entre|tussen) (?:the |dem |le |el )?$")
_AND = re.compile(r" (?:and|und|et|y|en) (?:the |dem |le |el )?$")
_ENDS = r"(?: (?:that|then|this|it))?(?=$| ?[,.;:!?)]| (?:at|please|so|if|and)\b)"
_BEFORE_THAT = re.compile(
    rf"\b(?:the )?(?:(?P<work>last (?:working|business) day before that\b)|(?:day|evening|night) (?:before|earlier|prior|beforehand){_ENDS}"
    r"|(?:before|ahead of|prior to) (?:that|then)\b(?! (?:week|month|date|we|i|you|they|he|she)\b))"
)
_WEEKDAY_BEFORE = re.compile(rf" (?:(?:before|prior|beforehand){_ENDS}|(?P<same>of that week\b))")
_EARLIER = re.compile(
    rf" (?:before|prior|beforehand|earlier|ahead|in advance){_ENDS}| (?:before|prior to|ahead of) (?:that|then)\b"
)
_LOOKS_BEHIND = 60
# "As discussed on Friday", "the board met on Tuesday" look back, whatever the weekday may be read as.
_TOLD = re.compile(
    r"(?<!be )(?<!get )\b(?:met|spoke|saw|sat down|discussed|agreed|talked|chatted|told|said|wrote|rang|went|came|watched"
    r"|mentioned)(?: (?!by\b|for\b|until\b|to\b)[a-z']{1,15}){0,4} (?:on )?$"
    r"|\bwie (?:am )?$|\b(?:hablamos|comentamos|vimos|quedamos|vu|parle|discute|convenu)(?: [a-z]{1,12}){0,2} $"
)


def looks_back(before: str) -> bool:
    """Whether a weekday behind these words is the last one ("as discussed on Friday") and not the next."""
    return bool(_TOLD.search(before[-_LOOKS_BEHIND:]))


def joined(text: str, found: Sequence[Named], spans: Sequence[Counted]) -> tuple[list[Named], list[Counted]]:
    """
    The days in their order, each moved by what is said of it just before; and the spans that move none.

    "Two weeks before" and "the day after" move a day, "the Friday before" makes it another, "Friday in two weeks" is
    two weeks on, and of "between Monday and Wednesday" the second stays.
    """
    days: list[Named] = []
    free = list(spans)
    for one in sorted(found, key=lambda named: named.start):
        behind = text[max(0, one.start - _LOOKS_BEHIND) : one.start]
        moved = one
        if (
            days
            and days[-1].rule.is_weekday
            and (to := _TO.fullmatch(text[days[-1].end : one.start]))
            and to["on"] != "of"
        ):
            weekday = _weekday_of(text, days[-1])
            if weekday is not None and one.day:
                last = days.pop()
                moved = replace(one, start=last.start, day=_beside(one.day, weekday, back=bool(to["back"])))
        elif days and _AND.fullmatch(text[days[-1].end : one.start]) and _is_between(text, days[-1]):
            moved = replace(one, start=days.pop().start)
        elif near := _DAY_BEFORE.search(behind):
            moved = replace(one, start=one.start - len(near[0]), day=one.day and _day_beside(one.day, near))
        else:
            moved = _moved_by(text, one, free)
        days.append(moved)
    return days, free


def _moved_by(text: str, one: Named, free: list[Counted]) -> Named:
    """A day as the span beside it moves it, which then is free no more."""
    for span in free:
        sign = _sign_to(text, span, one)
        if sign:
            free.remove(span)
            start, end = min(one.start, span.start), max(one.end, span.end)
            return replace(one, start=start, end=end, day=one.day and span.span.from_day(one.day, sign))
    return one


def _sign_to(text: str, span: Counted, one: Named) -> int:
    """Whether a span moves a day ahead (1), back (-1), or not (0)."""
    is_weeks = span.span.days > 0 and span.span.days % 7 == 0 and not span.span.seconds
    if one.end + 1 == span.start:
        return int((is_weeks or text[one.start : one.end] in _TODAY) and span.for_due)
    if not 0 < one.start - span.end <= _LOOKS_BEHIND or span.span.seconds % 86_400:
        return 0
    between = text[span.end : one.start]
    if to := _TO.fullmatch(between):
        return -1 if to["back"] else int(to["on"] != "of" or span.sign > 0)
    return int(is_weeks and not span.sign and bool(_WEEKS_TO.fullmatch(between)))


_UNCLEAR = re.compile(
    rf"\b(?:(?:the |in the )?(?:week|month|weekend) (?:before|prior|beforehand)|(?:well|shortly|just) before (?:that|then)){_ENDS}"
)


def pointed_back(
    text: str, masked: str, days: Sequence[Named], spans: Sequence[Counted]
) -> tuple[date | None, ...]:
    """
    The day that words behind a day say by it ("January 22, everything in hand a week earlier").

    Empty where no words do; None in it where they do not say which ("the week before").
    """
    near = _UNCLEAR.search(masked)
    if near and _last_before(near.start(), days):
        return (None,)
    for one in days:
        if one.rule.is_weekday and (near := _WEEKDAY_BEFORE.match(text, one.end)):
            weekday = _weekday_of(text, one)
            if (day := _last_before(one.start, days)) and weekday is not None:
                week = day + timedelta(days=weekday - day.weekday())
                return (week if near["same"] else _beside(day, weekday, back=True),)
    for span in spans:
        if (span.is_earlier or _EARLIER.match(text, span.end)) and (day := _last_before(span.start, days)):
            return (None if span.span.loose else span.span.from_day(day, -1),)
    if (near := _BEFORE_THAT.search(masked)) and (day := _last_before(near.start(), days)):
        return (working_day_of(day, -1) if near["work"] else day - timedelta(days=1),)
    return ()


def _day_beside(day: date, near: re.Match[str]) -> date | None:
    """The day before a day, or after it; no one day for the week before it."""
    if near["week"]:
        return None
    return working_day_of(day, -1) if near["work"] else day + timedelta(days=-1 if near["back"] else 1)


def _is_between(text: str, one: Named) -> bool:
    return bool(_BETWEEN.search(text[max(0, one.start - _LOOKS_BEHIND) : one.start]))


_A_WEEKDAY = re.compile(rf"\b{any_of(ANY_WEEKDAY)}\b")


def _weekday_of(text: str, one: Named) -> int | None:
    word = _A_WEEKDAY.search(text, one.start, one.end)
    return ANY_WEEKDAY[word[0]] if word else None


def _beside(day: date, weekday: int, *, back: bool) -> date:
    """The last such weekday before a day, or the first after it."""
    if back:
        return day - timedelta(days=(day.weekday() - weekday - 1) % 7 + 1)
    return day + timedelta(days=(weekday - day.weekday() - 1) % 7 + 1)


def _last_before(start: int, days: Sequence[Named]) -> date | None:
    """The last day that is named before a place."""
    return next((one.day for one in reversed(days) if one.end <= start and one.day), None)
