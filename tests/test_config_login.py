"""How the configuration says to log in: what is right loads, and what is wrong says so in a line."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from service.config_login import OAuth2Section, shared_oauth2
from service.google import ServiceAccountTokens, SignedInTokens
from service.microsoft import AppTokens
from service.microsoft import SignedInTokens as MicrosoftSignedIn
from service.tokens import TokenCommand
from tests.test_config import EXAMPLE, LEAST, faults, loaded

IMAP = '[imap]\nhost = "outlook.office365.com"\n'
SMTP = '[smtp]\nhost = "smtp.office365.com"\n'
APP = 'provider = "microsoft"\ntenant = "t"\nclient_id = "c"\nclient_secret = "hush"\n'
MICROSOFT = f"{IMAP}[imap.oauth2]\n{APP}"
GOOGLE = '[imap]\nhost = "imap.gmail.com"\n[imap.oauth2]\nprovider = "google"\n'


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        (MICROSOFT, AppTokens),
        (MICROSOFT.replace('client_secret = "hush"', 'token_file = "x"'), MicrosoftSignedIn),
        (f'{GOOGLE}service_account_file = "x"\n', ServiceAccountTokens),
        (f'{GOOGLE}token_file = "x"\n', SignedInTokens),
        (f'{IMAP}token_command = ["oama", "access", "x"]\n', TokenCommand),
    ],
)
def test_each_way_in(tmp_path: Path, more: str, kind: type) -> None:
    """Each way to log in without a password gives what gets its tokens."""
    account = loaded(tmp_path, LEAST + more).imap_account()

    assert account
    assert isinstance(account.tokens, kind)
    assert account.password == ""
    assert "hush" not in repr(account)


def test_a_service_account_acts_for_the_user_name(tmp_path: Path) -> None:
    """Whose mailbox it opens is [imap] username, or else the inbox's address."""
    more = f'{GOOGLE}service_account_file = "x"\n'
    plain = loaded(tmp_path, LEAST + more).imap_account()
    named = loaded(
        tmp_path, LEAST + more.replace("[imap]\n", '[imap]\nusername = "x@y.example"\n', 1)
    ).imap_account()

    assert plain
    assert named
    assert plain.tokens == ServiceAccountTokens(file=Path("x"), mailbox="practiq@northlight.example")
    assert named.tokens == ServiceAccountTokens(file=Path("x"), mailbox="x@y.example")


def test_a_secret_from_its_file(tmp_path: Path) -> None:
    """The line's end is not the secret's; the files with secrets are known to `check`."""
    (tmp_path / "secret").write_text("hush\n")
    text = LEAST + MICROSOFT.replace('client_secret = "hush"', f'client_secret_file = "{tmp_path}/secret"')
    config = loaded(tmp_path, text)
    account = config.imap_account()

    assert account
    assert isinstance(account.tokens, AppTokens)
    assert account.tokens.secret == "hush"
    assert config.secret_files() == [tmp_path / "secret"]


@pytest.mark.parametrize(
    ("smtp", "shares"),
    [
        (SMTP, True),
        (SMTP.replace("smtp.office365", "SMTP.Office365"), True),
        ('[smtp]\nhost = "relay.example"\n', False),
        ('[smtp]\nhost = "smtp.gmail.com"\n', False),
    ],
    ids=["own", "letters", "relay", "another-provider"],
)
def test_smtp_of_the_same_provider_logs_in_alike(tmp_path: Path, smtp: str, shares: bool) -> None:
    """Where [smtp] says no log-in and its server is the provider's of [imap.oauth2], that counts for both; else there is none."""
    more = MICROSOFT.replace("[imap]\n", '[imap]\nusername = "shared@northlight.example"\n') + smtp
    account = loaded(tmp_path, LEAST + more).smtp_account()

    assert account
    assert isinstance(account.tokens, AppTokens) is shares
    assert account.username == ("shared@northlight.example" if shares else None)


def test_what_smtp_says_itself_stands(tmp_path: Path) -> None:
    """A password of its own is not overruled."""
    account = loaded(tmp_path, f'{LEAST}{MICROSOFT}{SMTP}password = "other"\n').smtp_account()

    assert account
    assert (account.tokens, account.password) == (None, "other")


def test_the_environment_reaches_into_a_table(tmp_path: Path) -> None:
    """A secret of [imap.oauth2] may come from the environment, and a command as a list with commas."""
    without = LEAST + MICROSOFT.replace('client_secret = "hush"\n', "")
    account = loaded(tmp_path, without, PRACTIQ_IMAP__OAUTH2__CLIENT_SECRET="other").imap_account()
    command = loaded(tmp_path, LEAST + IMAP, PRACTIQ_IMAP__TOKEN_COMMAND="oama, access").imap_account()

    assert account
    assert isinstance(account.tokens, AppTokens)
    assert account.tokens.secret == "other"
    assert command
    assert command.tokens == TokenCommand(section="imap", words=("oama", "access"))


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        (f'{IMAP}password = "x"\n[imap.oauth2]\n{APP}', "imap: password and oauth2 are both there; keep one"),
        (f'{IMAP}password = "x"\npassword_file = "x"\ntoken_command = ["x"]\n',
         "imap: password, password_file and token_command are all there; keep one"),
        (f'{IMAP}token_command = []\n', "imap.token_command: list should have at least 1 item after validation, not 0"),
        (f'{IMAP}token_command = "pass x"\n', "imap.token_command: input should be a valid list"),
        (f'{IMAP}[imap.oauth2]\n', "imap.oauth2.provider: is missing"),
        (f'{IMAP}[imap.oauth2]\nprovider = "yahoo"\n', "imap.oauth2.provider: must be 'microsoft' or 'google', not 'yahoo'"),
        (f'{IMAP}[imap.oauth2]\n{APP}clientid = "x"\n', "imap.oauth2.clientid: unknown key; did you mean client_id?"),
        (f'{IMAP}[imap.oauth2]\nprovider = "microsoft"\n',
         "imap.oauth2.tenant: is missing; name the directory's ID, or a domain of yours"),
        (f'{IMAP}[imap.oauth2]\nprovider = "microsoft"\n',
         "imap.oauth2: needs client_secret_file (as an app) or token_file (of `practiq auth microsoft --sign-in`)"),
        (f'{IMAP}[imap.oauth2]\n{APP}token_file = "x"\n', "imap.oauth2: client_secret and token_file are there; keep one"),
        (f'{IMAP}[imap.oauth2]\n{APP}service_account_file = "x"\n',
         "imap.oauth2.service_account_file: is Google's; remove it"),
        (f'{IMAP}[imap.oauth2]\n{APP}authority = "http://x"\n',
         "imap.oauth2.authority: 'http://x' is no authority; write it like https://login.microsoftonline.us"),
        (f'{IMAP}[imap.oauth2]\n{APP.replace(chr(34) + "t" + chr(34), chr(34) + "a/b" + chr(34))}',
         "imap.oauth2.tenant: 'a/b' is no tenant; give the directory's ID, or a domain of yours"),
        (f'{GOOGLE}', "imap.oauth2: needs service_account_file or token_file (of `practiq auth google --sign-in`)"),
        (f'{GOOGLE}tenant = "x"\ntoken_file = "x"\n', "imap.oauth2.tenant: is Microsoft's; remove it"),
        (f'{GOOGLE}service_account_file = "x"\ntoken_file = "x"\n',
         "imap.oauth2: service_account_file and token_file are there; keep one"),
        (f'{SMTP}[smtp.oauth2]\nprovider = "google"\n',
         "smtp.oauth2: needs service_account_file or token_file (of `practiq auth google --sign-in`)"),
        (f'{IMAP}[imap.oauth2]\n{APP.replace("hush", "")}', "imap.oauth2: needs client_secret_file (as an app) or"
         " token_file (of `practiq auth microsoft --sign-in`)"),
    ],
)  # fmt: skip
def test_a_fault_names_key_and_remedy(tmp_path: Path, more: str, fault: str) -> None:
    """Each fault is a line of key and what would be right."""
    assert fault in faults(tmp_path, LEAST + more)


@pytest.mark.parametrize(
    "more",
    [
        f'{IMAP}[imap.oauth2]\n{APP.replace(chr(34) + "hush" + chr(34), "[" + chr(34) + "hush" + chr(34) + "]")}',
        f'{IMAP}[imap.oauth2]\n{APP}client_secrets = "hush"\n',
        f'{IMAP}[[imap.oauth2]]\n{APP}',
        f'{IMAP}token_command = "hush"\n',
        f'{IMAP}token_command = ["x", ["hush"]]\n',
        f'{IMAP}oauth2 = "hush"\n',
    ],
)  # fmt: skip
def test_a_fault_repeats_no_secret(tmp_path: Path, more: str) -> None:
    """Wherever a secret stands in what is wrong, the line does without."""
    assert "hush" not in "\n".join(faults(tmp_path, LEAST + more))


def test_a_variable_that_reaches_too_far_is_a_fault(tmp_path: Path) -> None:
    """A name with a table too many is not passed over."""
    text = f'{LEAST}{SMTP}password = "x"\n'

    assert "smtp.host__x: unknown key" in faults(tmp_path, text, PRACTIQ_SMTP__HOST__X="y")[0]


@pytest.mark.parametrize("page", ["microsoft365", "google", "other-mail"])
def test_the_lines_of_the_pages_load(tmp_path: Path, page: str) -> None:
    """Each block of TOML that a provider's page shows is right as it stands there, and logs in to what it names."""
    text = (EXAMPLE.parent / "docs" / f"{page}.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", text, re.S)

    assert len(blocks) == 2
    for block in blocks:
        config = loaded(tmp_path, LEAST + ("" if "[imap]" in block else IMAP) + block)
        servers = [one for one in (config.imap, config.smtp) if one]
        assert all(one.logs_in or shared_oauth2(config.imap, one) for one in servers)


def test_the_examples_tables_are_right(tmp_path: Path) -> None:
    """What config.example.toml shows in place of a password loads as it stands there, and leaves no key out."""
    shown = re.findall(r"(?m)^#   (\S.*)$", EXAMPLE.read_text(encoding="utf-8"))
    command = [one for one in shown if one.startswith("token_command")]
    starts = [place for place, one in enumerate(shown) if one.startswith("[imap.oauth2]")] + [len(shown)]
    tables = ["\n".join(shown[a:b]) for a, b in pairwise(starts)]
    sections = [loaded(tmp_path, f"{LEAST}{IMAP}{one}\n").imap for one in tables]
    given = {key for one in sections if one and one.oauth2 for key in one.oauth2.model_fields_set}

    assert len(tables) == 4
    assert loaded(tmp_path, f"{LEAST}{IMAP}{command[0]}\n").imap_account()
    assert given | {"client_secret"} == set(OAuth2Section.model_fields)
