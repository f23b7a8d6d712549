"""Access tokens of Gmail: as a service account with delegation, or for somebody who signed in once. Alone knows google-auth."""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode, urlsplit

from service import token_file
from service.errors import NoToken
from service.tokens import fit

if TYPE_CHECKING:
    from google.auth.transport.requests import Request

SCOPE = "https://mail.google.com/"  # the only one that IMAP and SMTP take
MAIL_HOSTS = ("imap.gmail.com", "smtp.gmail.com")
SIGN_IN = "practiq auth google --sign-in"
_ADMIN = "The administrator"
_DELEGATE = (
    f"{_ADMIN}, in admin.google.com under Security, API controls, Domain-wide delegation, adds the service account's"
    f" client ID with the scope {SCOPE}"
)
_AGAIN = f"Sign in again: `{SIGN_IN}`."
_AS_ACCOUNT = {  # RFC 6749 §5.2: what is wrong, and what to do
    "unauthorized_client": ("the service account may not read this mailbox", f"{_DELEGATE}."),
    "access_denied": ("the service account may not read this mailbox", f"{_DELEGATE}."),
    "invalid_grant": (
        "it does not know the key or the mailbox",
        "Check username, service_account_file, and this machine's clock; a deleted key needs a new one.",
    ),
    "invalid_client": (
        "the service account is deleted or switched off",
        f"{_ADMIN} looks at it in the Cloud console.",
    ),
    "invalid_scope": ("the scope is not granted", f"{_DELEGATE}."),
}
_AS_PERSON = {
    "invalid_grant": ("the sign-in has expired or was revoked", _AGAIN),
    "invalid_client": ("the OAuth client is deleted, or its secret was changed", _AGAIN),
    "deleted_client": ("the OAuth client is deleted", _AGAIN),
    "unauthorized_client": ("the OAuth client is not one for a desktop app", _AGAIN),
    "admin_policy_enforced": (
        "the organisation forbids it",
        f"{_ADMIN} trusts the app under Security, API controls.",
    ),
    "access_denied": ("the sign-in was declined", "Begin again, and accept."),
}
_KEPT = ("refresh_token", "token_uri", "client_id", "client_secret")
Reasons = dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAccountTokens:
    """Tokens by a service account's key, in the name of the mailbox (RFC 7523, domain-wide delegation)."""

    file: Path
    mailbox: str

    def token(self) -> str:
        """A new token; NoToken."""

        def ask(request: Request) -> object:
            from google.oauth2 import service_account

            try:
                made = service_account.Credentials.from_service_account_file(  # type: ignore[no-untyped-call]
                    str(self.file), scopes=[SCOPE], subject=self.mailbox
                )
            except (ValueError, OSError) as error:
                raise _no_account(self.file, error) from error
            made.refresh(request)
            return made.token

        return fit(_asked(_host_of(self.file), ask, _AS_ACCOUNT), "The token endpoint")

    def mend(self, speaks: Literal["imap", "smtp"], username: str) -> str:
        """The account has a token, so the mailbox is the matter."""
        return _switched_off(speaks, username)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInTokens:
    """Tokens for whoever signed in once, by the refresh token in a file."""

    file: Path

    def token(self) -> str:
        """A new token; NoToken."""

        def redeem(kept: token_file.Kept) -> tuple[str, token_file.Kept]:
            if not all(kept.get(key) for key in _KEPT):
                raise NoToken(f"The token file {self.file} is not one of Google.", hint=_AGAIN)

            def ask(request: Request) -> tuple[object, object]:
                from google.oauth2.credentials import Credentials

                made = Credentials(  # type: ignore[no-untyped-call]
                    None, scopes=[SCOPE],
                    **{key: kept[key] for key in _KEPT},
                )  # fmt: skip
                made.refresh(request)  # type: ignore[no-untyped-call]
                return made.token, made.refresh_token

            token, further = _asked(_host(kept), ask, _AS_PERSON)
            return fit(token, "The token endpoint"), kept | {
                "refresh_token": further or kept["refresh_token"]
            }

        return token_file.redeemed(self.file, redeem, sign_in=SIGN_IN)

    def mend(self, speaks: Literal["imap", "smtp"], username: str) -> str:
        """Somebody else may have signed in."""
        return f"Whoever signed in must be {username}. {_switched_off(speaks, username)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """An OAuth client for a desktop app, as the Cloud console's JSON file says it."""

    client_id: str
    client_secret: str
    auth_uri: str
    token_uri: str


def account_in(file: Path) -> str:
    """The client ID of a service account, by which an administrator lets it in; NoToken where the file is none."""
    try:
        return str(json.loads(file.read_text(encoding="utf-8"))["client_id"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _no_account(file, error) from error


def client_in(file: Path) -> Client:
    """The client of the console's file; NoToken where it is none."""
    try:
        said = json.loads(file.read_text(encoding="utf-8"))["installed"]
        return Client(**{key: str(said[key]) for key in Client.__dataclass_fields__})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoToken(
            f"{file} is no OAuth client for a desktop app: {_problem(error)}.",
            hint="In the Cloud console make an OAuth client of the type Desktop app, and download its JSON file.",
        ) from error


def consent_page(client: Client, *, back_to: str, mailbox: str, state: str, verifier: str) -> str:
    """The page where somebody signs in and consents (RFC 8252 §7.3, with PKCE: RFC 7636)."""
    challenge = (
        base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode()
    )
    asked = {
        "client_id": client.client_id,
        "redirect_uri": back_to,
        "response_type": "code",
        "scope": SCOPE,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "access_type": "offline",
        "prompt": "consent",  # else a second sign-in gives no refresh token
        "login_hint": mailbox,
    }
    return f"{client.auth_uri}?{urlencode(asked)}"


def keep_sign_in(client: Client, file: Path, said: dict[str, str], *, back_to: str, verifier: str) -> None:
    """Redeem the code that a sign-in came back with, and keep its refresh token, with the client, in the file; NoToken."""
    host = urlsplit(client.token_uri).netloc
    if "code" not in said:
        raise _refusal(host, said["error"], _AS_PERSON)
    form = {
        "grant_type": "authorization_code",
        "code": said["code"],
        "redirect_uri": back_to,
        "code_verifier": verifier,
        "client_id": client.client_id,
        "client_secret": client.client_secret,
    }

    def ask(request: Request) -> Any:
        answer = request(
            client.token_uri, "POST", urlencode(form).encode(),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )  # fmt: skip
        return json.loads(answer.data)

    answer = _asked(host, ask, _AS_PERSON)
    if not isinstance(answer, dict) or not answer.get("refresh_token"):
        raise _refusal(host, str(answer.get("error", "")) if isinstance(answer, dict) else "", _AS_PERSON)
    token_file.keep(
        file,
        {
            "type": "authorized_user",
            "client_id": client.client_id,
            "client_secret": client.client_secret,
            "token_uri": client.token_uri,
            "refresh_token": answer["refresh_token"],
        },
    )


def _no_account(file: Path, error: Exception) -> NoToken:
    return NoToken(
        f"The service account's file {file} cannot be used: {_problem(error)}.",
        hint="Give the JSON file with the key that the Cloud console made, as service_account_file.",
    )


def _switched_off(speaks: Literal["imap", "smtp"], username: str) -> str:
    what = "IMAP access" if speaks == "imap" else "Gmail"
    return (
        f"{_ADMIN} sees in admin.google.com that {username} is a mailbox, and {what} is on for it"
        " (Apps, Google Workspace, Gmail, End user access). See docs/google.md."
    )


def _host_of(file: Path) -> str:
    try:
        return _host(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, AttributeError):
        return "of Google"  # what is wrong with the file is said where it is used


def _host(kept: dict[str, Any]) -> str:
    return urlsplit(str(kept.get("token_uri", ""))).netloc or "of Google"


def _problem(error: Exception) -> str:
    """What is wrong with a file, without what stands in it."""
    return str(error.strerror) if isinstance(error, OSError) else "a key of it is missing or wrong"


def _asked(host: str, ask: Callable[[Request], Any], reasons: Reasons) -> Any:
    """What Google's library gives; NoToken where it is not installed, or gives no token."""
    try:
        from google.auth import exceptions
        from google.auth.transport.requests import Request

        from service import token_web
    except ImportError as error:
        raise NoToken(
            "Log-in at Google needs the library google-auth, which is not installed.",
            hint=f"{sys.executable} -m pip install 'google-auth[requests]'",
        ) from error
    try:
        return ask(Request(token_web.session()))
    except exceptions.TransportError as error:
        cause = error.__cause__
        raise token_web.away(host, cause if isinstance(cause, Exception) else error) from error
    except exceptions.RefreshError as error:
        said = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], dict) else {}
        if error.retryable:
            raise token_web.away(host, error) from error
        raise _refusal(host, str(said.get("error", "")), reasons) from error
    except (ValueError, KeyError) as error:
        raise token_web.away(host, error) from error


def _refusal(host: str, error: str, reasons: Reasons) -> NoToken:
    what, hint = reasons.get(error, ("it does not say why", "See docs/google.md."))
    said = f" ({error})" if error.replace("_", "").isalpha() else ""
    return NoToken(f"The token endpoint {host} gives no token: {what}{said}.", hint=hint)
