"""The day that a clause's words for a deadline mean."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from parsers.date_anchors import joined, looks_back, pointed_back
from parsers.date_calendar import sent_from
from parsers.date_hours import clock_in
from parsers.date_reads import feast
from parsers.date_rules import DUE_RULES
from parsers.date_spans import Counted, counted_in
from parsers.date_tables import compared
from parsers.date_words import Named, named_days, words_of

_BEHIND = 60  # characters before a day that may say how it is meant
# "before the 3rd" is the 2nd; "on or before Friday" and "before 5pm Friday" are Friday.
_BEFORE = re.compile(
    r"(?<!or )\b(?:before|ahead of|vor|avant|antes|prima|voor)(?: (?:the|our|dem|le|de|del|do|di|el|il|dia|o)){0,2} $"
)
# "before the schools go back on 19 August": words between, where the day itself is a date.
_BEFORE_IT = re.compile(
    r"\bbefore (?!(?:lunch|noon|midday|close|end|eod|cob|you|us|me|\d))(?:[a-z'()]{1,15} ){1,6}\(?$"
)
_ELSEWHERE = re.compile(r" (?:before|prior|earlier)(?:$|[,.;])| of that\b")
_HOUR_BEHIND = re.compile(
    r"'s\b|,? (?:at|noon|midday|morning|afternoon|evening|lunch|eod|um \d|mittag|abend|a \d|midi|matin|soir|a las|por la"
    r"|a mediodia|alle|mezzogiorno|om \d|\d)"
)
_NOT_BEFORE = re.compile(
    r"\b(?:not|nicht|pas|no|non|niet) (?:before|vor|avant|antes|prima|voor)\b[^,;]{0,20}$"
)
_AT_THE_LATEST = re.compile(
    r",? (?:at the (?:very |absolute )?latest|latest\b|spatestens|au plus tard|como (?:muy )?tarde|a mas tardar|al piu tardi"
    r"|uiterlijk|o mais tardar)"
)
_NO_DEADLINE = re.compile(
    r"\b(?:last|since|from|after|past|previous|week of|week commencing|w/c|wc|vergangenen|letzten|seit|nach"
    r"|depuis|apres|desde|despues|dopo|dal|sinds|na|vanaf|every|each|jeden)(?: (?:the|del?|le|el|il|dem)){0,2} $"
)
_DATED = re.compile(
    r"\b(?:dated|vom|(?:letter|e?-?mail|note|message|minutes|invoice|estimate|quote|order|memo|meeting|call|report"
    r"|agreement|contract|table) (?:of|from)(?: the)?|(?:courrier|mail|lettre|facture|devis|correo|carta|factura) del?|"
    r"(?:courrier|mail|lettre|facture|devis) du) $"
)
_SEEN_FROM = re.compile(r"\b(?:live|on air|on sale|in stores?|on shelf|in force) from (?:the )?$")
_FIRM = re.compile(
    r"\b(?:by|before|until|till|later than|latest|deadline|due|bis|vor|spatestens|avant|d'ici|pour|antes|hasta"
    r"|para|tardar|entro|prima|per|voor|uiterlijk|ate)(?:[ :]{1,2}[^\s#]{1,12}){0,3}[ :]{1,2}$"
)
_WITHIN_TODAY = re.compile(
    r"\b(?:eod|cob|cop|eob|eop|end of (?:the |business )?(?:day|business|play)|close of (?:business|play)|feierabend"
    r"|(?:d'ici|en|avant|pour) (?:la )?fin de (?:la )?journee|(?:fin|final) del dia)\b"
    r"|\b(?:by|before|at|after|around) (?:the )?(?:noon|midday|lunch|lunchtime|evening|\d\d?:\d\d"
    r"|four|five|six|[4-6])\b"
    r"|\b(?:by|before) midnight\b|\b\d\d?(?:[:.]\d\d)? ?[ap]m\b"
    r"|\b(?:bis|vor|gegen|um) \d\d?(?:[:.]\d\d)? ?uhr\b|\b(?:avant|pour|d'ici|antes de las) \d\d? ?h(?:\d\d)?\b"
    r"|\b(?:in|within) (?:the|the next|an|\d\d?|five|ten|fifteen|twenty|thirty) (?:hour|min(?:ute)?s?)\b"
)

_MORNING = re.compile(
    r"\b(?:first thing(?: in the morning)?|(?<!one )(?<!two )(?<!three )(?<!\d )(?:in|by) the morning)(?=$| ?[,.;:!?)]| (?:at|so|and)\b)"
)
_TERM = re.compile(
    r"\b(?:by|before|until|till|bis|vor|avant|antes de)(?: (?:the )?$| (?:noon|midday|lunch|\d)|$)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """A day that some words mean; None where they look like one and contradict themselves."""

    day: date | None
    firm: bool  # behind a word of deadlines: "by", "before", "until"
    weak: bool = False  # a feast, which is a reason as often as a day


def due_day(words: str, sent: datetime) -> date | None:
    """
    The day that a clause's words for a deadline mean, read from `sent` in its own offset.

    Never before the day of `sent`. Where days differ, those behind "by", "before", "until" are meant. A
    month before the day in offsets of North America (11/12), else behind it. None where no day is
    named, or more than one is possible. Total. Source: signals.md ("before the 3rd" is the 2nd; "end
    of the week" its last working day).
    """
    text = compared(words)
    sent = sent if sent.tzinfo else sent.replace(tzinfo=UTC)  # "-0000" says no zone (RFC 5322 §3.3)
    try:
        found, rest = _readings(text, sent)
    except (OverflowError, ValueError):  # past the calendar's end
        return None
    if not found:
        return _day_of_hour(rest, sent)
    meant = [one for one in found if one.firm] or found
    days = {one.day for one in meant}
    return days.pop() if len(days) == 1 else None


def _readings(text: str, sent: datetime) -> tuple[list[_Reading], str]:
    """The days named in plain text that are not over, and the text with "#" for the words that name them."""
    words = words_of(text)
    counted = list(counted_in(text, words))
    source = text
    for one in counted:
        if one.for_due:
            source = f"{source[: one.start]}{'#' * (one.end - one.start)}{source[one.end :]}"
    named, rest = named_days(source, words, sent_from(sent), DUE_RULES)
    days, spans = joined(text, named, counted)
    today = sent.date()
    for day in pointed_back(text, rest, days, [one for one in spans if not one.for_due]):
        return [_Reading(day=day if day and day >= today else None, firm=True)], rest
    found = [_term(one, rest, sent) for one in spans if one.for_due and not one.span.loose]
    for day_named in days:
        if reading := _reading(day_named, text, rest):
            over = reading.day is not None and reading.day < today
            found.append(replace(reading, day=None) if over else reading)
    return [one for one in found if not one.weak] or found, rest


def _day_of_hour(rest: str, sent: datetime) -> date | None:
    """
    Today, where an hour is all that is said, or a part of the day; None where neither is.

    An hour that is over by the sender's own clock is tomorrow's, if it is a term, else None; "in the
    morning" is tomorrow's from noon on.
    """
    if not _WITHIN_TODAY.search(rest):
        return sent.date() + timedelta(days=1) if sent.hour >= 12 and _MORNING.search(rest) else None
    clock, _, masked = clock_in(rest, words_of(rest))
    if clock is None or not clock.is_sure or not clock.rolls or clock.on(sent.date(), sent.tzinfo) >= sent:
        return sent.date()
    start = next((at for at, (one, other) in enumerate(zip(rest, masked, strict=True)) if one != other), 0)
    is_term = _TERM.search(rest[: start + len("before ")])
    return sent.date() + timedelta(days=1) if is_term else None


def _term(one: Counted, text: str, sent: datetime) -> _Reading:
    day = one.span.from_moment(sent).date()
    return _Reading(day=day, firm=bool(_FIRM.search(text[max(0, one.start - _BEHIND) : one.start])))


def _reading(one: Named, text: str, masked: str) -> _Reading | None:
    """How a named day is meant; None where the words look back at it, or begin with it."""
    before = text[max(0, one.start - _BEHIND) : one.start]
    if (_NO_DEADLINE.search(before) and not _SEEN_FROM.search(before)) or _DATED.search(before):
        return None
    if _NOT_BEFORE.search(before):
        return None
    if one.rule.is_weekday and looks_back(before):
        return None
    day = None if _ELSEWHERE.match(text, one.end) else one.day
    if day and not one.rule.is_span and _is_eve(one, text, before):
        day -= timedelta(days=1)
    firm = bool(
        _FIRM.search(masked[max(0, one.start - _BEHIND) : one.start]) or _AT_THE_LATEST.match(text, one.end)
    )
    return _Reading(day=day, firm=firm, weak=one.rule.reads is feast)


def _is_eve(one: Named, text: str, before: str) -> bool:
    """Whether the day before is meant: "before the 3rd", and not "before 5pm on the 3rd"."""
    if _BEFORE.search(before):
        return not _HOUR_BEHIND.match(text, one.end)
    return any(c.isdigit() for c in text[one.start : one.end]) and bool(_BEFORE_IT.search(before))
