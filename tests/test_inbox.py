"""The shared inbox over IMAP, against a real Dovecot, and a scripted server for what no real one does on demand."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from service.accounts import ImapAccount
from service.errors import LogInRefused, MailboxError, ServerBusy
from service.fetching import Fetched
from service.inbox import Inbox
from tests.servers import PASSWORD, ScriptedImap, User, free_port

NEVER = threading.Event()


def mail(number: int, size: int = 0) -> bytes:
    return (
        f"From: a@x.example\r\nSubject: {number}\r\nMessage-ID: <{number}@x>\r\n\r\n{'x' * size}\r\n".encode()
    )


def account(user: User) -> ImapAccount:
    return ImapAccount(
        host="127.0.0.1", port=user.server.port, tls="none", username=user.name, password=PASSWORD
    )


def given(inbox: Inbox, uids: Sequence[int]) -> list[Fetched]:
    return [one for batch in inbox.fetch(uids) for one in batch.given]


def test_new_mail_in_the_order_of_its_uids(user: User) -> None:
    """What lies above the cursor is listed and fetched, with its own internal date; no flag is set."""
    user.deliver(mail(1), mail(2), mail(3))
    with Inbox.connect(account(user)) as inbox:
        uids = inbox.uids_after(0)
        fetched = given(inbox, uids)
        above = inbox.uids_after(uids[1])

    assert len(uids) == 3
    assert [one.position.uid for one in fetched] == uids
    assert all(f"Subject: {n}".encode() in one.raw for n, one in enumerate(fetched, 1))
    assert all(abs(datetime.now(UTC) - one.internal_date) < timedelta(minutes=1) for one in fetched)
    assert above == uids[2:]
    assert user.flags() == ["", "", ""]


def test_mail_is_formatted_for_no_log(user: User, caplog: pytest.LogCaptureFixture) -> None:
    """The library's debug log would take longer for a message than the server, and hold its words."""
    user.deliver(mail(1, size=5_000))
    with caplog.at_level("DEBUG"), Inbox.connect(account(user)) as inbox:
        assert inbox._client._imap.debug == 0
        assert len(given(inbox, inbox.uids_after(0))) == 1
    assert "xxxx" not in caplog.text


@pytest.mark.pitfall("ushahidi#1509")
def test_nothing_above_the_last_is_nothing(user: User) -> None:
    """`n:*` beyond the end also names the last message; it is not new."""
    user.deliver(mail(1))
    with Inbox.connect(account(user)) as inbox:
        last = inbox.uids_after(0)[-1]

        assert inbox.uids_after(last) == []
        assert inbox.uids_after(last + 7) == []


def test_a_large_message_comes_as_its_beginning(user: User) -> None:
    """Over the limit only so many bytes are fetched; at the limit all of it."""
    user.deliver(mail(1, size=5_000))
    with Inbox.connect(account(user)) as inbox:
        (whole,) = given(inbox, inbox.uids_after(0))
    at_limit, over = (replace(account(user), whole_up_to_bytes=whole.size_bytes - less) for less in (0, 1))
    with Inbox.connect(at_limit) as inbox:
        (one,) = given(inbox, inbox.uids_after(0))
    with Inbox.connect(over) as inbox:
        (part,) = given(inbox, inbox.uids_after(0))

    assert (one.partial, one.raw) == (False, whole.raw)
    assert (part.partial, part.raw, part.size_bytes) == (True, whole.raw[:-1], whole.size_bytes)


@pytest.mark.promise("P2")
def test_an_expunged_message_is_left_out(user: User) -> None:
    """A message that went between listing and fetching is not given, and those behind it are."""
    user.deliver(mail(1), mail(2), mail(3))
    with Inbox.connect(account(user)) as inbox:
        uids = inbox.uids_after(0)
    user.expunge(b"Subject: 2")
    with Inbox.connect(account(user)) as inbox:
        fetched = given(inbox, uids)

    assert [one.position.uid for one in fetched] == [uids[0], uids[2]]


def test_a_mailbox_numbered_anew_says_so(user: User) -> None:
    """UIDVALIDITY is another one after the mailbox was numbered anew."""
    user.deliver(mail(1))
    with Inbox.connect(account(user)) as inbox:
        before = inbox.uidvalidity
    user.change_uidvalidity()
    with Inbox.connect(account(user)) as inbox:
        assert inbox.uidvalidity != before


def test_idle_wakes_when_mail_comes(user: User) -> None:
    """A delivery ends the wait at once; without one it lasts its time."""
    user.deliver(mail(1))
    with Inbox.connect(account(user)) as inbox:
        assert inbox.wait(0.2, NEVER) is False
        timer = threading.Timer(0.3, user.deliver, [mail(2)])
        timer.start()
        began = time.monotonic()
        woken = inbox.wait(30, NEVER)
        timer.join()

        assert woken is True
        assert time.monotonic() - began < 10
        assert len(inbox.uids_after(0)) == 2


def test_a_stop_ends_the_wait(user: User) -> None:
    """SIGTERM is not kept waiting for the server."""
    stop = threading.Event()
    user.deliver(mail(1))
    with Inbox.connect(account(user)) as inbox:
        timer = threading.Timer(0.2, stop.set)
        timer.start()
        began = time.monotonic()
        assert inbox.wait(60, stop) is False
        timer.join()

    assert time.monotonic() - began < 5


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_tls_is_verified(user: User, monkeypatch: pytest.MonkeyPatch, tls: str) -> None:
    """A certificate that nobody vouches for ends in a sentence before the password is said; a trusted one works."""
    port = user.server.tls_port if tls == "implicit" else user.server.port
    secure = replace(account(user), tls=tls, port=port)
    with pytest.raises(MailboxError, match=r"certificate that we cannot trust.*\n.*SSL_CERT_FILE"):
        Inbox.connect(secure)
    monkeypatch.setenv("SSL_CERT_FILE", str(user.server.base / "cert.pem"))
    user.deliver(mail(1))
    with Inbox.connect(secure) as inbox:
        assert len(inbox.uids_after(0)) == 1


def test_what_is_wrong_is_said(user: User) -> None:
    """Each thing that can be wrong with an account has its own sentence and remedy."""
    right = account(user)
    user.deliver(mail(1))
    with pytest.raises(LogInRefused, match="refuses the log-in"):
        Inbox.connect(replace(right, password="wrong"))
    with pytest.raises(MailboxError, match="The mailbox cannot be opened"):
        Inbox.connect(replace(right, mailbox="Absent"))
    with pytest.raises(MailboxError, match="cannot be reached"):
        Inbox.connect(replace(right, port=free_port()))
    with pytest.raises(MailboxError, match="never crosses a network in clear"):
        Inbox.connect(replace(right, host="mail.example"))


# ---------------------------------------------------------------- what no real server does on demand

Answer = Callable[[str, str], Sequence[bytes] | None]
SELECTED = b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 4] ok\r\n"


@pytest.fixture
def scripted(request: pytest.FixtureRequest) -> Iterator[ScriptedImap]:
    """A server that knows log-in and EXAMINE, and answers all else by the test's script."""
    special: dict[str, Sequence[bytes] | None] = request.param

    def answer(tag: str, command: str) -> Sequence[bytes] | None:
        for beginning, said in special.items():
            if command.startswith(beginning):
                return said and [one.replace(b"TAG", tag.encode()) for one in said]
        if command.startswith("EXAMINE"):
            return [SELECTED, f"{tag} OK [READ-ONLY] done\r\n".encode()]
        if command.startswith("CAPABILITY"):
            return [f"* CAPABILITY IMAP4rev1 IDLE\r\n{tag} OK done\r\n".encode()]
        if command.startswith("LOGOUT"):
            return None
        return [f"{tag} OK done\r\n".encode()]

    server = ScriptedImap(answer)
    yield server
    server.close()


def opened(server: ScriptedImap) -> Inbox:
    return Inbox.connect(
        ImapAccount(host="127.0.0.1", port=server.port, tls="none", username="u", password="p")
    )


@pytest.mark.parametrize(
    "scripted",
    [{"UID SEARCH": [b"* ESEARCH (TAG \"1\") UID ALL 1:3\r\nTAG OK done\r\n"],
      "STATUS": [b"* STATUS INBOX (UIDNEXT 4 MESSAGES 3)\r\nTAG OK done\r\n"],
      "UID FETCH": [b"* 1 FETCH (UID 1 RFC822.SIZE 9)\r\n* 2 FETCH (UID 3 RFC822.SIZE 9)\r\nTAG OK done\r\n"]}],
    indirect=True,
)  # fmt: skip
def test_esearch_unasked_is_not_an_empty_mailbox(scripted: ScriptedImap) -> None:
    """A server that answers with ESEARCH is asked for each UID below UIDNEXT."""
    with opened(scripted) as inbox:
        assert inbox.uids_after(0) == [1, 3]


@pytest.mark.parametrize(
    "scripted",
    [{"UID FETCH": [b"TAG OK done\r\n"]}, {"UID FETCH": [b"* 1 FETCH (UID 1 FLAGS ())\r\nTAG OK done\r\n"]}],
    ids=["nothing", "another-field"],
    indirect=True,
)
def test_ok_without_the_message_is_no_message(scripted: ScriptedImap) -> None:
    """OK without data gives nothing, rather than an empty message."""
    with opened(scripted) as inbox:
        assert given(inbox, [1]) == []


@pytest.mark.parametrize(
    "scripted",
    [
        {"UID SEARCH": None},
        {"UID SEARCH": [b"* BYE going down\r\n"]},
        {"UID SEARCH": [b"TAG BAD what\r\n"]},
        {"UID SEARCH": [b"* SEARCH 1\r\nTAG NO not now. Suggested Backoff Time: 299910 milliseconds\r\n"]},
    ],
    ids=["hangs-up", "bye", "bad", "throttled"],
    indirect=True,
)
def test_a_server_that_breaks_off_is_a_mailbox_error(scripted: ScriptedImap) -> None:
    """Whatever it does, it is one error that the watch can wait after."""
    inbox = opened(scripted)
    if "BYE" in str(scripted._answer("1", "UID SEARCH")):
        scripted.close()
    with pytest.raises(ServerBusy, match="Nothing is lost"):
        inbox.uids_after(0)
    inbox.close()


@pytest.mark.parametrize(
    "scripted",
    [{"UID FETCH": [b"* 1 FETCH (UID 1 RFC822.SIZE 99 INTERNALDATE \"10-Nov-2026 16:03:00 -0500\" BODY[] {99}\r\ncut"]}],
    indirect=True,
)  # fmt: skip
def test_a_literal_cut_short_is_a_mailbox_error(scripted: ScriptedImap) -> None:
    """A line lost in the middle of a message gives no message."""
    inbox = opened(scripted)
    threading.Timer(0.3, scripted.close).start()
    inbox._client.socket().settimeout(1)
    with pytest.raises(MailboxError):
        given(inbox, [1])
    inbox.close()


@pytest.mark.parametrize("scripted", [{"IDLE": [b"+ idling\r\n"], "DONE": None, "NOOP": None}], indirect=True)
def test_a_dead_line_in_idle_is_noticed(scripted: ScriptedImap) -> None:
    """A connection that dies in IDLE reads as silence; it must end in an error, not in a busy loop."""
    inbox = opened(scripted)
    inbox._client.socket().settimeout(1)
    with pytest.raises(MailboxError):
        inbox.wait(1.5, NEVER)
    inbox.close()
