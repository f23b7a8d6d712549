"""Why the reader says what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.reader import Before, Reader, Threshold
from parsers.reasons import reasons_of
from parsers.workspaces import Side
from tests.shipped import READER, linear

NONE = linear(["brief"], 0.0, {})
WEIGHTS = {
    "yes": [0, 300],
    "client|please yes": [0, 200],
    "but": [0, -400],
    "~_ye": [0, 900],
    "<agency layout": [0, 100],
    "= client question True": [0, -50],
}
KNOWN = linear(["brief"], 0.0, WEIGHTS)
TAUGHT = Reader(
    thresholds={"brief": Threshold(said=0.5, sure=0.9)},
    asked=NONE,
    sentence=KNOWN,
    message=KNOWN,
    leaves=NONE,
)


@pytest.mark.parametrize(
    ("text", "speak_for", "against"),
    [
        pytest.param(
            "yes", ("“yes”", "“layout”, which the agency wrote before"), (), id="one word, and one before"
        ),
        pytest.param(
            "yes but", ("“yes”", "“layout”, which the agency wrote before"), ("“but”",), id="for and against"
        ),
        pytest.param(
            "why?", ("“layout”, which the agency wrote before",), ("it asks something",), id="circumstance"
        ),
    ],
)
def test_the_words_that_weigh(text: str, speak_for: tuple[str, ...], against: tuple[str, ...]) -> None:
    """What speaks for a label and against it is told in words, the weightiest first."""
    before = Before(own="the layout", side=Side.AGENCY)
    found = reasons_of(text, "brief", before=before, side=Side.CLIENT, reader=TAUGHT)

    assert (found.speak_for, found.against) == (speak_for, against)


def test_a_label_that_nobody_taught_has_no_reasons() -> None:
    """Where a label is not known, nothing speaks for it."""
    found = reasons_of("yes", "risk", before=None, side=Side.CLIENT, reader=TAUGHT)

    assert (found.speak_for, found.against) == ((), ())


@given(st.text(max_size=200), st.sampled_from(Side), st.one_of(st.none(), st.text(max_size=50)))
def test_reasons_are_total(text: str, side: Side, before: str | None) -> None:
    """Whatever is written, there are a few reasons, each once."""
    stands = None if before is None else Before(own=before, side=Side.AGENCY)
    found = reasons_of(text, "approval/granted", before=stands, side=side, reader=READER)

    assert len(set(found.speak_for)) == len(found.speak_for) <= 4
    assert len(set(found.against)) == len(found.against) <= 4
