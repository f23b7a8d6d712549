"""Whether our own server vouches for a message's author. Alone knows authres."""

from __future__ import annotations

import authres

from parsers.domains import registrable
from parsers.message import Message

MICROSOFT365 = "microsoft365"  # Exchange Online writes no authserv-id; only the topmost field is its own
_MAX_CHARS = 10_000  # of one field: a parser of nested comments is no place for more


def is_authentic(message: Message, *, authserv_id: str) -> bool | None:
    """
    Whether the server with this id vouches for the domain of the one author.

    None where that server says nothing. Only the topmost Authentication-Results field counts, and only with
    exactly this id: those below came with the message, and anybody may write them. DMARC decides where
    it is there, for the author's domain; else DKIM or SPF of a domain aligned with it. What cannot be
    parsed, or says two things, vouches for nothing. Total.

    Source: RFC 8601 §2 and §5, RFC 7489 §3.1 (alignment).
    """
    field = message.field("authentication-results")
    if field is None or not _is_ours(field, authserv_id):
        return None
    if len(message.authors) != 1 or sum(name == "from" for name, _ in message.fields) != 1:
        return False
    results = _results(field, authserv_id)
    domain = message.authors[0].domain
    dmarc = [one for one in results if one.method == "dmarc"]
    if dmarc:
        stated = _property(dmarc[0], "header", "from")
        return len(dmarc) == 1 and dmarc[0].result == "pass" and stated == domain
    return any(_vouches(one, domain) for one in results)


def _is_ours(field: str, authserv_id: str) -> bool:
    """Whether a field bears the id: its first word, whole, before the first semicolon."""
    first = field.partition(";")[0].split()
    if authserv_id.lower() == MICROSOFT365:
        return bool(first) and "=" in first[0]  # a result stands where others have their id
    return bool(first) and first[0].lower() == authserv_id.lower()


def _results(field: str, authserv_id: str) -> list[authres.AuthenticationResult]:
    named = f"{MICROSOFT365}; {field}" if authserv_id.lower() == MICROSOFT365 else field
    if len(named) > _MAX_CHARS:
        return []
    try:
        parsed = authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {named}")
    except (authres.AuthResError, RecursionError, ValueError, IndexError, AttributeError):
        return []
    return list(parsed.results)


def _vouches(result: authres.AuthenticationResult, domain: str) -> bool:
    """Whether DKIM or SPF passed for a domain that belongs with the author's."""
    if result.result != "pass":
        return False
    if result.method == "dkim":
        signed = _property(result, "header", "d")
    elif result.method == "spf":
        signed = _property(result, "smtp", "mailfrom")
    else:
        return False
    return bool(signed) and registrable(signed) == registrable(domain)


def _property(result: authres.AuthenticationResult, kind: str, name: str) -> str:
    """The domain of this one result's property; "" where it has none, or two."""
    found = [one.value.lower() for one in result.properties if (one.type, one.name) == (kind, name)]
    return str(found[0]).rpartition("@")[2] if len(found) == 1 else ""
