"""Every fault of an SMTP server, at every step: no letter is lost, none comes a third time, and status says what is wrong."""

from __future__ import annotations

import itertools
import time
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from service import outbox
from service import smtp as wire
from service.smtp import SmtpError
from service.store import open_store
from service.trouble_rows import Trouble, list_troubles
from tests.agency import MAYA, SAM, passing_url
from tests.cutting import CuttingProxy
from tests.desk import CONTENT, LEA, Answer, Desk, Script, SecureSink
from tests.servers import PASSWORD, SmtpSink, make_certificate

pytestmark = [pytest.mark.promise("P9", "P12"), pytest.mark.both_databases]

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def troubles(desk: Desk) -> list[Trouble]:
    """What status says of the server."""
    with desk.store.transaction() as session:
        return list_troubles(session)


def try_until_settled(desk: Desk, port: int, times: int = 6) -> None:
    """Deliver again and again, as the service does, until no letter waits."""
    for _ in range(times):
        with suppress(SmtpError):
            desk.deliver(port)
        desk.clock.at += HOUR


# ---------------------------------------------------------------- each fault at each step

STEPS = ("hello", "EHLO", "MAIL", "RCPT", "DATA", ".", "RSET", "QUIT")
FAULTS: dict[str, Answer] = {
    "421": b"421 4.3.2 closing",
    "4yz": b"451 4.3.0 later",
    "5yz": b"550 5.7.0 no",
    "lost": None,
    "stalled": b"",
    "garbage": b"\xff\x00\x1b[2J 250 ok",
    "endless-line": b"250 " + b"x" * 600_000,
    "endless-lines": b"250-more\r\n" * 60_000,
    "controls": b"451 4.3.0 \x1b[31mlater\x07\x9b \xe2\x80\xaegnp",
}


@pytest.mark.pitfall("courier#62", "getmail6#106", "aiosmtplib#352")
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_a_step(desk: Desk, script: Script, step: str, fault: str) -> None:
    """What was accepted is `sent` once; what was refused for good has failed; all else goes out when the server is well."""
    desk.put(MAYA)
    server = script({step: FAULTS[fault], "HELO": FAULTS[fault]} if step == "EHLO" else {step: FAULTS[fault]})
    if step == "RSET":  # which follows a letter that was not taken
        server.answers["RCPT"] = b"452 4.2.2 full"
    with suppress(SmtpError):
        desk.deliver(server.port)
    first, told = desk.row(), [one.words for one in troubles(desk)]
    server.answers.clear()
    try_until_settled(desk, server.port)
    last = desk.row()

    assert all(one.isprintable() for one in [*told, first.fault or ""])
    assert len(first.fault or "") < 400
    if step == "QUIT":
        assert (first.state, server.letters) == ("sent", [CONTENT])
    elif fault == "5yz" and step in ("RCPT", "DATA", "."):
        assert (first.state, last.state) == ("failed", "failed")
        assert first.fault == "550 5.7.0 no"
    else:
        assert (first.state, last.state) == ("ready", "sent")
        assert set(server.letters) == {CONTENT}
        assert len(server.letters) == (2 if step == "." else 1)
    assert last.doubts == (step == "." and fault not in ("421", "4yz", "5yz", "controls"))
    refused_us = step in ("hello", "EHLO") or (step, fault) == ("MAIL", "5yz")
    broke_off = fault not in ("4yz", "5yz", "controls") and step not in ("RSET", "QUIT")
    assert bool(told) == (refused_us or broke_off)
    assert not troubles(desk)


@pytest.mark.parametrize("step", ["STARTTLS", "AUTH"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_before_there_is_a_session(desk: Desk, script: Script, step: str, fault: str) -> None:
    """What the server says to us and to no letter lets all of them wait, and is trouble until it is over."""
    desk.put(MAYA, SAM)
    server = script({step: FAULTS[fault], "EHLO": b"250-x\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN"})
    tls = "starttls" if step == "STARTTLS" else "none"
    began = desk.clock.at
    for _ in range(2):
        with pytest.raises(SmtpError):
            desk.deliver(server.port, tls=tls, username="practiq", password=PASSWORD)
        desk.clock.at += MINUTE
    (one,) = troubles(desk)

    assert desk.states() == ["ready", "ready"]
    assert (one.place, one.since) == ("smtp", began)
    assert one.words == f"{desk.row().fault}."
    assert PASSWORD not in one.words
    assert server.heard.count("hello") == 2
    assert "MAIL" not in server.heard


def test_a_late_answer_is_not_the_next_ones(
    desk: Desk, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that comes after its time is up is never taken for that to another letter."""
    monkeypatch.setattr(wire, "CONNECT_SECONDS", 30)  # it is busy with its late answer meanwhile
    desk.put(MAYA, SAM)
    answers = iter([lambda: time.sleep(1.5) or b"550 5.1.1 no such user", lambda: b"250 ok"])
    server = script({"RCPT": lambda: next(answers)()})
    desk.deliver(server.port)

    assert desk.states() == ["ready", "sent"]


def test_answers_that_are_one_too_many_end_the_session(desk: Desk, script: Script) -> None:
    """The one that is left over is not taken for the next command's: the next letter has a session of its own."""
    desk.put(MAYA, SAM)
    answers = iter([b"250 what\r\n250 more", b"354 go on"])
    server = script({"DATA": lambda: next(answers)})
    desk.deliver(server.port)

    assert desk.states() == ["ready", "sent"]


@pytest.mark.pitfall("courier#62")
def test_no_bare_line_end_is_sent(desk: Desk, script: Script) -> None:
    """Each line ends in CRLF on the wire, whatever ends it in a letter; a dot alone is never its end."""
    desk.put(MAYA, content=b"one\ntwo\rthree\r\n.\n.\r\nfour")
    server = script({})

    assert desk.deliver(server.port) == 1
    assert server.letters == [b"one\r\ntwo\r\nthree\r\n..\r\n..\r\nfour\r\n"]


# ---------------------------------------------------------------- a server that goes on so


def test_three_broken_sessions_are_enough(desk: Desk, script: Script) -> None:
    """A server that breaks off each time is left alone for a minute, and not tried once for each letter."""
    desk.put(MAYA, SAM, LEA)
    desk.put(MAYA, key="fourth")
    desk.put(SAM, key="fifth")
    server = script({"MAIL": None})
    with pytest.raises(SmtpError, match=r"broke off: .*\n"):
        desk.deliver(server.port)
    desk.clock.at += MINUTE - timedelta(seconds=1)
    assert desk.deliver(server.port) == 0

    assert server.heard.count("hello") == outbox.MAX_LOST
    assert desk.states() == ["ready"] * 5
    desk.clock.at += timedelta(seconds=1)
    server.answers.clear()
    assert desk.deliver(server.port) == 5


def test_a_server_that_is_back_is_noticed_soon(desk: Desk, script: Script) -> None:
    """However long it was away, it is asked again within five minutes; one that takes a letter later, within the hour."""
    desk.put(MAYA, SAM)
    server = script({"hello": b"421 4.3.2 down"})
    waits = []
    for _ in range(8):
        with pytest.raises(SmtpError):
            desk.deliver(server.port)
        waits.append((desk.row().due_at - desk.clock.at) // MINUTE)
        assert {desk.row(one).due_at for one in (MAYA, SAM)} == {desk.row().due_at}
        assert troubles(desk)[0].retry_at == desk.row().due_at
        desk.clock.at = desk.row().due_at

    assert waits == [1, 2, 4, 5, 5, 5, 5, 5]
    assert server.heard == ["hello"] * 8


def test_what_the_server_wants_of_us_costs_no_letter(desk: Desk, script: Script) -> None:
    """530 to RCPT means whoever has not logged in: all letters wait, and none fails."""
    desk.put(MAYA, SAM)
    server = script({"RCPT": b"530 5.7.0 Authentication required"})
    with pytest.raises(SmtpError, match="takes no mail from"):
        desk.deliver(server.port)

    assert desk.states() == ["ready", "ready"]
    assert server.heard.count("RCPT") == 1
    assert troubles(desk)


def test_one_that_takes_nothing_for_somebody_is_well(desk: Desk, smtp: SmtpSink) -> None:
    """A mailbox that is full or unknown is no trouble of the server's, and one person's only."""
    smtp.refusals = {MAYA: "452 4.2.2 full", SAM: "550 5.1.1 unknown"}
    desk.put(MAYA, SAM, LEA)

    assert desk.deliver(smtp.port) == 1
    assert desk.states() == ["ready", "failed", "sent"]
    assert not troubles(desk)


# ---------------------------------------------------------------- cut at any byte


def cut_at(desk: Desk, smtp: SmtpSink, number: int, *, of_server: bool) -> bool:
    """Deliver over a line that breaks once, after so many bytes of one side; whether it broke."""
    people = (MAYA, SAM) if of_server else (MAYA,)
    contents = {
        f"{number}-{one}": f"Message-ID: <{number}.{one}@x>\r\n\r\n.dot\r\n".encode() for one in people
    }
    smtp.letters.clear()
    for (key, content), recipient in zip(contents.items(), people, strict=True):
        desk.put(recipient, key=key, content=content)
    with closing(CuttingProxy(smtp.port, number, of_server=of_server)) as proxy:
        while "ready" in desk.states():
            with suppress(SmtpError):
                desk.deliver(proxy.port)
            desk.clock.at += MINUTE
    for content in contents.values():
        came = [one.content for one in smtp.letters].count(content)
        doubts = desk.row_of(content).doubts
        assert desk.row_of(content).state == "sent"
        assert 1 <= came <= 1 + doubts <= 2
    assert {one.content for one in smtp.letters} == set(contents.values())
    return proxy.has_cut


@pytest.mark.parametrize("of_server", [True, False], ids=["what-it-says", "what-we-say"])
def test_a_line_cut_at_every_third_byte(smtp: SmtpSink, of_server: bool) -> None:
    """
    Each letter comes once at least; a second time only where acceptance was never learned, then byte for byte.

    A cut behind the last byte of the dialogue ends the sweep.
    """
    with passing_url() as url, closing(open_store(url)) as store:
        desk = Desk(store)
        reached = next(n for n in itertools.count(step=3) if not cut_at(desk, smtp, n, of_server=of_server))
        well = not troubles(desk)

    assert reached > 150  # greeting, EHLO, the letters and QUIT
    assert well


@pytest.mark.parametrize("number", range(0, 2_600, 200))
def test_a_line_cut_within_tls(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """The same behind STARTTLS, with its records cut in the middle."""
    make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    desk.put(MAYA)
    with (
        SecureSink(tmp_path, "starttls") as sink,
        closing(CuttingProxy(sink.port, number, of_server=True)) as line,
    ):
        for _ in range(3):
            with suppress(SmtpError):
                desk.deliver(line.port, tls="starttls", username="practiq", password=PASSWORD)
            desk.clock.at += HOUR

        assert desk.states() == ["sent"]
        assert 1 <= len(sink.letters) <= 1 + desk.row().doubts
