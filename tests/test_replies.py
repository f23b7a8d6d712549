"""What an account manager writes below a digest is done as written, answered once, and can be taken back."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.policy import SMTP
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from service import jobs
from tests.agency import DANA, HANK, INBOX, MAYA, SAM, mail
from tests.mornings import LEA, LEAD, Days, Sent, days

pytestmark = pytest.mark.both_databases

ASKED = mail(DANA, "Could you tell me when the layouts are ready?", subject="Layouts")
YES = mail(
    DANA, "Approved, please go ahead with the print run.", subject="Flyer", at="2026-11-10T10:00:00-05:00"
)
STOP = mail(HANK, "Sam, please stop the print run, the address is wrong.", to=SAM, subject="Labels")
FIRST = "2026-11-11T08:00:00-05:00"  # a Wednesday


def begun(practiq: Days) -> Sent:
    """Two items of Maya's: 1 is the yes, 2 the question."""
    practiq.comes(ASKED, YES, STOP)
    digest = practiq.morning(FIRST)
    assert re.findall(r"^ ?(\d)  (.*)", digest.text, re.M) == [
        ("1", "Acme Corp: Go ahead"),
        ("2", "Acme Corp: Answer"),
    ]
    return digest


def numbers(letter: Sent) -> list[int]:
    """The numbers that a letter gives to items."""
    return [int(one) for one in re.findall(r"^ ?(\d{1,2})  \S", letter.text, re.M)]


# ---------------------------------------------------------------- what is done


def test_snoozed_until_a_day(tmp_path: Path) -> None:
    """A snooze is acknowledged with weekday, date, time and zone, and how to undo it; it ends with that day's digest."""
    with days(tmp_path) as practiq:
        digest = begun(practiq)
        said = practiq.answer(digest, "snooze 2 until Friday")
        thursday = practiq.morning("2026-11-12T08:00:00-05:00")
        friday = practiq.morning("2026-11-13T08:00:00-05:00")

    assert "until Friday 13 November 2026, 08:00 EST" in said
    assert "undo" in said
    assert numbers(thursday) == [1]
    assert "Layouts" not in thursday.text
    assert "Back from snooze" in friday.page
    assert "you snoozed it on Wed 11 Nov" in friday.text
    assert "nothing came since" in friday.text


def test_woken_by_what_changes_what_has_to_be_done(tmp_path: Path) -> None:
    """Thanks, an absence and a receipt leave a snooze alone; "pause everything" ends it, and says what came."""
    with days(tmp_path) as practiq:
        digest = begun(practiq)
        practiq.answer(digest, "snooze 1 until 20 November")
        thanks = mail(
            DANA, "Great, thanks!", answers=YES, subject="Re: Flyer", at="2026-11-11T11:00:00-05:00"
        )
        away = mail(DANA, "I am out of office until Monday.", answers=YES, subject="Automatic reply: Flyer",
                    at="2026-11-11T12:00:00-05:00", fields={"Auto-Submitted": "auto-replied"})  # fmt: skip
        practiq.comes(thanks, away, at="2026-11-11T13:00:00-05:00")
        asleep = practiq.thread(YES)["snoozed_until"]
        stop = mail(DANA, "Please pause everything, hold off on printing.", answers=YES, subject="Re: Flyer",
                    at="2026-11-11T15:00:00-05:00")  # fmt: skip
        practiq.comes(stop, at="2026-11-11T15:01:00-05:00")
        awake = practiq.thread(YES)
        thursday = practiq.morning("2026-11-12T08:00:00-05:00").text

    assert asleep == "2026-11-20T13:00:00+00:00"
    assert (awake["snoozed_until"], awake["action"]) == (None, "stop")
    assert thursday.index("Acme Corp: Stop work") < thursday.index("Acme Corp: Answer")
    assert "Back from snooze (until Fri 20 Nov): you snoozed it on Wed 11 Nov" in thursday
    assert "hold off on printing" in thursday


def test_done_reopens_on_a_new_ask_alone(tmp_path: Path) -> None:
    """What is done stays closed over thanks, reopens on a new ask, and what was closed with it stays closed."""
    with days(tmp_path) as practiq:
        digest = begun(practiq)
        practiq.answer(digest, "done 1")
        closed = practiq.thread(YES)
        thanks = mail(
            DANA, "Wonderful, thank you!", answers=YES, subject="Re: Flyer", at="2026-11-11T11:00:00-05:00"
        )
        practiq.comes(thanks, at="2026-11-11T11:01:00-05:00")
        after_thanks = practiq.thread(YES)
        asks = mail(DANA, "Could you also send me the final PDF?", answers=YES, subject="Re: Flyer",
                    at="2026-11-11T12:00:00-05:00")  # fmt: skip
        practiq.comes(asks, at="2026-11-11T12:01:00-05:00")
        reopened = practiq.thread(YES)
        thursday = practiq.morning("2026-11-12T08:00:00-05:00")
        friday = practiq.morning("2026-11-13T08:00:00-05:00")

    assert "Open again: you closed it on Wed 11 Nov; since then" in " ".join(thursday.text.split())
    assert "“Could you also send me the final PDF?”" in thursday.text
    assert "Open again" not in friday.text
    assert (closed["done"], closed["action"], closed["waiting_on"]) == (True, "none", "nobody")
    assert (after_thanks["done"], after_thanks["action"]) == (True, "none")
    assert reopened["done"] is False
    assert reopened["action"] in ("respond", "start")
    assert reopened["because"].endswith('"Could you also send me the final PDF?"')


def test_replied_by_phone_answers_and_starts_the_clock_again(tmp_path: Path) -> None:
    """A question answered by phone is answered; a client chased by phone is chased again after three silent days."""
    with days(tmp_path) as practiq:
        asked = mail(MAYA, "Dana, do we have your approval for the estimate?", to=DANA, subject="Estimate",
                     at="2026-11-03T09:00:00-05:00")  # fmt: skip
        practiq.comes(asked, ASKED)
        digest = practiq.morning(FIRST)
        said = practiq.answer(digest, "replied 1, 2")
        question, chase = practiq.thread(ASKED), practiq.thread(asked)
        practiq.clock.to("2026-11-13T08:00:00-05:00")
        friday = practiq.thread(asked)["action"]
        practiq.clock.to("2026-11-16T08:00:00-05:00")
        monday = practiq.thread(asked)["action"]

    assert "the clock starts again" in said
    assert (question["action"], question["waiting_on"]) == ("none", "nobody")
    assert (chase["action"], chase["waiting_on"]) == ("none", "client")
    assert (friday, monday) == ("none", "chase")


def test_read_wrongly(tmp_path: Path) -> None:
    """ "not 1" puts the item away, and keeps for review what it was read as."""
    with days(tmp_path) as practiq:
        digest = begun(practiq)
        said = practiq.answer(digest, "not 1")
        thursday = practiq.morning("2026-11-12T08:00:00-05:00")
        (noted,) = practiq.audit()

    assert "kept for review" in said
    assert "Flyer" not in thursday.text
    assert (noted["clause"], noted["obeyed"]) == ("not 1", True)
    assert [one["action"] for one in noted["before"]] == ["proceed"]
    assert [one["action"] for one in noted["after"]] == ["none"]


def test_given_to_a_colleague(tmp_path: Path) -> None:
    """An item given moves to the colleague's digest, who is told at once; it is not the giver's any more."""
    with days(tmp_path) as practiq:
        digest = begun(practiq)
        ack, notice = practiq.reply(digest, "give 2 to sam")
        sams = practiq.morning("2026-11-12T08:00:00+00:00", to=SAM)
        mayas = practiq.morning("2026-11-12T08:00:00-05:00")
        refused = practiq.answer(mayas, "give 1 to Robert")

    assert "Sam Ode's now" in ack.text
    assert notice.to == SAM
    assert "Maya Chen gave you an item" in notice.text
    assert "Layouts" in notice.text
    assert "from Maya Chen" in sams.text
    assert "Layouts" in sams.text
    assert "Layouts" not in mayas.text
    assert "There are Maya Chen and Sam Ode." in refused


def test_why(tmp_path: Path) -> None:
    """ "why 1" says whose it is and why, the client's words, when they were written, and what spoke for the reading."""
    with days(tmp_path) as practiq:
        said = practiq.answer(begun(practiq), "why 1")
        (noted,) = practiq.audit()

    assert "domain acme.example" in said
    assert "Approved, please go ahead" in said
    assert "Tuesday 10 November 2026, 10:00 EST" in said
    assert "approval granted" in said
    assert "Here is what you asked for.\n\nAnswered: why 1\n" in said
    assert 'approved: "Approved, please go ahead with the print run."\n' in said
    assert "To take this back" not in said
    assert noted["before"] == []


def test_a_clients_page_and_its_approvals(tmp_path: Path) -> None:
    """ "workspace Acme" answers with the live page, "approvals acme corp" with the decisions, each with its source."""
    with days(tmp_path) as practiq:
        digest = begun(practiq)
        page = practiq.answer(digest, "workspace Acme Corp")
        ledger = practiq.answer(digest, "approvals acme corp")
        unknown = practiq.answer(digest, "approvals Acmee")

    for said in (page, ledger):
        assert "Approved, please go ahead" in said
        assert "@test.example" in said
    assert "Layouts" in page
    assert "Layouts" not in ledger
    assert "No client is called “Acmee”. Did you mean Acme Corp?" in unknown


def test_more_gives_numbers_that_can_be_ordered(tmp_path: Path) -> None:
    """Beyond twelve items there is a count; "more" shows them with numbers of the same digest, which a reply may name."""
    asks = [
        mail(
            DANA,
            f"Could you send me layout {n}?",
            subject=f"Layout {n:02}",
            at=f"2026-11-09T{n:02}:00:00-05:00",
        )
        for n in range(8, 23)
    ]
    with days(tmp_path) as practiq:
        practiq.comes(*asks)
        digest = practiq.morning(FIRST)
        (more,) = practiq.reply(digest, "more")
        said = practiq.answer(more, "done 14")
        closed = [one["subject"] for raw in asks if (one := practiq.thread(raw))["done"]]
        again = practiq.answer(digest, "more")

    assert numbers(digest) == list(range(1, 13))
    assert "3 more" in digest.text
    assert numbers(more) == [13, 14, 15]
    assert "14 (Acme Corp: Layout 21)" in said
    assert closed == ["Layout 21"]
    assert "nothing more" in again


def test_snoozed_lists_what_can_be_woken(tmp_path: Path) -> None:
    """ "snoozed" lists what is hidden, until when and under which number; "wake" brings it back."""
    with days(tmp_path) as practiq:
        digest = begun(practiq)
        practiq.answer(digest, "snooze 1 until 20 November")
        thursday = practiq.morning("2026-11-12T08:00:00-05:00")
        (listed,) = practiq.reply(thursday, "snoozed")
        (number,) = numbers(listed)
        said = practiq.answer(listed, f"wake {number}")
        awake = practiq.thread(YES)

    assert "Snoozed by you: 1" in thursday.text
    assert number == 2
    assert "Fri 20 Nov" in listed.text
    assert "is back in your digest" in said
    assert (awake["snoozed_until"], awake["action"]) == (None, "proceed")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("snooze 2 until Saturday", "Saturday 14 November 2026, 08:00 EST (it comes with your digest of Monday 16 November 2026), or until"),
        ("snooze 2 until tomorrow 2pm", "Thursday 12 November 2026, 14:00 EST (it comes with your digest of Friday 13 November 2026), or until"),
        ("snooze 2 until Friday", "Friday 13 November 2026, 08:00 EST, or until"),
        ("pause until Saturday", "Saturday 14 November 2026, 08:00 EST; the next one comes on Monday 16 November 2026."),
        ("pause until Monday", "Monday 16 November 2026, 08:00 EST. Nobody"),
    ],
)  # fmt: skip
def test_the_digest_that_it_comes_with(tmp_path: Path, words: str, told: str) -> None:
    """Where no digest goes out at the moment that was named, the acknowledgement says which is the first after it."""
    with days(tmp_path) as practiq:
        said = practiq.answer(begun(practiq), words)

    assert told in " ".join(said.split())


# ---------------------------------------------------------------- absences and handovers


def test_paused_with_a_stand_in(tmp_path: Path) -> None:
    """Who is away gets no digest until that day; the stand-in is told, and gets the items marked as the other's."""
    with days(tmp_path) as practiq:
        digest = begun(practiq)
        ack, notice = practiq.reply(digest, "pause until 17 November, Sam stands in")
        sams = practiq.morning("2026-11-12T08:00:00+00:00", to=SAM)
        practiq.clock.to("2026-11-12T08:00:00-05:00")
        jobs.digests(practiq.app)
        away = [one.to for one in practiq.letters()]
        ordered = practiq.answer(sams, f"done {numbers(sams)[1]}", by=SAM)
        back = practiq.morning("2026-11-17T08:00:00-05:00")

    assert "Tuesday 17 November 2026, 08:00 EST" in ack.text
    assert "Sam Ode stands in" in ack.text
    assert notice.to == SAM
    assert "You stand in for Maya Chen" in notice.text
    assert "for Maya Chen" in sams.text
    assert away == []
    assert "Done: done 2" in ordered
    assert numbers(back) == [1]
    assert "late" not in back.text


def test_back_before_the_day(tmp_path: Path) -> None:
    """ "resume" ends an absence, and that day's digest comes after all, without the excuse that practiq was late."""
    with days(tmp_path) as practiq:
        digest = begun(practiq)
        alone = practiq.answer(digest, "pause until 24 November")
        early = practiq.answer(digest, "resume", at="2026-11-12T11:00:00-05:00")
        today = practiq.morning("2026-11-12T11:06:00-05:00")

    assert "Nobody stands in" in alone
    assert "Welcome back" in early
    assert numbers(today) == [1, 2]
    assert "was not running" not in today.text


def test_a_client_handed_over(tmp_path: Path) -> None:
    """Both account managers get the client's page, and its items go to the new one's digest; undo puts it back."""
    with days(tmp_path) as practiq:
        digest = begun(practiq)
        ack, notice = practiq.reply(digest, "handover Acme Corp to Sam Ode")
        sams = practiq.morning("2026-11-12T08:00:00+00:00", to=SAM)
        mayas = practiq.morning("2026-11-12T08:00:00-05:00")
        owner = practiq.thread(YES)["account_manager"]
        undone = practiq.answer(digest, "undo")
        again = practiq.thread(YES)["account_manager"]

    for letter in (ack, notice):
        assert "Approved, please go ahead" in letter.text
        assert "Acme Corp" in letter.text
    assert notice.to == SAM
    assert "Layouts" in sams.text
    assert "Nothing needs you today" in mayas.text
    assert owner == SAM
    assert "taken back" in undone
    assert again == MAYA


def test_only_its_own_or_a_lead_hands_a_client_over(tmp_path: Path) -> None:
    """Nobody takes a colleague's client; a lead may move one, and then both are told."""
    with days(tmp_path, LEAD) as practiq:
        digest = begun(practiq)
        refused = practiq.answer(digest, "handover Globex to Maya Chen")
        leas = practiq.morning("2026-11-12T08:00:00+00:00", to=LEA)
        ack, *notices = practiq.reply(leas, "handover Globex to Maya", by=LEA)

    assert "only Sam Ode or a lead can hand it over" in refused
    assert "Globex is Maya Chen's now" in ack.text
    assert [one.to for one in notices] == [MAYA, SAM]


# ---------------------------------------------------------------- what is not done


def test_two_things_said_of_one_item(tmp_path: Path) -> None:
    """ "done 2" and "snooze 2" in one mail: neither, and it asks; the rest of the mail is obeyed."""
    with days(tmp_path) as practiq:
        digest = begun(practiq)
        said = practiq.answer(digest, "done 2\nsnooze 2 until Friday\ndone 1")
        two, one = practiq.thread(ASKED), practiq.thread(YES)

    assert (two["done"], two["snoozed_until"], two["action"]) == (False, None, "respond")
    assert one["done"] is True
    assert "“done 2” and “snooze 2 until Friday”" in said
    assert "Which one do you mean?" in said


def test_two_things_said_of_oneself(tmp_path: Path) -> None:
    """Two absences in one mail: neither, and it asks."""
    with days(tmp_path) as practiq:
        said = practiq.answer(begun(practiq), "pause until 17 November\npause until 24 November")
        thursday = practiq.morning("2026-11-12T08:00:00-05:00")

    assert "Which one do you mean?" in said
    assert numbers(thursday) == [1, 2]


def test_an_item_that_changed_since(tmp_path: Path) -> None:
    """An order for an item of which its writer cannot know the newest word is asked about, and obeyed when repeated."""
    with days(tmp_path) as practiq:
        digest = begun(practiq)
        stop = mail(DANA, "Please stop the print run at once!", answers=YES, subject="Re: Flyer",
                    at="2026-11-11T09:00:00-05:00")  # fmt: skip
        practiq.comes(stop, at="2026-11-11T09:01:00-05:00")
        (asks,) = practiq.reply(digest, "done 1", at="2026-11-11T09:10:00-05:00")
        still = practiq.thread(YES)
        said = practiq.answer(asks, "done 1", at="2026-11-11T09:30:00-05:00")
        closed = practiq.thread(YES)

    assert "has changed since that digest" in asks.text
    assert "Please stop the print run at once!" in asks.text
    assert (still["done"], still["action"]) == (False, "stop")
    assert "is closed" in said
    assert closed["done"] is True


def test_numbers_belong_to_the_digest_that_is_answered(tmp_path: Path) -> None:
    """Last week's digest keeps its numbers, whatever they stand for today."""
    newer = mail(DANA, "We are really unhappy with you, this is a complaint.", subject="Trouble",
                 at="2026-11-12T10:00:00-05:00")  # fmt: skip
    with days(tmp_path) as practiq:
        old = begun(practiq)
        practiq.comes(newer, at="2026-11-12T10:01:00-05:00")
        new = practiq.morning("2026-11-18T08:00:00-05:00")
        practiq.answer(old, "done 1")
        closed = practiq.thread(YES)["done"], practiq.thread(newer)["done"]

    assert "Trouble" in new.text.partition(" 2  ")[0]
    assert closed == (True, False)


@pytest.mark.parametrize("words", ["thanks!", "Thanks a lot, Maya", "Ok, great!"])
def test_courtesy_gets_no_answer(tmp_path: Path, words: str) -> None:
    """Thanks alone do nothing and get no answer."""
    with days(tmp_path) as practiq:
        assert practiq.reply(begun(practiq), words) == []


@pytest.mark.parametrize("words", ["don't snooze 2", "done 1?", "I'm done", "not done 1 yet"])
def test_what_orders_nothing_changes_nothing(tmp_path: Path, words: str) -> None:
    """A negation, a question and a remark change nothing."""
    with days(tmp_path) as practiq:
        digest = begun(practiq)
        practiq.reply(digest, words)
        thursday = practiq.morning("2026-11-12T08:00:00-05:00")

    assert numbers(thursday) == [1, 2]


def test_a_colleagues_item_is_left_alone(tmp_path: Path) -> None:
    """What was given to a colleague since is not closed by an old digest's number."""
    with days(tmp_path, LEAD) as practiq:
        digest = begun(practiq)
        practiq.reply(digest, "give 1 to sam")
        sams = practiq.morning("2026-11-12T08:00:00+00:00", to=SAM)
        practiq.reply(sams, "give 2 to lea", by=SAM)
        said = practiq.answer(digest, "done 1")
        flyer = practiq.thread(YES)

    assert "is Lea Moss's now, so nothing was done with it" in said
    assert (flyer["account_manager"], flyer["done"]) == (LEA, False)


@pytest.mark.parametrize("held", ["except 1", "but not 1", "just not 1", "keep 1 open", "1 until Friday"])
def test_what_another_line_holds_out_is_not_closed(tmp_path: Path, held: str) -> None:
    """ "done 1, 2" with "except 1" below it closes neither, and asks."""
    with days(tmp_path) as practiq:
        digest = begun(practiq)
        said = practiq.answer(digest, f"done 1, 2\n{held}")
        thursday = practiq.morning("2026-11-12T08:00:00-05:00")

    assert "nothing was done with any of them" in said
    assert numbers(thursday) == [1, 2]


def test_an_order_that_is_taken_back_at_once(tmp_path: Path) -> None:
    """ "no wait, Monday" below a snooze until Friday: neither day, and it asks."""
    with days(tmp_path) as practiq:
        said = practiq.answer(begun(practiq), "snooze 1 until Friday\nno wait, Monday")
        snoozed = practiq.thread(YES)["snoozed_until"]

    assert "Write once more what should happen" in said
    assert snoozed is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("assign 1 to sam", "Sam Ode is an account manager, not a client. To hand it over, write “give 1 to Sam Ode”."),
        ("2 is Sam's", "“give 2 to Sam Ode”"),
        ("give 1 to Globex", "Globex is a client, not an account manager. To file it there, write “1 is Globex”."),
        ("give 1, 2 to Globex", "“1, 2 are Globex”"),
        ("give 1 to Robert", "There are Maya Chen and Sam Ode."),
    ],
)  # fmt: skip
def test_a_colleague_is_no_client(tmp_path: Path, words: str, told: str) -> None:
    """A colleague's name where a client's belongs, or a client's where a colleague's does, is told how to write it."""
    with days(tmp_path) as practiq:
        said = practiq.answer(begun(practiq), words)
        managers = {practiq.thread(one)["account_manager"] for one in (ASKED, YES)}

    assert told in " ".join(said.split())
    assert managers == {MAYA}


@pytest.mark.parametrize("words", ["ignore 1", "1: on it", "snooze 1", "Sam can take 1"])
def test_a_hint_names_the_item_that_was_meant(tmp_path: Path, words: str) -> None:
    """What is copied from a hint means the item that was written of, not the example's."""
    with days(tmp_path) as practiq:
        said = practiq.answer(begun(practiq), words)

    named = re.findall(r"“(?:snooze |done |give |not |why |wake |replied )?(\d)\b", said)
    assert named
    assert set(named) == {"1"}


def test_an_absence_told_above_the_quoted_digest(tmp_path: Path) -> None:
    """ "I'm on holiday" above the quoted digest is asked about; the same words alone may be a responder's, and are not."""
    away = "I'm on holiday from Monday until the 24th, Sam covers"
    with days(tmp_path) as practiq:
        digest = begun(practiq)
        quoted = "\n".join(f"> {line}" for line in digest.text.splitlines())
        alone = practiq.reply(digest, away)
        said = practiq.answer(
            digest, f"{away}\n\nOn Wed, 11 Nov 2026 at 08:00, practiq <{INBOX}> wrote:\n{quoted}"
        )

    assert alone == []
    assert "“pause until 24 March, Sam stands in”" in said


def test_an_answer_to_our_question_is_answered(tmp_path: Path) -> None:
    """ "yes" in answer to "is that an order?" does nothing and is told what to write, instead of silence."""
    with days(tmp_path) as practiq:
        (asks,) = practiq.reply(begun(practiq), "done 1?")
        said = practiq.answer(asks, "yes")
        flyer = practiq.thread(YES)

    assert "Is that an order?" in asks.text
    assert "Write the whole order" in said
    assert flyer["done"] is False


# ---------------------------------------------------------------- and back again


@pytest.mark.parametrize(
    "words",
    ["snooze 1 until Friday", "done 1", "replied 1", "not 1", "give 1 to sam", "pause until 17 November"],
)
def test_each_change_is_taken_back(tmp_path: Path, words: str) -> None:
    """ "undo" puts everything back as it was, and the next digest shows it."""
    with days(tmp_path) as practiq:
        digest = begun(practiq)
        before = practiq.thread(YES)
        practiq.reply(digest, words)
        said = practiq.answer(digest, "undo")
        after = practiq.thread(YES)
        thursday = practiq.morning("2026-11-12T08:00:00-05:00")

    assert "taken back" in said
    assert after == before
    assert numbers(thursday) == [1, 2]


def test_a_client_moved_to_a_colleague_tells_them(tmp_path: Path) -> None:
    """An item said to be a colleague's client's moves to their digest, and they are told."""
    lost = mail(
        "lou@lumen-studio.example", "Maya, we need a logo. Could you send us a quote?", subject="Logo"
    )
    with days(tmp_path) as practiq:
        practiq.comes(lost)
        digest = practiq.morning(FIRST)
        ack, notice = practiq.reply(digest, "1 is Globex")
        owner = practiq.thread(lost)["account_manager"]

    assert "Globex's now" in ack.text
    assert notice.to == SAM
    assert "Logo" in notice.text
    assert owner == SAM


# ---------------------------------------------------------------- however it is written


def in_html(digest: Sent, words: str) -> bytes:
    """A reply without a plain part, the digest's page below it as webmail quotes it."""
    made = message_from_bytes(mail(MAYA, "x", to=INBOX, cc="", subject="Re: digest", answers=digest.raw,
                                   at="2026-11-11T08:05:00-05:00"), policy=SMTP)  # fmt: skip
    body = re.sub(r"(?s).*<body[^>]*>|</body>.*", "", digest.page)
    made.set_content(
        f'<div dir="ltr">{words}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Wed, Nov 11, 2026 at'
        f' 8:00 AM practiq &lt;{INBOX}&gt; wrote:<br></div><blockquote class="gmail_quote">{body}</blockquote></div>',
        subtype="html",
    )
    return made.as_bytes()


@pytest.mark.parametrize(
    "words", ["done 2", "<div>Hi,</div><div>done&nbsp;2</div><div>Thanks, Maya</div>", "<p>２ done</p>"]
)
def test_a_reply_in_html_alone(tmp_path: Path, words: str) -> None:
    """A reply that has only HTML is read as its writer sees it, and nothing of the quoted digest is."""
    with days(tmp_path) as practiq:
        digest = begun(practiq)
        practiq.comes(in_html(digest, words), at="2026-11-11T08:06:00-05:00")
        (ack,) = practiq.letters()
        done = practiq.thread(YES)["done"], practiq.thread(ASKED)["done"]

    assert "2 (Acme Corp: Layouts) is closed" in ack.text
    assert done == (False, True)


def test_an_answer_typed_under_the_quoted_item(tmp_path: Path) -> None:
    """Commands between the quoted lines of a digest are read, the quoted lines and its examples are not."""
    with days(tmp_path) as practiq:
        digest = begun(practiq)
        quoted = [f"> {line}".rstrip() for line in digest.text.split("\n\n", 1)[1].splitlines()]
        under = next(n for n, line in enumerate(quoted) if line.startswith(">  2 ")) + 3
        body = [
            "On Wed, Nov 11, 2026 at 8:00 AM practiq wrote:",
            *quoted[:under],
            "",
            "snooze 2 until Friday",
            "",
            *quoted[under:],
        ]
        said = practiq.answer(digest, "\n".join(body))
        one, two = practiq.thread(YES), practiq.thread(ASKED)

    assert "until Friday 13 November 2026" in said
    assert (one["done"], one["snoozed_until"]) == (False, None)
    assert two["snoozed_until"] == "2026-11-13T13:00:00+00:00"


@pytest.mark.parametrize("at", range(4))
def test_each_ready_reply_is_obeyed(tmp_path: Path, at: int) -> None:
    """A tap on a link writes a new mail to the inbox, whose subject names the digest; it does what the link says."""
    with days(tmp_path) as practiq:
        digest = begun(practiq)
        link = urlsplit(unescape(re.findall(r'href="(mailto:[^"]+)"', digest.page)[at]))
        written = {name: values[0] for name, values in parse_qs(link.query).items()}
        tapped = mail(MAYA, written["body"], to=link.path, cc="", subject=written["subject"],
                      at="2026-11-11T08:10:00-05:00")  # fmt: skip
        practiq.comes(tapped, at="2026-11-11T08:11:00-05:00")
        (ack,) = practiq.letters()
        flyer = practiq.thread(YES)

    assert link.path == INBOX
    assert (flyer["done"], flyer["snoozed_until"]) == [
        (True, None),
        (False, "2026-11-12T13:00:00+00:00"),
        (False, "2026-11-16T13:00:00+00:00"),
        (False, "2026-11-18T13:00:00+00:00"),
    ][at]
    assert f"Done: {written['body']}" in ack.text
