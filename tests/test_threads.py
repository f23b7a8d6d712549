"""Which thread a message continues."""

from datetime import datetime, timedelta

import pytest

from parsers.ids import MessageId
from parsers.message import parse_message
from parsers.threads import Candidate, ThreadId, base_subject, choose_thread

SENT = datetime.fromisoformat("2026-11-10T16:03:00+00:00")
DANA, MAYA, JULES = "dana@acme.example", "maya@northlight.example", "jules@northlight.example"


@pytest.mark.parametrize(
    ("subject", "text", "is_reply"),
    [
        ("Spring", "spring", False),
        ("Re: Spring", "spring", True),
        ("RE: [EXTERNAL] AW:  Spring", "spring", True),
        ("Fwd: Re[2]: Spring (fwd)", "spring", True),
        ("[list] Spring", "spring", False),
        ("[Spring]", "[spring]", False),
        ("Re:", "", True),
        ("回复：春", "春", True),
        ("Reminder: Spring", "reminder: spring", False),
        ("I: primavera", "primavera", True),
    ],
)
def test_base_subject(subject: str, text: str, is_reply: bool) -> None:
    """What mail clients and gateways put around a subject comes off, and nothing else."""
    found = base_subject(subject)

    assert (found.text, found.is_reply) == (text, is_reply)


def choose(head: str = "", *, subject: str = "Re: Spring", days: int = 1, outside: str = DANA) -> str | None:
    """The choice for a reply, where <root@x> is held on one thread, and another has its subject."""
    raw = f"From: a@x.example\nSubject: {subject}\n{head}\n\nx"
    candidate = Candidate(
        thread=ThreadId("by-subject"),
        outsiders=frozenset({DANA}),
        insiders=frozenset({MAYA}),
        first_at=SENT - timedelta(days=days),
        last_at=SENT - timedelta(days=days),
    )
    return choose_thread(
        parse_message(raw.encode()),
        sent_at=SENT,
        held={MessageId("root@x"): ThreadId("by-root"), MessageId("near@x"): ThreadId("by-near")},
        same_subject=[candidate],
        outsiders=frozenset({outside}),
        insiders=frozenset({MAYA}),
    )


def test_the_nearest_ancestor_wins() -> None:
    """References are asked from nearest to oldest, past ids that we do not hold; then In-Reply-To."""
    assert choose("References: <root@x> <near@x> <unknown@x>") == "by-near"
    assert choose("In-Reply-To: <root@x>") == "by-root"


def test_an_unknown_ancestor_joins_nothing() -> None:
    """An id that we do not hold is no proof; strangers share such ids."""
    assert choose("References: <unknown@x>", subject="Spring") is None


def test_a_subject_joins_a_reply_with_a_shared_outsider() -> None:
    """By subject only a reply joins, near in time, with the same outsider, on a subject that says something."""
    assert choose() == "by-subject"
    assert choose(subject="Spring") is None
    assert choose(days=31) is None
    assert choose(outside="someone@else.example") is None
    assert choose(subject="Re: Invoice") is None


def test_colleagues_join_by_subject_when_two_are_on_both() -> None:
    """On internal mail one colleague proves nothing, since the account manager is on everything."""
    raw = parse_message(b"From: a@x.example\nSubject: Re: Party\n\nx")
    candidate = Candidate(
        thread=ThreadId("t"),
        outsiders=frozenset(),
        insiders=frozenset({MAYA, JULES}),
        first_at=SENT,
        last_at=SENT,
    )
    none: frozenset[str] = frozenset()

    def chosen(insiders: set[str]) -> str | None:
        return choose_thread(
            raw, sent_at=SENT, held={}, same_subject=[candidate], outsiders=none, insiders=frozenset(insiders)
        )

    assert chosen({MAYA, JULES}) == "t"
    assert chosen({MAYA}) is None
