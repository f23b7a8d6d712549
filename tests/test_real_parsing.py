"""What real mail says of itself."""

import pytest

from tests.real import needs_real_mail, parsing

pytestmark = needs_real_mail


@pytest.mark.parametrize(
    ("figure", "least"),
    [("subject", 0.98), ("from", 0.99), ("name", 0.97), ("Message-ID", 0.98), ("attachments", 0.87), ("body", 0.96)],
)  # fmt: skip
def test_what_real_mail_says_of_itself(figure: str, least: float) -> None:
    """Each field is read as the project that keeps the mail expects, in nearly all of them."""
    assert parsing()[figure].value >= least
