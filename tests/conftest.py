"""What all tests share: a scrubbed environment, and the real servers."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import Dovecot, SmtpSink, User, dovecot_binary


@pytest.fixture(autouse=True)
def _scrubbed(monkeypatch: pytest.MonkeyPatch) -> None:
    """No PRACTIQ_ variable of whoever runs the tests reaches them."""
    for name in [one for one in os.environ if one.startswith("PRACTIQ_")]:
        monkeypatch.delenv(name)


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


@pytest.fixture
def smtp() -> Iterator[SmtpSink]:
    """An SMTP server that keeps what it takes."""
    with SmtpSink() as server:
        yield server
