"""What holds of every mail, reply and letter holds of bait made by chance, and of what Hypothesis makes up."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import fuzz

pytestmark = pytest.mark.one_database("it is about what is read, in thousands of mails")

TEXTS = st.text(max_size=200) | st.text(
    alphabet="<>&\"'{}%#;:,.= \r\n\t\0\x1b\u202e\u2066\u200b\ud800\U000e0041123", max_size=60
)
SEEDS = st.integers(0, 2**32).map(random.Random)


@pytest.mark.promise("P4", "P8")
@given(SEEDS.map(fuzz.bait))
@settings(max_examples=150, deadline=None)
def test_a_mail_is_read_or_refused(raw: bytes) -> None:
    """No bait raises but to refuse it in words; it is read twice the same, and what is read can be stored."""
    fuzz.check_mail(raw)


@given(TEXTS | SEEDS.map(fuzz.words))
@settings(max_examples=300, deadline=None)
def test_a_reply_orders_what_it_says(own: str) -> None:
    """Whatever is written, an order has only numbers and names that stand there, and its end lies ahead."""
    fuzz.check_reply(own)


@pytest.mark.promise("P15")
@given(TEXTS | SEEDS.map(fuzz.words))
@settings(max_examples=25, deadline=None)
def test_words_change_no_letter(said: str) -> None:
    """Whatever people write and are called, a letter's fields and elements stay as they are, and nothing unseen is in it."""
    fuzz.check_letters(said)


@pytest.mark.promise("P8")
def test_the_order_in_which_mail_comes_changes_nothing(tmp_path: Path) -> None:
    """Bait read in either order is filed the same."""
    for seed in range(8):
        chance = random.Random(seed)
        fuzz.check_order(tmp_path, *(fuzz.bait(chance) for _ in range(3)))
