"""Real forwards of every mail client, and the mail inside them."""

import pytest

from tests.real import forwards, needs_real_mail

pytestmark = needs_real_mail


@pytest.mark.parametrize(
    ("figure", "least"),
    [("told from other mail", 0.98), ("from, subject and body", 0.96), ("date", 0.98), ("to", 0.96), ("cc", 0.98), ("note", 0.96)],
)  # fmt: skip
def test_the_mail_inside_real_forwards(figure: str, least: float) -> None:
    """Forwards are told from replies, and taken apart; the best library gets 0.91 of them right."""
    assert forwards()[figure].value >= least
