"""Whose mail it is: the evidence, its order, and when it is not enough."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.address import Address, addresses
from parsers.matching import Evidence, Ground, Match, claims_of, imitators_of, match_workspace, warnings_for
from parsers.workspaces import Agency, Learned, LearnedKind, Workspace, Workspaces, plus_tag

MAYA = "maya@northlight.example"
AGENCY = Agency(name="Northlight", domains=("northlight.example",), inbox="practiq@northlight.example")
ALL = (
    Workspace(
        name="Acme Corp",
        domains=("acme.example", "acme-group.example"),
        contacts=("dana.ruiz@gmail.com",),
        account_manager=MAYA,
    ),
    Workspace(name="Acme Studio", domains=("acme-studio.example",), account_manager=MAYA),
    Workspace(
        name="Brightwater Credit Union",
        domains=("brightwatercu.example",),
        aliases=("BCU",),
        account_manager=MAYA,
    ),
    Workspace(name="Globex Ltd.", account_manager=MAYA),
    Workspace(name="Labs of Acme", domains=("labs.acme.example",), account_manager=MAYA),
)
CLIENTS = Workspaces(agency=AGENCY, all=ALL)
AT = datetime(2026, 11, 12, tzinfo=UTC)
TAUGHT = CLIENTS.taught(
    (
        Learned(
            kind=LearnedKind.ADDRESS, value="rosa@gmail.com", workspace="Globex Ltd.", by="Maya Chen", at=AT
        ),
        Learned(
            kind=LearnedKind.DOMAIN, value="lumen.example", workspace="Globex Ltd.", by="Maya Chen", at=AT
        ),
    )
)


def match(
    authors: str = "", *, others: str = MAYA, clients: Workspaces = TAUGHT, **more: Any
) -> Match | None:
    return match_workspace(Evidence(authors=addresses(authors), others=addresses(others), **more), clients)


# From the strongest to the weakest; each points at another client than the one above it.
LADDER: list[tuple[Ground, str, dict[str, Any]]] = [
    (Ground.CORRECTION, "Acme Studio", {"said": ("Acme Studio", "Maya Chen said so")}),
    (Ground.TAG, "Brightwater Credit Union", {"tags": ("bcu",)}),
    (Ground.CONTACT, "Globex Ltd.", {"authors": "rosa@gmail.com"}),
    (Ground.DOMAIN, "Acme Corp", {"authors": "dana@eu.acme.example"}),
    (Ground.LEARNED_DOMAIN, "Globex Ltd.", {"authors": "hugo@lumen.example"}),
    (Ground.TAG_BY_OTHERS, "Brightwater Credit Union", {"tags_by_others": ("bcu",)}),
    (Ground.RESEMBLANCE, "Globex Ltd.", {"authors": "hank@globex.example"}),
    (Ground.NAME, "Acme Studio", {"subjects": ("Acme Studio: proof 2",)}),
]


@pytest.mark.parametrize(("ground", "client", "evidence"), LADDER, ids=[ground for ground, _, _ in LADDER])
def test_each_kind_of_evidence_points_at_a_client(
    ground: Ground, client: str, evidence: dict[str, Any]
) -> None:
    """And says so in words, with a score; what only resembles is provisional."""
    found = match(**evidence)

    assert found
    assert (found.workspace, found.ground) == (client, ground)
    assert found.because
    assert found.provisional is (ground in (Ground.TAG_BY_OTHERS, Ground.RESEMBLANCE, Ground.NAME))


@pytest.mark.parametrize("rank", [0, 1])
def test_what_a_person_says_decides_against_all_below(rank: int) -> None:
    """A correction, and a colleague's tag, whatever addresses and names point at."""
    _, client, evidence = LADDER[rank]
    below = {key: value for _, _, one in reversed(LADDER[rank + 1 :]) for key, value in one.items()}
    found = match(**{**below, **evidence})

    assert found
    assert found.workspace == client


@pytest.mark.parametrize(
    "evidence",
    [
        {"subjects": ("Acme Studio: proof",)},
        {"signatures": ("Joe\nAcme Studio",)},
        {"tags_by_others": ("bcu",)},
    ],
)
def test_an_address_decides_against_what_only_resembles(evidence: dict[str, Any]) -> None:
    """A domain of the configuration is proof; a name, or an outsider's tag, is none beside it."""
    found = match("dana@acme.example", **evidence)

    assert found
    assert found.workspace == "Acme Corp"


def test_scores_fall_from_the_strongest_to_the_weakest() -> None:
    """So that a person can compare them."""
    scores = [found.score for _, _, evidence in LADDER if (found := match(**evidence))]

    assert scores == sorted(scores, reverse=True)
    assert len(scores) == len(LADDER)


def test_two_clients_by_address_are_none_with_both_named() -> None:
    """In the reason and in the rivals."""
    found = match("dana@acme.example, jo@brightwatercu.example")

    assert found
    assert found.workspace is None
    assert found.rivals == ("Acme Corp", "Brightwater Credit Union")
    assert all(name in found.because for name in found.rivals)


def test_two_clients_close_together_are_none() -> None:
    """By their names, too."""
    found = match("x@y.example", subjects=("Acme Studio and Brightwater Credit Union",))

    assert found
    assert (found.workspace, len(found.rivals)) == (None, 2)


def test_two_clients_of_one_name_are_none() -> None:
    """Whose legal form alone tells them apart."""
    twins = Workspaces(
        agency=AGENCY,
        all=tuple(Workspace(name=name, account_manager=MAYA) for name in ("Orrin Inc", "Orrin GmbH")),
    )
    found = match("x@y.example", subjects=("Orrin poster",), clients=twins)

    assert found
    assert (found.workspace, found.rivals) == (None, ("Orrin GmbH", "Orrin Inc"))


# ---------------------------------------------------------------- domains


@pytest.mark.pitfall("zammad#3687", "Twenty#7315")
def test_a_client_may_have_several_domains() -> None:
    """Each of them files (zammad #3687, Twenty #7315: one domain a client)."""
    assert [
        found and found.workspace for found in map(match, ("a@acme.example", "a@acme-group.example"))
    ] == ["Acme Corp"] * 2


@pytest.mark.promise("P16")
@pytest.mark.pitfall("GSA/touchpoints#2058")
def test_the_longest_domain_decides() -> None:
    """Who is below a client's subdomain is that client's (GSA/touchpoints #2058: the shorter suffix won)."""
    found = match("a@eu.labs.acme.example")

    assert found
    assert found.workspace == "Labs of Acme"


@pytest.mark.pitfall("PostHog/requests-for-comments#201")
@pytest.mark.parametrize(
    "author", ["someone@gmail.com", MAYA, "x@eu.northlight.example", "practiq@northlight.example"]
)
def test_free_mail_and_the_agency_are_nobodys(author: str) -> None:
    """Two strangers at one mail provider are two strangers (PostHog/requests-for-comments #201)."""
    assert match(author) is None
    assert claims_of(addresses(author), TAUGHT) == frozenset()


def test_a_vendors_domain_says_nothing() -> None:
    """Neither learned nor by resemblance; a domain of the configuration is a person's word, and stays."""
    assert match("hugo@lumen.example", vendors=frozenset({"lumen.example"})) is None
    assert match("hank@globex.example", vendors=frozenset({"globex.example"})) is None
    assert match("dana@acme.example", vendors=frozenset({"acme.example"})) is not None


@pytest.mark.parametrize("domain", ["acme-corp.example", "acmecorp.example"])
def test_domains_that_belong_together(domain: str) -> None:
    """A company's domain with its legal form reads like the company; provisionally."""
    alone = Workspaces(agency=AGENCY, all=(Workspace(name="ACME Corporation Ltd.", account_manager=MAYA),))
    for clients in (alone, Workspaces(agency=AGENCY, all=ALL[:1])):
        found = match(f"x@{domain}", clients=clients)
        assert found
        assert (found.ground, found.provisional) == (Ground.RESEMBLANCE, True)


@pytest.mark.parametrize(
    "domain", ["acme-studio.example", "myacme.example", "acmestudio.example", "acme.studio"]
)
def test_domains_that_do_not(domain: str) -> None:
    """A name inside another name is another name."""
    assert match(f"x@{domain}", clients=Workspaces(agency=AGENCY, all=ALL[:1])) is None


def test_an_international_domain_is_one_domain() -> None:
    """As it is written, and as it travels."""
    clients = Workspaces(
        agency=AGENCY, all=(Workspace(name="Müller", domains=("müller.example",), account_manager=MAYA),)
    )
    for domain in ("xn--mller-kva.example", "müller.example", "MÜLLER.example"):
        found = match_workspace(Evidence(authors=(Address(name="", spec=f"a@{domain}"),)), clients)
        assert found
        assert found.ground is Ground.DOMAIN


@pytest.mark.promise("P16")
@pytest.mark.parametrize(
    "domain",
    ["acrne.example", "асме.example", "acme.test", "brightwatercuu.example", "xn--cme-5cd.example"],
    ids=["rn-for-m", "cyrillic", "other-ending", "a-letter-more", "punycode"],
)
def test_a_look_alike_matches_nothing_but_by_a_persons_word(domain: str) -> None:
    """And is warned of (pretix #3278, mastodon #3833)."""
    author = (Address(name="Acme Corp", spec=f"dana@{domain}"),)
    evidence = Evidence(
        authors=author, subjects=("Acme Corp",), tags=("acme-corp",), signatures=("Acme Corp",)
    )

    assert match_workspace(evidence, CLIENTS) is None
    assert imitators_of(author, CLIENTS)
    assert warnings_for(author, CLIENTS)[0].startswith(f"look-alike domain: {domain} resembles ")
    said = match_workspace(Evidence(authors=author, said=("Acme Corp", "Maya said so")), CLIENTS)
    assert said
    assert said.workspace == "Acme Corp"


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    "evidence",
    [
        {"authors": '"Globex" <x@y.example>'},
        {"authors": '"Hank Orr | Globex" <x@y.example>'},
        {"authors": '"Hank Orr (Globex Ltd.)" <x@y.example>'},
        {"signatures": ("Hank Orr\nBuyer, GLOBEX\n+1 555 0100",)},
        {"signatures": ("Hank Orr • Globex Ltd • Berlin",)},
        {"subjects": ("Globex: new labels",)},
    ],
)
def test_a_name_by_itself_points_at_its_client(evidence: dict[str, Any]) -> None:
    """A display name or a line of a signature that is it, or a part between marks; and a subject that holds it."""
    found = match(**{"authors": "x@y.example", **evidence})

    assert found
    assert found.workspace == "Globex Ltd."


@pytest.mark.parametrize(
    "evidence",
    [
        {"authors": '"ACME Corporation Ltd." <x@y.example>'},
        {"signatures": ("Dana Ruiz, Acme Corporation",)},
        {"subjects": ("ACME Corporation Ltd.: proof 2",)},
    ],
)
def test_a_legal_form_makes_no_other_company(evidence: dict[str, Any]) -> None:
    """Of a short name, too, which by itself is a word like others."""
    found = match(**{"authors": "x@y.example", **evidence})

    assert found
    assert found.workspace == "Acme Corp"


@pytest.mark.parametrize(
    "evidence",
    [
        {"authors": '"Globexa" <x@y.example>'},
        {"authors": '"Friends of Globex" <x@y.example>'},
        {"signatures": ("Proud printers of Globex and others",)},
        {"subjects": ("globexes",)},
        {"subjects": ("bcu signage",)},
    ],
)
def test_a_name_inside_other_words_points_at_nobody(evidence: dict[str, Any]) -> None:
    """Mere containment is no evidence, and an acronym counts as it is written."""
    assert match(**{"authors": "x@y.example", **evidence}) is None


@pytest.mark.parametrize(
    ("spec", "tag"),
    [
        ("practiq+acme@northlight.example", "acme"),
        ("practiq@northlight.example", None),
        ("practiq+acme@evil.example", None),
        ("maya+acme@northlight.example", None),
        ("practiq+@northlight.example", None),
    ],
)
def test_a_plus_tag_is_of_our_inbox_alone(spec: str, tag: str | None) -> None:
    """What stands behind the plus of exactly our address."""
    assert plus_tag(Address(name="", spec=spec), AGENCY) == tag


@pytest.mark.parametrize("tag", ["acme-corp", "acmecorp", "acme", "ACME"])
def test_a_tag_is_a_clients_name(tag: str) -> None:
    """With or without its legal form, run together or not."""
    found = match(tags=(tag,))

    assert found
    assert found.workspace == "Acme Corp"


def test_a_tag_of_nobody_is_no_evidence() -> None:
    """Other evidence decides then."""
    assert match(tags=("nobody",)) is None


# ---------------------------------------------------------------- properties

PEOPLE = st.lists(
    st.sampled_from(
        ["dana@acme.example", "rosa@gmail.com", "x@y.example", "Globex <a@b.example>", "jo@brightwatercu.example",
         "hugo@lumen.example", "x@acme-corp.example", "dana@acrne.example", MAYA]
    ),
    max_size=4,
)  # fmt: skip
SUBJECTS = st.lists(
    st.sampled_from(["Acme Studio", "Globex labels", "Hello", "BCU", "Brightwater Credit Unoin"]), max_size=3
)


@given(PEOPLE, PEOPLE, SUBJECTS, st.randoms(use_true_random=False))
def test_the_order_of_evidence_and_clients_changes_nothing(
    authors: list[str], others: list[str], subjects: list[str], chance: random.Random
) -> None:
    """The same evidence is the same match."""

    def found(mix: bool) -> Match | None:
        def order(some: list[Any]) -> list[Any]:
            return chance.sample(some, len(some)) if mix else some

        clients = Workspaces(agency=AGENCY, all=tuple(order(list(ALL)))).taught(TAUGHT.learned)
        evidence = Evidence(
            authors=addresses(", ".join(order(authors))),
            others=addresses(", ".join(order(others))),
            subjects=tuple(order(subjects)),
        )
        return match_workspace(evidence, clients)

    assert found(mix=True) == found(mix=False)


@given(st.text(), st.text(), st.text(), st.text())
def test_matching_is_total(author: str, subject: str, signature: str, tag: str) -> None:
    """Whatever a mail says, matching ends in a match with a reason, or in none."""
    evidence = Evidence(authors=addresses(author), subjects=(subject,), signatures=(signature,), tags=(tag,))
    found = match_workspace(evidence, TAUGHT)

    assert found is None or found.because
