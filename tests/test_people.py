"""A signature gives a title where it surely has one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.people import role_of


@pytest.mark.parametrize(
    ("signature", "name", "role"),
    [
        ("Dana Ruiz\nHead of Marketing\nAcme Corp\n+1 555 0100", "Dana Ruiz", "Head of Marketing"),
        ("-- \nDana Ruiz | Head of Marketing | Acme Corp", "Dana Ruiz", "Head of Marketing"),
        ("Dana Ruiz, VP, Marketing", "Dana Ruiz", "VP, Marketing"),
        ("Gail Prentiss\nPresident & CEO, Brightwater Credit Union", "Gail Prentiss", "President & CEO"),
        (
            "Phil Orozco\nSr. Sourcing Specialist, Meridian Health Partners",
            "Phil Orozco",
            "Sr. Sourcing Specialist",
        ),
        (
            "Denise Calloway, MPH\nDirector of Patient Communications\nMeridian Health Partners",
            "Denise Calloway",
            "Director of Patient Communications",
        ),
        ("-- \nGrant Ellery\nOwner, Tidepool Aquatics", "Grant Ellery", "Owner"),
        ("East Loft Studios, Brooklyn", "Odalys Brunner", None),
        (
            "Brett Navarro\nSenior Account Executive\nSkyline Outdoor",
            "Brett Navarro",
            "Senior Account Executive",
        ),
        ("Sent from my iPhone", "Dana Ruiz", None),
        (
            "Mit freundlichen Grüßen\nSabine Krämer\nLeiterin Marketing\nHartmann Küchen GmbH",
            "Sabine Krämer",
            "Leiterin Marketing",
        ),
        ("i. V. Sabine Krämer\nMarketingleiterin", "Krämer, Sabine", "Marketingleiterin"),
        ("Jörg Weiß – Geschäftsführer – Weiß GmbH & Co. KG", "Jörg Weiß", "Geschäftsführer"),
        ("Luc Poitras\nDirecteur artistique\nTourisme Saint-Aubert", "Luc Poitras", "Directeur artistique"),
        (
            "Geneviève Lachance\nDirectrice de la communication",
            "Geneviève Lachance",
            "Directrice de la communication",
        ),
        ("Anne Roy\nChargée de projet, Tourisme", "Anne Roy", "Chargée de projet"),
        ("Ana Robledo\nJefa de Producto\nCasa Robledo Foods, S.L.", "Ana Robledo", "Jefa de Producto"),
        ("Pedro Gil · Director General · Gil y Hijos S.A.", "Pedro Gil", "Director General"),
        ("Founder Bloom Studio", "Ann Lee", "Founder"),
        ("Ann Lee\nFounder of Bloom Studio", "Ann Lee", "Founder"),
        ("Ann Lee\nYour partner in print", "Ann Lee", None),
        ("Ann Lee\nGoogle Premier Partner", "Ann Lee", None),
        ("Ann Lee\nMarketing Partners GmbH", "Ann Lee", None),
        ("Ann Lee\nBrand Manager Inc.", "Ann Lee", None),
        ("Ann Lee\nA Leader in Digital Printing", "Ann Lee", None),
        ("Ann Lee\nMarketing", "Ann Lee", None),
        ("Ann Lee\n+1 (555) 010-0100\nann@acme.example", "Ann Lee", None),
        ("*Ann Lee*\n*HEAD OF MARKETING*", "Ann Lee", "HEAD OF MARKETING"),
        ("ann lee\nhead of marketing", "Ann Lee", "head of marketing"),
        ("Ann Lee (she/her)\nAcme\nCreative Director", "Ann Lee", "Creative Director"),
        ("Ann Lee\nCo-Founder/Creative Director", "Ann Lee", "Co-Founder/Creative Director"),
        ("Ann Lee\nExecutive Assistant to the CEO", "Ann Lee", "Executive Assistant to the CEO"),
        ("Ann Lee\nHead of Brand at Acme", "Ann Lee", "Head of Brand"),
        ("Ann Lee\nTitle: Brand Manager", "Ann Lee", "Brand Manager"),
        ("Jane Doe\nHead of Sales", "Ann Lee", None),
        ("Ann Lee\nManaging Partner", "Ann Lee", "Managing Partner"),
        ("Ann Lee - Senior Brand Manager - Acme Ltd.", "Ann Lee", "Senior Brand Manager"),
        (
            "Ann Lee\nMarketing & Communications Manager\nAcme",
            "Ann Lee",
            "Marketing & Communications Manager",
        ),
        ("Ann Lee\nVP Sales EMEA", "Ann Lee", "VP Sales EMEA"),
        ("Ann Lee\nWe lead brands forward", "Ann Lee", None),
        ("Ann Lee\nMarketing Director of the Year", "Ann Lee", None),
        ("Ann Lee\nSr. Brand Mgr.", "Ann Lee", None),
        ("Kind regards,\nAnn", "Ann Lee", None),
        ("Ann Lee\nCEO Acme Corp", "Ann Lee", "CEO"),
        ("i. A. Jens Vogt\nTeamleiter Einkauf\nTel. 030 123456", "Jens Vogt", "Teamleiter Einkauf"),
        (
            "Claire Petit | Responsable marketing | Tel. : 01 23 45 67 89",
            "Claire Petit",
            "Responsable marketing",
        ),
        ("Claire Petit\nPDG, Petit & Fils", "Claire Petit", "PDG"),
        ("Lucía Gómez\nGerente comercial\nC/ Mayor 12, Madrid", "Lucía Gómez", "Gerente comercial"),
        ("Lucía Gómez\nCargo: Directora de Marketing", "Lucía Gómez", "Directora de Marketing"),
        ("", "Ann Lee", None),
        ("Ann Lee", "Ann Lee", None),
        ("Office of the CEO", "", None),
        ("Head of Marketing", "", "Head of Marketing"),
        ("Ann Lee\nAcme\nLondon\nUK\nHead of Marketing", "Ann Lee", None),
        ("Ann Lee\nBrands that lead", "Ann Lee", None),
    ],
)
def test_title_of_a_signature(signature: str, name: str, role: str | None) -> None:
    """A title is found in the layouts that people use; a company, a slogan, a badge or a number never is one."""
    assert role_of(signature, name) == role


@given(
    lines=st.lists(
        st.sampled_from(
            [
                "Ann Lee",
                "Head of Marketing",
                "Acme Ltd.",
                "+1 555 0100 Manager",
                "ceo@acme.example",
                "|",
                "-- ",
            ]
        )
        | st.text(max_size=40)
    ),
    name=st.sampled_from(["Ann Lee", "", "Lee, Ann"]),
)
def test_title_is_words_of_the_signature(lines: list[str], name: str) -> None:
    """Whatever a signature holds, its title stands in it, is short, and has no number or address."""
    signature = "\n".join(lines)
    role = role_of(signature, name)

    if role is not None:
        assert 0 < len(role) <= 60
        assert not any(c.isdecimal() or c == "@" for c in role)
        assert all(word in signature for word in role.split())


@pytest.mark.parametrize("piece", ["Manager, ", "Ann | ", "(", " - ", "of the ", "\n", "leiter"])
def test_endless_signature_has_no_title(piece: str) -> None:
    """A hundred kilobytes of one thing are read, and are no title."""
    assert role_of(f"Ann Lee\n{piece * (100_000 // len(piece))}", "Ann Lee") is None
