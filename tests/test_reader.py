"""The trained model: features and weights to scores."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.linear import Linear, Weights, linears_of, tree_of
from parsers.reader import (
    MAX_CHARS,
    Before,
    Reader,
    Threshold,
    message_features,
    message_groups,
    sentence_features,
    sentence_groups,
    sentences_of,
)
from parsers.workspaces import Side
from tests.shipped import READER, READER_FILE, linear

NONE = linear(["approval/granted"], -2.0, {})
YES = linear(["approval/granted"], -2.0, {"yes": [0, 4000]})
TAUGHT = Reader(  # "yes" is granted, and nothing else is known
    thresholds={"approval/granted": Threshold(said=0.3, sure=0.9)},
    asked=NONE,
    sentence=YES,
    message=YES,
    leaves=NONE,
)


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        pytest.param("One. Two? Three!", ["One.", "Two?", "Three!"], id="marks"),
        pytest.param("we met\nall is well", ["we met", "all is well"], id="lines"),
        pytest.param(
            "It is 3.5 m at acme.example now.", ["It is 3.5 m at acme.example now."], id="points inside"
        ),
        pytest.param('He said "go." Fine.', ['He said "go."', "Fine."], id="mark inside quotes"),
        pytest.param(" \n ", [], id="blank"),
    ],
)
def test_sentences_are_cut_at_marks_and_lines(own: str, expected: list[str]) -> None:
    """A sentence ends at its mark, or with its line."""
    assert sentences_of(own) == expected


def test_scores_are_those_of_the_weights() -> None:
    """A word that was learned moves the score of its sentence and of the message; others do not."""
    scores = TAUGHT.read("Yes. It is not.", before=None, side=Side.CLIENT)
    yes, no = (one.scores["approval/granted"] for one in scores.sentences)

    assert yes > no == pytest.approx(0.1192, abs=1e-4)
    assert scores.message["approval/granted"] > no


def test_a_name_below_a_mail_is_no_sentence() -> None:
    """A line that is only a name says nothing; a short answer that looks like one is a sentence."""
    reader = TAUGHT

    assert [one.text for one in reader.read("Yes\n\nDana Ruiz", before=None, side=Side.CLIENT).sentences] == [
        "Yes"
    ]


def test_weights_of_other_features_are_refused() -> None:
    """Weights learned for another version of the features do not load."""
    with pytest.raises(ValueError, match="version 0"):
        Reader.from_json(json.dumps({"version": 0}))


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        pytest.param(None, False, id="nothing before"),
        pytest.param(Before(own="May we print it?", side=Side.AGENCY), True, id="the agency asked"),
        pytest.param(
            Before(own="The files are on the server.", side=Side.AGENCY), False, id="the agency told"
        ),
        pytest.param(Before(own="May we print it?", side=Side.CLIENT), False, id="the client asked"),
    ],
)
def test_only_the_agency_asks_for_a_decision(before: Before | None, expected: bool) -> None:
    """An answer is one to a decision where the agency asked for one just before."""
    assert READER.was_asked(before) is expected


def test_what_stands_before_changes_what_is_read() -> None:
    """Praise in answer to a request for approval is more of a yes than praise alone."""
    asked = Before(own="Could you approve the final layout today?", side=Side.AGENCY)
    answer = READER.read("Looks great!", before=asked, side=Side.CLIENT)
    praise = READER.read("Looks great!", before=None, side=Side.CLIENT)

    assert answer.message["approval/granted"] > praise.message["approval/granted"]


@given(
    st.lists(
        st.sampled_from(["yes", "we", "love", "it", "the", "spring", "?", "approved", "42"]), max_size=30
    ),
    st.sampled_from(Side),
    st.booleans(),
)
def test_fast_sums_are_those_of_the_features_one_by_one(words: list[str], side: Side, asked: bool) -> None:
    """What is added up in groups is what each feature weighs, times its value; and the features are the same."""
    text = " ".join(words)
    before = Before(own="Do you approve the layout?", side=Side.AGENCY) if asked else None
    of_sentence = sentence_features(text, side=side, asked=asked)
    of_message = message_features(text, before=before, side=side, asked=asked)

    assert READER.sentence.score_groups(sentence_groups(text, side, asked)) == pytest.approx(
        READER.sentence.score(of_sentence)
    )
    for model in (READER.message, READER.leaves):
        grouped = model.score_groups(message_groups(text, before, side, asked))
        assert grouped == pytest.approx(model.score(of_message))


def test_what_is_written_is_what_is_read() -> None:
    """Weights go to the file and back, of each model its own."""
    again = Reader.from_json(TAUGHT.to_json())
    labels = ("a", "b")
    two = {
        "x": Linear(
            labels=labels, bias=(0.5, -1.0), weights=Weights.of({"ä b": [(1, -3.25)], "?": [(0, 1)]})
        ),
        "y": Linear(labels=labels, bias=(0.0, 0.0), weights=Weights.of({"?": [(0, 2), (1, 0.01)]})),
    }
    back = linears_of(json.loads(json.dumps(tree_of(two))), two)

    assert again == TAUGHT
    assert {name: dict(one.weights) for name, one in back.items()} == {
        "x": {"ä b": ((1, -3.25),), "?": ((0, 1.0),)},
        "y": {"?": ((0, 2.0), (1, 0.01))},
    }


def test_a_sentence_that_comes_again_is_not_another_side_s() -> None:
    """What is remembered of a sentence is who said it, and in answer to what."""
    ways = [(side, asked) for side in Side for asked in (True, False)]
    first = [READER.scores_of("That works for us.", side=side, asked=asked) for side, asked in ways]
    again = [READER.scores_of("That works for us.", side=side, asked=asked) for side, asked in ways]

    assert first == again
    assert len({tuple(one.values()) for one in first}) == len(ways)


def test_weights_that_ship_are_small() -> None:
    """The weights stay under six megabytes, without a time stamp in them."""
    raw = READER_FILE.read_bytes()

    assert len(raw) < 6_000_000
    assert raw[4:8] == bytes(4)


def test_labels_have_thresholds() -> None:
    """Each label that can be scored has a score from which it is said."""
    assert set(READER.message.labels) == set(READER.sentence.labels) == set(READER.thresholds)


def test_empty_model_scores_nothing() -> None:
    """A model without labels gives no scores."""
    assert Linear(labels=(), bias=(), weights=Weights.of({})).score({"yes": 1.0}) == {}


@given(st.text(max_size=300), st.sampled_from(Side), st.one_of(st.none(), st.text(max_size=50)))
def test_reading_is_total(own: str, side: Side, before: str | None) -> None:
    """Whatever is written, each score is a probability, and each sentence is the author's own."""
    scores = READER.read(own, before=None if before is None else Before(own=before, side=side), side=side)

    assert all(0 <= score <= 1 for score in scores.message.values())
    assert all(one.text in own for one in scores.sentences)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("unit", [".", "a.", "?!", "a", "\n", "'", '."'])
def test_reading_is_linear(unit: str) -> None:
    """A text as long as a message may be is read like any other, and no further than that."""
    scores = READER.read(unit * MAX_CHARS, before=None, side=Side.CLIENT)

    assert sum(len(one.text) for one in scores.sentences) <= MAX_CHARS
