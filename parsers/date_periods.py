"""Rules for weeks, months, quarters and years as a whole, their beginnings and middles."""

from __future__ import annotations

from parsers import date_reads as reads
from parsers.date_calendar import Grain
from parsers.date_patterns import (
    A_MONTH,
    A_YEAR,
    ANY_MONTH_CUES,
    COMING_MONTH,
    DIGIT_CUES,
    FIRM,
    MIDDLES,
    MONTH_CUES,
    MONTH_WORD,
    NEXT,
    OF,
    STARTS,
    WEEK_CUES,
    behind_one_of,
    rule_of,
)
from parsers.date_words import Rule

PERIODS: tuple[Rule, ...] = (
    rule_of(
        (WEEK_CUES, frozenset("mid middle mitte milieu mediados next".split())),
        (
            r"\b(?:mid(?:dle of)?[ -]?(?:the )?next week|mitte (?:der )?(?:nachste[rn]|kommende[rn]) woche"
            r"|milieu de (?:la )?semaine prochaine|mediados de la (?:semana que viene|proxima semana))\b"
        ),
        reads.in_next_week(2),
    ),
    rule_of(
        (WEEK_CUES,),
        (
            rf"\b(?=the |{STARTS}){behind_one_of(FIRM)}(?:the )?{STARTS}{OF}{{0,2}} (?:next week|(?:nachste[rn]|kommende[rn]) woche"
            r"|semaine prochaine|semana que viene|proxima semana)\b"
        ),
        reads.in_next_week(0),
    ),
    rule_of(
        (ANY_MONTH_CUES,),
        rf"\b(?=the |{STARTS}){behind_one_of(FIRM)}(?:the )?{STARTS}{OF}{{0,2}} (?:{COMING_MONTH}|(?:{NEXT} )?{MONTH_WORD}\b|{A_MONTH}{A_YEAR})",
        reads.first,
    ),
    rule_of(
        (ANY_MONTH_CUES,),
        rf"\b(?=the |{MIDDLES}){behind_one_of(FIRM)}(?:the )?{MIDDLES}(?:{OF}{{0,2}} |-)(?:{MONTH_WORD}\b|{A_MONTH})",
        reads.middle,
    ),
    rule_of(
        (ANY_MONTH_CUES,),
        rf"\b{MIDDLES}(?:{OF}{{0,2}} |-)(?:{MONTH_WORD}\b|{A_MONTH})",
        reads.middle,
        for_due=False,
    ),
    rule_of(
        (ANY_MONTH_CUES,),
        rf"\b{STARTS}{OF}{{0,2}} (?:{COMING_MONTH}|(?:{NEXT} )?{MONTH_WORD}\b|{A_MONTH}{A_YEAR})",
        reads.first,
        for_due=False,
    ),
    rule_of((WEEK_CUES,), r"\bnext week-?end\b", reads.in_next_week(5), for_due=False),
    rule_of(
        (WEEK_CUES,),
        r"\b(?:(?:this|the|coming|am|dieses|ce|este) )?(?:weekend|week-end|wochenende|fin de semana)\b",
        reads.in_this_week(5),
        for_due=False,
    ),
    rule_of(
        (WEEK_CUES,),
        (
            rf"\b(?:(?:early |late )|{STARTS}{OF}{{0,2}} )?(?:next week|(?:the )?(?:following|coming) week|(?:nachste[nr]?|kommende[nr]?) woche"
            r"|(?:la )?semaine prochaine|(?:la )?(?:semana que viene|proxima semana)|(?:la )?prossima settimana"
            r"|volgende week)\b"
        ),
        reads.in_next_week(0),
        grain=Grain.WEEK,
        for_due=False,
    ),
    rule_of(
        (WEEK_CUES, frozenset("last past previous letzte letzter derniere pasada".split())),
        r"\b(?:(?:last|past|previous|letzte[rn]?) (?:week|woche)|semaine derniere|semana pasada)\b",
        reads.in_next_week(0, ahead=-1),
        grain=Grain.WEEK,
        for_due=False,
    ),
    rule_of(
        "month monat monats mois mes mese maand",
        rf"\b(?:{COMING_MONTH}|{NEXT} {MONTH_WORD}\b)",
        reads.month_alone,
        grain=Grain.MONTH,
        for_due=False,
    ),
    rule_of(
        "quarter quartal trimestre",
        rf"\b{NEXT} (?P<quarter>quarter|quartal|trimestre)\b",
        reads.month_alone,
        grain=Grain.QUARTER,
        for_due=False,
    ),
    rule_of(
        "year yr jahr annee ano",
        rf"\b(?:{NEXT} (?P<year>year|yr|jahr|annee|ano))\b",
        reads.month_alone,
        grain=Grain.YEAR,
        for_due=False,
    ),
    rule_of(
        (MONTH_CUES,),
        rf"\b(?:in|im|en|em|next|this|early|late) {A_MONTH}{A_YEAR}(?! ?\d)",
        reads.month_alone,
        grain=Grain.MONTH,
        for_due=False,
    ),
    rule_of(
        (MONTH_CUES, DIGIT_CUES),
        rf"\b{A_MONTH},? (?P<y>(?:19|20)\d\d)(?! ?\d)",
        reads.month_alone,
        grain=Grain.MONTH,
        for_due=False,
    ),
)
