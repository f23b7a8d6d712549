"""What a conditional yes hangs on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.conditions import condition_of

CONDITIONS = [
    ("approved with those two tweaks", "with those two tweaks"),
    ("Fine by me, subject to legal.", "subject to legal"),
    ("Good to go once the logo is bigger", "once the logo is bigger"),
    ("OK if it stays under 5k", "if it stays under 5k"),
    ("yes, but please swap the photo on page 2", "swap the photo on page 2"),
    ("Yes, but only if the price stays.", "only if the price stays"),
    ("Approved pending final pricing", "pending final pricing"),
    ("Please proceed, but hold the posts until Monday.", "hold the posts until Monday"),
    ("Not until compliance has seen it, then yes", "Not until compliance has seen it"),
    ("If legal is happy, then go ahead.", "If legal is happy"),
    ("Once you've changed the colour to blue, please print.", "Once you've changed the colour to blue"),
    ("They may leave on Monday if it's fixed by then, otherwise not.", "if it's fixed by then"),
    ("Make the date bigger and it's good to print.", "Make the date bigger"),
    ("Swap the photo on the cover, then print.", "Swap the photo on the cover"),
    ("Looks great - just make the logo bigger and it's approved.", "make the logo bigger"),
    ("Good to go, apart from the headline.", "apart from the headline"),
    ("Approved at last, except the back page.", "except the back page"),
    ("Freigegeben, sobald das Logo größer ist.", "sobald das Logo größer ist"),
    ("Passt, aber bitte noch das Foto tauschen.", "noch das Foto tauschen"),
    ("Von uns aus ja, vorbehaltlich der Rechtsabteilung.", "vorbehaltlich der Rechtsabteilung"),
    ("Wenn der Preis bleibt, dann ja.", "Wenn der Preis bleibt"),
    ("C'est validé sous réserve de l'accord du juridique.", "sous réserve de l'accord du juridique"),
    ("Bon pour accord, mais merci de changer la photo.", "merci de changer la photo"),
    ("D'accord dès que le logo est plus grand.", "dès que le logo est plus grand"),
    ("Aprobado siempre que no pase de 5.000 euros.", "siempre que no pase de 5.000 euros"),
    ("Sí, pero cambiad la foto de la página 2.", "cambiad la foto de la página 2"),
    ("Adelante en cuanto legal lo confirme.", "en cuanto legal lo confirme"),
]


@pytest.mark.parametrize(("own", "condition"), CONDITIONS)
def test_condition_is_what_the_yes_hangs_on(own: str, condition: str) -> None:
    """What has to be done or to happen first is the client's own words, without the yes."""
    assert condition_of(own, own) == condition


@pytest.mark.parametrize(("own", "condition"), CONDITIONS)
def test_condition_is_found_in_a_longer_mail(own: str, condition: str) -> None:
    """What stands around the sentence of the yes changes nothing."""
    around = f"Hi Maya,\n\nThe team met and liked it.\n\n{own}\n\nIf you need anything, call.\n\nDana"

    assert (condition_of(around, own) or "").endswith(condition)


@pytest.mark.parametrize("own", ["Approved.", "Yes!", "Correct", "That's right", "go ahead please", "👍", ""])
def test_plain_yes_has_no_condition(own: str) -> None:
    """Where no words say what a yes hangs on, nothing is made up."""
    assert condition_of(own, own) is None


def test_words_that_point_back_bring_what_they_point_to() -> None:
    """ "Fix that" alone helps nobody: the sentence before it is part of the condition."""
    own = "Hi Maya,\n\nThe price is R95, not R59. Fix that and it's good to print.\n\nDana"

    assert condition_of(own, "Fix that and it's good to print") == "The price is R95, not R59. Fix that"


@pytest.mark.parametrize(
    "own",
    [
        "Approved with these changes:\n- make the logo bigger\n- new date",
        "Approved with two changes. Make the logo bigger. Fix the date.",
        "Make the logo bigger, and fix the date. Approved with those two changes.",
    ],
)
def test_counted_changes_bring_what_they_are(own: str) -> None:
    """ "These changes" are listed with it, whether they stand before or behind."""
    condition = condition_of(own, own.split("\n")[0].rstrip(":"))

    assert condition is not None
    assert "changes" in condition
    assert "ake the logo bigger" in condition


def test_condition_in_the_next_sentence_is_found() -> None:
    """A yes whose condition comes in a sentence of its own has it all the same."""
    own = "Approved! One thing: the phone number has to be new."

    assert condition_of(own, "Approved!") == "One thing: the phone number has to be new"


def test_quote_that_is_not_in_the_text_still_counts() -> None:
    """A quote whose message was cut differently is read for itself."""
    assert condition_of("Something else.", "Fine once legal is happy") == "once legal is happy"


@pytest.mark.parametrize(
    "piece", ["✅", "good to go ", "if ", "with ", "yes but ", "Fix that and ", "the the ", ", ", "a"]
)
def test_hostile_text_is_cut_short(piece: str) -> None:
    """However long a text is, what it gives is short."""
    own = piece * (100_000 // len(piece)) + "x"

    assert len(condition_of(own, own) or "") <= 200


@given(st.text(max_size=400), st.text(max_size=100))
def test_condition_is_one_short_line_of_the_clients_words(own: str, quote: str) -> None:
    """Whatever was written, the result is None or a short line that is not blank."""
    condition = condition_of(own, quote)

    assert condition is None or (0 < len(condition) <= 200 and "\n" not in condition)
