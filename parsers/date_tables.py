"""Weekdays, months and numbers in seven languages, without accents, in lower case."""

from __future__ import annotations

_WEEKDAYS = (  # Monday first; Portuguese "segunda" alone is "second"
    "monday montag lundi lunes lunedi maandag segunda-feira",
    "tuesday dienstag mardi martes martedi dinsdag terca-feira",
    "wednesday mittwoch mercredi miercoles mercoledi woensdag quarta-feira",
    "thursday donnerstag jeudi jueves giovedi donderdag quinta-feira",
    "friday freitag vendredi viernes venerdi vrijdag sexta-feira",
    "saturday samstag sonnabend samedi sabado sabato zaterdag",
    "sunday sonntag dimanche domingo domenica zondag",
)
# Words of other meanings too ("we sat", French "mon"), so they count after a preposition only.
_SHORT_WEEKDAYS = ("mon", "tues tue", "weds wed", "thurs thur thu", "fri", "sat", "sun")
_MONTHS = (
    "january jan januar janvier enero gennaio januari janeiro",
    "february feb februar fevrier febrero febbraio februari fevereiro",
    "march mar marz maerz mars marzo maart marco",
    "april apr avril abril aprile",
    "may mai mayo maggio mei maio",
    "june jun juni juin junio giugno junho",
    "july jul juli juillet julio luglio julho",
    "august aug aout agosto augustus",
    "september sept sep septembre septiembre setiembre settembre setembro",
    "october oct oktober okt octobre octubre ottobre outubro",
    "november nov novembre noviembre novembro",
    "december dec dezember dez decembre diciembre dicembre dezembro",
)
_NUMBERS = (
    "one first a an ein eine einer einem un une una uno een um uma",
    "two zwei deux dos due twee dois duas",
    "three drei trois tres tre drie",
    "four vier quatre cuatro quattro quatro",
    "five funf fuenf cinq cinco cinque vijf",
    "six sechs seis sei zes",
    "seven sieben sept siete sette zeven sete",
    "eight acht huit ocho otto oito",
    "nine neun neuf nueve nove negen",
    "ten zehn dix diez dieci tien",
)


def _table(rows: tuple[str, ...], first: int) -> dict[str, int]:
    return {word: number for number, row in enumerate(rows, first) for word in row.split()}


LONG_WEEKDAY = _table(_WEEKDAYS, 0)
SHORT_WEEKDAY = _table(_SHORT_WEEKDAYS, 0)
WEEKDAY = LONG_WEEKDAY | SHORT_WEEKDAY
MONTH = _table(_MONTHS, 1)
NUMBERS = _table(_NUMBERS, 1)
