"""Whose turn a client's message leaves it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.reader import Before
from parsers.turns import WaitingOn, turn_of
from parsers.workspaces import Side
from tests.shipped import READER


@pytest.mark.parametrize(
    ("own", "before", "expected"),
    [
        pytest.param("Please resend the login.", "Thanks!", WaitingOn.AGENCY, id="asks for something"),
        pytest.param("Which day suits you?", None, WaitingOn.AGENCY, id="asks a question"),
        pytest.param(
            "Let me check with Finance and come back to you.", "Which PO is it?", WaitingOn.CLIENT, id="holds"
        ),
        pytest.param(
            "Thank you, lovely work!", "The files are on the server.", WaitingOn.NOBODY, id="thanks"
        ),
    ],
)
def test_plain_mail_is_read(own: str, before: str | None, expected: WaitingOn) -> None:
    """The weights that ship know who has to write next."""
    stands = Before(own=before, side=Side.AGENCY) if before else None

    assert turn_of(own, before=stands, reader=READER) is expected


@given(st.text(max_size=200), st.one_of(st.none(), st.text(max_size=50)))
def test_it_is_somebodys_turn_or_nobodys(own: str, before: str | None) -> None:
    """Whatever is written, there is an answer."""
    stands = None if before is None else Before(own=before, side=Side.AGENCY)

    assert turn_of(own, before=stands, reader=READER) in WaitingOn
