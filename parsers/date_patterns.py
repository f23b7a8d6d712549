"""What the rules for words for a day are built of."""

from __future__ import annotations

import re

from parsers.date_calendar import Grain
from parsers.date_reads import Reads
from parsers.date_tables import (
    AUTUMN_FEASTS,
    EASTER_DAYS,
    FIXED_FEASTS,
    LONG_WEEKDAY,
    MONTH,
    ORDINALS,
    WEEKDAY,
    any_of,
)
from parsers.date_words import Rule


def behind_one_of(words: str) -> str:
    """A pattern that matches just behind one of these words, and takes nothing; slow, so behind what seldom matches."""
    return "(?:" + "|".join(rf"(?<=\b{word} )" for word in words.split()) + ")"


A_MONTH = f"(?P<m>{any_of(MONTH)})(?![a-z])\\.?"
ORDINAL = any_of(ORDINALS)
A_DAY = (
    rf"(?P<d>\d{{1,2}}|(?:{ORDINAL})(?= (?:of |de )?{any_of(MONTH)}\b))(?:(?:st|nd|rd|th|er|e|o)\b|\.|\b|(?=[a-z]{{3}}))"
    r"(?![\d:%]|[-/–]\d| [-–] ?\d)"
)
A_YEAR = r"(?:(?:,? (?:de |del )?'?|[-/])(?P<y>(?:19|20)\d\d|(?<=['/-])\d\d)\b)?(?! week(?:end)?\b)"
THE = r"(?:the|den|dem|der|le|el|il|dia|o|de|op)"
A_WEEKDAY = f"(?P<w>{any_of(WEEKDAY)})\\b\\.?"
A_LONG_WEEKDAY = f"(?P<w>{any_of(LONG_WEEKDAY)})\\b"
WEEKDAY_BEFORE = f"(?:\\b{A_WEEKDAY},? (?:{THE} ){{0,2}})?"  # "Friday the", before a date
NEXT = r"(?P<next>next|nachste[nrs]?|volgende|prochaine?|proxim[ao]|prossim[ao])"
THIS = r"(?:this coming|this|coming|kommenden?|diesen?|komende|deze|proximo|este|prossimo|questo|ce)"
WEEK = r"(?:week|woche|semaine|semana|settimana)"
OF = r"(?: (?:of|the|this|our|der|des|dieser|de|du|della|del|do|da|van|la|deze|cette|[ld]'))"
# What follows a number that counts things and no days: "the 3rd round".
THING = (
    r"(?!-| (?:round|version|draft|option|one|party|quarter|time|week|floor|page|slide|concept|route|revision"
    r"|attempt|proof|line|paragraph|person|half|year|email|mail|anniversary|edition|street|avenue"
    r"|of these|of our|of your)\b)"
)
NOT_AFTER = r"(?<![\d/.:,$€£–-])"
NUMERAL = rf"{NOT_AFTER}\b(?P<a>\d\d?)"
ENDS_HERE = r"(?=\.? ?(?:[,;:!?)#]|$)| (?:um|alle|a las|om|au soir|mittags?)\b)"
BESIDE = "by on before until till til this next coming eod cob due latest for of noon am pm"
NEXT_WEEK_BEHIND = (
    r"(?P<next>,? (?:of |in |in the )?next week| (?:in der )?nachste[rn]? woche| kommende[rn]? woche| volgende week"
    r"|,? (?:de )?la semaine prochaine|,? (?:de )?la (?:semana que viene|proxima semana)|,? della prossima settimana)"
)
BEFORE_A_TIME = (  # so that "fri" is no word of another meaning
    r"(?=\.?,? (?:(?:at|by|@) ?)?(?:\d\d?(?:[:.]\d\d)? ?[ap]\.?m\b|\d\d?:\d\d|noon\b|eod\b|cob\b|[ap]m\b|lunch"
    r"|morning\b|afternoon\b|latest\b))"
)
MONTH_WORD = r"(?:month|monats?|mois|mes|mese|maand)"
COMING_MONTH = r"(?:du |le |del |de |el )?(?P<after>mois prochain|mes que viene|proximo mes|mes que vem)\b"
ENDS = r"(?:end|ende|fin|finales|final|fine|einde?|fim)"
STARTS = r"(?:start|beginning|anfang|beginn|debut|principios?|inizio|begin|comienzos?|primeros)"
MIDDLES = r"(?:middle|mid|mitte|mi|mediados|meta|medio|half)"
FIRM = "by before until till bis avant antes vor zum para entro"
FEASTS = EASTER_DAYS.keys() | FIXED_FEASTS.keys() | AUTUMN_FEASTS.keys()
FEAST_CUES = frozenset(max(one.replace("'", " ").split(), key=len) for one in FEASTS)
SAFE_FEASTS = [
    one for one in EASTER_DAYS.keys() | FIXED_FEASTS.keys() if one.endswith(("day", "tag", "eve", "saint"))
]
FEAST_ENDS = (
    r"(?![\w'-]|,? (?!(?:at|if|and|so|please|pls|or|latest|this|is|would|though|but|off|because|as|when|we|i|you"
    r"|der|und|oder|et|si|y|o)\b)[a-z])"
)
WORKING = (
    r"(?P<working>(?:working|business|work) day|werktag|arbeitstag|jour (?:ouvre|ouvrable)"
    r"|dia (?:habil|laborable|util))"
)

DIGIT_CUES = frozenset("#")
MONTH_CUES = frozenset(MONTH)
WEEKDAY_CUES = frozenset(part for one in WEEKDAY for part in one.split("-"))
WEEK_CUES = frozenset("week eow woche semaine semana settimana weekend wochenende end wochenendes".split())
ANY_MONTH_CUES = MONTH_CUES | frozenset("month monats monat mois mes mese maand eom".split())
ORDINAL_ENDS = frozenset("st nd rd th er".split())


def rule_of(
    cues: str | tuple[frozenset[str], ...],
    pattern: str,
    read: Reads,
    *,
    grain: Grain = Grain.DAY,
    for_due: bool = True,
    is_span: bool = False,
    is_weekday: bool = False,
    is_range: bool = False,
    is_loose: bool = False,
    is_mute: bool = False,
) -> Rule:
    """A rule; `cues` are words one of which a text must have, or sets of such."""
    return Rule(
        pattern=re.compile(pattern),
        reads=read,
        cues=(frozenset(cues.split()),) if isinstance(cues, str) else cues,
        grain=grain,
        for_due=for_due,
        is_span=is_span,
        is_weekday=is_weekday,
        is_range=is_range,
        is_loose=is_loose,
        is_mute=is_mute,
    )
