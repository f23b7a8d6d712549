"""Many small sums at once: numbers side by side in one whole number, so that one addition adds them all."""

from __future__ import annotations

from array import array
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import accumulate
from struct import Struct

# A lane has 32 bits and what is added has 16, so 65,536 of them reach no other lane. Nothing that is read has as many
# features that are added up: a message of 20,000 letters has at most three pieces for each.
_BITS = 32


def packed(numbers: Iterable[tuple[int, int]]) -> int:
    """Numbers of 16 bits, with their signs, each in the lane named before it; below nought it borrows from the next."""
    return sum(number << _BITS * lane for lane, number in numbers)


def unpacked(total: int, lanes: int) -> tuple[int, ...]:
    """The sum in each of so many lanes, of `packed` numbers added up."""
    halves, layout = _halves_and_layout(lanes)
    # With half its range on top no lane is below nought, so none borrows; taken off bit by bit, it leaves the sign.
    found: tuple[int, ...] = layout.unpack((total + halves ^ halves).to_bytes(layout.size, "little"))
    return found


@cache
def _halves_and_layout(lanes: int) -> tuple[int, Struct]:
    return sum(1 << _BITS * lane + _BITS - 1 for lane in range(lanes)), Struct(f"<{lanes}i")


class Lanes(dict[str, int]):
    """
    Of each feature, by its name, a few numbers of 16 bits, each in its lane: packed; 0 for what is not known.

    Nothing is packed before it is asked for, so that half a million features load in a moment.
    """

    def __init__(
        self, index: Mapping[str, int], counts: Iterable[int], lanes: bytes, numbers: Sequence[int]
    ) -> None:
        """`index` numbers the features; of each in turn `counts` says how many of the lanes and numbers it has."""
        self.index = index  # several share one
        self._ends = array("I", accumulate(counts, initial=0))
        self._lanes = lanes
        self._numbers = numbers

    def __missing__(self, name: str) -> int:
        if name not in self.index:
            return 0  # not kept: there is no end of names
        found = self[name] = packed(self.row(name))
        return found

    def row(self, name: str) -> tuple[tuple[int, int], ...]:
        """The lanes that a feature has, and what is in them."""
        if (at := self.index.get(name)) is None:
            return ()
        its = slice(self._ends[at], self._ends[at + 1])
        return tuple(zip(self._lanes[its], self._numbers[its], strict=True))

    def sums(self, names: Iterable[str], lanes: int) -> tuple[int, ...]:
        """The sum in each of so many lanes, of all these features."""
        return unpacked(sum(map(self.__getitem__, names)), lanes)


def lanes_of(index: Mapping[str, int], counts: str, lanes: str, numbers: str) -> Lanes:
    """What `written` wrote, of the features with these numbers."""
    found = array("h")
    found.frombytes(b64decode(numbers))
    return Lanes(index, b64decode(counts), b64decode(lanes), found)


def written(rows: Iterable[Sequence[tuple[int, int]]]) -> tuple[str, str, str]:
    """How many lanes each row has, which, and what is in them, for JSON: the bytes of small numbers in base64."""
    rows = list(rows)
    lanes = bytes(lane for row in rows for lane, _ in row)
    numbers = array("h", (number for row in rows for _, number in row)).tobytes()
    counts, of, found = (b64encode(one).decode() for one in (bytes(map(len, rows)), lanes, numbers))
    return counts, of, found
