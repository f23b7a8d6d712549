"""Whose thread, and which side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.address import Address, addresses
from parsers.company_names import folded
from parsers.matching import Evidence as People
from parsers.matching import match_workspace, warnings_for
from parsers.workspaces import (
    Agency,
    Side,
    Workspace,
    Workspaces,
    side_of,
)

MAYA = "maya@northlight.example"
AGENCY = Agency(name="Northlight", domains=("northlight.example",), inbox="practiq@northlight.example")
CLIENTS = Workspaces(
    agency=AGENCY,
    all=(
        Workspace(
            name="Acme Corp",
            domains=("acme.example", "mail.acme-group.co.uk"),
            aliases=("Acme Group",),
            contacts=("dana.ruiz@gmail.com",),
            account_manager=MAYA,
        ),
        Workspace(
            name="Brightwater Credit Union",
            domains=("brightwatercu.example",),
            aliases=("BCU",),
            account_manager=MAYA,
        ),
        Workspace(name="Brightwater Brewing", domains=("brightwaterbrewing.example",), account_manager=MAYA),
        Workspace(name="Globex Ltd.", account_manager=MAYA),
    ),
)


def match(authors: str, subject: str = "", others: str = MAYA) -> tuple[str | None, str] | None:
    people = People(authors=addresses(authors), others=addresses(others), subjects=(subject,))
    found = match_workspace(people, CLIENTS)
    return found and (found.workspace, found.because)


@pytest.mark.parametrize(
    ("authors", "subject", "workspace"),
    [
        ("Dana <dana@acme.example>", "", "Acme Corp"),
        ("Dana <dana@eu.acme.example>", "", "Acme Corp"),
        ("Dana <dana@acme-group.co.uk>", "", "Acme Corp"),
        ("Dana <dana.ruiz@gmail.com>", "", "Acme Corp"),
        ("Hank <hank@globex.example>", "", "Globex Ltd."),
        ("Globex <hello@gmail.com>", "", "Globex Ltd."),
        (MAYA, "Brightwater Credit Union rates page", "Brightwater Credit Union"),
        ("printer@cartons.example", "Acme Group: proof 2", "Acme Corp"),
        ("printer@cartons.example", "BCU signage", "Brightwater Credit Union"),
    ],
    ids=[
        "domain", "subdomain", "registrable", "contact", "name-as-domain", "name-as-display",
        "named-by-us", "named-by-vendor", "acronym",
    ],
)  # fmt: skip
def test_evidence_points_at_a_client(authors: str, subject: str, workspace: str) -> None:
    """An address, a domain or a name files the thread, and says so."""
    found = match(authors, subject)

    assert found is not None
    assert found[0] == workspace
    assert found[1]


@pytest.mark.parametrize(
    ("authors", "subject"),
    [
        ("Ann <ann@acme-studio.example>", ""),
        ("Ann <ann@notacme.example>", ""),
        ("Ann <ann@gmail.com>", "hello"),
        (MAYA, "tacos or dumplings"),
        ("Ann <ann@elsewhere.example>", "bcu signage"),
        ("Ann <ann@elsewhere.example>", "Brightwater"),
        ("Ann <ann@elsewhere.example>", "An acme of style"),
    ],
    ids=["longer-name", "suffix", "free-mail", "internal", "acronym-in-small", "half-a-name", "common-word"],
)
def test_no_evidence_is_none(authors: str, subject: str) -> None:
    """What only resembles a client is nobody's."""
    assert match(authors, subject) is None


def test_two_clients_on_a_thread_are_none_with_both_named() -> None:
    """Two companies by address: no workspace, and the reason names them."""
    found = match("dana@acme.example, jo@brightwatercu.example")

    assert found is not None
    assert found[0] is None
    assert "Acme Corp" in found[1]
    assert "Brightwater Credit Union" in found[1]


@pytest.mark.parametrize(
    "domain",
    ["brightvvatercu.example", "brightwatecu.example", "brightwatercu.test", "xn--brghtwatercu-gfb.example"],
    ids=["vv-for-w", "a-letter-less", "other-ending", "punycode"],
)
def test_an_imitated_domain_is_warned_of_and_matches_nothing(domain: str) -> None:
    """Who imitates a client's domain is filed nowhere, whatever the subject names."""
    author = Address(name="Janet", spec=f"janet@{domain}")

    assert match(f"janet@{domain}", "Brightwater Credit Union - new bank details") is None
    assert warnings_for([author], CLIENTS) == (
        f"look-alike domain: {domain} resembles brightwatercu.example",
    )


def test_our_own_typing_error_still_files_the_thread() -> None:
    """A recipient whom we mistyped proves nothing, and takes nothing away."""
    assert match(f"{MAYA}, jo@brightwatercu.example", others="jo@brightwatrecu.example") is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Corp", "ACME Corporation Ltd."),
        ("Oakes & Vale", "Oakes and Vale"),
        ("Hartmann Küchen GmbH", "hartmann kuchen"),
    ],
)
def test_names_fold_together(one: str, other: str) -> None:
    """Legal form, case, accents and the ampersand make no other company."""
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("spec", "side"),
    [
        (MAYA, Side.AGENCY),
        ("x@eu.northlight.example", Side.AGENCY),
        ("x@notnorthlight.example", Side.CLIENT),
        ("x@northlight.example.evil.example", Side.CLIENT),
    ],
)
def test_side(spec: str, side: Side) -> None:
    """The agency is who writes from its domains or below them, and nobody else."""
    assert side_of(Address(name="", spec=spec), AGENCY) is side


@given(st.text(), st.text())
def test_matching_is_total(author: str, subject: str) -> None:
    """Whatever a mail says, matching ends in a match or in none."""
    found = match(author, subject)

    assert found is None or found[1]
