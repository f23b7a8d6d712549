"""A reply's own words order what they say, and nothing that they do not say."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.commands import Assign, Command, Done, Help, NotUnderstood, Snooze, Undo, Wake, commands_of

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
        "2 hold",
    ],
)
def test_not_understood(own: str) -> None:
    """What tries to order something and is not sure does nothing, and says what would."""
    (found,) = read(own)

    assert isinstance(found, NotUnderstood)
    assert found.clause == own
    assert found.hint.endswith((".", "?"))


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


@pytest.mark.parametrize(
    ("own", "numbers", "name"),
    [
        ("2 is Globex", (2,), "Globex"),
        ("assign 2 to Globex", (2,), "Globex"),
        ("assign 2: Globex", (2,), "Globex"),
        ("move 2 to Globex", (2,), "Globex"),
        ("2 = Globex", (2,), "Globex"),
        ("２＝Globex", (2,), "Globex"),
        ("2 belongs to Globex", (2,), "Globex"),
        ("2 is for Globex", (2,), "Globex"),
        ("2 is For Eyes", (2,), "For Eyes"),
        ("item 2 is Globex", (2,), "Globex"),
        ("no. 2 is Globex", (2,), "Globex"),
        ("1,3 are Acme Corp", (1, 3), "Acme Corp"),
        ("#1, #3-5 are Acme", (1, 3, 4, 5), "Acme"),
        ("2 to 4 is Globex", (2, 3, 4), "Globex"),
        ("asign 2 to Globex", (2,), "Globex"),
        ("assing 2 to Globex", (2,), "Globex"),
        ("PLEASE ASSIGN 2 TO GLOBEX", (2,), "GLOBEX"),
        ("could you move 2 to Globex?", (2,), "Globex"),
        ("Thanks, 2 is Globex", (2,), "Globex"),
        ("2 is Globex, please", (2,), "Globex"),
        ("2 is Globex pls. Thanks!", (2,), "Globex"),
        ("2 is Globex.", (2,), "Globex"),
        ("2 is “Globex”.", (2,), "Globex"),
        ("2 is 'Globex'", (2,), "Globex"),
        ("2 is „Globex“", (2,), "Globex"),
        ("2 is «Globex»", (2,), "Globex"),
        ("2 => Globex", (2,), "Globex"),
        ("2 is Globex´s", (2,), "Globex"),
        ('"2 is Globex"', (2,), "Globex"),
        ("#2 is globex's", (2,), "globex"),
        ("2 is the Fernhursts’", (2,), "the Fernhursts"),
        ("assign 2 to Wendy's", (2,), "Wendy's"),
        ('2 is "Wendy\'s"', (2,), "Wendy's"),
        ("2 is The Fernhurst", (2,), "The Fernhurst"),
        ("2 is O&V", (2,), "O&V"),
        ("2 is 3M", (2,), "3M"),
        ("assign 2 to 3M", (2,), "3M"),
        ("2 is .NET Foundation", (2,), ".NET Foundation"),
        ("2 is 24/7 Media", (2,), "24/7 Media"),
        ("2 is Müller & Söhne GmbH", (2,), "Müller & Söhne GmbH"),
        ("2 is Oakes and Vale", (2,), "Oakes and Vale"),
        ("2 is Oakes, Vale & Co", (2,), "Oakes, Vale & Co"),
        ("2 is İstanbul Çay", (2,), "İstanbul Çay"),
        ("2 is 東京デザイン", (2,), "東京デザイン"),
        ("2 is New Balance", (2,), "New Balance"),
        ("2 is With Intelligence", (2,), "With Intelligence"),
        ("2 is May Design", (2,), "May Design"),
        ("2 is Doner", (2,), "Doner"),
        ("2 is dnoe", (2,), "dnoe"),
        ("assign 2 to New", (2,), "New"),
        ("assign 2 to Close Brothers", (2,), "Close Brothers"),
        ('2 is "Done & Dusted"', (2,), "Done & Dusted"),
        ('2 is "Now or Never"', (2,), "Now or Never"),
        ('assign 2 to "4711"', (2,), "4711"),
        ("2 is Say Cheese Now", (2,), "Say Cheese Now"),
    ],
)
def test_assign(own: str, numbers: tuple[int, ...], name: str) -> None:
    """Whose an item is can be said as people say it; the client's name is kept as it was written."""
    (found,) = read(own)

    assert isinstance(found, Assign)
    assert (found.numbers, found.name) == (numbers, name)


@pytest.mark.parametrize(
    ("own", "hint"),
    [
        *[(own, "Leave out what should not happen") for own in (
            "2 is not Globex", "2 isn't Globex's", "2 is not Globex's", "2 is no Globex", "2 is Globex, not Acme",
            "2 is no longer Globex", "2 is nothing to do with Globex", "2 is Globex but snooze it",
            "2 is !Globex", "2 =/= Globex", "2 is anything but Globex", "2 is neither Globex nor Acme", "assign 2 to Globex, not Acme",
            "move 2 to Globex instead of Acme", "2 is not done",
        )],
        *[(own, "Name one client") for own in (
            "2 is Globex?", "2 is Globex？", "2 is Globex (?)", "assign 2 to Globex?", "move 2 to Globex?", "2 is Globex, right",
            "2 is maybe Globex", "2 is Globex, maybe", "2 is probably Globex", "2 is I think Globex",
            "2 is Globex I think", "2 is Globex, I'd say", "2 is most likely Globex", "2 is Globex, think",
            "2 is Globex or Acme", "2 is either Globex or Acme", "2 is Globex/Acme", "2 is Globex / Acme",
            "2 is both Globex and Acme", "assign 2 to Globex or Acme", "move 2 to Globex or Acme",
            "2 = Globex or Acme", "2 belongs to Globex if Dana agrees", "2 is Globex\nor Acme", "2 is Globex; or Acme",
            "2 is Globex\n\nI think.", "assign 2 to Globex; maybe",
        )],
        *[(own, "Write one command a line") for own in (
            "assign 2 to Globex and snooze it until Friday", "2 is Globex and done", "2 is Globex, done",
            "2 is Globex - done", "2 is Globex. Undo", "1 is Acme, 2 is Globex", "done 1, 3 is Globex",
            "2 is Globex and then close it", "2 is Globex & snooze it", "2 is Globex + done", "done 3 and undo",
        )],
        *[(own, "Write “snooze 2 until Tuesday”") for own in (
            "2 is on Tuesday", "2 is due Friday", "2 is Friday", "2 is for next week", "2 is 3d", "2 is due 14 May",
            "2 Globex", "2 is",
        )],
        *[(own, "Write the client's name as your list") for own in (
            *(f"2 is {word}" for word in (
                "urgent", "important", "fine", "ok", "OK", "mine", "new", "New", "spam", "back", "7", "&",
                "all done", "very urgent", "a duplicate of 3", "the same as 3", "waiting on Globex", "from Globex",
                "with Globex", "up to me", "Close Brothers", "done & dusted ltd", "G" * 101, "Globex " + "x" * 300,
            )),
            "2 are yours", "2 = ok", "2 is for me", "assign 2", "assign 2 Globex", "assign 2 to 3", "assign #2 to ",
        )],
        *[(own, "Name the items by their numbers, one by one: ") for own in (
            "all is Globex", "all are Globex", "everything is Acme Corp", "all belongs to Globex", "all = Globex",
            "assign all to Globex", "assign everything to Globex",
        )],
        *[(own, "Use the numbers of that digest") for own in ("0 is Globex", "assign 100 to Globex", "#0 is Acme")],
        *[(own, "Write “undo” alone") for own in (
            "undo 2", "undo #2", "undo all 3", "undo item 2", "2 undo", "undo the snooze", "undo not",
        )],
    ],
)  # fmt: skip
def test_not_assigned_and_not_undone(own: str, hint: str) -> None:
    """A question, a negation, a doubt, an alternative or an ordinary word moves nothing, and is told why."""
    (found,) = read(own)

    assert isinstance(found, NotUnderstood)
    assert found.hint.startswith(hint)


@pytest.mark.parametrize(
    "own",
    [
        "undo", "Undo.", "UNDO!", "undo that", "undo it", "undo this", "undo my last reply", "undo the last one", "undo all",
        "undo my last reply's changes", "undo my changes", "undo everything", "please undo", "undo, please", "undo thanks",
        "can you undo that?", "Could you please undo?", "udno", "undoo that",
    ],
)  # fmt: skip
def test_undo(own: str) -> None:
    """The last reply is taken back as a whole."""
    assert read(own) == (Undo(clause=own),)


def test_what_is_undone_is_not_ordered_again() -> None:
    """A command that is named behind "undo" is not carried out."""
    (found,) = read("undo done 3 and snooze 4 until Friday")

    assert isinstance(found, NotUnderstood)


@pytest.mark.parametrize(
    "own",
    [
        "don't undo", "please do not undo that", "undue", "Udo", "Uno", "und", "undo the damage that was done",
        "is 2 Globex?", "I think 2 is Globex", "Is it Globex?", "Dana said 2 is Globex", "Dana called and asked us to stop, assign 2 to Globex", "all undo", "assign", "assign the intern to it",
        "assigns 2 to Globex", "align 2 to Globex", "They assigned 3 people", "all is well", "all is quiet here",
        "Everything is fine", "all are welcome", "move on to 2",
        "move everything to Friday", "move all to the new server", "move 2 chairs to the hall",
        "more 2 to Globex", "moved 2 to Globex", "2026 is the year of video", "555 is Globex", "item 2 is urgent",
        "1.5 is Globex", "2nd is Globex", "2pm is Globex time",
    ],
)  # fmt: skip
def test_notes_beside_assign_and_undo(own: str) -> None:
    """What was no order without these two is none with them."""
    assert read(own) == ()


@pytest.mark.parametrize(
    "own",
    [
        "2 is Globex, snooze 3 until Friday",
        "2 is Globex; snooze 3 until Friday",
        "2 is Globex and snooze 3 until Friday",
        "2 is Globex\nMaybe call Dana tomorrow\nsnooze 3 until Friday",
    ],
)
def test_another_command_behind_a_name(own: str) -> None:
    """A name ends where another command with its own number begins."""
    assigned, snoozed = read(own)

    assert isinstance(assigned, Assign)
    assert (assigned.numbers, assigned.name) == ((2,), "Globex")
    assert isinstance(snoozed, Snooze)
    assert snoozed.numbers == (3,)


@pytest.mark.parametrize(
    ("own", "kinds"),
    [
        ("2 is done", [Done]),
        ("2 is closed.", [Done]),
        ("2 is snoozed until Tuesday", [Snooze]),
        ("2 is done\nOr call me", [Done]),
        ("done 3 and assign 2 to Globex", [Done, Assign]),
        ("undo and done 3", [Undo, Done]),
        ("done 3; undo", [Done, Undo]),
    ],
)
def test_the_other_commands_stay_what_they_are(own: str, kinds: list[type]) -> None:
    """A state is no client, and commands stand beside each other."""
    assert [type(one) for one in read(own)] == kinds


def test_a_name_is_read_whole_or_not_at_all() -> None:
    """A hundred characters are a name; what is cut off at the end of a long clause or reply is none."""
    (found,) = read("2 is " + "G" * 100)
    many = ", ".join(str(number) for number in range(10, 50))

    assert isinstance(found, Assign)
    assert all(isinstance(one, NotUnderstood) for one in read(f"{many} are Globex {'and Sons ' * 5}"))
    assert read("x" * 19_980 + "\n2 is Globex Corporation") == ()


def test_twenty_clauses() -> None:
    """The first twenty commands of a reply are read, and the next one is told so."""
    found = read("\n".join(f"done {number}" for number in range(1, 31)))

    assert [type(one) for one in found] == [Done] * 20 + [NotUnderstood]


@given(own=st.text(max_size=300))
def test_any_text(own: str) -> None:
    """No text raises, and every clause given back was written."""
    for one in read(own):
        assert one.clause


BEHIND = st.lists(
    st.sampled_from(
        "Globex 3 3-5 all is done snooze snoozed wake until friday or not ? maybe and , . ' assign to".split()
    )
    | st.text(max_size=8),
    max_size=8,
).map(" ".join)


@given(behind=BEHIND)
def test_whatever_stands_behind_is(behind: str) -> None:
    """The clause that says what item 2 is orders nothing for another item."""
    for one in read(f"2 is {behind}"):
        if one.clause.startswith("2 is") and isinstance(one, (Snooze, Done, Wake, Assign)):
            assert one.numbers == (2,)


@given(name=st.text(min_size=1, max_size=120))
def test_a_name_is_what_was_written(name: str) -> None:
    """No letter of a client's name is changed, and none is added."""
    for one in read(f'assign 2 to "{name}"'):
        if isinstance(one, Assign):
            assert 1 <= len(one.name) <= 100
            assert one.name in one.clause


@given(
    doubt=st.sampled_from(
        ["not {}", "{}?", "maybe {}", "{} or Acme", "{}, I think", "either {}", "{}, right?"]
    ),
    name=st.from_regex(r"[A-Z][a-z]{1,9}( [A-Z][a-z]{1,9}){0,3}", fullmatch=True),
    form=st.sampled_from(
        ["2 is {}", "2 = {}", "assign 2 to {}", "move 2 to {}", "2 belongs to {}", "2 is for {}"]
    ),
)
def test_a_doubt_moves_nothing(doubt: str, name: str, form: str) -> None:
    """However it is put, who is not sure whose an item is moves none."""
    assert not any(isinstance(one, Assign) for one in read(form.format(doubt.format(name))))


@pytest.mark.parametrize(
    "unit",
    ["2 is ", "2 is\nor\n", "or\n", "1, ", "2 is Globex; maybe; ", "assign 2 to ", "I think ", "and ", '" ', "undo ", "2 to "],
)  # fmt: skip
def test_a_hostile_repetition_ends(unit: str) -> None:
    """A reply as long as is read, of whatever repetition, comes to an end, and to no more commands than are read."""
    assert len(read(f"2 is Globex\n{unit * (19_000 // len(unit))}\n")) <= 21


WORDS = "snooze done wake 1 2-4 all until friday 3d not please ; \n and , don't # 0 99 tomorrow dnoe help assign to is Globex undo".split(
    " "
)


@given(own=st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_any_mix_of_commands(own: str) -> None:
    """However commands are mixed, numbers are real ones, and a snooze lies ahead."""
    for one in read(own):
        if isinstance(one, (Snooze, Done, Wake, Assign)):
            assert one.numbers is None or all(1 <= number <= 99 for number in one.numbers)
        if isinstance(one, Snooze):
            assert one.until > SENT


@given(
    own=st.lists(st.sampled_from("1 2-4 all until friday 3d please ; \n and tomorrow".split(" ")), max_size=9)
)
def test_no_command_without_a_verb(own: list[str]) -> None:
    """Numbers and days alone order nothing."""
    assert all(isinstance(one, NotUnderstood) for one in read(" ".join(own)))
