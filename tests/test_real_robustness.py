"""Real mail that breaks parsers."""

from tests.real import needs_real_mail, robustness

pytestmark = needs_real_mail


def test_nothing_breaks_us() -> None:
    """Each is read, or goes to quarantine in a sentence; nearly all are read."""
    shares, _ = robustness()

    assert shares["without an exception"].wrong == []
    assert shares["read, not quarantined"].value >= 0.99
