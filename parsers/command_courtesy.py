"""Whether a reply says nothing but thanks."""

from __future__ import annotations

import re

from parsers.command_names import is_said_of_items
from parsers.command_words import is_order_word, lowered

_LONGEST = 400  # characters: who writes more says more
_MOST_NAMES = 4  # words: "Maya Chen" and "Northlight"

_PHRASES = (
    r"good (?:morning|afternoon|evening|day|night)|thank(?:s| you|you)(?: (?:so much|very much|a lot|a million|a bunch|again|in advance|all|everyone))*"
    r"(?: for (?:this|that|it|all(?: (?:this|that))?|everything|your (?:help|time|work|patience)|the (?:help|update|digest|heads[- ]up|info|reminder)|letting me know))?"
    r"|many thanks|much appreciated|(?:i |we )?(?:really |much )?appreciate (?:it|that|this)|merci(?: beaucoup| bien)?|(?:vielen|herzlichen|besten) dank"
    r"|danke(?: (?:schön|schon|sehr|dir|ihnen|euch))?|(?:muchas |mil )?gracias|(?:mille |tante )?grazie|(?:muito )?obrigad[oa]|dank (?:je|u)(?: wel)?|bedankt|tack|tak"
    r"|(?:that's |that is |this is |it's |you're |you are )?(?:all |very |really |so |just |pretty |super )?"
    r"(?:great|good|perfect|lovely|nice|excellent|brilliant|awesome|fantastic|wonderful|amazing|cool|super|superb|fine|helpful|useful|the best)(?: (?:stuff|job|work|one|news))?"
    r"|well done|sounds (?:good|great)|looks (?:good|great)|love (?:it|this)|got it|noted|understood|will do|roger|no (?:problem|worries)|my pleasure|you're welcome"
    r"|ok(?:ay|ie|ey)?|kk?|yay|wow|hooray|ta|ty|tysm|thx|tx|tnx|cheers|(?:hi|hello|hey|dear)(?: (?:there|all|team|practiq))?"
    r"|(?:have a |enjoy (?:your |the )?)?(?:nice |great |good |lovely |wonderful )*(?:day|weekend|week|evening|holiday|one)(?: ahead)?"
    r"|(?:same to you|you too)|(?:see|talk to|speak to) you(?: (?:soon|later|then))?|(?:talk|speak) soon|bye(?: bye)?|take care"
    r"|(?:(?:with |my )?(?:best|kind|warm|warmest|kindest|many) )?(?:regards|wishes)|all the best|best|sincerely|yours(?: (?:truly|sincerely))?|greetings"
    r"|(?:mit freundlichen |viele |liebe |beste )?gr(?:ü|ue)(?:ß|ss)en?|cordialement|bien à vous|saludos|xx?|xoxo"
)
_FILLS = re.compile(r"(?:and|practiq|team|all|everyone|everybody|so much|a lot|again)(?![^\W_])")
_SAYS = re.compile(rf"(?:{_PHRASES})(?![^\W_])")
_FACES = re.compile(
    "(?:[👍👌🙏🙂😊😀😃😄😁🤗😍🥰👏🙌💪🎉🥳💯❤💙💚💛🧡💜✨⭐🌟☺🤝][\U0001f3fb-\U0001f3ff\ufe0f]?|[:;]-?[)Dp]|<3)"
)
_BETWEEN = re.compile(r"[\s,.!&~*_–—-]+")
_NAME = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?")
_TO_WHOM = re.compile(
    r"(?:thanks|thank you|thankyou|thx|ta|ty|cheers|hi|hello|hey|dear|merci|danke|gracias|grazie|regards|best|wishes|again|much|morning|greetings)\W*$"
)
_NEWS = re.compile(
    r"^(?:stop|wait|cancel|start|send|reply|call|write|check|look|read|see|ask|tell|remove|delete|drop|keep|what|urgent|please|pls)$|(?:[a-z]{3}ing|[a-z]{3}(?<!m)ed|n't)$"
)


def is_courtesy(own: str) -> bool:
    """
    Whether all of a reply's own words are thanks, an ok, a greeting, or the name below: it needs no answer.

    An empty one is none, and what might be an order, a question or news is none. Total.
    """
    text = own.strip()
    if not text or len(text) > _LONGEST:
        return False
    low = lowered(text.replace("’", "'"))
    at, names, has_said = 0, 0, False
    while at < len(low):
        if said := _SAYS.match(low, at) or _FACES.match(text, at):
            at, has_said = said.end(), True
        elif between := _FILLS.match(low, at) or _BETWEEN.match(low, at):
            at = between.end()
        elif has_said and (name := _NAME.match(text, at)) and _may_be_name(text, low, name):
            at, names = name.end(), names + 1
        else:
            return False
    return has_said and names <= _MOST_NAMES


def _may_be_name(text: str, low: str, name: re.Match[str]) -> bool:
    """Whether a word that is no courtesy stands where a name does: behind thanks or a greeting, or below all."""
    word = low[name.start() : name.end()].rstrip(".")
    if is_order_word(word) or is_said_of_items(word) or _NEWS.search(word):
        return False
    before = low[: name.start()]
    if _TO_WHOM.search(before[-20:]):
        return True
    is_below = (
        "\n" in before and "\n\n" not in text[name.end() :].strip("\n") and text[name.start()].isupper()
    )
    goes_on = before[-1:] == " " and text[name.start()].isupper() and not _SAYS.fullmatch(before.split()[-1])
    return is_below or goes_on
