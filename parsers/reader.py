"""The trained model: what a message says, by features and weights. Pure arithmetic; the weights are an argument."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from itertools import pairwise
from math import log
from typing import NamedTuple

from parsers.linear import Group, Linear, linears_of, logistic, tree_of
from parsers.workspaces import Side

VERSION = 3  # of the features: weights learned for others are refused
PARTS = ("asked", "sentence", "message", "leaves")  # the models of a reader
_REMEMBERED = 20_000  # sentences
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
        return logistic(self.slope * odds + self.shift)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What was learned from labelled examples (training/)."""

    thresholds: Mapping[str, Threshold]  # of each label
    asked: Linear  # does the message before ask for a decision
    sentence: Linear
    message: Linear
    leaves: Linear  # whose turn a client's message leaves it (parsers/turns.py)
    # Greetings, thanks and sign-offs come again and again.
    _scored: dict[tuple[str, Side, bool], Mapping[str, float]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _asked: dict[str, bool] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def from_json(cls, text: str | bytes) -> Reader:
        """The reader of these weights; ValueError where they were learned for other features."""
        tree = json.loads(text)
        if tree["version"] != VERSION:
            raise ValueError(f"weights of version {tree['version']}, this reader is version {VERSION}")
        thresholds = {label: Threshold(**one) for label, one in tree["thresholds"].items()}
        return cls(thresholds=thresholds, **linears_of(tree, PARTS))

    def to_json(self) -> str:
        """What `from_json` reads."""
        thresholds = {label: asdict(one) for label, one in self.thresholds.items()}
        models = {name: getattr(self, name) for name in PARTS}
        tree = {"version": VERSION, "thresholds": thresholds} | tree_of(models)
        return json.dumps(tree, ensure_ascii=False, separators=(",", ":"))

    def read(self, own: str, *, before: Before | None, side: Side) -> Scores:
        """How likely a message says what, as a whole and sentence by sentence. Total."""
        own = own[:MAX_CHARS]
        asked = self.was_asked(before)
        sentences = tuple(
            Sentence(text=one, scores=self.scores_of(one, side=side, asked=asked))
            for one in sentences_of(own)
            if not self._is_name(one)
        )
        whole = self.message.score_groups(message_groups(own, before, side, asked))
        best = {label: max((one.scores[label] for one in sentences), default=0.0) for label in whole}
        found = {label: (score + best[label]) / 2 for label, score in whole.items()}
        likely = {
            label: self.thresholds[label].likelihood(score) if label in self.thresholds else score
            for label, score in found.items()
        }
        return Scores(message=likely, sentences=sentences)

    def scores_of(self, sentence: str, *, side: Side, asked: bool) -> Mapping[str, float]:
        """How likely a sentence, or a part of one, shows each label. Total."""
        key = (sentence, side, asked)
        if (found := self._scored.get(key)) is None:
            if len(self._scored) >= _REMEMBERED:
                self._scored.clear()
            found = self.sentence.score_groups(sentence_groups(sentence, side, asked))
            self._scored[key] = found
        return found

    def _is_name(self, sentence: str) -> bool:
        """Whether a line is a name that nobody taught us, as below a mail: it says nothing, and is no short answer."""
        named = _NAME.fullmatch(sentence) is not None
        return named and not any(word in self.sentence.weights for word in _words(sentence))

    def turn(self, own: str, *, before: Before | None) -> dict[str, float]:
        """How likely a client's message leaves it to the agency, and to the client. Total."""
        asked = self.was_asked(before)
        own = own[:MAX_CHARS]
        return self.leaves.score_groups(message_groups(own, before, Side.CLIENT, asked))

    def was_asked(self, before: Before | None) -> bool:
        """Whether the agency has asked for a decision: in the message before, or before a client's."""
        words = None if before is None else before.own if before.side is Side.AGENCY else before.earlier
        if words is None:
            return False
        words = words[:_BEFORE_CHARS]
        if words not in self._asked:
            if len(self._asked) >= _REMEMBERED:
                self._asked.clear()
            self._asked[words] = max(self.asked.score_groups([asked_group(words)]).values()) >= 0.5
        return self._asked[words]


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
    return _flat([asked_group(text)])


def asked_group(text: str) -> Group:
    """The same as `asked_features`, which weigh alike."""
    return Group(_said_in(text[:_BEFORE_CHARS]).grams)


def sentence_features(text: str, *, side: Side, asked: bool) -> dict[str, float]:
    """What tells what a sentence says, by whom, in answer to what."""
    return _flat(sentence_groups(text, side, asked))


def message_features(text: str, *, before: Before | None, side: Side, asked: bool) -> dict[str, float]:
    """What tells what a whole message says, by whom, in answer to what."""
    return _flat(message_groups(text, before, side, asked))


def sentence_groups(text: str, side: Side, asked: bool) -> tuple[Group, ...]:
    """The same as `sentence_features`, by what weighs alike."""
    return _said_groups(text, _Said.of(text), side, asked)


@lru_cache(maxsize=4)  # what it says and whose turn it leaves are asked of one message, one after the other
def message_groups(text: str, before: Before | None, side: Side, asked: bool) -> tuple[Group, ...]:
    """The same as `message_features`, by what weighs alike."""
    earlier = (
        [f"<{before.side} " + gram for gram in _said_in(before.own[:_BEFORE_CHARS]).grams] if before else []
    )
    known = Group((f"= before {before and before.side}",), value=1.0)
    return (*_said_groups(text, _said_in(text), side, asked), Group(earlier), known)


def _said_groups(text: str, said: _Said, side: Side, asked: bool) -> tuple[Group, ...]:
    by = f"{side}{'?' if asked else ''}|"
    crossed = [by + gram for gram in said.grams]
    circumstances = _circumstances(text, said.words, side, asked)
    return (Group(said.grams), Group(crossed), Group(_pieces(said.words)), circumstances)


def _flat(groups: Iterable[Group]) -> dict[str, float]:
    return {name: one.value for one in groups for name in one.names}


def _words(text: str) -> list[str]:
    folded = text.lower().replace("’", "'")
    return ["0" if one.isdigit() else one for one in _WORD.findall(folded)]


class _Said(NamedTuple):
    """The words of a text, and of words and pairs of neighbours each once."""

    words: list[str]
    grams: Collection[str]

    @classmethod
    def of(cls, text: str) -> _Said:
        words = _words(text)
        return cls(words, dict.fromkeys([*words, *map(" ".join, pairwise(["^", *words, "$"]))]))


@lru_cache(maxsize=4)  # the answer to a message often comes just after it
def _said_in(text: str) -> _Said:
    return _Said.of(text)


def _pieces(words: list[str]) -> Collection[str]:
    """Runs of three to five letters within words: endings, compounds, typing errors."""
    return set().union(*map(_pieces_of, words))


@lru_cache(maxsize=50_000)
def _pieces_of(word: str) -> frozenset[str]:
    bounded = f"_{word}_"
    return frozenset(
        f"~{bounded[at : at + length]}" for length in (3, 4, 5) for at in range(len(bounded) - length + 1)
    )


def _circumstances(text: str, words: list[str], side: Side, asked: bool) -> Group:
    length = next((most for most in (4, 10, 25, 60) if len(words) <= most), 99)
    names = (f"= {side}", f"= {side} asked {asked}", f"= length {length}", f"= {side} question {'?' in text}")
    return Group(names, value=1.0)
