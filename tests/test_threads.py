"""Which messages are one conversation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.ids import MessageId
from parsers.thread_index import thread_index
from parsers.threads import Link, Post, link_of, thread_id, threads_of

SENT = datetime.fromisoformat("2026-11-10T16:03:00+00:00")
DANA, HANK = "dana@acme.example", "hank@globex.example"
MAYA, JULES = "maya@northlight.example", "jules@northlight.example"


def post(
    name: str, *ancestors: str, days: float = 0, subject: str = "Re: Spring layouts", **more: object
) -> Post:
    """A message of Dana's to Maya, so many days after the first; it names the nearest ancestor first."""
    made = Post(
        identity=name,
        message_id=MessageId(f"{name}@x"),
        ancestors=tuple(MessageId(f"{one}@x") for one in ancestors),
        index=None,
        subject=subject,
        sent_at=SENT + timedelta(days=days),
        outsiders=frozenset({DANA}),
        insiders=frozenset({MAYA}),
        claims=frozenset(),
        quotes=False,
        automated=False,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def grouped(posts: Iterable[Post]) -> set[frozenset[str]]:
    """The threads of these messages, each as the names that are on it."""
    held = list(posts)
    links = {one.identity: link.to for one in held if (link := link_of(one, held)).to}
    found: dict[str, set[str]] = {}
    for identity, first in threads_of(held, links).items():
        found.setdefault(first, set()).add(identity)
    return {frozenset(one) for one in found.values()}


def together(*names: str) -> set[frozenset[str]]:
    """Threads, each written as the letters that are on it."""
    return {frozenset(one) for one in names}


ROOT = post("r", subject="Spring layouts")


# ---------------------------------------------------------------- what a message names


def test_the_nearest_ancestor_wins() -> None:
    """References are asked from nearest to oldest, past ids that we do not hold."""
    near = post("n", days=1, subject="Re: Spring layouts")

    assert link_of(post("a", "gone", "n", "r", days=2), [ROOT, near]).to == "n"
    assert link_of(post("a", "gone", "r", days=2), [ROOT, near]).to == "r"


@pytest.mark.promise("P7")
@pytest.mark.pitfall("postmark#1288")
def test_an_unknown_ancestor_joins_nothing() -> None:
    """Strangers share ids that we do not hold: two of them are two threads (postmark #1288: twelve letters of nine households)."""
    letters = [
        post(name, "newsletter", subject=f"About {name}", outsiders=frozenset({f"{name}@home.example"}))
        for name in "abc"
    ]

    assert grouped(letters) == together("a", "b", "c")


@pytest.mark.pitfall("freescout#4020")
def test_an_unknown_parent_and_a_known_ancestor() -> None:
    """Where In-Reply-To names nobody whom we hold, an older reference still tells (freescout #4020)."""
    assert grouped([ROOT, post("a", "r", "never-seen", days=9)]) == together("ra")


def test_a_late_parent_joins_the_halves() -> None:
    """Two replies to a mail that nobody passed on are one thread when it comes, and its mail comes first."""
    ours = post("a", "r", days=1, subject="Re: Terms", outsiders=frozenset())
    theirs = post("b", "r", days=2, subject="Re: Terms", insiders=frozenset())
    parent = replace(ROOT, subject="Terms")

    assert grouped([ours, theirs]) == together("a", "b")
    assert grouped([ours, theirs, parent]) == together("rab")
    assert set(threads_of([theirs, parent], {"b": "r"}).values()) == {"r"}


def test_a_cycle_is_one_thread() -> None:
    """Messages that name each other, or themselves, do no harm."""
    assert grouped([post("a", "b"), post("b", "c"), post("c", "a", "c")]) == together("abc")


@pytest.mark.pitfall("itop-jb-mail#246")
def test_a_reference_bomb_joins_one_thread() -> None:
    """A mail that names two hundred others continues the nearest, and joins none of them to another."""
    held = [post(f"m{at}", subject=f"Topic {at}") for at in range(200)]
    bomb = post(
        "bomb", *(one.identity for one in reversed(held)), days=1, subject="Re: Topic 199", quotes=True
    )

    assert link_of(bomb, held).to == "m199"
    assert len(grouped([*held, bomb])) == 200


def test_an_id_used_twice_means_the_one_with_people_in_common() -> None:
    """A stranger's mail under a used Message-ID is another mail, and gets nobody's answers (nextcloud/mail #10682)."""
    stranger = replace(
        ROOT,
        identity="s",
        outsiders=frozenset({"s@bulk.example"}),
        insiders=frozenset(),
        sent_at=SENT - timedelta(1),
    )
    answer = post("a", "r", days=1, quotes=True)

    assert grouped([stranger, ROOT, answer]) == together("ra", "s")


# ---------------------------------------------------------------- a new matter


@pytest.mark.pitfall("freescout#3231")
def test_a_new_subject_with_nothing_quoted_is_a_new_thread() -> None:
    """Who takes an old mail for its addresses, and writes of something else, begins anew; with a quote it goes on."""
    anew = post("a", "r", days=3, subject="Autumn shoot")

    assert grouped([ROOT, anew]) == together("r", "a")
    assert grouped([ROOT, replace(anew, quotes=True)]) == together("ra")
    assert grouped([ROOT, replace(anew, subject="Re: Spring layouts, final")]) == together("ra")
    assert grouped([ROOT, replace(anew, subject="")]) == together("ra")


def test_an_absence_notice_stays_with_what_it_answers() -> None:
    """A machine's own subject begins nothing."""
    notice = post("a", "r", days=0.1, subject="Out of office", automated=True)

    assert grouped([ROOT, notice]) == together("ra")


@pytest.mark.pitfall("freescout#5587")
def test_a_forward_stays_on_the_thread() -> None:
    """A mail passed on names what it passes on, under whatever subject (freescout #5587)."""
    passed_on = post("a", "r", days=1, subject="FYI, for the file", quotes=True)

    assert grouped([ROOT, passed_on]) == together("ra")


# ---------------------------------------------------------------- by subject


@pytest.mark.pitfall("freescout#2375", "ponymail#427", "rainloop#1046")
@pytest.mark.parametrize(
    "change",
    [
        {"subject": "Spring layouts"},
        {"sent_at": SENT + timedelta(days=31)},
        {"outsiders": frozenset({HANK})},
        {"claims": frozenset({"Globex"})},
    ],
    ids=["no-prefix", "a-month-later", "nobody-in-common", "another-client"],
)
def test_a_subject_alone_joins_no_more_than_a_reply(change: dict[str, object]) -> None:
    """
    By subject joins a reply, of the same people, of the same client, soon after.

    The same subject is not the same thread: freescout #2375, #3231 (always the same old ticket), #4258, #4958 (a
    similar yearly mail), ponymail #427, rainloop #1046.
    """
    first = replace(ROOT, claims=frozenset({"Acme"}))
    reply = post("a", days=1)

    assert grouped([first, reply]) == together("ra")
    assert grouped([first, replace(reply, **change)]) == together("r", "a")  # type: ignore[arg-type]


@pytest.mark.parametrize("subject", ["Invoice", "Update", "Hello", "Rechnung", "Facture", "Quick question"])
def test_a_generic_subject_joins_nothing(subject: str) -> None:
    """Any two strangers' mails may be called so."""
    assert grouped([post("r", subject=subject), post("a", days=1, subject=f"Re: {subject}")]) == together(
        "r", "a"
    )


@pytest.mark.parametrize(
    "prefix", ["AW:", "RE :", "SV:", "RV:", "R:", "Antw:", "Odp:", "YNT:", "回复：", "WG:", "Fwd:", "TR:"]
)
def test_a_prefix_of_any_language_is_a_reply(prefix: str) -> None:
    """What mail clients write before a subject in other languages counts like "Re:"."""
    assert grouped([ROOT, post("a", days=1, subject=f"{prefix} Spring layouts")]) == together("ra")


def test_a_quote_under_the_same_subject_is_a_reply() -> None:
    """Some mailers quote, and write neither "Re:" nor References."""
    assert grouped([ROOT, post("a", days=1, subject="Spring layouts", quotes=True)]) == together("ra")


@pytest.mark.pitfall("freescout#5310", "freescout#4258")
def test_who_starts_a_new_mail_each_time_has_a_thread_each_time() -> None:
    """The same words in a subject, mail by mail, are not taken for answers (freescout #5310)."""
    weekly = [post(name, days=7 * at, subject="Numbers for Monday") for at, name in enumerate("abc")]

    assert grouped(weekly) == together("a", "b", "c")


def test_the_last_mail_of_that_subject_is_continued() -> None:
    """Of two threads with one subject a reply continues the newer one."""
    older, newer = post("o", subject="Numbers for Monday"), post("n", days=7, subject="Numbers for Monday")

    assert grouped([older, newer, post("a", days=8, subject="Re: Numbers for Monday")]) == together("o", "na")


def test_colleagues_join_by_subject_when_two_are_on_both() -> None:
    """On internal mail one colleague proves nothing, since the account manager is on everything."""
    nobody: frozenset[str] = frozenset()
    first = replace(ROOT, outsiders=nobody, insiders=frozenset({MAYA, JULES}))
    reply = post("a", days=1, outsiders=nobody, insiders=frozenset({MAYA, JULES}))

    assert grouped([first, reply]) == together("ra")
    assert grouped([first, replace(reply, insiders=frozenset({MAYA}))]) == together("r", "a")


# ---------------------------------------------------------------- Outlook's Thread-Index

INDEX = "AdyqJ5pGhGnQ1b1pS0a6mB1cB9tPmA=="  # 22 bytes: a conversation's first mail
ANSWER = "AdyqJ5pGhGnQ1b1pS0a6mB1cB9tPmAAAAAAB"


def test_outlooks_thread_index_joins_what_references_do_not() -> None:
    """A place below another's in the same conversation, under the same subject, of the same people."""
    first = replace(ROOT, index=thread_index(INDEX))
    answer = post("a", days=50, subject="Spring layouts", index=thread_index(ANSWER))

    assert grouped([first, answer]) == together("ra")
    assert grouped([first, replace(answer, outsiders=frozenset({HANK}))]) == together("r", "a")


@pytest.mark.pitfall("mailanalyzer#20")
def test_a_thread_index_made_of_the_subject_mixes_nothing() -> None:
    """Some mailers give all mail of one subject one Thread-Index; the same place is no answer (mailanalyzer #20)."""
    tickets = [
        post(
            name,
            subject="Printer is broken",
            index=thread_index(INDEX),
            outsiders=frozenset({f"{name}@x.example"}),
        )
        for name in "abc"
    ]

    assert grouped(tickets) == together("a", "b", "c")
    assert grouped([replace(one, outsiders=frozenset({DANA})) for one in tickets]) == together("a", "b", "c")


# ---------------------------------------------------------------- clients apart


@pytest.mark.promise("P7")
def test_an_answer_of_another_client_is_kept_apart() -> None:
    """A mail of one client's never lands on another's thread, and says from which one it was kept apart."""
    first = replace(ROOT, claims=frozenset({"Acme"}))
    other = post("a", "r", days=1, claims=frozenset({"Globex"}))

    assert link_of(other, [first]) == Link(apart_from="r")
    assert grouped([first, other]) == together("r", "a")


def test_a_client_who_is_on_the_mail_belongs_on_the_thread() -> None:
    """Two clients whom one mail names are one thread: whose it is, is for a person to say."""
    both = replace(ROOT, claims=frozenset({"Acme", "Globex"}))

    assert grouped([both, post("a", "r", days=1, claims=frozenset({"Globex"}))]) == together("ra")


def test_two_clients_do_not_meet_on_a_mail_of_ours() -> None:
    """An internal mail that was passed on to two clients is one client's thread, and the other's own."""
    first = post("a", "r", days=1, claims=frozenset({"Acme"}))
    second = post("b", "r", days=2, claims=frozenset({"Globex"}))
    later = post("c", "b", days=3, claims=frozenset({"Globex"}))

    assert grouped([ROOT, first, second, later]) == together("ra", "bc")


# ---------------------------------------------------------------- any order

NAMES = "abcdef"
posts = st.lists(
    st.builds(
        lambda name, ancestors, days, subject, claims, people, quotes: post(
            name,
            *ancestors,
            days=days,
            subject=subject,
            claims=frozenset(claims),
            outsiders=frozenset(people),
            quotes=quotes,
        ),
        st.sampled_from(NAMES),
        st.lists(st.sampled_from(NAMES + "g"), max_size=3),
        st.integers(0, 60),
        st.sampled_from(["Spring", "Re: Spring", "AW: Autumn", "Autumn", "Invoice", ""]),
        st.sets(st.sampled_from(["Acme", "Globex"]), max_size=2),
        st.sets(st.sampled_from([DANA, HANK]), max_size=2),
        st.booleans(),
    ),
    unique_by=lambda one: one.identity,
    max_size=6,
)


@settings(max_examples=150)
@given(posts)
def test_the_order_of_arrival_changes_nothing(held: Sequence[Post]) -> None:
    """The same messages in any order are the same threads, each message on one."""
    expected = grouped(held)

    assert sorted(name for one in expected for name in one) == sorted(one.identity for one in held)
    for order in list(permutations(held))[:: max(1, len(held) ** 2)]:
        assert grouped(order) == expected


@pytest.mark.promise("P7")
@given(posts)
def test_no_thread_brings_clients_together_that_no_mail_does(held: Sequence[Post]) -> None:
    """Every client of a thread is tied to the others by a mail that names both."""
    claims = {one.identity: one.claims for one in held}
    for thread in grouped(held):
        said = [claims[name] for name in thread if claims[name]]
        joined: set[str] = set(said[0]) if said else set()
        for _ in said:
            joined |= {name for one in said if joined & one for name in one}
        assert all(one <= joined for one in said)


def test_a_threads_name_is_its_first_messages() -> None:
    """It is the beginning of that message's identity."""
    assert thread_id("0123456789abcdef0123456789abcdef") == "0123456789abcdef"
