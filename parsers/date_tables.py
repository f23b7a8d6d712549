"""Words for weekdays, months, numbers, units and feasts in seven languages, without accents, in lower case."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from itertools import groupby

LONGEST = 1_000  # characters: a clause is far shorter

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
_GERMAN_WEEKDAYS = ("mo", "di", "mi", "do", "fr", "sa")  # "so" is English before it is Sunday
_PORTUGUESE_WEEKDAYS = ("segunda", "terca", "quarta", "quinta", "sexta")  # ordinals too
_MONTHS = (
    "january jan januar janner janvier enero gennaio januari janeiro",
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
    "one a an ein eine einer einem einen un une una uno een um uma",
    "two zwei deux dos due twee dois duas couple",
    "three drei trois tres tre drie few",
    "four vier quatre cuatro quattro quatro",
    "five funf fuenf cinq cinco cinque vijf",
    "six sechs seis sei zes",
    "seven sieben sept siete sette zeven sete",
    "eight acht huit ocho otto oito",
    "nine neun neuf nueve nove negen",
    "ten zehn dix diez dieci tien",
    "eleven elf onze once undici",
    "twelve zwolf zwoelf douze doce dodici twaalf",
    "thirteen dreizehn treize trece",
    "fourteen vierzehn quatorze catorce veertien",
    "fifteen funfzehn fuenfzehn quinze quince quindici vijftien",
)
_TENS = (
    "twenty zwanzig vingt veinte venti twintig vinte",
    "thirty dreissig trente treinta trenta dertig trinta",
)
_ORDINALS = (
    "first ersten erster premier primero primer primo",
    "second zweiten zweiter deuxieme segundo",
    "third dritten dritter troisieme tercer",
    "fourth vierten quatrieme cuarto",
    *"fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth".split(),
    *"fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
)
_UNITS = {
    "second": "s sec secs second seconds sekunde sekunden seconde secondes segundo segundos secondi",
    "minute": "m min mins minute minutes minuten minuto minutos minuti minuut",
    "hour": "h hr hrs hour hours std stunde stunden heure heures hora horas ora ore uur uren",
    "day": "d day days tag tage tagen jour jours dia dias giorno giorni dag dagen",
    "fortnight": "fortnight fortnights",
    "week": "w wk wks week weeks woche wochen semaine semaines semana semanas settimana settimane weken",
    "month": "month months monat monate monaten mois mes meses mese mesi maand maanden",
    "year": "y yr yrs year years jahr jahre jahren an ans ano anos anno anni jaar",
}
WORKING_DAYS = (  # beginnings, each before a word for days or with it
    "working days|working day|business days|business day|work days|work day|werktagen|werktage|werktag"
    "|arbeitstagen|arbeitstage|arbeitstag|werkdagen|jours ouvres|jours ouvrables|dias habiles"
    "|dias laborables|dias uteis|giorni lavorativi"
)

ZONES = {  # minutes east of Greenwich; of those with two meanings the one that mail has
    "gmt": 0,
    "utc": 0,
    "bst": 60,
    "cet": 60,
    "cest": 120,
    "mez": 60,
    "mesz": 120,
    "eet": 120,
    "eest": 180,
    "ist": 330,
    "est": -300,
    "edt": -240,
    "cst": -360,
    "cdt": -300,
    "mst": -420,
    "mdt": -360,
    "pst": -480,
    "pdt": -420,
    "jst": 540,
    "sgt": 480,
    "hkt": 480,
    "aest": 600,
    "aedt": 660,
    "nzst": 720,
    "nzdt": 780,
}
# With summer time, as America has it; words of other meanings, so they count after "am" and "pm" only.
AMERICAN_ZONES = {
    word: minutes
    for words, minutes in (
        ("et eastern", -300),
        ("ct central", -360),
        ("mt mountain", -420),
        ("pt pacific", -480),
    )
    for word in words.split()
}

# Days from Easter Sunday, and days of the calendar; and whether the name can be of no thing but the day.
EASTER_DAYS = {
    "good friday": -2,
    "karfreitag": -2,
    "vendredi saint": -2,
    "viernes santo": -2,
    "maundy thursday": -3,
    "grundonnerstag": -3,
    "jueves santo": -3,
    "easter monday": 1,
    "ostermontag": 1,
    "lundi de paques": 1,
    "easter sunday": 0,
    "ostersonntag": 0,
    "easter": 0,
    "ostern": 0,
    "paques": 0,
    "pfingstmontag": 50,
    "whit monday": 50,
    "pfingsten": 49,
    "christi himmelfahrt": 39,
}
FIXED_FEASTS = {
    "christmas eve": (12, 24),
    "heiligabend": (12, 24),
    "nochebuena": (12, 24),
    "christmas day": (12, 25),
    "christmas": (12, 25),
    "xmas": (12, 25),
    "weihnachten": (12, 25),
    "noel": (12, 25),
    "navidad": (12, 25),
    "boxing day": (12, 26),
    "new year's eve": (12, 31),
    "silvester": (12, 31),
    "nochevieja": (12, 31),
    "new year's day": (1, 1),
    "new year": (1, 1),
    "neujahr": (1, 1),
    "valentine's day": (2, 14),
    "halloween": (10, 31),
}
AUTUMN_FEASTS = {"thanksgiving": 0, "black friday": 1, "cyber monday": 4}  # days from the fourth Thursday


def _table(rows: Iterable[str], first: int) -> dict[str, int]:
    return {word: number for number, row in enumerate(rows, first) for word in row.split()}


LONG_WEEKDAY = _table(_WEEKDAYS, 0)
SHORT_WEEKDAY = _table(_SHORT_WEEKDAYS, 0)
GERMAN_WEEKDAY = _table(_GERMAN_WEEKDAYS, 0)
PORTUGUESE_WEEKDAY = _table(_PORTUGUESE_WEEKDAYS, 0)
WEEKDAY = LONG_WEEKDAY | SHORT_WEEKDAY
ANY_WEEKDAY = WEEKDAY | GERMAN_WEEKDAY | {"so": 6} | PORTUGUESE_WEEKDAY
MONTH = _table(_MONTHS, 1)
NUMBERS = (
    _table(_NUMBERS, 1)
    | dict.fromkeys(_TENS[0].split(), 20)
    | dict.fromkeys(_TENS[1].split(), 30)
    | {"forty": 40, "forty-five": 45, "fifty": 50, "sixty": 60, "ninety": 90}
)
ORDINALS = _table(_ORDINALS, 1)
UNITS = {word: unit for unit, row in _UNITS.items() for word in row.split()}


def plain(words: str) -> str:
    """Words as compared: no case, no accents, straight quotes, plain digits, one blank between. Total."""
    flat = unicodedata.normalize("NFKD", words[:LONGEST]).casefold().replace("’", "'")
    if not flat.isascii():  # most words are, and have no accents
        flat = "".join(c for c in flat if not unicodedata.combining(c))
    return " ".join(flat.split())


def compared(words: str) -> str:
    """Plain words without the hyphens of "end-of-month". Total."""
    return plain(words).replace("end-of-", "end of ").replace(" end-", " end ")


def any_of(words: Iterable[str]) -> str:
    """A pattern of these words that branches letter by letter, so that no word is tried in vain; the longest wins."""
    tails = sorted(set(words))
    if len(tails) == 1:
        return escaped(tails[0])
    branches = [
        escaped(first) + any_of(one[1:] for one in group)
        for first, group in groupby((one for one in tails if one), key=lambda one: one[0])
    ]
    inner = branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
    return f"(?:{inner})?" if "" in tails else inner


def escaped(text: str) -> str:
    """Text that matches itself."""
    return "".join(f"\\{c}" if c in ".^$*+?{}[]\\|()" else c for c in text)
