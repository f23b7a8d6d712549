"""What people call each client, found in names, in domains and in running text without a scan."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.client_domains import FEWEST_GLUED
from parsers.company_names import Word, folded, telling_words, unfolded, without_legal_form, words_of
from parsers.legal_forms import GLUED
from parsers.near_names import NearNames, is_near
from parsers.owners import Owners, enter

SHORT = 4  # letters: a name as short as an acronym must stand in a text as it is written
_LONG = 10  # letters: a name as long as that may have one letter wrong
_MOST_WORDS = 8  # of a name
_MAX_WORDS = 60  # of a text: nobody writes longer subjects
_MAX_CHARS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A client named in a text."""

    owner: int
    name: str  # the one of its names that is meant, as written there
    is_exact: bool  # not one letter off
    letters: int
    start: int
    end: int


class ClientNames:
    """All names of all clients, indexed once."""

    def __init__(self, names: Sequence[tuple[str, ...]]) -> None:
        """Take each client's names; its place in the sequence is its owner number."""
        self._names = names
        self._owners: dict[str, Owners] = {}  # by a name's folded words, run together
        self._short: dict[str, Owners] = {}  # by a short name as written
        self._most_words = 1
        parts: set[str] = set()
        for owner, one in enumerate(names):
            mine = (owner,)
            for name in one:
                words = folded(name)
                joined = "".join(words)
                enter(self._owners, joined, mine)
                if len(joined) <= SHORT:
                    for written in _as_written(name):
                        enter(self._short, written, mine)
                self._most_words = max(self._most_words, min(len(words), _MOST_WORDS))
                parts.update(words if len(words) > 1 else ())
        self._near = NearNames(one for one in self._owners if len(one) >= _LONG)
        self._parts = frozenset(parts)

    def run_together(self, joined: str) -> Owners:
        """Whose name, folded and run together, is this."""
        return self._owners.get(joined, ()) if joined else ()

    def glued(self, joined: str) -> Owners:
        """Whose name it is with a legal form glued on, as in a domain: "acmecorp"."""
        rests = (joined.removesuffix(form) for form in GLUED if joined.endswith(form))
        return next(
            (found for one in rests if len(one) >= FEWEST_GLUED and (found := self.run_together(one))), ()
        )

    def with_legal_form(self, joined: str) -> Owners:
        """Whose name it is with that client's own legal form glued on."""
        found = (owner for cut in range(1, len(joined)) for owner in self.run_together(joined[:cut]))
        return tuple(
            sorted({one for one in found if any(unfolded(name) == joined for name in self._names[one])})
        )

    def called(self, text: str) -> Owners:
        """
        Who is called exactly this, and nothing else: by a company's field, not by running text.

        A name as short as an acronym, which people are called too, needs its legal form or capitals.
        """
        words = folded(text)
        joined = "".join(words)
        if len(joined) > SHORT or joined != unfolded(text):
            return tuple(owner for owner in self.run_together(joined) if self.name_of(owner, words))
        written = _trimmed(text)
        return self._short.get(written, ()) if written.isupper() else ()

    def name_of(self, owner: int, words: tuple[str, ...]) -> str | None:
        """Which of a client's names has these words; None where none has."""
        return next((name for name in self._names[owner] if folded(name) == words), None)

    def mentions_in(self, text: str) -> list[Mention]:
        """
        The clients named in a text, in no order; of names that overlap ("Acme", "Acme Studio") the longest.

        A short name must stand as it is written, or before a legal form; a long one may have one letter
        wrong. Total.
        """
        text = unicodedata.normalize("NFC", text[:_MAX_CHARS])
        words = telling_words(text)[:_MAX_WORDS]
        every = words_of(text)[: 2 * _MAX_WORDS]
        found = [*self._exactly(words, _before_a_form(words, every)), *self._as_written(text, every)]
        return _longest([*found, *self._nearly(words, found)])

    def _windows(self, words: list[Word]) -> Iterator[tuple[tuple[str, ...], Word, Word]]:
        """Each run of words as long as a name may be, with its first and its last word."""
        keys = [word.key for word in words]
        for first in range(len(words)):
            for last in range(first, min(len(words), first + self._most_words)):
                yield tuple(keys[first : last + 1]), words[first], words[last]

    def _exactly(self, words: list[Word], before_a_form: set[int]) -> Iterator[Mention]:
        for keys, first, last in self._windows(words):
            joined = "".join(keys)
            counts = len(joined) > SHORT or last.end in before_a_form
            for owner in self._owners.get(joined, ()) if counts else ():
                if name := self.name_of(owner, keys):
                    yield _mention(owner, name, joined, first, last)

    def _as_written(self, text: str, words: list[Word]) -> Iterator[Mention]:
        """The short names; one of four letters has four words at the most, and its legal form some more."""
        for at, first in enumerate(words if self._short else ()):
            for last in words[at : at + _MOST_WORDS]:
                written = text[first.start : last.end]
                for owner in self._short.get(written, ()):
                    yield _mention(owner, written, "".join(folded(written)), first, last)

    def _nearly(self, words: list[Word], found: list[Mention]) -> Iterator[Mention]:
        for keys, first, last in self._windows(words):
            joined = "".join(keys)
            # A letter off is off in one word: the others must be words of some name.
            strangers = sum(key not in self._parts for key in keys) if len(keys) > 1 else 0
            if len(joined) < _LONG or strangers > 1:
                continue
            if any(one.start < last.end and first.start < one.end for one in found):
                continue
            for near in self._near.near(joined):
                for owner in self._owners[near]:
                    if name := self._near_name(owner, keys, joined):
                        yield _mention(owner, name, joined, first, last, is_exact=False)

    def _near_name(self, owner: int, keys: tuple[str, ...], joined: str) -> str | None:
        for name in self._names[owner]:
            words = folded(name)
            if len(words) == len(keys) and is_near("".join(words), joined):
                return name
        return None


def _as_written(name: str) -> set[str]:
    """How a short name may stand in a text: as it is, or an acronym without its legal form."""
    bare = _trimmed(without_legal_form(name))
    return {_trimmed(name), bare} - {""} if bare.isupper() else {_trimmed(name)} - {""}


def _trimmed(text: str) -> str:
    """A text from its first word to its last."""
    composed = unicodedata.normalize("NFC", text)
    words = words_of(composed)
    return composed[words[0].start : words[-1].end] if words else ""


def _before_a_form(telling: list[Word], every: list[Word]) -> set[int]:
    """Where words end that a legal form follows: what folding leaves out."""
    kept = {word.start for word in telling}
    return {
        one.end
        for one, behind in pairwise(every)
        if behind.start not in kept and behind.key != "the" and one.start in kept
    }


def _mention(
    owner: int, name: str, joined: str, first: Word, last: Word, *, is_exact: bool = True
) -> Mention:
    return Mention(
        owner=owner, name=name, is_exact=is_exact, letters=len(joined), start=first.start, end=last.end
    )


def _longest(found: list[Mention]) -> list[Mention]:
    """Those that no longer one overlaps; of two as long both stay."""
    spans = {(one.start, one.end, one.letters) for one in found}  # of which many clients may share one
    return [
        one
        for one in found
        if not any(
            start < one.end and one.start < end and letters > one.letters for start, end, letters in spans
        )
    ]
