"""What other programs that read mail over IMAP got wrong: each bug by its name, and that it is not here."""

from __future__ import annotations

import re
import shutil
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from service import backlog, watching
from service.app import App
from service.errors import MailboxError
from service.kept_rows import count_kept, find_cursor
from service.models import PositionRow
from service.position_rows import list_unfetchable
from tests.agency import DANA, Clock, at_work, mail, on_watch, servers_of
from tests.processes import await_that
from tests.servers import User
from tests.shelves import Shelf, Shelves

pytestmark = pytest.mark.both_databases

# What a sender may write where other programs put it into a command, or have the server parse it.
HOSTILE = {
    "Message-ID": '<x@y>"\r\n A1 DELETE INBOX\r\n A2 STORE 1:* +FLAGS (\\Seen)',
    "Date": "Sat, 8 May 2010 16.03.09 +0200",
    "In-Reply-To": '") UID FETCH 1:* (BODY[]) {9999999}',
    "Subject": '=?utf-8?q?a=0D=0AA3_DELETE_INBOX?= "\\" {3}',
    "Sender": 'undisclosed: ;, "unclosed <x@y',
}
# All that practiq ever says to an IMAP server.
SAID = re.compile(
    r'CAPABILITY|LOGIN practiq "x"|EXAMINE "INBOX"|STATUS "INBOX" \(UIDNEXT MESSAGES\)|IDLE|DONE|LOGOUT'
    r"|UID SEARCH (?:\d+:[\d*]+ )?UID \d+:[\d*]+"
    r"|UID FETCH [\d,:]+ \((?:RFC822\.SIZE|INTERNALDATE|RFC822\.SIZE INTERNALDATE|BODY\.PEEK\[\](?:<0\.\d+>)?"
    r"|BODYSTRUCTURE|BODY\.PEEK\[[\d.]*(?:HEADER|MIME|TEXT)?\]<0\.\d+>(?: BODY\.PEEK\[[\d.]*(?:HEADER|MIME|TEXT)?\]<0\.\d+>)*)\)"
)


def hostile() -> bytes:
    """A mail whose header is written to break whoever repeats it."""
    head = "".join(f"{name}: {value}\r\n" for name, value in HOSTILE.items())
    return head.encode() + mail(DANA, "Approved.").replace(b"Message-ID:", b"X-Was:").replace(b"Date:", b"X:")


def kept(app: App) -> int:
    with app.store.transaction() as session:
        return sum(count_kept(session).values())


def uids(app: App) -> list[int]:
    with app.store.transaction() as session:
        held = select(PositionRow.uid).where(PositionRow.kept.is_not(None)).order_by(PositionRow.uid)
        return list(session.scalars(held))


def cursor_of(app: App, folder: str = "INBOX") -> int:
    with app.store.transaction() as session:
        found = find_cursor(session, folder)
    return found.uid if found else 0


@contextmanager
def serving(**shelves: Shelf) -> Iterator[Shelves]:
    server = Shelves(**shelves)
    try:
        yield server
    finally:
        server.close()


def mails(*numbers: int) -> dict[int, bytes]:
    return {number: mail(DANA, f"number {number}") for number in numbers}


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """All that is said in a day of watching a mailbox with hostile and large mail in it."""
    large = mail(DANA, "x" * 70 + "\n" + ("y" * 70 + "\n") * 100)
    with (
        serving(INBOX=Shelf(7, {1: hostile(), 2: large, 5: hostile() + b"again"})) as server,
        pytest.MonkeyPatch.context() as patched,
    ):
        patched.setattr(watching, "IDLE_SECONDS", 0.2)
        config = server.config() + 'whole_up_to = "2 KB"\n'
        with at_work(tmp_path_factory.mktemp("agency"), Clock(), config) as app:
            watching.poll(app)
            with on_watch(app):
                await_that(lambda: server.heard.count("DONE") >= 2)
            assert uids(app) == [1, 2, 5]
            app.now.at += watching.intake.SWEEP_EVERY  # type: ignore[attr-defined]
            watching.poll(app)
        return list(server.heard)


@pytest.mark.promise("P1")
@pytest.mark.pitfall("agent-os#719", "routecraft#241", "hermes-agent#42997")
def test_nothing_that_is_said_sets_a_flag(heard: list[str]) -> None:
    """The mailbox is opened read-only, no flag is stored, and mail is asked for by BODY.PEEK[], which sets none."""
    said = " ".join(heard)

    assert "EXAMINE" in said
    assert not re.search(r"SELECT|STORE|EXPUNGE|COPY|MOVE|RFC822(?!\.SIZE)|BODY\[", said)
    asked = {"(BODY.PEEK[])", "(BODYSTRUCTURE)", "(BODY.PEEK[]<0.2000>)"}
    assert {one.split()[3] for one in heard if "BODY" in one} == asked


@pytest.mark.promise("P21")
@pytest.mark.pitfall("imapclient#657", "CVE-2025-15366", "cpython#143921")
def test_nothing_that_a_sender_wrote_is_said_to_the_server(heard: list[str]) -> None:
    """Commands are made of whole numbers and configured names, whatever the mail says."""
    assert len(heard) > 10
    assert [one for one in heard if not SAID.fullmatch(one)] == []


@pytest.mark.pitfall("imapclient#151", "imapclient#347", "imapclient#448")
def test_server_is_not_asked_to_parse_mail(tmp_path: Path, user: User, heard: list[str]) -> None:
    """
    No ENVELOPE, whose dates and addresses break the library: mail that would is taken in like any other.

    The structure is asked for of what is large, alone: where it cannot be read the mail comes without.
    """
    user.deliver(
        hostile(), b"From: a\r\nDate: Mon, 99 Foo 0000\r\nTo: ;,<>,\xff\r\n\r\nx\r\n", mail(DANA, "good")
    )
    with at_work(tmp_path, Clock(), servers_of(user)) as app:
        assert watching.poll(app) == 3
        assert backlog.read(app) == 3

    assert not re.search(r"ENVELOPE|HEADER", " ".join(heard))
    assert {one for one in heard if "BODYSTRUCTURE" in one} == {"UID FETCH 2 (BODYSTRUCTURE)"}


@pytest.mark.pitfall("frappe#42094")
@pytest.mark.promise("P2")
def test_each_mailbox_has_a_cursor_of_its_own(tmp_path: Path) -> None:
    """High UIDs in one folder hide no mail with low ones in another, nor when we come back."""
    with serving(INBOX=Shelf(7, mails(500, 501)), Clients=Shelf(8, mails(1, 2))) as server:
        for folder, new in (("INBOX", 2), ("Clients", 2), ("INBOX", 0)):
            with at_work(tmp_path, Clock(), server.config(folder)) as app:
                assert watching.poll(app) == new
        server.shelves["INBOX"].mails |= mails(502)
        server.shelves["Clients"].mails |= mails(3)
        for folder in ("INBOX", "Clients"):
            with at_work(tmp_path, Clock(), server.config(folder)) as app:
                assert watching.poll(app) == 1
                assert cursor_of(app, folder) == max(server.shelves[folder].mails)


@pytest.mark.pitfall("warmbly#372")
def test_same_uidvalidity_in_two_mailboxes(tmp_path: Path) -> None:
    """UIDVALIDITY and UID name a message only with their folder's name: 1 in one is not 1 in the other."""
    with serving(INBOX=Shelf(7, mails(1, 2)), Clients=Shelf(7, mails(1, 2))) as server:
        for folder in ("INBOX", "Clients"):
            with at_work(tmp_path, Clock(), server.config(folder)) as app:
                assert watching.poll(app) == 2
                assert kept(app) == (2 if folder == "INBOX" else 4)


def test_what_a_person_has_read_is_taken_in_all_the_same(tmp_path: Path, user: User) -> None:
    """What is new is told by the cursor, not by \\Seen: whoever opens the shared inbox hides nothing."""
    user.deliver(mail(DANA, "one"))
    (one,) = (user.maildir / "new").iterdir()
    shutil.move(one, user.maildir / "cur" / f"{one.name}:2,S")
    user.deliver(mail(DANA, "two"))
    with at_work(tmp_path, Clock(), servers_of(user)) as app:
        assert watching.poll(app) == 2
    assert user.flags() == ["S", ""]


@pytest.mark.promise("P1")
@pytest.mark.pitfall("getmail6#68", "chatmail#6936", "Mailu#1223")
def test_cursor_is_kept_with_each_batch(tmp_path: Path) -> None:
    """A pass that breaks off, and whose process ends, keeps the batches before; another process asks for the rest."""
    with serving(INBOX=Shelf(7, mails(*range(1, 121)))) as server:
        server.fatal = 117
        with at_work(tmp_path, Clock(), server.config()) as app, pytest.raises(MailboxError):
            watching.poll(app)
        server.fatal, server.is_down = None, False
        with at_work(tmp_path, Clock(), server.config()) as app:
            assert cursor_of(app) >= 100
            held = uids(app)
            server.heard.clear()
            assert watching.poll(app) == 120 - len(held)
            assert uids(app) == list(range(1, 121))
        asked = {int(uid) for one in server.bodies() for uid in re.findall(r"\d+", one.split()[2])}

    assert len(held) >= 100
    assert asked <= set(range(1, 121)) - set(held)


@pytest.mark.pitfall("Mailu#1223")
def test_where_we_stand_outlives_the_process(tmp_path: Path) -> None:
    """Begun anew on the same database, practiq asks for no mail that it holds."""
    with serving(INBOX=Shelf(7, mails(1, 2, 3))) as server:
        for new in (3, 0):
            server.heard.clear()
            with at_work(tmp_path, Clock(), server.config()) as app:
                assert watching.poll(app) == new
            assert bool(server.bodies()) == bool(new)


@pytest.mark.promise("P2")
@pytest.mark.pitfall("bichon#342")
def test_gaps_between_uids_are_nothing(tmp_path: Path) -> None:
    """UIDs that are skipped, by thousands too, are neither missed nor waited for."""
    shelf = Shelf(7, mails(3, 4, 90, 70_000, 4_000_000_000))
    with serving(INBOX=shelf) as server, at_work(tmp_path, Clock(), server.config()) as app:
        assert watching.poll(app) == 5
        assert cursor_of(app) == 4_000_000_000
        with app.store.transaction() as session:
            assert list_unfetchable(session) == []
        assert len(server.heard) < 20


@pytest.mark.promise("P2")
@pytest.mark.pitfall("nextcloud/mail#5721")
def test_order_of_an_answer_means_nothing(tmp_path: Path) -> None:
    """UIDs listed and given in any order are all taken in, and the cursor stands at the highest."""
    shelf = Shelf(7, mails(8, 2, 9, 1, 5))
    with serving(INBOX=shelf) as server, at_work(tmp_path, Clock(), server.config()) as app:
        assert watching.poll(app) == 5
        assert cursor_of(app) == 9
        shelf.mails = mails(11) | shelf.mails | mails(10)
        assert watching.poll(app) == 2
        assert cursor_of(app) == 11


@pytest.mark.promise("P5")
@pytest.mark.pitfall("itop-jb-mail#224", "getmail6#60")
def test_log_in_is_said_once_a_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passes one after the other are made in one session: what we log in with is not used up by polling."""
    monkeypatch.setattr(watching, "IDLE_SECONDS", 0.1)
    with serving(INBOX=Shelf(7, mails(1))) as server, at_work(tmp_path, Clock(), server.config()) as app:
        with on_watch(app):
            await_that(lambda: server.heard.count("DONE") >= 3)
        assert [one.split()[0] for one in server.heard].count("LOGIN") == 1


@pytest.mark.promise("P3")
@pytest.mark.pitfall("modern-email/defects#37")
def test_uidvalidity_that_comes_back(tmp_path: Path) -> None:
    """Numbers that were used before may now name other mail: it is kept, and what we hold is not kept again."""
    first, second, third = mails(1, 2, 3).values()
    shelf = Shelf(7, {1: first, 2: second})
    with serving(INBOX=shelf) as server, at_work(tmp_path, Clock(), server.config()) as app:
        assert watching.poll(app) == 2
        shelf.uidvalidity = 8
        assert watching.poll(app) == 0
        shelf.uidvalidity, shelf.mails = 7, {1: third, 2: first}
        shelf.dates = {1: "10-Nov-2026 09:03:00 +0000", 2: "10-Nov-2026 09:01:00 +0000"}
        assert watching.poll(app) == 1
        assert watching.poll(app) == 0
        assert kept(app) == 3


@pytest.mark.promise("P3")
@pytest.mark.pitfall("chatmail#2188")
def test_uidnext_that_goes_back(tmp_path: Path) -> None:
    """A server that gives out numbers again, and does not say so, hides no mail below the cursor."""
    shelf = Shelf(7, mails(*range(1, 11)))
    with serving(INBOX=shelf) as server, at_work(tmp_path, Clock(), server.config()) as app:
        assert watching.poll(app) == 10
        shelf.mails = {uid: shelf.mails[uid] for uid in range(1, 8)} | mails(8)
        shelf.dates = {8: "11-Nov-2026 07:00:00 +0000"}
        assert watching.poll(app) == 1
        shelf.mails |= mails(9, 10, 11)
        shelf.dates |= {uid: f"11-Nov-2026 07:{uid}:00 +0000" for uid in (9, 10)}
        assert watching.poll(app) == 3
        assert watching.poll(app) == 0
        assert kept(app) == 14


class Boastful(Shelf):
    """Its mails are said to be of three gigabytes, and end after a word."""

    def row(self, uid: int, items: str) -> bytes:
        return b"* 1 FETCH (UID 1 BODY[] {3000000000}\r\nFrom" if "BODY" in items else super().row(uid, items)


@pytest.mark.promise("P4")
@pytest.mark.pitfall("cpython#119511")
def test_size_that_a_server_says_takes_no_memory(tmp_path: Path) -> None:
    """No room is made for a piece of the answer that is larger than any we asked for."""
    boastful = Boastful(7, mails(1))
    with serving(INBOX=boastful) as server, at_work(tmp_path, Clock(), server.config()) as app:
        tracemalloc.start()
        try:
            with pytest.raises(MailboxError, match="3000000000 bytes"):
                watching.poll(app)
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert kept(app) == 0
    assert most < 50_000_000
