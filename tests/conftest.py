"""What all tests share: a scrubbed environment, and the real servers."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from service import smtp as wire
from service.store import open_store
from tests import postgres
from tests.agency import database_url
from tests.browser import Browser, chromium_binary
from tests.desk import Desk, Script, ScriptedSmtp
from tests.servers import Dovecot, SmtpSink, User, dovecot_binary

if TYPE_CHECKING:  # it makes keys
    from tests.endpoint import Endpoint


@pytest.fixture(autouse=True)
def _scrubbed(monkeypatch: pytest.MonkeyPatch) -> None:
    """No PRACTIQ_ variable of whoever runs the tests reaches them."""
    for name in [one for one in os.environ if one.startswith("PRACTIQ_")]:
        monkeypatch.delenv(name)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test of a store twice, with SQLite and with PostgreSQL."""
    if metafunc.definition.get_closest_marker("both_databases"):
        metafunc.fixturenames.insert(0, "_database")  # before those that open a database
        metafunc.parametrize("_database", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session")
def postgresql(testrun_uid: str) -> Iterator[postgres.Server]:
    """A private PostgreSQL, one for all processes that run these tests."""
    server = postgres.Server(Path(tempfile.gettempdir()) / f"practiq-postgres-{testrun_uid}")
    yield server
    server.close()


@pytest.fixture
def _database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "postgresql":
        monkeypatch.setattr(postgres, "server", request.getfixturevalue("postgresql"))


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
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An empty outbox in p.db."""
    store = open_store(database_url(tmp_path, "p"))
    yield Desk(store)
    store.close()


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    """Makes an SMTP server that answers as told; where it is silent, it is given up soon."""
    for name in ("CONNECT_SECONDS", "REPLY_SECONDS", "DOT_SECONDS", "QUIT_SECONDS"):
        monkeypatch.setattr(wire, name, 1)
    with contextlib.ExitStack() as made:
        yield lambda answers: made.enter_context(contextlib.closing(ScriptedSmtp(answers)))
