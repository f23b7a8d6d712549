"""What practiq must know before it can read an inbox, asked of a person, at most ten questions."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from parsers.client_lists import UnreadableList, client_list
from parsers.providers import PROVIDERS, LogIn, Provider, Server, provider_of, providers_called, server_of
from service.accounts import is_loopback
from service.config import faults_in
from service.errors import ConfigError

OTHER = "another"
_OWN = "own mail server"

# Stands for what has not been asked yet, so that each answer is checked with all that was said before it.
_BLANK: dict[str, Any] = {
    "agency": {"name": "x", "domains": ["x.invalid"]},
    "inbox": {"address": "practiq@x.invalid"},
    "account_managers": [{"name": "x", "email": "nobody@x.invalid", "timezone": "UTC"}],
}


class Person(Protocol):
    """Who answers."""

    waits: bool  # a person at a terminal, who may be asked again

    def ask(self, question: str, default: str, *, hidden: bool = False) -> str:
        """An answer; `default` where that is empty."""

    def tell(self, words: str) -> None:
        """Say something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was said; `tree` is a configuration that is right."""

    tree: dict[str, Any]
    provider: Provider
    password: str  # "": none was given
    clients: Path | None


def interview(person: Person, zone: str) -> Answers:
    """
    Ask what must be known; `zone` is this machine's time zone.

    Each answer is checked as the configuration would check it. Who waits is asked again; else ConfigError.
    """
    tree = deepcopy(_BLANK)
    _asked(person, tree, "What is your agency called?", "", _agency_name)
    _asked(person, tree, "Its mail domains (acme.example, acme.co.example)", "", _agency_domains)
    domain = tree["agency"]["domains"][0]
    _asked(person, tree, "The shared inbox that people CC", f"practiq@{domain}", _inbox)
    inbox = tree["inbox"]["address"]
    provider = _provider(person, inbox.rpartition("@")[2])
    if provider.advice:
        person.tell(provider.advice)
    words = f"The {provider.log_in} of {inbox} (not shown; empty: you put it into its file yourself)"
    takes_one = provider.log_in is not LogIn.MICROSOFT
    password = _once_right(person, words, "", _writable, hidden=True) if takes_one else ""
    words = f"The account managers (Maya Chen <maya@{domain}>, …)"
    _asked(person, tree, words, "", _account_managers)
    _asked(person, tree, "Their time zone", zone, _time_zone)
    clients = _once_right(person, "A CSV file of your clients (empty: later)", "", _clients_file)
    return Answers(tree=tree, provider=provider, password=password, clients=clients)


def _asked(
    person: Person,
    tree: dict[str, Any],
    question: str,
    default: str,
    put: Callable[[dict[str, Any], str], None],
) -> None:
    """Have an answer put into the tree, which is right afterwards."""

    def checked(answer: str) -> dict[str, Any]:
        tried = deepcopy(tree)
        put(tried, answer)
        if not answer.isprintable():
            raise ValueError("There are characters in it that cannot be written.")
        if faults := faults_in(tried):
            raise ValueError("\n".join(faults))
        return tried

    tree |= _once_right(person, question, default, checked)


def _once_right(
    person: Person, question: str, default: str, checked: Callable[[str], Any], *, hidden: bool = False
) -> Any:
    """What an answer comes to, asked again until it is right where somebody waits."""
    while True:
        answer = person.ask(question, default, hidden=hidden)
        try:
            return checked(answer if hidden else " ".join(answer.split()))
        except ValueError as error:
            if not person.waits:
                raise ConfigError(f"“{question}”: {error}", hint="Nothing is written.") from error
            person.tell(str(error))


def _agency_name(tree: dict[str, Any], answer: str) -> None:
    tree["agency"]["name"] = answer


def _agency_domains(tree: dict[str, Any], answer: str) -> None:
    tree["agency"]["domains"] = [one for one in re.split(r"[\s,;]+", answer.lower()) if one]


def _inbox(tree: dict[str, Any], answer: str) -> None:
    tree["inbox"]["address"] = answer.lower()


def _account_managers(tree: dict[str, Any], answer: str) -> None:
    pieces = [one.strip() for one in re.split(r"[,;]", answer) if one.strip()]
    tree["account_managers"] = [{**_manager(one), "timezone": "UTC"} for one in pieces]


def _manager(piece: str) -> dict[str, str]:
    """Name and address of "Maya Chen <maya@…>"; the address alone gives a name as well."""
    name, bracket, rest = piece.partition("<")
    address = (rest.partition(">")[0] if bracket else piece).strip()
    called = name.strip(' "') if bracket else ""
    return {"name": called or address.partition("@")[0].replace(".", " ").title(), "email": address}


def _time_zone(tree: dict[str, Any], answer: str) -> None:
    for one in tree["account_managers"]:
        one["timezone"] = answer


def _provider(person: Person, domain: str) -> Provider:
    """Who keeps the mail: the provider of a domain that is its own, else asked from the list."""
    if known := provider_of(domain):
        return known
    numbers = range(1, len(PROVIDERS) + 1)
    width = max(len(one.name) for one in PROVIDERS) + 6
    cells = [f"{number:3} {one.name}".ljust(width) for number, one in zip(numbers, PROVIDERS, strict=True)]
    for at in range(0, len(cells), 3):
        person.tell("".join(cells[at : at + 3]).rstrip())
    question = f"Who keeps your mail? (a number or a name; {OTHER}, if it is none of these)"
    found = _once_right(person, question, OTHER, _named_provider)
    if found is not None:
        return found  # type: ignore[no-any-return]
    question = "Its IMAP server, and its SMTP server if that is another one"
    imap, smtp = _once_right(person, question, f"imap.{domain} smtp.{domain}", _servers)
    return Provider(name=_OWN, imap=imap, smtp=smtp)


def _named_provider(answer: str) -> Provider | None:
    if answer.casefold() in (OTHER, "other"):
        return None
    found = providers_called(answer)
    if len(found) == 1:
        return found[0]
    if found:
        raise ValueError(f"“{answer}” may be {' or '.join(one.name for one in found)}; write the number.")
    raise ValueError(f"“{answer}” is none of the list; write its number, or {OTHER}.")


def _servers(answer: str) -> tuple[Server, Server]:
    hosts = [one for one in re.split(r"[\s,;]+", answer) if one]
    if not (1 <= len(hosts) <= 2 and answer.isprintable()):
        raise ValueError("Write one server for both, or two with a blank between them.")
    imap, smtp = hosts[0], hosts[-1]
    if len(hosts) == 1:
        smtp = imap.partition(":")[0]
    return (
        server_of(imap, port=993, is_here=is_loopback(imap.partition(":")[0])),
        server_of(smtp, port=587, is_here=is_loopback(smtp.partition(":")[0])),
    )


def _writable(answer: str) -> str:
    try:
        answer.encode()
    except UnicodeEncodeError:
        raise ValueError("There are characters in it that cannot be written.") from None
    return answer


def _clients_file(answer: str) -> Path | None:
    if not answer:
        return None
    path = Path(answer).expanduser()
    try:
        client_list(path.read_bytes())
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}.") from error
    except UnreadableList as error:
        raise ValueError(f"{path}: {error}") from error
    return path
