"""All that words say of one time: the days, the lengths, the time of day, the words that are left; and the instant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from parsers.date_anchors import joined, looks_back
from parsers.date_calendar import Grain, sent_from
from parsers.date_hours import Clock, Part, clock_in, with_parts_of_today
from parsers.date_rules import RULES
from parsers.date_spans import Counted, counted_in
from parsers.date_tables import compared
from parsers.date_words import Named, named_days, words_of

_RELATION = re.compile(
    r" (?:(?P<back>before|prior to|ahead of|to|vor|avant)|after|from|past|following|nach|apres) (?:the )?#"
)
_HOUR_OF_DAY = re.compile(r"\d\d?h")  # "at 15h"; alone it is a length
_LEFT = re.compile(r"[^\s#,.()-]+")
_FILLERS = frozenset(
    "until till til to for on the at by @ bis am um zum den dem der le la el il dia o de op om tot ate"
    " jusqu'a jusqu'au au a hasta fino al del in again please pls thanks thx".split()
)
_NOW = re.compile(r"\b(?:right now|now|at the moment|immediately|asap|jetzt|sofort|maintenant|ahora)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """The instant that some words mean, and how exactly they say it."""

    at: datetime  # aware, in the zone of the moment that the words were read from
    grain: Grain


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What some words say of a time."""

    days: Sequence[Named]  # in their order, those that contradict themselves among them
    spans: Sequence[Counted]  # that move none of the days
    clock: Clock | None
    part: Part | None
    text: str  # the plain words, behind an "until"
    rest: str  # the same with "#" for what was read

    @property
    def is_all(self) -> bool:
        """Whether no word is left that could mean more."""
        return all(word in _FILLERS for word in _LEFT.findall(self.rest))

    def time_on(self, day: date, at: datetime, alone: time) -> datetime:
        """The time of day that is said, on a day in the zone of `at`; `alone` where none is."""
        if self.clock:
            return settled(self.clock.on(day, at.tzinfo), at)
        return settled(datetime.combine(day, alone, tzinfo=at.tzinfo), at)


def said_in(words: str, at: datetime, *, strict: bool, night: str) -> Said:
    """What words say of a time, read from the aware `at`; OverflowError and ValueError past the calendar's end."""
    text = f"until {with_parts_of_today(compared(words).strip(' .,;!?'), night=night)}"
    known = words_of(text)
    alone = len("until ")
    spans = [
        one
        for one in counted_in(text, known)
        if one.sign
        or not _HOUR_OF_DAY.fullmatch(text, one.start, one.end)
        or (one.start, one.end) == (alone, len(text))
    ]
    masked = text
    for span in spans:
        masked = f"{masked[: span.start]}{'#' * (span.end - span.start)}{masked[span.end :]}"
    named, rest = named_days(masked, known, sent_from(at, strict=strict), RULES)
    days, free = joined(text, named, spans)
    days = [
        replace(one, day=one.day - timedelta(days=7))
        if one.day and one.rule.is_weekday and looks_back(text[: one.start])
        else one
        for one in days
    ]
    for one in days:  # with the words that moved it
        rest = f"{rest[: one.start]}{'#' * (one.end - one.start)}{rest[one.end :]}"
    clock, part, rest = clock_in(rest, known)
    return Said(days=days, spans=free, clock=clock, part=part, text=text, rest=rest)


def instant_of(words: str, at: datetime) -> Meant | None:
    """
    The instant that is named anywhere in the words, read from the aware `at`, in its zone; past ones too.

    Of several days the first. A day alone is that day at the clock of `at`, a part of it alone its middle
    ("this afternoon" is 15:00), an hour alone the next one; a half of the day that is not said is the one in which
    people work. Hours are absolute, days are the calendar's. None where no time is named. Total.
    """
    try:
        return _instant(said_in(words, at, strict=False, night="night"), at)
    except (OverflowError, ValueError):  # past the calendar's end
        return None


def _instant(said: Said, at: datetime) -> Meant | None:
    for one in said.spans:
        near = _RELATION.match(said.rest, one.end) if not one.sign else None
        if near and (base := _base(said, at, rolls=False)):
            moved = one.span.from_moment(base.at, -1 if near["back"] else 1)
            return Meant(at=settled(moved, at), grain=min(base.grain, one.span.grain, key=list(Grain).index))
    return _base(said, at, rolls=True) or _counted(said, at)


def _base(said: Said, at: datetime, *, rolls: bool) -> Meant | None:
    """The instant of a day, of a time of day, or of both."""
    alone = said.part.middle if said.part else at.time()
    finer = said.clock.grain if said.clock else Grain.PART if said.part else None
    named = next((one for one in said.days if one.day), None)
    if named and named.day:
        return Meant(at=said.time_on(named.day, at, alone), grain=finer or named.rule.grain)
    if said.days or finer is None:
        return None
    counted = next((one for one in said.spans if one.sign and one.span.grain is Grain.DAY), None)
    if counted:
        day = counted.span.from_moment(at, counted.sign).date()
        return Meant(at=said.time_on(day, at, alone), grain=finer)
    if any(one.sign for one in said.spans):
        return None
    today = said.time_on(at.date(), at, alone)
    over = (
        said.clock.rolls and today < at if said.clock else bool(said.part and at.hour >= said.part.hours.stop)
    )
    return Meant(
        at=said.time_on(at.date() + timedelta(days=1), at, alone) if rolls and over else today, grain=finer
    )


def _counted(said: Said, at: datetime) -> Meant | None:
    """The instant that lies a length of time from now; one whose side is not said lies ahead, if nothing else is said."""
    marked = next((one for one in said.spans if one.sign), None)
    if marked is None and said.spans and said.is_all:
        marked = said.spans[0]
    if marked:
        return Meant(at=settled(marked.span.from_moment(at, marked.sign or 1), at), grain=marked.span.grain)
    return Meant(at=at, grain=Grain.SECOND) if _NOW.search(said.rest) else None


def settled(moment: datetime, at: datetime) -> datetime:
    """A moment in the zone of `at`, an hour that the clock skips as the one that it shows then."""
    return moment.astimezone(UTC).astimezone(at.tzinfo)
