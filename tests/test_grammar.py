"""The grammar of replies as a table: what was written, at which moment, in which zone, and what it did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers import command_hints
from parsers.command_conflicts import contradicted, contradicted_clauses
from parsers.command_courtesy import is_courtesy
from parsers.commands import Command, NotUnderstood, Snooze, commands_of
from parsers.dates import NoTime, Unwoken, wake_of

EIGHT = time(8)
NEW_YORK = ZoneInfo("America/New_York")
THURSDAY = datetime(2026, 11, 12, 8, 30, tzinfo=NEW_YORK)
HINTS = {text: name for name, text in vars(command_hints).items() if name.isupper() and isinstance(text, str)}


def rows() -> Iterator[tuple[str, str, str, str]]:
    """Moment, zone, what was written, what it did; of tests/grammar.txt."""
    for line in (Path(__file__).parent / "grammar.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("//"):
            day, hour, zone, rest = line.split(" ", 3)
            written, did = rest.split(" => ")
            yield f"{day} {hour}", zone, written, did


def shown(command: Command | NotUnderstood) -> str:
    """A command as the table writes it: its kind, and all that it says."""
    if isinstance(command, NotUnderstood):
        return f"asks {HINTS[command.hint]}" if command.hint in HINTS else f"asks: {command.hint}"
    said = [type(command).__name__.lower()]
    for name in (one.name for one in fields(command) if one.name != "clause"):
        value = getattr(command, name)
        if name == "numbers":
            said.append(",".join(map(str, value)) if value else "all")
        elif isinstance(value, datetime):
            said.append(f"-> {value.isoformat(timespec='minutes')}")
        elif value is not None:
            said.append(f"“{value}”")
    return " ".join(said)


ROWS = list(rows())


@pytest.mark.parametrize(
    ("moment", "zone", "written", "did"), ROWS, ids=[f"{number}" for number in range(len(ROWS))]
)
def test_the_table(moment: str, zone: str, written: str, did: str) -> None:
    """What is written at that moment in that zone does what the table says, and no more."""
    own = written.encode("latin-1", "backslashreplace").decode("unicode_escape")
    sent = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))

    read = commands_of(own, sent, digest_at=EIGHT)

    assert " & ".join(map(shown, read)) == ("" if did == "nothing" else did)


def test_the_table_is_a_table() -> None:
    """No case stands in it twice, and it has enough of them."""
    assert len({row[:3] for row in ROWS}) == len(ROWS) >= 170


def read(own: str) -> tuple[Command | NotUnderstood, ...]:
    return commands_of(own, THURSDAY, digest_at=EIGHT)


ORDERED = (
    "snooze 2 until Friday",
    "2 snooze 3d",
    "done 2",
    "close 1, 3",
    "wake 2",
    "replied 2",
    "called 2",
    "wrong 2",
    "why 2",
    "give 2 to Sam",
    "assign 2 to Globex",
    "pause until Friday",
    "pause until 24 March, Sam stands in",
    "resume",
    "undo",
    "approvals Globex",
    "workspace Globex",
    "handover Globex to Sam",
)


@pytest.mark.parametrize(
    ("own", "differing"),
    [
        ("done 2\nsnooze 2 until Friday", {2: ("done 2", "snooze 2 until Friday")}),
        (
            "done 1-3; snooze 2 until Friday; wake 4",
            {2: ("done 1-3", "snooze 2 until Friday")},
        ),
        ("snooze 2 until Friday; snooze 2 until Monday", {2: ("snooze 2 until Friday", "snooze 2 until Monday")}),
        ("done all; wake 4", {4: ("done all", "wake 4")}),
        ("replied 2; done 2", {2: ("replied 2", "done 2")}),
        ("not 2; done 2", {2: ("not 2", "done 2")}),
        ("not 2; give 2 to Sam", {2: ("not 2", "give 2 to Sam")}),
        ("not 2; 2 is Globex", {2: ("not 2", "2 is Globex")}),
        ("give 2 to Sam; give 2 to Ana", {2: ("give 2 to Sam", "give 2 to Ana")}),
        ("2 is Globex; assign 2 to Acme", {2: ("2 is Globex", "assign 2 to Acme")}),
        ("done 2; give 2 to Sam", {2: ("done 2", "give 2 to Sam")}),
        (
            "done 2; wake 2; 2 is Globex",
            {2: ("done 2", "wake 2")},
        ),
        ("done 2; done 2", {}),
        ("done all; done 2", {}),
        ("snooze 2 until Friday; 2 snooze until tomorrow", {}),
        ("give 2 to Sam; give 2 to  SAM", {}),
        ("2 is Globex; assign 2 to GLOBEX", {}),
        ("snooze 2 until Friday; 2 is Globex; give 2 to Sam", {}),
        ("done 2; 2 is Globex", {}),
        ("done 2; why 2", {}),
        ("done 1; snooze 2 until Friday", {}),
        ("done 9; snooze 9 until Friday", {}),
        ("done 2; snooze 2 until Friday?", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_contradicted(own: str, differing: dict[int, tuple[str, ...]]) -> None:
    """Different orders for one item are found with their clauses; the same twice, or orders that go together, are none."""
    assert contradicted(read(own), range(1, 6)) == differing


@pytest.mark.parametrize(
    ("own", "clauses"),
    [
        ("pause until Friday; pause until Monday", ("pause until Friday", "pause until Monday")),
        ("pause until Friday; resume", ("pause until Friday", "resume")),
        (
            "pause until 24 March with Sam; pause until 24 March with Ana",
            ("pause until 24 March with Sam", "pause until 24 March with Ana"),
        ),
        (
            "handover Globex to Sam; done 1; handover globex to Ana",
            ("handover Globex to Sam", "handover globex to Ana"),
        ),
        ("pause until Friday; pause until 13 November", ()),
        ("resume; resume", ()),
        ("handover Globex to Sam; handover Acme to Ana", ()),
        ("done 1; snooze 1 until Friday", ()),
    ],
)
def test_contradicted_clauses(own: str, clauses: tuple[str, ...]) -> None:
    """Two pauses that differ, a pause and its end, and one client handed to two people are found."""
    assert contradicted_clauses(read(own)) == clauses


@given(own=st.lists(st.sampled_from(ORDERED), max_size=8).map("; ".join))
def test_a_contradiction_takes_two(own: str) -> None:
    """A contradiction has two clauses at least, of the reply, for an item of the digest."""
    commands = read(own)
    clauses = [one.clause for one in commands]

    for number, found in contradicted(commands, (1, 2)).items():
        assert number in (1, 2)
        assert len(found) >= 2
        assert [one for one in dict.fromkeys(clauses) if one in found] == list(found)


@pytest.mark.parametrize(
    "own",
    [
        "thanks!", "Thanks", "Ok, great, thank you Maya", "👍", "👍🏽", "❤️", "merci", "danke!", "cheers,\nMaya", "thx", "ok", "Great, thanks!",
        "Thanks a lot!\n\nMaya Chen\nNorthlight", "Thanks so much for this 🙏", "Hi,\n\nthanks!\n\nBest,\nMaya", "perfect, thanks", "Vielen Dank!",
        "Very helpful, thank you.", "Have a nice weekend!", "thanks maya", "Good morning", "Thanks, Sam Ode", "Best regards\nMaya", "Got it, thanks",
        "Thanks :)", "Great work everyone", "Thanks for your help, have a great day!", "Thanks – Maya",
    ],
)  # fmt: skip
def test_courtesy(own: str) -> None:
    """Thanks, an ok, a greeting and the name below say nothing that needs an answer, and order nothing."""
    assert is_courtesy(own)
    assert read(own) == ()


@pytest.mark.parametrize(
    "own",
    [
        "", "  \n", "done", "done 1", "thanks, done 1", "thanks?", "ok, 2", "Thanks. Globex approved the layout", "yes", "no", "no thanks, call Dana",
        "help", "undo", "more", "Thanks, more please", "resume", "ok pause", "great, snooze", "Thanks\nApproved", "Maya", "Call me", "not great",
        "!", "...", "I'm back", "👎", "✅", "Thanks, but this is wrong", "great idea: pause", "Thanks, I spoke to Dana", "Thanks\nDana is unhappy",
        "Thanks. Stop", "all", "all done", "later", "thanks replied", "Thanks, Globex wants more", "thanks " * 100,
    ],
)  # fmt: skip
def test_no_courtesy(own: str) -> None:
    """What might be an order, a question or news, and what says nothing at all, is no courtesy."""
    assert not is_courtesy(own)


@pytest.mark.parametrize("own", [own for own in ORDERED if commands_of(own, THURSDAY, digest_at=EIGHT)])
@pytest.mark.parametrize(
    "negation", ["don't {}", "do not {}", "Please don't {}", "never {}", "don’t {}, please", "no need to {}", "please do not\n{}"]
)  # fmt: skip
def test_what_is_negated_is_not_ordered(own: str, negation: str) -> None:
    """A verb behind a negation orders nothing, whatever the verb is."""
    assert all(isinstance(one, NotUnderstood) for one in read(negation.format(own)))


CHANGING = [own for own in ORDERED if not own.startswith(("why", "approvals", "workspace"))]


@pytest.mark.parametrize("own", CHANGING)
@pytest.mark.parametrize("mark", ["?", " ?", "？", "?!", "??"])
def test_a_question_orders_nothing(own: str, mark: str) -> None:
    """What changes something is asked back where a question mark stands behind it; the request of a "could you" is none."""
    (asked,) = read(own + mark)
    (polite,) = read(f"could you {own}?")

    assert isinstance(asked, NotUnderstood)
    assert asked.hint.startswith(("Is that an order?", "Name one client"))
    assert not isinstance(polite, NotUnderstood)


@pytest.mark.parametrize("own", ORDERED)
@pytest.mark.parametrize("form", ["> {}", ">{}", "| {}", "“{}” she wrote", "Dana wrote: {}"])
def test_what_is_quoted_never_runs(own: str, form: str) -> None:
    """A clause behind the mark of a quote, or that tells what somebody wrote, orders nothing."""
    assert all(isinstance(one, NotUnderstood) for one in read(form.format(own)))


@given(own=st.lists(st.sampled_from([*ORDERED, "I spoke to Dana", "thanks", "done 1?"]), max_size=12))
def test_the_order_of_clauses_is_kept(own: list[str]) -> None:
    """Commands come in the order in which they are written, each from its own line."""
    said = [one for one in own if one not in ("I spoke to Dana", "thanks")]

    assert [one.clause for one in read("\n".join(own))] == said


ANY_WORDS = st.lists(
    st.sampled_from(
        "snooze snoozed done wake replied called not wrong why give pause resume approvals workspace handover hand over"
        " more undo 1 2-4 all to until friday 24 march with Sam stands in stand-in is Globex ? ; , and \n don't the me".split(
            " "
        )
    )
    | st.text(max_size=6),
    max_size=14,
).map(" ".join)


@given(own=ANY_WORDS)
def test_any_text_is_read(own: str) -> None:
    """No text raises, and what is read of it stands in it."""
    is_courtesy(own)
    commands = read(own)
    contradicted(commands, (1, 2, 3))
    contradicted_clauses(commands)

    for one in commands:
        assert one.clause
        if isinstance(one, NotUnderstood):
            assert one.hint
        for name in ("name", "to", "stand_in"):
            assert (getattr(one, name, None) or "") in one.clause


@pytest.mark.parametrize(
    "unit",
    [
        "a;", "\n", "2;", "done 1;", "pause until a, ", "x, with ", "hand a over to ", "handover a to ", "replied to ", "thanks ", "Maya ", "not\n",
        "snooze 2 until friday or ", "stand-in ", "pause x\nstand-in\n", "show ", "\u202e", "ﷺ", "snooze 2 until a year a week the day after friday\n",
        "1 done, ", "2 is done and ", "oops, ", "just already ", "done 2 - sent ", "out of office from ", "keep 3 ", "except 3\n", "3 → friday\n", "sam can take 2 ",
        "2 now all both already ", "snooze 2 until friday, dana is away ", "item one ", "until friday at 3 ",
    ],
)  # fmt: skip
def test_a_hostile_reply_ends(unit: str) -> None:
    """A hundred thousand characters of whatever repetition come to an end, and to no more commands than are read."""
    own = unit * (100_000 // len(unit))

    assert len(read(own)) <= 21
    assert not is_courtesy(own)


ZONES = "America/New_York Europe/Berlin Europe/London Australia/Sydney Australia/Lord_Howe America/Sao_Paulo Asia/Kolkata".split()
MOMENTS = st.builds(
    lambda hours, zone: (datetime(2015, 1, 1, tzinfo=UTC) + hours).astimezone(ZoneInfo(zone)),
    st.timedeltas(timedelta(0), timedelta(days=15 * 365)),
    st.sampled_from(ZONES),
)


def shows(day: date, hour: time, zone: ZoneInfo) -> bool:
    """Whether the clock of a zone ever shows that hour on that day."""
    there = datetime.combine(day, hour, tzinfo=zone)
    return there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == there.replace(tzinfo=None)


@given(
    now=MOMENTS,
    ahead=st.integers(1, 365),
    hour=st.times().map(lambda one: one.replace(second=0, microsecond=0)),
)
def test_the_clock_shows_what_was_said(now: datetime, ahead: int, hour: time) -> None:
    """A snooze to a day and an hour ends when the local clock first shows them; where it never does, that is asked."""
    day = now.date() + timedelta(days=ahead)
    woken = wake_of(f"{day} at {hour:%H:%M}", now, digest_at=EIGHT)
    zone = now.tzinfo
    assert isinstance(zone, ZoneInfo)

    if shows(day, hour, zone):
        assert isinstance(woken, datetime)
        assert (woken.date(), woken.time(), woken.fold) == (day, hour, 0)
    else:
        assert isinstance(woken, Unwoken)
        assert woken.why is NoTime.SKIPPED


@given(now=MOMENTS, weekday=st.integers(0, 6), digest_at=st.sampled_from([time(7, 30), EIGHT, time(13)]))
def test_a_bare_weekday_is_strictly_after_today(now: datetime, weekday: int, digest_at: time) -> None:
    """A weekday alone is one to seven days on, at that day's digest."""
    name = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()[weekday]
    woken = wake_of(name, now, digest_at=digest_at)

    assert isinstance(woken, datetime)
    assert woken.weekday() == weekday
    assert 1 <= (woken.date() - now.date()).days <= 7
    assert woken.time() == digest_at


@given(now=MOMENTS, back=st.integers(0, 14))
def test_a_day_that_has_passed_is_refused(now: datetime, back: int) -> None:
    """A day before today, and today after its digest, is past; it is never taken for next year's."""
    day = now.date() - timedelta(days=back)
    for said in (f"{day}", f"{day.day} {day:%B}"):
        woken = wake_of(said, now, digest_at=EIGHT)

        if back or now.time() >= EIGHT:
            assert isinstance(woken, Unwoken)
            assert woken.why is NoTime.PAST
        else:
            assert isinstance(woken, datetime)
            assert woken.date() == day


def test_an_hour_that_comes_twice_is_past_after_the_first() -> None:
    """In the second of the two hours of an autumn night, what the clock first showed has passed."""
    second = datetime(2026, 11, 1, 1, 20, tzinfo=NEW_YORK, fold=1)

    for said in ("today 1:10am", "today 1:40am"):
        woken = wake_of(said, second, digest_at=EIGHT)
        assert isinstance(woken, Unwoken)
        assert woken.why is NoTime.PAST
    assert isinstance(read("snooze 2 until tomorrow")[0], Snooze)
