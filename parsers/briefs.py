"""What a brief asks for, field by field, in the client's own words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from parsers.dates import due_day
from parsers.reader import sentences_of

_MAX_CHARS = 20_000
_MONEY = re.compile(
    r"(?:(?:about|around|roughly|approximately|circa|up to|under|max(?:imum)?|ca\.|rund|etwa|environ|unos) )?"
    r"(?:(?:[$€£]|USD|EUR|GBP|CHF|CA\$|A\$) ?\d[\d.,' ]{0,12}\d?(?: ?(?:k|m|mio|million|thousand|grand)\b)?"
    r"|\d[\d.,']{0,12} ?(?:k|thousand|grand)?(?: ?(?:[$€£]|USD|EUR|GBP|CHF|dollars|euros?|pounds)))",
    re.I,
)
_BUDGET_WORD = re.compile(r"\b(?:budget|spend|all in|ceiling|price|cost|presupuesto|budżet|kosten)\b", re.I)
# What somebody who asks for work puts before its name.
_ASKS = re.compile(
    r"\b(?:(?:we|i)(?:'d|’d| would| will|'ll|’ll| am|'m|’m| are|'re|’re)? (?:also )?(?:need(?:ing)?"
    r"|want(?:ing)?|like|after"
    r"|looking for|love|require)(?: (?:you )?to (?:do|make|create|design|produce|build|have|get|commission"
    r"|see|develop))?"
    r"(?: you to (?:do|make|create|design|produce|build|put together))?"
    r"|(?:can|could|would) you (?:please )?(?:do|make|create|design|produce|build|put together"
    r"|quote(?: us)? (?:for|on)?|mock up)"
    r"|(?:wir (?:brauchen|benötigen|hätten gern|möchten)|nous (?:avons besoin d[e'’]|voudrions|souhaitons)"
    r"|necesitamos|queremos"
    r"|abbiamo bisogno di|precisamos de|we hebben))\s{1,2}([^.!?\n]{3,160})",
    re.I,
)
_AND = re.compile(
    r",\s{1,2}(?:and |plus )?|\s(?:and|plus|&|sowie|und|et|y|e|en)\s(?=(?:an?|some|the|\d|two|three|four|six"
    r"|new|eine?|une?)\b)"
)
_STOPS = re.compile(
    r"\s(?:for|to|that|which|by|before|because|so|with|in|on|at|when|if|from|until|ready|aimed|für|pour|para"
    r"|per|bis|avant)\s",
    re.I,
)
_AUDIENCE = re.compile(
    r"\b(?:aimed at|targeting|targeted at|target(?: audience| group)?(?: is|:)|audience(?: is|:)|speaking to"
    r"|talks? to|to reach"
    r"|reach(?:ing)?|zielgruppe(?: ist|:| sind)?|public(?: cible)?(?: :| est)"
    r"|dirigid[oa] a)\s{1,2}([^.!?\n;]{3,100})",
    re.I,
)
_OBJECTIVE = re.compile(
    r"\b(?:(?:the )?(?:goal|aim|objective|idea|point|purpose)(?: here)?(?: is|:)(?: to)?|in order to"
    r"|so that we(?: can)?|ziel ist(?: es,)?"
    r"|l'objectif est (?:de|d'))\s{1,2}([^.!?\n]{3,140})",
    re.I,
)
_METRICS = re.compile(
    r"[^.!?\n]{0,80}\b(?:\d{1,3} ?%|\d[\d,.]{1,9} (?:sign-?ups|leads|visits|visitors|downloads|registrations"
    r"|bookings|orders|views"
    r"|clicks|applications|attendees|members)|kpi|conversion|ctr)\b[^.!?\n]{0,60}",
    re.I,
)
_CONSTRAINT = re.compile(
    r"\b(?:no (?!problem|rush|worries|idea|need|doubt|one|later)\w{2,}|not? (?:too|more than)|must(?:n't"
    r"| not)?|has to be|have to be|only in|without"
    r"|nothing (?:with|too)|needs to (?:be|fit|work|match|follow|comply)|avoid|keep (?:it|to)|don'?t (?:use"
    r"|show|mention)"
    r"|brand guidelines|ohne|darf (?:nicht|kein)|sans|sin )\b",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What a client asks for; each field empty where they did not say."""

    deliverables: tuple[str, ...] = ()
    objective: str | None = None
    audience: str | None = None
    deadline: date | None = None
    budget: str | None = None
    metrics: str | None = None
    constraints: str | None = None


def brief_of(own: str, sent: datetime) -> Brief | None:
    """
    The fields of a brief in these words; None where there are no words. Total.

    Source: signals.md, `brief`.
    """
    text = own[:_MAX_CHARS]
    sentences = sentences_of(text)
    if not sentences:
        return None
    return Brief(
        deliverables=_deliverables(text),
        objective=_first(_OBJECTIVE, text),
        audience=_first(_AUDIENCE, text),
        deadline=_deadline(sentences, sent),
        budget=_budget(sentences),
        metrics=next((found[0].strip() for found in [_METRICS.search(text)] if found), None),
        constraints=next((one for one in sentences if _CONSTRAINT.search(one) and len(one) < 200), None),
    )


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[1].strip(" ,") if found else None


def _deliverables(text: str) -> tuple[str, ...]:
    found: list[str] = []
    for asked in _ASKS.finditer(text):
        for part in _AND.split(asked[1]):
            name = _STOPS.split(f"{part} ", maxsplit=1)[0].strip(" ,:;-")
            if 3 <= len(name) <= 80 and name.lower() not in ("to", "you", "it", "this", "that", "something"):
                found.append(name)
    return tuple(dict.fromkeys(found))[:8]


def _deadline(sentences: list[str], sent: datetime) -> date | None:
    days = [due for one in sentences if (due := due_day(one, sent))]
    return days[0] if len(set(days)) == 1 else next(iter(days), None)


def _budget(sentences: list[str]) -> str | None:
    """The sum beside a word for it; else the only sum that is named."""
    sums = [(one, found[0].strip()) for one in sentences for found in _MONEY.finditer(one)]
    beside = [money for sentence, money in sums if _BUDGET_WORD.search(sentence)]
    if beside:
        return beside[0]
    return sums[0][1] if len(sums) == 1 else None
