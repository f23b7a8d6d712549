"""The grammar of words for a day: the rules that read them."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from parsers.date_tables import LONG_WEEKDAY, MONTH, NUMBERS, WEEKDAY

WEEK = frozenset(range(5))  # Monday to Friday
_PAST = 14  # days: "by Nov 10" written on the 12th is the one just missed, not next year's


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """From where words are read."""

    at: datetime
    on: date
    american: bool  # month first in 11/12

    def after(self, days: int) -> date:
        """The day so many days on."""
        return self.on + timedelta(days=days)

    def coming(self, weekday: int) -> date:
        """The next such weekday after today."""
        return self.after((weekday - self.on.weekday() - 1) % 7 + 1)

    def in_week(self, weekday: int, ahead: int = 0) -> date:
        """That weekday of this week, or of a week ahead."""
        return self.after(weekday - self.on.weekday() + 7 * ahead)

    def in_month(self, day: int, ahead: int) -> date | None:
        """That day of a month ahead; its last one for 0."""
        years, month = divmod(self.on.month - 1 + ahead, 12)
        return day_of(self.on.year + years, month + 1, day)

    def dated(self, month: int, day: int, year: str | None = None) -> date | None:
        """A day by month and number (0 the last); without a year the next one, or one just missed."""
        if year:
            return day_of(int(year) + (2000 if len(year) < 4 else 0), month, day)
        near = (day_of(self.on.year + ahead, month, day) for ahead in range(-1, 9))
        return next((one for one in near if one and one >= self.after(-_PAST)), None)

    def numbered(self, day: int) -> date | None:
        """The next day of that number, today included."""
        near = (self.in_month(day, ahead) for ahead in range(3))
        return next((one for one in near if one and one >= self.on), None)


def day_of(year: int, month: int, day: int) -> date | None:
    """That day (0: the last of the month); None where the calendar has none."""
    try:
        return date(year, month, day or calendar.monthrange(year, month)[1])
    except ValueError:
        return None


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_M = f"(?P<m>{_any(MONTH)})\\b\\.?"
NUMBER = f"(?P<n>\\d{{1,3}}|{_any(NUMBERS)})"
_D = r"(?P<d>\d{1,2}|first(?= of))(?:(?:st|nd|rd|th|er|e|o)\b|\.|\b)(?![\d:%]|[-/–]\d| [-–] ?\d)"
_Y = r"(?:,? (?:de |del )?(?P<y>20\d\d)\b)?"
_THE = r"(?:the|den|dem|der|le|el|il|dia|o|de|op)"
_W = f"(?P<w>{_any(WEEKDAY)})\\b\\.?"
_NAMED = f"(?:\\b{_W},? (?:{_THE} ){{0,2}})?"  # "Friday the", before a date
UNIT = (
    r"(?:(?P<hours>h|hrs?|hours?|stunden?|heures?|horas?|ore|uur)"
    r"|(?P<work>(?:working|business|work) days?|werktagen?|arbeitstagen?|werkdagen"
    r"|jours (?:ouvres|ouvrables)|dias (?:habiles|laborables|uteis)|giorni lavorativi)"
    r"|(?P<days>d|days?|tag(?:en?)?|jours?|dias?|giorn[io]|dag(?:en)?)"
    r"|(?P<fortnights>fortnights?)"
    r"|(?P<weeks>w|wks?|weeks?|wochen?|semaines?|semanas?|settiman[ae]|weken)"
    r"|(?P<months>months?|monat(?:en?)?|mois|mes(?:es)?|mes[ei]|maand(?:en)?))\b"
)
_IN = r"(?:in|within|inside|dans|sous|en|dentro de|tra|fra|em|binnen|innerhalb von)(?: the)?(?: next)?"
_NEXT = r"(?P<next>next|nachste[nrs]?|volgende|prochaine?|proxim[ao]|prossim[ao])"
_THIS = r"(?:this coming|this|coming|kommenden?|diesen?|komende|deze|proximo|este|prossimo|questo|ce)"
_WEEK = r"(?:week|woche|semaine|semana|settimana)"
_OF = r"(?: (?:of|the|this|our|der|des|dieser|de|du|della|del|do|da|van|la|deze|cette|[ld]'))"
# What follows a number that counts things and no days: "the 3rd round".
_THING = (
    r"(?!-| (?:round|version|draft|option|one|party|quarter|time|week|floor|page|slide|concept|route"
    r"|revision"
    r"|attempt|proof|line|paragraph|person|half|year|email|mail|of these|of our|of your)\b)"
)
_Said = Mapping[str, str | None]
_Reads = Callable[[Sent, _Said], date | None]


def number_of(word: str) -> int:
    """The number that digits or a word of the table mean."""
    return NUMBERS.get(word) or int(word)


def _number(said: _Said, name: str) -> int:
    return number_of(said.get(name) or "0")


def _checked(said: _Said, day: date | None) -> date | None:
    """The day, unless the weekday written beside it is another one."""
    word = said.get("w")
    return day if day and (not word or WEEKDAY[word] == day.weekday()) else None


def _iso(_: Sent, said: _Said) -> date | None:
    return day_of(_number(said, "y"), _number(said, "m"), _number(said, "d") or 99)


def _dated(sent: Sent, said: _Said) -> date | None:
    day = _number(said, "d")
    return _checked(said, sent.dated(MONTH[said["m"] or ""], day, said["y"])) if day else None


def _numeric(sent: Sent, said: _Said) -> date | None:
    first, second = _number(said, "a"), _number(said, "b")
    month_first = first <= 12 and (second > 12 or (sent.american and said["sep"] == "/"))
    month, day = (first, second) if month_first else (second, first)
    return _checked(said, sent.dated(month, day, said.get("y"))) if day else None


def _of_month(sent: Sent, said: _Said) -> date | None:
    """The 3rd: the next one, or the one of next month."""
    day = _number(said, "d")
    return _checked(said, sent.in_month(day, 1) if said.get("next") else sent.numbered(day)) if day else None


def _count(sent: Sent, said: _Said) -> date | None:
    """So many hours, days, working days, weeks or months after the sending."""
    count = _number(said, "n")
    if said["hours"]:
        return (sent.at + timedelta(hours=count)).date()
    if said["months"]:
        return sent.in_month(sent.on.day, count) or sent.in_month(0, count)
    if said["work"]:
        ahead = 0
        while count:
            ahead += 1
            count -= sent.after(ahead).weekday() in WEEK
        return sent.after(ahead)
    return sent.after(count * (7 if said["weeks"] else 14 if said["fortnights"] else 1))


def _weekday(sent: Sent, said: _Said) -> date:
    """A weekday; "next" means the week that begins on Monday, "Friday week" a week on."""
    weekday = WEEKDAY[said["w"] or ""]
    if said.get("next"):
        return sent.in_week(weekday, 1)
    return sent.coming(weekday) if not said.get("on") else sent.after((weekday - sent.on.weekday()) % 7 + 7)


def _end_of_week(sent: Sent, said: _Said) -> date:
    ahead = 1 if said["next"] or sent.on.weekday() not in WEEK else 0
    return sent.in_week(4, ahead)


def _end(sent: Sent, said: _Said) -> date | None:
    """The last day of a month, a quarter or a year."""
    ahead = 1 if said.get("next") else 0
    if named := said.get("m"):
        return sent.dated(MONTH[named], 0, said.get("y"))
    if said.get("quarter"):
        return sent.in_month(0, 2 - (sent.on.month - 1) % 3 + 3 * ahead)
    return day_of(sent.on.year + ahead, 12, 31) if said.get("year") else sent.in_month(0, ahead)


def _behind(words: str) -> str:
    """What matches just behind one of these words, and takes nothing."""
    return "|".join(rf"(?<=\b{word} )" for word in words.split())


def _in_days(days: int) -> _Reads:
    return lambda sent, _: sent.after(days)


_NOT_AFTER = r"(?<![\d/.:,$€£–-])"
_NUMERAL = rf"{_NOT_AFTER}\b(?P<a>\d\d?)"
_ENDS_HERE = r"(?=\.? ?(?:[,;:!?)]|$)| (?:um|alle|a las|om|au soir|mittags?)\b)"
_BESIDE = "by on before until till til this next coming eod cob due latest for of noon am pm"
_TAIL = r"(?P<next> (?:of |in )?next week| nachste[rn]? woche| volgende week| de la semaine prochaine)"

# The first that reads some words keeps them from those below it.
_GRAMMAR: tuple[tuple[str, _Reads], ...] = (
    (r"\b(?P<y>20\d\d)-(?P<m>\d\d?)-(?P<d>\d\d?)(?!\d)", _iso),
    (rf"{_NAMED}{_NOT_AFTER}\b{_D}[ -]?(?:(?:of|de|di) )?{_M}{_Y}", _dated),
    (rf"{_NAMED}\b{_M} (?:{_THE} )?{_D}{_Y}", _dated),
    (
        (
            rf"{_NAMED}(?!24/7\b){_NUMERAL}(?P<sep>/)(?P<b>\d\d?)(?:/(?P<y>\d{{4}}|\d\d))?"
            r"(?![\d/%]|-?(?: ?page| ?inch|in\b)| of\b)"
        ),
        _numeric,
    ),
    (rf"{_NAMED}{_NUMERAL}(?P<sep>[.-])(?P<b>\d\d?)(?P=sep)(?P<y>\d{{4}}|\d\d)\b", _numeric),
    (
        (
            rf"(?:{_behind('am bis zum dem den till until by')})(?P<a>\d\d?)(?P<sep>\.)"
            r" ?(?P<b>\d\d?)(?:\.|\b)(?! ?\d| ?uhr)"
        ),
        _numeric,
    ),
    (rf"\b{_W},? (?:{_THE} )?(?P<d>\d\d?)(?:st|nd|rd|th|er)\b", _of_month),
    (rf"\b(?P<on>a week (?:from|on)|week on) {_W}", _weekday),
    (
        (
            rf"(?:{_behind('the by before until till on')})(?P<d>\d\d?)(?:st|nd|rd|th)\b"
            rf"{_THING}(?: of (?:this|the|{_NEXT}) month)?"
        ),
        _of_month,
    ),
    (
        (
            rf"(?:{_behind('zum dem den le el del il de dia')})(?P<d>\d\d?)"
            rf"(?:er|o|e)?{_ENDS_HERE}"
        ),
        _of_month,
    ),
    (rf"\b{NUMBER} {UNIT} from (?:now|today)\b", _count),
    (
        rf"\b{_IN} {NUMBER}[ -]?{UNIT}(?: of today)?(?! (?:of|after|before|from|ago|later|or)\b)",
        _count,
    ),
    (rf"\bover (?P<n>{_any(NUMBERS)}|\d\d?) {UNIT}(?<=en)", _count),  # Dutch; "over two weeks" is no date
    (
        (
            r"\b(?:the )?(?:day after tomorrow|ubermorgen|apres-demain|pasado manana|dopodomani"
            r"|overmorgen"
            r"|depois de amanha)\b"
        ),
        _in_days(2),
    ),
    (
        (
            rf"\b(?:eow|(?:end|ende|fin|finales|final|fine|einde?|fim|close){_OF}{{0,3}}"
            rf"(?: {_NEXT})?(?: |\b)(?:business )?{_WEEK}|week's end|this week|diese woche|cette semaine"
            r"|esta semana|questa settimana|deze week|before the weekend)\b"
        ),
        _end_of_week,
    ),
    (
        (
            rf"\b(?:end|ende|fin|finales|final|fine|einde?|fim){_OF}{{0,3}}(?: {_NEXT})? "
            rf"(?:(?P<quarter>quarter|quartals?)|(?P<year>year|jahr(?:es)?)"
            rf"|(?:month|monats?|mois|mes|mese|maand)\b|{_M}{_Y})"
        ),
        _end,
    ),
    (
        (
            r"\b(?:eom|month end|monatsende|(?P<quarter>eoq|quarter end)|(?P<year>eoy|year end"
            r"|jahresende))\b"
        ),
        _end,
    ),
    (rf"\b{_W}{_TAIL}", _weekday),
    (rf"\b(?P<next>next week|nachste woche|volgende week),? (?:on )?{_W}", _weekday),
    (rf"\b{_W}(?P<on> week)\b", _weekday),
    (rf"\b{_NEXT} {_W}", _weekday),
    (rf"\b(?:{_THIS} )?(?P<w>{_any(LONG_WEEKDAY)})\b", _weekday),
    (rf"(?:{_behind(_BESIDE)}){_W}(?! (?:to|is|was|are)\b)", _weekday),
    (
        (
            r"\b(?:tomorrow|tomorow|tmrw|tmw|tmr|demain|domani|amanha)\b|(?<!la )\bmanana\b"
            r"|(?<!guten )(?<!goede )(?<!jeden )\bmorgen\b"
        ),
        _in_days(1),
    ),
    (
        (
            r"\b(?:today|tonight|this (?:morning|afternoon|evening)|heute|aujourd'hui|ce soir|hoy|oggi"
            r"|vandaag|hoje)\b"
        ),
        _in_days(0),
    ),
)
RULES = tuple((re.compile(pattern), reads) for pattern, reads in _GRAMMAR)
SPANS = (_count, _end, _end_of_week)  # "before the end of the week" is still that week
