"""Which words of a brief are which field: the features of its tokens, and a tagger for each field."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from parsers.tagger import Merged, Tagger, merged_weights, own_weights

VERSION = 1  # of the features: weights learned for others are refused
FIELDS = ("deliverables", "objective", "audience", "budget", "metrics", "constraints")
MAX_CHARS = 8_000
LEAST = 0.05  # likely enough to be shown: a brief is read by a person, and shows what is missing
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+(?:[.,' ]\d{3}){0,4}(?:[.,]\d{1,4})?|\n+|[^\w\s]|_")
_HEADING_WORDS = 5
_NEAR, _FAR = 3, 8  # words before a token that may say what it is
_ENDS = frozenset(".!?")
_BREAK = "¶"  # a line break as a word


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word, number, mark or line break: as compared, and where it stands."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a brief says for a field, verbatim, and how likely it is that."""

    text: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefReader:
    """What was learned from labelled briefs (training/)."""

    classes: Mapping[str, tuple[int, int]]  # of a word: what it is like, coarsely and finely
    taggers: Mapping[str, Tagger]  # of a field
    _merged: dict[str, Merged] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._merged.update(merged_weights(list(self.taggers.values())))

    @classmethod
    def from_json(cls, text: str | bytes) -> BriefReader:
        """The reader of these weights; ValueError where they were learned for other features."""
        tree = json.loads(text)
        if tree["version"] != VERSION:
            raise ValueError(f"weights of version {tree['version']}, this reader is version {VERSION}")
        return cls(
            classes={word: (coarse, fine) for word, (coarse, fine) in tree["classes"].items()},
            taggers={name: _tagger(one["weights"], one["moves"]) for name, one in tree["fields"].items()},
        )

    def read(self, own: str) -> dict[str, list[Said]]:
        """For each field what the words say of it, in their order. Total."""
        text = own[:MAX_CHARS]
        tokens = tokens_of(text)
        features = token_features(tokens, text, self.classes)
        weights = own_weights(features, list(self.taggers.values()), self._merged)
        return {
            name: [
                Said(text=text[tokens[one.first].start : tokens[one.last - 1].end], score=one.score)
                for one in tagger.runs(its, least=LEAST)
            ]
            for (name, tagger), its in zip(self.taggers.items(), weights, strict=True)
        }


def tokens_of(text: str) -> list[Token]:
    """The words, numbers, marks and line breaks of a text, in their order. Total."""
    return [
        Token(word=_folded(found[0]), start=found.start(), end=found.end()) for found in _TOKEN.finditer(text)
    ]


def token_features(
    tokens: Sequence[Token], text: str, classes: Mapping[str, tuple[int, int]]
) -> list[list[str]]:
    """
    What tells which field each token belongs to.

    Its neighbours and what they are like, how its sentence begins, and the heading that it stands
    below or behind.
    """
    words = [one.word for one in tokens]
    padded = ["^"] * 3 + words + ["$"] * 3
    coarse = [str(classes[one][0]) if one in classes else "?" for one in padded]
    fine = [str(classes[one][1]) if one in classes else "?" for one in padded]
    found = []
    for at, (begins, nth, heading) in enumerate(_places(words)):
        here = at + 3
        near = padded[here - 3 : here + 3 + 1]
        features = [f"{step - 3} {one}" for step, one in enumerate(near[:6])]
        features += [f"-10 {near[2]} {near[3]}", f"01 {near[3]} {near[4]}", f"-2-1 {near[1]} {near[2]}"]
        features += [f"-3-1 {near[0]} {near[1]} {near[2]}", f"12 {near[4]} {near[5]}"]
        features += [f"p {words[at][:4]}", f"s {words[at][-3:]}", f"shape {_shape(text, tokens[at])}"]
        features += [f"in {min(6, (at - begins) // 2)}", f"nth {nth}"]
        features += [f"h {one}" for one in heading]
        features += [f"as {length} {' '.join(words[begins : begins + length])}" for length in (1, 2, 3)]
        features += [
            f"pre {one}" for one in sorted(set(words[max(begins, at - _FAR) : max(begins, at - _NEAR)]))
        ]
        for step in (-1, 0, 1):
            features += [f"c{step} {coarse[here + step]}", f"f{step} {fine[here + step]}"]
        features += [f"f-10 {fine[here - 1]} {fine[here]}", f"f01 {fine[here]} {fine[here + 1]}"]
        features += [f"wf {near[2]} {fine[here]}", f"f-2-1 {fine[here - 2]} {fine[here - 1]}"]
        found.append(features)
    return found


def _places(words: Sequence[str]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Of each token where its sentence begins, its number (to four), and the words of its heading."""
    ended = [0, *accumulate(int(word in _ENDS or word == _BREAK) for word in words)]
    sentence = line = 0
    above: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    for at, word in enumerate(words):
        if word == _BREAK:
            titled = words[line:at]
            if 0 < len(titled) <= _HEADING_WORDS and titled[-1] not in _ENDS:
                above = tuple(f"above {one}" for one in titled if one.isalpha())
            line, beside = at + 1, ()
        elif word == ":" and at - line <= _HEADING_WORDS + 1:
            beside = tuple(f"beside {one}" for one in words[line:at] if one.isalpha())
        yield sentence, min(4, ended[at]), beside + above
        if word in _ENDS or word == _BREAK:
            sentence = at + 1


def _shape(text: str, token: Token) -> str:
    first = text[token.start]
    if first.isdigit():
        return f"0{min(5, token.end - token.start)}"
    return "A" if first.isupper() else "a"


def _folded(word: str) -> str:
    if word.isspace():
        return _BREAK
    return "0" if word[0].isdigit() else word.lower().replace("’", "'")


def _tagger(weights: Mapping[str, Sequence[int]], moves: Sequence[Sequence[int]]) -> Tagger:
    """Weights as written: thousandths for each state."""
    first, second, third = ((a / 1000, b / 1000, c / 1000) for a, b, c in moves)
    return Tagger(
        weights={name: (a / 1000, b / 1000, c / 1000) for name, (a, b, c) in weights.items()},
        moves=(first, second, third),
    )
