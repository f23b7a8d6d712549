"""What a message says: scores and rules to signals."""

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.reader import VERSION, Before, Reader
from parsers.signals import Kind, Signal, Status, signals_of
from parsers.workspaces import Side

SHIPPED = Reader.from_json(
    gzip.decompress((Path(__file__).parent.parent / "parsers" / "reader.json.gz").read_bytes())
)
SENT = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)  # a Tuesday
ASKED = Before(own="Could you approve the final layout today?", side=Side.AGENCY)
LABELS = ["deadline", "promise", "brief", *(f"approval/{one}" for one in Status)]


def knows(**words: list[str]) -> Reader:
    """A reader to which each of these words shows its labels, and no other word anything."""
    weights = {
        word: [part for label in labels for part in (LABELS.index(label), 30_000)]
        for word, labels in words.items()
    }
    linear = {"labels": LABELS, "bias": [-5.0] * len(LABELS), "weights": weights}
    asked = {"labels": ["asked"], "bias": [-5.0], "weights": {}}
    tree = {"version": VERSION, "thresholds": dict.fromkeys(LABELS, 0.5)}
    return Reader.from_json(json.dumps(tree | {"asked": asked, "sentence": linear, "message": linear}))


def said(own: str, *, reader: Reader, side: Side = Side.CLIENT, subject: str | None = None) -> list[Signal]:
    return list(signals_of(own, subject=subject, before=None, side=side, sent=SENT, reader=reader))


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
        pytest.param(["approval/granted", "approval/changes"], 2, id="two pieces of work"),
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


def test_subject_counts_where_it_is_given() -> None:
    """A subject is read like a first line."""
    reader = knows(zebra=["approval/granted"])

    assert names(said("", reader=reader, subject="zebra")) == {"approval/granted"}
    assert said("", reader=reader) == []


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

    assert (
        names(signals_of(own, subject=None, before=before, side=side, sent=SENT, reader=SHIPPED)) == expected
    )


@given(st.text(max_size=300), st.sampled_from(Side), st.one_of(st.none(), st.text(max_size=40)))
def test_signals_are_total(own: str, side: Side, subject: str | None) -> None:
    """Whatever is written, each kind and status is said once at the most, in the author's words."""
    found = signals_of(own, subject=subject, before=ASKED, side=side, sent=SENT, reader=SHIPPED)

    assert len({(one.kind, one.status) for one in found}) == len(found)
    assert all(one.quote and one.quote in f"{subject}\n{own}" for one in found)
