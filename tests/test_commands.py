"""A reply's own words order what they say, and nothing that they do not say."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.commands import Command, Done, Help, NotUnderstood, Snooze, Wake, commands_of

ZONE = ZoneInfo("America/New_York")
SENT = datetime(2026, 11, 12, 8, 30, tzinfo=ZONE)  # a Thursday


def read(own: str) -> tuple[Command | NotUnderstood, ...]:
    return commands_of(own, SENT, digest_at=time(8))


def at(day: int, hour: int = 8) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("own", "numbers", "until"),
    [
        ("snooze 2 until Tuesday", (2,), at(17)),
        ("2 snooze 3d", (2,), at(15)),
        ("snooze 1,4 next week", (1, 4), at(16)),
        ("snooze all tomorrow 2pm", None, at(13, 14)),
        ("Please snooze #2 until Friday.", (2,), at(13)),
        ("snooze 2 2 weeks", (2,), at(26)),
        ("snoze 2 fri", (2,), at(13)),
        ("hide items 1 and 3 till monday at 9", (1, 3), at(16, 9)),
        ("later 2: tomorrow", (2,), at(13)),
        ("can you snooze 2 until “Tuesday”?", (2,), at(17)),
    ],
)
def test_snooze(own: str, numbers: tuple[int, ...] | None, until: datetime) -> None:
    """A snooze names its items and its end, in either order of number and verb."""
    assert read(own) == (
        Snooze(clause=own.translate({0x201C: '"', 0x201D: '"'}), numbers=numbers, until=until),
    )


@pytest.mark.parametrize(
    ("own", "numbers"),
    [
        ("done 3", (3,)),
        ("3 done", (3,)),
        ("DONE #3!", (3,)),
        ("done １, ３-５", (1, 3, 4, 5)),
        ("done 1 2 3", (1, 2, 3)),
        ("dnoe 3", (3,)),
        ("close 4, pls", (4,)),
        ("mark 3 as done", (3,)),
        ("done all", None),
        ("2 - 4: done", (2, 3, 4)),
    ],
)
def test_done(own: str, numbers: tuple[int, ...] | None) -> None:
    """Items are closed by number, list, range or all; case, fillers and one typo do not matter."""
    (found,) = read(own)

    assert isinstance(found, Done)
    assert found.numbers == numbers


def test_a_whole_reply() -> None:
    """Greeting, thanks and notes are skipped, every command is read in the order written."""
    own = "Hi,\nsnooze 2 until Friday; done 1, 3\nI spoke to Dana on the phone\nwake 4\nhelp\nThanks,\nMaya"

    assert [type(one) for one in read(own)] == [Snooze, Done, Wake, Help]


def test_commands_after_a_comma() -> None:
    """Several commands on one line are told apart by their verbs."""
    assert [type(one) for one in read("done 1, snooze 2 until Tuesday and wake 3")] == [Done, Snooze, Wake]


@pytest.mark.parametrize(
    "own",
    [
        "snooze 2",
        "snooze 2 sometime",
        "snooze 2 may",
        "snooze 1, 3 weeks",
        "don't snooze 2",
        "do not wake 1 and snooze 2 tomorrow",
        "done 3 except 4",
        "done 3 not 4",
        "done 0",
        "done 1000",
        "done 5-3",
        "done 3.5",
        "done",
        "done three",
        "done ²",
        "I think 2 is done",
        "2 is Globex",
        "assign 2 to Globex",
        "give 2 to sam",
        "not 2",
        "why 2",
        "workspace Globex",
        "undo",
        "2 hold",
    ],
)
def test_not_understood(own: str) -> None:
    """What tries to order something and is not sure does nothing, and says what would."""
    (found,) = read(own)

    assert isinstance(found, NotUnderstood)
    assert found.clause == own
    assert found.hint.endswith((".", '"'))


@pytest.mark.parametrize(
    "own",
    [
        "",
        "Thanks all!",
        "Great work everyone",
        "Call me at 555 0100",
        "Why not, is that ok?",
        "Later,\nMaya",
        "The client gave us until Friday",
        "He was held up in traffic",
    ],
)
def test_notes(own: str) -> None:
    """A line without an order is a note."""
    assert read(own) == ()


def test_twenty_clauses() -> None:
    """The first twenty commands of a reply are read, and the next one is told so."""
    found = read("\n".join(f"done {number}" for number in range(1, 31)))

    assert [type(one) for one in found] == [Done] * 20 + [NotUnderstood]


@given(own=st.text(max_size=300))
def test_any_text(own: str) -> None:
    """No text raises, and every clause given back was written."""
    for one in read(own):
        assert one.clause


WORDS = (
    "snooze done wake 1 2-4 all until friday 3d not please ; \n and , don't # 0 99 tomorrow dnoe help".split(
        " "
    )
)


@given(own=st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_any_mix_of_commands(own: str) -> None:
    """However commands are mixed, numbers are real ones, and a snooze lies ahead."""
    for one in read(own):
        if isinstance(one, (Snooze, Done, Wake)):
            assert one.numbers is None or all(1 <= number <= 99 for number in one.numbers)
        if isinstance(one, Snooze):
            assert one.until > SENT


@given(
    own=st.lists(st.sampled_from("1 2-4 all until friday 3d please ; \n and tomorrow".split(" ")), max_size=9)
)
def test_no_command_without_a_verb(own: list[str]) -> None:
    """Numbers and days alone order nothing."""
    assert all(isinstance(one, NotUnderstood) for one in read(" ".join(own)))
