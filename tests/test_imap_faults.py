"""A real server behind a line with faults: each is over soon after its end, with nothing lost and nothing twice."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from service import backoff, imap_line, inbox, watching
from service.app import App
from service.errors import LogInRefused, MailboxError, ServerBusy
from service.health import status_line
from service.intake import Misses, take_in
from service.models import CursorRow, KeptRow, PositionRow, RawRow
from service.position_rows import list_unfetchable
from service.trouble_rows import list_troubles
from tests.agency import DANA, Clock, at_work, mail, on_watch, servers_of
from tests.faults import FaultyLine
from tests.processes import await_that
from tests.servers import User

pytestmark = [
    pytest.mark.promise("P5"),
    pytest.mark.one_database("what a server does wrong is over before anything is stored"),
]


@pytest.fixture
def line(user: User) -> Iterator[FaultyLine]:
    """A line to Dovecot that has no fault yet."""
    with FaultyLine(user.server.port) as proxy:
        yield proxy


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes a minute takes seconds."""
    monkeypatch.setattr(imap_line, "CONNECT_SECONDS", 0.7)
    monkeypatch.setattr(inbox, "CONNECT_SECONDS", 0.7)
    monkeypatch.setattr(inbox, "READ_SECONDS", 0.7)
    monkeypatch.setattr(watching, "IDLE_SECONDS", 0.3)
    monkeypatch.setattr(watching, "LEAST_PAUSE", 0.1)
    monkeypatch.setattr(backoff, "SPARING_PAUSE", 0.3)
    monkeypatch.setattr(backoff, "FIRST_PAUSE", 0.1)
    monkeypatch.setattr(backoff, "FIRST_REFUSED", 0.2)
    monkeypatch.setattr(backoff, "LAST_PAUSE", 0.4)


@contextmanager
def behind(line: FaultyLine, folder: Path, user: User) -> Iterator[App]:
    """practiq, whose inbox is at the other end of the line."""
    servers = servers_of(user).replace(f"port = {user.server.port}", f"port = {line.port}")
    with at_work(folder, Clock(), servers) as app:
        yield app


def held(app: App) -> list[bytes]:
    """The mails that are kept."""
    with app.store.transaction() as session:
        kept = session.scalars(select(KeptRow.sha256)).all()
        assert len(kept) == len(set(kept))
    return [one.encode() for one in kept]


def positions(app: App) -> int:
    with app.store.transaction() as session:
        return len(session.scalars(select(PositionRow.uid).where(PositionRow.kept.is_not(None))).all())


def mails(count: int, beginning: str = "number") -> list[bytes]:
    return [mail(DANA, f"{beginning} {n}. " + "Words of a mail. " * 20) for n in range(count)]


@pytest.mark.promise("P1", "P2")
def test_line_is_cut_at_any_byte(tmp_path: Path, user: User, line: FaultyLine) -> None:
    """Wherever the line is cut, the pass ends in one error, and the next that is whole has all, once; no flag is set."""
    user.deliver(*mails(8))
    with behind(line, tmp_path, user) as app:
        assert app.imap
        cuts = 0
        for cut in range(1, 20_000, 509):
            with app.store.transaction() as session:
                for table in (PositionRow, RawRow, KeptRow, CursorRow):
                    session.execute(delete(table))
            line.faults.cut_after = cut
            try:
                with app.connect(app.imap) as session_with_server:
                    take_in(app.store, session_with_server, app.now(), Misses())
            except MailboxError:
                cuts += 1
            else:
                break
            line.heal()
            watching.poll(app)
            assert len(held(app)) == positions(app) == 8

        assert cuts > 8  # everywhere between greeting and last word
        assert user.flags() == [""] * 8


@pytest.mark.promise("P1")
def test_line_is_cut_while_mail_is_fetched(tmp_path: Path, user: User, line: FaultyLine) -> None:
    """What was committed by then stays, and is not fetched again."""
    user.deliver(*mails(110))
    with behind(line, tmp_path, user) as app:
        line.faults.cut_after = 90_000
        assert app.imap
        with app.connect(app.imap) as cut, pytest.raises(MailboxError, match="broke off"):
            take_in(app.store, cut, app.now(), Misses())
        before = len(held(app))
        line.heal()

        assert watching.poll(app) == 110 - before
        assert 0 < before < 110
        assert positions(app) == 110


def answering(command: bytes, *words: bytes) -> Callable[[bytes], bytes | None]:
    """Answers a command itself, with TAG for its tag; DONE has that of its IDLE."""
    tag = b""

    def asked(line: bytes) -> bytes | None:
        nonlocal tag
        first, _, rest = line.strip().partition(b" ")
        tag = first if rest else tag
        is_it = rest.upper().startswith(command) if rest else first == command
        return b"".join(words).replace(b"TAG", tag) if is_it else None

    return asked


ANSWERS = [
    b"TAG NO not now\r\n",
    b"TAG BAD what\r\n",
    b"* BYE going down\r\n",
    b"* OK [ALERT] \xff\x00 words\r\nTAG NO [UNAVAILABLE] later\r\n",
    b"not a word of IMAP\r\n",
    b"* " + b"x" * 1_100_000 + b"\r\n",
    b"* 1 FETCH (UID 1 BODY[] {9999999999}\r\nx",
    b"",  # silence
]


@pytest.mark.parametrize(
    ("command", "answers"),
    [
        (b"CAPABILITY", ANSWERS[1:3]),
        (b"LOGIN", ANSWERS),
        (b"EXAMINE", ANSWERS[:3]),
        (b"UID SEARCH", ANSWERS),
        (b"UID FETCH", ANSWERS),
        (b"IDLE", ANSWERS[:3]),
        (b"DONE", ANSWERS[:3]),
    ],
    ids=lambda value: value.decode() if isinstance(value, bytes) else "",
)
@pytest.mark.pitfall("cpython#119511")
def test_any_command_may_be_answered_with_anything(
    tmp_path: Path, user: User, line: FaultyLine, command: bytes, answers: Sequence[bytes]
) -> None:
    """It ends in an error that says what was said, in `status`; after the fault all mail is there, and all is well."""
    user.deliver(*mails(3))
    with behind(line, tmp_path, user) as app, on_watch(app):
        for number, words in enumerate(answers, start=1):
            await_that(lambda: not status_line(app, app.now())["wrong"], 20)
            line.faults.asked = answering(command, words)
            if command not in {b"IDLE", b"DONE"}:
                line.cut()
            user.deliver(*mails(1, f"behind fault {number}"))
            await_that(lambda: status_line(app, app.now())["wrong"], 20)
            (trouble,) = status_line(app, app.now())["troubles"]
            line.heal()
            await_that(lambda count=3 + number: positions(app) == count, 30)

            assert trouble["place"] == "imap"
            assert trouble["words"].isprintable()
            assert "Words of a mail" not in trouble["words"]
    with at_work(tmp_path, Clock()) as app:
        assert len(held(app)) == 3 + len(answers)


@pytest.mark.pitfall("msgvault#731", "nextcloud/mail#13507")
def test_ok_without_the_literal(tmp_path: Path, user: User, line: FaultyLine) -> None:
    """It is asked for again through other connections, those behind it go on, and it is kept once it is given."""
    user.deliver(*mails(3))

    with behind(line, tmp_path, user) as app:
        line.faults.said = lambda words: b"" if words.startswith(b"* 2 FETCH") else words
        watching.poll(app)
        with app.store.transaction() as session:
            assert [one.uid for one in list_unfetchable(session)] == [2]
        assert positions(app) == 2
        assert len(line.connected_at) == 3
        line.heal()
        watching.poll(app)

        assert positions(app) == len(held(app)) == 3


@pytest.mark.parametrize("by", [-1, -7, -60, 1, 2, 300])
def test_literal_of_another_size_than_is_said(tmp_path: Path, user: User, line: FaultyLine, by: int) -> None:
    """No message is kept that is not whole; all are once the server says the truth."""
    raws = mails(3)
    user.deliver(*raws)

    def lie(words: bytes) -> bytes:
        return re.sub(rb"\{(\d+)\}\r\n$", lambda size: b"{%d}\r\n" % (int(size[1]) + by), words)

    with behind(line, tmp_path, user) as app:
        line.faults.said = lie
        with contextlib.suppress(MailboxError):
            watching.poll(app)
        assert held(app) == []
        line.heal()
        watching.poll(app)

        assert positions(app) == len(held(app)) == 3


@pytest.mark.pitfall("zammad#2754", "hitobito#309", "odoo#27804", "getmail6#184")
@pytest.mark.promise("P2")
@pytest.mark.parametrize("fatal", [31, 55])
def test_message_that_breaks_the_line_stops_no_other(
    tmp_path: Path, user: User, line: FaultyLine, fatal: int
) -> None:
    """
    The server hangs up whenever it is asked for that one: it is listed as not given, and all others are kept.

    Be it in the batch that is awaited, or in the one that was asked for ahead.
    """
    user.deliver(*mails(60))

    def hang_up(words: bytes) -> bytes | None:
        found = re.search(rb"UID FETCH ([\d,:]+) ", words)
        parts = [one.partition(b":") for one in found[1].split(b",")] if found else []
        if any(int(low) <= fatal <= int(high or low) for low, _, high in parts) and b"BODY" in words:
            raise ConnectionResetError
        return None

    with behind(line, tmp_path, user) as app:
        line.faults.asked = hang_up
        watching.poll(app)
        with app.store.transaction() as session:
            assert [one.uid for one in list_unfetchable(session)] == [fatal]

        assert positions(app) == 59
        assert len(line.connected_at) <= watching.MOST_SESSIONS
        user.deliver(*mails(1, "later"))
        assert watching.poll(app) == 1


@pytest.mark.pitfall("imapclient#449", "imapclient#403", "imapclient#349")
def test_line_goes_silent_in_idle(tmp_path: Path, user: User, line: FaultyLine) -> None:
    """Half-open: nothing comes, not even an end. It is noticed, and mail of that time is taken in afterwards."""
    user.deliver(*mails(1))
    with behind(line, tmp_path, user) as app, on_watch(app):
        await_that(lambda: positions(app) == 1)
        line.faults.stalls = True
        user.deliver(*mails(1, "while it was silent"))
        time.sleep(1.5)
        line.heal()
        await_that(lambda: positions(app) == 2, 20)


@pytest.mark.pitfall("imapclient#565")
def test_line_ends_in_idle(tmp_path: Path, user: User, line: FaultyLine) -> None:
    """An end of the line is no silence: it is a fault at once, and not asked about in a loop."""
    user.deliver(*mails(1))
    with behind(line, tmp_path, user) as app, on_watch(app):
        await_that(lambda: positions(app) == 1)
        connected = len(line.connected_at)
        line.cut()
        user.deliver(*mails(1, "afterwards"))
        await_that(lambda: positions(app) == 2, 20)
        assert len(line.connected_at) == connected + 1


def test_bye_in_idle(tmp_path: Path, user: User, line: FaultyLine) -> None:
    """A farewell ends the wait, and the next session goes on."""
    user.deliver(*mails(1))
    with behind(line, tmp_path, user) as app:
        line.faults.asked = answering(b"IDLE", b"+ idling\r\n* BYE server shuts down\r\n")
        with on_watch(app):
            await_that(lambda: len(line.connected_at) > 1)
            line.heal()
            user.deliver(*mails(1, "afterwards"))
            await_that(lambda: positions(app) == 2, 20)


def test_refused_connections_are_spared(tmp_path: Path, user: User, line: FaultyLine) -> None:
    """While nobody is at home we knock ever more rarely, and are there soon after somebody is."""
    user.deliver(*mails(2))
    with behind(line, tmp_path, user) as app:
        line.faults.refuses = True
        with on_watch(app):
            await_that(lambda: len(line.connected_at) >= 6, 20)
            knocked = line.connected_at[2:]
            assert all(later - earlier >= backoff.SPARING_PAUSE for earlier, later in pairwise(knocked))
            with app.store.transaction() as session:
                (trouble,) = list_troubles(session)
            assert trouble.retry_at is not None
            line.heal()
            await_that(lambda: positions(app) == 2, 20)


@pytest.mark.pitfall("php-imap#464", "mustang#350", "getmail6#60")
@pytest.mark.parametrize(
    ("command", "words", "error"),
    [
        (b"LOGIN", b"TAG NO [AUTHENTICATIONFAILED] Invalid credentials\r\n", LogInRefused),
        (b"LOGIN", b"TAG NO [LIMIT] Too many connections\r\n", ServerBusy),
        (b"LOGIN", b"TAG NO [UNAVAILABLE] Temporary authentication failure\r\n", ServerBusy),
        (b"LOGIN", b"TAG NO Suggested Backoff Time: 299910 milliseconds\r\n", ServerBusy),
        (b"EXAMINE", b"TAG BAD User is authenticated but not connected.\r\n", ServerBusy),
        (b"UID SEARCH", b"TAG NO [EXPIRED] Session expired, please log in again\r\n", ServerBusy),
    ],
)
def test_what_a_server_means_is_told_apart(
    tmp_path: Path, user: User, line: FaultyLine, command: bytes, words: bytes, error: type[MailboxError]
) -> None:
    """A log-in that is refused is not a server that is busy, and its pause is kept."""
    user.deliver(*mails(1))
    with behind(line, tmp_path, user) as app:
        line.faults.asked = answering(command, words)
        with pytest.raises(MailboxError) as fault:
            watching.poll(app)
        line.heal()

        assert type(fault.value) is error
        asked = fault.value.retry_after if isinstance(fault.value, ServerBusy) else None
        assert (asked is not None and asked.total_seconds() == 299.91) == (b"Suggested" in words)
        assert watching.poll(app) == 1


def test_server_that_talks_without_end_keeps_nobody_busy(
    tmp_path: Path, user: User, line: FaultyLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """EXISTS at once after every IDLE: a pass is made, then a pause."""
    monkeypatch.setattr(watching, "LEAST_PAUSE", 0.5)
    user.deliver(*mails(1))
    asked: list[float] = []

    def chatter(words: bytes) -> bytes | None:
        if words.partition(b" ")[2].startswith(b"IDLE"):
            asked.append(time.monotonic())
            return b"+ idling\r\n* 1 EXISTS\r\n* 1 EXISTS\r\n"
        return None

    with behind(line, tmp_path, user) as app:
        line.faults.asked = chatter
        with on_watch(app):
            time.sleep(3)
        assert 1 <= len(asked) <= 7


def test_mail_is_kept_four_answers_after_it_is_told(
    tmp_path: Path, user: User, line: FaultyLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the word in IDLE on: the end of IDLE, which are new, what they weigh, what they are."""
    monkeypatch.setattr(watching, "IDLE_SECONDS", 20)
    user.deliver(*mails(1))
    said: list[str] = []

    def note(words: bytes) -> bytes | None:
        said.append(words.decode("ascii", "replace").upper().strip())
        return None

    with behind(line, tmp_path, user) as app:
        line.faults.asked = note
        with on_watch(app):
            await_that(lambda: said and said[-1].endswith("IDLE"))
            said.clear()
            user.deliver(*mails(1, "later"))
            await_that(lambda: len(held(app)) == 2)
    until_kept = next(at for at, one in enumerate(said) if "BODY" in one) + 1
    assert said[0] == "DONE"
    assert until_kept <= 4, said[:until_kept]


def test_word_in_one_breath_with_the_answer_to_idle(tmp_path: Path, user: User, line: FaultyLine) -> None:
    """Mail that came while we asked for IDLE wakes at once, though no packet follows."""
    user.deliver(*mails(1))
    tag = b""

    def in_one(words: bytes) -> bytes | None:
        nonlocal tag
        if words.strip() == b"DONE":
            return tag + b" OK done\r\n"
        tag, _, rest = words.partition(b" ")
        return b"+ idling\r\n* 1 EXISTS\r\n" if rest.startswith(b"IDLE") else None

    with behind(line, tmp_path, user) as app:
        assert app.imap
        line.faults.asked = in_one
        with app.connect(app.imap) as waiting:
            began = time.monotonic()
            assert waiting.wait(30, threading.Event()) is True
            assert time.monotonic() - began < 15
