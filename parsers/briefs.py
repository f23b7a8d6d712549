"""What a brief asks for, field by field, in the client's own words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from parsers.brief_reader import BriefReader, Said
from parsers.dates import due_day
from parsers.reader import sentences_of

_MAX_CHARS = 20_000
_MAX_DELIVERABLES = 8
_MAX_LIMITS = 4
_SHORTEST_LIMIT = 6  # characters: what is shorter is a word left over

_ABOUT = (
    r"(?:(?:about|around|abt|roughly|approximately|circa|up to|under|within|max(?:imum)?|nothing over|no more than"
    r"|between|ca\.|rund|etwa|environ|unos|hasta|max\.?) ){0,2}"
)
_DIGITS = r"\d{1,3}(?:[.,' ]\d{3}){1,3}(?:\.\d{1,2})?|\d{1,7}(?:[.,]\d{1,2})?"
_UNIT = r"(?: ?(?:k|m|mio|mil|millones|million|thousand|grand|lakhs?|crores?)\b)"
_SIGN = r"(?:(?:CA|A|US|NZ|S)?\$|[€£₹¥]|\b(?:USD|EUR|GBP|CHF|PLN|SAR|AED|SGD|INR|CAD|AUD|NZD|ZAR)\b|\bRs\b\.?|\bR(?=\d))"
_CURRENCY = (
    r"(?:[$€£₹¥]|\b(?:USD|EUR|GBP|CHF|PLN|SAR|AED|SGD|INR|CAD|AUD|dollars?|euros?|pounds|francs?|kroner|kronor"
    r"|rupees|rand|yen|pesos|dólares|dinars|złotych)\b)"
)
_SPELLED = (
    r"\b(?:(?:a|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty"
    r"|sixty|seventy|eighty|ninety)[ -]){1,2}(?:hundred|thousand|grand|lakhs?|million)\b"
)
_TERMS = r"(?:,? (?:a month|per month|max|all in|all up|net|tops|including \w{3,20}|(?:ex|plus|inc(?:l\.?)?) \w{3,12})\b|/mo\b)?"
_MONEY = re.compile(
    rf"{_ABOUT}(?:{_SIGN} ?(?:{_DIGITS}){_UNIT}?|\b(?:{_DIGITS}){_UNIT}? ?{_CURRENCY}"
    rf"|\b\d{{1,3}}(?:\.\d)? ?(?:k|grand|lakhs?)\b|{_SPELLED}(?: {_CURRENCY})?){_TERMS}",
    re.I,
)
_BARE_SUM = re.compile(
    rf"\b(?:budget|spend)(?:,? (?:is|of|here|about|around|roughly|up to)|:|\?){{0,2}} (?:\$|€|£)?((?:{_DIGITS}){_UNIT}?{_TERMS})"
    rf"|\b((?:{_DIGITS}) (?:a|per) month)\b",
    re.I,
)
_BUDGET_WORD = re.compile(
    r"\b(?:budget|spend|fund(?:s|ed)?|money|all in|ceiling|price|cost|to play with|set aside|put by|allot(?:ted)?"
    r"|approved|maximum|presupuesto|disponemos|budżet|kosten|enveloppe)\b",
    re.I,
)

# What somebody who asks for work puts before its name.
_MAKE = (
    r"(?:do|make|create|design|produce|build|put together|draw up|mock up|quote(?: us)?(?: for| on)?|prepare|develop"
    r"|write|shoot|cook up|knock up|run up|arrange|commission|request|order|get|have|see|add|include)"
)
_ASKS = re.compile(
    rf"\b(?:(?:(?:we|i)(?:'d|’d| would| should|'ll|’ll| will|'m|’m| am|'re|’re| are|'ve|’ve)?(?: now| also| really)? )?"
    rf"(?:need(?:ing)?|want(?:ing)?|(?<=d )like|(?<=d )love|require|looking for|in the market for|are after|'re after)"
    rf"(?: (?:also|you|your (?:firm|team)|someone|somebody))?(?: to {_MAKE})?"
    rf"|(?:can|could|would|will) (?:you|we|your team|you guys)(?: please| also| all)? {_MAKE}"
    rf"|(?:please|kindly) {_MAKE}|how about|any chance of|(?:we|i) order"
    r"|wir (?:brauchen|benötigen|hätten gerne?|möchten|wünschen uns)|nous (?:avons besoin d[eu]|voudrions|souhaitons)"
    r"|(?:necesitamos|queremos|quisiéramos|os pedimos)|abbiamo bisogno di|precisamos de)"
    r"(?: (?:us|me|from you|up|also|then|von ihnen|que nos armen))?[ ,:]{1,2}"
    r"((?:an?|the|some|one|two|three|four|five|six|ten|twelve|\d{1,4}|new|our|another|eine?n?|une?|des|una?|uns?"
    r"|zwei|drei|tres|[a-zà-ÿ-]{3,20}) [^.!?\n]{2,220})",
    re.I,
)
_AND = re.compile(
    r",\s{1,2}(?:and |plus )?|\s(?:and|plus|&|sowie|und|et|y|e|en)\s"
    r"(?=(?:an?|some|the|\d{1,4}|two|three|four|six|new|eine?n?|une?|una?)\b)"
)
_ENDS = re.compile(
    r"[;:–—(]|\s(?:to|that|which|who|by|before|because|so|when|if|from|until|ready|aimed|since|as|please|but|bis|avant"
    r"|antes|para que|pour le)(?=\s|$)",
    re.I,
)
_NO_DELIVERABLE = re.compile(
    r"(?:to|you|it|this|that|something|someone|somebody|us|me|them|a (?:call|chat|quote|price|meeting|word))\b.{0,3}$"
    r"|(?:for|no|just|ideally|not|with|in|on|at|it|you|us|to|and|or|know|hear|see|get|have)\b",
    re.I,
)

_PEOPLE = (
    r"(?:people|folks?|parents|families|customers|clients|shoppers|kids|children|teens|women|men|moms|mums|mothers|dads"
    r"|students|graduates|buyers|farmers|owners|homeowners|visitors|guests|members|residents|patients|teachers|managers"
    r"|engineers|doctors|physicians|nurses|employees|staff|drivers|travell?ers|tourists|donors|investors|tenants|retirees"
    r"|pensioners|households|professionals|contractors|couples|locals|fans|readers|users"
    r"|youngsters|pupils|volunteers|workers|founders|landlords|jóvenes|familias|clientes|familien|kunden|frauen)"
)
_AUDIENCE = re.compile(
    r"\b(?:aimed (?:mainly )?at|pitched at|directed (?:at|to)|target(?:ing|ed at)"
    r"|(?:target |core )?(?:audience|consumer|group|population|market|customer)(?: is|:| are)"
    r"|target(?: is|:)|meant for|speaking to|(?:speak|talk)s? to|reach(?:ing)?|zielgruppe(?: ist|:| sind)?"
    r"|public(?: cible)?(?: :| est)|dirigid[oa] a|va para|s'adresse (?:d'abord )?(?:aux|à))\s{1,2}([^.!?\n;,]{3,100})"
    rf"|\b(?:for|to|für|para|pour) ((?:[\w’'-]{{1,20}} ){{0,5}}{_PEOPLE}\b[^.!?\n;,]{{0,80}})",
    re.I,
)
_OBJECTIVE = re.compile(
    r"\b(?:(?:the |our )?(?:goal|aim|objective|idea|purpose|main thing)(?: here)?(?: is|:)(?: to)?|in order to"
    r"|so that we(?: can)?|objetivo(?: es|:)(?: que)?|ziel ist(?: es,)?|l['’](?:objectif|idée) est (?:de |d['’])"
    r"|(?:want|need|like|love) (?:to|more) (?!do\b|make\b|have\b|see\b|get\b|talk\b|discuss\b))\s{0,2}([^.!?\n]{3,110})",
    re.I,
)
_METRICS = re.compile(
    r"\b(?:success(?: for us)?(?: is| means| would be| will be| looks like|:)|(?:a (?:win|success)|success|happy) if"
    r"|we win if|kpis?(?: is| are|:)|measured? (?:it )?(?:by|on)|judge (?:it )?(?:by|on)|north star is|target(?: is|:)"
    r"|(?:goal|aim|meta)(?: is|:| son)(?= (?:[\w-]{1,15} )?\d)|we expect)\s{1,2}([^.!?\n;]{3,110})"
    r"|\b(\d{1,3}(?:\.\d)? ?(?:%|percent) (?:more|less|fewer|increase|growth|share|conversion|lift)[^.!?\n;,]{0,60}"
    r"|\d[\d,.]{0,9} (?:sign-?ups|leads|visits|downloads|registrations|bookings|orders|clicks|applications"
    r"|trials|inquiries|enquiries)\b[^.!?\n;,]{0,60})",
    re.I,
)
_CONSTRAINT = re.compile(
    r"\b(?:no (?!problem|rush|worries|idea|need|doubt|one\b|later|hurry|hard|matter|longer|budget|figure)|nothing"
    r" (?:with|too|may|fancy|in)|not? (?:one single|too)|never |do(?:n['’]?t| not) (?:use|show|mention|put|repeat|touch"
    r"|include|make)|must(?: not|n['’]t)|may not|can(?:not|['’]t) (?:show|use|mention|say)|avoid|(?:stay|keep|steer) (?:away"
    r"|clear)|keep (?:the|it|our|to)|without|only in|has to (?:match|fit|work|follow|comply)"
    r"|should (?:remain|match)|needs to (?:fit|work|match|follow|comply)|same (?:design|as)"
    r"|brand guidelines|bitte keine?|darf (?:nicht|kein)|keine |sans |nada de |pas de |geen )"
    r"[^.!?\n;,]{0,100}",
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


def brief_of(own: str, sent: datetime, *, reader: BriefReader, due: date | None = None) -> Brief | None:
    """
    The fields of a brief in these words; None where there are no words.

    What was learned says which words are which field; where it finds none, the forms that people
    use for it do. `due` is the day of the message's own `deadline`, where it has one. Total.
    Source: signals.md, `brief`.
    """
    text = own[:_MAX_CHARS]
    sentences = sentences_of(text)
    if not sentences:
        return None
    said = reader.read(text)
    learned = (one.text for one in said["constraints"] if len(one.text) >= _SHORTEST_LIMIT)
    limits = [*learned, *_limits(text)]
    return Brief(
        deliverables=tuple(dict.fromkeys(one.text for one in said["deliverables"]))[:_MAX_DELIVERABLES]
        or _deliverables(text),
        objective=_likeliest(said["objective"]) or _first(_OBJECTIVE, text),
        audience=_likeliest(said["audience"]) or _first(_AUDIENCE, text),
        deadline=due or _deadline(sentences, sent),
        budget=_likeliest(said["budget"]) or _budget(sentences),
        metrics=_likeliest(said["metrics"]) or _first(_METRICS, text),
        constraints="; ".join(_without_repeats(limits)[:_MAX_LIMITS]) or None,
    )


def _likeliest(said: list[Said]) -> str | None:
    best = max(said, key=lambda one: one.score, default=None)
    return best.text if best else None


def _limits(text: str) -> list[str]:
    return [found[0].strip() for found in _CONSTRAINT.finditer(text) if len(found[0]) >= _SHORTEST_LIMIT]


def _without_repeats(parts: list[str]) -> list[str]:
    """These, without those that hold or repeat an earlier one."""
    kept: list[str] = []
    for part in parts:
        if not any(part in one or one in part for one in kept):
            kept.append(part)
    return kept


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    """What the first match's group holds."""
    found = pattern.search(text)
    return next((one.strip(" ,") for one in found.groups() if one), None) if found else None


def _deliverables(text: str) -> tuple[str, ...]:
    found: list[str] = []
    for asked in _ASKS.finditer(text):
        for part in _AND.split(asked[1]):
            name = _ENDS.split(part, maxsplit=1)[0].strip(" ,:;-")
            if not 3 <= len(name) <= 90 or _NO_DELIVERABLE.match(name):
                break
            found.append(name)
    return tuple(dict.fromkeys(found))[:_MAX_DELIVERABLES]


def _deadline(sentences: list[str], sent: datetime) -> date | None:
    """The first day that is named as a deadline."""
    return next((due for one in sentences if (due := due_day(one, sent))), None)


def _budget(sentences: list[str]) -> str | None:
    """The sum beside a word for it; else the first sum that is named."""
    with_sums = [(one, money[0].strip(" ,")) for one in sentences if (money := _MONEY.search(one))]
    beside = next((budget for one, budget in with_sums if _BUDGET_WORD.search(one)), None)
    bare = next((found for one in sentences if (found := _first(_BARE_SUM, one))), None)
    return beside or bare or (with_sums[0][1] if with_sums else None)
