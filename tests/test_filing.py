"""Mail filed onto its thread and to its client, in whichever order it comes."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.agency import DANA, HANK, INBOX, MAYA, MX, SAM, id_of, mail
from tests.filed import NOW, Cabinet, cabinet
from tests.mailbox.evaluate import config_of

pytestmark = pytest.mark.both_databases

MAILBOX = Path(__file__).parent / "mailbox"
PRINTER = "joe@cartons.example"
FREE = "rosa@gmail.com"


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Cabinet]:
    """Nothing filed yet."""
    with cabinet(tmp_path) as one:
        yield one


# ---------------------------------------------------------------- any order


@pytest.mark.promise("P8")
@pytest.mark.parametrize("seed", range(3))
def test_the_labelled_mailbox_is_the_same_in_any_order(tmp_path: Path, seed: int) -> None:
    """Messages, threads, matches and states do not depend on the order in which two hundred mails come."""
    agency = json.loads((MAILBOX / "agency.json").read_text(encoding="utf-8"))
    config = tmp_path / "config.toml"
    config.write_text(config_of(agency, tmp_path), encoding="utf-8")
    raws = [one.read_bytes() for one in sorted((MAILBOX / "mail").glob("*.eml"))]
    shuffled = random.Random(seed).sample(raws, len(raws))
    with cabinet(tmp_path, config=config) as one:
        in_order = one.take(*raws).said()

        assert one.empty().take(*shuffled).said() == in_order


PEOPLE = (DANA, HANK, MAYA, PRINTER, FREE, "dana@acrne.example")


def made(number: int, author: str, to: str, subject: str, days: int, names: list[int], quotes: bool) -> bytes:
    """One of the mails that a property is tried with; it names others by their number."""
    words = "Yes, please go ahead." + (
        "\n\nOn Tuesday somebody wrote:\n> Shall we go ahead?" if quotes else ""
    )
    named = " ".join(f"<{one}@any.example>" for one in names)
    fields = {"References": named} if named else {}
    raw = mail(author, words, to=to, subject=subject, at=NOW - timedelta(days=60 - days), fields=fields)
    return raw.replace(id_of(raw).encode(), f"<{number}@any.example>".encode())


mails = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.sampled_from((MAYA, DANA, HANK, f"{MAYA}, {DANA}, {HANK}", f"{SAM}, {FREE}")),
        st.sampled_from(("Spring", "Re: Spring", "AW: Autumn", "Re: Invoice", "Globex: labels")),
        st.integers(0, 40),
        st.lists(st.integers(0, 5), max_size=2),
        st.booleans(),
    ),
    min_size=2,
    max_size=5,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mails, st.randoms(use_true_random=False))
def test_any_mail_is_the_same_in_any_order(
    inbox: Cabinet, written: list[tuple[str, str, str, int, list[int], bool]], chance: random.Random
) -> None:
    """Whoever writes what to whom, and whatever it names: the order of arrival changes nothing."""
    raws = [made(number, *one) for number, one in enumerate(written)]
    shuffled = chance.sample(raws, len(raws))

    in_order = inbox.empty().take(*raws).said()

    assert inbox.empty().take(*shuffled).said() == in_order


def test_of_two_copies_the_same_one_speaks(inbox: Cabinet) -> None:
    """Of copies of one message the one that our server vouches for counts, whichever came first."""
    ours = mail(DANA, "Approved, please go ahead.")
    forged = ours.replace(b"dmarc=pass", b"dmarc=fail")

    said = inbox.take(ours, forged).said()

    assert inbox.empty().take(forged, ours).said() == said
    assert inbox.messages()[id_of(ours)]["verified"] is True


# ---------------------------------------------------------------- late parents


def halves() -> tuple[bytes, bytes, bytes]:
    """A mail of ours, and two answers that share nobody but us: without it two threads."""
    asked = mail(
        MAYA, "Dana, Joe, please both look at the proof.", to=f"{DANA}, {PRINTER}", subject="Proof 4"
    )
    dana = mail(
        DANA,
        "Looks fine to me, go ahead.",
        subject="Re: Proof 4",
        answers=asked,
        at="2026-11-11T09:00:00-05:00",
    )
    joe = mail(
        PRINTER, "Plates are ready.", subject="Re: Proof 4", answers=asked, at="2026-11-12T09:00:00-05:00"
    )
    return asked, dana, joe


def test_a_late_parent_joins_the_halves(inbox: Cabinet) -> None:
    """Two answers whose question comes after them are one thread then, the client's."""
    asked, dana, joe = halves()
    inbox.take(dana, joe)
    assert not inbox.together(dana, joe)
    assert inbox.client(joe) is None

    inbox.take(asked)

    assert inbox.together(asked, dana, joe)
    assert inbox.client(joe) == "Acme Corp"
    assert len(inbox.threads()) == 1


def test_a_snooze_survives_the_join(inbox: Cabinet) -> None:
    """What was snoozed stays so when its thread becomes part of another."""
    asked, dana, joe = halves()
    inbox.take(dana, joe)
    inbox.snooze(dana, NOW + timedelta(days=3))

    inbox.take(asked)

    assert inbox.thread(joe)["snoozed_until"] is not None


def test_a_correction_survives_the_join(inbox: Cabinet) -> None:
    """What a person said of one half holds for the whole."""
    asked, dana, joe = halves()
    inbox.take(dana, joe)
    inbox.assign(joe, "Acme Corp")

    inbox.take(asked)

    assert inbox.together(asked, dana, joe)
    assert inbox.messages()[id_of(dana)]["match"]["ground"] == "correction"


def test_a_thread_keeps_the_names_that_it_had(inbox: Cabinet) -> None:
    """A script that noted a thread's name finds it after an earlier mail came, and after it became part of another."""
    asked, dana, _joe = halves()
    inbox.take(dana)
    noted = inbox.messages()[id_of(dana)]["thread"]

    inbox.take(asked)

    assert inbox.thread(dana)["thread"] != noted
    assert inbox.named(noted) == inbox.thread(dana)["thread"]
    assert inbox.named("0" * 16) is None


# ---------------------------------------------------------------- one client's words never in another's file


def test_an_answer_of_another_client_is_kept_apart_and_flagged(inbox: Cabinet) -> None:
    """Who answers another client's mail has a thread of their own, and both are told apart in words."""
    asked = mail(MAYA, "Dana, do we have your approval?", to=DANA)
    stray = mail(HANK, "Approved, go ahead.", to=MAYA, subject="Re: Spring layouts", answers=asked)
    inbox.take(asked, stray)

    assert (inbox.client(asked), inbox.client(stray)) == ("Acme Corp", "Globex")
    assert inbox.messages()[id_of(stray)]["warnings"] == [
        "kept apart: it answers “Spring layouts”, which is another client's"
    ]
    assert inbox.thread(asked)["action"] != "proceed"


def test_two_clients_on_a_thread_are_nobodys_with_both_named(inbox: Cabinet) -> None:
    """A mail to two clients belongs to neither until a person says so."""
    both = mail(MAYA, "Dana, Hank, shall we share the booth?", to=f"{DANA}, {HANK}")
    match = inbox.take(both).messages()[id_of(both)]["match"]

    assert inbox.client(both) is None
    asks = mail(
        HANK,
        "Maya, which of us shall book it?",
        to=f"{MAYA}, {DANA}",
        subject="Re: Spring layouts",
        answers=both,
        at=NOW,
    )
    assert inbox.take(asks).thread(both)["waiting_on"] == "agency"
    assert sorted(match["rivals"]) == ["Acme Corp", "Globex"]
    assert "Acme Corp" in match["because"]
    assert "Globex" in match["because"]


@pytest.mark.promise("P16")
def test_an_imitated_domain_is_never_believed(inbox: Cabinet) -> None:
    """Who imitates a client's domain gets into no client's thread, is warned of, and approves nothing, even as an answer."""
    asked = mail(MAYA, "Dana, do we have your approval?", to=DANA)
    forged = mail(
        "dana@acrne.example", "Approved, go ahead.", to=MAYA, subject="Re: Spring layouts", answers=asked
    )
    inbox.take(asked, forged)
    line = inbox.messages()[id_of(forged)]

    assert not inbox.together(asked, forged)
    assert (line["workspace"], line["signals"]) == (None, [])
    assert "look-alike domain: acrne.example resembles acme.example" in line["warnings"]
    assert inbox.thread(asked)["action"] != "proceed"


@pytest.mark.pitfall("zammad#1278", "SuiteCRM-Core#559")
def test_a_forward_is_its_authors(inbox: Cabinet) -> None:
    """What we pass on is filed by who wrote it, not by who passed it on (zammad #1278, SuiteCRM-Core #559)."""
    words = (
        "FYI\n\n---------- Forwarded message ---------\nFrom: Hank <hank@globex.example>\n"
        "Date: Mon, Nov 9, 2026 at 9:12 AM\nSubject: Labels\nTo: Sam <sam@northlight.example>\n\n"
        "Could you print two hundred more labels?\n"
    )
    passed_on = mail(SAM, words, to=INBOX, cc="", subject="Fwd: Labels")
    line = inbox.take(passed_on).messages()[id_of(passed_on)]

    assert (line["from"], line["workspace"]) == (HANK, "Globex")


@pytest.mark.pitfall("itop-jb-mail#253")
def test_mail_without_a_message_id_is_not_one_thread(inbox: Cabinet) -> None:
    """Missing ids are made of the content, so that none is taken for another's (itop-jb-mail #253)."""
    raws = [mail(DANA, words, subject=words) for words in ("The first thing.", "The second thing.")]
    inbox.take(*(raw.replace(b"Message-ID: " + id_of(raw).encode() + b"\r\n", b"") for raw in raws))

    assert len(inbox.threads()) == 2


@pytest.mark.promise("P6")
@pytest.mark.pitfall("nextcloud/mail#10682", "freescout#4958")
def test_equal_message_ids_are_two_messages(inbox: Cabinet) -> None:
    """One id over other words is another mail: both are kept, and nothing is mixed up (nextcloud/mail #10682)."""
    first = mail(DANA, "Please start with the poster.", subject="Poster")
    other = mail(HANK, "Labels are out of stock.", to=SAM, subject="Labels")
    stolen = other.replace(id_of(other).encode(), id_of(first).encode())
    inbox.take(first, stolen)

    assert sorted(one["workspace"] for one in inbox.threads().values()) == ["Acme Corp", "Globex"]


@pytest.mark.pitfall("nextcloud/mail#10178")
def test_reference_bombs_do_no_harm(inbox: Cabinet) -> None:
    """Mails that each name hundreds of others, and ids as long as a header may be, are read like any (nextcloud/mail #10178)."""
    raws = [mail(DANA, f"Topic {at} is ready.", subject=f"Topic {at} of the fair") for at in range(20)]
    named = " ".join([*map(id_of, raws), *(f"<{at}@gone.example>" for at in range(600))])
    bombs = [
        mail(
            HANK,
            f"Bomb {at}.",
            to=SAM,
            subject=f"Re: Topic {at} of the fair",
            fields={"References": f"{named} <{'x' * 990}@y>"},
        )
        for at in range(12)
    ]
    inbox.take(*raws, *bombs)

    assert {inbox.client(one) for one in raws} == {"Acme Corp"}
    assert {inbox.client(one) for one in bombs} == {"Globex"}


# ---------------------------------------------------------------- what a match may rest on


@pytest.mark.parametrize(
    ("to", "client"),
    [
        ("practiq+globex@northlight.example", "Globex"),
        ("practiq+acme@northlight.example", "Acme Corp"),
        (INBOX, None),
    ],
)
def test_a_plus_address_says_whose_it_is(inbox: Cabinet, to: str, client: str | None) -> None:
    """Who of us writes to practiq+globex@ files the thread there, whoever else is on it."""
    raw = mail(MAYA, "Rosa, could you send the samples?", to=FREE, cc=to)

    assert inbox.take(raw).client(raw) == client


def test_a_plus_address_is_found_where_the_server_noted_it(inbox: Cabinet) -> None:
    """A forward to practiq+globex@, and a Bcc that only Delivered-To shows, count as well."""
    raw = mail(
        MAYA,
        "Rosa, could you send the samples?",
        to=FREE,
        cc="",
        fields={"Delivered-To": "practiq+globex@northlight.example"},
    )

    assert inbox.take(raw).client(raw) == "Globex"


def test_a_forged_plus_address_files_nothing(inbox: Cabinet) -> None:
    """One of us whom our own server does not vouch for says nothing of whose a thread is for sure."""
    raw = mail(
        MAYA,
        "Rosa, the samples?",
        to=FREE,
        cc="practiq+globex@northlight.example",
        verdict=f"{MX}; dmarc=fail header.from=northlight.example",
    )
    match = inbox.take(raw).messages()[id_of(raw)]["match"]

    assert match is None or match["provisional"]


def test_a_free_mail_provider_is_nobodys(inbox: Cabinet) -> None:
    """Two people at one free-mail provider are two people (PostHog/requests-for-comments #201)."""
    rosa = mail(FREE, "Could you print my card?", subject="My card")
    other = mail("omar@gmail.com", "Could you print my menu?", subject="My menu")
    inbox.take(rosa, other)
    inbox.assign(rosa, "Globex")

    assert (inbox.client(rosa), inbox.client(other)) == ("Globex", None)
