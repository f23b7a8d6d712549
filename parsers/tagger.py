"""A linear-chain tagger: weights to the runs of a text that are likely a thing. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

STATES = ("O", "B", "I")  # outside, the first token of a run, a later one
_Three = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Tokens `first` up to but not `last`, and how likely they belong to the thing, 0 to 1."""

    first: int
    last: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagger:
    """
    A conditional random field of first order over three states.

    Source: Lafferty, McCallum, Pereira, "Conditional random fields" (2001); learned by CRFsuite.
    """

    weights: Mapping[str, _Three]  # of a feature, for each state
    moves: tuple[_Three, _Three, _Three]  # from a state to each state

    def runs(self, features: Sequence[Sequence[str]], *, least: float) -> list[Run]:
        """The runs of tokens that are as likely inside as `least`, in their order. Total."""
        inside = self.likelihoods(features)
        found: list[Run] = []
        first: int | None = None
        for at, (begins, goes_on) in enumerate((*inside, (-1.0, 0.0))):
            ends = begins + goes_on < least or (begins > goes_on and first is not None)
            if ends and first is not None:
                score = max(sum(one) for one in inside[first:at])
                found.append(Run(first=first, last=at, score=score))
                first = None
            if first is None and begins + goes_on >= least:
                first = at
        return found

    def likelihoods(self, features: Sequence[Sequence[str]]) -> list[tuple[float, float]]:
        """How likely each token begins a run, and goes on in one: forward, then backward. Total."""
        if not features:
            return []
        own = [self._own(one) for one in features]
        ahead = [own[0]]
        for unary in own[1:]:
            last = ahead[-1]
            sums = (_log_sum([last[a] + self.moves[a][b] for a in range(3)]) for b in range(3))
            ahead.append(_three([one + more for one, more in zip(sums, unary, strict=True)]))
        behind: list[_Three] = [(0.0, 0.0, 0.0)]
        for unary in reversed(own[1:]):
            last = behind[-1]
            reached = [unary[b] + last[b] for b in range(3)]
            behind.append(
                _three([_log_sum([self.moves[a][b] + reached[b] for b in range(3)]) for a in range(3)])
            )
        whole = _log_sum(ahead[-1])
        return [
            (exp(min(0.0, one[1] + other[1] - whole)), exp(min(0.0, one[2] + other[2] - whole)))
            for one, other in zip(ahead, reversed(behind), strict=True)
        ]

    def _own(self, features: Sequence[str]) -> _Three:
        outside = begins = goes_on = 0.0
        for name in features:
            if found := self.weights.get(name):
                outside += found[0]
                begins += found[1]
                goes_on += found[2]
        return outside, begins, goes_on


def _three(values: Sequence[float]) -> _Three:
    return values[0], values[1], values[2]


def _log_sum(values: Sequence[float]) -> float:
    most = max(values)
    return most + log(sum(exp(one - most) for one in values))
