"""A yes that may be somebody else's is none: it is shown as a warning, and asks for a question to the client."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from parsers.workspaces import Workspaces
from tests.agency import DANA, HANK, MAYA, MX, mail
from tests.filed import Cabinet, cabinet

pytestmark = pytest.mark.both_databases

ASKED = mail(MAYA, "Are you happy with the layouts? Please approve.", to=DANA)
LATER = "2026-11-10T10:00:00-05:00"
FAILED = f"{MX}; dmarc=fail header.from=acme.example"


def asked_and(folder: Path, *answers: bytes) -> tuple[Cabinet, dict[str, object], list[str]]:
    """The thread with these answers: its cabinet's lines, its state and the warnings on it."""
    with cabinet(folder) as at:
        at.take(ASKED, *answers)
        warnings = [words for one in at.messages().values() for words in one["warnings"]]
        return at, at.thread(ASKED), warnings


@pytest.mark.promise("P17")
@pytest.mark.parametrize(
    ("more", "because"),
    [
        ({"verdict": FAILED}, "does not vouch"),
        ({"verdict": f"{MX}; dmarc=pass header.from=acme.example.evil"}, "does not vouch"),
        ({"fields": {"Reply-To": "dana@acme-billing.test"}}, "answers go elsewhere"),
    ],
    ids=["dmarc-fails", "another-domain-passes", "reply-to-elsewhere"],
)
def test_doubtful_yes_is_no_go_ahead(tmp_path: Path, more: dict[str, str], because: str) -> None:
    """It asks for an answer, unsure, and is told as a warning; the same yes in order is a go-ahead."""
    yes = "Approved, please go to print."
    _, state, warnings = asked_and(tmp_path, mail(DANA, yes, to=MAYA, answers=ASKED, at=LATER, **more))  # type: ignore[arg-type]
    (tmp_path / "good").mkdir()
    _, good, none = asked_and(tmp_path / "good", mail(DANA, yes, to=MAYA, answers=ASKED, at=LATER))

    assert state["action"] == "respond"
    assert "unverified" in str(state["because"])
    assert any("unverified approval" in one and because in one for one in warnings)
    assert (good["action"], none) == ("proceed", [])


@pytest.mark.promise("P17")
def test_doubtful_yes_ends_no_stop(tmp_path: Path) -> None:
    """Who stopped the work has not started it again by a mail that anybody may have written."""
    stop = mail(
        DANA, "Please stop, we withdraw our approval.", to=MAYA, answers=ASKED, at="2026-11-10T10:00:00-05:00"
    )
    yes = mail(
        DANA,
        "Approved, please go to print.",
        to=MAYA,
        answers=ASKED,
        at="2026-11-10T11:00:00-05:00",
        verdict=FAILED,
    )
    _, state, _ = asked_and(tmp_path, stop, yes)

    assert state["action"] == "stop"


@pytest.mark.promise("P17")
def test_reply_to_of_the_same_house_is_no_doubt(tmp_path: Path) -> None:
    """An assistant's address at the client, or the agency's own, is where people want their answers."""
    yes = mail(
        DANA,
        "Approved, please go to print.",
        to=MAYA,
        answers=ASKED,
        fields={"Reply-To": "office@mail.acme.example"},
        at=LATER,
    )
    _, state, warnings = asked_and(tmp_path, yes)

    assert (state["action"], warnings) == ("proceed", [])


@pytest.mark.promise("P16")
@pytest.mark.pitfall("pretix#3278", "mastodon#3833")
@pytest.mark.parametrize(
    "domain",
    [
        "globex.test",
        "g1obex.example",
        "globexx.example",
        "gl\u043ebex.example".encode("idna").decode(),
        "acme.exarnple",
    ],
    ids=["other-ending", "digit", "one-letter", "cyrillic", "acme-other-ending"],
)
def test_imitated_domain_says_yes_in_vain(tmp_path: Path, domain: str) -> None:
    """What looks like the client's domain speaks for nobody: its yes changes nothing, and is a warning."""
    asked = mail(MAYA, "Are you happy with the layouts? Please approve.", to=HANK)
    yes = mail(f"hank@{domain}", "Approved, please go to print.", to=MAYA, answers=asked, at=LATER)
    with cabinet(tmp_path) as at:
        at.take(asked, yes)
        said = at.messages()
        states = {one["action"] for one in at.threads().values()}
        warnings = [words for one in said.values() for words in one["warnings"]]

    assert "proceed" not in states
    assert any("resembles" in one for one in warnings)
    assert len(said) == 2


@pytest.mark.promise("P16")
def test_yes_of_somebody_unknown_is_unsure(tmp_path: Path) -> None:
    """A printer in copy does not speak for the client, whoever's the thread is; a listed contact does."""
    copied = mail(DANA, "Bob from our printers is in copy.", to=f"{MAYA}, bob@else.test", answers=ASKED)
    yes = mail("bob@else.test", "Approved, please go to print.", to=MAYA, answers=copied, at=LATER)
    with cabinet(tmp_path) as at:
        at.take(ASKED, copied, yes)
        unknown = at.thread(ASKED)
        at.assign(ASKED, "Acme Corp")
        told = at.thread(ASKED)
        office = at.app.office
        acme, *others = office.workspaces.all
        listed = (replace(acme, contacts=("bob@else.test",)), *others)
        changed = replace(office, workspaces=Workspaces(agency=office.agency, all=listed))
        by_config = Cabinet(replace(at.app, office=changed)).take().thread(ASKED)

    seen = [(one["action"], one["unsure"]) for one in (unknown, told, by_config)]
    assert seen == [("proceed", True), ("proceed", True), ("proceed", False)]


@pytest.mark.promise("P18")
@pytest.mark.parametrize(
    ("author", "verdict", "counts"),
    [
        (MAYA, None, True),
        (MAYA, f"{MX}; dmarc=fail header.from=northlight.example", False),
        ("stranger@else.test", None, False),
    ],
    ids=["colleague", "forged-colleague", "stranger"],
)
def test_forward_counts_by_who_forwards(
    tmp_path: Path, author: str, verdict: str | None, counts: bool
) -> None:
    """The yes inside is the client's only where one of the agency passes it on."""
    words = (
        "FYI\n\n---------- Forwarded message ---------\nFrom: Dana Ruiz <dana@acme.example>\n"
        "Date: Tue, Nov 10, 2026 at 9:30 AM\nSubject: Spring layouts\nTo: <maya@northlight.example>\n\n"
        "Approved, please go to print.\n"
    )
    forward = mail(
        author, words, to="practiq@northlight.example", cc="", subject="Fwd: Spring layouts", verdict=verdict
    )
    with cabinet(tmp_path) as at:
        at.take(forward)
        states = {one["action"] for one in at.threads().values()}

    assert ("proceed" in states) is counts
