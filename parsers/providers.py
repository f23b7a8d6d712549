"""The servers of the great mail providers, and how one logs in there. A table: no name is looked up anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypedDict

from parsers.domains import ascii_domain, is_at_or_below


class LogIn(StrEnum):
    """How a program logs in."""

    MAILBOX = "password"  # the mailbox's own
    PROGRAM = "app password"  # one that is made for a program
    MICROSOFT = "microsoft"  # OAuth alone: passwords are refused since 2022


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where one server is."""

    host: str
    port: int
    tls: Literal["implicit", "starttls", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Who keeps mailboxes."""

    name: str
    imap: Server
    smtp: Server
    log_in: LogIn = LogIn.MAILBOX
    domains: tuple[str, ...] = ()  # where everybody's mailbox is theirs; an agency's own domain tells nothing
    trust: str | None = (
        None  # as they write in Authentication-Results, or what stands for it; None: it differs
    )
    advice: str = ""  # what to do there first, in a sentence


class _Servers(TypedDict):
    imap: Server
    smtp: Server


def _implicit(imap: str, smtp: str) -> _Servers:
    """TLS from the first byte on both (RFC 8314 §3)."""
    return {
        "imap": Server(host=imap, port=993, tls="implicit"),
        "smtp": Server(host=smtp, port=465, tls="implicit"),
    }


def _starttls(imap: str, smtp: str) -> _Servers:
    """The same for reading; sending begins in clear and goes on in TLS."""
    return {
        "imap": Server(host=imap, port=993, tls="implicit"),
        "smtp": Server(host=smtp, port=587, tls="starttls"),
    }


_APP = "Make an app password for the mailbox in its security settings; the usual password is refused."
_SWITCH = "Switch on IMAP in the mailbox's settings first; with two-step sign-in it wants an app password."

PROVIDERS = (
    Provider(
        name="Microsoft 365",
        **_starttls("outlook.office365.com", "smtp.office365.com"),
        log_in=LogIn.MICROSOFT,
        domains=("onmicrosoft.com", "outlook.com", "hotmail.com", "live.com", "msn.com"),
        trust="microsoft365",
        advice="It takes no passwords: an administrator registers practiq once (docs/microsoft365.md).",
    ),
    Provider(
        name="Google Workspace or Gmail",
        **_starttls("imap.gmail.com", "smtp.gmail.com"),
        log_in=LogIn.PROGRAM,
        domains=("gmail.com", "googlemail.com"),
        trust="mx.google.com",
        advice="Switch on 2-Step Verification for the mailbox, then make an app password at"
        " https://myaccount.google.com/apppasswords.",
    ),
    Provider(
        name="Fastmail",
        **_implicit("imap.fastmail.com", "smtp.fastmail.com"),
        log_in=LogIn.PROGRAM,
        domains=("fastmail.com", "fastmail.fm"),
        advice=_APP,
    ),
    Provider(
        name="Zoho Mail",
        **_implicit("imappro.zoho.com", "smtppro.zoho.com"),
        log_in=LogIn.PROGRAM,
        advice="Switch on IMAP access for the mailbox; with two-step sign-in it wants an app password.",
    ),
    Provider(
        name="Zoho Mail (Europe)",
        **_implicit("imappro.zoho.eu", "smtppro.zoho.eu"),
        log_in=LogIn.PROGRAM,
        advice="Switch on IMAP access for the mailbox; with two-step sign-in it wants an app password.",
    ),
    Provider(name="IONOS", **_implicit("imap.ionos.com", "smtp.ionos.com")),
    Provider(name="IONOS (Germany)", **_implicit("imap.ionos.de", "smtp.ionos.de")),
    Provider(
        name="GMX",
        **_starttls("imap.gmx.net", "mail.gmx.net"),
        domains=("gmx.net", "gmx.de", "gmx.at", "gmx.ch"),
        advice=_SWITCH,
    ),
    Provider(name="WEB.DE", **_starttls("imap.web.de", "smtp.web.de"), domains=("web.de",), advice=_SWITCH),
    Provider(
        name="mailbox.org", **_implicit("imap.mailbox.org", "smtp.mailbox.org"), domains=("mailbox.org",)
    ),
    Provider(name="Posteo", **_implicit("posteo.de", "posteo.de"), domains=("posteo.de", "posteo.net")),
    Provider(
        name="Yahoo",
        **_implicit("imap.mail.yahoo.com", "smtp.mail.yahoo.com"),
        log_in=LogIn.PROGRAM,
        domains=("yahoo.com", "ymail.com", "rocketmail.com"),
        advice=_APP,
    ),
    Provider(
        name="iCloud",
        **_starttls("imap.mail.me.com", "smtp.mail.me.com"),
        log_in=LogIn.PROGRAM,
        domains=("icloud.com", "me.com", "mac.com"),
        advice="Make an app-specific password at https://account.apple.com; with a domain of your own set username to"
        " the iCloud address.",
    ),
    Provider(name="OVH", **_implicit("ssl0.ovh.net", "ssl0.ovh.net")),
    Provider(
        name="Proton Mail (Bridge)",
        imap=Server(host="127.0.0.1", port=1143, tls="starttls"),
        smtp=Server(host="127.0.0.1", port=1025, tls="starttls"),
        domains=("proton.me", "protonmail.com", "pm.me"),
        advice="Run Proton Mail Bridge on this machine, take the password that it shows, export its certificate and name"
        " that in SSL_CERT_FILE.",
    ),
    Provider(name="Strato", **_implicit("imap.strato.de", "smtp.strato.de")),
    Provider(name="Hetzner", **_implicit("mail.your-server.de", "mail.your-server.de")),
    Provider(
        name="Mailfence", **_implicit("imap.mailfence.com", "smtp.mailfence.com"), domains=("mailfence.com",)
    ),
    Provider(name="Migadu", **_implicit("imap.migadu.com", "smtp.migadu.com")),
    Provider(
        name="Infomaniak",
        **_implicit("mail.infomaniak.com", "mail.infomaniak.com"),
        log_in=LogIn.PROGRAM,
        domains=("ik.me", "infomaniak.com"),
        advice="Make a device password for the mailbox in its settings.",
    ),
    Provider(name="Gandi", **_implicit("mail.gandi.net", "mail.gandi.net")),
    Provider(name="Runbox", **_implicit("mail.runbox.com", "mail.runbox.com"), domains=("runbox.com",)),
    Provider(name="Rackspace Email", **_implicit("secure.emailsrvr.com", "secure.emailsrvr.com")),
    Provider(name="Namecheap Private Email", **_implicit("mail.privateemail.com", "mail.privateemail.com")),
    Provider(
        name="GoDaddy Workspace Email", **_implicit("imap.secureserver.net", "smtpout.secureserver.net")
    ),
    Provider(name="Hostinger", **_implicit("imap.hostinger.com", "smtp.hostinger.com")),
    Provider(name="Titan", **_implicit("imap.titan.email", "smtp.titan.email")),
    Provider(name="DreamHost", **_implicit("imap.dreamhost.com", "smtp.dreamhost.com")),
)


def provider_of(domain: str) -> Provider | None:
    """Whose mailboxes are at this domain; None for a domain of somebody's own. Total."""
    plain = ascii_domain(domain)
    return next((one for one in PROVIDERS if is_at_or_below(plain, one.domains)), None)


def providers_called(words: str) -> tuple[Provider, ...]:
    """Whom a person means by a number of the table, from 1, or by a name or the beginning of one; () where nobody. Total."""
    if words.isascii() and words.isdigit():
        number = int(words[:9])
        return PROVIDERS[number - 1 : number] if number else ()
    said = " ".join(words.split()).casefold()
    whole = tuple(one for one in PROVIDERS if one.name.casefold() == said)
    return whole or tuple(one for one in PROVIDERS if said and _begins(said, one.name.casefold()))


def _begins(said: str, name: str) -> bool:
    """Whether a name begins so, or a word of it does: "workspace" of Google Workspace."""
    return name.startswith(said) or any(word.strip("()").startswith(said) for word in name.split())


def server_of(words: str, *, port: int, is_here: bool) -> Server:
    """
    The server that a person writes as "imap.acme.example" or "imap.acme.example:993".

    Without a port it is `port`. TLS is as that has it: from the first byte on 993 and 465, else begun in
    clear (STARTTLS); none towards this machine. Raises ValueError for a port that is none.
    """
    host, colon, said = words.rpartition(":") if words.count(":") == 1 else (words, "", "")
    if colon and not (said.isascii() and said.isdigit() and 1 <= int(said[:6]) <= 65_535):
        raise ValueError(f"{said!r} is no port; write it like {host or 'mail.acme.example'}:{port}")
    port = int(said) if colon else port
    if port in (993, 465):
        return Server(host=host, port=port, tls="implicit")
    return Server(host=host, port=port, tls="none" if is_here else "starttls")
