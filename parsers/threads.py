"""Which thread a message continues."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType

from parsers.ids import MessageId
from parsers.message import Message

ThreadId = NewType("ThreadId", str)

SUBJECT_WINDOW = timedelta(days=30)  # a subject used again later is another matter

# RFC 5256 §2.1 knows Re, Fw and Fwd. Beyond RFC 5256: what mail clients write in German (AW, WG),
# the Scandinavian languages (SV, VS, VB), French (RE, TR), Spanish (RV), Italian (R, I, RIF), Portuguese
# (RES, ENC), Dutch (Antw, Betr, Doorst), Polish (Odp, PD), Finnish, Turkish (YNT, ILT), Chinese.
_REPLY = "re|aw|sv|vs|antw|antwort|betr|r|rif|res|odp|ynt|ref|回复|答复|返信"
_FORWARD = "fw|fwd|wg|vb|tr|rv|i|enc|doorst|pd|ilt|转发|転送"
_PREFIX = re.compile(rf"(?:(?P<reply>{_REPLY})|(?:{_FORWARD}))(?:\[\d{{1,3}}\])? {{0,2}}[:：] {{0,2}}", re.I)
# A gateway's or a list's tag ("[EXTERNAL]", "[Ticket #48213]"): RFC 5256's subj-blob.
_BLOB = re.compile(r"\[[^\[\]]{0,80}\] {0,2}")
_FORWARDED = re.compile(r" {0,2}\(fwd\)$", re.I)
# What a stranger's mail may also be called, in the languages of our clients.
_GENERIC = frozenset(
    word.strip()
    for word in """update, updates, invoice, invoices, hello, hi, hey, question, questions, quick question,
    meeting, call, follow up, following up, reminder, request, info, information, urgent, help, thanks,
    thank you, feedback, document, documents, rechnung, frage, hallo, anfrage, termin, facture, bonjour,
    factura, hola, pregunta, fattura, ciao""".split(",")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseSubject:
    """A subject without what mail clients put around it (RFC 5256 §2.1)."""

    text: str  # lower case, blanks folded; "" where nothing is left
    is_reply: bool  # a reply or forward prefix stood before it


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A thread that has the same base subject."""

    thread: ThreadId
    outsiders: frozenset[str]  # addresses of people outside the agency
    insiders: frozenset[str]  # addresses of the agency's people, without the inbox
    first_at: datetime
    last_at: datetime


def base_subject(subject: str) -> BaseSubject:
    """
    What a subject is about, and whether it says that it answers or forwards.

    Total. A subject that is nothing but prefixes has the text "".

    Source: RFC 5256 §2.1.
    """
    rest = " ".join(subject.split())
    is_reply = False
    while True:
        prefix = _PREFIX.match(rest)
        blob = _BLOB.match(rest)
        if prefix:
            is_reply = True
            rest = rest[prefix.end() :]
        elif blob and rest[blob.end() :]:
            rest = rest[blob.end() :]
        elif trailer := _FORWARDED.search(rest):
            is_reply = True
            rest = rest[: trailer.start()]
        else:
            return BaseSubject(text=rest.lower(), is_reply=is_reply)


def choose_thread(
    message: Message,
    *,
    sent_at: datetime,
    held: Mapping[MessageId, ThreadId],
    same_subject: Sequence[Candidate],
    outsiders: frozenset[str],
    insiders: frozenset[str],
) -> ThreadId | None:
    """
    The thread that a message continues; None where it begins one.

    `held` has the threads of messages that we hold, among those that this one names. The nearest
    ancestor wins; an id that we do not hold joins nothing, for strangers share such ids. Failing
    that, a reply by its subject, to a thread with the same base subject where an outsider is on
    both (or, on internal mail, two colleagues), within SUBJECT_WINDOW.

    Source: RFC 5256 §2.2 (REFERENCES), promises.md P7.
    """
    for named in (*reversed(message.references), *message.in_reply_to):
        if named in held:
            return held[named]

    subject = base_subject(message.subject)
    if not subject.is_reply or not subject.text or subject.text in _GENERIC:
        return None

    def shares_people(one: Candidate) -> bool:
        if outsiders or one.outsiders:
            return bool(outsiders & one.outsiders)
        return len(insiders & one.insiders) >= 2

    def is_near(one: Candidate) -> bool:
        return one.first_at - SUBJECT_WINDOW <= sent_at <= one.last_at + SUBJECT_WINDOW

    near = [one for one in same_subject if is_near(one) and shares_people(one)]
    return max(near, key=lambda one: (one.last_at, one.thread)).thread if near else None
