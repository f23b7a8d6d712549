"""What a message says: scores and rules to signals with their evidence (signals.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from parsers.dates import due_day, plain
from parsers.reader import Before, Reader, Scores, Sentence
from parsers.turns import WaitingOn
from parsers.workspaces import Side

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
    confidence: float = 1.0  # of a hundred at 0.8, 80 are right
    sure: bool = True  # confident enough to be shown without a question mark

    def __post_init__(self) -> None:
        if (self.kind is Kind.APPROVAL) is not (self.status is not None):
            raise ValueError(f"{self.kind} with status {self.status}")

    @property
    def label(self) -> str:
        """What the reader calls it: its kind, with an approval's status ("approval/granted")."""
        return f"{self.kind}/{self.status}" if self.status else str(self.kind)


_NEAR = 0.5  # of its threshold; measured on threads that the reader had not learned from
_OWES = frozenset(
    {"brief", "question", "risk"}
    | {f"approval/{one}" for one in (Status.CONDITIONAL, Status.CHANGES, Status.REJECTED, Status.WITHDRAWN)}
)
_GRANTED = f"{Kind.APPROVAL}/{Status.GRANTED}"
# "not approved yet", "once signed off", "who approves this": the word for a yes in another's scope.
_NO_YES = re.compile(
    r"\b(?:(?:not|never|cannot|nobody|no one|yet to|before|until|till|once|if|unless|whether|who|when|as soon as"
    r"|(?:has|have|is|was|does|do|did|ca|wo)n't)\b[^.,;!?]{0,40}"
    r"\b(?:approv\w{1,5}|sign(?:ed|s)?[ -]off|green[ -]?light\w{0,3}|go[ -]ahead)"
    r"|(?:nicht|sobald|falls|wenn|bevor|wer)\b[^.,;!?]{0,40}\b(?:freigegeben|freigibt|genehmigt|freigabe)"
    r"|(?:pas|si|avant|quand|des que|qui)\b[^.,;!?]{0,40}\b(?:valid\w{1,4}|approuv\w{1,4}|bon a tirer)"
    r"|(?:no|si|antes|cuando|quien)\b[^.,;!?]{0,40}\b(?:aprob\w{1,5}|visto bueno))\b"
)

SAID_BY = {
    Side.AGENCY: frozenset({"approval/requested", "promise", "deadline", "payment"}),
    Side.CLIENT: frozenset(
        {f"approval/{one}" for one in Status if one is not Status.REQUESTED}
        | {"brief", "question", "deadline", "scope", "payment", "risk"}
    ),
}
# Of each of these one is said, the likeliest. A yes to one piece of work stands beside changes to another,
# or a no to it; two other statuses in a message are so rare that the second is mostly a mistake (measured).
_RIVALS = (
    frozenset({"approval/conditional", "approval/changes", "approval/rejected", "approval/withdrawn"}),
    frozenset({"approval/granted", "approval/conditional"}),
    frozenset({"approval/granted", "approval/withdrawn"}),
)


def signals_of(
    text: str,
    *,
    before: Before | None,
    side: Side,
    sent: datetime,
    reader: Reader,
    leaves: WaitingOn | None = None,
) -> tuple[Signal, ...]:
    """
    What a message says, each with the shortest of its own words that shows it.

    `text` are the author's new words, below the subject where that counts: on the first message of a
    thread, or where the body has no words of its own. `leaves` is whose turn it leaves where a client
    wrote it (`turn_of`): where that is the agency's and nothing is likely enough, what comes nearest is
    said, unsure; but never a yes. Who speaks decides what can be said: only the agency promises and asks
    for approval, only a client decides. Total.
    """
    scores = reader.read(text, before=before, side=side)
    likely = {
        label: score
        for label, score in scores.message.items()
        if label in SAID_BY[side] and score >= reader.thresholds[label].said
    }
    if not likely and leaves is WaitingOn.AGENCY:
        likely = _nearest(scores, reader)
    asked = reader.was_asked(before)
    found: list[Signal] = []
    for label in sorted(_without_rivals(likely)):
        sentence = _evidence(scores, label, sent)
        if sentence is not None:
            quote = _shortest(sentence, label, side=side, asked=asked, reader=reader)
            sure = likely[label] >= reader.thresholds[label].sure
            found.append(_signal(label, quote, sentence, likely[label], sure, sent))
    return tuple(_without_repeated_day(found))


def _nearest(scores: Scores, reader: Reader) -> dict[str, float]:
    """The label that explains best why an answer is owed, if it comes near enough to being said."""
    near = {
        label: scores.message.get(label, 0.0) / threshold.said
        for label, threshold in reader.thresholds.items()
        if label in _OWES
    }
    label = max(near, key=lambda one: near[one], default=None)
    return {label: scores.message[label]} if label and near[label] >= _NEAR else {}


def _without_rivals(likely: dict[str, float]) -> set[str]:
    lost = set()
    for rivals in _RIVALS:
        there = sorted(rivals & likely.keys(), key=lambda label: likely[label])
        lost |= set(there[:-1])
    return likely.keys() - lost


def _evidence(scores: Scores, label: str, sent: datetime) -> Sentence | None:
    """
    The sentence that shows a label best; None where none does.

    What names no day shows no deadline, and a yes that is denied, awaited or asked for is none.
    """
    ordered = sorted(scores.sentences, key=lambda one: -one.scores.get(label, 0.0))
    best = next((one for one in ordered if label != Kind.DEADLINE or due_day(one.text, sent)), None)
    if best and label == _GRANTED and _NO_YES.search(plain(best.text)):
        return None
    return best


def _shortest(sentence: Sentence, label: str, *, side: Side, asked: bool, reader: Reader) -> str:
    """The clause of the sentence that alone shows as much as the whole; else the whole."""
    clauses = [found[0].strip() for found in _CLAUSE.finditer(sentence.text)]
    if len(clauses) < 2:
        return sentence.text
    scored = [(reader.scores_of(one, side=side, asked=asked)[label], one) for one in clauses]
    best, clause = max(scored)
    return clause if best >= sentence.scores[label] else sentence.text


def _signal(label: str, quote: str, sentence: Sentence, score: float, sure: bool, sent: datetime) -> Signal:
    kind, _, status = label.partition("/")
    due = None
    if kind in (Kind.DEADLINE, Kind.PROMISE):
        due = due_day(quote, sent)
        if due is None and quote != sentence.text:
            due = due_day(sentence.text, sent)
            # The words that say when are part of what shows it.
            quote = sentence.text if due else quote
    return Signal(
        kind=Kind(kind),
        status=Status(status) if status else None,
        quote=quote,
        due=due,
        confidence=round(score, 3),
        sure=sure,
    )


def _without_repeated_day(found: list[Signal]) -> list[Signal]:
    """A promise with its day is no second deadline."""
    promised = {one.due for one in found if one.kind is Kind.PROMISE and one.due}
    return [one for one in found if not (one.kind is Kind.DEADLINE and one.due in promised)]
