"""Phrases that change whose turn it is: the agency asking, sending and putting off, anybody taking back."""

from __future__ import annotations

import re
from functools import lru_cache

from parsers.dates import plain

_SPLIT = re.compile(r"(?<=[.!?…])\s+|\n+")
_COURTESY = re.compile(
    r"\b(?:how (?:are|is|was|were) (?:you|things|everything|your|the (?:weekend|holiday|trip))"
    r"|hope (?:you|all)"
    r"|any questions|anything else|questions\?$|wie geht|comment (?:allez|vas|ca va)|como estas?"
    r"|come (?:stai|sta)"
    r"|hoe gaat|tudo bem|right\?$|who knew|know what i mean|isn't it|make sense\?$)"
)
_REQUEST = re.compile(
    r"\b(?:please|pls|kindly|could you|can you|would you|will you|let (?:me|us) know|need you to"
    r"|send (?:me|us)"
    r"|bitte|konnten sie|konnen sie|s'il (?:vous|te) plait|svp|merci de|pouvez-vous|pourriez-vous"
    r"|por favor"
    r"|puede[sn]?|podria[sn]?|per favore|potete|puoi|potresti|alstublieft|graag|kunt u|kun je"
    r"|poderia[ms]?)\b"
)
_NO_REQUEST = re.compile(
    r"\b(?:let (?:me|us) know if (?:you (?:have|need)|there|anything|any)|please (?:find|see|note"
    r"|don't|do not|accept)"
    r"|kindly note|bitte (?:beachten|nicht)|veuillez trouver|please feel free|if you (?:need|have) any"
    r"|just (?:shout|let me know if))"
)
_TAKEN_BACK = re.compile(
    r"\b(?:no need (?:to (?:reply|answer|respond|do|act|look|send|get back|come back|follow|chase"
    r"|worry)|for an?)|never ?mind|nevermind|no (?:reply|answer|response"
    r"|action) (?:is )?(?:needed|necessary|required)"
    r"|(?:disregard|ignore|scratch) (?:my|that|this|the)|forget (?:it|my|that|i asked|about (?:it"
    r"|that|my))|found it"
    r"|figured it out|(?:sorted|settled|resolved|solved|answered|handled|agreed|dealt with|closed"
    r"|cleared)(?: \w{1,12}){0,3} (?:by|on|over) (?:the )?(?:phone|call)"
    r"|(?:sorted|settled|resolved|closed) (?:this |it )?(?:with|by|on|over)|all sorted|clos(?:e"
    r"|ing) this (?:one|thread|off)"
    r"|drop (?:it|this one)|let (?:it|this one) go|consider (?:this|it) (?:closed|done)"
    r"|nothing (?:for you )?to do|hat sich erledigt|schon erledigt|nicht mehr notig|laissez tomber"
    r"|ce n'est plus necessaire"
    r"|ya no (?:hace falta|es necesario)|olvidal[oa]|no hace falta|non (?:serve|importa) piu"
    r"|lascia(?:te)? perdere"
    r"|niet meer nodig|laat maar|nao (?:precisa|e necessario) mais|deixa pra la)\b"
)
_SENT = re.compile(
    r"\b(?:attached|enclosed|attach(?:ing|ment)|here(?:'s| is| are| it is| they are| you go)|(?:have"
    r"|has|just|i've|we've|been|was|were|got|now) "
    r"(?:been )?(?:sent|uploaded|shared|delivered|posted|published|released|ordered|shipped|updated"
    r"|swapped|fixed|changed|done)"
    r"|(?:is|are|it's|went|gone|now|all) (?:now |all )?(?:live|up|online|done|ready|out|finished"
    r"|complete|on staging|on press|in (?:the|your) \w{1,12})"
    r"|^(?:done|sent|uploaded|swapped|fixed|booked|ordered|scheduled|delivered|released|published"
    r"|updated|shared)\b"
    r"|in the shared folder|link below|see below|anbei|im anhang|beigefugt|ci-joint|en piece jointe"
    r"|voici|adjunt[oa]s?|aqui (?:va|esta|tiene)"
    r"|in allegato|allegat[oaie]|ecco|bijgevoegd|bijlage|hierbij|in bijlage|em anexo|segue[m]?"
    r"|anexad[oa])\b"
)
_NOT_SENT = re.compile(
    r"\b(?:will|i'll|we'll|shall|going to|once|when|as soon as|if|not (?:yet )?|working on|tomorrow"
    r"|soon|should be|to be|can you|could you|please)\b"
)
_LATE = re.compile(
    r"\b(?:sorry|apolog(?:y|ies|i[sz]e)|late|later|delay(?:ed|s)?|behind|running|still|almost|nearly|not quite|held up"
    r"|slipp(?:ed|ing)|another (?:day|hour|week)|more time|bear with"
    r"|leider|verzoger\w{0,4}|verspat\w{0,6}|noch nicht|spater|desole\w{0,2}|retard|encore|pas encore"
    r"|lo siento|retras\w{1,4}|todavia|aun no|mas tarde|scusa\w{0,3}|ritardo|ancora|helaas|vertrag\w{0,4}"
    r"|nog niet|later|desculp\w{1,4}|atras\w{1,4}|ainda)\b"
)


@lru_cache(maxsize=64)  # several things are asked of the same words
def _sentences(own: str) -> tuple[str, ...]:
    return tuple(plain(one) for one in _SPLIT.split(own[:20_000]) if one.strip())


def asks(own: str) -> bool:
    """Whether the words want an answer, courtesies aside. Total."""
    return any(
        ("?" in one or _REQUEST.search(one)) and not _COURTESY.search(one) and not _NO_REQUEST.search(one)
        for one in _sentences(own)
    )


def sends(own: str) -> bool:
    """Whether the words bring what was promised, rather than thanks or news of its making. Total."""
    return any(_SENT.search(one) and not _NOT_SENT.search(one) for one in _sentences(own))


def takes_back(own: str) -> bool:
    """Whether the words say that nothing is wanted any more. Total."""
    return any(_TAKEN_BACK.search(one) for one in _sentences(own))


def puts_off(own: str) -> bool:
    """Whether the agency's words say that a thing is still to come. Total."""
    return any(_NOT_SENT.search(one) or _LATE.search(one) for one in _sentences(own))
