"""What a correction teaches, and what it must not."""

from __future__ import annotations

import pytest

from parsers.address import addresses
from parsers.lessons import Lessons, lessons_of
from parsers.workspaces import Agency, LearnedKind, Workspace, Workspaces

MAYA = "maya@northlight.example"
CLIENTS = Workspaces(
    agency=Agency(name="Northlight", domains=("northlight.example",), inbox="practiq@northlight.example"),
    all=(
        Workspace(name="Acme Corp", domains=("acme.example",), account_manager=MAYA),
        Workspace(name="Globex", contacts=("hank@gmail.com",), account_manager=MAYA),
    ),
)
ADDRESS, DOMAIN = LearnedKind.ADDRESS, LearnedKind.DOMAIN


def taught(people: str, workspace: str = "Globex", **used_by: set[str]) -> Lessons:
    """What follows from "this thread is Globex's"; `used_by` has a domain's first label."""
    used = {name.replace("__", "@").replace("_", "."): clients for name, clients in used_by.items()}
    return lessons_of(addresses(people), workspace, CLIENTS, used_by=used)


def test_an_address_and_its_domain_are_learned() -> None:
    """The registrable domain, of whichever host they write from."""
    assert taught("Hugo <Hugo@mail.lumen.example>") == Lessons(
        learned=((ADDRESS, "hugo@mail.lumen.example"), (DOMAIN, "lumen.example"))
    )


@pytest.mark.parametrize("people", ["rosa@gmail.com", "rosa@web.de"])
def test_of_free_mail_the_address_alone(people: str) -> None:
    """A provider is nobody's."""
    assert taught(people).learned == ((ADDRESS, people),)


def test_a_domain_that_others_use_is_not_learned() -> None:
    """It stays with nobody, and says whose mail has it, too; the client's own use is no hindrance."""
    shared = taught("joe@cartons.example", cartons_example={"Acme Corp", "Globex"})

    assert shared.learned == ((ADDRESS, "joe@cartons.example"),)
    assert "Acme Corp" in shared.refused[0]
    assert len(taught("joe@cartons.example", cartons_example={"Globex"}).learned) == 2


def test_an_address_on_anothers_mail_is_not_learned() -> None:
    """Who writes to two clients of ours speaks for neither."""
    lessons = taught("joe@cartons.example", joe__cartons_example={"Acme Corp"})

    assert lessons.learned == ()
    assert "Acme Corp" in lessons.refused[0]


def test_what_the_configuration_says_stands() -> None:
    """An address of another client is not learned; what is known as this client's needs no lesson."""
    assert taught("dana@acme.example").learned == ()
    assert "stays with Acme Corp" in taught("dana@acme.example").refused[0]
    assert taught("hank@gmail.com") == Lessons()


def test_a_look_alike_is_not_learned() -> None:
    """Whoever is taken in by it teaches nothing."""
    lessons = taught("dana@acrne.example", "Acme Corp")

    assert lessons.learned == ()
    assert "resembles acme.example" in lessons.refused[0]


def test_our_own_people_are_not_learned() -> None:
    """The agency is nobody's client."""
    assert taught(f"Maya <{MAYA}>") == Lessons()
