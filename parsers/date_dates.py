"""Rules for dates: by number and month, in digits, by a feast, by the weekday of a month."""

from __future__ import annotations

from parsers import date_reads as reads
from parsers.date_patterns import (
    A_DAY,
    A_LONG_WEEKDAY,
    A_MONTH,
    A_WEEKDAY,
    A_YEAR,
    ANY_MONTH_CUES,
    COMING_MONTH,
    DIGIT_CUES,
    ENDS_HERE,
    FEAST_CUES,
    FEAST_ENDS,
    FEASTS,
    MONTH_CUES,
    MONTH_WORD,
    NEXT,
    NOT_AFTER,
    NUMERAL,
    ORDINAL,
    ORDINAL_ENDS,
    SAFE_FEASTS,
    THE,
    THING,
    WEEKDAY_BEFORE,
    WEEKDAY_CUES,
    behind_one_of,
    rule_of,
)
from parsers.date_tables import GERMAN_WEEKDAY, LONG_WEEKDAY, MONTH, NUMBERS, any_of
from parsers.date_words import Rule

DATES: tuple[Rule, ...] = (
    rule_of(
        (DIGIT_CUES,),
        rf"(?<![\w.,/-])(?P<y>(?:19|20)\d\d)(?P<sep>[-/.])(?P<m>\d\d?|{any_of(MONTH)})(?P=sep)(?P<d>\d\d?)(?!\d)",
        reads.iso,
    ),
    rule_of(
        (FEAST_CUES,),
        (
            rf"\b(?={any_of(FEASTS)})(?:{behind_one_of('by before until till bis vor am avant prima voor on')}|(?<=antes de )|(?<=antes del ))"
            rf"(?:(?P<feast>{any_of(SAFE_FEASTS)})\b|(?P<name>{any_of(FEASTS)})\b{FEAST_ENDS})"
            rf"|\b(?P<safe>{any_of(SAFE_FEASTS)})\b{FEAST_ENDS}"
        ),
        reads.feast,
    ),
    rule_of(
        (FEAST_CUES,),
        rf"\b(?={any_of(FEASTS)}){behind_one_of('at after an zu nach a de apres despues')}(?P<feast>{any_of(FEASTS)})\b(?P<name>){FEAST_ENDS}",
        reads.feast,
        for_due=False,
    ),
    rule_of(
        "black cyber super palm ash casual",
        r"\b(?:black friday|cyber monday|super tuesday|palm sunday|ash wednesday|casual friday)\b",
        reads.in_days(0),
        is_mute=True,
    ),
    rule_of(
        (WEEKDAY_CUES,),
        rf"\b(?P<on>(?:in )?a week (?:from|on)|week on|heute in einer woche) (?:the )?{A_WEEKDAY}",
        reads.weekday,
    ),
    rule_of(
        "now today",
        rf"\b(?P<nth>\d|{any_of(NUMBERS)}) (?P<w>{any_of(LONG_WEEKDAY)})s? from (?:now|today)\b",
        reads.weekday,
    ),
    rule_of(
        (WEEKDAY_CUES,),
        rf"\b{A_LONG_WEEKDAY}(?P<on> week\b| en huit\b| en quinze\b| in einer woche\b)",
        reads.weekday,
    ),
    rule_of(
        (WEEKDAY_CUES,),
        (
            rf"\b(?:(?P<final>last|letzte[rnm]?|dernier|ultimo)|(?P<nth>first|second|third|fourth|{ORDINAL}|[1-5](?=st|nd|rd|th)))"
            rf"(?:st|nd|rd|th)? {A_LONG_WEEKDAY} (?:of|in|im|de|del|des|du) "
            rf"(?:{A_MONTH}{A_YEAR}|{COMING_MONTH}|(?:the |this |el |diesem |diesen )?(?:{NEXT} )?{MONTH_WORD}\b)"
        ),
        reads.nth_weekday,
    ),
    rule_of(
        (MONTH_CUES, DIGIT_CUES),
        (
            r"\b(?:from )?(?:the )?(?P<d>\d\d?)(?:st|nd|rd|th)? ?(?:-|–|to|bis|thru|through|until|till|al?|au)"
            rf" ?(?:the )?\d\d?(?:st|nd|rd|th|\.)? (?:of |de )?{A_MONTH}{A_YEAR}"
        ),
        reads.dated,
        for_due=False,
        is_range=True,
    ),
    rule_of(
        (MONTH_CUES, DIGIT_CUES),
        (
            rf"\b(?:from )?{A_MONTH} (?P<d>\d\d?)(?:st|nd|rd|th)?(?: ?[-–] ?| (?:to|thru|through|until|till) )"
            rf"(?:{any_of(MONTH)} )?\d\d?(?:st|nd|rd|th)?\b{A_YEAR}"
        ),
        reads.dated,
        for_due=False,
        is_range=True,
    ),
    rule_of(
        (MONTH_CUES,),
        rf"{WEEKDAY_BEFORE}{NOT_AFTER}\b(?:(?:the|den|el|le) )?{A_DAY}[ /-]?(?:(?:of|de|di) )?{A_MONTH}{A_YEAR}",
        reads.dated,
    ),
    rule_of(
        (MONTH_CUES, DIGIT_CUES), rf"{WEEKDAY_BEFORE}\b{A_MONTH} ?(?:{THE} )?{A_DAY}{A_YEAR}", reads.dated
    ),
    rule_of(
        (DIGIT_CUES, frozenset("/")),
        (
            rf"{WEEKDAY_BEFORE}(?!24/7\b){NUMERAL}(?P<sep>/)(?P<b>\d\d?)(?:/(?P<y>\d{{4}}|\d\d))?"
            r"(?![\d/%]|-?(?: ?page| ?inch|in\b)| of\b)"
        ),
        reads.numeric,
    ),
    rule_of(
        (DIGIT_CUES,),
        rf"{WEEKDAY_BEFORE}{NUMERAL}(?P<sep>[.-])(?P<b>\d\d?)(?P=sep)(?P<y>\d{{4}}|\d\d)\b",
        reads.numeric,
    ),
    rule_of(
        (DIGIT_CUES, WEEKDAY_CUES),
        rf"\b{A_WEEKDAY},? (?:den |dem )?(?P<a>\d\d?)(?P<sep>\.) ?(?P<b>\d\d?)(?:\.|\b)(?! ?\d| ?uhr)",
        reads.numeric,
    ),
    rule_of(
        (DIGIT_CUES, frozenset(GERMAN_WEEKDAY) | {"so"}),
        rf"\b(?P<w>{any_of(GERMAN_WEEKDAY)}|so)\b\.?,? (?:den |dem )?(?P<a>\d\d?)(?P<sep>\.) ?(?P<b>\d\d?)\.(?! ?\d| ?uhr)",
        reads.numeric,
    ),
    rule_of(
        (DIGIT_CUES,),
        (
            rf"(?=\d){behind_one_of('am bis zum dem den till until by')}(?P<a>\d\d?)(?P<sep>\.)"
            r" ?(?P<b>\d\d?)(?:\.|\b)(?! ?\d| ?uhr)"
        ),
        reads.numeric,
    ),
    rule_of(
        (DIGIT_CUES, WEEKDAY_CUES),
        rf"\b{A_WEEKDAY},? (?:{THE} )?(?P<d>\d\d?)(?:st|nd|rd|th|er)\b",
        reads.of_month,
    ),
    rule_of(
        (DIGIT_CUES, WEEKDAY_CUES),
        rf"\b{A_LONG_WEEKDAY},? (?:{THE} )?(?P<d>\d\d?)\b(?![:.]\d)\.?{ENDS_HERE}",
        reads.of_month,
        is_loose=True,
    ),
    rule_of(
        (DIGIT_CUES, ORDINAL_ENDS),
        (
            rf"(?=\d){behind_one_of('the by before until till on')}(?P<d>\d\d?)(?:st|nd|rd|th)\b"
            rf"{THING}(?: (?:day )?of (?:this month|the month|{NEXT} month))?"
        ),
        reads.of_month,
    ),
    rule_of(
        (DIGIT_CUES, ANY_MONTH_CUES),
        rf"\b(?P<d>\d\d?)(?:st|nd|rd|th)? (?:day )?of (?:this month|{NEXT} month)",
        reads.of_month,
    ),
    rule_of(
        (DIGIT_CUES,),
        rf"(?=\d){behind_one_of('zum dem den le el il del de dia')}(?P<d>\d\d?)(?:er|o|e)?{ENDS_HERE}",
        reads.of_month,
    ),
)
