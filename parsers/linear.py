"""Logistic regressions over named features, and how their weights are written down."""

from __future__ import annotations

from array import array
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp, sqrt
from typing import Any

_Pairs = tuple[tuple[int, int], ...]


class Weights(Mapping[str, tuple[tuple[int, float], ...]]):
    """
    Of each feature the labels (by number) that it speaks for or against, and how much.

    Weights are hundredths: a sum of them is exact, in whatever order. Several models of the same
    features share one `index`. Nothing is made of what nobody asks for, so that half a million
    features load in a moment.
    """

    def __init__(
        self, index: Mapping[str, int], counts: Iterable[int], labels: bytes, hundredths: Sequence[int]
    ) -> None:
        """`index` numbers the features; of each in turn `counts` says how many labels and hundredths it has."""
        self.index = index
        self._ends = array("I", accumulate(counts))
        self._labels = labels
        self._hundredths = hundredths
        self._found: list[_Pairs | None] = [None] * len(self._ends)

    @classmethod
    def of(cls, weights: Mapping[str, Iterable[tuple[int, float]]]) -> Weights:
        """These weights, rounded to hundredths."""
        pairs = {
            name: [(label, round(one * 100)) for label, one in weights[name]] for name in sorted(weights)
        }
        return cls(
            {name: at for at, name in enumerate(pairs)},
            [len(one) for one in pairs.values()],
            bytes(label for one in pairs.values() for label, _ in one),
            array("h", (weight for one in pairs.values() for _, weight in one)),
        )

    def __getitem__(self, name: str) -> tuple[tuple[int, float], ...]:
        found = self.pairs(self.index[name])
        if not found:
            raise KeyError(name)
        return tuple((label, hundredths / 100) for label, hundredths in found)

    def __iter__(self) -> Iterator[str]:
        return (name for name, at in self.index.items() if self.pairs(at))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def pairs(self, at: int) -> _Pairs:
        """The labels of the feature with this number, and its hundredths."""
        found = self._found[at]
        if found is None:
            first, last = self._ends[at - 1] if at else 0, self._ends[at]
            found = tuple(zip(self._labels[first:last], self._hundredths[first:last], strict=True))
            self._found[at] = found
        return found

    def sums(self, features: Iterable[int], labels: int) -> list[int]:
        """For each of so many labels the hundredths of these features together."""
        total = [0] * labels
        known = self._found
        for at in features:
            found = known[at]
            for label, hundredths in self.pairs(at) if found is None else found:
                total[label] += hundredths
        return total


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """One logistic regression for each label, over named features."""

    labels: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Weights

    def score(self, features: Mapping[str, float]) -> dict[str, float]:
        """The probability of each label, of features one by one."""
        sums = list(self.bias)
        for name, value in features.items():
            for label, weight in self.weights.get(name, ()):
                sums[label] += weight * value
        return self._likely(sums)

    def score_groups(self, groups: Iterable[Group]) -> dict[str, float]:
        """The probability of each label, of features in groups."""
        sums = list(self.bias)
        for one in groups:
            found = self.weights.sums(one.numbers(self.weights.index), len(sums))
            sums = [so_far + one.value * more / 100 for so_far, more in zip(sums, found, strict=True)]
        return self._likely(sums)

    def _likely(self, sums: Sequence[float]) -> dict[str, float]:
        return {label: logistic(one) for label, one in zip(self.labels, sums, strict=True)}


class Group:
    """Features that weigh alike: each name once, all together of length one."""

    __slots__ = ("_index", "_numbers", "names", "value")

    def __init__(self, names: Collection[str], *, value: float | None = None) -> None:
        self.names = names
        self.value = (1 / sqrt(len(names)) if names else 0.0) if value is None else value
        self._index: Mapping[str, int] | None = None
        self._numbers: list[int] = []

    def numbers(self, index: Mapping[str, int]) -> list[int]:
        """Their numbers in an index, what it has not left out; found once for all models that share it."""
        if index is not self._index:
            get = index.get
            self._numbers = [at for name in self.names if (at := get(name)) is not None]
            self._index = index
        return self._numbers


def logistic(x: float) -> float:
    """The likelihood of these odds, given as a logarithm."""
    return 1 / (1 + exp(-x)) if x > -50 else 0.0


def linears_of(tree: Mapping[str, Any], parts: Iterable[str]) -> dict[str, Linear]:
    """The models as `tree_of` wrote them."""
    names = tree["names"].split("\n") if tree["names"] else []
    index = dict(zip(names, range(len(names)), strict=True))
    found = {}
    for part in parts:
        one = tree[part]
        hundredths = array("h")
        hundredths.frombytes(b64decode(one["hundredths"]))
        weights = Weights(index, b64decode(one["counts"]), b64decode(one["of"]), hundredths)
        found[part] = Linear(labels=tuple(one["labels"]), bias=tuple(one["bias"]), weights=weights)
    return found


def tree_of(models: Mapping[str, Linear]) -> dict[str, Any]:
    """
    Models for JSON: the names of all their features, and for each model how many labels each has, which, and how
    much, as the bytes of small numbers in base64.
    """
    names = sorted({name for one in models.values() for name in one.weights})
    tree: dict[str, Any] = {"names": "\n".join(names)}
    for part, one in models.items():
        index = one.weights.index
        pairs = [one.weights.pairs(index[name]) if name in index else () for name in names]
        tree[part] = {
            "labels": one.labels,
            "bias": one.bias,
            "counts": b64encode(bytes(map(len, pairs))).decode(),
            "of": b64encode(bytes(label for some in pairs for label, _ in some)).decode(),
            "hundredths": b64encode(
                array("h", (weight for some in pairs for _, weight in some)).tobytes()
            ).decode(),
        }
    return tree
