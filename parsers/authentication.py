"""Whether our own server vouches for a message's author. Alone knows authres."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import authres

from parsers.domains import registrable
from parsers.message import Message

MICROSOFT365 = "microsoft365"  # Exchange Online writes no authserv-id; only the topmost field is its own
_EXCHANGE_HOST = "protection.outlook.com"
_INTERNAL = "x-ms-exchange-organization-authas"  # Exchange takes it off what comes from outside
_MAX_CHARS = 10_000  # of one field: a parser of nested comments is no place for more
_MAX_OWN = 10  # fields of our own server that are read together
_ID = re.compile(r"[a-z0-9._-]{1,255}")  # as servers have it; RFC 8601 has it be any word
_BY = re.compile(r"(?:^|[\s)])by\s{1,5}([A-Za-z0-9._-]{1,255})")
# What we never read of a field, and what differs from mail to mail of one author.
_COMMENT = re.compile(r"(?<=\s)\([^()]*\)")
_SIGNATURE = re.compile(r"(?<=\sheader\.b=)[A-Za-z0-9+/]{2,100}={0,2}(?=[\s;]|$)")
_LEADING = re.compile(r"(?:\s|\([^()]{0,200}\)){0,10}")  # blanks and comments before the id


def is_authentic(message: Message, *, authserv_id: str) -> bool | None:
    """
    Whether the server with this id vouches for the domain of the one author.

    None where that server says nothing. Only the topmost Authentication-Results field counts, and only with
    exactly this id and above the first server that is not ours: what stands below came with the
    message, and anybody may write it. Several of our own are read together where they stand above
    all of our Received fields, since nothing there came with the message. A server that writes none must take
    away what came with its id: one below our Received is where Gmail and Postfix write theirs. DMARC decides where it
    says something, for the author's domain; else DKIM or SPF of a domain aligned with it. What
    cannot be parsed, or says two things, vouches for nothing. Total.

    Source: RFC 8601 §2 and §5, RFC 7489 §3.1 (alignment).
    """
    fields = _own_fields(message, authserv_id)
    if not fields:
        return None
    if len(message.authors) != 1 or sum(name == "from" for name, _ in message.fields) != 1:
        return False
    parsed = [_results(one, authserv_id) for one in fields]
    results = [one for some in parsed if some is not None for one in some]
    if None in parsed:
        return False
    domain = message.authors[0].domain
    dmarc = [one for one in results if one.method == "dmarc"]
    if any(one.result != "none" for one in dmarc):
        stated = _property(dmarc[0], "header", "from")
        return len(dmarc) == 1 and dmarc[0].result == "pass" and stated == domain
    if authserv_id.lower() == MICROSOFT365 and _is_internal(message):
        return not any(one.result in ("fail", "softfail", "hardfail") for one in results)
    return any(_vouches(one, domain) for one in results)


def claimed_id(message: Message) -> str | None:
    """
    The id that the topmost Authentication-Results field bears, where our own server would write it.

    None where there is none, or none as servers have. Who wrote it nobody knows: it is to be shown to a person,
    never to be trusted.
    """
    topmost = message.field("authentication-results")
    if topmost is None:
        return None
    claimed = MICROSOFT365 if _is_ours(topmost, MICROSOFT365) else _id_in(_first_word(topmost))
    return claimed if _ID.fullmatch(claimed) and _own_fields(message, claimed) else None


def _own_fields(message: Message, authserv_id: str) -> Sequence[str]:
    """The Authentication-Results fields that our own server wrote; none where it wrote none, or we cannot tell."""
    ours = list(_until_foreign(message, authserv_id))
    topmost = next((at for at, (name, _) in enumerate(ours) if name == "authentication-results"), None)
    if topmost is None or not _is_ours(ours[topmost][1], authserv_id):
        return ()
    received = next((at for at, (name, _) in enumerate(ours) if name == "received"), None)
    if received is None or topmost > received or authserv_id.lower() == MICROSOFT365:
        return (ours[topmost][1],)
    above = [body for name, body in ours[:received] if name == "authentication-results"]
    return [one for one in above if _is_ours(one, authserv_id)][:_MAX_OWN]


def _until_foreign(message: Message, authserv_id: str) -> Iterator[tuple[str, str]]:
    """
    The fields above the first Received field of a server that is not ours.

    Ours are those from the top to the last that names the id's host or domain behind "by", whatever
    the machines in between are called; where none does, the topmost alone.
    """
    host = _EXCHANGE_HOST if authserv_id.lower() == MICROSOFT365 else authserv_id.lower()
    received = [body for name, body in message.fields if name == "received"]
    named = [bool(_is_at(host, body)) for body in received]
    first = named.index(True) if True in named else 0
    last = next((at for at in range(first, len(named)) if not named[at]), len(named)) if any(named) else 1
    seen = 0
    for name, body in message.fields:
        if name == "received":
            if seen == last:
                return
            seen += 1
        yield name, body


def _is_at(host: str, received: str) -> bool:
    """Whether a Received field was written at this host or in its domain."""
    by = _BY.search(received[:2_000])
    if by is None:
        return False
    named = by[1].lower().strip(".")
    return named == host or ("." in host and registrable(named) == registrable(host))


def _is_ours(field: str, authserv_id: str) -> bool:
    """Whether a field bears the id: its first word, whole, before the first semicolon."""
    first = _first_word(field)
    if authserv_id.lower() == MICROSOFT365:
        return "=" in first  # a result stands where others have their id
    return bool(first) and _id_in(first) == authserv_id.lower()


def _first_word(field: str) -> str:
    """What stands where a field has its id; "" for nothing."""
    head = _LEADING.sub("", field, count=1)  # at the beginning, where it matches always, if only nothing
    return next(iter(head.partition(";")[0].split()), "")


def _id_in(word: str) -> str:
    return word.partition("(")[0].strip('"').lower()


def _is_internal(message: Message) -> bool:
    """Whether Exchange says that it is mail of its own organization, which it signs and checks in no other way."""
    said = [body.strip().lower() for name, body in message.fields if name == _INTERNAL]
    return said == ["internal"]


def _results(field: str, authserv_id: str) -> list[authres.AuthenticationResult] | None:
    """What a field says; None where it cannot be read."""
    plain = field.rstrip("; \t")  # Exchange ends with a semicolon what it writes of its own mail
    if authserv_id.lower() == MICROSOFT365:
        plain = f"{MICROSOFT365}; {plain}"
    elif plain.lstrip().startswith('"'):  # a quoted id (RFC 8601 §2.2), which authres does not know
        plain = plain.replace('"', "", 2)
    if len(plain) > _MAX_CHARS:
        return None
    if '"' not in plain and "\\" not in plain:
        plain = _SIGNATURE.sub("b", _COMMENT.sub("", plain))
    return _parsed(plain)


@lru_cache(maxsize=2_000)
def _parsed(field: str) -> list[authres.AuthenticationResult] | None:
    """The same of a field; remembered, since the library goes through each letter of what one author's mails all say."""
    try:
        parsed = authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {field}")
    except (authres.AuthResError, RecursionError, ValueError, IndexError, AttributeError):
        return None
    return list(parsed.results)


def _vouches(result: authres.AuthenticationResult, domain: str) -> bool:
    """Whether DKIM or SPF passed for a domain that belongs with the author's."""
    if result.result != "pass":
        return False
    if result.method == "dkim":
        signed = [_property(result, "header", name) for name in ("d", "i")]  # Gmail names no d
    elif result.method == "spf":
        signed = [_property(result, "smtp", "mailfrom")]
    else:
        return False
    named = {registrable(one) for one in signed if one}
    return named == {registrable(domain)}


def _property(result: authres.AuthenticationResult, kind: str, name: str) -> str:
    """The domain of this one result's property; "" where it has none, or two."""
    found = [one.value.lower() for one in result.properties if (one.type, one.name) == (kind, name)]
    return str(found[0]).rpartition("@")[2] if len(found) == 1 else ""
