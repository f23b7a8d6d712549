"""What a brief asks for, field by field."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.brief_reader import FIELDS, BriefReader
from parsers.briefs import Brief, brief_of
from parsers.lanes import lanes_of, written
from parsers.tagger import Tagger
from tests.shipped import BRIEF_READER

SENT = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)  # a Tuesday

NO_MOVES = ((0.0, 0.0, 0.0),) * 3
WEIGHED = [(lane, -30_000) for lane in range(2 * len(FIELDS))]  # nothing is inside
EVERY = {f"nth {number}": number for number in range(5)}  # token has one of these
NOTHING = BriefReader(
    classes={},
    weights=lanes_of(EVERY, *written([WEIGHED] * len(EVERY))),
    taggers={field: Tagger(moves=NO_MOVES) for field in FIELDS},
)


def brief(own: str, reader: BriefReader = NOTHING) -> Brief:
    found = brief_of(own, SENT, reader=reader)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        pytest.param("We need a landing page and two banners.", ("a landing page", "two banners"), id="list"),
        pytest.param(
            "Could you design a poster for the fair?", ("a poster for the fair",), id="asked of you"
        ),
        pytest.param("Please make us a booklet that lasts.", ("a booklet",), id="without what it is like"),
        pytest.param("We need an answer to this. Thanks.", ("an answer",), id="without its purpose"),
        pytest.param("The weather is fine.", (), id="nothing asked"),
    ],
)
def test_deliverables_are_what_is_asked_for(own: str, expected: tuple[str, ...]) -> None:
    """What stands behind the asking, one by one, without the clause that explains it."""
    assert brief(own).deliverables == expected


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        pytest.param("Budget is $40k all in.", "$40k all in", id="dollars"),
        pytest.param("We have about €3,400 for it.", "about €3,400", id="euros"),
        pytest.param("Wir haben 55.000 Euro.", "55.000 Euro", id="German thousands, whole word"),
        pytest.param("I can free up 60 grand.", "60 grand", id="grand"),
        pytest.param("Approved fund is Rs 11.5 lakhs.", "Rs 11.5 lakhs", id="lakhs"),
        pytest.param("Spend up to six thousand.", "up to six thousand", id="in words"),
        pytest.param("budget 3500", "3500", id="no currency beside the word"),
        pytest.param("The prize is $50. The budget is $9,000.", "$9,000", id="the sum beside the word"),
        pytest.param("There are 140 items in 2026.", None, id="numbers that are no money"),
    ],
)
def test_budget_is_the_sum(own: str, expected: str | None) -> None:
    """A sum with its currency or its unit, the one beside a word for a budget first."""
    assert brief(own).budget == expected


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        pytest.param("Aimed at first-time buyers, mostly.", "first-time buyers", id="aimed at"),
        pytest.param("It is for farmers with 30 hectares.", "farmers with 30 hectares", id="for people"),
        pytest.param("A poster for the lobby.", None, id="for a thing"),
    ],
)
def test_audience_is_people(own: str, expected: str | None) -> None:
    """Who shall be reached."""
    assert brief(own).audience == expected


def test_other_fields() -> None:
    """Aim, measure, limits and the day, each in the client's words."""
    found = brief(
        "We need a film by November 20. The goal is to fill the autumn course. "
        "Success would be 40 enrolments. No stock photos, please."
    )

    assert found.objective == "fill the autumn course"
    assert found.metrics == "40 enrolments"
    assert found.constraints == "No stock photos"
    assert found.deadline == date(2026, 11, 20)


def test_no_words_no_brief() -> None:
    """Without words there is no brief."""
    assert brief_of(" \n", SENT, reader=BRIEF_READER) is None


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_brief_is_total(own: str) -> None:
    """Whatever is written, there is an answer, in the author's words."""
    found = brief_of(own, SENT, reader=BRIEF_READER)

    assert found is None or all(one in own for one in found.deliverables)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("unit", ["we need a ", "1,", "for a ", "a, a ", "no ", "$9 ", "one two "])
def test_brief_is_linear(unit: str) -> None:
    """A long text of near-matches takes no longer than another."""
    assert brief_of(unit * 20_000, SENT, reader=BRIEF_READER) is not None
