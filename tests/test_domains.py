"""Domains as compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.domains import ascii_domain, is_free_mail, registrable, shown_domain


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Acme.Example", "acme.example"),
        ("acme.example.", "acme.example"),
        ("Müller.example", "xn--mller-kva.example"),
        ("XN--MLLER-KVA.example", "xn--mller-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("日本。example", "xn--wgv71a.example"),
        ("ＡＣＭＥ.example", "acme.example"),
        ("bad..example", "bad..example"),
        ("é" * 64 + ".example", "é" * 64 + ".example"),
        ("\udcff.example", "\udcff.example"),
        ("[192.0.2.1]", "[192.0.2.1]"),
        ("", ""),
    ],
    ids=[
        "case", "dot-at-the-end", "u-label", "a-label", "sharp-s", "ideographic-stop", "full-width",
        "empty-label", "too-long", "surrogate", "literal", "nothing",
    ],
)  # fmt: skip
def test_a_domain_has_one_compared_form(written: str, expected: str) -> None:
    """A-labels, lower case; what cannot be encoded stays."""
    assert ascii_domain(written) == expected


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("mail.acme.co.uk", "acme.co.uk"),
        ("acme.co.uk", "acme.co.uk"),
        ("co.uk", "co.uk"),
        ("a.b.acme.example", "acme.example"),
        ("eu.müller.example", "xn--mller-kva.example"),
        ("acme.onmicrosoft.com", "acme.onmicrosoft.com"),
        ("eu.acme.onmicrosoft.com", "acme.onmicrosoft.com"),
        ("acme.mail.onmicrosoft.com", "acme.mail.onmicrosoft.com"),
        ("onmicrosoft.com", "onmicrosoft.com"),
        ("acme.github.io", "acme.github.io"),
        ("10.0.0.1", "10.0.0.1"),
        ("[192.0.2.1]", "[192.0.2.1]"),
        ("[ipv6:2001:db8::1]", "[ipv6:2001:db8::1]"),
        ("localhost", "localhost"),
        ("", ""),
    ],
)
def test_registrable(domain: str, expected: str) -> None:
    """What somebody registered; a tenant of a shared host by itself, and what nobody registers as it is."""
    assert registrable(domain) == expected


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("gmail.com", True),
        ("GMail.com", True),
        ("eu.yahoo.co.uk", True),
        ("tuta.com", True),
        ("acme.example", False),
        ("notgmail.com", False),
        ("gmail.com.evil.example", False),
        ("", False),
    ],
)
def test_free_mail(domain: str, expected: bool) -> None:
    """A provider where anybody has an address says nothing of a company, in any case and below it."""
    assert is_free_mail(domain) is expected


@given(st.one_of(st.text(), st.from_regex(r"[a-zäßς.xn-]{0,20}", fullmatch=True)))
def test_domains_are_total_and_settled(text: str) -> None:
    """Whatever stands behind an @ has a compared form, which is its own, and as has what was registered."""
    plain = ascii_domain(text)

    assert ascii_domain(registrable(text)) == registrable(text)
    assert ascii_domain(plain) in (plain, plain.strip().removesuffix("."))
    assert isinstance(shown_domain(text), str)
    assert is_free_mail(text) in (True, False)
