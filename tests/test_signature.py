"""What stands below somebody's words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.signature import without_name


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        pytest.param("Ship it.\n\nCarol", "Ship it.", id="first name"),
        pytest.param("Ship it.\n\n– Carol Dunmore.", "Ship it.", id="whole name, dashed"),
        pytest.param("Ship it.\nC. D.", "Ship it.", id="initials"),
        pytest.param("Ship it.\n\nCarry on", "Ship it.\n\nCarry on", id="no name"),
        pytest.param("Carol", "Carol", id="nothing else"),
        pytest.param("Ship it, Carol", "Ship it, Carol", id="not on a line of its own"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_an_authors_name_below_says_nothing(own: str, expected: str) -> None:
    """A last line that is only the author's own name goes, unless it is all that there is."""
    assert without_name(own, "Carol Dunmore") == expected


@given(own=st.text(max_size=80), author=st.text(max_size=20))
def test_what_is_left_is_the_beginning(own: str, author: str) -> None:
    """Whatever is written and whoever wrote it, what is left are the first of the words, and not nothing."""
    left = without_name(own, author)

    assert own.startswith(left)
    assert bool(left.strip()) == bool(own.strip())
