"""Which words of a brief are which field: the features of its tokens, and a tagger for each field."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import NamedTuple

from parsers.lanes import Lanes, lanes_of, unpacked
from parsers.tagger import Tagger, Three

VERSION = 2  # of the features: weights learned for others are refused
FIELDS = ("deliverables", "objective", "audience", "budget", "metrics", "constraints")
MAX_CHARS = 8_000
_REMEMBERED = 5_000  # values of a kind of feature
_LONGEST = 60  # letters of such a value: three words of a language have fewer
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
    weights: Lanes  # thousandths: for each tagger in turn how much begins a run, and how much goes on in one
    taggers: Mapping[str, Tagger]  # of a field
    _known: dict[str, _Known] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def from_json(cls, text: str | bytes) -> BriefReader:
        """The reader of these weights; ValueError where they were learned for other features."""
        tree = json.loads(text)
        if tree["version"] != VERSION:
            raise ValueError(f"weights of version {tree['version']}, this reader is version {VERSION}")
        names = tree["names"].split("\n")
        index = dict(zip(names, range(len(names)), strict=True))
        return cls(
            classes=dict(
                zip(tree["words"].split("\n"), zip(tree["coarse"], tree["fine"], strict=True), strict=True)
            ),
            weights=lanes_of(index, tree["counts"], tree["of"], tree["thousandths"]),
            taggers={name: Tagger(moves=_moves(one)) for name, one in tree["moves"].items()},
        )

    def read(self, own: str) -> dict[str, list[Said]]:
        """For each field what the words say of it, in their order. Total."""
        text = own[:MAX_CHARS]
        tokens = tokens_of(text)
        weighed = self._weighed(_columns(tokens, text, self.classes))
        return {
            name: [
                Said(text=text[tokens[one.first].start : tokens[one.last - 1].end], score=one.score)
                for one in tagger.runs(begins, goes_on, least=LEAST)
            ]
            for (name, tagger), begins, goes_on in zip(
                self.taggers.items(), weighed[::2], weighed[1::2], strict=True
            )
        }

    def _weighed(self, columns: Iterable[_Column]) -> list[tuple[int, ...]]:
        """For each lane what the features of each token weigh together."""
        packed: list[Iterable[int]] = []
        for name, values, several in columns:
            if (known := self._known.get(name)) is None:
                known = self._known[name] = _Known(name, self.weights)
            weigh = known.__getitem__
            packed.append([sum(map(weigh, one)) for one in several] if several else map(weigh, values))
        lanes = 2 * len(self.taggers)
        rows = [unpacked(sum(row), lanes) for row in zip(*packed, strict=True)]
        return list(zip(*rows, strict=True)) or [()] * lanes


class _Known(dict[str, int]):
    """What each value of one kind of feature weighs, packed: words come again and again."""

    def __init__(self, name: str, weights: Lanes) -> None:
        self._name = name
        self._weights = weights

    def __missing__(self, value: str) -> int:
        found = self._weights[f"{self._name} {value}"]
        if len(value) <= _LONGEST:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[value] = found
        return found


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
    cells = [
        [[f"{name} {one}" for one in several] for several in (among or zip(values, strict=True))]
        for name, values, among in _columns(tokens, text, classes)
    ]
    return [list(chain.from_iterable(row)) for row in zip(*cells, strict=True)]


class _Column(NamedTuple):
    """What each token has of one kind of feature: a value, or several of them."""

    name: str
    values: Sequence[str] = ()
    several: Sequence[Sequence[str]] = ()


def _columns(tokens: Sequence[Token], text: str, classes: Mapping[str, tuple[int, int]]) -> Iterator[_Column]:
    """The features of the tokens, kind by kind."""
    words = [one.word for one in tokens]
    padded = ["^"] * 3 + words + ["$"] * 3
    pairs = list(map(" ".join, pairwise(padded)))
    like = [classes.get(one, ("?", "?")) for one in padded]
    coarse, fine = [str(one) for one, _ in like], [str(one) for _, one in like]
    alike = list(map(" ".join, pairwise(fine)))

    def beside(name: str, row: Sequence[str], step: int) -> _Column:
        """What stands in a padded row so many places from each token."""
        return _Column(name, row[3 + step : 3 + step + len(words)])

    for step in range(-3, 3):
        yield beside(str(step), padded, step)
    yield beside("-10", pairs, -1)
    yield beside("01", pairs, 0)
    yield beside("-2-1", pairs, -2)
    yield beside("-3-1", list(map(" ".join, zip(padded, pairs[1:], strict=False))), -3)
    yield beside("12", pairs, 1)
    yield _Column("p", [one[:4] for one in words])
    yield _Column("s", [one[-3:] for one in words])
    yield _Column("shape", [_shape(text, one) for one in tokens])
    yield from _places(words)
    for step in (-1, 0, 1):
        yield beside(f"c{step}", coarse, step)
        yield beside(f"f{step}", fine, step)
    yield beside("f-10", alike, -1)
    yield beside("f01", alike, 0)
    yield beside("wf", list(map(" ".join, zip(padded, fine[1:], strict=False))), -1)
    yield beside("f-2-1", alike, -2)


def _places(words: Sequence[str]) -> Iterator[_Column]:
    """Where each token is in its sentence, and the sentence in the text; what heads it, begins it, is far before it."""
    begins = line = ended = 0
    above: list[str] = []
    beside: list[str] = []
    steps, numbers, headings, starts, far = [], [], [], [], []
    for at, word in enumerate(words):
        if word == _BREAK:
            titled = words[line:at]
            if 0 < len(titled) <= _HEADING_WORDS and titled[-1] not in _ENDS:
                above = [f"above {one}" for one in titled if one.isalpha()]
            line, beside = at + 1, []
        elif word == ":" and at - line <= _HEADING_WORDS + 1:
            beside = [f"beside {one}" for one in words[line:at] if one.isalpha()]
        steps.append(str(min(6, (at - begins) // 2)))
        numbers.append(str(min(4, ended)))
        headings.append(beside + above)
        starts.append(begins)
        far.append(sorted(set(words[max(begins, at - _FAR) : max(begins, at - _NEAR)])))
        if word in _ENDS or word == _BREAK:
            begins, ended = at + 1, ended + 1
    yield _Column("in", steps)
    yield _Column("nth", numbers)
    yield _Column("h", several=headings)
    for length in (1, 2, 3):
        said = {begins: " ".join(words[begins : begins + length]) for begins in set(starts)}
        yield _Column(f"as {length}", [said[begins] for begins in starts])
    yield _Column("pre", several=far)


def _shape(text: str, token: Token) -> str:
    first = text[token.start]
    if first.isdigit():
        return f"0{min(5, token.end - token.start)}"
    return "A" if first.isupper() else "a"


def _folded(word: str) -> str:
    if word.isspace():
        return _BREAK
    return "0" if word[0].isdigit() else word.lower().replace("’", "'")


def _moves(thousandths: Sequence[Sequence[int]]) -> tuple[Three, Three, Three]:
    first, second, third = ((a / 1000, b / 1000, c / 1000) for a, b, c in thousandths)
    return first, second, third
