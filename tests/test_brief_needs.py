"""What a brief leaves open, and how to ask for it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.brief_needs import need_of
from parsers.briefs import Brief

WHOLE = Brief(
    deliverables=("a landing page", "two banners"),
    objective="more bookings",
    audience="young families",
    deadline=date(2026, 12, 1),
    budget="$5,000",
    metrics="200 sign-ups",
    constraints="no stock photos",
)


def test_whole_brief_has_no_questions() -> None:
    """A brief that says all that work needs is shown field by field, and nothing is asked."""
    need = need_of([WHOLE])

    assert need.said == (
        ("Deliverables", "a landing page; two banners"),
        ("Objective", "more bookings"),
        ("Audience", "young families"),
        ("Deadline", "Tue 1 Dec 2026"),
        ("Budget", "$5,000"),
        ("Success is measured by", "200 sign-ups"),
        ("Constraints", "no stock photos"),
    )
    assert need.missing == need.questions == ()


@pytest.mark.parametrize("briefs", [[], [Brief()], [Brief(objective=" \n", deliverables=(" ",))]])
def test_empty_brief_misses_what_work_cannot_start_without(briefs: list[Brief]) -> None:
    """Where nothing was said, five questions are asked; a measure and limits are not among them."""
    need = need_of(briefs)

    assert need.said == ()
    assert need.missing == ("Deliverables", "Objective", "Audience", "Deadline", "Budget")
    assert need.questions == (
        "What exactly would you like us to make?",
        "What should it achieve for you?",
        "Who is it for?",
        "When do you need it by?",
        "What budget may we plan with for it?",
    )


def test_deliverables_add_up_without_repeating() -> None:
    """What is asked for in several mails is one list, each thing once, as it was first called."""
    briefs = [
        Brief(deliverables=("a new landing page", "a banner")),
        Brief(deliverables=("The Landing page", "another banner", "Banner.")),
    ]

    assert need_of(briefs).said == (("Deliverables", "a new landing page; a banner; another banner"),)


def test_latest_word_on_a_field_counts() -> None:
    """A field said again replaces what was said before; one that a later mail is silent about stays."""
    said = dict(need_of([WHOLE, Brief(budget="$7,000", deadline=date(2027, 1, 8))]).said)

    assert said["Budget"] == "$7,000"
    assert said["Deadline"] == "Fri 8 Jan 2027"
    assert said["Audience"] == "young families"


def test_deadline_named_elsewhere_fills_the_gap_only() -> None:
    """A deadline from elsewhere on the thread is not asked for again, and replaces none of a brief."""
    elsewhere = date(2026, 12, 24)

    assert need_of([Brief()], elsewhere).said == (("Deadline", "Thu 24 Dec 2026"),)
    assert "Deadline" not in need_of([Brief()], elsewhere).missing
    assert dict(need_of([WHOLE], elsewhere).said)["Deadline"] == "Tue 1 Dec 2026"


@pytest.mark.parametrize(
    ("deliverables", "question"),
    [
        (("a landing page",), "Who is the landing page for?"),
        (("our new Spring campaign",), "Who is the Spring campaign for?"),
        (("new explainer video",), "Who is the explainer video for?"),
        (("a landing page", "a banner"), "Who is it for?"),
        (("two posters",), "Who is it for?"),
        (("a hand",), "Who is it for?"),
        (("a landing page for the fair",), "Who is it for?"),
        (("a logo on the website",), "Who is it for?"),
        (("eine neue Broschüre",), "Who is it for?"),
        (("a {0.__class__} page",), "Who is it for?"),
    ],
)
def test_question_names_the_thing_where_it_surely_is_one(
    deliverables: tuple[str, ...], question: str
) -> None:
    """One thing with a plain name is asked about by its name, anything else as "it"."""
    assert question in need_of([Brief(deliverables=deliverables)]).questions


@given(
    st.lists(
        st.builds(
            Brief,
            deliverables=st.lists(st.text(max_size=2_000), max_size=20).map(tuple),
            objective=st.none() | st.text(max_size=2_000),
            budget=st.none() | st.text(max_size=2_000),
        ),
        max_size=4,
    )
)
def test_every_need_is_short_and_complete(briefs: list[Brief]) -> None:
    """Whatever was said: bounded lines, and each of the five fields is either said or asked for."""
    need = need_of(briefs)
    said = [field for field, _ in need.said]

    assert all(0 < len(words) <= 800 and "\n" not in words for _, words in need.said)
    assert all(len(question) <= 160 for question in need.questions)
    assert len(need.missing) == len(need.questions)
    assert sorted([*said, *need.missing]) == sorted({*said, *need.missing})
    assert {"Deliverables", "Objective", "Audience", "Deadline", "Budget"} <= {*said, *need.missing}
