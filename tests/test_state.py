"""Whose turn it is follows from who said what, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.holidays import holiday_calendar
from parsers.signals import Kind, Signal, Status
from parsers.state import Action, Heard, ThreadState, state_of
from parsers.turns import WaitingOn
from parsers.workspaces import Side

ZONE = ZoneInfo("America/New_York")
MONDAY = datetime(2026, 11, 2, 10, tzinfo=ZONE)


def signal(name: str, due: date | None = None) -> Signal:
    quote = f"the words of {name}"
    if name in {one.value for one in Status}:
        return Signal(kind=Kind.APPROVAL, status=Status(name), quote=quote, due=due)
    return Signal(kind=Kind(name), quote=quote, due=due)


def client(
    days: float, own: str = "", *names: str, automated: bool = False, leaves: WaitingOn = WaitingOn.NOBODY
) -> Heard:
    return Heard(
        message=f"client-{days}",
        author="Dana Ruiz",
        side=Side.CLIENT,
        sent_at=MONDAY + timedelta(days=days),
        received_at=MONDAY + timedelta(days=days),
        own=own,
        signals=tuple(signal(name) for name in names),
        automated=automated,
        leaves=leaves,
    )


def agency(
    days: float, own: str = "", *signals: Signal | str, internal: bool = False, attached: bool = False
) -> Heard:
    return Heard(
        message=f"agency-{days}",
        author="Maya Chen",
        side=Side.AGENCY,
        sent_at=MONDAY + timedelta(days=days),
        received_at=MONDAY + timedelta(days=days),
        own=own,
        signals=tuple(one if isinstance(one, Signal) else signal(one) for one in signals),
        internal=internal,
        has_attachment=attached,
    )


def promised(days: float, due: date | None, own: str = "We are on it.") -> Heard:
    return agency(days, own, signal("promise", due))


def state(*heard: Heard, days: float, holidays: str | None = None) -> ThreadState:
    return state_of(heard, now=MONDAY + timedelta(days=days), holidays=holiday_calendar(holidays))


def turn(*heard: Heard, days: float = 1) -> tuple[str, str]:
    found = state(*heard, days=days)
    return found.waiting_on.value, found.action.value


@pytest.mark.parametrize(
    ("names", "action"),
    [
        (["risk"], "escalate"),
        (["withdrawn"], "stop"),
        (["changes"], "revise"),
        (["rejected"], "revise"),
        (["granted"], "proceed"),
        (["conditional"], "proceed"),
        (["brief"], "start"),
        (["question"], "respond"),
        (["scope"], "respond"),
        (["question", "granted"], "proceed"),
        (["granted", "changes"], "revise"),
        (["brief", "risk"], "escalate"),
    ],
    ids=str,
)
def test_unanswered_client(names: list[str], action: str) -> None:
    """What a client says and nobody answers asks for its action, of several the most pressing."""
    assert turn(client(0, "", *names)) == ("agency", action)
    assert turn(client(0, "", *names), agency(0.1, "Noted, thank you.")) == ("nobody", "none")


def test_because() -> None:
    """A state says who did what, in which words, when."""
    found = state(agency(0, "", "requested"), client(1, "", "changes"), days=2)

    assert found.because == 'Dana Ruiz asked for changes: "the words of changes"'
    assert (found.author, found.message, found.since) == ("Dana Ruiz", "client-1", MONDAY + timedelta(days=1))


def test_internal_notes_answer_nothing() -> None:
    """What the client cannot see is no answer, unless it lets the request go."""
    asked = client(0, "When is the shoot?", "question")

    assert turn(asked, agency(0.1, "Can you take this?", internal=True)) == ("agency", "respond")
    assert turn(asked, agency(0.1, "Never mind, sorted by phone.", internal=True)) == ("nobody", "none")


def test_machines_change_nothing() -> None:
    """An automated message neither asks nor answers, and ends no silence."""
    asked = agency(0, "OK to print?", "requested")

    assert turn(asked, client(2, "I am out. Questions?", "question", automated=True), days=3) == (
        "client",
        "chase",
    )


@pytest.mark.parametrize(
    ("first", "second", "action"),
    [
        ("changes", "granted", "proceed"),
        ("granted", "withdrawn", "stop"),
        ("withdrawn", "granted", "proceed"),
        ("granted", "changes", "revise"),
        ("risk", "granted", "escalate"),
    ],
)
def test_the_latest_decision_stands(first: str, second: str, action: str) -> None:
    """Of decisions on the same thing the later one counts; a complaint stays."""
    assert turn(client(0, "", first), client(0.1, "", second)) == ("agency", action)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(2.5, ("client", "none")), (3, ("client", "chase")), (10, ("client", "chase"))],
)
def test_chase_on_the_third_working_day(days: float, expected: tuple[str, str]) -> None:
    """Asked on a Monday, chased from Thursday on."""
    asked = agency(0, "OK to print?", "requested")

    assert turn(asked, days=days) == expected


def test_weekends_and_holidays_are_not_silence() -> None:
    """Days without work do not count, and the last time of asking does."""
    friday = agency(18, "OK to print?", "requested")

    assert state(friday, days=22, holidays="US").action is Action.NONE
    assert state(friday, days=23, holidays="US").action is Action.CHASE
    assert state(agency(14, "OK?", "requested"), agency(21, "Any news?", "requested"), days=23).since == (
        MONDAY + timedelta(days=21)
    )


@pytest.mark.parametrize(
    "own", ["Let me sleep on it.", "Thanks, Carol has it on her desk.", "Not approved yet."]
)
def test_a_holding_reply(own: str) -> None:
    """A client who puts a decision off still owes it, counted from then."""
    heard = agency(0, "OK to print?", "requested"), client(2, own)

    assert turn(*heard, days=3) == ("client", "none")
    assert turn(*heard, days=7) == ("client", "chase")


def test_a_question_before_the_decision() -> None:
    """An answered question leaves the decision with the client."""
    heard = (
        agency(0, "OK?", "requested"),
        client(1, "Is hosting included?", "question"),
        agency(1.1, "It is."),
    )

    assert turn(*heard[:2]) == ("agency", "respond")
    assert turn(*heard) == ("client", "none")


def test_a_promise() -> None:
    """A promise is delivered on its day, not by thanks, and by sending."""
    due = (MONDAY + timedelta(days=4)).date()
    heard = client(0, "", "brief"), promised(0.1, due), client(0.2, "Great, thanks!")

    assert turn(*heard) == ("agency", "none")
    assert turn(*heard, days=4) == ("agency", "deliver")
    assert state(*heard, days=4).due == due
    assert turn(*heard, agency(3, "Thank you, we are working on it."), days=4) == ("agency", "deliver")
    assert turn(*heard, agency(3, "Here it is, as promised."), days=4) == ("nobody", "none")
    assert turn(*heard, agency(3, "", attached=True), days=4) == ("nobody", "none")


def test_a_new_date_replaces_the_old() -> None:
    """A promise put off is due on its new day; one repeated without a day keeps its day."""
    first, second = (MONDAY + timedelta(days=1)).date(), (MONDAY + timedelta(days=4)).date()

    assert turn(promised(0, first), promised(0.5, second), days=2) == ("agency", "none")
    assert turn(promised(0, first), promised(0.5, None), days=2) == ("agency", "deliver")
    assert turn(promised(0, None), days=30) == ("agency", "none")


@pytest.mark.parametrize("own", ["Never mind, found it!", "No need to reply.", "Hat sich erledigt, danke."])
def test_taken_back(own: str) -> None:
    """A question taken back is owed nothing."""
    assert turn(client(0, "Where is the logo?", "question"), client(0.1, own)) == ("nobody", "none")


@pytest.mark.parametrize("own", ["Gorgeous, thank you!", "perfect, thx", "Merci beaucoup !", "Super, danke."])
def test_thanks_end_a_thread(own: str) -> None:
    """Thanks for what was delivered expect no answer."""
    assert turn(agency(0, "Finals attached.", attached=True), client(0.1, own)) == ("nobody", "none")


def test_a_message_that_expects_an_answer() -> None:
    """A client's message without a signal may expect an answer, or leave nothing open."""
    assert turn(client(0, "Please resend the login.", leaves=WaitingOn.AGENCY)) == ("agency", "respond")
    assert turn(client(0, "Lovely.", leaves=WaitingOn.NOBODY)) == ("nobody", "none")


@pytest.mark.pitfall("freescout#4061")
@pytest.mark.parametrize(
    ("leaves", "expected"),
    [(WaitingOn.CLIENT, ("client", "chase")), (WaitingOn.NOBODY, ("nobody", "none"))],
    ids=str,
)
def test_a_plain_question_of_ours(leaves: WaitingOn, expected: tuple[str, str]) -> None:
    """A question of the agency is answered by any words, unless these put the answer off."""
    heard = agency(0, "What is the fill price?"), client(1, "Whatever they say.", leaves=leaves)

    assert turn(*heard, days=7) == expected


def test_what_comes_on_the_day_delivers() -> None:
    """A promise is kept by showing the work, or by a message on its day that puts nothing off."""
    due = (MONDAY + timedelta(days=2)).date()

    assert turn(promised(0, due), agency(1, "May we print this?", "requested"), days=3) == ("client", "none")
    assert turn(promised(0, due), agency(2, "The courier has just left."), days=3) == ("nobody", "none")
    assert turn(promised(0, due), agency(2, "Sorry, it is running late."), days=3) == ("agency", "deliver")


def test_unsure() -> None:
    """A state that rests on words of which the reader is unsure says so."""
    maybe = replace(client(0, "", "granted"), signals=(replace(signal("granted"), sure=False),))
    found = state(maybe, days=1)

    assert found.unsure
    assert found.because.startswith("Dana Ruiz probably approved")
    assert not state(client(0, "", "granted"), days=1).unsure


def test_nothing_heard() -> None:
    """A thread without people's mail waits on nobody."""
    found = state(client(0, "Out of office", automated=True), days=1)

    assert (found.waiting_on, found.action, found.since) == (WaitingOn.NOBODY, Action.NONE, None)


HEARD = st.builds(
    Heard,
    message=st.text(max_size=3),
    author=st.text(max_size=5),
    side=st.sampled_from(Side),
    sent_at=st.integers(-300, 30).map(lambda days: MONDAY + timedelta(days=days)),
    own=st.text(max_size=60)
    | st.sampled_from(["Thanks!", "attached", "never mind", "Could you?", "let me check"]),
    signals=st.lists(st.sampled_from([*Status, *set(Kind) - {Kind.APPROVAL}]).map(signal), max_size=3).map(
        tuple
    ),
    automated=st.booleans(),
    internal=st.booleans(),
    has_attachment=st.booleans(),
    leaves=st.sampled_from([None, *WaitingOn]),
)


@given(heard=st.lists(HEARD, max_size=8), days=st.floats(-300, 300))
def test_any_thread(heard: list[Heard], days: float) -> None:
    """Any thread at any time has a state, and one with an action says why."""
    found = state(*heard, days=days)

    assert (found.action is not Action.NONE) == bool(found.because)
    assert found.action in (Action.NONE, Action.CHASE) or found.waiting_on is WaitingOn.AGENCY
