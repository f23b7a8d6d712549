"""A command answers a letter that we sent to that very person: a keyed token says which."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from pathlib import Path

import pytest

from service.app import App
from service.letters import notice_letter
from tests.agency import DANA, INBOX, MAYA, SAM, mail
from tests.forged import FAIL, PASS, RECEIVED, Forger, forging

pytestmark = pytest.mark.both_databases

LOCAL, DOMAIN = INBOX.split("@")


def altered(token: str) -> str:
    """A token with its last digit another."""
    return token[:-1] + ("a" if token[-1] != "a" else "b")


def ways(forger: Forger, token: str, digest_id: str) -> dict[str, bytes]:
    """A reply that bears a token, in each way in which one can."""
    plus = f"{LOCAL}+{token}@{DOMAIN}"
    tomorrow, later = "snooze 1 tomorrow", "snooze 1 until 20 November"
    return {
        "In-Reply-To": forger.raw(tomorrow, answers=f"In-Reply-To: {digest_id}"),
        "References": forger.raw(later, answers=f"References: <x@northlight.example> {digest_id}"),
        "an acknowledgement": forger.raw(tomorrow, answers=f"In-Reply-To: <ack.0123456789.{token}@{DOMAIN}>"),
        "To": forger.raw(later, answers="", to=plus),
        "Cc": forger.raw(tomorrow, answers="", to=MAYA, more=[f"Cc: {plus}"]),
        "Delivered-To": forger.raw(later, answers="", to=MAYA, top=(f"Delivered-To: {plus}", RECEIVED, PASS)),
        "Subject": forger.raw(tomorrow, answers="", subject=f"Re: [#{token.upper()}] snooze 1 tomorrow"),
    }  # fmt: skip


def test_each_way_to_bear_a_token(tmp_path: Path) -> None:
    """The token of Maya's own digest is found wherever mail programs keep it."""
    with forging(tmp_path) as forger:
        every = ways(forger, forger.token, forger.digest_id)
        obeyed = [name for name, raw in every.items() if forger.obeyed(raw)]

    assert obeyed == list(every)


@pytest.mark.pitfall("hermes-agent#52801")
def test_who_is_vouched_for_commands_nothing_without_a_token(tmp_path: Path) -> None:
    """A name alone, or a token that we never made, does nothing; that Maya herself wrote so is told her."""
    with forging(tmp_path) as forger:
        wrong = altered(forger.token)
        every = ways(forger, wrong, forger.digest_id.replace(forger.token, wrong))
        obeyed = [name for name, raw in every.items() if forger.obeyed(raw)]
        told = forger.practiq.letters()
        bare = forger.sends(forger.raw(answers=""))

    assert obeyed == []
    assert bare == []  # a mail like any other
    assert {one.to for one in told} == {MAYA}
    assert "a letter that practiq never sent to you" in " ".join(told[0].text.split())


def test_a_token_that_we_never_made_makes_us_write_to_nobody(tmp_path: Path) -> None:
    """Whoever knows the inbox and Maya's address alone brings about no letter, and no pause; it is counted."""
    with forging(tmp_path) as forger:
        guess = f"In-Reply-To: <digest.2026-11-11.{altered(forger.token)}@{DOMAIN}>"
        noted = [
            line
            for _ in range(6)
            for line in forger.sends(
                forger.raw(answers=guess, top=(RECEIVED, FAIL)), after=timedelta(minutes=1)
            )
        ]
        told = forger.practiq.letters()
        still = forger.obeyed(forger.raw())

    assert [line["outcome"] for line in noted] == ["our mail server does not vouch for its author"] * 6
    assert told == []
    assert still


def test_a_wrong_token_beside_a_right_one(tmp_path: Path) -> None:
    """Whatever else is right, a token that is wrong spoils the mail."""
    with forging(tmp_path) as forger:
        wrong = altered(forger.token)
        tried = [
            forger.raw(more=[f"References: <digest.2026-11-11.{wrong}@{DOMAIN}>"]),
            forger.raw(to=f"{LOCAL}+{wrong}@{DOMAIN}"),
            forger.raw(subject=f"Re: [#{wrong}] done 1"),
        ]
        noted = [line for raw in tried for line in forger.sends(raw)]
        closed = forger.is_closed()

    assert [line["outcome"] for line in noted] == [
        "it names a letter, too, that practiq never sent to you"
    ] * 3
    assert not closed


@pytest.mark.pitfall("vm0#3663", "100eyes#544")
def test_another_persons_digest(tmp_path: Path) -> None:
    """Who was sent Maya's digest by forward or Cc commands nothing with it, colleague or client, however authentic."""
    with forging(tmp_path) as forger:
        sams = [
            mail(SAM, "done 1", to=INBOX, cc="", subject="Re: digest", answers=forger.digest.raw),
            mail(SAM, "done 1", to=INBOX, cc="", subject=f"Re: [#{forger.token}] done 1"),
            mail(SAM, "done 1", to=f"{LOCAL}+{forger.token}@{DOMAIN}", cc="", subject="done"),
        ]
        danas = mail(DANA, "done 1", to=INBOX, cc="", subject="Re: digest", answers=forger.digest.raw)
        noted = [line for raw in (*sams, danas) for line in forger.sends(raw)]
        told = forger.practiq.letters()
        closed = forger.is_closed()

    assert [line["outcome"] for line in noted] == ["it answers a letter that practiq never sent to you"] * 3
    assert {one.to for one in told} == {SAM}
    assert not closed


@pytest.mark.parametrize(("days", "obeyed"), [(13, True), (15, False)])
def test_a_digest_is_obeyed_for_fourteen_days(tmp_path: Path, days: int, obeyed: bool) -> None:
    """Then it is refused, and its reader is told so; that is nobody's forgery, and pauses nothing."""
    with forging(tmp_path) as forger:
        (noted,) = forger.sends(forger.raw(), after=timedelta(days=days))
        (told,) = forger.practiq.letters()

    assert noted["obeyed"] is obeyed
    assert ("14 days" in noted["outcome"]) is not obeyed
    assert ("answer to your newest digest" in " ".join(told.text.split())) is not obeyed


def test_two_digests_named_at_once(tmp_path: Path) -> None:
    """Where a reply names two digests, "1" could mean two things: it is not obeyed."""
    with forging(tmp_path) as forger:
        later = str(forger.practiq.morning("2026-11-12T08:00:00-05:00").mail["Message-ID"])
        (noted,) = forger.sends(forger.raw(more=[f"References: {later}"]))
        closed = forger.is_closed()

    assert noted["outcome"] == "it answers several of your digests, whose numbers differ"
    assert not closed


def test_letters_of_before_are_obeyed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Digests that went out with a token of 16 hexadecimal digits are still answered."""

    def short(app: App, key: str) -> str:
        return hmac.new(app.token_key, key.encode(), hashlib.sha256).hexdigest()[:16]

    with monkeypatch.context() as before:
        before.setattr(App, "token_of", short)
        with forging(tmp_path) as forger:
            before.undo()
            obeyed = [forger.obeyed(raw) for raw in ways(forger, forger.token, forger.digest_id).values()]

    assert len(forger.token) == 16
    assert all(obeyed)


def test_a_token_has_128_bits_and_is_its_persons(tmp_path: Path) -> None:
    """Made with our key of the person and the day, in 26 letters: another key, person or day makes another."""
    with forging(tmp_path) as forger:
        app = forger.practiq.app
        made = {app.token_of(f"digest:2026-11-{day}:{one}") for day in (11, 12) for one in (MAYA, SAM)}

    assert forger.token == app.token_of(f"digest:2026-11-11:{MAYA}")
    assert len(forger.token) * 5 >= 128
    assert len(made) == 4


def test_mail_to_a_client_on_a_thread_with_a_digest(tmp_path: Path) -> None:
    """Maya's mail to Dana that quotes a digest somewhere up its thread is mail to Dana, no reply to us."""
    with forging(tmp_path) as forger:
        to_dana = forger.raw(
            "Dana, the layouts are ready on Friday.",
            to=DANA,
            answers="In-Reply-To: <1@acme.example>",
            more=[f"References: {forger.digest_id} <1@acme.example>", f"Cc: {INBOX}"],
        )
        noted = forger.sends(to_dana)
        told = forger.practiq.letters()

    assert noted == []
    assert told == []


def test_a_long_id_stays_one_word(tmp_path: Path) -> None:
    """Our Message-ID stands on the line of its name, however long; where a program encodes it in answer, it is found."""
    with forging(tmp_path) as forger:
        app = forger.practiq.app
        manager = app.office.find_manager(MAYA)
        assert manager
        letter = notice_letter(
            subject="x",
            paragraphs=(),
            page=None,
            manager=manager,
            agency=app.office.agency,
            domain=f"mail.{'long' * 12}.example",
            token=app.token_of("x"),
            sent_at=forger.practiq.clock(),
        )
        encoded = "".join(f"={ord(one):02X}" for one in forger.digest_id)
        words = [f"=?utf-8?q?{encoded[at : at + 60]}?=" for at in range(0, len(encoded), 60)]
        obeyed = forger.obeyed(forger.raw(answers="In-Reply-To: " + "\r\n ".join(words)))

    assert f"\r\nMessage-ID: {letter.message_id}\r\n".encode() in letter.content
    assert obeyed
