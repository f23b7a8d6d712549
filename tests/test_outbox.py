"""Letters out, over real SMTP on loopback: each goes once, and whatever the server says costs nobody else's letter."""

from __future__ import annotations

import gc
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.letter_rows import list_faults
from service.sending_rows import NOT_IN_TIME
from service.smtp import SmtpError
from service.store import open_store
from tests.agency import INBOX, MAYA, SAM, passing_url
from tests.desk import CONTENT, LEA, Answer, Answers, Desk, Script, SecureScript, SecureSink
from tests.servers import PASSWORD, SmtpSink, free_port, make_certificate

pytestmark = pytest.mark.both_databases

MINUTE = timedelta(minutes=1)
LATER = b"451 4.3.0 later"


# ---------------------------------------------------------------- a morning


def test_a_morning_goes_over_one_connection(desk: Desk, smtp: SmtpSink) -> None:
    """Each letter goes to its one recipient, from the inbox, once; a refused one fails with the server's words alone."""
    smtp.refusals = {SAM: "550 5.1.1 No such user"}
    desk.put(MAYA, SAM, LEA)
    desk.put(MAYA, content=b"another letter with the same key\r\n")

    assert desk.deliver(smtp.port) == 2
    assert desk.deliver(smtp.port) == 0
    assert [(one.mail_from, one.rcpt_tos, one.content) for one in smtp.letters] == [
        (INBOX, (MAYA,), CONTENT),
        (INBOX, (LEA,), CONTENT),
    ]
    assert smtp.sessions == 1
    assert desk.states() == ["sent", "failed", "sent"]
    assert (desk.row(SAM).fault, desk.row(SAM).attempts) == ("550 5.1.1 No such user", 1)


LINES = st.lists(st.binary(max_size=60).map(lambda one: one.replace(b"\r", b".").replace(b"\n", b".")))


@given(letters=st.lists(LINES | LINES.map(lambda lines: [b"." + one for one in lines]), max_size=4))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_byte_arrives(smtp: SmtpSink, letters: list[list[bytes]]) -> None:
    """Dots at the beginning of a line and bytes above ASCII come out as they went in, letter behind letter."""
    contents = [b"".join(line + b"\r\n" for line in lines) for lines in letters]
    smtp.letters.clear()
    with passing_url() as url, closing(open_store(url)) as store:
        desk = Desk(store)
        for number, content in enumerate(contents):
            desk.put(MAYA, key=str(number), content=content)
        desk.deliver(smtp.port)

    assert [one.content for one in smtp.letters] == contents


@pytest.mark.parametrize("stranger", ["dana@acme.example", "Maya@northlight.example.evil.example", INBOX])
def test_only_account_managers_are_written_to(desk: Desk, smtp: SmtpSink, stranger: str) -> None:
    """A letter to anybody else fails, and the server never hears of it; those behind it go out."""
    desk.put(stranger, MAYA)

    assert desk.deliver(smtp.port) == 1
    assert [one.rcpt_tos for one in smtp.letters] == [(MAYA,)]
    assert (desk.row(stranger).state, desk.row(stranger).fault) == (
        "failed",
        "not an address of the configuration",
    )


UNSPEAKABLE = (
    "zoë@northlight.example",
    "ada@elsewhere.example,ada@northlight.example",
    "a\x07b@northlight.example",
)


@pytest.mark.parametrize("recipient", UNSPEAKABLE)
def test_an_address_that_smtp_cannot_say_fails_alone(desk: Desk, smtp: SmtpSink, recipient: str) -> None:
    """A letter that cannot be put on the wire fails at once, and those behind it go out."""
    desk.put(recipient, MAYA)

    assert desk.deliver(smtp.port, allowed=[recipient, MAYA]) == 1
    assert [one.rcpt_tos for one in smtp.letters] == [(MAYA,)]
    assert desk.states() == ["failed", "sent"]


def test_an_expired_letter_is_never_sent(desk: Desk, smtp: SmtpSink) -> None:
    """Until its last moment a letter goes out; from then on it fails, and says why."""
    desk.put(MAYA, SAM, life=MINUTE)
    with pytest.raises(SmtpError):
        desk.deliver(free_port())
    desk.put(LEA, life=MINUTE + timedelta(seconds=1))
    desk.put(LEA, key="idle", life=MINUTE)
    desk.clock.at += MINUTE

    assert desk.deliver(smtp.port) == 1
    assert [one.rcpt_tos for one in smtp.letters] == [(LEA,)]
    assert desk.states() == ["failed", "failed", "sent", "failed"]
    with desk.store.transaction() as session:
        (maya, sam, idle) = (fault for _, _, fault in list_faults(session))
    assert "cannot be used" in maya
    assert sam == maya
    assert idle == NOT_IN_TIME


# ---------------------------------------------------------------- a server that misbehaves

HUNG_UP = [{step: None} for step in ("hello", "EHLO", "MAIL", "RCPT", "DATA")]
NOT_NOW: list[Answers] = [{step: LATER} for step in ("hello", "MAIL", "RCPT", "DATA", ".")]
NOT_NOW += [
    {"EHLO": LATER, "HELO": LATER},
    {"EHLO": b"421 closing"},
    {"DATA": b"250 what"},
    {"RCPT": b"what"},
]
NO_SERVICE: list[Answers] = [
    {"hello": b"554 no"},
    {"EHLO": b"550 no", "HELO": b"550 no"},
    {"MAIL": b"530 no"},
]


@pytest.mark.parametrize("fault", HUNG_UP + NOT_NOW + NO_SERVICE, ids=str)
def test_a_letter_waits_for_a_better_moment(desk: Desk, script: Script, fault: Answers) -> None:
    """Whatever happens before the final dot, or 4yz after it, costs time only, however often; then the letter goes out once."""
    desk.put(MAYA)
    server = script(dict(fault))
    for pause in (1, 2, 4):
        with suppress(SmtpError):
            assert desk.deliver(server.port) == 0
        waits = desk.row()
        assert (waits.state, waits.doubts, waits.due_at - desk.clock()) == ("ready", 0, pause * MINUTE)
        assert waits.fault
        desk.clock.at = waits.due_at
    server.answers.clear()
    server.letters.clear()

    assert desk.deliver(server.port) == 1
    assert desk.deliver(server.port) == 0
    assert server.letters == [CONTENT]
    assert desk.states() == ["sent"]


@pytest.mark.parametrize("step", ["hello", "EHLO", "MAIL", "DATA"])
def test_a_silent_server_is_given_up(desk: Desk, script: Script, step: str) -> None:
    """A server that does not answer costs the time that an answer may take, and the letter waits."""
    desk.put(MAYA)
    server = script({step: b""})
    with suppress(SmtpError):
        assert desk.deliver(server.port) == 0

    assert (desk.row().state, desk.row().doubts) == ("ready", 0)
    assert "Timed out" in desk.row().fault


@pytest.mark.parametrize("step", ["RCPT", "DATA", "."])
def test_a_refused_letter_is_not_tried_again(desk: Desk, script: Script, step: str) -> None:
    """5yz is for good: the letter fails with what the server said, on one line that can be stored and shown."""
    desk.put(MAYA)
    server = script({step: b"550-5.7.1 Bo\xeete \x1b[2Jinconnue\r\n550 see https://mx.example/help"})

    assert desk.deliver(server.port) == 0
    desk.clock.at += timedelta(hours=2)
    assert desk.deliver(server.port) == 0
    assert server.heard.count("MAIL") == 1
    assert (desk.row().state, desk.row().attempts) == ("failed", 1)
    assert desk.row().fault == "550 5.7.1 Bo te [2Jinconnue see https://mx.example/help"


def test_pauses_grow_to_an_hour(desk: Desk, smtp: SmtpSink) -> None:
    """A letter that is put off is tried after a minute, twice as long each time, and at least once an hour."""
    smtp.at_dot = "452 4.2.2 full"
    desk.put(MAYA)
    pauses = []
    while desk.states() == ["ready"]:
        desk.deliver(smtp.port)
        pauses.append((desk.row().due_at - desk.clock()) // MINUTE)
        desk.clock.at = desk.row().due_at

    assert pauses[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert (desk.row().state, desk.row().fault) == ("failed", "452 4.2.2 full")


@pytest.mark.parametrize("fault", [b"what", b"421 closing", None], ids=["gibberish", "closing", "hangs-up"])
def test_a_broken_session_does_not_take_the_morning_with_it(
    desk: Desk, script: Script, fault: Answer
) -> None:
    """The letter that met the fault waits; the next one goes out over a new connection."""
    desk.put(MAYA, SAM)
    answers = iter([fault, b"250 ok"])
    server = script({"MAIL": lambda: next(answers)})  # type: ignore[arg-type,return-value]

    assert desk.deliver(server.port) == 1
    assert desk.states() == ["ready", "sent"]


def test_a_server_that_is_away_is_asked_once_a_minute(desk: Desk, script: Script) -> None:
    """One clear line, nothing is lost, and not a log-in for each letter that waits."""
    desk.put(MAYA, SAM, LEA)
    server = script({"hello": b"554 5.3.2 not today"})
    with pytest.raises(
        SmtpError, match=rf"^The SMTP server 127.0.0.1:{server.port} cannot be used: 554 5.3.2 not today\n"
    ):
        desk.deliver(server.port)
    desk.clock.at += MINUTE - timedelta(seconds=1)
    assert desk.deliver(server.port) == 0
    assert server.heard == ["hello"]
    desk.clock.at += timedelta(seconds=1)
    server.answers.clear()

    assert desk.deliver(server.port) == 3


# ---------------------------------------------------------------- log-in and TLS

LOG_IN = {"username": "practiq", "password": PASSWORD}
OFFERED = b"250-scripted\r\n250 AUTH PLAIN LOGIN"


@pytest.mark.parametrize(
    ("answers", "account", "said"),
    [
        ({"EHLO": OFFERED, "AUTH": b"535 5.7.8 No."}, LOG_IN, "refuses the log-in of practiq: 535 5.7.8 No.\n"),
        ({"EHLO": OFFERED, "AUTH": None}, LOG_IN, "cannot be used: "),
        ({}, LOG_IN, "AUTH extension is not supported"),
        ({}, {"tls": "starttls"}, "STARTTLS extension not supported"),
        ({"EHLO": b"250-x\r\n250 STARTTLS", "STARTTLS": b"454 No"}, {"tls": "starttls"}, "cannot be used: 454 No"),
        ({"EHLO": b"250-x\r\n250 STARTTLS", "STARTTLS": b"220 go\r\n250 ok"}, {"tls": "starttls"}, "cannot be used: "),
        ({}, {"tls": "implicit"}, "cannot be used: "),
        ({}, {"host": "mail.example"}, "is another machine, and [smtp] tls is none"),
        ({}, {"host": "mail..example", "tls": "implicit"}, "cannot be used: "),
        ({"MAIL": b"553 5.7.1 not owned"}, {}, f"takes no mail from {INBOX}: 553 5.7.1 not owned\n"),
    ],
    ids=str,
)  # fmt: skip
def test_no_session_is_a_sentence_and_costs_nothing(
    desk: Desk, script: Script, answers: Answers, account: dict[str, Any], said: str
) -> None:
    """What stands between us and the server is said with its remedy and without the password; the letters wait."""
    desk.put(MAYA, SAM)
    server = script(answers)
    with pytest.raises(SmtpError) as error:
        desk.deliver(server.port, **account)

    assert said in str(error.value)
    assert "\n  " in str(error.value)
    assert PASSWORD not in str(error.value)
    assert desk.states() == ["ready", "ready"]
    assert "\n" not in desk.row().fault
    assert server.letters == []


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_tls_is_verified(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tls: str) -> None:
    """A certificate that nobody vouches for ends in a sentence before the password is said; with a trusted one the letter goes out."""
    make_certificate(tmp_path)
    desk.put(MAYA)
    with SecureSink(tmp_path, tls) as server:
        with pytest.raises(SmtpError, match=r"certificate that we cannot trust.*\n.*SSL_CERT_FILE"):
            desk.deliver(server.port, tls=tls, **LOG_IN)
        assert server.passwords == []
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        desk.clock.at += MINUTE

        assert desk.deliver(server.port, tls=tls, **LOG_IN) == 1
        assert server.passwords == [PASSWORD.encode()]
        assert [one.content for one in server.letters] == [CONTENT]


@pytest.mark.parametrize("answers", [{}, {"hello": b"421 no"}], ids=["after-quit", "refused"])
def test_the_line_is_left_at_once(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: Answers
) -> None:
    """A server that never ends its side of TLS does not keep our connection open: else this ends in a ResourceWarning."""
    make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    desk.put(MAYA)
    with closing(SecureScript(tmp_path, answers)) as server:
        with suppress(SmtpError):
            desk.deliver(server.port, tls="implicit")
        gc.collect()

    assert server.letters == ([] if answers else [CONTENT])
