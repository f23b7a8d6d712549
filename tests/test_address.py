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
        ('"Ann \\"Bo\\"" <a@x.example>', [('Ann "Bo"', "a@x.example")]),
        ("Team: a@x.example, C <c@x.example>;", [("", "a@x.example"), ("C", "c@x.example")]),
        ("undisclosed-recipients:;", []),
        ("a@x.example (Ann)", [("Ann", "a@x.example")]),
        ("=?utf-8?q?J=C3=BCrgen?= Adler <j@h.example>", [("Jürgen Adler", "j@h.example")]),
        ("=?no-such-charset?q?Ann?= <j@h.example>", [("Ann", "j@h.example")]),
        ("x@evil.example; dana@acme.example", [("", "x@evil.example"), ("", "dana@acme.example")]),
        ('"dana@acme.example" <x@evil.example>', [("dana@acme.example", "x@evil.example")]),
        ("nobody", []),
        ("<@x.example>, <a@>", []),
        ("", []),
    ],
    ids=[
        "name", "quoted-comma", "quote-at-the-end", "group", "empty-group", "comment", "encoded", "unknown-charset",
        "semicolon", "address-as-name", "no-at", "half-addresses", "empty",
    ],
)  # fmt: skip
def test_addresses_of_a_field(field: str, expected: list[tuple[str, str]]) -> None:
    """A field gives its mailboxes in order, the address as compared, the name as shown."""
    assert [(one.name, one.spec) for one in addresses(field)] == expected


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("a@x.example (Ann (at work) Lee)", [("Ann (at work) Lee", "a@x.example")]),
        ("((((((a@x.example", [("", "a@x.example")]),
        ("Ann (Sales) <a@x.example>", [("Ann", "a@x.example")]),
        ("<a@x.example> Ann", [("Ann", "a@x.example")]),
        ("Ann a@x.example", [("Ann", "a@x.example")]),
        ("Ann <a@x.example", [("Ann", "a@x.example")]),
        ("<<a@x.example>>", [("", "a@x.example")]),
        ("a @ x.example", [("", "a@x.example")]),
        ("Ann <mailto:a@x.example>", [("Ann", "a@x.example")]),
        ("<@r1.example,@r2.example:a@x.example>", [("", "a@x.example")]),
        ("<a(desk)@x.example>", [("", "a@x.example")]),
        ("=?utf-8?q?Ruiz,_Dana?= <a@x.example>", [("Ruiz, Dana", "a@x.example")]),
        ('"=?utf-8?q?J=C3=BCrgen?=" <a@x.example>', [("Jürgen", "a@x.example")]),
        ("=?utf-8?q?Ann_=3Ca=40x.example=3E?=", [("Ann", "a@x.example")]),
        (r'"Ann \"A\" Lee" <a@x.example>', [('Ann "A" Lee', "a@x.example")]),
        ("a@x.example,,;, b@x.example", [("", "a@x.example"), ("", "b@x.example")]),
        ("a@evil.example@x.example", [("", "a@evil.example@x.example")]),
    ],
    ids=[
        "nested-comment", "never-closed", "comment-in-name", "name-behind", "no-brackets", "cut", "twice-bracketed",
        "blanks", "mailto", "route", "comment-inside", "comma-in-encoded", "quoted-encoded", "all-encoded", "escaped",
        "empty-members", "two-at-signs",
    ],
)  # fmt: skip
@pytest.mark.pitfall("cpython#78336")
def test_addresses_against_the_rules(field: str, expected: list[tuple[str, str]]) -> None:
    """What old and careless programs write is read as people meant it."""
    assert [(one.name, one.spec) for one in addresses(field)] == expected


@pytest.mark.parametrize(
    "field",
    [
        "<a@x.example> <dana@acme.example>",
        "A <a@x.example> Dana <dana@acme.example>",
        "a@x.example dana@acme.example",
    ],
)
@pytest.mark.pitfall("cpython#102988")
def test_two_mailboxes_without_a_comma_are_two(field: str) -> None:
    """None hides behind the other, so that who is in doubt stays in doubt (promises.md P17)."""
    assert [one.spec for one in addresses(field)] == ["a@x.example", "dana@acme.example"]


@pytest.mark.parametrize(
    "field",
    [
        "=?utf-8?q?dana=40acme.example=00?=@evil.example",
        "=?utf-8?q?dana=40acme.example_?= <x@evil.example>",
        '"dana@acme.example" @evil.example',
    ],
)
@pytest.mark.pitfall("php-mime-mail-parser#171")
def test_an_encoded_word_never_makes_the_domain(field: str) -> None:
    """The domain is the one that the servers saw (Mailsploit)."""
    assert {one.domain for one in addresses(field)} == {"evil.example"}


@given(st.text() | st.text(alphabet='<>@ab.,;:()"\\ =?qQ\0\ud800'))
def test_any_field_gives_whole_addresses(field: str) -> None:
    """Whatever a field holds, what comes out has a local part and a domain, and can be stored."""
    for one in addresses(field):
        local, at, domain = one.spec.rpartition("@")

        assert local
        assert at
        assert domain == one.domain
        assert "\0" not in one.name + one.spec
        assert (one.name + one.spec).encode("utf-8")


def test_a_field_of_brackets_is_read_once_through() -> None:
    """What nests without end takes no more than what does not."""
    for hostile in ("(" * 100_000, "<" * 100_000, '"\\' * 100_000, "," * 500_000, "=?a?q?" * 20_000):
        assert addresses(f"a@x.example, {hostile}")[0].spec == "a@x.example"
