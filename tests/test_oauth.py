"""Log-in by OAuth 2 at real servers, with the tokens of a real endpoint: each way in, and each way that it fails."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from service import token_web
from service.accounts import ImapAccount
from service.check import Verdict, checks
from service.cli import call_main
from service.config import load
from service.errors import LogInRefused, MailboxError, PractiqError, ServerBusy, traceback_of
from service.inbox import Inbox
from service.jobs import deliver
from service.smtp import SmtpError
from service.trouble_rows import list_troubles
from service.watching import poll
from tests.agency import AUTHENTICATION, DANA, MAYA, Clock, at_work, mail, on_watch, write_config
from tests.desk import Desk
from tests.endpoint import CLIENT, SECRET, TENANT, Answer, Endpoint, TokenSink, dovecot_with_tokens, entra
from tests.faults import FaultyLine
from tests.processes import ALWAYS_DUE, NOON, await_that, read_count
from tests.servers import ScriptedImap, User, dovecot_binary

pytestmark = pytest.mark.one_database("it is about logging in")

WAYS = ("app", "device", "account", "person", "command")
Way = Callable[[str], str]


@pytest.fixture(scope="module")
def new_user(authority: Endpoint) -> Iterator[Callable[[], User]]:
    """Makes users of a Dovecot that takes the endpoint's tokens."""
    if dovecot_binary() is None:
        pytest.skip("Dovecot is not installed")
    with (
        tempfile.TemporaryDirectory(prefix="practiq-dovecot-", ignore_cleanup_errors=True) as base,
        dovecot_with_tokens(Path(base), authority) as made,
    ):
        yield made


@pytest.fixture
def user(new_user: Callable[[], User], endpoint: Endpoint) -> User:
    """A user of that Dovecot; the next tokens are for their mailbox."""
    return new_user()


@pytest.fixture
def sink(endpoint: Endpoint) -> Iterator[TokenSink]:
    """An SMTP server that takes the endpoint's tokens."""
    with TokenSink(endpoint) as made:
        yield made


@pytest.fixture
def way(endpoint: Endpoint, tmp_path: Path) -> Way:
    """Makes the lines of the configuration that log in this way, in a table of this name, with the files they name."""

    def lines(section: str, kind: str) -> str:
        entra_id = f'provider = "microsoft"\nauthority = "{endpoint.url}"\ntenant = "{TENANT}"\n'
        entra_id += f'client_id = "{CLIENT}"\n'
        file = tmp_path / f"{section}-{kind}"
        kept = {"refresh_token": endpoint.new_refresh()}
        match kind:
            case "app":
                file.write_text(f"{SECRET}\n")
                return f'[{section}.oauth2]\n{entra_id}client_secret_file = "{file}"\n'
            case "device":
                file.write_text(json.dumps(kept))
                return f'[{section}.oauth2]\n{entra_id}token_file = "{file}"\n'
            case "account":
                endpoint.service_account(file)
                return f'[{section}.oauth2]\nprovider = "google"\nservice_account_file = "{file}"\n'
            case "person":
                kept |= {"client_id": CLIENT, "client_secret": SECRET, "token_uri": f"{endpoint.url}/token"}
                file.write_text(json.dumps(kept))
                return f'[{section}.oauth2]\nprovider = "google"\ntoken_file = "{file}"\n'
        endpoint.tokens[token := f"access-{len(endpoint.tokens)}-of-command"] = endpoint.mailbox
        return f'token_command = ["printf", "%s\\\\n", "{token}"]\n'

    return lines


@pytest.fixture
def imap(endpoint: Endpoint, tmp_path: Path, way: Way) -> Callable[..., ImapAccount]:
    """Makes the account of an inbox that is logged in to this way."""

    def account(kind: str, user: User | None = None, change: Callable[[str], str] = str) -> ImapAccount:
        port, name = (user.server.port, user.name) if user else (1, "practiq")
        more = f'[imap]\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\nusername = "{name}"\n'
        made = load(write_config(tmp_path, more + change(way("imap", kind))), {}).imap_account()
        assert made
        return made

    return account


def elsewhere(account: ImapAccount, authority: str) -> ImapAccount:
    """The account with its tokens from another authority."""
    tokens: Any = account.tokens
    return replace(account, tokens=replace(tokens, at=replace(tokens.at, authority=authority)))


# ---------------------------------------------------------------- each way in


@pytest.fixture
def servers(user: User, sink: TokenSink, way: Way) -> Callable[[str], str]:
    """Makes the configuration's tables for both servers, with this way in."""

    def lines(kind: str) -> str:
        imap = (
            f'[imap]\nhost = "127.0.0.1"\nport = {user.server.port}\ntls = "none"\nusername = "{user.name}"\n'
        )
        smtp = f'[smtp]\nhost = "127.0.0.1"\nport = {sink.port}\ntls = "none"\nusername = "{user.name}"\n'
        return imap + way("imap", kind) + smtp + way("smtp", kind)

    return lines


@pytest.mark.parametrize("kind", WAYS)
def test_each_way_opens_inbox_and_outbox(
    tmp_path: Path, user: User, sink: TokenSink, servers: Callable[[str], str], kind: str
) -> None:
    """`check` is content with each way in, a poll takes the mail, and a letter goes out."""
    user.deliver(mail(DANA, "Could you send the invoice?"))
    with at_work(tmp_path, Clock(), servers(kind)) as app:
        found = checks(tmp_path / "config.toml", {}, app.now())
        told = [one.words for one in found if one.verdict is Verdict.OK]
        Desk(app.store).put(MAYA)
        assert poll(app) == 1
        assert asyncio.run(deliver(app)) == 1

    assert any(one.startswith("IMAP 127.0.0.1:") and "1 messages" in one for one in told)
    assert any("takes our mail" in one for one in told)
    assert [one.rcpt_tos for one in sink.letters] == [(MAYA,)]
    assert set(sink.users) == {user.name}


def test_a_whole_poll_says_no_token(
    tmp_path: Path,
    user: User,
    sink: TokenSink,
    servers: Callable[[str], str],
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The command reads mail and sends the digests by tokens, and says none of them at any level."""
    user.deliver(mail(DANA, "Could you send the invoice?"))
    config = write_config(tmp_path, AUTHENTICATION + servers("device") + ALWAYS_DUE, zone=NOON)
    assert call_main(["--config", str(config), "--log-level", "debug", "--debug", "poll"]) == 0

    said = capfd.readouterr().err
    assert "1 new, 1 read, 2 sent." in said
    assert "access-" not in said
    assert "refresh-" not in said
    assert len(sink.letters) == 2


@pytest.mark.parametrize("kind", ["app", "device", "account", "person"])
def test_a_token_is_for_one_log_in(
    imap: Callable[..., ImapAccount], endpoint: Endpoint, user: User, kind: str
) -> None:
    """Each log-in has a token of its own, so that it does not matter how soon they expire."""
    account = imap(kind, user)
    for _ in range(3):
        Inbox.connect(account).close()
        endpoint.tokens.clear()  # an hour passes

    assert len(endpoint.asked) == 3


def test_a_token_that_expired_is_told(
    imap: Callable[..., ImapAccount], endpoint: Endpoint, user: User
) -> None:
    """What a command prints for ever is good for an hour: the refusal says to look there."""
    account = imap("command", user)
    endpoint.tokens.clear()
    with pytest.raises(
        LogInRefused, match=r"refuses the log-in of user\d+.*\n.*token_command.*not yet expired"
    ):
        Inbox.connect(account)


# ---------------------------------------------------------------- refresh tokens


@pytest.mark.parametrize("kind", ["device", "person"])
def test_a_new_refresh_token_is_kept(
    imap: Callable[..., ImapAccount], endpoint: Endpoint, tmp_path: Path, kind: str
) -> None:
    """The refresh token that comes with a token replaces the old one in its file, which its owner alone can read then."""
    account = imap(kind)
    file = tmp_path / f"imap-{kind}"
    before = json.loads(file.read_text())
    assert account.tokens
    account.tokens.token()
    after = json.loads(file.read_text())

    assert after.pop("refresh_token") in endpoint.refresh
    assert before.pop("refresh_token") not in endpoint.refresh
    assert after == before
    assert file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


@pytest.mark.parametrize("kind", ["device", "person"])
def test_where_none_is_new_the_old_one_stays(
    imap: Callable[..., ImapAccount], endpoint: Endpoint, tmp_path: Path, kind: str
) -> None:
    """A provider that gives no new refresh token means the old one to be used on: its file is not touched."""
    endpoint.rotates = False
    account = imap(kind)
    before = (tmp_path / f"imap-{kind}").stat()
    assert account.tokens
    account.tokens.token()

    assert (tmp_path / f"imap-{kind}").stat().st_ino == before.st_ino
    assert account.tokens.token() in endpoint.tokens


def test_two_at_once_do_not_spend_the_same_one(imap: Callable[..., ImapAccount], endpoint: Endpoint) -> None:
    """Where each refresh token is good for once, as many as ask at once are served, one after the other."""
    account = imap("device")
    got: list[str] = []

    def ask() -> None:
        assert account.tokens
        got.append(account.tokens.token())

    asking = [threading.Thread(target=ask) for _ in range(6)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()

    assert len(set(got)) == 6


# ---------------------------------------------------------------- no token

SIGN_IN = r"Sign in again: `practiq auth {} --sign-in`"
NO_TOKEN: dict[str, tuple[str, Answer | None, type[Exception], str]] = {  # way, answer, error, words
    "wrong secret": ("app", entra("invalid_client", 7000215), LogInRefused,
                     r"the client secret is wrong \(AADSTS7000215\)\.\n.*the secret's value is wanted, not its ID"),
    "old secret": ("app", entra("invalid_client", 7000222), LogInRefused,
                   r"has expired \(AADSTS7000222\)\.\n.*administrator.* makes a new one"),
    "no consent": ("app", entra("unauthorized_client", 65001), LogInRefused,
                   r"consent is missing \(AADSTS65001\)\.\n.*administrator.*grants admin consent"),
    "no such app": ("app", entra("unauthorized_client", 700016), LogInRefused, r"no such app.*\n.*client_id"),
    "unknown number": ("app", entra("invalid_request", 90014), LogInRefused, r"AADSTS90014"),
    "unknown word": ("app", (400, {"error": "strange"}), LogInRefused, r"does not say why \(strange\)"),
    "not now": ("app", (400, {"error": "temporarily_unavailable"}), ServerBusy, r"no token now.*\n.*We ask again"),
    "out of order": ("app", (503, {}), ServerBusy, r"is out of order\.\n.*We ask again"),
    "no json": ("app", (200, {}), LogInRefused, r"does not say why"),
    "no token": ("app", (200, {"access_token": "a b"}), LogInRefused, r"gives no access token"),
    "a line in it": ("app", (200, {"access_token": "a\r\nb"}), LogInRefused, r"gives no access token"),
    "expired": ("device", entra("invalid_grant", 700082), LogInRefused, SIGN_IN.format("microsoft")),
    "revoked": ("device", entra("invalid_grant", 50173), LogInRefused, SIGN_IN.format("microsoft")),
    "no number": ("device", (400, {"error": "invalid_grant"}), LogInRefused, SIGN_IN.format("microsoft")),
    "policy": ("device", entra("interaction_required", 53003), LogInRefused, r"conditional access.*\n.*administrator"),
    "second factor": ("device", entra("interaction_required", 50076), LogInRefused, r"second factor"),
    "not delegated": ("account", (401, {"error": "unauthorized_client"}), LogInRefused,
                      r"may not read this mailbox.*\n.*admin\.google\.com.*Domain-wide delegation"),
    "no mailbox": ("account", (400, {"error": "invalid_grant"}), LogInRefused, r"the mailbox.*\n.*clock"),
    "google revoked": ("person", (400, {"error": "invalid_grant"}), LogInRefused, SIGN_IN.format("google")),
    "client deleted": ("person", (401, {"error": "deleted_client"}), LogInRefused, SIGN_IN.format("google")),
    "google nonsense": ("person", (200, {"access_token": "ä"}), LogInRefused, r"gives no access token"),
}  # fmt: skip


@pytest.mark.parametrize("case", NO_TOKEN)
def test_why_there_is_no_token(imap: Callable[..., ImapAccount], endpoint: Endpoint, case: str) -> None:
    """What the endpoint says is told as what is wrong and whose job it is, without a word of its own or a secret."""
    kind, endpoint.fault, fault, words = NO_TOKEN[case]
    account = imap(kind)
    with pytest.raises(fault, match=words) as error:
        Inbox.connect(account)

    said = f"{error.value} {traceback_of(error.value)}"
    assert SECRET not in said
    assert "refresh-" not in said


def test_a_refresh_token_that_was_used_is_refused(
    imap: Callable[..., ImapAccount], endpoint: Endpoint
) -> None:
    """The endpoint really knows it no more; the file stays as it is, for a look."""
    account = imap("device")
    endpoint.refresh.clear()
    with pytest.raises(LogInRefused, match=r"expired, unused for too long \(AADSTS700082\)"):
        Inbox.connect(account)


@pytest.mark.parametrize("kind", ["app", "account"])
def test_a_wrong_key_is_refused(
    imap: Callable[..., ImapAccount], endpoint: Endpoint, tmp_path: Path, kind: str
) -> None:
    """A secret of another app, and a key of another account, are no log-in."""
    account = imap(kind)
    if kind == "app":
        tokens: Any = account.tokens
        account = replace(account, tokens=replace(tokens, secret="other"))
    else:
        endpoint.service_account(tmp_path / "imap-account", client_email="other@project.iam.example")
    with pytest.raises(LogInRefused, match=r"secret is wrong|may not read this mailbox"):
        Inbox.connect(account)


@pytest.mark.parametrize("kind", ["app", "device", "account", "person"])
def test_an_endpoint_that_is_away_is_asked_again(
    imap: Callable[..., ImapAccount], endpoint: Endpoint, tmp_path: Path, kind: str
) -> None:
    """Where nobody answers, that is no refusal: it is tried again soon, as with a server that is away."""
    account = imap(kind)
    text = (tmp_path / f"imap-{kind}").read_text()
    if kind in ("app", "device"):
        account = elsewhere(account, "https://127.0.0.1:1")
    else:
        (tmp_path / f"imap-{kind}").write_text(text.replace(endpoint.host, "127.0.0.1:1"))
    with pytest.raises(ServerBusy, match=r"127\.0\.0\.1:1 cannot be asked: there is no connection"):
        Inbox.connect(account)


@pytest.mark.parametrize("kind", ["app", "person"])
def test_a_stranger_gets_no_secret(
    imap: Callable[..., ImapAccount], endpoint: Endpoint, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An endpoint whose certificate nobody vouches for is asked nothing, whatever other variables trust it."""
    account = imap(kind)
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(endpoint.folder / "cert.pem"))
    with pytest.raises(ServerBusy, match="a certificate that we cannot trust"):
        Inbox.connect(account)

    assert endpoint.asked == []


def test_nothing_is_asked_in_clear(
    imap: Callable[..., ImapAccount], endpoint: Endpoint, tmp_path: Path
) -> None:
    """A token endpoint without https gets no key."""
    account = imap("account")
    endpoint.service_account(tmp_path / "imap-account", token_uri=endpoint.introspection)
    with pytest.raises(MailboxError, match="is not https"):
        Inbox.connect(account)


def test_a_silent_endpoint_is_given_up(
    imap: Callable[..., ImapAccount], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that takes a line and says nothing keeps nobody waiting for long."""
    monkeypatch.setattr(token_web, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        account = elsewhere(imap("app"), f"https://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(ServerBusy, match="does not answer"):
            Inbox.connect(account)


def test_an_unknown_tenant_is_told(imap: Callable[..., ImapAccount]) -> None:
    """Where the authority has no such directory, the key to mend is named."""
    account = imap("app", change=lambda lines: lines.replace(TENANT, "other.example"))
    with pytest.raises(LogInRefused, match=r"does not know the tenant other\.example\.\n.*Check tenant"):
        Inbox.connect(account)


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        (
            "device",
            None,
            r"cannot be read or written: No such file.*\n.*`practiq auth microsoft --sign-in` makes it",
        ),
        ("device", "{", "holds no refresh token"),
        ("person", "[]", "holds no refresh token"),
        ("person", '{"refresh_token": "refresh-1"}', "is not one of Google"),
        ("account", None, "cannot be used: No such file"),
        ("account", "{}", r"cannot be used: a key of it is missing or wrong\.\n.*Cloud console"),
        ("account", "nonsense", "cannot be used"),
    ],
)
def test_a_file_that_is_none_is_told(
    imap: Callable[..., ImapAccount], tmp_path: Path, kind: str, content: str | None, words: str
) -> None:
    """A file that is away or holds something else is named, with how to make it."""
    account = imap(kind)
    file = tmp_path / f"imap-{kind}"
    file.write_text(content) if content else file.unlink()
    with pytest.raises(LogInRefused, match=words):
        Inbox.connect(account)


def test_check_says_on_a_line_what_failed_and_who_mends_it(
    tmp_path: Path, servers: Callable[[str], str], endpoint: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is content with what works, names an open file, and tells a sign-in that is gone with what to do."""
    config = write_config(tmp_path, servers("device"))
    (tmp_path / "imap-device").unlink()
    (tmp_path / "smtp-device").chmod(0o644)
    endpoint.refresh.clear()
    assert call_main(["--config", str(config), "check"]) == 1

    said = capsys.readouterr().out
    assert f"NOTE  {tmp_path}/smtp-device may be read by others" in said
    assert f"FAIL  The token file {tmp_path}/imap-device cannot be read" in said
    assert re.search(
        r"FAIL  .* gives no token: the sign-in has expired.*\n      For .*: Sign in again: `practiq auth",
        said,
    )


@pytest.mark.parametrize(
    ("kind", "missing", "extra"), [("app", "msal", "msal"), ("person", "google.auth", "google-auth")]
)
def test_a_library_that_is_not_installed_is_told(
    imap: Callable[..., ImapAccount], monkeypatch: pytest.MonkeyPatch, kind: str, missing: str, extra: str
) -> None:
    """Without the extra there is a sentence with the command that installs it."""
    for name in [one for one in sys.modules if one.split(".")[0] == missing.split(".")[0]]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(LogInRefused, match=rf"not installed\.\n  \S+ -m pip install '?{extra}"):
        Inbox.connect(imap(kind))


# ---------------------------------------------------------------- a token that the server refuses


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("app", r"IMAP\.AccessAsApp.*New-ServicePrincipal.*Add-MailboxPermission user\d+"),
        ("device", r"Whoever signed in must be user\d+.*Set-CASMailbox user\d+ -ImapEnabled \$true"),
        ("account", r"IMAP access is on for it"),
        ("person", r"Whoever signed in must be user\d+.*IMAP access"),
    ],
)
def test_a_mailbox_that_does_not_take_the_token(
    imap: Callable[..., ImapAccount], endpoint: Endpoint, user: User, kind: str, words: str
) -> None:
    """Where the token is good and the mailbox is not open to it, the administrator's command is named."""
    account = imap(kind, user)
    endpoint.fault = (200, {"access_token": "access-of-nobody", "expires_in": 3600})
    with pytest.raises(
        LogInRefused, match=rf"refuses the log-in of user\d+: .*AUTHENTICATIONFAILED.*\n.*{words}"
    ) as error:
        Inbox.connect(account)

    assert "access-of" not in str(error.value)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("app", r"SMTP\.SendAsApp.*Set-CASMailbox practiq -SmtpClientAuthenticationDisabled \$false"),
        ("device", r"Set-CASMailbox practiq -SmtpClientAuthenticationDisabled \$false"),
        ("account", r"practiq is a mailbox"),
        ("command", r"token_command prints a token for practiq that is good for SMTP"),
    ],
)
def test_an_smtp_server_that_does_not_take_the_token(
    imap: Callable[..., ImapAccount], endpoint: Endpoint, sink: TokenSink, desk: Desk, kind: str, words: str
) -> None:
    """The same for sending; the letters wait, and the refusal is answered with the empty line that it is due."""
    tokens = imap(kind).tokens
    endpoint.fault = (200, {"access_token": "access-of-nobody", "expires_in": 3600})
    endpoint.tokens.clear()
    desk.put(MAYA)
    with pytest.raises(SmtpError, match=rf"refuses the log-in of practiq: 535.*\n.*{words}") as error:
        desk.deliver(sink.port, username="practiq", tokens=tokens)

    assert "access-" not in str(error.value)
    assert desk.states() == ["ready"]
    assert sink.after_refusal == [b""]


def test_an_smtp_server_is_told_no_token_where_there_is_none(
    imap: Callable[..., ImapAccount], endpoint: Endpoint, sink: TokenSink, desk: Desk
) -> None:
    """Without a token there is no session; the letters wait, and the sentence is the endpoint's."""
    endpoint.fault = entra("invalid_client", 7000222)
    desk.put(MAYA)
    with pytest.raises(SmtpError, match=r"the client secret has expired"):
        desk.deliver(sink.port, username="practiq", tokens=imap("app").tokens)

    assert desk.states() == ["ready"]
    assert sink.sessions == 0


def exchange(tag: str, command: str) -> list[bytes]:
    """Exchange, where the app was not let into the mailbox."""
    if command.startswith("AUTHENTICATE"):
        return [b"+ \r\n"]
    if command.startswith("EXAMINE"):
        return [f"{tag} BAD User is authenticated but not connected.\r\n".encode()]
    return [f"{tag} OK done\r\n".encode()] if len(tag) < 8 else [b"LAST OK done\r\n"]


def test_exchange_that_opens_no_mailbox_is_a_matter_of_permission(imap: Callable[..., ImapAccount]) -> None:
    """Its `authenticated but not connected` comes after the log-in, and is the same lack of permission."""
    begun: list[str] = []

    def answer(tag: str, command: str) -> list[bytes]:
        if command.startswith("AUTHENTICATE"):
            begun.append(tag)
        elif not command:  # the token, on a line of its own
            return [f"{begun[0]} OK done\r\n".encode()]
        return exchange(tag, command)

    account = imap("app")
    with (
        closing(ScriptedImap(answer)) as server,
        pytest.raises(LogInRefused, match=r"not open the mailbox.*\n.*Add-Mailbox"),
    ):
        Inbox.connect(replace(account, port=server.port))


@pytest.mark.parametrize("coded", [False, True])
def test_a_server_that_repeats_a_token_is_not_repeated(imap: Callable[..., ImapAccount], coded: bool) -> None:
    """Where a refusal quotes the token, as it is or as XOAUTH2 says it, the sentence does without."""
    heard: list[str] = []

    def answer(tag: str, command: str) -> list[bytes]:
        if command.startswith("AUTHENTICATE"):
            heard.append(tag)
            return [b"+ \r\n"]
        if heard and not command:
            return [f"{heard[0]} NO not understood: {tag if coded else 'access-1-of-command'}\r\n".encode()]
        return [f"{tag} OK done\r\n".encode()]

    account = imap("command", change=lambda lines: lines.replace(lines.split('"')[-2], "access-1-of-command"))
    with (
        closing(ScriptedImap(answer)) as server,
        pytest.raises(LogInRefused, match="not understood: …") as error,
    ):
        Inbox.connect(replace(account, port=server.port))

    assert "access-1" not in str(error.value)


def test_what_is_shown_holds_no_secret(imap: Callable[..., ImapAccount], tmp_path: Path, way: Way) -> None:
    """Neither accounts nor sources of tokens nor configuration show a secret: a debugger shows locals."""
    for kind in WAYS:
        account = imap(kind)
        config = load(tmp_path / "config.toml", {})
        shown = f"{account!r} {account.tokens!r} {config!r} {config.imap!r}"
        assert SECRET not in shown
        assert "refresh-" not in shown
        assert "access-" not in repr(account)


def test_status_says_it_until_it_is_over(
    tmp_path: Path, endpoint: Endpoint, servers: Callable[[str], str]
) -> None:
    """A poll without a token is trouble that `status` tells; the next one with a token ends it."""
    with at_work(tmp_path, Clock(), servers("app")) as app:
        endpoint.fault = entra("invalid_client", 7000222)
        with pytest.raises(PractiqError):
            poll(app)
        with app.store.transaction() as session:
            (told,) = list_troubles(session)
        endpoint.fault = None
        poll(app)
        with app.store.transaction() as session:
            assert list_troubles(session) == []
    assert "the client secret has expired (AADSTS7000222)" in told.words


def test_a_service_comes_back_by_itself(
    tmp_path: Path, user: User, endpoint: Endpoint, servers: Callable[[str], str]
) -> None:
    """An endpoint that was away is asked again, and a session that breaks an hour later is followed by one with another token."""
    endpoint.fault = (503, {})
    with FaultyLine(user.server.port) as line:
        tables = servers("app").replace(f"port = {user.server.port}", f"port = {line.port}")
        with at_work(tmp_path, Clock(), tables) as app, on_watch(app):
            endpoint.fault = None
            user.deliver(mail(DANA, "Could you send the invoice?"))
            await_that(lambda: read_count(tmp_path) == 1)
            endpoint.tokens.clear()  # an hour passes
            line.cut()
            user.deliver(mail(DANA, "And the second one?"))
            await_that(lambda: read_count(tmp_path) == 2)

    assert len(endpoint.asked) >= 3
