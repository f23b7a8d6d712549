"""A linear-chain tagger: weights to the runs of a text that are likely a thing. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp

STATES = ("O", "B", "I")  # outside, the first token of a run, a later one
_LEAST = -200.0  # of an exponent: less is nothing, and two such in a row are no division by nought
Three = tuple[float, float, float]
Merged = tuple[tuple[int, float, float, float], ...]


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

    weights: Mapping[str, Three]  # of a feature, for each state
    moves: tuple[Three, Three, Three]  # from a state to each state

    def runs(self, own: Sequence[Three], *, least: float) -> list[Run]:
        """The runs of tokens that are as likely inside as `least`, in their order; `own` as for `likelihoods`. Total."""
        inside = self.likelihoods(own)
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

    def likelihoods(self, own: Sequence[Three]) -> list[tuple[float, float]]:
        """
        How likely each token begins a run, and goes on in one: forward, then backward. Total.

        `own` is what each token's features weigh for each state (`own_weights`). Each step is brought to a sum of one, which divides all paths by the same and keeps them from vanishing.
        """
        shares = [_shares(one) for one in own]
        (oo, ob, oi), (bo, bb, bi), (io, ib, ii) = (tuple(map(exp, one)) for one in self.moves)
        o, b, i = 1.0, 1.0, 1.0
        ahead: list[Three] = []
        for at, (out, begins, goes_on) in enumerate(shares):
            if at:
                o, b, i = o * oo + b * bo + i * io, o * ob + b * bb + i * ib, o * oi + b * bi + i * ii
            o, b, i = o * out, b * begins, i * goes_on
            whole = o + b + i
            o, b, i = o / whole, b / whole, i / whole
            ahead.append((o, b, i))
        found: list[tuple[float, float]] = []
        o, b, i = 1.0, 1.0, 1.0
        for at in range(len(own) - 1, -1, -1):
            before = ahead[at]
            outside, began, went_on = before[0] * o, before[1] * b, before[2] * i
            whole = outside + began + went_on
            found.append((began / whole, went_on / whole))
            out, begins, goes_on = shares[at]
            o, b, i = o * out, b * begins, i * goes_on
            o, b, i = oo * o + ob * b + oi * i, bo * o + bb * b + bi * i, io * o + ib * b + ii * i
            whole = o + b + i
            o, b, i = o / whole, b / whole, i / whole
        return found[::-1]


def own_weights(
    features: Sequence[Sequence[str]], taggers: Sequence[Tagger], merged: Mapping[str, Merged]
) -> list[list[Three]]:
    """What the features of each token weigh together, for each of these taggers; `merged` is theirs."""
    found: list[list[Three]] = [[] for _ in taggers]
    get = merged.get
    for names in features:
        sums = [0.0] * (3 * len(taggers))
        for one in filter(None, map(get, names)):
            for at, outside, begins, goes_on in one:
                sums[at] += outside
                sums[at + 1] += begins
                sums[at + 2] += goes_on
        for number, tokens in enumerate(found):
            tokens.append((sums[3 * number], sums[3 * number + 1], sums[3 * number + 2]))
    return found


def merged_weights(taggers: Sequence[Tagger]) -> dict[str, Merged]:
    """The weights of several taggers, to be looked up once: of a feature, where each tagger's begin, and these."""
    found: dict[str, Merged] = {}
    for number, tagger in enumerate(taggers):
        for name, (outside, begins, goes_on) in tagger.weights.items():
            found[name] = (*found.get(name, ()), (3 * number, outside, begins, goes_on))
    return found


def _shares(own: Three) -> Three:
    """How likely each state is beside the likeliest: no exponent is too large."""
    most = max(own)
    outside, begins, goes_on = own
    return exp(max(outside - most, _LEAST)), exp(max(begins - most, _LEAST)), exp(max(goes_on - most, _LEAST))
