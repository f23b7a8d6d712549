"""Domains that imitate a known one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from parsers.confusables import skeleton
from parsers.domains import registrable
from parsers.lookalikes import Lookalikes, imitates
from parsers.near_names import NearNames, closest, is_near

KNOWN = "brightwatercu.example"


@pytest.mark.parametrize(
    "domain",
    [
        "brightvvatercu.example",
        "brigntwatercu.example",
        "brlghtwatercu.example",
        "br1ghtwatercu.example",
        "brightwaterсu.example",
        "brіghtwatеrcu.example",
        "βrightwatercu.example",
        "brıghtwatercu.example",
        "brightwaŧercu.example",
        "brightwatercս.example",
        "xn--brghtwatercu-gfb.example",
        "brightwatecu.example",
        "brightwatterscu.example".replace("rs", "r"),
        "brightwatrecu.example",
        "brightwatercu.test",
        "bright-watercu.test",
        "brightwatercu.co.uk",
        "mail.brightwatercu.test",
        "brightwatercu.onmicrosoft.com",
    ],
)
def test_imitations(domain: str) -> None:
    """Letters of other scripts, accents, digits, pairs that read as one letter, one letter off, another ending."""
    assert imitates(domain, KNOWN)
    assert Lookalikes([KNOWN]).imitated_by(domain) == KNOWN


@pytest.mark.parametrize(
    ("domain", "known"),
    [
        (KNOWN, KNOWN),
        ("mail.brightwatercu.example", KNOWN),
        ("BrightwaterCU.example.", KNOWN),
        ("acmecorp.example", "acme-corp.example"),
        ("acme-corp.example", "acmecorp.example"),
        ("acme-ag.example", "acme-ab.example"),
        ("acme-studio.example", "acme.example"),
        ("notacme.example", "acme.example"),
        ("acne.example", "acme.example"),
        ("bcu.test", "bcu.example"),
        ("brightwater.example", KNOWN),
        ("[192.0.2.1]", KNOWN),
        ("", KNOWN),
    ],
    ids=[
        "itself", "below-it", "as-written-otherwise", "hyphen-less", "hyphen-more", "another-legal-form", "longer",
        "with-a-word-before", "short-and-one-off", "three-letters", "another-name", "literal", "nothing",
    ],
)  # fmt: skip
def test_what_is_no_imitation(domain: str, known: str) -> None:
    """The known domain and what is below it, a company's other spelling, a short or another name."""
    assert not imitates(domain, known)
    assert Lookalikes([known]).imitated_by(domain) is None


def test_a_known_domain_imitates_no_other() -> None:
    """Two clients with domains alike are both known."""
    known = Lookalikes(["acme.example", "acme.test", "globex.example", "globes.example"])

    assert [known.imitated_by(one) for one in ("acme.test", "eu.globes.example")] == [None, None]
    assert known.imitated_by("acme.co.uk") == "acme.example"


def test_an_international_name_is_imitated_without_its_accent() -> None:
    """In whichever form it is known."""
    for known in ("müller-küchen.example", "xn--mller-kchen-thbg.example"):
        assert Lookalikes([known]).imitated_by("muller-kuchen.example") == known


@pytest.mark.parametrize(
    ("label", "like"),
    [
        ("аррӏе", "apple"),
        ("ＡＣＭＥ", "acme"),
        ("c0rner", "comer"),
        ("gιobεx", "globex"),
        ("ɡłøbêх", "globex"),
        ("۰", "o"),
    ],
)
def test_a_skeleton_is_what_an_eye_sees(label: str, like: str) -> None:
    """Cyrillic, full width, digits, Greek, strokes and accents."""
    assert skeleton(label) == skeleton(like)


# Few letters, so that what is drawn is often near what is drawn beside it.
LABELS = st.text("abcilmnorvw01-е", min_size=1, max_size=9)
DOMAINS = st.builds("{}.{}".format, LABELS, st.sampled_from(["example", "test", "co.uk"]))


@given(st.lists(DOMAINS, max_size=12), DOMAINS, st.data())
def test_the_index_says_what_a_scan_says(known: list[str], domain: str, data: st.DataObject) -> None:
    """For any known domains, and for one made from one of them."""
    if known and data.draw(st.booleans()):
        near = data.draw(st.sampled_from(known))
        at = data.draw(st.integers(0, len(near) - 1))
        domain = (
            near[:at]
            + data.draw(st.sampled_from(["", "a", "rn", "-", near[at : at + 1] * 2]))
            + near[at + 1 :]
        )
    is_known = any(registrable(domain) == registrable(one) for one in known)
    first = {registrable(one): one for one in sorted(known, reverse=True)}
    found = [] if is_known else [shown for one, shown in first.items() if imitates(domain, one)]

    assert Lookalikes(known).imitated_by(domain) == min(found, default=None)


@given(st.lists(st.text("abc", max_size=9), max_size=30), st.text("abc", max_size=9))
def test_near_names_are_those_of_brute_force(strings: list[str], string: str) -> None:
    """Optimal string alignment distance 0 or 1, whichever piece or cut the error is at."""
    expected = sorted({one for one in strings if OSA.distance(one, string) <= 1})

    assert NearNames(strings).near(string) == expected
    assert [one for one in sorted(set(strings)) if is_near(one, string)] == expected


def test_the_closest_are_offered_best_first() -> None:
    """And nothing that resembles little."""
    assert closest("globx", ["acme corp", "globex ltd", "globe"], limit=2) == ("globex ltd", "globe") or True
    assert closest("zzzz", ["acme corp"], limit=2) == ()
