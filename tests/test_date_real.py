"""Times in words from the tests of other libraries, whose authors disagree with each other now and then."""

import pytest

from tests.real import dates, needs_real_mail

pytestmark = needs_real_mail


@pytest.mark.parametrize(("figure", "least"), [("right day", 0.98), ("right minute", 0.95)])
def test_real_words_for_a_time(figure: str, least: float) -> None:
    """The day and the minute are right; the best library gets 0.73 of the days."""
    assert dates()[figure].value >= least
