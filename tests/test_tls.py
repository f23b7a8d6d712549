"""TLS towards both servers: verified, or no session (promises.md P19)."""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from service.accounts import ImapAccount
from service.errors import PractiqError
from service.inbox import Inbox
from tests.agency import MAYA
from tests.desk import Desk
from tests.peers import Manners, Peer, certify, context_of
from tests.servers import PASSWORD

pytestmark = pytest.mark.one_database("it is about lines to servers")

SPEAKS = pytest.mark.parametrize("speaks", ["imap", "smtp"])
TLS = pytest.mark.parametrize("tls", ["implicit", "starttls"])

UNSAID = ("EHLO", "HELO", "STARTTLS", "CAPABILITY", "QUIT", "LOGOUT")  # what tells nobody anything
Visit = Callable[..., None]
Begin = Callable[..., Peer]


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a certificate with which nothing is wrong."""
    folder = tmp_path_factory.mktemp("right")
    certify(folder)
    return folder


@pytest.fixture
def begin(right: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """Makes a server; one whose certificate nothing is wrong with and is trusted, but where a folder says another."""
    monkeypatch.setenv("SSL_CERT_FILE", str(right / "cert.pem"))
    with ExitStack() as made:
        yield lambda speaks, manners, context=None: made.enter_context(
            closing(Peer(speaks, context or context_of(right), manners))
        )


@pytest.fixture
def visit(request: pytest.FixtureRequest) -> Visit:
    """Looks into the inbox of a server, or sends a letter through it."""

    def go(peer: Peer, tls: str, host: str = "127.0.0.1") -> None:
        at: Any = {"host": host, "port": peer.port, "tls": tls, "username": "u", "password": PASSWORD}
        if peer.speaks == "imap":
            Inbox.connect(ImapAccount(**at)).close()
            return
        request.getfixturevalue("script")  # it is not waited for long
        desk: Desk = request.getfixturevalue("desk")
        desk.put(MAYA)
        assert desk.deliver(**at) == 1

    return go


def told(peer: Peer) -> list[str]:
    """What the server heard that it should not have."""
    lines = [(secure, line.split()[peer.speaks == "imap"]) for secure, line in peer.heard]
    return [verb for _, verb in lines if verb not in UNSAID]


@pytest.mark.promise("P19")
@SPEAKS
@TLS
def test_a_trusted_server_hears_the_password_behind_tls(
    begin: Begin, visit: Visit, speaks: str, tls: str
) -> None:
    """Where certificate and host name are right there is a session, and nothing but the wish for TLS goes before it."""
    peer = begin(speaks, Manners(implicit=tls == "implicit"))
    visit(peer, tls)

    log_in = [secure for secure, line in peer.heard if "LOGIN" in line or "AUTH" in line]
    assert log_in == [True]
    assert all(any(word in line for word in UNSAID) for secure, line in peer.heard if not secure)


@pytest.mark.promise("P19")
@SPEAKS
@TLS
@pytest.mark.parametrize(
    ("wrong", "trusted", "host", "said"),
    [
        ({}, False, "127.0.0.1", "self-signed"),
        ({"names": "DNS:localhost,IP:127.0.0.2"}, True, "127.0.0.1", "mismatch"),
        ({"names": "DNS:localhost.evil.example,DNS:*.localhost,IP:127.0.0.1"}, True, "localhost", "mismatch"),
        ({"until": "20200201000000Z"}, True, "127.0.0.1", "expired"),
    ],
    ids=["stranger", "another-address", "another-host", "expired"],
)
def test_a_certificate_that_proves_nothing_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begin: Begin, visit: Visit, speaks: str, tls: str,
    wrong: dict[str, str], trusted: bool, host: str, said: str,
) -> None:  # fmt: skip
    """A certificate of nobody we trust, for another host, or of the past: a sentence and its remedy, and no password."""
    certify(tmp_path, **wrong)
    peer = begin(speaks, Manners(implicit=tls == "implicit"), context_of(tmp_path))
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    with pytest.raises(PractiqError, match=rf"certificate that we cannot trust: .*{said}.*\n.*SSL_CERT_FILE"):
        visit(peer, tls, host)

    assert told(peer) == []


@pytest.mark.promise("P19")
@SPEAKS
@TLS
def test_old_tls_is_none(right: Path, begin: Begin, visit: Visit, speaks: str, tls: str) -> None:
    """A server that has TLS 1.1 at most gets no session."""
    context = context_of(right)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore"):  # it is deprecated, which is what we test
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    peer = begin(speaks, Manners(implicit=tls == "implicit"), context)
    with pytest.raises(PractiqError, match=r"cannot be (?:reached|used): .*(?i:version|protocol)"):
        visit(peer, tls)

    assert told(peer) == []


@pytest.mark.promise("P19")
@SPEAKS
@pytest.mark.parametrize(
    "manners",
    [Manners(offers=False, begins=False), Manners(offers=False), Manners(begins=False)],
    ids=["taken-out", "unsaid", "refused"],
)
def test_starttls_taken_away_ends_it(begin: Begin, visit: Visit, speaks: str, manners: Manners) -> None:
    """Where STARTTLS is not offered, or refused, nothing goes on in clear: whoever is on the way may have seen to it."""
    peer = begin(speaks, manners)
    with pytest.raises(PractiqError, match=r"cannot be (?:reached|used): .*\n.*Check"):
        visit(peer, "starttls")

    assert told(peer) == []
    assert not any(secure for secure, _ in peer.heard)


@pytest.mark.promise("P19")
@pytest.mark.pitfall("libetpan#386")
@pytest.mark.parametrize("behind", [b"* CAPABILITY IMAP4rev1\r\n", b"* BYE\r\n", b"\x16", b"x" * 9_000])
def test_what_is_said_behind_starttls_ends_an_imap_session(begin: Begin, visit: Visit, behind: bytes) -> None:
    """Words in clear behind the answer to STARTTLS are never taken for the server's: there is no session."""
    peer = begin("imap", Manners(behind=behind))
    with pytest.raises(PractiqError, match="said in clear behind the answer to STARTTLS"):
        visit(peer, "starttls")

    assert told(peer) == []


@pytest.mark.promise("P19")
@TLS
def test_a_server_that_needs_no_log_in_is_not_ours(begin: Begin, visit: Visit, tls: str) -> None:
    """PREAUTH, which forbids STARTTLS and so keeps a session in clear, is no session (RFC 9051 §11.1)."""
    peer = begin("imap", Manners(implicit=tls == "implicit", preauth=True))
    with pytest.raises(PractiqError, match="The IMAP server"):
        visit(peer, tls)

    assert told(peer) == []


@pytest.mark.promise("P19")
@pytest.mark.pitfall("nodemailer#1835")
@pytest.mark.parametrize("behind", [b"250-x\r\n250 AUTH LOGIN\r\n", b"554 no\r\n", b"535 5.7.8 no\r\n"])
def test_what_is_said_behind_starttls_is_no_answer_of_an_smtp_server(
    begin: Begin, visit: Visit, behind: bytes
) -> None:
    """Words in clear behind the answer to STARTTLS are thrown away (RFC 3207 §4.2): each command gets its own answer."""
    peer = begin("smtp", Manners(behind=behind))
    visit(peer, "starttls")

    verbs = [(secure, line.split()[0]) for secure, line in peer.heard]
    assert verbs[:4] == [(False, "EHLO"), (False, "STARTTLS"), (True, "EHLO"), (True, "AUTH")]


@pytest.mark.promise("P19")
@SPEAKS
@pytest.mark.parametrize(
    "host", ["mail.example", "192.0.2.1", "127.0.0.1.evil.example", "localhost.evil.example"]
)
def test_plain_is_for_this_machine_only(desk: Desk, speaks: str, host: str) -> None:
    """Towards another machine nothing is said in clear; it is not even connected to."""
    at: Any = {"host": host, "port": 1, "tls": "none", "username": "u", "password": PASSWORD}
    desk.put(MAYA)
    with pytest.raises(PractiqError, match=r"is another machine, and \[(imap|smtp)\] tls is none"):
        Inbox.connect(ImapAccount(**at)) if speaks == "imap" else desk.deliver(**at)
