"""The examples that practiq learns from are what signals mean, and whole threads stand where they are said to."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from parsers.signals import SAID_BY
from parsers.state import Action, state_of
from parsers.turns import WaitingOn
from parsers.workspaces import Side
from training.examples import Example, load, threads
from training.states import heard_in

EXAMPLES = load()
FILES = sorted({one.file for one in EXAMPLES})


@pytest.mark.parametrize("file", FILES)
def test_each_example_can_be_said(file: str) -> None:
    """Each label is one that its side can say, shown by the author's own words."""
    wrong: list[Example] = [
        one
        for one in EXAMPLES
        if one.file == file
        for label, quote in one.quotes.items()
        if label not in SAID_BY[one.side] or not quote or quote not in one.text
    ]

    assert wrong == []


def test_threads_are_in_their_order() -> None:
    """A thread's messages follow each other, and it is looked at after the last one; a day is a day."""
    for _, thread in threads():
        sent = [datetime.fromisoformat(row["date"]) for row in thread["messages"]]
        dues = [one["due"] for row in thread["messages"] for one in row["signals"] if "due" in one]

        assert sent == sorted(sent)
        assert sent[-1] < datetime.fromisoformat(thread["now"])
        assert all(date.fromisoformat(due) for due in dues)


def test_threads_stand_where_they_are_said_to() -> None:
    """Given what was said, nearly every thread has the action and the turn that a person gave it."""
    some = [thread for _, thread in threads()][::10]
    found = [
        (thread, state_of(list(heard_in(thread, as_read=False)), now=datetime.fromisoformat(thread["now"])))
        for thread in some
    ]

    assert sum(state.action is Action(one["action"]) for one, state in found) >= 0.97 * len(some)
    assert sum(state.waiting_on is WaitingOn(one["waiting_on"]) for one, state in found) >= 0.95 * len(some)


def test_both_sides_speak() -> None:
    """Clients and the agency are both heard."""
    assert {one.side for one in EXAMPLES} == set(Side)
