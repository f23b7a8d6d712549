"""Names of companies, without their legal form and as compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.company_names import folded, unfolded, without_legal_form


@pytest.mark.parametrize(
    "written",
    """Blue Heron Inc.|Blue Heron, LLC|Blue Heron L.L.P.|Blue Heron Corporation|Blue Heron Co., Ltd.|Blue Heron PLC
    |Blue Heron Pty Ltd|Blue Heron (Pty) Ltd|Blue Heron Pte. Ltd.|Blue Heron Pvt. Ltd.|Blue Heron Private Limited
    |Blue Heron Sdn. Bhd.|Blue Heron ULC|Blue Heron Ltée|Blue Heron GmbH|Blue Heron GmbH & Co. KG
    |Blue Heron UG (haftungsbeschränkt)|Blue Heron AG|Blue Heron e.V.|Blue Heron e.K.|Blue Heron Ges.m.b.H.
    |Blue Heron S.A.S.|Blue Heron SARL|Blue Heron S.à r.l.|Blue Heron EURL|Blue Heron B.V.|Blue Heron N.V.
    |Blue Heron BVBA|Blue Heron S.p.A.|Blue Heron S.r.l.|Blue Heron S.L.|Blue Heron S.A. de C.V.
    |Blue Heron S. de R.L. de C.V.|Blue Heron Lda.|Blue Heron Ltda|Blue Heron Oyj|Oy Blue Heron Ab|Blue Heron AB (publ)
    |Blue Heron A/S|Blue Heron ApS|Blue Heron AS|Blue Heron ASA|Blue Heron ehf.|AS Blue Heron|Blue Heron OÜ
    |SIA Blue Heron|UAB Blue Heron|Blue Heron Sp. z o.o.|Blue Heron spółka z ograniczoną odpowiedzialnością
    |Blue Heron s. r. o.|Blue Heron, spol. s r.o.|Blue Heron a.s.|Blue Heron Kft.|Blue Heron Zrt.|Blue Heron d.o.o.
    |Blue Heron EOOD|Blue Heron Α.Ε.|ООО Blue Heron|ТОВ Blue Heron|Blue Heron A.Ş.|Blue Heron Ltd. Şti.
    |株式会社 Blue Heron|Blue Heron K.K.|PT Blue Heron Tbk|Blue Heron W.L.L.|Blue Heron FZE|Blue Heron Co.|Blue Heron & Co
    |  Blue   Heron ,  Inc. |Blue Ltd Heron|Blue pty ltd Heron""".split("|"),
)
def test_a_legal_form_is_taken_away(written: str) -> None:
    """Behind the name, before it and in it, in one word or several, whatever the country."""
    assert without_legal_form(written) == "Blue Heron"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Yahoo! Inc.", "Yahoo!"),
        ("Hello, World", "Hello, World"),
        ("McArdle's (UK) Ltd", "McArdle's (UK)"),
        ("Acme (Holdings Ltd)", "Acme (Holdings)"),
        ("トヨタ株式会社", "トヨタ"),
        ("Spa Resort Ltd", "Spa Resort"),
        ("Company of Two Inc", "Company of Two"),
        ("Kids as Kings", "Kids as Kings"),
        ("Ltd Co", "Ltd Co"),
        ("The Company", "The Company"),
        ("Inc", "Inc"),
        ("", ""),
    ],
)
def test_what_is_no_legal_form_stays_as_written(written: str, expected: str) -> None:
    """Case and punctuation stay, words that a name begins with stay, and a name of legal forms alone stays."""
    assert without_legal_form(written) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Corp", "ACME Corporation Ltd."),
        ("Oakes & Vale", "Oakes and Vale"),
        ("Hartmann Küchen GmbH", "hartmann kuchen"),
        ("Ferrari S.p.A.", "Ferrari SpA"),
        ("J.P. Morgan", "JP Morgan"),
        ("Smith & Co.", "Smith and Company"),
        ("The Gap", "Gap Inc."),
        ("Søstrene Grene A/S", "Sostrene Grene"),
        ("Cafe\u0301 Noir", "CAFÉ NOIR"),
    ],
)
def test_names_fold_together(one: str, other: str) -> None:
    """Legal form, case, accents, dots and the ampersand make no other company."""
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme", "Acme Studio"),
        ("Smith & Co.", "Smith"),
        ("Marks", "Marks and Spencer"),
        ("The Company", "The Limited"),
    ],
)
def test_other_names_stay_apart(one: str, other: str) -> None:
    """Another word is another company, and a firm's partners are a part of its name."""
    assert folded(one) != folded(other)


def test_all_words_run_together_keep_the_legal_form() -> None:
    """As in a domain or a plus tag."""
    assert unfolded("Acme Corp.") == "acmecorp"


@given(st.text())
def test_names_are_total(name: str) -> None:
    """Whatever a company is called has a folded form, and what is taken away leaves a part of what was written."""
    bare = without_legal_form(name)

    assert len(bare) <= len(name) + 1  # for a bracket that is closed again
    assert bool(bare) == bool(name.split())
    assert all(folded(name))
