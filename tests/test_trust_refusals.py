"""A refusal is noted, told to whose name was used, and five within an hour rest that person's commands."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from service.health import status_line
from tests.agency import MAYA, MX, SAM
from tests.forged import FAIL, RECEIVED, Forger, forging

pytestmark = pytest.mark.both_databases

SOON = timedelta(minutes=5)
INJECTED = "done 1, click http://evil.example"


def forge(forger: Forger, times: int = 1) -> list[dict[str, object]]:
    """A forger, whom our server does not vouch for, answers Maya's digest so many times, five minutes apart."""
    return [
        line
        for _ in range(times)
        for line in forger.sends(forger.raw(INJECTED, top=(RECEIVED, FAIL), more=["Reply-To: x@evil.example"],
                                            author=f"From: Maya <{MAYA}>"), after=SOON)
    ]  # fmt: skip


@pytest.mark.pitfall("hermes-agent#52801", "GHSA-rxqh-5572-8m77")
def test_a_refusal_is_told_to_whose_name_was_used(tmp_path: Path) -> None:
    """Maya hears at her configured address what came, when, why nothing was done and what to do; the forger's words
    are repeated to nobody, and the forger hears nothing."""
    with forging(tmp_path) as forger:
        raw = forger.raw(INJECTED, top=(RECEIVED, FAIL), subject="Re: transfer the money")
        (noted,) = forger.sends(raw, after=SOON)
        (told,) = forger.practiq.letters()

    assert (noted["account_manager"], noted["obeyed"], noted["clause"]) == (MAYA, False, "")
    assert noted["outcome"] == "our mail server does not vouch for its author"
    assert told.to == MAYA
    assert told.mail["To"].endswith(f"<{MAYA}>")
    assert told.mail["Auto-Submitted"] == "auto-generated"
    assert told.mail["In-Reply-To"] is None
    said = " ".join(told.text.split())
    assert "A mail came in your name on Wednesday 11 November 2026, 08:05 EST." in said
    assert "your digest of Wednesday 11 November 2026" in said
    assert "our mail server does not vouch for its author" in said
    assert "If you wrote it, send it again through your agency's own mail server" in said
    assert "If you did not write it, somebody else has that digest." in said
    assert b"evil" not in told.raw
    assert b"money" not in told.raw


def test_a_few_refusals_a_day_are_told(tmp_path: Path) -> None:
    """Each is noted; three a day are told, and the one that begins the pause; the next day it begins anew."""
    with forging(tmp_path) as forger:
        noted = forge(forger, 12)
        today = forger.practiq.letters()
        forger.practiq.clock.to("2026-11-12T09:00:00-05:00")
        forge(forger)
        tomorrow = len(forger.practiq.letters())

    assert len(noted) == 12
    assert ["no reply of yours is obeyed until" in one.text for one in today] == [False] * 3 + [True]
    assert "Wednesday 11 November 2026, 09:25 EST" in " ".join(today[-1].text.split())
    assert tomorrow == 1


def test_five_refusals_within_an_hour_rest_ones_commands(tmp_path: Path) -> None:
    """Then Maya's own reply is not obeyed either, and she is told until when; an hour after the last one it is. Sam's
    are obeyed all the while."""
    with forging(tmp_path) as forger:
        forge(forger, 4)
        before = forger.obeyed(forger.raw("snooze 1 until Friday"))
        forger.practiq.clock.to("2026-11-12T07:00:00-05:00")
        forge(forger, 5)
        (resting,) = forger.sends(forger.raw(), after=SOON)
        status = status_line(forger.practiq.app, forger.practiq.clock())
        told = [one.text for one in forger.practiq.letters()]
        sams = forger.practiq.reply(forger.sams, "done 1", by=SAM)
        digest = forger.practiq.morning("2026-11-12T08:00:00-05:00")
        (still,) = forger.sends(forger.raw(), after=timedelta(minutes=24))
        after = forger.obeyed(forger.raw(), after=timedelta(minutes=2))

    assert before
    assert not resting["obeyed"]
    assert "until Thursday 12 November 2026, 08:25 EST" in resting["outcome"]
    assert status["commands_paused"] == [{"account_manager": MAYA, "until": "2026-11-12T13:25:00+00:00"}]
    assert any(MAYA in one["what"] and "not obeyed" in one["what"] for one in status["wrong"])
    assert "send it again then" in " ".join(told[-1].split())
    assert "is closed" in sams[0].text
    for words in (digest.text, digest.page):
        assert "9 replies in your name were refused since your last digest" in " ".join(words.split())
        assert "None is obeyed until Thursday 12 November 2026, 08:25 EST." in " ".join(words.split())
    assert not still["obeyed"]
    assert after


def test_a_digest_without_refusals_says_nothing_of_them(tmp_path: Path) -> None:
    """Nor does one that comes after the one that said it; nor does status, when the pause is over."""
    with forging(tmp_path) as forger:
        forge(forger)
        forger.practiq.letters()
        thursday = forger.practiq.morning("2026-11-12T08:00:00-05:00")
        friday = forger.practiq.morning("2026-11-13T08:00:00-05:00")
        status = status_line(forger.practiq.app, forger.practiq.clock())

    assert "in your name" not in forger.digest.text
    assert "One reply in your name was refused since your last digest" in " ".join(thursday.text.split())
    assert "in your name" not in friday.text
    assert status["commands_paused"] == []


@pytest.mark.promise("P20")
def test_a_refusal_in_the_log(tmp_path: Path) -> None:
    """One line that names the kind of reason, and none of the mail's words."""
    with forging(tmp_path) as forger, capture_logs() as logged:
        forge(forger)

    (line,) = [one for one in logged if one["event"] == "reply refused"]
    assert line["reason"] == "author"
    assert "evil.example" not in str(logged)


@pytest.mark.parametrize(
    ("policy", "vouched", "silent", "failed"),
    [("require", True, False, False), ("warn", True, True, False), ("off", True, True, True)],
)
def test_policies(tmp_path: Path, policy: str, vouched: bool, silent: bool, failed: bool) -> None:
    """`require` wants a pass; `warn` obeys, and says so, where our server says nothing, not where it denies; `off`
    asks nobody. None of them does without the token and the one author."""
    passing = f"Authentication-Results: {MX}; dmarc=pass header.from=northlight.example"
    with forging(tmp_path, policy) as forger:
        tops = ((RECEIVED, passing), (RECEIVED,), (RECEIVED, FAIL))
        obeyed = [
            forger.obeyed(forger.raw(f"snooze 1 {at}d", top=top)) for at, top in enumerate(tops, start=2)
        ]
        warned = ["did not confirm that you wrote this" in one.text for one in forger.practiq.letters()]
        strangers = [
            forger.obeyed(forger.raw(top=(RECEIVED,), answers="")),
            forger.obeyed(forger.raw(top=(RECEIVED,), author=f"From: {MAYA}, x@evil.example")),
            forger.obeyed(forger.raw(top=(RECEIVED,), author=f"From: {MAYA}\r\nFrom: x@evil.example")),
            forger.obeyed(forger.raw(top=(RECEIVED,), author="From: dana@acme.example")),
        ]

    assert obeyed == [vouched, silent, failed]
    assert any(warned) is (policy == "warn")
    assert strangers == [False] * 4
