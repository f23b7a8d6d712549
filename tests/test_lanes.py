"""Numbers side by side in one whole number."""

from hypothesis import given
from hypothesis import strategies as st

from parsers.lanes import lanes_of, packed, unpacked, written

LANES = 5
LEAST, MOST = -(2**15), 2**15 - 1
ROWS = st.lists(
    st.dictionaries(st.integers(0, LANES - 1), st.integers(LEAST, MOST)).map(lambda row: tuple(row.items())),
    max_size=20,
)


@given(ROWS)
def test_packed_sums_are_plain_sums(rows: list[tuple[tuple[int, int], ...]]) -> None:
    """What is added up packed is what each lane's numbers are together, below nought too."""
    plain = [sum(number for row in rows for lane, number in row if lane == one) for one in range(LANES)]

    assert list(unpacked(sum(map(packed, rows)), LANES)) == plain


def test_no_lane_reaches_another() -> None:
    """As many of the largest numbers as are ever added stay in their lanes, whichever signs are side by side."""
    for numbers in (
        [MOST] * LANES,
        [LEAST] * LANES,
        [LEAST, MOST, LEAST, MOST, LEAST],
        [0, MOST, 0, LEAST, 0],
    ):
        total = 65_536 * packed(enumerate(numbers))

        assert unpacked(total, LANES) == tuple(65_536 * one for one in numbers)


@given(ROWS)
def test_what_is_written_is_what_is_read(rows: list[tuple[tuple[int, int], ...]]) -> None:
    """Rows of lanes come back as they were, and are added up by their names; an unknown name adds nothing."""
    index = {str(at): at for at in range(len(rows))}
    lanes = lanes_of(index, *written(rows))

    assert [lanes.row(name) for name in index] == rows
    assert lanes.row("unknown") == ()
    for _ in range(2):  # the second time as remembered
        assert lanes.sums([*index, "unknown"], LANES) == unpacked(sum(map(packed, rows)), LANES)
    assert "unknown" not in lanes
