"""What all tests share: a scrubbed environment, and the real servers."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.servers import Dovecot, SmtpSink, User, dovecot_binary


@pytest.fixture(autouse=True)
def _scrubbed(monkeypatch: pytest.MonkeyPatch) -> None:
    """No PRACTIQ_ variable of whoever runs the tests reaches them."""
    for name in [one for one in os.environ if one.startswith("PRACTIQ_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def dovecot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    """A private Dovecot; the test is skipped where none is installed, but not in CI."""
    if dovecot_binary() is None:
        if os.environ.get("PRACTIQ_REQUIRE_DOVECOT"):
            pytest.fail("Dovecot is not installed, and PRACTIQ_REQUIRE_DOVECOT is set")
        pytest.skip("Dovecot is not installed (apt install dovecot-imapd dovecot-lmtpd)")
    base = tmp_path_factory.mktemp("dovecot")
    for one in (base, *base.parents):  # its processes run as other users, and must get there
        if one.owner() == base.owner() and one.stat().st_mode & 0o777 == 0o700:
            one.chmod(0o711)
    server = Dovecot(base)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def user(dovecot: Dovecot) -> User:
    """A user of the private Dovecot, with an empty inbox."""
    return dovecot.new_user()


@pytest.fixture
def smtp() -> Iterator[SmtpSink]:
    """An SMTP server that keeps what it takes."""
    with SmtpSink() as server:
        yield server
