"""What a conditional yes hangs on, in the client's own words."""

from __future__ import annotations

import re

from parsers.reader import sentences_of

_MAX_OWN_CHARS = 20_000
_MAX_QUOTE_CHARS = 1_000
_MAX_CHARS = 200  # of a condition
_MAX_SENTENCES = 12  # that a quote is looked for in
_FEWEST_LETTERS = 4  # of a condition: less is half a yes

# What begins a condition, and may stand behind a yes or before it.
_ONE = r"(?:the |my |our )?(?:only|one|just one) (?:small |tiny |last |more |little ){0,2}(?:condition|thing|ask|proviso|point|change|tweak|fix)(?=:|,| is\b| though\b)"
_WHEN = re.compile(
    r"\b(?:(?:but |and |please |effective |conditional |contingent ){0,2}(?:(?:only|just|not|erst|nur|seulement|s[oó]lo|solo|alleen|pas) ){0,2}"
    r"(?:if\b|once\b|unless\b|when\b|whenever\b|after\b|until\b|till\b|not before\b|(?<=not )before\b|up(?:on)? receipt\b|pending\b"
    r"|(?:effective |conditional |contingent )?(?:up)?on (?:the |one |his |her |their )?(?:strict |sole |single )?(?:conditions?|proviso|understanding|footing|board|receipt)\b"
    r"|(?:conditional|contingent|dependent|conditioned) (?:up)?on\b|provid(?:ed|ing)\b|subject to\b|assuming\b|as long as\b|so long as\b"
    r"|as soon as\b|the (?:moment|minute|second|instant)(?= (?!of\b)\w)|the (?:day|date) on which\b|the day(?= (?:that|you|we|it|he|she|they|the|our|my|his|her|their) )"
    rf"|under (?:the|one|two|this) (?:conditions?|reserves?)\b|{_ONE}|with the (?:proviso|caveat)\b"
    r"|sobald\b|wenn\b|falls\b|sofern\b|solange\b|vorausgesetzt\b|vorbehaltlich\b|unter (?:der|einer|dem) (?:bedingung|vorbehalt|voraussetzung)\b|nachdem\b|(?<=erst )nach\b"
    r"|dès (?:lors )?que\b|d[eè]s r[eé]ception\b|sous (?:seule )?réserve\b|à (?:la |une )?(?:seule )?condition\b|pourvu que?\b|si\b(?!,)|une fois\b|après\b|quand\b|lorsque\b|tant que\b"
    r"|siempre (?:que|y cuando)\b|en cuanto\b|cuando\b|una vez\b|a condición\b|con la condición\b|apenas\b|después de\b|tan pronto\b|sujeto a\b|hasta que\b"
    r"|purch[eé]\b|a patto\b|a condizione\b|(?:non )?appena\b|quando\b|dopo\b|salvo\b|fatto salvo\b|zodra\b|mits\b|als\b|op voorwaarde\b|nadat\b|(?:pas )?na\b|desde que\b|assim que\b|depois\b|contanto que\b))",
    re.I,
)
_ONE_POINT = re.compile(_ONE[: _ONE.rindex("(?=")], re.I)
# What begins one behind a yes only.
_BUT = re.compile(
    r"(?:^|[\s,;.])(?:(?:but|only|just|aber|nur|mais|pero|mas|maar|ma|juste)\b,? )"
    r"|(?:^|[\s,;])(?=(?:with|without|minus|except|apart from|aside from|other than|bar|up to|mit|ohne|bis auf|au[sß]er|avec|sans|sauf|hormis|con|sin|salvo|com|sem|senza|met (?:de|het|een|deze|die)|zonder)\b)",
    re.I,
)
_ADVERSE = re.compile(r"[\s,;.](?:but|aber|mais|pero|mas|maar|ma),? ", re.I)
_COUNTED = re.compile(
    r"\b(?:these|those|two|three|four|few|couple of|following|small|minor|\d{1,2}|zwei|drei|deux|trois|dos|tres) (?:\w{1,15} )?"
    r"(?:tweaks?|changes?|corrections?|amendments?|edits?|points?|comments?|things?|fix(?:es)?|reserves?|änderungen|korrekturen|modifications|cambios)$",
    re.I,
)
_YES = re.compile(
    r"(?:\b(?:yes|yep|yeah|yup|ya|aye|ok|okay|oki|fine|good(?: to go)?|great|perfect|approved?|approving|agreed?|go(?: ahead)?|happy|sure|done|passed|clear(?:ed)?"
    r"|accept(?:ed|able)?|confirm(?:ed)?|proceed|final|signed?|looks|love|correct|right|blessed|green|sold|deal|all good|no objections?|can|may|live with"
    r"|ja|einverstanden|freigegeben|freigabe|passt|in ordnung|gern|oui|d['’]accord|validé|bon pour|approuvé|parfait|sí|si|vale|aprobad[oa]|conforme|adelante|perfecto"
    r"|va bene|bene|approvat[oa]|sì|akkoord|goedgekeurd|prima|sim|aprovad[oa])\b|✅|✔|👍)",
    re.I,
)
# Where the condition is over: what may be done then, or why it is made.
_OVER = (
    r"\s{0,2};|\s[–—-]{1,2}\s|\s\(|(?<! by)(?<! until)(?<! before),? (?:and |und |et |y |e )?(?:then|dann|alors|entonces|allora|dan)\b(?! the )|\s=|,\s(?=(?:yes|yep|ok|okay|i|we|you|they|he|she|it|it['’]s|that['’]s|there|please|because|since|as it|otherwise"
    r"|else|treat|consider|take|go|print|send|ship|run|approved|fine|good|ja|oui|sí|dann|sonst|denn|sinon|car|porque|que sin|si no|puede[ns]?|podéis|vous|können|kann|the (?:rest|others?))\b)"
)
_ENDS = re.compile(_OVER, re.I)
_ENDS_BEFORE_YES = re.compile(
    _OVER
    + r"|,\s(?!(?:and|or|und|oder|et|ou|y|o|which|who|where|in|on)\b)|\s(?=(?:you|we|i)(?:['’](?:ve|re|ll|d))? (?:can|may|have|needn['’]t|don['’]t|are|print|sign|should|could|got)\b)",
    re.I,
)
# "Fix that and it's good to print": what to do stands before, and a yes behind.
_AND_THEN = re.compile(
    r",? (?:and|y|und|et) (?:then )?(?=(?:you|it|its|it['’]s|we|we['’]re|i|i['’]m|they|he|she|she['’]ll|the (?:\w{1,15} ){1,2}(?:can|may|is|are)|our (?:\w{1,15} ){1,2}(?:can|may|hands|is|are)|my|done|print|start|order|off|publish|run|go|ship|send|post|load|hit|launch)\b)"
    r"|[,;.:] ?(?:and )?then\b|, (?=(?:sponsor|approved|good to go|ok to|fine by|post it|you can|print)\b)|(?<=\w) (?:kann|can) (?=(?:live|go|launch)\b)|, (?:der|the) rest\b| = yes\b",
    re.I,
)
_POINTS_BACK = re.compile(
    r"\b(?:(?:fix|amend|drop|change|sort|do|correct|correcting|give us|make|made|swap|with|minus|take|after|yank|lose|move|cut|use|apply|address|unter|mit|avec|con|without|under) "
    r"(?:out )?(?:that|those|this|these|them|it['’]s|it|so|theirs|diesen|ces|estos|esos)\b(?! (?:the|a)\b)|after replacing$)|^correct\b|\b(?:once|when|if) (?:these|those|they)\b|\bmove ['’]em",
    re.I,
)
_NOTHING = re.compile(
    r"(?:(?:only )?(?:after|with|when|by|bar|in|danach|nach|avec|con) (?:that|this|then|it|all|dem|das|ça|cela|eso)|(?:so|as) long as|provided)"
    r"|if (?:you|not|that|possible|need(?:ed)?|any)(?: (?:can|want|like|need|have|agree|could))?|si vous voulez|if you have any questions",
    re.I,
)
_LOOSE_START = re.compile(r"^(?:(?:and|but|please|aber|mais|pero|bitte),? ){1,2}(?=\w)", re.I)
_LOOSE_END = re.compile(r",? (?:and|and not|but|und|et|y|or)$", re.I)
_OF_A_YES = re.compile(
    rf"{_YES.pattern}|\b(?:it|that|this|is|by|me|us|with|for|from|the|we|i|you|please|to|are|['’]?s|all|let|and)\b|[\W_]",
    re.I,
)


def condition_of(own: str, quote: str) -> str | None:
    """
    What has to be done or to happen before a conditional yes holds; None where no words say it.

    `own` is the message's own words and `quote` those of them that show the yes. Gives one line of the
    client's words, of 200 characters at the most; where they point back ("fix that"), with the
    sentence that they point to. Total, and linear in the first 20,000 characters.

    Source: signals.md, `approval`, status `conditional`.
    """
    sentences = [_flat(one) for one in sentences_of(own[:_MAX_OWN_CHARS])]
    quote = _flat(quote[:_MAX_QUOTE_CHARS])
    if not quote:
        return None
    inside = [i for i, one in enumerate(sentences) if quote in one][:1]
    covered = inside or [i for i, one in enumerate(sentences) if one in quote][:_MAX_SENTENCES]
    tried = [(at, rule) for rule in (_beside_yes, _first_do) for at in covered]
    for at, rule in tried:
        if found := rule(sentences[at], quote if inside else sentences[at]):
            return _cut(_with_what_it_means(found, sentences, at))
    nearby = sentences[covered[-1] + 1 : covered[-1] + 2] if covered else [quote]
    following = next((found for one in nearby if (found := _but(one) or _when(one, sure=True))), None)
    found = following or _rest_of(quote)
    if found and not following and inside:
        found = _with_what_it_means(found, sentences, inside[0])
    return _cut(found) if found else None


def _beside_yes(sentence: str, quote: str) -> str | None:
    """The condition in the sentence of a quote: behind the quote's beginning, else anywhere in it."""
    behind = sentence[sentence.index(quote) :]
    return (
        _but(behind, _ADVERSE) or _when(behind, leads=behind == sentence) or _when(sentence) or _but(sentence)
    )


def _with_what_it_means(found: str, sentences: list[str], at: int) -> str:
    """A condition with the sentences that it points to: before it, or, where none is, behind it."""
    before = [one for one in sentences[max(at - 2, 0) : at] if len(one.split()) > 2 and one[-1] != ","]
    counts = _COUNTED.search(found)
    if counts and (not before or sentences[at].endswith(":")):
        return " ".join([f"{found}:", *sentences[at + 1 : at + 4]]) if sentences[at + 1 :] else found
    if not (counts or _POINTS_BACK.search(found)):
        return found
    if not before:
        return sentences[at][: max(sentences[at].find(found), 0) + len(found)]
    short = len(" ".join(before)) + len(found) < _MAX_CHARS
    return " ".join([*(before if short else before[-1:]), found])


def _when(words: str, *, leads: bool = True, sure: bool = False) -> str | None:
    """
    From the word that begins a condition to where it is over.

    `leads`: the words begin a sentence, so that the yes may follow; `sure` wants a yes among them.
    """
    found = _WHEN.search(words)
    if found is None:
        return None
    if sure and not (
        _YES.search(words[: found.start()] + words[found.end() :]) or _ONE_POINT.match(found[0])
    ):
        return None
    ends = _ENDS_BEFORE_YES if leads and found.start() <= 4 else _ENDS
    end = ends.search(words, found.end() + 4)
    return _worth(words[found.start() : end.start() if end else None])


def _but(sentence: str, behind: re.Pattern[str] = _BUT) -> str | None:
    """What stands behind a yes and a "but", "with" or the like."""
    agreed = _YES.search(sentence)
    found = behind.search(sentence, agreed.end()) if agreed else None
    if found is None:
        return None
    ends = [one.start() for rule in (_ENDS, _AND_THEN) if (one := rule.search(sentence, found.end() + 4))]
    return _worth(sentence[found.end() : min(ends, default=None)])


def _first_do(sentence: str, quote: str) -> str | None:
    """What is to be done first, where a yes follows it."""
    for words in (quote, sentence):
        found = _AND_THEN.search(words, 3)
        if found and _OF_A_YES.sub("", words[: found.start()]):
            return _worth(words[: found.start()])
    return None


def _rest_of(quote: str) -> str | None:
    """The words that show the yes, where they say more than yes."""
    return _worth(quote) if len(quote.split()) > 2 and _OF_A_YES.sub("", quote) else None


def _worth(words: str) -> str | None:
    words = _LOOSE_START.sub("", _LOOSE_END.sub("", words.strip(" ,;:.!–—-")))
    letters = sum(c.isalpha() for c in words)
    return words if letters >= _FEWEST_LETTERS and not _NOTHING.fullmatch(words) else None


def _flat(words: str) -> str:
    return " ".join(words.split())


def _cut(words: str) -> str:
    return words if len(words) <= _MAX_CHARS else words[: _MAX_CHARS - 1].rsplit(" ", 1)[0] + "…"
