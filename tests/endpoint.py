"""An OAuth 2 authorization server on loopback, as Microsoft's and Google's are, and an SMTP server that takes its tokens."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import json
import re
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.peers import certify, context_of
from tests.servers import Dovecot, SmtpSink, User

TENANT, CLIENT, SECRET = "northlight.example", "app-1", "secret-on-loopback"
SCOPE = "https://mail.google.com/"
ACCOUNT = "practiq@project.iam.example"
AUDIENCE = "https://oauth2.googleapis.com/token"  # wherever token_uri leads

Answer = tuple[int, dict[str, Any]]
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def entra(error: str, *numbers: int) -> Answer:
    """A refusal as Microsoft words it."""
    return 400, {
        "error": error,
        "error_codes": list(numbers),
        "error_description": f"AADSTS{numbers[0] if numbers else 0}: {SECRET}",
    }


class Endpoint:
    """
    The server: whoever proves who they are gets a token for `mailbox`.

    `fault` is what it answers instead. `asked` are the grants that were asked for, `tokens` those that are good,
    each with its mailbox, `refresh` the refresh tokens that are, each good for once.
    """

    def __init__(self, folder: Path) -> None:
        certify(folder)
        self.folder = folder
        self.begin_anew()
        self._secure = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._secure.socket = context_of(folder).wrap_socket(self._secure.socket, server_side=True)
        self._plain = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())  # for Dovecot's questions
        self.host = f"127.0.0.1:{self._secure.server_address[1]}"
        self.url = f"https://{self.host}"
        self.introspection = f"http://127.0.0.1:{self._plain.server_address[1]}/introspect"
        for one in (self._secure, self._plain):
            threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def begin_anew(self) -> None:
        """Be well, and forget what was asked and given."""
        self.mailbox = "practiq"
        self.fault: Answer | None = None
        self.asked: list[dict[str, str]] = []
        self.tokens: dict[str, str] = {}
        self.refresh: set[str] = set()
        self.rotates = True
        self.pending = 0  # how often a device code is asked about in vain
        self.codes: dict[str, dict[str, str]] = {}

    def close(self) -> None:
        """Stop."""
        for one in (self._secure, self._plain):
            one.shutdown()
            one.server_close()

    def new_refresh(self) -> str:
        """A refresh token that is good."""
        self.refresh.add(made := f"refresh-{uuid.uuid4().hex}")
        return made

    def service_account(self, file: Path, **other: str) -> Path:
        """The file of a service account that may read `mailbox`."""
        key = _KEY.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        said = {
            "type": "service_account",
            "client_email": ACCOUNT,
            "client_id": "1234567890",
            "private_key": key,
        }
        file.write_text(json.dumps(said | {"private_key_id": "1", "token_uri": f"{self.url}/token"} | other))
        return file

    def client_file(self, file: Path) -> Path:
        """The file of an OAuth client for a desktop app."""
        said = {"client_id": CLIENT, "client_secret": SECRET}
        said |= {"auth_uri": f"{self.url}/auth", "token_uri": f"{self.url}/token"}
        file.write_text(json.dumps({"installed": said}))
        return file

    def answer(self, path: str, form: dict[str, str]) -> Answer:
        """What it answers to what was asked."""
        match path.rpartition("/")[2]:
            case "openid-configuration":
                at = f"{self.url}/{TENANT}"
                if f"/{TENANT}/" not in path:
                    return 400, {"error": "invalid_tenant"}
                return 200, {
                    "issuer": at,
                    "authorization_endpoint": f"{at}/authorize",
                    "token_endpoint": f"{at}/token",
                    "device_authorization_endpoint": f"{at}/devicecode",
                }
            case "introspect":
                mailbox = self.tokens.get(form["token"])
                return 200, {"active": True, "username": mailbox} if mailbox else {"active": False}
            case "devicecode":
                if self.fault:
                    return self.fault
                self.codes["device"] = form
                page = "https://microsoft.example/device"
                more = {"verification_uri": page, "expires_in": 60, "interval": 0}
                return 200, {"device_code": "device", "user_code": "ABC-DEF", **more}
            case "token":
                self.asked.append(form)
                return self.fault or self._grant(form)
        return 404, {"error": "not_found"}

    def _grant(self, form: dict[str, str]) -> Answer:
        known = form.get("client_secret") == SECRET
        match form["grant_type"].rpartition(":")[2]:
            case "client_credentials":
                return self._token() if known else entra("invalid_client", 7000215)
            case "device_code":
                self.pending -= 1
                return entra("authorization_pending") if self.pending >= 0 else self._token(keeps=True)
            case "refresh_token":
                if form["refresh_token"] not in self.refresh:
                    return entra("invalid_grant", 700082)
                if self.rotates:
                    self.refresh.remove(form["refresh_token"])
                return self._token(keeps=self.rotates)
            case "authorization_code":
                asked = self.codes.pop(form["code"], {})
                challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
                right = challenge.decode().rstrip("=") == asked.get("code_challenge")
                right = right and known and form["redirect_uri"] == asked["redirect_uri"]
                return self._token(keeps=True) if right else (400, {"error": "invalid_grant"})
            case "jwt-bearer":
                try:
                    says = jwt.decode(form["assertion"], _KEY.public_key(), ["RS256"], audience=AUDIENCE)
                except jwt.InvalidTokenError:
                    return 400, {"error": "invalid_grant", "error_description": SECRET}
                right = (says["iss"], says["sub"], says["scope"]) == (ACCOUNT, self.mailbox, SCOPE)
                return self._token() if right else (401, {"error": "unauthorized_client"})
        return 400, {"error": "unsupported_grant_type"}

    def _token(self, *, keeps: bool = False) -> Answer:
        self.tokens[made := f"access-{uuid.uuid4().hex}"] = self.mailbox
        said = {"access_token": made, "token_type": "Bearer", "expires_in": 3600, "scope": SCOPE}
        return 200, said | ({"refresh_token": self.new_refresh()} if keeps else {})

    def consent(self, page: str) -> str:
        """What the browser of somebody who consents is led back to."""
        asked = dict(parse_qsl(urlsplit(page).query))
        self.codes[code := uuid.uuid4().hex] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._say(*endpoint.answer(urlsplit(self.path).path, {}))

            def do_POST(self) -> None:
                form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                if (basic := self.headers.get("Authorization", "")).startswith("Basic "):
                    form["client_id"], form["client_secret"] = base64.b64decode(basic[6:]).decode().split(":")
                self._say(*endpoint.answer(urlsplit(self.path).path, form))

            def _say(self, status: int, said: dict[str, Any]) -> None:
                body = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with contextlib.suppress(OSError):
                    self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


class TokenSink(SmtpSink):
    """An SMTP server that wants a token of an endpoint; `users` is who logged in, `after_refusal` what they said."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__()
        self._endpoint = endpoint
        self.users: list[str] = []
        self.after_refusal: list[object] = []

    async def _start(self) -> asyncio.Server:
        def new() -> SMTP:
            return SMTP(
                self, hostname="localhost", auth_require_tls=False, auth_exclude_mechanism=["LOGIN", "PLAIN"]
            )

        return await asyncio.get_running_loop().create_server(new, "127.0.0.1", 0)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not session.authenticated:
            return "530 5.7.0 log in first"
        envelope.mail_from = address
        return "250 ok"

    async def auth_XOAUTH2(self, server: SMTP, words: list[str]) -> AuthResult:
        """What aiosmtpd calls for this mechanism."""
        said = re.fullmatch("user=(.+)\1auth=Bearer (.+)\1\1", base64.b64decode(words[1]).decode())
        assert said
        if self._endpoint.tokens.get(said[2]) == said[1]:
            self.users.append(said[1])
            return AuthResult(success=True, auth_data=said[1])
        self.after_refusal.append(await server.challenge_auth('{"status":"400"}'))
        return AuthResult(success=False, handled=False)


@contextmanager
def dovecot_with_tokens(base: Path, endpoint: Endpoint) -> Iterator[Callable[[], User]]:
    """A private Dovecot that takes the endpoint's tokens; makes users, whose mailbox the next tokens are for."""
    server = Dovecot(base, endpoint.introspection)
    server.start()

    def new_user() -> User:
        user = server.new_user()
        endpoint.mailbox = user.name
        return user

    try:
        yield new_user
    finally:
        server.stop()
