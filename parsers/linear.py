"""Logistic regressions over named features, and how their weights are written down."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt
from typing import Any

from parsers.lanes import Lanes, lanes_of, written


class Weights(Mapping[str, tuple[tuple[int, float], ...]]):
    """
    Of each feature the labels (by number) that it speaks for or against, and how much.

    Weights are hundredths: a sum of them is exact, in whatever order.
    """

    def __init__(self, hundredths: Lanes) -> None:
        """Of each feature a lane of `hundredths` for each label."""
        self.hundredths = hundredths

    @classmethod
    def of(cls, weights: Mapping[str, Iterable[tuple[int, float]]]) -> Weights:
        """These weights, rounded to hundredths."""
        names = sorted(weights)
        rows = ([(label, round(one * 100)) for label, one in weights[name]] for name in names)
        return cls(lanes_of({name: at for at, name in enumerate(names)}, *written(rows)))

    def __getitem__(self, name: str) -> tuple[tuple[int, float], ...]:
        found = self.hundredths.row(name)
        if not found:
            raise KeyError(name)
        return tuple((label, hundredths / 100) for label, hundredths in found)

    def __iter__(self) -> Iterator[str]:
        return filter(self.hundredths.row, self.hundredths.index)

    def __len__(self) -> int:
        return sum(1 for _ in self)


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
            found = self.weights.hundredths.sums(one.names, len(sums))
            sums = [so_far + one.value * more / 100 for so_far, more in zip(sums, found, strict=True)]
        return self._likely(sums)

    def _likely(self, sums: Sequence[float]) -> dict[str, float]:
        return {label: logistic(one) for label, one in zip(self.labels, sums, strict=True)}


class Group:
    """Features that weigh alike: each name once, all together of length one."""

    __slots__ = ("names", "value")

    def __init__(self, names: Collection[str], *, value: float | None = None) -> None:
        self.names = names
        self.value = (1 / sqrt(len(names)) if names else 0.0) if value is None else value


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
        weights = Weights(lanes_of(index, one["counts"], one["of"], one["hundredths"]))
        found[part] = Linear(labels=tuple(one["labels"]), bias=tuple(one["bias"]), weights=weights)
    return found


def tree_of(models: Mapping[str, Linear]) -> dict[str, Any]:
    """Models for JSON: the names of all their features, and for each model what it weighs them."""
    names = sorted({name for one in models.values() for name in one.weights})
    tree: dict[str, Any] = {"names": "\n".join(names)}
    for part, one in models.items():
        counts, of, hundredths = written(map(one.weights.hundredths.row, names))
        tree[part] = {
            "labels": one.labels,
            "bias": one.bias,
            "counts": counts,
            "of": of,
            "hundredths": hundredths,
        }
    return tree
