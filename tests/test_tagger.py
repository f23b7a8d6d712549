"""Runs of tokens that are likely a thing."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.tagger import Tagger, Three

STAYS = ((0.0, 0.0, -9.0), (0.0, -1.0, 1.0), (0.0, -1.0, 1.0))  # a run begins before it goes on
KNOWS = Tagger(moves=STAYS)
WEIGHED = {"x": 8_000, "o": -8_000}  # in thousandths, beginning and going on alike


@given(far=st.lists(st.sampled_from([-9_000_000, 0, 9_000_000]), min_size=2, max_size=2))
def test_no_weight_is_too_large(far: list[int]) -> None:
    """However far apart the states are, each token has its likelihoods."""
    begins, goes_on = far
    likely = KNOWS.likelihoods([begins] * 50, [goes_on] * 50)

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
    weighed = [WEIGHED[one] for one in word]
    found = KNOWS.runs(weighed, weighed, least=0.5)

    assert [(one.first, one.last) for one in found] == expected
    assert all(0.5 <= one.score <= 1.001 for one in found)


def test_a_run_ends_where_another_begins() -> None:
    """Where a token is likelier the first of a run than a later one, a new run begins."""
    found = KNOWS.runs([9_000, 0, 9_000], [0, 9_000, 0], least=0.5)

    assert [(one.first, one.last) for one in found] == [(0, 2), (2, 3)]


ROWS = st.lists(st.tuples(st.integers(-4_000, 4_000), st.integers(-4_000, 4_000)), min_size=1, max_size=5)
MOVES = st.tuples(*[st.tuples(*[st.floats(-3, 3)] * 3)] * 3)


@given(rows=ROWS, moves=MOVES)
def test_likelihoods_are_those_of_all_ways_together(
    rows: list[tuple[int, int]], moves: tuple[Three, Three, Three]
) -> None:
    """A token is inside as often as in all ways to tag the row, each weighed: forward and backward agree."""
    inside, whole = [0.0] * len(rows), 0.0
    for way in itertools.product(range(3), repeat=len(rows)):
        weight = sum((0, *row)[state] / 1000 for row, state in zip(rows, way, strict=True))
        weight = math.exp(weight + sum(moves[a][b] for a, b in itertools.pairwise(way)))
        whole += weight
        inside = [so_far + weight * (state != 0) for so_far, state in zip(inside, way, strict=True)]
    found = Tagger(moves=moves).likelihoods(*zip(*rows, strict=True))

    assert list(map(sum, found)) == pytest.approx([one / whole for one in inside], abs=1e-6)
