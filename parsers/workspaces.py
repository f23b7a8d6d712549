"""The agency and its clients: who is us, who is which client, and what has been taught since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from parsers.domains import ascii_domain, compared, is_free_mail, registrable

if TYPE_CHECKING:
    from parsers.address import Address
    from parsers.client_index import ClientIndex, Lessons
    from parsers.client_names import Mention


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
        return _is_below(domain, self.domains)


@lru_cache(maxsize=20_000)
def _is_below(domain: str, domains: tuple[str, ...]) -> bool:
    plain = ascii_domain(domain)
    above = (ascii_domain(one) for one in domains)
    return any(plain == one or plain.endswith(f".{one}") for one in above)


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


class LearnedKind(StrEnum):
    """What a correction may teach."""

    ADDRESS = "address"
    DOMAIN = "domain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What a person's correction taught: whose an address or a domain is."""

    kind: LearnedKind
    value: str  # an address in lower case, or a registrable domain
    workspace: str  # its name
    by: str  # who taught it, as shown: "Maya Chen"
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspaces:
    """
    All clients, and what was taught of them.

    Nothing here goes through all clients, but for `nearest`. The index is built when it is first asked, once.
    """

    agency: Agency
    all: tuple[Workspace, ...]
    learned: tuple[Learned, ...] = ()
    _index: ClientIndex | None = field(default=None, repr=False, compare=False)  # built when first asked
    _lessons: Lessons | None = field(default=None, repr=False, compare=False)

    @property
    def index(self) -> ClientIndex:
        """What finds clients by name, address and domain."""
        if self._index is None:
            from parsers.client_index import ClientIndex  # most commands look for no client

            object.__setattr__(self, "_index", ClientIndex(self.agency, self.all))
        assert self._index is not None
        return self._index

    @property
    def lessons(self) -> Lessons:
        """What finds the lessons by address and domain."""
        if self._lessons is None:
            object.__setattr__(self, "_lessons", self.index.lessons_from(self.learned))
        assert self._lessons is not None
        return self._lessons

    def taught(self, learned: tuple[Learned, ...]) -> Workspaces:
        """
        The same clients with these lessons, and no others.

        Shares the index, and so costs as much as the lessons do. Of two lessons on one address or domain the
        later one holds; one for a client that is not there is left out, as is one on a domain that
        anybody may use or that is the agency's.
        """
        return replace(self, learned=learned, _index=self.index, _lessons=None)

    def find(self, name: str) -> Workspace | None:
        """The client of exactly this name."""
        return self.index.by_name.get(name)

    def meant_by(self, words: str) -> tuple[Workspace, ...]:
        """
        The clients that a person means who writes "globex" or "Globex Ltd", by name.

        The one of exactly this name, else of this alias, else those whose name or alias folds to the same.
        Several where that is more than one client, () where it is none. Total.
        """
        if found := self.find(words.strip()):
            return (found,)
        alike = self._of(self.index.meant_by(words))
        return tuple(one for one in alike if words.strip() in one.aliases) or alike

    def nearest(self, words: str) -> tuple[str, ...]:
        """Up to three names to offer where `meant_by` gave none, best first. A scan: for messages to people."""
        return self.index.nearest(words)

    def imitated_by(self, domain: str) -> str | None:
        """
        The client's domain, configured or learned, that `domain` imitates; None where it imitates none.

        A client's own domain never does, nor the agency's, nor one that anybody may use. Source: promises.md P16.
        """
        if self.agency.owns(domain) or is_free_mail(domain):
            return None
        configured, taught = self.index.domains.lookalikes, self.lessons.lookalikes
        if configured.knows(domain) or taught.knows(domain):
            return None
        return configured.imitated_by(domain) or taught.imitated_by(domain)

    def of_contact(self, address: Address) -> tuple[Workspace, ...]:
        """The clients that this very address is configured for, by name."""
        return self._of(self.index.domains.by_contact.get(compared(address.spec), ()))

    def of_domain(self, domain: str) -> tuple[str, tuple[Workspace, ...]]:
        """The longest configured domain at this one or above it, in A-labels, and its clients; or ("", ())."""
        found, owners = self.index.domains.at_or_above(domain)
        return found, self._of(owners)

    def beside_domain(self, domain: str) -> tuple[Workspace, ...]:
        """The client that has another domain under the same registrable one; () where two have."""
        return self._of(self.index.domains.beside(domain))

    def lesson_on_address(self, address: Address) -> Learned | None:
        """What was taught of this very address."""
        return self.lessons.by_address.get(compared(address.spec))

    def lesson_on_domain(self, domain: str) -> Learned | None:
        """What was taught of the registrable domain of this one."""
        return self.lessons.by_domain.get(registrable(domain))

    def of_name(self, text: str) -> tuple[Workspace, ...]:
        """The clients called exactly this, by name; as `ClientNames.called` has it."""
        return self._of(self.index.names.called(text))

    def of_tag(self, tag: str) -> tuple[Workspace, ...]:
        """The clients that a plus tag names ("acme", "acme-corp", "acmecorp"), by name."""
        return self._of(self.index.tagged(tag))

    def like_domain(self, domain: str) -> tuple[Workspace, ...]:
        """
        The clients whose name a domain reads like, or whose configured domain but for hyphens and legal form.

        acme-corp.example and acmecorp.example read like Acme Corp; acme-studio.example does not.
        """
        return self._of(self.index.like_domain(domain))

    def mentioned_in(self, text: str) -> tuple[tuple[Workspace, Mention], ...]:
        """The clients named in running text, as `ClientNames.mentions_in` has it, in no order."""
        return tuple((self.all[one.owner], one) for one in self.index.names.mentions_in(text))

    def _of(self, owners: Iterable[int]) -> tuple[Workspace, ...]:
        return tuple(sorted((self.all[one] for one in owners), key=lambda one: one.name))


def side_of(address: Address, agency: Agency) -> Side:
    """Who speaks from this address: the agency from one of its domains or their subdomains, else a client."""
    return Side.AGENCY if agency.owns(address.domain) else Side.CLIENT


def plus_tag(address: Address, agency: Agency) -> str | None:
    """
    What somebody wrote behind the plus of the inbox's address: "acme" of practiq+acme@northlight.example.

    In lower case. None where it is another address, or has no tag.
    """
    local, _, domain = compared(address.spec).rpartition("@")
    inbox, _, ours = compared(agency.inbox).rpartition("@")
    tag = local.removeprefix(f"{inbox}+")
    return tag if tag and tag != local and domain == ours else None
