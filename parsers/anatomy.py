"""A mail taken apart: all that follows from its bytes alone."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.authentication import is_authentic
from parsers.automation import Automation, automation_of
from parsers.body import split_body
from parsers.forward import unwrap_forward
from parsers.letter_tokens import may_answer_us
from parsers.message import Message, parse_message, text_in_html

_MAX_FORWARDS = 5  # of a mail that colleague passed on to colleague


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """The mail inside a forward."""

    message: Message
    own: str  # its author's newly written words
    signature: str  # its author's
    note: str  # what the forwarder newly wrote above; "" for nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Anatomy:
    """A message, who or what wrote it, its own words, and the mail inside it."""

    message: Message
    own: str  # the newly written words
    own_in_html: str  # the same as the HTML says them, of what may answer a letter of ours; else as `own`
    signature: str
    quotes: bool  # it holds words of an earlier mail
    automation: Automation | None
    inside: tuple[
        Inside, ...
    ]  # of a forward the mail inside, of a forward of a forward the one inside that, ...
    verified: bool | None = None  # whether our own server vouches for the author; None where it says nothing


def anatomy_of(raw: bytes, *, trust: str | None = None) -> Anatomy:
    """
    The mail in these bytes, taken apart; `trust` is the authserv-id of our own server, where it is known.

    Raises UnreadableMessage where they hold none. Whether a forward counts as the mail inside is for
    who knows the agency to say.
    """
    message = parse_message(raw)
    inside: list[Inside] = []
    outer = message
    while len(inside) < _MAX_FORWARDS and (inner := unwrap_forward(outer)):
        body = split_body(inner.text)
        note = split_body(inner.note).own
        inside.append(Inside(message=inner, own=body.own, signature=body.signature, note=note))
        outer = inner
    body = split_body(message.text)
    return Anatomy(
        message=message,
        own=body.own,
        own_in_html=split_body(text_in_html(raw)).own if may_answer_us(message) else body.own,
        signature=body.signature,
        quotes=bool(body.quoted),
        automation=automation_of(message, own=body.own),
        inside=tuple(inside),
        verified=None if trust is None else is_authentic(message, authserv_id=trust),
    )
