"""Which words of a brief are which field."""

import json
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.brief_reader import FIELDS, LEAST, MAX_CHARS, VERSION, BriefReader, token_features, tokens_of
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


def test_features_of_a_token_in_their_order() -> None:
    """All that is told of a token, in the order in which it is learned from: another order rounds otherwise."""
    text = "Posters\nWe all would like a poster or two."
    found = token_features(tokens_of(text), text, {"poster": (3, 7), "two": (1, 2)})

    assert " | ".join(found[7]) == (
        "-3 would | -2 like | -1 a | 0 poster | 1 or | 2 two | "
        "-10 a poster | 01 poster or | -2-1 like a | -3-1 would like a | 12 or two | "
        "p post | s ter | shape a | in 2 | nth 1 | "
        "h above posters | as 1 we | as 2 we all | as 3 we all would | pre all | pre we | "
        "c-1 ? | f-1 ? | c0 3 | f0 7 | c1 ? | f1 ? | f-10 ? 7 | f01 7 ? | wf a 7 | f-2-1 ? ?"
    )


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


WORDS = st.sampled_from(
    "we need posters for families budget audience : . \n € 9,000 no drones zz-top Zz".split(" ")
)


@given(st.lists(WORDS, max_size=40).map(" ".join))
def test_fast_sums_are_those_of_the_features_one_by_one(text: str) -> None:
    """What is added up kind by kind, and remembered, is what the features of each token weigh."""
    tokens, lanes = tokens_of(text), 2 * len(FIELDS)
    found = BRIEF_READER.read(text)
    rows = [
        BRIEF_READER.weights.sums(names, lanes)
        for names in token_features(tokens, text, BRIEF_READER.classes)
    ]
    weighed = [[row[lane] for row in rows] for lane in range(lanes)]

    for number, (name, tagger) in enumerate(BRIEF_READER.taggers.items()):
        runs = tagger.runs(weighed[2 * number], weighed[2 * number + 1], least=LEAST)
        places = [(tokens[one.first].start, tokens[one.last - 1].end) for one in runs]
        assert [(one.text, one.score) for one in found[name]] == [
            (text[start:end], one.score) for (start, end), one in zip(places, runs, strict=True)
        ]


def test_only_so_many_words_are_remembered() -> None:
    """A reader that has read many words reads as before, and does not hold them all."""
    own = "We need a 24-page brochure for parents of toddlers."
    first = BRIEF_READER.read(own)
    letters = ["".join(three) for three in product("abcdefghijklmnopqrst", repeat=3)]
    for start in range(0, len(letters), 1_000):
        BRIEF_READER.read(" ".join(letters[start : start + 1_000]))
    BRIEF_READER.read("a" * MAX_CHARS)

    assert max(len(value) for one in BRIEF_READER._known.values() for value in one) < 100
    assert max(len(one) for one in BRIEF_READER._known.values()) <= 5_000 < len(letters)
    assert BRIEF_READER.read(own) == first


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
