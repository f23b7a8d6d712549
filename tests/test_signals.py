"""What a message says: scores and rules to signals."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.reader import Before, Reader, Threshold
from parsers.signals import Kind, Signal, Status, signals_of
from parsers.turns import WaitingOn
from parsers.workspaces import Side
from tests.shipped import READER, linear

SENT = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)  # a Tuesday
ASKED = Before(own="Could you approve the final layout today?", side=Side.AGENCY)
SURE = {"approval/withdrawn": 2.0}
LABELS = ["deadline", "promise", "brief", *(f"approval/{one}" for one in Status)]


def knows(weight: int = 30_000, **words: list[str]) -> Reader:
    """A reader to which each of these words shows its labels, and no other word anything."""
    weights = {
        word: [part for label in labels for part in (LABELS.index(label), weight)]
        for word, labels in words.items()
    }
    known = linear(LABELS, -5.0, weights)
    asked = linear(["asked"], -5.0, {})
    thresholds = {label: Threshold(said=0.5, sure=SURE.get(label, 0.5)) for label in LABELS}
    return Reader(thresholds=thresholds, asked=asked, sentence=known, message=known, leaves=asked)


def said(
    text: str,
    *,
    reader: Reader,
    side: Side = Side.CLIENT,
    before: Before | None = None,
    leaves: WaitingOn | None = None,
) -> list[Signal]:
    return list(signals_of(text, before=before, side=side, sent=SENT, reader=reader, leaves=leaves))


def names(signals: list[Signal] | tuple[Signal, ...]) -> set[str]:
    return {f"{one.kind}/{one.status}" if one.status else str(one.kind) for one in signals}


@pytest.mark.parametrize(("kind", "status"), [(Kind.APPROVAL, None), (Kind.BRIEF, Status.GRANTED)])
def test_status_belongs_to_an_approval(kind: Kind, status: Status | None) -> None:
    """An approval has a status, and nothing else has."""
    with pytest.raises(ValueError, match="with status"):
        Signal(kind=kind, status=status, quote="yes")


@pytest.mark.parametrize(
    ("side", "expected"),
    [
        pytest.param(Side.CLIENT, {"brief", "approval/granted"}, id="client"),
        pytest.param(Side.AGENCY, {"promise", "approval/requested"}, id="agency"),
    ],
)
def test_side_decides_what_can_be_said(side: Side, expected: set[str]) -> None:
    """Only the agency promises and asks for approval; only a client briefs and decides."""
    reader = knows(zebra=["promise", "approval/requested", "brief", "approval/granted"])

    assert names(said("zebra", reader=reader, side=side)) == expected


@pytest.mark.parametrize(
    ("labels", "count"),
    [
        pytest.param(["approval/granted", "approval/conditional"], 1, id="a yes and a yes if"),
        pytest.param(["approval/granted", "approval/withdrawn"], 1, id="a yes and its end"),
        pytest.param(["approval/granted", "approval/changes"], 2, id="a yes and changes to another piece"),
        pytest.param(["approval/granted", "approval/rejected"], 2, id="a yes and a no to another piece"),
        pytest.param(["approval/changes", "approval/rejected"], 1, id="changes and a no"),
    ],
)
def test_rivals_exclude_each_other(labels: list[str], count: int) -> None:
    """Of statuses that cannot both be true one is said."""
    assert len(said("zebra", reader=knows(zebra=labels))) == count


def test_deadline_names_a_day() -> None:
    """What names no day is no deadline, and the sentence that names one is its evidence."""
    reader = knows(zebra=["deadline"])
    found = said("The zebra zebra. We need the zebra by Friday.", reader=reader)

    assert said("The zebra is late.", reader=reader) == []
    assert [(one.due, "by Friday" in one.quote) for one in found] == [(date(2026, 11, 13), True)]


def test_promise_with_its_day_is_no_deadline() -> None:
    """A promise keeps its day, and the same day is not said twice."""
    reader = knows(zebra=["promise", "deadline"])
    found = said("You have the zebra by Friday.", reader=reader, side=Side.AGENCY)

    assert [(one.kind, one.due) for one in found] == [(Kind.PROMISE, date(2026, 11, 13))]


def test_quote_is_the_clause_that_shows_it() -> None:
    """Where a clause alone shows as much as its sentence, it is the quote."""
    found = said("Thanks for the long call, the zebra is fine", reader=knows(zebra=["brief"]))

    assert [one.quote for one in found] == ["the zebra is fine"]


@pytest.mark.parametrize(
    "own",
    [
        pytest.param("It is not approved yet, zebra.", id="denied"),
        pytest.param("Once approved, zebra.", id="awaited"),
        pytest.param("Who approves this, zebra?", id="asked"),
        pytest.param("Sobald es freigegeben ist, zebra.", id="awaited in German"),
        pytest.param("Ce n'est pas encore validé, zebra.", id="denied in French"),
        pytest.param("Si no lo aprueban, zebra; aún no está aprobado.", id="denied in Spanish"),
    ],
)
def test_a_yes_in_the_scope_of_another_word_is_none(own: str) -> None:
    """A word for a yes that is denied, awaited or asked for grants nothing, whatever it weighs."""
    reader = knows(zebra=["approval/granted"])

    assert said(own, reader=reader) == []
    assert names(said("It is approved, zebra.", reader=reader)) == {"approval/granted"}


@pytest.mark.parametrize(
    ("label", "leaves", "expected"),
    [
        pytest.param("approval/changes", WaitingOn.AGENCY, {"approval/changes"}, id="near, and owed"),
        pytest.param("approval/changes", WaitingOn.NOBODY, set(), id="near, and nothing owed"),
        pytest.param("approval/changes", None, set(), id="near"),
        pytest.param("approval/granted", WaitingOn.AGENCY, set(), id="never a yes"),
    ],
)
def test_what_comes_near_is_said_where_an_answer_is_owed(
    label: str, leaves: WaitingOn | None, expected: set[str]
) -> None:
    """Where nothing is likely enough and yet an answer is owed, what comes nearest is said, unsure; never a yes."""
    found = said("zebra", reader=knows(weight=760, zebra=[label]), leaves=leaves)

    assert names(found) == expected
    assert not any(one.sure for one in found)


def test_what_is_not_likely_enough_is_unsure() -> None:
    """A signal says how likely it is, and whether that is enough to be shown without a question mark."""
    reader = knows(zebra=["approval/withdrawn", "brief"])

    assert {(one.label, one.sure) for one in said("zebra", reader=reader)} == {
        ("approval/withdrawn", False),
        ("brief", True),
    }


@pytest.mark.parametrize(
    ("own", "side", "expected"),
    [
        pytest.param("Approved.", Side.CLIENT, {"approval/granted"}, id="granted"),
        pytest.param(
            "Hi Sam,\n\nApproved", Side.CLIENT, {"approval/granted"}, id="granted, below a greeting"
        ),
        pytest.param("Hi Maya,\n\nyes, go ahead.\n\nDana", Side.CLIENT, {"approval/granted"}, id="signed"),
        pytest.param(
            "The layout is attached. Could you approve it?",
            Side.AGENCY,
            {"approval/requested"},
            id="requested",
        ),
        pytest.param("Thank you, have a nice weekend!", Side.CLIENT, set(), id="nothing"),
    ],
)
def test_plain_mail_is_read(own: str, side: Side, expected: set[str]) -> None:
    """The weights that ship read what is said in so many words."""
    before = ASKED if side is Side.CLIENT else None

    assert names(said(own, before=before, side=side, reader=READER)) == expected


@given(st.text(max_size=300), st.sampled_from(Side))
def test_signals_are_total(own: str, side: Side) -> None:
    """Whatever is written, each kind and status is said once at the most, in the author's words."""
    found = said(own, before=ASKED, side=side, reader=READER)

    assert len({(one.kind, one.status) for one in found}) == len(found)
    assert all(one.quote and one.quote in own for one in found)
