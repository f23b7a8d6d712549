"""Does our own server vouch for the author's domain."""

import pytest

from parsers.authentication import MICROSOFT365, claimed_id, is_authentic
from parsers.message import parse_message

OURS = "mx.northlight.example"
PASS = f"{OURS}; spf=pass smtp.mailfrom=acme.example; dkim=pass header.d=acme.example; dmarc=pass header.from=acme.example"


def verdict(*fields: str, author: str = "dana@acme.example", trust: str = OURS) -> bool | None:
    head = "".join(f"Authentication-Results: {one}\r\n" for one in fields)
    return is_authentic(parse_message(f"{head}From: {author}\r\n\r\nx".encode()), authserv_id=trust)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (PASS, True),
        (f"{OURS}; dmarc=fail header.from=acme.example; dkim=pass header.d=acme.example", False),
        (f"{OURS}; dmarc=pass header.from=evil.example", False),
        (f"{OURS}; dmarc=pass header.from=acme.example; dmarc=fail header.from=acme.example", False),
        (f"{OURS}; dkim=pass header.d=mail.acme.example", True),
        (f"{OURS}; dkim=pass header.d=evil.example", False),
        (f"{OURS}; dkim=fail header.d=acme.example; arc=pass header.d=acme.example", False),
        (f"{OURS}; spf=pass smtp.mailfrom=bounce@acme.example", True),
        (f"{OURS}; spf=pass smtp.mailfrom=evil.example; dkim=none header.d=acme.example", False),
        (f"{OURS}; none", False),
        (f"{OURS}; dkim=fail (dmarc=pass header.from=acme.example) header.d=acme.example", False),
        (f'{OURS}; dkim=fail reason="; dmarc=pass header.from=acme.example" header.d=acme.example', False),
        (f"{OURS}; " + "(" * 5_000, False),
        (f"{OURS}; dmarc=pass header.from=acme.example" + " (x)" * 5_000, False),
        (f"{OURS}.evil.example; dmarc=pass header.from=acme.example", None),
        (f"evil.example; ({OURS}; dmarc=pass header.from=acme.example)", None),
        ("", None),
    ],
    ids=[
        "pass", "dmarc-fails", "another-from", "two-dmarc", "dkim-aligned", "dkim-of-another", "arc-is-not-dkim",
        "spf-aligned", "properties-of-another", "none", "in-a-comment", "in-a-quoted-string", "nested", "huge",
        "longer-id", "another-id", "empty",
    ],
)  # fmt: skip
def test_verdict_of_a_field(field: str, expected: bool | None) -> None:
    """Our server's pass for the author's domain counts, and nothing that only looks like it."""
    assert verdict(field) is expected


def test_only_the_topmost_field_counts() -> None:
    """A field below another one came with the message, whatever id it bears."""
    assert verdict(PASS, f"{OURS}; dmarc=fail header.from=acme.example") is True
    assert verdict("other.example; none", PASS) is None
    assert verdict(f"{OURS}; dmarc=fail header.from=acme.example", PASS) is False
    assert verdict() is None


def test_two_authors_are_nobody() -> None:
    """Where From names two, our server cannot have vouched for one."""
    assert verdict(PASS, author="dana@acme.example, x@acme.example") is False
    assert verdict(PASS, author="dana@acme.example\r\nFrom: x@acme.example") is False


def test_microsoft_365_writes_no_id() -> None:
    """There the topmost field is the server's own, if it begins with a result."""
    field = "spf=pass smtp.mailfrom=acme.example; dkim=pass header.d=acme.example; dmarc=pass header.from=acme.example"

    assert verdict(field, trust=MICROSOFT365) is True
    assert verdict(PASS, trust=MICROSOFT365) is None


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (f"Authentication-Results: {PASS}\r\n", OURS),
        (f'Authentication-Results: (of) "{OURS.upper()}" 1; none\r\n', OURS),
        ("Authentication-Results: spf=pass smtp.mailfrom=acme.example\r\n", MICROSOFT365),
        (f"Authentication-Results: a.example; none\r\nAuthentication-Results: {PASS}\r\n", "a.example"),
        (
            f"Received: from a by mail.acme.example; x\r\nReceived: from b by c.example; y\r\n"
            f"Authentication-Results: {PASS}\r\n",
            None,  # it came with the mail
        ),
        ("Authentication-Results: \x1b[2Jmx; none\r\n", None),
        ("Authentication-Results: \r\n", None),
        ("", None),
    ],
    ids=["own", "quoted", "exchange", "topmost", "below-foreign", "no-words-of-a-terminal", "empty", "none"],
)
def test_id_that_is_claimed(head: str, expected: str | None) -> None:
    """What the topmost field bears, for a person to look at."""
    assert claimed_id(parse_message(f"{head}From: dana@acme.example\r\n\r\nx".encode())) == expected
