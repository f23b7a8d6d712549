"""Domains that imitate a known one, found without a scan."""

from __future__ import annotations

from collections.abc import Iterable

from parsers.company_names import is_legal_form
from parsers.confusables import skeleton
from parsers.domains import registrable, shown_domain
from parsers.near_names import NearNames, is_near

_FEWEST_ALIKE = 4  # letters of a known label: of three too many are alike by chance
_FEWEST_NEAR = 5  # the same for one letter off


class Lookalikes:
    """Known domains, indexed for what imitates one of them."""

    def __init__(self, known: Iterable[str]) -> None:
        """Take the known domains, as they are to be named to a person."""
        self._named: dict[str, str] = {}  # of each registrable domain, the first known one by the alphabet
        for domain in sorted(known):
            self._named.setdefault(registrable(domain), domain)
        self._of_label: dict[str, tuple[str, ...]] = {}
        self._of_skeleton: dict[str, tuple[str, ...]] = {}
        for domain in self._named:
            label = _label(domain)
            if len(label) >= _FEWEST_ALIKE:
                _append(self._of_label, label, domain)
                _append(self._of_skeleton, skeleton(label), domain)
        self._near = NearNames(label for label in self._of_label if len(label) >= _FEWEST_NEAR)

    def knows(self, domain: str) -> bool:
        """Whether a domain is a known one, below one, or has the same registrable domain."""
        return registrable(domain) in self._named

    def imitated_by(self, domain: str) -> str | None:
        """
        The known domain that this one imitates; of several the first by the alphabet, None where it imitates none.

        A known domain imitates none, nor does one below it. Total. Source: `imitates`.
        """
        own = registrable(domain)
        if own in self._named:
            return None
        label = _label(own)
        found = set(self._of_skeleton.get(skeleton(label), ()))
        found.update(one for near in self._near.near(label) for one in self._of_label[near])
        return min((self._named[one] for one in found if imitates(own, one)), default=None)


def imitates(domain: str, known: str) -> bool:
    """
    Whether a domain is made to be taken for a known one, or might as well be.

    That is: letters that look alike (of other scripts, with accents, digits, "rn" for "m"), one letter off,
    or the same name with another ending. Goes by the registrable domains. Where only hyphens or a legal
    form differ, and the ending is the same, it is what the same company would register. A known name of
    three letters is imitated by nobody, and one of four not by a letter. Total.

    Source: promises.md P16; Unicode TR39 §4.
    """
    own, other = registrable(domain), registrable(known)
    label, known_label = _label(own), _label(other)
    if own == other or len(known_label) < _FEWEST_ALIKE:
        return False
    if _ending(own) == _ending(other) and _bare(label) & _bare(known_label):
        return False
    if skeleton(label) == skeleton(known_label):
        return True
    return len(known_label) >= _FEWEST_NEAR and is_near(label, known_label)


def _label(domain: str) -> str:
    """What somebody chose of a registrable domain, as shown; "" of an address literal, which nobody chose."""
    return "" if domain.startswith("[") else shown_domain(domain).partition(".")[0]


def _ending(domain: str) -> str:
    return domain.partition(".")[2]


def _bare(label: str) -> set[str]:
    """A label without hyphens, with and without the legal form that stands between them."""
    words = label.split("-")
    return {"".join(words), "".join(one for one in words if not is_legal_form(one)) or "".join(words)}


def _append(index: dict[str, tuple[str, ...]], key: str, value: str) -> None:
    index[key] = (*index.get(key, ()), value)
