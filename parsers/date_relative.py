"""Rules for days that are told from the sending: tomorrow, weekdays, ends of weeks and months."""

from __future__ import annotations

from parsers import date_reads as reads
from parsers.date_calendar import Grain
from parsers.date_patterns import (
    A_LONG_WEEKDAY,
    A_MONTH,
    A_WEEKDAY,
    A_YEAR,
    ANY_MONTH_CUES,
    BEFORE_A_TIME,
    BESIDE,
    COMING_MONTH,
    DIGIT_CUES,
    ENDS,
    ENDS_HERE,
    MIDDLES,
    MONTH_WORD,
    NEXT,
    NEXT_WEEK_BEHIND,
    OF,
    STARTS,
    THIS,
    WEEK,
    WEEK_CUES,
    WEEKDAY_CUES,
    WORKING,
    behind_one_of,
    rule_of,
)
from parsers.date_tables import GERMAN_WEEKDAY, PORTUGUESE_WEEKDAY, WEEKDAY, any_of
from parsers.date_words import Rule

RELATIVE: tuple[Rule, ...] = (
    rule_of(
        "tomorrow ubermorgen apres manana dopodomani overmorgen amanha",
        (
            r"\b(?:the )?(?:day after tomorrow|ubermorgen|apres-demain|pasado manana|dopodomani|overmorgen"
            r"|depois de amanha)\b"
        ),
        reads.in_days(2),
    ),
    rule_of("tomorrow today", r"\btomorrow week\b", reads.in_days(8)),
    rule_of("today", r"\btoday week\b", reads.in_days(7)),
    rule_of(
        "day vorgestern hier anteayer altroieri eergisteren",
        r"\b(?:the )?(?:day before yesterday|vorgestern|avant-hier|anteayer|eergisteren)\b",
        reads.in_days(-2),
        for_due=False,
    ),
    rule_of(
        "yesterday gestern hier ayer ieri gisteren ontem",
        (
            r"\b(?:yesterday|gestern|ayer|ieri|gisteren|ontem)\b"  # German "hier" is "here"
            r"|(?:(?<=until )|(?<=d'))hier(?= (?:matin|soir|apres|a \d)|$)"
        ),
        reads.in_days(-1),
        for_due=False,
    ),
    rule_of(
        (WEEKDAY_CUES, WEEK_CUES),
        (
            rf"\b{A_WEEKDAY},? (?P<of>(?:of )?this week(?! end)|dieser woche|de cette semaine|de esta semana"
            r"|di questa settimana)\b"
        ),
        reads.weekday,
    ),
    rule_of(
        (WEEKDAY_CUES, WEEK_CUES),
        rf"\b(?P<of>this week|diese woche|cette semaine|esta semana),? (?:on |am |el |le )?{A_WEEKDAY}",
        reads.weekday,
    ),
    rule_of(
        (WEEK_CUES,),
        (
            rf"\b(?:eow|(?:{ENDS}|close){OF}{{0,3}}(?: {NEXT})?(?: |\b)(?:business |working )?{WEEK}"
            r"|week's end|this week(?! end)|diese woche|cette semaine"
            r"|esta semana|questa settimana|deze week"
            rf"|(?=the week|week){behind_one_of('before by')}(?:the )?week-?end|(?:(?<=vor dem )|(?<=bis zum ))wochenende|(?<=avant le )week-end)\b"
        ),
        reads.end_of_week,
        is_span=True,
    ),
    rule_of(
        (DIGIT_CUES, frozenset("kw week woche semaine semana".split())),
        (
            rf"\b(?:(?P<start>{STARTS})|(?P<middle>{MIDDLES})|{ENDS})?(?:{OF}|-| )?"
            r"(?<!\w)(?:kw|(?<=of )week|(?<=in )week|(?<=by )week|(?<=end )week|calendar week|semaine(?= \d)) ?"
            r"(?P<k>\d\d?)\b(?! (?:of|in|on)\b)"
        ),
        reads.week_numbered,
        grain=Grain.WEEK,
        is_span=True,
    ),
    rule_of(
        (
            ANY_MONTH_CUES,
            frozenset("last first letzter letzten erster ersten dernier premier ultimo primer".split()),
        ),
        (
            rf"\b(?:last|letzte[rnm]?|dernier|ultimo) (?:{WORKING}|days?|tag|jour|dia) ?"
            rf"(?:of|in|im|des|du|del|de)? (?:the |this |el )?(?:{COMING_MONTH}|(?:{NEXT} )?{MONTH_WORD}\b|{A_MONTH}{A_YEAR})"
        ),
        reads.end,
    ),
    rule_of(
        (ANY_MONTH_CUES, frozenset("first erster ersten premier primer".split())),
        (
            rf"\b(?:first|erste[rnm]?|premier|primer) (?:{WORKING}|days?|tag|jour|dia) ?"
            rf"(?:of|in|im|des|du|del|de)? (?:the |this |el )?(?:{COMING_MONTH}|(?:{NEXT} )?{MONTH_WORD}\b|{A_MONTH}{A_YEAR})"
        ),
        reads.first,
    ),
    rule_of(
        (frozenset("end ende fin finales final fine einde eind fim".split()),),
        (
            rf"\b{ENDS}{OF}{{0,3}} (?:{COMING_MONTH}|(?:{NEXT} )?"
            r"(?:(?P<quarter>quarter|quartals?|trimestre)|(?P<year>year|jahr(?:es)?|annee|ano)\b"
            rf"|{MONTH_WORD}\b|{A_MONTH}{A_YEAR}))"
        ),
        reads.end,
        is_span=True,
    ),
    rule_of(
        "eom month monatsende eoq quarter eoy year jahresende quartalsende ultimo",
        (
            r"\b(?:eom|month[ -]end|monatsende|(?P<quarter>eoq|quarter[ -]end|quartalsende)"
            r"|(?P<year>eoy|year[ -]end|jahresende))\b"
        ),
        reads.end,
        is_span=True,
    ),
    rule_of(
        (DIGIT_CUES, frozenset("q".split())),
        rf"\b(?P<end>{ENDS}){OF}{{0,2}} q(?P<q>[1-4])(?: (?P<y>20\d\d))?\b",
        reads.quarter,
        is_span=True,
    ),
    rule_of(
        (DIGIT_CUES, frozenset("q".split())),
        r"\bq(?P<q>[1-4])(?: (?P<y>20\d\d))?\b",
        reads.quarter,
        grain=Grain.QUARTER,
        for_due=False,
    ),
    rule_of((WEEKDAY_CUES,), rf"\b{A_WEEKDAY}{NEXT_WEEK_BEHIND}", reads.weekday),
    rule_of(
        (WEEKDAY_CUES, WEEK_CUES),
        (
            r"\b(?P<next>next week|nachste woche|kommende woche|volgende week|(?:la )?semaine prochaine"
            rf"|(?:la )?(?:semana que viene|proxima semana)),? (?:on |am |el |le )?{A_WEEKDAY}"
        ),
        reads.weekday,
    ),
    rule_of((WEEKDAY_CUES,), rf"\b{NEXT} {A_WEEKDAY}", reads.weekday),
    rule_of(
        (WEEKDAY_CUES,),
        rf"\b(?P<last>last|past|previous|vergangenen|letzten) {A_WEEKDAY}",
        reads.weekday,
        for_due=False,
    ),
    rule_of(
        (WEEKDAY_CUES,),
        rf"\b(?:{THIS} )?{A_LONG_WEEKDAY}(?: prochaine?\b| que viene\b| prossimo\b| que vem\b)?",
        reads.weekday,
        is_weekday=True,
    ),
    rule_of(
        (WEEKDAY_CUES,),
        rf"\b(?={any_of(WEEKDAY)}\b)(?:{behind_one_of(BESIDE)}|(?<=\d[ap]m )|\b(?=[a-z]{{3,6}}{BEFORE_A_TIME})){A_WEEKDAY}(?! (?:to|is|was|are)\b)",
        reads.weekday,
        is_weekday=True,
    ),
    rule_of(
        (frozenset(GERMAN_WEEKDAY),),
        rf"\b(?=[a-z]{{2}}\b){behind_one_of('bis am vor ab')}(?P<w>{any_of(GERMAN_WEEKDAY)})\b\.?(?! (?:not|in)\b)",
        reads.weekday,
        is_weekday=True,
    ),
    rule_of(
        (frozenset(PORTUGUESE_WEEKDAY),),
        rf"\b(?=[qst]){behind_one_of('ate na para')}(?P<w>{any_of(PORTUGUESE_WEEKDAY)}){ENDS_HERE}",
        reads.weekday,
        is_weekday=True,
    ),
    rule_of(
        "today tonight this heute aujourd ce cet esta hoy oggi stasera vandaag vanavond hoje",
        (
            r"\b(?:today|tonight|this (?:morning|afternoon|arvo|evening)|heute(?: morgen| fruh)?|aujourd'hui"
            r"|ce (?:soir|matin)|cet apres-midi|esta (?:manana|tarde|noche)|hoy|oggi|stasera|vandaag|vanavond|hoje)\b"
        ),
        reads.in_days(0),
    ),
    rule_of(
        "tomorrow tomorrows tomorow tmrw tmw tmr demain domani amanha manana morgen",
        (
            r"\b(?:tomorrows?|tomorow|tmrw|tmw|tmr|demain|domani|amanha)\b|(?<!la )(?<!esta )\bmanana\b"
            r"|(?<!guten )(?<!goede )(?<!jeden )(?<!tag )(?<!dag )(?<!woch )\bmorgen\b"
        ),
        reads.in_days(1),
    ),
)
