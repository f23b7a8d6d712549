"""Runs of tokens that are likely a thing."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.tagger import Tagger, Three, merged_weights, own_weights

STAYS = ((0.0, 0.0, -9.0), (0.0, -1.0, 1.0), (0.0, -1.0, 1.0))  # a run begins before it goes on
KNOWS = Tagger(weights={"x": (0.0, 8.0, 8.0), "o": (8.0, 0.0, 0.0)}, moves=STAYS)


def weighed(tagger: Tagger, names: list[str]) -> list[Three]:
    """Tokens of one feature each, as a tagger weighs them."""
    (own,) = own_weights([[one] for one in names], [tagger], merged_weights([tagger]))
    return own


def test_several_taggers_weigh_apart() -> None:
    """What one has learned of a feature is not the other's, and what neither knows weighs nothing."""
    one = Tagger(weights={"a": (1.0, 2.0, 3.0), "b": (0.5, 0.0, 0.0)}, moves=STAYS)
    other = Tagger(weights={"a": (7.0, 8.0, 9.0)}, moves=STAYS)
    merged = merged_weights([one, other])

    assert own_weights([["a", "b"], ["b", "c"]], [one, other], merged) == [
        [(1.5, 2.0, 3.0), (0.5, 0.0, 0.0)],
        [(7.0, 8.0, 9.0), (0.0, 0.0, 0.0)],
    ]


@given(far=st.lists(st.sampled_from([-9000.0, 0.0, 9000.0]), min_size=3, max_size=3))
def test_no_weight_is_too_large(far: list[float]) -> None:
    """However far apart the states are, each token has its likelihoods."""
    tagger = Tagger(weights={"far": (far[0], far[1], far[2])}, moves=STAYS)
    likely = tagger.likelihoods(weighed(tagger, ["far"] * 50))

    assert len(likely) == 50
    assert all(0 <= begins + goes_on <= 1.000001 for begins, goes_on in likely)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("ooo", [], id="nothing likely"),
        pytest.param("oxo", [(1, 2)], id="one token"),
        pytest.param("oxxxo", [(1, 4)], id="several tokens"),
        pytest.param("xoox", [(0, 1), (3, 4)], id="two runs, at both ends"),
    ],
)
def test_runs_are_what_is_likely(word: str, expected: list[tuple[int, int]]) -> None:
    """Neighbours that are likely inside make a run; its score is that of its likeliest token."""
    found = KNOWS.runs(weighed(KNOWS, list(word)), least=0.5)

    assert [(one.first, one.last) for one in found] == expected
    assert all(0.5 <= one.score <= 1.001 for one in found)


def test_a_run_ends_where_another_begins() -> None:
    """Where a token is likelier the first of a run than a later one, a new run begins."""
    begins = Tagger(weights={"b": (0.0, 9.0, 0.0), "i": (0.0, 0.0, 9.0)}, moves=STAYS)
    found = begins.runs(weighed(begins, ["b", "i", "b"]), least=0.5)

    assert [(one.first, one.last) for one in found] == [(0, 2), (2, 3)]


@given(
    rows=st.lists(st.lists(st.floats(-4, 4), min_size=3, max_size=3), min_size=1, max_size=5),
    moves=st.lists(st.floats(-3, 3), min_size=9, max_size=9),
)
def test_likelihoods_are_those_of_all_ways_together(rows: list[list[float]], moves: list[float]) -> None:
    """The first token is inside as often as in all ways to tag the row, each weighed: forward and backward agree."""
    table = (tuple(moves[:3]), tuple(moves[3:6]), tuple(moves[6:]))
    tagger = Tagger(
        weights={str(at): tuple(row) for at, row in enumerate(rows)},  # type: ignore[misc]  # three each
        moves=table,  # type: ignore[arg-type]
    )
    inside, whole = 0.0, 0.0
    for way in itertools.product(range(3), repeat=len(rows)):
        weight = sum(rows[at][state] for at, state in enumerate(way))
        weight = math.exp(weight + sum(table[a][b] for a, b in itertools.pairwise(way)))
        whole += weight
        inside += weight * (way[0] != 0)
    likely = tagger.likelihoods(weighed(tagger, [str(at) for at in range(len(rows))]))[0]

    assert sum(likely) == pytest.approx(inside / whole, abs=1e-6)
