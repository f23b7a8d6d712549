"""Which words of a brief are which field."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.brief_reader import FIELDS, MAX_CHARS, VERSION, BriefReader, token_features, tokens_of
from tests.shipped import BRIEF_READER, BRIEF_READER_FILE


def features(text: str, at: int) -> set[str]:
    return set(token_features(tokens_of(text), text, {"poster": (3, 7)})[at])


def test_tokens_are_words_numbers_marks_and_lines() -> None:
    """A number is one token however it is grouped, and all numbers are one word."""
    assert [one.word for one in tokens_of("Don’t pay $9,500.50!\n\nOK")] == [
        "don't",
        "pay",
        "$",
        "0",
        "!",
        "¶",
        "ok",
    ]


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        pytest.param("Budget: 9", 2, "h beside budget", id="behind its heading"),
        pytest.param("Budget\nnine", 2, "h above budget", id="below its heading"),
        pytest.param("We want it.\nA poster please", 6, "as 1 a", id="how its sentence begins"),
        pytest.param("A poster", 1, "f0 7", id="what the word is like"),
        pytest.param("A poster", 1, "-10 a poster", id="with its neighbour"),
    ],
)
def test_features_tell_where_a_token_stands(text: str, at: int, expected: str) -> None:
    """A token knows its neighbours, its sentence, its heading and what it is like."""
    assert expected in features(text, at)


@pytest.mark.parametrize(
    ("own", "field", "expected"),
    [
        pytest.param(
            "We need a 24-page brochure for parents of toddlers.", "deliverables", "brochure", id="prose"
        ),
        pytest.param("Deliverables: a flyer, two banners\nBudget: $4,000", "budget", "$4,000", id="headings"),
        pytest.param("We'd like a film. No drones please. We have £9,000.", "budget", "£9,000", id="pounds"),
    ],
)
def test_plain_briefs_are_read(own: str, field: str, expected: str) -> None:
    """The weights that ship read what is asked for in so many words."""
    assert any(expected in one.text for one in BRIEF_READER.read(own)[field])


def test_weights_of_other_features_are_refused() -> None:
    """Weights learned for another version of the features do not load."""
    with pytest.raises(ValueError, match="version 0"):
        BriefReader.from_json(json.dumps({"version": 0}))
    assert VERSION > 0


def test_weights_that_ship_are_small() -> None:
    """The weights stay under two megabytes, without a time stamp in them."""
    raw = BRIEF_READER_FILE.read_bytes()

    assert len(raw) < 2_000_000
    assert raw[4:8] == bytes(4)


@given(st.text(max_size=300))
def test_fields_are_runs_of_the_words(own: str) -> None:
    """Whatever is written, each field's parts are the author's own words, in their order."""
    found = BRIEF_READER.read(own)

    assert set(found) == set(FIELDS)
    for parts in found.values():
        places = [own.index(one.text) for one in parts]
        assert all(0 <= one.score <= 1.001 for one in parts)
        assert len(places) < 2 or all(a.text != b.text or a is not b for a, b in pairwise(parts))


@pytest.mark.timeout(20)
@pytest.mark.parametrize("unit", ["a", "a ", ".", "\n", "1,", "1 ", ": "])
def test_reading_is_linear(unit: str) -> None:
    """A text as long as a message may be is read like any other, and no further than that."""
    assert set(BRIEF_READER.read(unit * MAX_CHARS)) == set(FIELDS)
