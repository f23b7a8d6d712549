"""The embedded servers speak IMAP and SMTP as practiq needs them to."""

from __future__ import annotations

import logging
import smtplib
import socket
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
from imapclient import IMAPClient

from service.accounts import ImapAccount
from service.demo.servers import ImapServer, SmtpServer
from service.inbox import Inbox

AT = datetime(2026, 11, 12, 8, 0, tzinfo=timezone(timedelta(hours=-5)))
MAIL = (
    b"From: Orla <orla@tidewaterferries.example>\r\nSubject: Dock signs\r\n\r\n" + b"The gull stays.\r\n" * 20
)


@pytest.fixture
def imap() -> Iterator[ImapServer]:
    """A server with an empty inbox."""
    with ImapServer() as server:
        yield server


@pytest.fixture
def client(imap: ImapServer) -> Iterator[IMAPClient]:
    """Somebody who is logged in there."""
    with IMAPClient("127.0.0.1", port=imap.port, ssl=False, timeout=10) as client:
        client.normalise_times = False
        client.login(imap.username, imap.password)
        yield client


def test_inbox_gives_back_what_was_put_in(imap: ImapServer, client: IMAPClient) -> None:
    """A mail comes back byte for byte, with its size and its internal date, and stays unseen."""
    imap.append([(MAIL, AT)])
    client.select_folder("INBOX")
    (uid,) = client.search(["UID", "1:*"])
    row = client.fetch([uid], ["RFC822.SIZE", "INTERNALDATE", "BODY.PEEK[]"])[uid]

    assert row[b"BODY[]"] == MAIL
    assert row[b"RFC822.SIZE"] == len(MAIL)
    assert row[b"INTERNALDATE"] == AT
    assert b"\\Seen" not in client.get_flags([uid])[uid]


def test_inbox_gives_part_of_a_mail(imap: ImapServer, client: IMAPClient) -> None:
    """A partial fetch gives the octets that it asks for."""
    imap.append([(MAIL, AT)])
    client.select_folder("INBOX", readonly=True)
    (uid,) = client.search(["UID", "1:*"])

    assert client.fetch([uid], ["BODY.PEEK[]<0.100>"])[uid][b"BODY[]<0>"] == MAIL[:100]


def test_mails_are_numbered_as_they_come(imap: ImapServer, client: IMAPClient) -> None:
    """UIDs rise in the order of arrival, and one UIDVALIDITY holds for all of them."""
    imap.append([(MAIL + str(number).encode(), AT) for number in range(3)])
    first = client.select_folder("INBOX", readonly=True)
    uids = client.search(["UID", "1:*"])
    imap.append([(MAIL, AT)])
    second = client.select_folder("INBOX", readonly=True)
    last = client.search(["UID", f"{uids[-1] + 1}:*"])
    rows = client.fetch(uids, ["BODY.PEEK[]"])

    assert [rows[uid][b"BODY[]"][-1:] for uid in sorted(uids)] == [b"0", b"1", b"2"]
    assert min(last) > max(uids)
    assert first[b"UIDVALIDITY"] == second[b"UIDVALIDITY"]


def test_inbox_wakes_who_waits(imap: ImapServer) -> None:
    """IDLE tells of a mail that comes in meanwhile."""
    account = ImapAccount(
        host="127.0.0.1", port=imap.port, tls="none", username=imap.username, password=imap.password
    )
    with Inbox.connect(account) as inbox:
        assert inbox.wait(0.1, threading.Event()) is False
        timer = threading.Timer(0.3, imap.append, [[(MAIL, AT)]])
        timer.start()
        woken = inbox.wait(30, threading.Event())
        timer.join()

    assert woken is True


def test_inbox_wants_the_password(imap: ImapServer) -> None:
    """Nobody gets in with another password."""
    with (
        IMAPClient("127.0.0.1", port=imap.port, ssl=False, timeout=10) as client,
        pytest.raises(Exception, match=r"(?i)auth|login|credential"),
    ):
        client.login(imap.username, "guessed")


def test_forty_mails_are_put_in_at_once(imap: ImapServer) -> None:
    """Forty mails take less than two seconds, so that a demo starts without a wait."""
    began = time.perf_counter()
    imap.append([(MAIL, AT)] * 40)

    assert time.perf_counter() - began < 2


def test_letters_are_kept_as_sent() -> None:
    """The SMTP server keeps who sent a letter, to whom, and its bytes, dots and all."""
    content = b"Subject: Thu 12 Nov\r\n\r\n.\r\n.. two threads need you\r\n"
    with SmtpServer() as smtp:
        with smtplib.SMTP("127.0.0.1", smtp.port, timeout=10) as line:
            line.sendmail("practiq@larkspurfinch.example", ["nadia@larkspurfinch.example"], content)
            line.sendmail("practiq@larkspurfinch.example", ["ben@larkspurfinch.example"], content)
        letters = list(smtp.letters)

    assert [one.rcpt_tos for one in letters] == [
        ("nadia@larkspurfinch.example",),
        ("ben@larkspurfinch.example",),
    ]
    assert letters[0].mail_from == "practiq@larkspurfinch.example"
    assert letters[0].content == content


@pytest.mark.parametrize("kind", [ImapServer, SmtpServer], ids=lambda kind: kind.__name__)
def test_server_leaves_nothing_behind(
    kind: type[ImapServer | SmtpServer], caplog: pytest.LogCaptureFixture
) -> None:
    """It is up within a second and gone with its block, though a client is still connected, without a word."""
    caplog.set_level(logging.INFO)
    threads = set(threading.enumerate())
    began = time.perf_counter()
    with kind() as server:
        up = time.perf_counter() - began
        line = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        greeting = line.recv(100)
        told = line.makefile("rb")
    told.read()  # to the end of the connection
    told.close()
    line.close()

    assert up < 1
    assert greeting
    assert set(threading.enumerate()) <= threads
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port), timeout=10)


@pytest.mark.parametrize("kind", [ImapServer, SmtpServer], ids=lambda kind: kind.__name__)
def test_server_listens_on_loopback_alone(kind: type[ImapServer | SmtpServer]) -> None:
    """Two run side by side on ports of their own, and no other address of the machine answers there."""
    with kind() as one, kind() as other:
        ports = {one.port, other.port}
        with pytest.raises(OSError, match=r"refused|unreachable|timed out|assign"):
            socket.create_connection(("127.0.0.2", one.port), timeout=2)

    assert len(ports) == 2
