"""The lease: who may write, and who may not any more; and connections that only look."""

from __future__ import annotations

import ast
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import text

from service import lease
from service.cli import call_main
from service.errors import AtWork, Fenced, StoreError
from service.lease import take_turn
from service.places import place_of
from service.store import Store, find_setting, open_store, read_store, record_setting
from tests.agency import DANA, Clock, at_work, database_url, mail, write_config
from tests.databases import make_database

pytestmark = pytest.mark.promise("P11")

ROOT = Path(__file__).parent.parent
LOOKS = [
    ["threads"], ["messages", "--json"], ["digests"], ["audit"], ["workspaces"], ["workspace", "Globex"], ["learned"],
    ["status"], ["check"], ["digest", "--text"], ["digest", "--html"],
]  # fmt: skip


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database that is there."""
    address = database_url(tmp_path)
    open_store(address).close()
    return address


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """That database, opened to look at."""
    opened = read_store(url)
    yield opened
    opened.close()


def value(store: Store) -> str | None:
    """What stands under a name."""
    with store.transaction() as session:
        return find_setting(session, "name")


def put(store: Store, words: str) -> None:
    """Write it there."""
    with store.transaction() as session:
        record_setting(session, "name", words)


@pytest.mark.both_databases
def test_silent_holder_is_fenced(store: Store, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it begins after another one took over leaves nothing, and the lock is the other's from then on."""
    monkeypatch.setattr(lease, "LOOK_SECONDS", 0.01)
    hung = read_store(url)
    with ExitStack() as its_turn:
        its_turn.enter_context(hung.alone())
        put(hung, "before")
        turn = store.stand_by(threading.Event())
        with store.alone(turn):
            put(store, "after")
            with pytest.raises(
                StoreError
            ):  # PostgreSQL has ended its sessions, and it learns why when it asks again
                put(hung, "too late")
            with pytest.raises(Fenced, match="has taken over"):
                put(hung, "too late")
            with pytest.raises(Fenced):
                hung.beat()
            its_turn.close()
            with pytest.raises(AtWork), hung.alone():
                pass
    hung.close()

    assert value(store) == "after"
    with store.alone():
        put(store, "the next")


@pytest.mark.both_databases
def test_one_that_shows_that_it_lives_is_left_alone(
    store: Store, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who beats between the last look and the take-over keeps the lease."""
    monkeypatch.setattr(lease, "LOOK_SECONDS", 0.01)
    slow = read_store(url)
    with slow.alone():
        turn = store.stand_by(threading.Event())
        slow._beaten = float("-inf")  # its beat is due
        slow.beat()
        with pytest.raises(AtWork), store.alone(turn):
            pass
        put(slow, "mine")
    slow.close()
    assert value(store) == "mine"


@pytest.mark.both_databases
def test_standing_by_ends_when_told(store: Store, url: str) -> None:
    """Without a turn."""
    other, stop = read_store(url), threading.Event()
    with other.alone():
        timer = threading.Timer(0.2, stop.set)
        timer.start()
        assert store.stand_by(stop) is None
        timer.join()
    other.close()


@pytest.mark.both_databases
@pytest.mark.pitfall("sqlite.org#walresetbug")
def test_connection_that_looks_cannot_write(store: Store, url: str) -> None:
    """The engine refuses it, be somebody at work or not."""
    for _ in range(2):
        with pytest.raises(StoreError, match=r"read-?only"):
            put(store, "x")
        with store.alone():
            put(store, "y")
    assert value(store) == "y"


@pytest.mark.one_database("the files are SQLite's")
@pytest.mark.pitfall("sqlite.org#walresetbug")
def test_commands_that_look_leave_the_files_as_they_are(tmp_path: Path) -> None:
    """While another one is at work: not a byte of database and log changes, and nothing is checkpointed."""
    config = str(write_config(tmp_path))
    (tmp_path / "1.eml").write_bytes(mail(DANA, "Approved."))
    assert call_main(["--config", config, "ingest", str(tmp_path / "1.eml")]) == 0
    store = read_store(f"sqlite:///{tmp_path}/practiq.db")
    with store.alone():
        put(store, "in the log, not yet in the database")
        files = [tmp_path / "practiq.db", tmp_path / "practiq.db-wal"]
        before = [one.read_bytes() for one in files]
        for words in LOOKS:
            assert call_main(["--config", config, *words]) == 0, words
            assert [one.read_bytes() for one in files] == before, words
        assert all(before)
    store.close()


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "words", [["poll"], ["ingest", "1.eml"], ["reread"], ["assign", "x", "Globex"], ["undo"]]
)
def test_commands_that_write_say_who_is_at_work(
    tmp_path: Path, words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence, and exit status 1; `run` alone stands by (tests/test_two.py)."""
    monkeypatch.chdir(tmp_path)
    Path("1.eml").write_bytes(mail(DANA, "Approved."))
    config = str(write_config(tmp_path))
    with at_work(tmp_path, Clock()) as app, app.store.alone():
        capsys.readouterr()
        assert call_main(["--config", config, *words]) == 1
        assert "Another practiq is at work on" in capsys.readouterr().err


@pytest.mark.pitfall("sqlite.org#walresetbug")
def test_connections_are_made_in_two_places() -> None:
    """That of the database, and that of the lock, which is a file of its own."""
    places = set()
    for path in (ROOT / "service").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"sqlite3.connect", "create_engine"}:
                places.add(path.name)
    assert places == {"connections.py", "sqlite_file.py", "postgres.py"}


@pytest.mark.one_database("of two that write SQLite refuses one; in PostgreSQL each row has its lock")
@pytest.mark.pitfall("jentic-one#529", "ish#2479")
def test_read_that_turns_into_a_write_waits_its_turn(tmp_path: Path) -> None:
    """Two that read and then write follow each other; neither is refused, and neither's change is lost."""
    url = f"sqlite:///{tmp_path}/p.db"
    stores = [open_store(url), open_store(url)]  # two connections: what practiq itself never has
    put(stores[0], "0")
    together = threading.Barrier(2)
    faults: list[Exception] = []

    def count(store: Store) -> None:
        try:
            together.wait()
            for _ in range(20):
                with store.transaction() as session:
                    record_setting(session, "name", str(int(find_setting(session, "name") or 0) + 1))
        except Exception as fault:  # noqa: BLE001 -- told below
            faults.append(fault)

    threads = [threading.Thread(target=count, args=[one]) for one in stores]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert faults == []
    assert value(stores[0]) == "40"
    for store in stores:
        store.close()


def working_on(url: str) -> Callable[[], None]:
    """Somebody of another version is at work; gives what ends that."""
    turn = take_turn(place_of(url))
    return turn.close


@pytest.mark.one_database("PostgreSQL has no older ones")
def test_older_database_is_brought_to_now_where_nobody_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also for who only looks; while another one is at work it is left alone, and a sentence says so."""
    monkeypatch.setattr("service.store.PATIENCE_LOOKS", 2)
    url = f"sqlite:///{tmp_path}/old.db"
    make_database(tmp_path / "old.db", "0007")
    end = working_on(url)
    with pytest.raises(StoreError, match="of another version, and another practiq is at work"):
        read_store(url)
    end()
    store = read_store(url)
    assert value(store) is None
    store.close()


@pytest.mark.both_databases
def test_newer_database_is_left_alone(url: str) -> None:
    """It was made by a later version, which is to be installed."""
    store = open_store(url)
    with store.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    for opening in (open_store, read_store):
        with pytest.raises(StoreError, match="a version that this practiq does not know"):
            opening(url)
