"""A person says whose mail is: it moves, practiq learns, earlier mail follows, and all of it can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from service.app import office_of
from service.config import load
from service.corrections import learned_lines
from service.reread import reread
from tests.agency import DANA, MAYA, SAM, id_of, mail, write_config
from tests.filed import NOW, Cabinet, cabinet

pytestmark = pytest.mark.both_databases

HUGO, IRIS = "hugo@lumen-studio.example", "iris@lumen-studio.example"
FREE = "rosa@gmail.com"
PRINTER, PLATES = "joe@cartons.example", "ann@cartons.example"


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Cabinet]:
    """Nothing filed yet."""
    with cabinet(tmp_path) as one:
        yield one


def learned(inbox: Cabinet) -> dict[str, str]:
    """What was learned: an address or a domain, and whose it is."""
    return {line["value"]: line["workspace"] for line in learned_lines(inbox.app)}


def test_a_correction_moves_the_thread_and_files_earlier_mail_again(inbox: Cabinet) -> None:
    """The address and its domain are learned; earlier mail of both follows, and so does what comes later."""
    now, before = (
        mail(HUGO, "Could you send the logo?", subject="Logo"),
        mail(HUGO, "Hello again.", subject="Booth"),
    )
    colleague = mail(IRIS, "Is the booth paid?", subject="Booth costs")
    inbox.take(before, colleague, now)
    assert {inbox.client(one) for one in (before, colleague, now)} == {None}

    done = inbox.assign(now, "Globex")

    assert {inbox.client(one) for one in (before, colleague, now)} == {"Globex"}
    assert learned(inbox) == {HUGO: "Globex", "lumen-studio.example": "Globex"}
    assert sorted(one.subject for one in done.moves) == ["Booth", "Booth costs", "Logo"]
    later = mail("new@lumen-studio.example", "Hello, I am new here.", subject="New")
    assert inbox.take(later).client(later) == "Globex"
    assert "Maya Chen said" in inbox.messages()[id_of(later)]["match"]["because"]


def test_undo_puts_all_back(inbox: Cabinet) -> None:
    """What was filed, what was learned and what followed from it is as before."""
    mails = [
        mail(HUGO, "Could you send the logo?", subject="Logo"),
        mail(IRIS, "Is the booth paid?", subject="Booth costs"),
    ]
    before = inbox.take(*mails).said()
    inbox.assign(mails[0], "Globex")

    done = inbox.undo()

    assert inbox.said() == before
    assert learned(inbox) == {}
    assert done
    assert set(done.forgotten) == {HUGO, "lumen-studio.example"}
    assert inbox.undo() is None


def test_undo_brings_the_correction_before_it_back(inbox: Cabinet) -> None:
    """Of two corrections the later one holds, until it is taken back."""
    raw = mail(HUGO, "Could you send the logo?", subject="Logo")
    inbox.take(raw)
    inbox.assign(raw, "Globex")
    inbox.assign(raw, "Acme Corp", at=NOW + timedelta(minutes=1))
    assert inbox.client(raw) == "Acme Corp"
    assert learned(inbox)[HUGO] == "Acme Corp"

    inbox.undo()

    assert inbox.client(raw) == "Globex"
    assert learned(inbox)[HUGO] == "Globex"


def test_undo_takes_back_ones_own_orders_alone(inbox: Cabinet) -> None:
    """What another account manager said stays."""
    raw = mail(HUGO, "Could you send the logo?", subject="Logo")
    inbox.take(raw)
    inbox.assign(raw, "Globex", by=MAYA)

    assert inbox.undo(by=SAM) is None
    assert inbox.client(raw) == "Globex"


def test_a_free_mail_address_teaches_nothing_of_its_provider(inbox: Cabinet) -> None:
    """Only the address is learned."""
    raw = mail(FREE, "Could you send the logo?", subject="Logo")
    inbox.take(raw)
    inbox.assign(raw, "Globex")

    assert learned(inbox) == {FREE: "Globex"}


def test_a_domain_that_others_use_is_not_learned(inbox: Cabinet) -> None:
    """A printer who is on another client's mail is that client's no less: the address is learned, the domain is not."""
    asked = mail(MAYA, "Dana, Ann has the plates.", to=DANA, cc=f"{PLATES}, practiq@northlight.example")
    raw = mail(PRINTER, "Two hundred boxes are ready.", subject="Boxes")
    inbox.take(asked, raw)
    done = inbox.assign(raw, "Globex")

    assert learned(inbox) == {PRINTER: "Globex"}
    assert "Acme Corp" in " ".join(done.lessons.refused)


def test_a_learned_domain_of_a_vendor_is_believed_no_longer(inbox: Cabinet) -> None:
    """Once people of it write on another client's threads, too, the domain says nothing; in whichever order that is known."""
    boxes = mail(PRINTER, "Two hundred boxes are ready.", subject="Boxes")
    other = mail(PLATES, "Could you check the plates?", subject="Plates")
    asked = mail(MAYA, "Dana, do we have your approval?", to=DANA)
    joined = mail(
        PLATES,
        "Plates are waiting for this.",
        to=f"{MAYA}, {DANA}",
        subject="Re: Spring layouts",
        answers=asked,
    )
    inbox.take(boxes, other)
    inbox.assign(boxes, "Globex")
    assert inbox.client(other) == "Globex"

    inbox.take(asked, joined)

    assert (inbox.client(boxes), inbox.client(other), inbox.client(joined)) == ("Globex", None, "Acme Corp")


def test_what_the_configuration_says_is_not_unlearned(inbox: Cabinet) -> None:
    """A thread of Acme's people may be Globex's for once; their address stays Acme's."""
    raw = mail(DANA, "For Hank's project: could you send the logo?", subject="Logo")
    later = mail(DANA, "And now for us.", subject="Poster")
    inbox.take(raw)
    done = inbox.assign(raw, "Globex")
    inbox.take(later)

    assert (inbox.client(raw), inbox.client(later)) == ("Globex", "Acme Corp")
    assert learned(inbox) == {}
    assert f"{DANA} stays with Acme Corp" in done.lessons.refused[0]


def test_a_look_alike_is_not_learned(inbox: Cabinet) -> None:
    """Whoever is taken in by an imitated domain files one thread, and teaches nothing; nothing in it is believed."""
    forged = mail(
        "dana@acrne.example", "Approved, go ahead. Please use the new bank account.", subject="Account"
    )
    inbox.take(forged)
    done = inbox.assign(forged, "Acme Corp")
    line = inbox.messages()[id_of(forged)]

    assert learned(inbox) == {}
    assert "resembles acme.example" in done.lessons.refused[0]
    assert (line["signals"], line["warnings"] != []) == ([], True)


def test_a_vendor_who_joined_later_is_not_learned(inbox: Cabinet) -> None:
    """Who wrote first from outside is the client; a printer who answered is not."""
    asked = mail(HUGO, "Could you print two hundred?", to=f"{MAYA}, {PRINTER}", subject="Cards")
    answer = mail(
        PRINTER, "Yes, by Friday.", to=f"{MAYA}, {HUGO}", subject="Re: Cards", answers=asked, at=NOW
    )
    inbox.take(asked, answer)
    inbox.assign(asked, "Globex")

    assert set(learned(inbox)) == {HUGO, "lumen-studio.example"}


def test_whom_we_wrote_to_is_learned_where_nobody_answered_yet(inbox: Cabinet) -> None:
    """A thread that has only our own words is of the one person it went to; of two, nobody is learned."""
    one = mail(MAYA, "Hugo, nice to meet you.", to=HUGO, subject="Hello from us")
    two = mail(MAYA, "Dear both, nice to meet you.", to=f"{FREE}, {PRINTER}", subject="Hello to both")
    inbox.take(one, two)
    inbox.assign(one, "Globex")
    inbox.assign(two, "Globex")

    assert set(learned(inbox)) == {HUGO, "lumen-studio.example"}
    assert inbox.client(two) == "Globex"


def test_who_taught_what_and_when_is_listed(inbox: Cabinet) -> None:
    """Each lesson has its teacher and its time."""
    raw = mail(HUGO, "Could you send the logo?", subject="Logo")
    inbox.take(raw)
    inbox.assign(raw, "Globex")
    first = next(learned_lines(inbox.app))

    assert first["by"] == "Maya Chen"
    assert first["at"] == NOW.isoformat()


def test_the_order_of_mail_and_correction_changes_nothing(inbox: Cabinet) -> None:
    """Mail that came before a correction and mail that comes after it are filed alike."""
    mails = [
        mail(HUGO, "Could you send the logo?", subject="Logo"),
        mail(IRIS, "Is the booth paid?", subject="Booth costs"),
        mail(PLATES, "Plates?", subject="Plates"),
    ]
    inbox.take(*mails)
    inbox.assign(mails[0], "Globex")
    after = inbox.said()
    inbox.empty().take(mails[0])
    inbox.assign(mails[0], "Globex")
    inbox.take(*mails[1:])

    assert inbox.said() == after


def test_reading_anew_keeps_what_people_said(inbox: Cabinet) -> None:
    """Corrections are tied to the mail itself, so that a reread changes nothing."""
    mails = [
        mail(HUGO, "Could you send the logo?", subject="Logo"),
        mail(IRIS, "Is the booth paid?", subject="Costs"),
    ]
    inbox.take(*mails)
    inbox.assign(mails[0], "Globex")

    assert reread(inbox.app, None) == []
    assert {inbox.client(one) for one in mails} == {"Globex"}


@pytest.mark.pitfall("zammad#1512", "mailflow#468")
def test_a_changed_configuration_files_earlier_mail_again(inbox: Cabinet, tmp_path: Path) -> None:
    """
    A domain that is added later finds the mail that came before it, and one that is removed lets it go.

    Filed only when the sender is first seen: zammad #1512. A rule mended for new mail only: mailflow #468.
    """
    raw = mail(HUGO, "Could you send the logo?", subject="Logo")
    inbox.take(raw)
    first = inbox.app.office
    path = write_config(tmp_path)
    path.write_text(path.read_text().replace('"globex.example"', '"globex.example", "lumen-studio.example"'))

    inbox.app = replace(inbox.app, office=office_of(load(path, {})))
    assert inbox.take().client(raw) == "Globex"
    inbox.app = replace(inbox.app, office=first)
    assert inbox.take().client(raw) is None
