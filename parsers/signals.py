"""What a message says: scores and rules to signals with their evidence (signals.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from parsers.dates import due_day
from parsers.reader import Before, Reader, Scores, Sentence, sentence_features
from parsers.workspaces import Side

_CLAUSE_KEEPS = 0.9  # of its sentence's score, or the clause alone does not show it
_CLAUSE = re.compile(r"(?:[^,;:—–()]|(?<=\d)[,:](?=\d)){8,}")  # a comma within a sum parts nothing


class Kind(StrEnum):
    """What a message can say (signals.md, "Signals")."""

    BRIEF = "brief"
    APPROVAL = "approval"
    QUESTION = "question"
    DEADLINE = "deadline"
    PROMISE = "promise"
    SCOPE = "scope"
    PAYMENT = "payment"
    RISK = "risk"


class Status(StrEnum):
    """What an approval signal decides, or asks."""

    REQUESTED = "requested"
    GRANTED = "granted"
    CONDITIONAL = "conditional"
    CHANGES = "changes"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One thing that a message says (signals.md, "Signals")."""

    kind: Kind
    quote: str  # the author's own words, verbatim, never from quoted text
    status: Status | None = None  # for an approval, and for nothing else
    due: date | None = None  # a day in the author's zone, not an instant
    confidence: float = 1.0  # 0 to 1

    def __post_init__(self) -> None:
        if (self.kind is Kind.APPROVAL) is not (self.status is not None):
            raise ValueError(f"{self.kind} with status {self.status}")


_SAID_BY = {
    Side.AGENCY: frozenset({"approval/requested", "promise", "deadline", "payment"}),
    Side.CLIENT: frozenset(
        {f"approval/{one}" for one in Status if one is not Status.REQUESTED}
        | {"brief", "question", "deadline", "scope", "payment", "risk"}
    ),
}
# Of one piece of work only one of these can be true, and the likelier is.
_RIVALS = (
    frozenset({"approval/granted", "approval/conditional", "approval/rejected", "approval/withdrawn"}),
    frozenset({"approval/conditional", "approval/changes"}),
)


def signals_of(
    own: str, *, subject: str | None, before: Before | None, side: Side, sent: datetime, reader: Reader
) -> tuple[Signal, ...]:
    """
    What a message says, each with the shortest of its own words that shows it.

    `subject` is given where it counts: on the first message of a thread, or where the body has no
    words of its own. Who speaks decides what can be said: only the agency promises and asks for
    approval, only a client decides. Total.
    """
    text = f"{subject}\n{own}" if subject else own
    scores = reader.read(text, before=before, side=side)
    likely = {
        label: score
        for label, score in scores.message.items()
        if label in _SAID_BY[side] and score >= reader.thresholds[label]
    }
    asked = reader.was_asked(before)
    found: list[Signal] = []
    for label in sorted(_without_rivals(likely)):
        sentence = _evidence(scores, label, sent)
        if sentence is not None:
            quote = _shortest(sentence, label, side=side, asked=asked, reader=reader)
            found.append(_signal(label, quote, sentence, likely[label], sent))
    return tuple(_without_repeated_day(found))


def _without_rivals(likely: dict[str, float]) -> set[str]:
    lost = set()
    for rivals in _RIVALS:
        there = sorted(rivals & likely.keys(), key=lambda label: likely[label])
        lost |= set(there[:-1])
    return likely.keys() - lost


def _evidence(scores: Scores, label: str, sent: datetime) -> Sentence | None:
    """The sentence that shows a label best; what names no day shows no deadline."""
    there = [one for one in scores.sentences if label != Kind.DEADLINE or due_day(one.text, sent)]
    return max(there, key=lambda one: one.scores.get(label, 0.0), default=None)


def _shortest(sentence: Sentence, label: str, *, side: Side, asked: bool, reader: Reader) -> str:
    """The clause of the sentence that alone shows as much as the whole; else the whole."""
    enough = _CLAUSE_KEEPS * sentence.scores[label]
    clauses = [found[0].strip() for found in _CLAUSE.finditer(sentence.text)]
    if len(clauses) < 2:
        return sentence.text
    scored = [
        (reader.sentence.score(sentence_features(one, side=side, asked=asked))[label], one) for one in clauses
    ]
    best, clause = max(scored)
    return clause if best >= enough else sentence.text


def _signal(label: str, quote: str, sentence: Sentence, score: float, sent: datetime) -> Signal:
    kind, _, status = label.partition("/")
    due = None
    if kind in (Kind.DEADLINE, Kind.PROMISE):
        due = due_day(quote, sent) or due_day(sentence.text, sent)
        # The words that say when are part of what shows it.
        quote = sentence.text if due and due_day(quote, sent) is None else quote
    return Signal(
        kind=Kind(kind),
        status=Status(status) if status else None,
        quote=quote,
        due=due,
        confidence=round(score, 3),
    )


def _without_repeated_day(found: list[Signal]) -> list[Signal]:
    """A promise with its day is no second deadline."""
    promised = {one.due for one in found if one.kind is Kind.PROMISE and one.due}
    return [one for one in found if not (one.kind is Kind.DEADLINE and one.due in promised)]
