"""The trained model: features and weights to scores. Pure arithmetic; the weights are an argument."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import exp, log, sqrt
from typing import Any

from parsers.workspaces import Side

VERSION = 2  # of the features: weights learned for others are refused
PARTS = ("asked", "sentence", "message", "leaves")  # the models of a reader
MAX_CHARS = 20_000  # of a message: more words than anybody writes by hand
_BEFORE_CHARS = 3_000
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+|[?!%$€£]")
# A sentence ends at its mark, or with its line.
_SENTENCE = re.compile(r"[^\n.!?。！？]*(?:[.!?。！？](?=[\w.,!?])[^\n.!?。！？]*)*[.!?。！？]*[\"'”’)]*")

_NAME = re.compile(r"[^\W\d_a-z][\w'’.-]{0,20}(?: [^\W\d_a-z][\w'’.-]{0,20}){0,2}")
_WRAPPED_FROM = 55  # letters: clients wrap at 72 or 78, and a long word may not have fitted
_GOES_ON = re.compile(r"[\w(\"'“‘$€£]")  # not a bullet, not an empty line


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """The message just before on the thread: what an answer answers."""

    own: str
    side: Side
    earlier: str | None = None  # where a client wrote it: what the agency last said before that


def following(before: Before | None, own: str, side: Side) -> Before:
    """What stands before the message that comes next on the thread, after these words. Total."""
    earlier = None
    if side is Side.CLIENT and before:
        earlier = before.own if before.side is Side.AGENCY else before.earlier
    return Before(own=own, side=side, earlier=earlier)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of a message, verbatim, and how likely it shows each label."""

    text: str
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """How likely a message says each label ("brief", "approval/granted", …): of a hundred at 0.8, 80 do."""

    message: Mapping[str, float]
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """From where on a label is said, and is sure; and what its raw score is worth (Platt scaling)."""

    said: float  # a likelihood, as is `sure`
    sure: float
    slope: float = 1.0
    shift: float = 0.0

    def likelihood(self, score: float) -> float:
        """How often messages of this score say the label."""
        odds = log(max(score, 1e-9) / max(1 - score, 1e-9))
        return _logistic(self.slope * odds + self.shift)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """One logistic regression for each label, over named features."""

    labels: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[tuple[int, float], ...]]  # of a feature: label number and weight

    def score(self, features: Mapping[str, float]) -> dict[str, float]:
        """The probability of each label."""
        sums = list(self.bias)
        for name, value in features.items():
            for label, weight in self.weights.get(name, ()):
                sums[label] += weight * value
        return {label: _logistic(one) for label, one in zip(self.labels, sums, strict=True)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What was learned from labelled examples (training/)."""

    thresholds: Mapping[str, Threshold]  # of each label
    asked: Linear  # does the message before ask for a decision
    sentence: Linear
    message: Linear
    leaves: Linear  # whose turn a client's message leaves it (parsers/turns.py)

    @classmethod
    def from_json(cls, text: str | bytes) -> Reader:
        """The reader of these weights; ValueError where they were learned for other features."""
        tree = json.loads(text)
        if tree["version"] != VERSION:
            raise ValueError(f"weights of version {tree['version']}, this reader is version {VERSION}")
        parts = {name: _linear(tree[name]) for name in PARTS}
        thresholds = {label: Threshold(**one) for label, one in tree["thresholds"].items()}
        return cls(thresholds=thresholds, **parts)

    def read(self, own: str, *, before: Before | None, side: Side) -> Scores:
        """How likely a message says what, as a whole and sentence by sentence. Total."""
        own = own[:MAX_CHARS]
        asked = self.was_asked(before)
        sentences = tuple(
            Sentence(text=one, scores=self.sentence.score(sentence_features(one, side=side, asked=asked)))
            for one in sentences_of(own)
            if not self._is_name(one)
        )
        whole = self.message.score(message_features(own, before=before, side=side, asked=asked))
        best = {label: max((one.scores[label] for one in sentences), default=0.0) for label in whole}
        found = {label: (score + best[label]) / 2 for label, score in whole.items()}
        likely = {
            label: self.thresholds[label].likelihood(score) if label in self.thresholds else score
            for label, score in found.items()
        }
        return Scores(message=likely, sentences=sentences)

    def _is_name(self, sentence: str) -> bool:
        """Whether a line is a name that nobody taught us, as below a mail: it says nothing, and is no short answer."""
        named = _NAME.fullmatch(sentence) is not None
        return named and not any(word in self.sentence.weights for word in _words(sentence))

    def turn(self, own: str, *, before: Before | None) -> dict[str, float]:
        """How likely a client's message leaves it to the agency, and to the client. Total."""
        asked = self.was_asked(before)
        own = own[:MAX_CHARS]
        return self.leaves.score(message_features(own, before=before, side=Side.CLIENT, asked=asked))

    def was_asked(self, before: Before | None) -> bool:
        """Whether the agency has asked for a decision: in the message before, or before a client's."""
        words = None if before is None else before.own if before.side is Side.AGENCY else before.earlier
        return words is not None and max(self.asked.score(asked_features(words)).values()) >= 0.5


def sentences_of(own: str) -> list[str]:
    """
    The sentences of a text, verbatim, without the blanks around them.

    A line that a mail client wrapped goes on in the next one.
    """
    found = (own[match.start() : match.end()].strip() for match in _SENTENCE.finditer(_unwrapped(own)))
    return [one for one in found if one]


def _unwrapped(text: str) -> str:
    """The text, each letter where it was, with a blank for each line break that only wraps."""
    lines = text.split("\n")
    joined = lines[0]
    for line, behind in pairwise(lines):
        wraps = len(line) >= _WRAPPED_FROM and _GOES_ON.match(behind) and line[-1] not in ".!?:"
        joined += (" " if wraps else "\n") + behind
    return joined


# ---------------------------------------------------------------- features
# A word or two is its own name; a mark that no word has begins the name of everything else.


def asked_features(text: str) -> dict[str, float]:
    """What tells a request for a decision."""
    words = _words(text[:_BEFORE_CHARS])
    return _normal(_grams(words))


def sentence_features(text: str, *, side: Side, asked: bool) -> dict[str, float]:
    """What tells what a sentence says, by whom, in answer to what."""
    words = _words(text)
    grams = list(_grams(words))
    found = _normal(grams)
    found |= _normal(_crossed(grams, side, asked))
    found |= _normal(_pieces(words))
    return found | _circumstances(text, words, side, asked)


def message_features(text: str, *, before: Before | None, side: Side, asked: bool) -> dict[str, float]:
    """What tells what a whole message says, by whom, in answer to what."""
    words = _words(text)
    grams = list(_grams(words))
    found = _normal(grams)
    found |= _normal(_crossed(grams, side, asked))
    found |= _normal(_pieces(words))
    if before is not None:
        found |= _normal(f"<{before.side} {gram}" for gram in _grams(_words(before.own[:_BEFORE_CHARS])))
    return found | _circumstances(text, words, side, asked) | {f"= before {before and before.side}": 1.0}


def _words(text: str) -> list[str]:
    folded = text.lower().replace("’", "'")
    return ["0" if one.isdigit() else one for one in _WORD.findall(folded)]


def _grams(words: list[str]) -> Iterable[str]:
    """Words, and pairs of neighbours."""
    yield from words
    yield from (f"{one} {other}" for one, other in pairwise(["^", *words, "$"]))


def _crossed(grams: Iterable[str], side: Side, asked: bool) -> Iterable[str]:
    return (f"{side}{'?' if asked else ''}|{gram}" for gram in grams)


def _pieces(words: list[str]) -> Iterable[str]:
    """Runs of three to five letters within words: endings, compounds, typing errors."""
    return (piece for word in words for piece in _pieces_of(word))


@lru_cache(maxsize=50_000)
def _pieces_of(word: str) -> tuple[str, ...]:
    bounded = f"_{word}_"
    return tuple(
        f"~{bounded[at : at + length]}" for length in (3, 4, 5) for at in range(len(bounded) - length + 1)
    )


def _circumstances(text: str, words: list[str], side: Side, asked: bool) -> dict[str, float]:
    length = next((most for most in (4, 10, 25, 60) if len(words) <= most), 99)
    return {
        f"= {side}": 1.0,
        f"= {side} asked {asked}": 1.0,
        f"= length {length}": 1.0,
        f"= {side} question {'?' in text}": 1.0,
    }


def _normal(names: Iterable[str]) -> dict[str, float]:
    """Each name once, all together of length one."""
    found = dict.fromkeys(names)  # in their order, since a sum of fractions depends on it
    return dict.fromkeys(found, 1 / sqrt(len(found))) if found else {}


def _logistic(x: float) -> float:
    return 1 / (1 + exp(-x)) if x > -50 else 0.0


def _linear(tree: dict[str, Any]) -> Linear:
    """Weights as written: each feature's as a flat list of label number and hundredths."""
    shared: dict[tuple[int, int], tuple[int, float]] = {}  # few differ: a tenth of the memory
    weights = {
        name: tuple(
            shared.setdefault(pair, (pair[0], pair[1] / 100))
            for pair in zip(flat[::2], flat[1::2], strict=True)
        )
        for name, flat in tree["weights"].items()
    }
    return Linear(labels=tuple(tree["labels"]), bias=tuple(tree["bias"]), weights=weights)
