"""Weeks of an agency: clocks that are off, mail that comes late, absences, and mornings that stay true through them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from service import jobs
from service.app import office_of
from service.config import load
from service.views import show_digests
from tests.agency import DANA, HANK, MAYA, SAM, mail, write_config
from tests.mornings import LEA, LEAD, Days, days

pytestmark = pytest.mark.both_databases

ASKED = mail(DANA, "Could you tell me when the layouts are ready?", subject="Layouts")
LOST = mail(
    "lou@lumen.example", "We need a logo. Could you send us a quote?", to=f"{MAYA}, {SAM}", subject="Logo"
)
STOP = "Please stop everything at once!"
WEDNESDAY, THURSDAY, FRIDAY = (f"2026-11-{day}T08:00:00-05:00" for day in (11, 12, 13))
MONDAY, TUESDAY = "2026-11-16T08:00:00-05:00", "2026-11-17T08:00:00-05:00"


def again(at: str, words: str = STOP) -> bytes:
    """Dana's next mail on the layouts."""
    return mail(DANA, words, subject="Re: Layouts", answers=ASKED, at=at)


def reconfigured(practiq: Days, folder: Path) -> None:
    """practiq started again without its lead, on the same database."""
    practiq.app = replace(practiq.app, office=office_of(load(write_config(folder), {})))


# ---------------------------------------------------------------- mail that comes late, clocks that are off


def test_what_the_inbox_gave_after_the_digest_was_made(tmp_path: Path) -> None:
    """A mail that had arrived before a digest, and that we got after it, is new to its reader: an order asks."""
    with days(tmp_path) as practiq:
        practiq.comes(ASKED)
        digest = practiq.morning(WEDNESDAY)
        practiq.comes(again("2026-11-11T07:59:00-05:00"), at="2026-11-11T08:01:00-05:00")
        said = practiq.answer(digest, "done 1")
        stands = practiq.thread(ASKED)

    assert "has changed since that digest" in said
    assert (stands["done"], stands["action"]) == (False, "stop")


def test_woken_by_what_the_inbox_gave_late(tmp_path: Path) -> None:
    """A snooze that such a mail ends is told as over in the next digest."""
    with days(tmp_path) as practiq:
        practiq.comes(ASKED)
        practiq.answer(practiq.morning(WEDNESDAY), "snooze 1 until 20 November")
        practiq.morning(THURSDAY)
        practiq.comes(again("2026-11-12T07:59:00-05:00"), at="2026-11-12T08:01:00-05:00")
        (item,) = practiq.seen(FRIDAY).items

    assert item.back
    assert not item.back.asleep


@pytest.mark.parametrize("date", ["2026-11-10T23:00:00-05:00", "2026-11-09T08:05:00-05:00"])
def test_an_order_by_a_clock_that_is_behind(tmp_path: Path, date: str) -> None:
    """What is ordered below a digest is ordered after it was made, whatever the clock of its writer says."""
    with days(tmp_path) as practiq:
        practiq.comes(ASKED, at="2026-11-11T07:00:00-05:00")
        digest = practiq.morning(WEDNESDAY)
        said = practiq.reply(digest, "done 1", at="2026-11-11T08:05:00-05:00", fields={"X-Try": "1"})
        closed = practiq.thread(ASKED)["done"]
        practiq.answer(digest, "undo", at="2026-11-11T08:06:00-05:00")
        practiq.clock.to("2026-11-11T08:10:00-05:00")
        subject = f"Re: {digest.mail['Subject']}"
        behind = mail(MAYA, "done 1", to="practiq@northlight.example", cc="", subject=subject, at=date, answers=digest.raw)  # fmt: skip
        practiq.comes(behind)
        by_a_clock_behind = practiq.thread(ASKED)["done"]

    assert "is closed" in said[0].text
    assert (closed, by_a_clock_behind) == (True, True)


def test_asked_once_by_a_clock_that_is_behind(tmp_path: Path) -> None:
    """Who repeats an order in answer to our question is obeyed, though their clock says that they wrote before it."""
    with days(tmp_path) as practiq:
        practiq.comes(ASKED)
        digest = practiq.morning(WEDNESDAY)
        practiq.comes(again("2026-11-11T09:00:00-05:00"), at="2026-11-11T09:01:00-05:00")
        (asks,) = practiq.reply(digest, "done 1", at="2026-11-11T09:10:00-05:00")
        practiq.clock.to("2026-11-11T09:30:00-05:00")
        repeated = mail(MAYA, "done 1", to="practiq@northlight.example", cc="", subject="Re: Done",
                        at="2026-11-11T08:30:00-05:00", answers=asks.raw)  # fmt: skip
        practiq.comes(repeated)
        closed = practiq.thread(ASKED)["done"]

    assert "has changed since that digest" in asks.text
    assert closed


def test_a_client_whose_clock_is_ahead(tmp_path: Path) -> None:
    """A mail that came is heard when it came, though its Date lies ten hours ahead, and answered by what came later."""
    ahead = mail(DANA, STOP, subject="Poster", at="2026-11-11T17:00:00-05:00")
    answer = mail(MAYA, "Dana, we stopped it.", to=DANA, subject="Re: Poster", answers=ahead,
                  at="2026-11-11T09:00:00-05:00")  # fmt: skip
    with days(tmp_path) as practiq:
        practiq.comes(ahead, at="2026-11-11T07:00:00-05:00")
        found = practiq.seen(WEDNESDAY)
        practiq.comes(answer, at="2026-11-11T09:01:00-05:00")
        answered = practiq.seen(THURSDAY)

    assert [one.subject for one in found.items] == ["Poster"]
    assert not list(answered.numbered)


# ---------------------------------------------------------------- back from a snooze, once


def test_back_once(tmp_path: Path) -> None:
    """A snooze that the client ended is back in one digest: not again when its time comes, nor when more mail does."""
    with days(tmp_path) as practiq:
        practiq.comes(ASKED)
        practiq.answer(practiq.morning(WEDNESDAY), "snooze 1 until Monday")
        practiq.comes(again("2026-11-11T12:00:00-05:00"), at="2026-11-11T12:01:00-05:00")
        first = practiq.seen(THURSDAY)
        practiq.morning(THURSDAY)
        practiq.comes(
            again("2026-11-12T12:00:00-05:00", "Stop the other one, too."), at="2026-11-12T12:01:00-05:00"
        )
        second = practiq.seen(FRIDAY)
        practiq.morning(FRIDAY)
        third = practiq.seen(MONDAY)

    assert [one.back is not None for one in first.numbered] == [True]
    assert [one.back for one in second.numbered] == [None]
    assert [one.back for one in third.numbered] == [None]


def test_open_again_once(tmp_path: Path) -> None:
    """What was done and is open again is told so in one digest, however often the client writes after that."""
    with days(tmp_path) as practiq:
        practiq.comes(ASKED)
        practiq.answer(practiq.morning(WEDNESDAY), "done 1")
        practiq.comes(again("2026-11-11T12:00:00-05:00"), at="2026-11-11T12:01:00-05:00")
        first = practiq.morning(THURSDAY)
        practiq.comes(
            again("2026-11-12T12:00:00-05:00", "Stop the other one, too."), at="2026-11-12T12:01:00-05:00"
        )
        (second,) = practiq.seen(FRIDAY).numbered

    assert "closed it" in first.text
    assert second.back is None


def test_what_more_shows_is_not_back_again(tmp_path: Path) -> None:
    """ "more" does not tell of a snooze that an earlier digest told to be over."""
    others = [mail(DANA, STOP, subject=f"Piece {number}") for number in range(12)]
    with days(tmp_path) as practiq:
        practiq.comes(ASKED)
        practiq.answer(practiq.morning(WEDNESDAY), "snooze 1 until Thursday")
        practiq.morning(THURSDAY)
        practiq.comes(*others, at="2026-11-12T12:00:00-05:00")
        said = practiq.answer(practiq.morning(FRIDAY), "more")

    assert "Layouts" in said
    assert "snoozed" not in said.partition("Layouts")[2].partition("How")[0]


def test_listed_as_snoozed_is_not_shown(tmp_path: Path) -> None:
    """What "snoozed" lists asks nothing, so that it does not count among the digests that showed an item unchanged."""
    with days(tmp_path) as practiq:
        practiq.comes(ASKED)
        practiq.answer(practiq.morning(WEDNESDAY), "snooze 1 until Friday")
        practiq.answer(practiq.morning(THURSDAY), "snoozed")
        practiq.morning(FRIDAY)
        found = practiq.seen(MONDAY)

    assert [one.subject for one in found.items] == ["Layouts"]
    assert found.still_open == ()


@pytest.mark.pitfall("gmail-tickler#11")
def test_of_two_snoozes_the_later_stands(tmp_path: Path) -> None:
    """An item that its owner's stand-in snoozes again is hidden until then, and each is told who did it."""
    with days(tmp_path) as practiq:
        practiq.comes(ASKED)
        digest = practiq.morning(WEDNESDAY)
        practiq.reply(digest, "snooze 1 until 12 November")
        practiq.reply(digest, "pause until Monday, Sam stands in")
        sams = practiq.morning("2026-11-12T14:00:00+00:00", to=SAM)
        practiq.reply(sams, "snooze 1 until Monday", by=SAM)
        hidden = practiq.seen(FRIDAY, SAM)
        (mine,) = practiq.seen(MONDAY).numbered

    assert "you" not in sams.text.partition("Layouts")[2].partition("snoozed it")[0][-8:]
    assert not list(hidden.numbered)
    assert mine.back
    assert mine.back.by == "Sam Ode"


# ---------------------------------------------------------------- absences


def test_no_digest_of_a_day_that_one_was_away(tmp_path: Path) -> None:
    """Who is back on a Sunday gets no digest of the Friday: the next one is Monday's, and it is not late."""
    with days(tmp_path) as practiq:
        practiq.comes(ASKED)
        practiq.reply(practiq.morning(WEDNESDAY), "pause until 15 November")
        for at in (FRIDAY, "2026-11-15T08:30:00-05:00", "2026-11-15T20:00:00-05:00"):
            practiq.clock.to(at)
            jobs.digests(practiq.app)
        between = [one for one in practiq.letters() if one.to == MAYA]
        monday = practiq.morning(MONDAY)

    assert between == []
    assert "was not running" not in monday.text


def test_an_absence_taken_back(tmp_path: Path) -> None:
    """The digest that comes when an absence is taken back does not say that practiq was late."""
    with days(tmp_path) as practiq:
        practiq.comes(ASKED)
        digest = practiq.morning(WEDNESDAY)
        practiq.reply(digest, "pause until 24 November")
        practiq.reply(digest, "undo", at="2026-11-12T11:00:00-05:00")
        thursday = practiq.morning("2026-11-12T11:10:00-05:00")

    assert "was not running" not in thursday.text


def test_a_stand_in_who_goes_away(tmp_path: Path) -> None:
    """Whoever stands in for a stand-in gets the items of both, each marked as whose it is."""
    labels = mail(HANK, STOP, to=SAM, subject="Labels")
    with days(tmp_path, LEAD) as practiq:
        practiq.comes(ASKED, labels)
        sams = practiq.morning("2026-11-11T08:00:00+00:00", to=SAM)
        practiq.reply(practiq.morning(WEDNESDAY), "pause until 24 November, Sam stands in")
        practiq.reply(sams, "pause until 20 November, Lea stands in", by=SAM)
        found = {one.subject: one.from_whom for one in practiq.seen("2026-11-12T09:00:00-05:00", LEA).items}

    assert found == {"Labels": "for Sam Ode", "Layouts": "for Maya Chen"}


def test_whose_an_item_of_two_is(tmp_path: Path) -> None:
    """An item of two account managers is marked as the one's who is away."""
    with days(tmp_path, LEAD) as practiq:
        practiq.comes(LOST, ASKED)
        sams = practiq.morning("2026-11-11T08:00:00+00:00", to=SAM)
        practiq.reply(sams, "pause until 20 November, Lea stands in", by=SAM)
        (item,) = practiq.seen("2026-11-12T09:00:00-05:00", LEA).unplaced

    assert item.from_whom == "for Sam Ode"


def test_who_is_removed_from_the_configuration(tmp_path: Path) -> None:
    """What was given to somebody who is gone is its client's account manager's again, and nobody gone stands in."""
    with days(tmp_path, LEAD) as practiq:
        practiq.comes(ASKED)
        digest = practiq.morning(WEDNESDAY)
        practiq.reply(digest, "give 1 to Lea")
        given = practiq.thread(ASKED)["account_manager"]
        practiq.reply(digest, "pause until 24 November, Lea stands in")
        reconfigured(practiq, tmp_path)
        owner = practiq.thread(ASKED)["account_manager"]
        sams = practiq.seen(THURSDAY, SAM)
        back = practiq.seen("2026-11-24T08:00:00-05:00")

    assert (given, owner) == (LEA, MAYA)
    assert not list(sams.numbered)
    assert [one.subject for one in back.items] == ["Layouts"]


def test_a_given_item_that_is_another_clients(tmp_path: Path) -> None:
    """Who says whose an item is that was given to them keeps it, and nobody is told that it is theirs."""
    with days(tmp_path) as practiq:
        practiq.comes(ASKED)
        practiq.reply(practiq.morning(WEDNESDAY), "give 1 to Sam")
        sams = practiq.morning("2026-11-12T08:00:00+00:00", to=SAM)
        practiq.reply(sams, "give 1 to Maya", by=SAM)
        sent = practiq.reply(practiq.morning(THURSDAY), "1 is Globex")
        owner = practiq.thread(ASKED)["account_manager"]

    assert [one.to for one in sent] == [MAYA]
    assert owner == MAYA


# ---------------------------------------------------------------- the past is told as it was


def test_a_past_morning(tmp_path: Path) -> None:
    """A digest of a past moment is what it was, though all of it is settled by now, and stores nothing."""
    with days(tmp_path) as practiq:
        practiq.comes(ASKED)
        practiq.clock.to(WEDNESDAY)
        manager = practiq.app.office.find_manager(MAYA)
        assert manager
        was = show_digests(practiq.app, [manager], practiq.clock(), "text")
        sent = practiq.morning(WEDNESDAY)
        practiq.reply(sent, "done 1; pause until 24 November; handover Acme Corp to Sam")
        practiq.comes(mail(HANK, STOP, to=SAM, subject="Labels"), at=THURSDAY)
        practiq.letters()
        told = show_digests(practiq.app, [manager], practiq.clock.to(WEDNESDAY), "text")

    assert was == told == sent.text
    assert "Layouts" in told


def test_what_was_taken_back_stood_until_then(tmp_path: Path) -> None:
    """What was ordered and taken back later stood in between."""
    with days(tmp_path) as practiq:
        practiq.comes(ASKED)
        digest = practiq.morning(WEDNESDAY)
        practiq.reply(digest, "done 1", at="2026-11-11T09:00:00-05:00")
        practiq.reply(digest, "undo", at="2026-11-11T11:00:00-05:00")
        now = practiq.thread(ASKED)["done"]
        practiq.clock.to("2026-11-11T10:00:00-05:00")
        then = practiq.thread(ASKED)["done"]

    assert (now, then) == (False, True)
