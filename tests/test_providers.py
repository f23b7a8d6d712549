"""The table of mail providers."""

from __future__ import annotations

import pytest

from parsers.providers import PROVIDERS, LogIn, Server, provider_of, providers_called, server_of


def test_no_server_is_spoken_to_in_clear() -> None:
    """TLS from the first byte on the ports that have it, and begun in clear on others; a name and a domain stand there once."""
    servers = [server for one in PROVIDERS for server in (one.imap, one.smtp)]
    names, domains = [one.name for one in PROVIDERS], [domain for one in PROVIDERS for domain in one.domains]

    assert {(one.port, one.tls) for one in servers} == {
        (993, "implicit"), (465, "implicit"), (587, "starttls"), (1143, "starttls"), (1025, "starttls"),
    }  # fmt: skip
    assert len(names) == len({one.casefold() for one in names})
    assert len(domains) == len(set(domains))
    assert [one.name for one in PROVIDERS if one.log_in is LogIn.MICROSOFT] == ["Microsoft 365"]
    assert all(one.advice for one in PROVIDERS if one.log_in is not LogIn.MAILBOX)


@pytest.mark.parametrize(
    ("domain", "name"),
    [
        ("gmail.com", "Google Workspace or Gmail"), ("Northlight.onmicrosoft.com", "Microsoft 365"),
        ("gmx.de", "GMX"), ("northlight.example", None), ("notgmail.com", None), ("", None),
    ],
)  # fmt: skip
def test_a_providers_own_domain_is_known(domain: str, name: str | None) -> None:
    """Or one below it; a domain of the agency's own tells nothing."""
    found = provider_of(domain)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("1", ["Microsoft 365"]), (str(len(PROVIDERS)), [PROVIDERS[-1].name]), ("0", []), ("99", []), ("٣", []), ("9" * 5000, []),
        ("gmail", ["Google Workspace or Gmail"]), ("FASTMAIL", ["Fastmail"]), ("ionos", ["IONOS"]),
        ("zoho", ["Zoho Mail", "Zoho Mail (Europe)"]), ("bridge", ["Proton Mail (Bridge)"]), ("acme", []), ("", []),
    ],
)  # fmt: skip
def test_a_provider_is_called_as_people_call_it(words: str, names: list[str]) -> None:
    """By its number, its name, or the beginning of a word of it; several where that is several."""
    assert [one.name for one in providers_called(words)] == names


@pytest.mark.parametrize(
    ("words", "is_here", "server"),
    [
        ("mail.acme.example", False, Server(host="mail.acme.example", port=587, tls="starttls")),
        ("mail.acme.example:465", False, Server(host="mail.acme.example", port=465, tls="implicit")),
        ("127.0.0.1:1025", True, Server(host="127.0.0.1", port=1025, tls="none")),
        ("::1", True, Server(host="::1", port=587, tls="none")),
    ],
)
def test_a_server_of_ones_own(words: str, is_here: bool, server: Server) -> None:
    """TLS follows from the port; in clear only towards this machine."""
    assert server_of(words, port=587, is_here=is_here) == server


@pytest.mark.parametrize("words", ["mail.acme.example:", "mail.acme.example:0", "x:65536", "x:imap", "x:٣"])
def test_port_that_is_none(words: str) -> None:
    """It is said how to write one."""
    with pytest.raises(ValueError, match="is no port; write it like"):
        server_of(words, port=993, is_here=False)
