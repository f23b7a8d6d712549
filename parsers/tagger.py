"""A linear-chain tagger: weights to the runs of a text that are likely a thing. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

STATES = ("O", "B", "I")  # outside, the first token of a run, a later one
_FURTHEST = 300_000  # thousandths of an exponent: beyond is nothing, and two such in a row are no overflow
Three = tuple[float, float, float]


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

    What a token's features weigh for beginning a run and for going on in one is told in thousandths, and against
    what they weigh for being outside: `begins` and `goes_on` have a number for each token.

    Source: Lafferty, McCallum, Pereira, "Conditional random fields" (2001); learned by CRFsuite.
    """

    moves: tuple[Three, Three, Three]  # from a state to each state

    def runs(self, begins: Sequence[int], goes_on: Sequence[int], *, least: float) -> list[Run]:
        """The runs of tokens that are as likely inside as `least`, in their order. Total."""
        inside = self.likelihoods(begins, goes_on)
        found: list[Run] = []
        first: int | None = None
        for at, (one, other) in enumerate((*inside, (-1.0, 0.0))):
            ends = one + other < least or (one > other and first is not None)
            if ends and first is not None:
                score = max(sum(both) for both in inside[first:at])
                found.append(Run(first=first, last=at, score=score))
                first = None
            if first is None and one + other >= least:
                first = at
        return found

    def likelihoods(self, begins: Sequence[int], goes_on: Sequence[int]) -> list[tuple[float, float]]:
        """
        How likely each token begins a run, and goes on in one: forward, then backward. Total.

        Only odds against being outside are kept, which spares a third of the sums and keeps paths from vanishing.
        """
        (oo, ob, oi), (bo, bb, bi), (io, ib, ii) = (tuple(map(exp, one)) for one in self.moves)
        own = list(zip(_odds(begins), _odds(goes_on), strict=True))
        ahead: list[tuple[float, float]] = []
        b, i = 1.0, 1.0
        for begun, gone_on in own:
            b, i = b * begun, i * gone_on
            ahead.append((b, i))
            out = oo + b * bo + i * io
            b, i = (ob + b * bb + i * ib) / out, (oi + b * bi + i * ii) / out
        found: list[tuple[float, float]] = []
        b, i = 1.0, 1.0
        for (b_ahead, i_ahead), (begun, gone_on) in zip(reversed(ahead), reversed(own), strict=True):
            began, went_on = b_ahead * b, i_ahead * i
            whole = 1.0 + began + went_on
            found.append((began / whole, went_on / whole))
            b, i = b * begun, i * gone_on
            out = oo + ob * b + oi * i
            b, i = (bo + bb * b + bi * i) / out, (io + ib * b + ii * i) / out
        return found[::-1]


def _odds(thousandths: Sequence[int]) -> list[float]:
    if thousandths and max(map(abs, thousandths)) > _FURTHEST:
        thousandths = [max(-_FURTHEST, min(_FURTHEST, one)) for one in thousandths]
    return [exp(one / 1000) for one in thousandths]
