"""An address as compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.address import addresses


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("Dana Ruiz <Dana@Acme.example>", [("Dana Ruiz", "dana@acme.example")]),
        ('"Lee, Bo" <bo@x.example>, c@x.example', [("Lee, Bo", "bo@x.example"), ("", "c@x.example")]),
        ("Team: a@x.example, C <c@x.example>;", [("", "a@x.example"), ("C", "c@x.example")]),
        ("undisclosed-recipients:;", []),
        ("a@x.example (Ann)", [("Ann", "a@x.example")]),
        ("=?utf-8?q?J=C3=BCrgen?= Adler <j@h.example>", [("Jürgen Adler", "j@h.example")]),
        ("=?no-such-charset?q?x?= <j@h.example>", [("=?no-such-charset?q?x?=", "j@h.example")]),
        ("x@evil.example; dana@acme.example", [("", "x@evil.example"), ("", "dana@acme.example")]),
        ('"dana@acme.example" <x@evil.example>', [("dana@acme.example", "x@evil.example")]),
        ("nobody", []),
        ("<@x.example>, <a@>", []),
        ("", []),
    ],
    ids=[
        "name", "quoted-comma", "group", "empty-group", "comment", "encoded", "unknown-charset",
        "semicolon", "address-as-name", "no-at", "half-addresses", "empty",
    ],
)  # fmt: skip
def test_addresses_of_a_field(field: str, expected: list[tuple[str, str]]) -> None:
    """A field gives its mailboxes in order, the address as compared, the name as shown."""
    assert [(one.name, one.spec) for one in addresses(field)] == expected


@given(st.text())
def test_any_field_gives_whole_addresses(field: str) -> None:
    """Whatever a field holds, what comes out has a local part and a domain."""
    for one in addresses(field):
        local, at, domain = one.spec.rpartition("@")

        assert local
        assert at
        assert domain == one.domain
