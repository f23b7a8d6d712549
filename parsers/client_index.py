"""What finds clients by name, address and domain: built once, and only by who looks for one."""

from __future__ import annotations

import hashlib
from functools import cached_property

from parsers.client_domains import ClientDomains, label_words
from parsers.client_names import ClientNames
from parsers.company_names import folded, unfolded
from parsers.domains import compared, is_free_mail, registrable
from parsers.lookalikes import Lookalikes
from parsers.near_names import closest
from parsers.owners import Owners
from parsers.workspaces import Agency, Learned, LearnedKind, Workspace

_OFFERED = 3  # names for "did you mean"
_FEWEST_ALIKE = 3  # letters of a domain that reads like a name


class ClientIndex:
    """What is built once for all clients, each part when it is first asked for."""

    def __init__(self, agency: Agency, workspaces: tuple[Workspace, ...]) -> None:
        self._agency = agency
        self._all = workspaces
        self._last: tuple[tuple[Learned, ...], Lessons] | None = None

    @cached_property
    def by_name(self) -> dict[str, Workspace]:
        """Each client by its name; of two with one name the first."""
        return {one.name: one for one in reversed(self._all)}

    @cached_property
    def names(self) -> ClientNames:
        """What each is called."""
        return ClientNames([one.names for one in self._all])

    @cached_property
    def domains(self) -> ClientDomains:
        """Where each has its mail."""
        return ClientDomains(
            [one.domains for one in self._all],
            [one.contacts for one in self._all],
            says_nothing=self.says_nothing,
        )

    @cached_property
    def fingerprint(self) -> str:
        """The same for the same agency and clients, and for no others."""
        return hashlib.sha256(repr((self._agency, self._all)).encode("utf-8", "replace")).hexdigest()

    def meant_by(self, words: str) -> Owners:
        """Whose name or alias folds to the same as these words."""
        return self.names.run_together("".join(folded(words)))

    def tagged(self, tag: str) -> Owners:
        """Whom a plus tag names: by a name run together, else by one with its legal form."""
        return self.meant_by(tag) or self.names.with_legal_form(unfolded(tag))

    def like_domain(self, domain: str) -> Owners:
        """Whose name a domain reads like, or whose configured domain but for hyphens and legal form."""
        joined = label_words(domain)
        if len(joined) < _FEWEST_ALIKE:
            return ()
        near = {*self.names.run_together(joined), *self.domains.alike(domain)}
        return tuple(near or {*self.names.glued(joined), *self.domains.alike_but_glued(domain)})

    def nearest(self, words: str) -> tuple[str, ...]:
        """Up to three clients whose name or alias resembles these words, best first. A scan."""
        owners = {name.casefold(): one.name for one in reversed(self._all) for name in one.names}
        found = closest(words.casefold(), owners, limit=4 * _OFFERED)
        return tuple(dict.fromkeys(owners[one] for one in found))[:_OFFERED]

    def lessons_from(self, learned: tuple[Learned, ...]) -> Lessons:
        """These lessons, indexed; those asked for last are kept, for mail after mail asks for the same."""
        if self._last is None or self._last[0] != learned:
            self._last = (learned, Lessons(learned, self))
        return self._last[1]

    def says_nothing(self, domain: str) -> bool:
        """Whether a domain points at no client, whatever anybody says: anybody's, or the agency's."""
        return is_free_mail(domain) or self._agency.owns(domain)


class Lessons:
    """What was taught, each part indexed when it is first asked for."""

    def __init__(self, learned: tuple[Learned, ...], index: ClientIndex) -> None:
        self._learned = learned
        self._index = index

    @cached_property
    def by_address(self) -> dict[str, Learned]:
        """The lesson on an address."""
        return {compared(one.value): one for one in self._valid(LearnedKind.ADDRESS)}

    @cached_property
    def by_domain(self) -> dict[str, Learned]:
        """The lesson on a registrable domain."""
        found = {registrable(one.value): one for one in self._valid(LearnedKind.DOMAIN)}
        return {domain: one for domain, one in found.items() if not self._index.says_nothing(domain)}

    @cached_property
    def lookalikes(self) -> Lookalikes:
        """What imitates a learned domain."""
        return Lookalikes(self.by_domain)

    def _valid(self, kind: LearnedKind) -> list[Learned]:
        """The lessons of a kind on clients that are there, the latest last."""
        found = [one for one in self._learned if one.kind is kind and one.workspace in self._index.by_name]
        return sorted(found, key=lambda one: (one.at, one.workspace, one.by))
