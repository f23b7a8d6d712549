"""What all tests share: a scrubbed environment, and the real servers."""

from __future__ import annotations

import contextlib
import gc
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from service import app, store
from service import smtp as wire
from service.places import POSTGRESQL
from service.sandbox import Sandbox
from service.store import open_store
from tests import postgres
from tests.agency import passing_url
from tests.browser import Browser, chromium_binary
from tests.desk import Desk, Script, ScriptedSmtp
from tests.servers import Dovecot, SmtpSink, User, dovecot_binary
from tests.systemd import Systemd

if TYPE_CHECKING:  # it makes keys
    from tests.endpoint import Endpoint


def pytest_configure() -> None:
    """Have garbage looked for rarely: it took a fifth of the time, over and over through thousands of collected tests."""
    gc.set_threshold(100_000, 20, 20)


def pytest_collection_finish() -> None:
    """What was collected is no garbage until the end."""
    gc.freeze()


@pytest.fixture(autouse=True)
def _scrubbed(monkeypatch: pytest.MonkeyPatch) -> None:
    """No PRACTIQ_ variable of whoever runs the tests reaches them."""
    for name in [one for one in os.environ if one.startswith("PRACTIQ_")]:
        monkeypatch.delenv(name)


def _databases(item: pytest.Item) -> pytest.Mark | None:
    """What is said of the databases that a test runs on, nearest to it."""
    said = item.iter_markers()
    return next((mark for mark in said if mark.name in {"both_databases", "one_database"}), None)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test of a store twice, with SQLite and with PostgreSQL."""
    mark = _databases(metafunc.definition)
    if mark and mark.name == "both_databases":
        metafunc.parametrize("_database", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session")
def postgresql(testrun_uid: str) -> Iterator[postgres.Server]:
    """A private PostgreSQL, one for all processes that run these tests."""
    server = postgres.Server(Path(tempfile.gettempdir()) / f"practiq-postgres-{testrun_uid}")
    yield server
    server.close()


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Systemd]:
    """It listens, and watches."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "180000000")
        yield Systemd(line)


@pytest.fixture
def own() -> Iterator[postgres.Server]:
    """A PostgreSQL that a test may stop."""
    server = postgres.Server(Path(tempfile.mkdtemp(prefix="practiq-postgres-")))
    yield server
    server.close()


@pytest.fixture(autouse=True)  # and so before those that open a database
def _database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The engine that a test is for, in which it has to open a database; whoever opens one says which it is for."""
    opened: list[str] = []
    known = store.place_of
    monkeypatch.setattr(store, "place_of", lambda url: (opened.append(url), known(url))[1])
    if (engine := getattr(request, "param", None)) == "postgresql":
        monkeypatch.setattr(postgres, "server", request.getfixturevalue("postgresql"))
    yield
    assert not opened or _databases(request.node), "mark it both_databases, or one_database with a reason"
    if opened and engine == "postgresql":
        assert any(url.startswith(POSTGRESQL) for url in opened), "it has opened SQLite only"


@pytest.fixture(scope="session")
def reading() -> Iterator[Sandbox]:
    """The processes that read mail, which take a while to start: the same for all tests, as for all agencies of a worker."""
    with contextlib.closing(Sandbox()) as made:
        yield made


@pytest.fixture(autouse=True)
def _reading(reading: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever builds an app without processes of its own is lent them."""
    monkeypatch.setattr(app, "Sandbox", lambda *, trust: reading.lent(trust))


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """A private Dovecot; the test is skipped where none is installed, but not in CI."""
    if dovecot_binary() is None:
        if os.environ.get("PRACTIQ_REQUIRE_DOVECOT"):
            pytest.fail("Dovecot is not installed, and PRACTIQ_REQUIRE_DOVECOT is set")
        pytest.skip("Dovecot is not installed (apt install dovecot-imapd dovecot-lmtpd)")
    # Not below pytest's own folder, which only we may enter: its processes run as other users.
    with tempfile.TemporaryDirectory(prefix="practiq-dovecot-", ignore_cleanup_errors=True) as base:
        server = Dovecot(Path(base))
        server.start()
        yield server
        server.stop()


@pytest.fixture
def user(dovecot: Dovecot) -> User:
    """A user of the private Dovecot, with an empty inbox."""
    return dovecot.new_user()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium; the test is skipped where none is installed, but not in CI."""
    binary = chromium_binary()
    if binary is None:
        if os.environ.get("PRACTIQ_REQUIRE_CHROMIUM"):
            pytest.fail("Chromium is not installed, and PRACTIQ_REQUIRE_CHROMIUM is set")
        pytest.skip("Chromium is not installed (apt install chromium)")
    with contextlib.closing(Browser(binary)) as made:
        yield made


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """An OAuth 2 authorization server, for all tests."""
    from tests.endpoint import Endpoint

    with contextlib.closing(Endpoint(tmp_path_factory.mktemp("authority"))) as made:
        yield made


@pytest.fixture
def endpoint(authority: Endpoint, monkeypatch: pytest.MonkeyPatch) -> Endpoint:
    """The authorization server: trusted, well, and with nothing that was asked or given before."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.folder / "cert.pem"))
    authority.begin_anew()
    return authority


@pytest.fixture
def smtp() -> Iterator[SmtpSink]:
    """An SMTP server that keeps what it takes."""
    with SmtpSink() as server:
        yield server


@pytest.fixture
def desk_url(tmp_path: Path) -> Iterator[str]:
    """The URL of the desk's database."""
    with passing_url(f"sqlite:///{tmp_path}/p.db") as url:
        yield url


@pytest.fixture
def desk(desk_url: str) -> Iterator[Desk]:
    """An empty outbox."""
    with contextlib.closing(open_store(desk_url)) as opened:
        yield Desk(opened)


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    """Makes an SMTP server that answers as told; where it is silent, it is given up soon."""
    for name in ("CONNECT_SECONDS", "REPLY_SECONDS", "DOT_SECONDS", "QUIT_SECONDS"):
        monkeypatch.setattr(wire, name, 1)
    with contextlib.ExitStack() as made:
        yield lambda answers: made.enter_context(contextlib.closing(ScriptedSmtp(answers)))
