"""Each client's domains and contacts, found without a scan."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from parsers.company_names import folded
from parsers.domains import ascii_domain, compared, registrable, shown_domain
from parsers.legal_forms import GLUED
from parsers.lookalikes import Lookalikes
from parsers.owners import Owners, enter

FEWEST_GLUED = 4  # letters before a legal form without a gap: "zinc" is not Z Inc


class ClientDomains:
    """All domains and contacts of all clients, indexed once."""

    def __init__(
        self,
        domains: Sequence[tuple[str, ...]],
        contacts: Sequence[tuple[str, ...]],
        *,
        says_nothing: Callable[[str], bool],
    ) -> None:
        """
        Take each client's domains and contacts; its place in the sequence is its owner number.

        A domain that `says_nothing` of a client (anybody's, or the agency's) is left out.
        """
        self.by_contact: dict[str, Owners] = {}
        self._by_domain: dict[str, Owners] = {}
        self._by_registrable: dict[str, Owners] = {}
        self._by_label: dict[str, Owners] = {}
        shown: dict[str, str] = {}
        for owner, (names, people) in enumerate(zip(domains, contacts, strict=True)):
            mine = (owner,)
            for spec in people:
                enter(self.by_contact, compared(spec), mine)
            for name in names:
                domain = ascii_domain(name)
                if domain and not says_nothing(domain):
                    shown[domain] = min(shown.get(domain, name), name)
                    enter(self._by_domain, domain, mine)
                    enter(self._by_registrable, registrable(domain), mine)
                    enter(self._by_label, _label_key(domain), mine)
        self.lookalikes = Lookalikes(shown.values())

    def at_or_above(self, domain: str) -> tuple[str, Owners]:
        """The longest configured domain at this one or above it, in A-labels, and whose it is; or ("", ())."""
        above = ascii_domain(domain)
        while above:
            if owners := self._by_domain.get(above):
                return above, owners
            above = above.partition(".")[2]
        return "", ()

    def beside(self, domain: str) -> Owners:
        """Who has a configured domain with the same registrable one; () where several have."""
        owners = self._by_registrable.get(registrable(domain), ())
        return owners if len(owners) == 1 else ()

    def alike(self, domain: str) -> Owners:
        """Who has a configured domain that differs in hyphens or in a legal form alone."""
        key = _label_key(ascii_domain(domain))
        return self._by_label.get(key, ())

    def alike_but_glued(self, domain: str) -> Owners:
        """Who has a configured domain that this one is with a legal form glued on: acmecorp.example."""
        label, _, ending = _label_key(ascii_domain(domain)).partition(".")
        rests = (label.removesuffix(form) for form in GLUED if label.endswith(form))
        keys = (f"{rest}.{ending}" for rest in rests if len(rest) >= FEWEST_GLUED)
        return next((owners for key in keys if (owners := self._by_label.get(key))), ())


def label_words(domain: str) -> str:
    """The words of what somebody registered, folded like a name and run together: "acme" of acme-corp.example."""
    return "".join(folded(shown_domain(registrable(domain)).partition(".")[0]))


def _label_key(domain: str) -> str:
    return f"{label_words(domain)}.{registrable(domain).partition('.')[2]}"
