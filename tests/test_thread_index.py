"""Where Outlook says that a mail stands in its conversation."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.thread_index import ThreadIndex, thread_index

HEADER = bytes([1]) + bytes(range(0x10, 0x15)) + bytes(range(0xA0, 0xB0))
FIRST, SECOND = b"reply", b"again"


def written(read: bytes) -> str:
    return base64.b64encode(read).decode("ascii")


def read(field: str) -> ThreadIndex:
    found = thread_index(field)
    assert found
    return found


@pytest.mark.parametrize(
    ("whole", "depth"), [(HEADER, 0), (HEADER + FIRST, 1), (HEADER + FIRST + SECOND, 2), (HEADER + FIRST * 200, 200)]
)  # fmt: skip
def test_conversation_and_place(whole: bytes, depth: int) -> None:
    """The first 22 bytes name the conversation, and each five behind them one reply."""
    found = read(written(whole))

    assert (found.conversation, found.place, found.depth) == (HEADER.hex(), whole.hex(), depth)


def test_as_outlook_writes_it() -> None:
    """A real field of Outlook: 22 bytes, with its padding."""
    assert read("AdLkpQXNnjrmoHVQTQmVdr1PUVMOZA==").depth == 0


@pytest.mark.parametrize("extra", [b"a", b"four"])
def test_what_is_no_whole_reply_is_cut_off(extra: bytes) -> None:
    """Only whole replies count."""
    assert read(written(HEADER + FIRST + extra)) == read(written(HEADER + FIRST))


@pytest.mark.parametrize("more", [1, 5, 5_000_000])
def test_no_more_than_two_hundred_replies_are_read(more: int) -> None:
    """What stands below the two hundredth is left."""
    found = read(written(HEADER + FIRST * 200 + b"x" * more))

    assert found.depth == 200


@pytest.mark.parametrize("fold", ["\r\n ", "\n\t", " "])
def test_folded_and_unpadded(fold: str) -> None:
    """Folds may stand anywhere, and the padding may be lost."""
    field = written(HEADER + FIRST)

    assert read(field[:9] + fold + field[9:]) == read(field.rstrip("=")) == read(field)


@pytest.mark.parametrize("lost", range(1, 8))
def test_a_field_cut_short_keeps_its_whole_replies(lost: int) -> None:
    """Wherever a field was cut within its last reply, it says what stands above that reply."""
    field = written(HEADER + FIRST + SECOND).rstrip("=")

    assert read(field[:-lost]) == read(written(HEADER + FIRST))


@pytest.mark.parametrize(
    "field", ["", " ", "=", "not base64, but long enough to be one", written(HEADER[:-1]), "é" * 40]
)
def test_what_is_none(field: str) -> None:
    """What is not base64, or is too short for a conversation, says nothing."""
    assert thread_index(field) is None


def test_ancestors() -> None:
    """A mail's index begins with its ancestor's; a sibling's, its own and a stranger's do not count."""
    first, reply, again = (read(written(one)) for one in (HEADER, HEADER + FIRST, HEADER + FIRST + SECOND))
    sibling, stranger = read(written(HEADER + SECOND)), read(written(HEADER[::-1] + FIRST))

    assert first.is_ancestor_of(reply)
    assert first.is_ancestor_of(again)
    assert reply.is_ancestor_of(again)
    for one, other in [(again, reply), (reply, reply), (sibling, again), (first, stranger)]:
        assert not one.is_ancestor_of(other)


@given(st.binary(min_size=22, max_size=1_200))
def test_any_bytes_are_read(whole: bytes) -> None:
    """Whatever the bytes, their beginning comes back in whole blocks."""
    found = read(written(whole))

    assert whole.hex().startswith(found.place)
    assert len(found.place) == 2 * (22 + 5 * found.depth)


@given(st.text(max_size=3_000))
def test_total(field: str) -> None:
    """Any text gives an index or none."""
    found = thread_index(field)

    assert found is None or found.place.startswith(found.conversation)
