"""HTTPS to token endpoints, with our time limits and the trust that mail servers get. Alone knows requests."""

from __future__ import annotations

import ssl
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from service.errors import NoToken

SECONDS = 10  # for a connection, and for each answer

FAULTS = (requests.RequestException,)


class _Line(HTTPAdapter):
    """
    Waits no longer than SECONDS, and trusts what OpenSSL does, SSL_CERT_FILE included, as towards mail servers.

    Whatever a library asks for: the list that requests brings knows no certificate of the house.
    """

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:
        """Send a request."""
        trusted = ssl.get_default_verify_paths()
        ours = {"timeout": SECONDS, "verify": trusted.cafile or trusted.capath or True}
        return super().send(request, *args, **more | ours)


def session() -> requests.Session:
    """A session that speaks HTTPS and nothing else; HTTPS_PROXY is heeded."""
    made = requests.Session()
    made.adapters.clear()  # http:// among them
    made.mount("https://", _Line())
    return made


def away(host: str, error: Exception) -> NoToken:
    """What to say where the endpoint cannot be asked."""
    return NoToken(
        f"The token endpoint {host} cannot be asked: {_words(error)}.",
        hint="We ask again by ourselves; this machine must be able to connect there by HTTPS.",
        passes=True,
    )


def _words(error: Exception) -> str:
    """What went wrong, without the library's words, which repeat what was asked."""
    if isinstance(error, requests.exceptions.SSLError):
        return "it shows a certificate that we cannot trust"
    if isinstance(error, requests.Timeout):
        return "it does not answer"
    if isinstance(error, requests.exceptions.InvalidSchema):
        return "its address is not https"
    if isinstance(error, requests.ConnectionError):
        return "there is no connection"
    return "it is out of order"
