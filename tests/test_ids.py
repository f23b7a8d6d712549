"""Message-IDs as compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.ids import message_ids


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("<a@x> <b@x>", ("a@x", "b@x")),
        ("<A@X>\r\n <a@x>", ("a@x",)),
        ("<folded\r\n .id@x>", ("folded.id@x",)),
        ("someone's message of Friday <a@x> (comment)", ("a@x",)),
        ("<cut@sho<whole@x>", ("whole@x",)),
        ("no brackets", ()),
        ("<>", ()),
        ("", ()),
        (f"<{'a' * 1_000}@x> <b@x>", ("b@x",)),
    ],
    ids=[
        "two",
        "once-each",
        "folded",
        "words-around",
        "cut-short",
        "none",
        "empty-brackets",
        "empty",
        "too-long",
    ],
)
@pytest.mark.pitfall("nextcloud/mail#10178")
def test_ids_of_a_field(field: str, expected: tuple[str, ...]) -> None:
    """Ids come in order, each once, without brackets or blanks, in lower case."""
    assert message_ids(field) == expected


@given(st.text(alphabet="<>@ab \r\n"))
def test_ids_never_hold_brackets_or_blanks(field: str) -> None:
    """Whatever the field, an id is something that can be looked up."""
    for one in message_ids(field):
        assert one
        assert not set(one) & set("<> \r\n")
