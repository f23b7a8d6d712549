"""The commands that walk through a log-in by OAuth 2."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.calls import Call, Commands

if TYPE_CHECKING:
    from service.config import Config
    from service.config_login import OAuth2Section
    from service.google import Client
    from service.microsoft import Registration

_FILE = click.Path(path_type=Path, dir_okay=False)
_EXISTING = click.Path(path_type=Path, dir_okay=False, exists=True)
MAILBOX = click.option(
    "--mailbox", metavar="EMAIL", help="The shared inbox; the configuration's, if not given."
)
SIGN_IN = click.option("--sign-in", is_flag=True, help="Somebody signs in once, instead of an app.")
TOKEN_FILE = click.option("--token-file", type=_FILE, help="Where to keep the sign-in.")


def _authority(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    from service.config_login import authority_of

    try:
        return authority_of(value) if value else None
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from error


@click.group(cls=Commands)
def auth() -> None:
    """
    Set up the log-in at Microsoft 365 or Gmail.

    Says what the administrator does, asks for what comes of it, tries it, and prints the configuration's lines.
    """


@auth.command()
@SIGN_IN
@click.option("--tenant", help="The directory's ID, or a domain of yours.")
@click.option("--client-id", help="The application's ID.")
@click.option("--client-secret-file", type=_EXISTING, help="The file with the app's secret.")
@click.option(
    "--authority",
    metavar="URL",
    callback=_authority,
    help="Of a national cloud, such as https://login.microsoftonline.us.",
)
@MAILBOX
@TOKEN_FILE
@click.pass_obj
def microsoft(
    call: Call,
    sign_in: bool,
    tenant: str | None,
    client_id: str | None,
    client_secret_file: Path | None,
    authority: str | None,
    mailbox: str | None,
    token_file: Path | None,
) -> None:
    """Set up the log-in at Microsoft 365."""
    from service import auth_steps
    from service import microsoft as provider

    config = _known(call)
    before = _before(config, "microsoft")
    _tell(auth_steps.MICROSOFT_SIGN_IN if sign_in else auth_steps.MICROSOFT_APP)
    at = provider.Registration(
        tenant=_ask("Directory (tenant) ID", tenant, before and before.tenant),
        client_id=_ask("Application (client) ID", client_id, before and before.client_id),
        authority=authority or (before and before.authority) or provider.AUTHORITY,
    )
    mailbox = _mailbox(config, mailbox)
    if sign_in:
        file = _kept_in(call, token_file, before, "microsoft")
        provider.sign_in(
            at, file, lambda page, code: _tell(f"\nOpen {page} as {mailbox}, and enter {code}\n")
        )
        _tell(f"Signed in. {file} keeps it.\n{auth_steps.sign_in_switches(mailbox)}")
        keys = {"token_file": str(file)}
    else:
        file = _secret_tried(at, client_secret_file, before)
        _tell(f"\n{at.host} takes the secret.\n{auth_steps.exchange(at.client_id, mailbox)}")
        keys = {"client_secret_file": str(file)}
    where = {} if at.authority == provider.AUTHORITY else {"authority": at.authority}
    keys = {"provider": "microsoft", "tenant": at.tenant, "client_id": at.client_id} | where | keys
    _tell(auth_steps.paste(str(call.config)))
    click.echo(auth_steps.tables(at.mail_hosts, mailbox, keys))


def _secret_tried(at: Registration, given: Path | None, before: OAuth2Section | None) -> Path:
    """The file of the app's secret, with which there is a token to be had."""
    from service.config_login import secret_of
    from service.microsoft import AppTokens

    known = before and before.client_secret_file
    file = Path(_ask("File with the secret's value", given, known)).absolute()
    AppTokens(at=at, secret=secret_of(None, file, "client_secret_file") or "").token()
    return file


@auth.command()
@SIGN_IN
@click.option("--service-account-file", type=_EXISTING, help="The JSON file of the service account's key.")
@click.option("--client-file", type=_EXISTING, help="For --sign-in: the JSON file of the OAuth client.")
@MAILBOX
@TOKEN_FILE
@click.pass_obj
def google(
    call: Call,
    sign_in: bool,
    service_account_file: Path | None,
    client_file: Path | None,
    mailbox: str | None,
    token_file: Path | None,
) -> None:
    """Set up the log-in at Google Workspace or Gmail."""
    from service import auth_steps
    from service import google as provider

    config = _known(call)
    before = _before(config, "google")
    keys = {"provider": "google"}
    if sign_in:
        _tell(auth_steps.GOOGLE_SIGN_IN)
        client = provider.client_in(Path(_ask("JSON file of the OAuth client", client_file, None)))
        mailbox = _mailbox(config, mailbox)
        file = _kept_in(call, token_file, before, "google")
        _sign_in_at_google(client, file, mailbox)
        _tell(f"Signed in. {file} keeps it.\n\n{auth_steps.END_USER}")
        keys["token_file"] = str(file)
    else:
        _tell(auth_steps.GOOGLE_ACCOUNT)
        known = before and before.service_account_file
        file = Path(_ask("JSON file of the key", service_account_file, known)).absolute()
        mailbox = _mailbox(config, mailbox)
        _tell(auth_steps.delegation(provider.account_in(file), provider.SCOPE))
        click.pause("Press a key when that is done.", err=True)
        provider.ServiceAccountTokens(file=file, mailbox=mailbox).token()
        _tell(f"\nGoogle gives the service account a token for {mailbox}.")
        keys["service_account_file"] = str(file)
    _tell(auth_steps.paste(str(call.config)))
    click.echo(auth_steps.tables(provider.MAIL_HOSTS, mailbox, keys))


def _sign_in_at_google(client: Client, file: Path, mailbox: str) -> None:
    from service import google as provider
    from service.app import new_token
    from service.loopback import coming_back

    state, verifier = new_token(), new_token()
    with coming_back(state) as (page, wait):
        asked = provider.consent_page(client, back_to=page, mailbox=mailbox, state=state, verifier=verifier)
        port = page.rpartition(":")[2]
        _tell(
            f"\nOpen this page in a browser on this machine, as {mailbox}:\n\n{asked}\n\n"
            f"(A browser elsewhere gets here after: ssh -L {port}:127.0.0.1:{port} and this machine's name.)\n"
        )
        answer = wait()
    provider.keep_sign_in(client, file, answer, back_to=page, verifier=verifier)


def _known(call: Call) -> Config | None:
    """The configuration, for what it says already; None where there is none yet, or it is wrong."""
    from service.config import load
    from service.config_faults import refuse_folder
    from service.errors import ConfigError

    refuse_folder(call.config)
    try:
        return load(call.config, os.environ)
    except ConfigError:
        return None


def _before(config: Config | None, provider: str) -> OAuth2Section | None:
    """What the configuration says of this provider's log-in; None where it says nothing of it."""
    said = config.imap.oauth2 if config and config.imap else None
    return said if said and said.provider == provider else None


def _mailbox(config: Config | None, given: str | None) -> str:
    username = (config.imap.username if config.imap else None) or config.inbox.address if config else None
    return given or username or _ask("The shared inbox's address", None, None)


def _ask(what: str, given: object, known: object) -> str:
    """What was given with the call, or else the answer to a question, with what is known as its default."""
    return str(given) if given else str(click.prompt(what, default=known and str(known), err=True))


def _kept_in(call: Call, given: Path | None, before: OAuth2Section | None, provider: str) -> Path:
    """Where to keep a sign-in: beside the configuration, if nobody says another place."""
    known = before.token_file if before else None
    return (given or known or call.config.parent / f"{provider}-token.json").absolute()


def _tell(words: str) -> None:
    click.echo(words, err=True)
