"""Strings that are one typing error apart, found without a scan. Alone knows rapidfuzz."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator

_PIECES = 4  # one error touches one piece, and leaves three whole: few strings share so much
_OWNER_BITS = 24  # of a 64-bit entry: sixteen million strings
_HASH_MASK = (1 << (64 - _OWNER_BITS)) - 1
_OWNER_MASK = (1 << _OWNER_BITS) - 1
_OFFERED = 60.0  # of 100: what resembles less is no help to a person


def is_near(one: str, other: str) -> bool:
    """Whether two strings are equal or one letter apart: missing, added, wrong, or swapped with its neighbour."""
    from rapidfuzz.distance import OSA  # only for who compares: most commands do not

    return OSA.distance(one, other, score_cutoff=1) <= 1


def closest(words: str, choices: Iterable[str], *, limit: int) -> tuple[str, ...]:
    """The choices most like these words, best first; of equal ones the first. A scan: for messages to people."""
    from rapidfuzz import fuzz, process

    found = process.extract(words, list(choices), scorer=fuzz.WRatio, limit=limit, score_cutoff=_OFFERED)
    return tuple(one for one, _, _ in found)


class NearNames:
    """
    Strings, indexed for what is one letter apart.

    Each is cut into four pieces, and found by any three of them; a swap over a cut is found by undoing it.
    32 bytes a string, beside the strings themselves.
    """

    def __init__(self, strings: Iterable[str]) -> None:
        """Take the strings, each once."""
        self._strings = sorted(set(strings))
        self._lengths = frozenset(len(one) for one in self._strings)
        entries = (
            _hash(key) << _OWNER_BITS | owner
            for owner, one in enumerate(self._strings)
            for key in _keys(one, len(one))
        )
        self._entries = array("Q", sorted(entries))

    def near(self, string: str) -> list[str]:
        """The strings that are equal to this one or one letter apart, sorted."""
        lengths = [one for one in range(len(string) - 1, len(string) + 2) if one in self._lengths]
        found = {one for length in lengths for key in _keys(string, length) for one in self._sharing(key)}
        if len(string) in lengths:
            found.update(one for swapped in _unswapped(string) for one in self._equal(swapped))
        return sorted(one for one in found if is_near(one, string))

    def _sharing(self, key: str) -> Iterator[str]:
        """The strings with this key, and now and then another whose hash is the same."""
        start = _hash(key) << _OWNER_BITS
        at = bisect_left(self._entries, start)
        end = start | _OWNER_MASK
        while at < len(self._entries) and self._entries[at] <= end:
            yield self._strings[self._entries[at] & _OWNER_MASK]
            at += 1

    def _equal(self, string: str) -> list[str]:
        at = bisect_left(self._strings, string)
        return [string] if at < len(self._strings) and self._strings[at] == string else []


def _hash(key: str) -> int:
    return hash(key) & _HASH_MASK


def _cuts(length: int) -> list[int]:
    return [length * piece // _PIECES for piece in range(_PIECES + 1)]


def _keys(string: str, length: int) -> list[str]:
    """
    What a string has in common with one of this length, if the error is in one piece of that: the rest.

    What stands before the piece is counted from the front, what stands behind it from the end. The
    length and the piece belong to the key.
    """
    cuts = _cuts(length)
    longer = len(string) - length
    return [
        f"{length}.{piece}.{string[: cuts[piece]]}\0{string[cuts[piece + 1] + longer :]}"
        for piece in range(_PIECES)
        if cuts[piece + 1] + longer >= cuts[piece]
    ]


def _unswapped(string: str) -> Iterator[str]:
    """The string with the letters on each side of a cut swapped: of all errors that one touches two pieces."""
    for cut in set(_cuts(len(string))[1:-1]):
        if 0 < cut < len(string):
            yield string[: cut - 1] + string[cut] + string[cut - 1] + string[cut + 1 :]
