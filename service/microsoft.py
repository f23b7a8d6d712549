"""Access tokens of Microsoft 365: as an app with a secret, or for somebody who signed in once. Alone knows msal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn
from urllib.parse import urlsplit

from service import token_file
from service.errors import NoToken
from service.tokens import fit

if TYPE_CHECKING:
    from msal import ClientApplication

AUTHORITY = "https://login.microsoftonline.com"
SIGN_IN = "practiq auth microsoft --sign-in"
_ADMIN = "The administrator"
_APP = f"{_ADMIN}, in the Entra admin centre under App registrations,"
_CLOUDS = {  # national ones have their own mail servers: for IMAP and in scopes, for SMTP
    "login.microsoftonline.us": ("outlook.office365.us", "smtp.office365.us"),
    "login.partner.microsoftonline.cn": ("partner.outlook.cn", "smtp.partner.outlook.cn"),
}
_WORLD = ("outlook.office365.com", "smtp.office365.com")
_SECRET = "client_secret or client_secret_file: the secret's value is wanted, not its ID."  # noqa: S105 # nosec B105
_AGAIN = f"Sign in again: `{SIGN_IN}`."
_IDS = "Check tenant and client_id against the app's overview page in the Entra admin centre."
_REASONS: dict[int, tuple[str, str]] = {  # AADSTS numbers: what is wrong, and what to do
    7000215: ("the client secret is wrong", f"Check {_SECRET}"),
    7000222: ("the client secret has expired", f"{_APP} makes a new one (Certificates & secrets)."),
    7000218: (
        "the app takes no sign-in by device code",
        f"{_APP} allows public client flows (Authentication).",
    ),
    700016: ("this tenant has no such app", _IDS),
    90002: ("there is no such tenant", _IDS),
    65001: ("consent is missing", f"{_APP} adds the permissions and grants admin consent (API permissions)."),
    70008: ("the sign-in has expired", _AGAIN),
    700082: ("the sign-in has expired, unused for too long", _AGAIN),
    50173: ("the sign-in was revoked, as by a changed password", _AGAIN),
    53003: ("a conditional access policy forbids it", f"{_ADMIN} exempts this app from it, or: {_AGAIN}"),
    50076: ("the account wants a second factor", _AGAIN),
    50079: ("the account wants a second factor", _AGAIN),
}
_ERRORS: dict[str, tuple[str, str]] = {  # of OAuth 2 (RFC 6749 §5.2, RFC 8628 §3.5), where there is no number
    "invalid_client": ("the client secret is wrong, or has expired", f"Check {_SECRET}"),
    "invalid_grant": ("the sign-in has expired or was revoked", _AGAIN),
    "interaction_required": ("the account must sign in once more", _AGAIN),
    "unauthorized_client": ("the app may not do this", f"{_APP} looks at its permissions."),
    "authorization_declined": ("the sign-in was declined", "Begin again, and accept."),
    "access_denied": ("the sign-in was declined", "Begin again, and accept."),
    "expired_token": ("nobody signed in in time", "Begin again; the code is good for some minutes."),
    "authorization_pending": ("nobody signed in in time", "Begin again; the code is good for some minutes."),
}
_PASSING = {"temporarily_unavailable", "server_error", "slow_down"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """An app as it is registered with Entra ID."""

    tenant: str
    client_id: str
    authority: str = AUTHORITY

    @property
    def host(self) -> str:
        """Where it is asked for tokens."""
        return urlsplit(self.authority).netloc

    @property
    def mail_hosts(self) -> tuple[str, str]:
        """Where its mailboxes are read by IMAP, and mail is sent by SMTP."""
        return _CLOUDS.get(self.host, _WORLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppTokens:
    """Tokens for the app itself, by its secret (client credentials, RFC 6749 §4.4)."""

    at: Registration
    secret: str = field(repr=False)

    def token(self) -> str:
        """A new token; NoToken."""

        def ask() -> Any:
            app = _app(self.at, "ConfidentialClientApplication", client_credential=self.secret)
            return app.acquire_token_for_client(scopes=[f"https://{self.at.mail_hosts[0]}/.default"])

        return _token_in(_asked(self.at, ask), self.at)

    def mend(self, speaks: Literal["imap", "smtp"], username: str) -> str:
        """The app has a token, so what is missing is Exchange's doing."""
        if speaks == "smtp":
            return (
                f"{_ADMIN} gives the app SMTP.SendAsApp and consent, and runs in Exchange Online PowerShell:"
                f" Set-CASMailbox {username} -SmtpClientAuthenticationDisabled $false. See docs/microsoft365.md."
            )
        return (
            f"{_ADMIN} gives the app IMAP.AccessAsApp and consent, and runs in Exchange Online PowerShell:"
            f" New-ServicePrincipal with the object ID of the enterprise application, then"
            f" Add-MailboxPermission {username}. It takes up to an hour. See docs/microsoft365.md."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInTokens:
    """Tokens for whoever signed in once, by the refresh token in a file."""

    at: Registration
    file: Path

    def token(self) -> str:
        """A new token; the refresh token that comes with it replaces the old one. NoToken."""

        def redeem(kept: token_file.Kept) -> tuple[str, token_file.Kept]:
            def ask() -> Any:
                app = _app(self.at, "PublicClientApplication")
                return app.acquire_token_by_refresh_token(kept["refresh_token"], scopes(self.at))

            answer = _asked(self.at, ask)
            token = _token_in(answer, self.at)
            return token, kept | {"refresh_token": answer.get("refresh_token") or kept["refresh_token"]}

        return token_file.redeemed(self.file, redeem, sign_in=SIGN_IN)

    def mend(self, speaks: Literal["imap", "smtp"], username: str) -> str:
        """Whoever signed in may not do it, or Exchange has it switched off."""
        switch = "-SmtpClientAuthenticationDisabled $false" if speaks == "smtp" else "-ImapEnabled $true"
        return (
            f"Whoever signed in must be {username} or have full access to it; {_ADMIN.lower()} runs in Exchange"
            f" Online PowerShell: Set-CASMailbox {username} {switch}. See docs/microsoft365.md."
        )


def sign_in(at: Registration, file: Path, tell: Callable[[str, str], None]) -> None:
    """
    Have somebody sign in at another device (RFC 8628), and keep the refresh token in the file.

    `tell` gets the page and the code. Waits until that is done, for a quarter of an hour at most; raises NoToken.
    """

    def begin() -> tuple[ClientApplication, dict[str, Any]]:
        app = _app(at, "PublicClientApplication")
        return app, app.initiate_device_flow(scopes=scopes(at))

    app, flow = _asked(at, begin)
    if "user_code" not in flow:
        _refuse(flow, at)
    tell(str(flow.get("verification_uri", "https://microsoft.com/devicelogin")), str(flow["user_code"]))
    answer = _asked(at, lambda: app.acquire_token_by_device_flow(flow))
    _token_in(answer, at)
    if not answer.get("refresh_token"):
        raise NoToken(
            f"{at.host} gives no refresh token.",
            hint=f"{_APP} sees that the app may keep access (offline_access).",
        )
    token_file.keep(file, {"refresh_token": answer["refresh_token"]})


def scopes(at: Registration) -> list[str]:
    """What somebody signs in for; msal adds offline_access, for a refresh token."""
    resource = at.mail_hosts[0] if at.host in _CLOUDS else "outlook.office.com"
    return [f"https://{resource}/IMAP.AccessAsUser.All", f"https://{resource}/SMTP.Send"]


def _app(at: Registration, kind: str, **more: Any) -> Any:
    """msal's application; its making already asks the authority, so that it belongs inside `_asked`."""
    import msal

    from service import token_web

    return getattr(msal, kind)(
        at.client_id,
        authority=f"{at.authority}/{at.tenant}",
        # Nobody but the configuration names the authority: no other host is asked whether it is one.
        instance_discovery=False,
        http_client=token_web.session(),
        **more,
    )


def _asked(at: Registration, ask: Callable[[], Any]) -> Any:
    """What msal gives; NoToken where it is not installed, or there is no answer to be had."""
    try:
        from msal.exceptions import MsalError

        from service import token_web
    except ImportError as error:
        raise NoToken(
            "Log-in at Microsoft 365 needs the library msal, which is not installed.",
            hint=f"{sys.executable} -m pip install msal",
        ) from error
    try:
        return ask()
    except ValueError as error:
        if "authority" in str(error):  # msal's words where the tenant's page is not there
            raise NoToken(
                f"{at.host} does not know the tenant {at.tenant}.",
                hint="Check tenant (the directory ID, or a domain of yours) and authority.",
            ) from error
        raise token_web.away(at.host, error) from error
    except (MsalError, KeyError, RuntimeError, *token_web.FAULTS) as error:
        raise token_web.away(at.host, error) from error


def _token_in(answer: dict[str, Any], at: Registration) -> str:
    if "access_token" not in answer:
        _refuse(answer, at)
    return fit(answer["access_token"], at.host)


def _refuse(answer: dict[str, Any], at: Registration) -> NoReturn:
    """Say why an answer holds no token; its own words are not repeated, since they may hold ours."""
    error = str(answer.get("error", ""))
    numbers = [one for one in answer.get("error_codes") or [] if isinstance(one, int)]
    said = f" (AADSTS{numbers[0]})" if numbers else f" ({error})" if error.replace("_", "").isalpha() else ""
    if error in _PASSING and not numbers:
        raise NoToken(f"{at.host} gives no token now{said}.", hint="We ask again by ourselves.", passes=True)
    known = [_REASONS[one] for one in numbers if one in _REASONS]
    what, hint = known[0] if known else _ERRORS.get(error, ("it does not say why", _IDS))
    raise NoToken(f"{at.host} gives no token: {what}{said}.", hint=hint)
