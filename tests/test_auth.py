"""`practiq auth`: walks through each log-in by OAuth 2 against a real endpoint, and what it prints works."""

from __future__ import annotations

import json
import re
import threading
import tomllib
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from service import auth_steps, loopback
from service.cli import main
from service.config import load
from service.errors import NoToken
from service.google import SCOPE
from service.microsoft import AppTokens, Registration, scopes
from tests.agency import CONFIG, INBOX, write_config
from tests.endpoint import CLIENT, SECRET, TENANT, Endpoint, entra
from tests.processes import ROOT

SHARED = "shared@northlight.example"
Walk = Callable[..., Result]


@pytest.fixture
def walk(tmp_path: Path, endpoint: Endpoint) -> Walk:
    """Runs `practiq auth` in a folder without a configuration; `answers` are typed."""

    def run(*words: str, answers: str = "", config: Path = tmp_path / "config.toml") -> Result:
        return CliRunner().invoke(main, ["--config", str(config), "auth", *words], input=answers)

    return run


def works(tmp_path: Path, printed: str) -> Any:
    """The source of tokens that a configuration with the printed lines has; it gives one."""
    path = tmp_path / "made.toml"
    path.write_text(CONFIG + printed)
    config = load(path, {})
    imap, smtp = config.imap_account(), config.smtp_account()
    assert imap
    assert smtp
    assert imap.tokens
    assert smtp.tokens == imap.tokens  # [smtp] needs no lines of its own
    assert imap.username == smtp.username
    assert imap.tokens.token()
    return imap


def test_microsoft_as_an_app(tmp_path: Path, walk: Walk, endpoint: Endpoint) -> None:
    """It says what to click and run, asks for what comes of it, tries the secret, and prints the lines."""
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    done = walk("microsoft", "--authority", endpoint.url, answers=f"{TENANT}\n{CLIENT}\n{SHARED}\n{secret}\n")

    assert done.exit_code == 0, done.stderr
    assert "IMAP.AccessAsApp and SMTP.SendAsApp" in done.stderr
    assert f"New-ServicePrincipal -AppId {CLIENT} -ObjectId OBJECT-ID" in done.stderr
    assert f"Add-MailboxPermission -Identity {SHARED} -User OBJECT-ID" in done.stderr
    assert SECRET not in done.output
    assert "access-" not in done.output
    assert works(tmp_path, done.stdout).username == SHARED


def test_microsoft_with_a_device_code(tmp_path: Path, walk: Walk, endpoint: Endpoint) -> None:
    """Somebody enters the code in a browser elsewhere; the sign-in is kept beside the configuration, for its owner's eyes."""
    endpoint.pending = 1
    done = walk(
        "microsoft", "--sign-in", "--tenant", TENANT, "--client-id", CLIENT, "--authority", endpoint.url,
        "--mailbox", SHARED,
    )  # fmt: skip
    file = tmp_path / "microsoft-token.json"

    assert done.exit_code == 0, done.stderr
    assert f"Open https://microsoft.example/device as {SHARED}, and enter ABC-DEF" in done.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(file.read_text())["refresh_token"] in endpoint.refresh
    assert "refresh-" not in done.output
    assert works(tmp_path, done.stdout)
    scope = endpoint.codes["device"]["scope"].split()
    assert {"https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send"} < {
        *scope
    }
    assert "offline_access" in scope


def test_a_national_cloud_has_its_own_servers() -> None:
    """The servers that are printed, and the scopes that are asked for, are those of the authority's cloud."""
    us = Registration(tenant="t", client_id="c", authority="https://login.microsoftonline.us")

    assert us.mail_hosts == ("outlook.office365.us", "smtp.office365.us")
    assert scopes(us) == [
        "https://outlook.office365.us/IMAP.AccessAsUser.All",
        "https://outlook.office365.us/SMTP.Send",
    ]


@pytest.mark.parametrize("wrong", ["http://login.example", "https://login.example/tenant", "login.example"])
def test_an_authority_that_is_none_is_a_wrong_call(walk: Walk, wrong: str) -> None:
    """It is told before anything is asked."""
    done = walk("microsoft", "--authority", wrong)

    assert done.exit_code == 2
    assert "write it like https://login.microsoftonline.us" in done.stderr


def test_signing_in_again_asks_nothing(tmp_path: Path, walk: Walk, endpoint: Endpoint) -> None:
    """What the configuration says of the log-in need not be said again, when a sign-in has expired."""
    file = tmp_path / "kept.json"
    more = f'[imap]\nhost = "x.example"\n[imap.oauth2]\nprovider = "microsoft"\ntenant = "{TENANT}"\n'
    more += f'client_id = "{CLIENT}"\nauthority = "{endpoint.url}"\ntoken_file = "{file}"\n'
    answers = "\n\n"  # each is the default
    done = walk("microsoft", "--sign-in", answers=answers, config=write_config(tmp_path, more))

    assert done.exit_code == 0, done.stderr
    assert json.loads(file.read_text())["refresh_token"] in endpoint.refresh
    assert f"as {INBOX}" in done.stderr


@pytest.mark.parametrize(
    ("error", "numbers", "words"),
    [
        ("authorization_declined", (), "the sign-in was declined"),
        ("expired_token", (), "nobody signed in in time"),
        ("invalid_client", (7000218,), r"takes no sign-in by device code.*\n.*public client flows"),
        ("unauthorized_client", (700016,), r"no such app"),
    ],
)
def test_a_device_code_that_comes_to_nothing(
    tmp_path: Path, walk: Walk, endpoint: Endpoint, error: str, numbers: tuple[int, ...], words: str
) -> None:
    """It is told why, and no file is left."""
    endpoint.fault = entra(error, *numbers)
    done = walk(
        "microsoft", "--sign-in", "--tenant", TENANT, "--client-id", CLIENT, "--authority", endpoint.url,
        "--mailbox", SHARED,
    )  # fmt: skip

    assert isinstance(done.exception, NoToken)
    assert re.search(words, str(done.exception))
    assert list(tmp_path.glob("*token*")) == []


def test_google_as_a_service_account(tmp_path: Path, walk: Walk, endpoint: Endpoint) -> None:
    """It reads the client ID that is to be let in from the key's file, tries it, and prints the lines."""
    endpoint.mailbox = SHARED
    key = endpoint.service_account(tmp_path / "key.json")
    done = walk("google", "--service-account-file", str(key), "--mailbox", SHARED)

    assert done.exit_code == 0, done.stderr
    assert re.search(rf"Client ID +1234567890\n +Scope +{re.escape(SCOPE)}", done.stderr)
    assert "PRIVATE KEY" not in done.output
    assert works(tmp_path, done.stdout).username == SHARED


def test_a_service_account_that_is_not_let_in(tmp_path: Path, walk: Walk, endpoint: Endpoint) -> None:
    """The administrator's step is what the error names."""
    key = endpoint.service_account(tmp_path / "key.json")
    done = walk("google", "--service-account-file", str(key), "--mailbox", "other@northlight.example")

    assert "Domain-wide delegation" in str(done.exception)


def test_the_pages_say_the_same_as_the_command() -> None:
    """Each permission, command of PowerShell and scope that the steps and the errors name stands on the provider's page."""
    at = Registration(tenant="t", client_id="c")
    told = {
        "microsoft365": auth_steps.MICROSOFT_APP
        + auth_steps.MICROSOFT_SIGN_IN
        + auth_steps.exchange("c", "m")
        + "".join(AppTokens(at=at, secret="").mend(speaks, "m") for speaks in ("imap", "smtp")),
        "google": auth_steps.GOOGLE_ACCOUNT + auth_steps.GOOGLE_SIGN_IN + auth_steps.delegation("c", SCOPE),
    }
    names = r"\b[A-Z]\w+-[A-Z]\w+|\b(?:IMAP|SMTP)\.\w+(?:\.All)?|-[A-Z]\w{8,}|https://\S+|\b\w+\.\w+\.com"
    for page, words in told.items():
        text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
        found = set(re.findall(names, words))

        assert len(found) >= 3
        assert [one for one in found if one not in text] == []


# ---------------------------------------------------------------- the loopback flow


@pytest.fixture
def browser_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[str], object]], None]:
    """Has somebody at a browser do something with the page that the command names."""

    def sit_down(act: Callable[[str], object]) -> None:
        echo = click.echo

        def tell(words: str, **more: Any) -> None:
            echo(words, **more)
            if page := re.search(r"https://\S+/auth\?\S+", words):
                threading.Thread(target=act, args=(page[0],), daemon=True).start()

        monkeypatch.setattr(click, "echo", tell)

    return sit_down


def visit(address: str) -> int:
    """The status with which a page answers."""
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


Sit = Callable[[Callable[[str], object]], None]


def test_google_over_loopback(tmp_path: Path, walk: Walk, endpoint: Endpoint, browser_of: Sit) -> None:
    """Somebody consents, their browser comes back with a code, and its refresh token is kept with all that renews it."""
    statuses: list[int] = []
    browser_of(lambda page: statuses.append(visit(endpoint.consent(page))))
    client = endpoint.client_file(tmp_path / "client.json")
    done = walk("google", "--sign-in", "--client-file", str(client), "--mailbox", SHARED)
    file = tmp_path / "google-token.json"

    assert done.exit_code == 0, done.stderr
    assert statuses == [200]
    assert file.stat().st_mode & 0o777 == 0o600
    assert SECRET not in done.output
    assert works(tmp_path, done.stdout)
    (asked,) = [one for one in endpoint.asked if one["grant_type"] == "authorization_code"]
    assert len(asked["code_verifier"]) == 64
    assert tomllib.loads(done.stdout)["imap"]["oauth2"] == {"provider": "google", "token_file": str(file)}


def test_only_the_answer_to_our_own_question_counts(
    tmp_path: Path, walk: Walk, endpoint: Endpoint, browser_of: Sit
) -> None:
    """A page elsewhere that leads a browser here with a code of its own is turned away (RFC 6749 §10.12)."""
    statuses: list[int] = []

    def act(page: str) -> None:
        right = endpoint.consent(page)
        for wrong in (
            re.sub("state=[^&]+", "state=other", right),
            re.sub("&?state=[^&]+", "", right),
            re.sub("code=[^&]+&?", "", right),
            right.partition("?")[0],
            right,
        ):
            statuses.append(visit(wrong))

    browser_of(act)
    client = endpoint.client_file(tmp_path / "client.json")
    done = walk("google", "--sign-in", "--client-file", str(client), "--mailbox", SHARED)

    assert done.exit_code == 0, done.stderr
    assert statuses == [400, 400, 400, 400, 200]


def test_a_code_without_its_verifier_is_worth_nothing(
    tmp_path: Path, walk: Walk, endpoint: Endpoint, browser_of: Sit
) -> None:
    """Where the question was another's (PKCE), the endpoint gives nothing, and that is told."""

    def act(page: str) -> None:
        visit(endpoint.consent(re.sub("code_challenge=[^&]+", "code_challenge=other", page)))

    browser_of(act)
    client = endpoint.client_file(tmp_path / "client.json")
    done = walk("google", "--sign-in", "--client-file", str(client), "--mailbox", SHARED)

    assert "(invalid_grant)" in str(done.exception)
    assert not (tmp_path / "google-token.json").exists()


def test_a_sign_in_that_is_declined(tmp_path: Path, walk: Walk, endpoint: Endpoint, browser_of: Sit) -> None:
    """It is told, and nothing is kept."""
    browser_of(lambda page: visit(re.sub("code=[^&]+", "error=access_denied", endpoint.consent(page))))
    client = endpoint.client_file(tmp_path / "client.json")
    done = walk("google", "--sign-in", "--client-file", str(client), "--mailbox", SHARED)

    assert "the sign-in was declined (access_denied)" in str(done.exception)
    assert not (tmp_path / "google-token.json").exists()


def test_nobody_signs_in(
    tmp_path: Path, walk: Walk, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After some minutes it ends."""
    monkeypatch.setattr(loopback, "WAIT_SECONDS", 0.1)
    client = endpoint.client_file(tmp_path / "client.json")
    done = walk("google", "--sign-in", "--client-file", str(client), "--mailbox", SHARED)

    assert "Nobody signed in" in str(done.exception)


@pytest.mark.parametrize(
    "content", ["{}", '{"web": {"client_id": "x"}}', "nonsense", '{"installed": {}}', "[]"]
)
def test_a_file_that_is_no_client_is_told(tmp_path: Path, walk: Walk, content: str) -> None:
    """Another JSON file of the console's is told apart."""
    (tmp_path / "client.json").write_text(content)
    done = walk("google", "--sign-in", "--client-file", str(tmp_path / "client.json"))

    assert "no OAuth client for a desktop app" in str(done.exception)


def test_a_place_where_nothing_can_be_kept_is_told(tmp_path: Path, walk: Walk, endpoint: Endpoint) -> None:
    """A folder that is not there is one sentence."""
    done = walk(
        "microsoft", "--sign-in", "--tenant", TENANT, "--client-id", CLIENT, "--authority", endpoint.url,
        "--mailbox", SHARED, "--token-file", str(tmp_path / "none" / "token"),
    )  # fmt: skip

    assert "cannot be written: No such file" in str(done.exception)
