"""Pauses grow, end, and are never shorter than the server wants them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.backoff import LAST_PAUSE, LAST_REFUSED, SPARING, SPARING_PAUSE, STEADY, Backoff
from service.errors import LogInRefused, MailboxError, ServerBusy
from service.imap_line import CONNECT_SECONDS

AWAY = MailboxError("x", hint="y")
REFUSED = LogInRefused("x", hint="y")

pytestmark = pytest.mark.promise("P5")


def test_pauses_grow_to_less_than_a_minute() -> None:
    """From a second, doubled, ten at least from the third on; a try that hangs and its pause make less than 60 s."""
    backoff = Backoff(lambda: 0.0)
    pauses = [backoff.after(AWAY) for _ in range(15)]

    assert pauses[:6] == [1.0, 2.0, 10.0, 10.0, 16.0, 32.0]
    assert pauses[-1] == LAST_PAUSE
    assert LAST_PAUSE + CONNECT_SECONDS < 60


def test_refused_log_in_is_asked_ever_more_rarely() -> None:
    """A hiccup is over soon; a changed password does not lock the account."""
    backoff = Backoff(lambda: 0.0)
    pauses = [backoff.after(REFUSED) for _ in range(12)]

    assert pauses[:4] == [5.0, 10.0, 20.0, 40.0]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LAST_REFUSED


def test_session_that_breaks_at_once_is_no_success() -> None:
    """Only one that lasted makes the next pause short again."""
    backoff = Backoff(lambda: 0.0)
    for _ in range(5):
        backoff.after(AWAY)
        backoff.worked(STEADY - 1)
    assert backoff.after(AWAY) == 32.0
    backoff.worked(STEADY)
    assert backoff.after(AWAY) == 1.0


@pytest.mark.pitfall("imap_tools#135", "imapsync#272")
@given(st.lists(st.sampled_from([AWAY, REFUSED]), max_size=30), st.floats(0, 0.999), st.floats(0, 5_000))
def test_pause_that_the_server_asks_for_is_kept(
    before: list[MailboxError], chance: float, asked: float
) -> None:
    """Whatever came before; and without one no pause after the third failure is shorter than ten seconds."""
    backoff = Backoff(lambda: chance)
    pauses = [backoff.after(error) for error in before]
    busy = ServerBusy("x", hint="y", retry_after=timedelta(seconds=asked))

    assert backoff.after(busy) >= timedelta(seconds=asked).total_seconds()
    assert all(pause >= SPARING_PAUSE for pause in pauses[SPARING - 1 :])
    assert all(pause <= LAST_REFUSED * 1.1 for pause in pauses)
