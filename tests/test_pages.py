"""A client's page says what is open, asked for, decided, promised and said, and where each line comes from."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.address import Address
from parsers.briefs import Brief
from parsers.page_ledger import Entry, EntryFate, ledger_of
from parsers.page_people import first_words
from parsers.page_posts import Conversation, Post
from parsers.page_promises import PromiseFate
from parsers.pages import Page, page_of
from parsers.signals import Kind, Signal, Status
from parsers.state import Action, Heard, state_of
from parsers.workspaces import Side
from service.cli import call_main
from service.pages import find_client, page_at
from service.rendering import page_of as html_of
from service.rendering import text_of
from tests.agency import DANA, HANK, MAYA, SAM, id_of, mail, write_config
from tests.filed import cabinet

pytestmark = pytest.mark.both_databases

ZONE = ZoneInfo("America/New_York")
MONDAY = datetime(2026, 11, 2, 10, tzinfo=ZONE)
NOW = MONDAY + timedelta(days=10)  # Thursday the 12th
PEOPLE = {
    "dana": Address(name="Dana Ruiz", spec="dana@acme.example"),
    "gail": Address(name="Gail Prentiss", spec="gail@acme.example"),
    "maya": Address(name="Maya Chen", spec="maya@northlight.example"),
}
_DECIDED = {one.value for one in Status}


def said(name: str, *, due: date | None = None, sure: bool = True, quote: str = "") -> Signal:
    status = Status(name) if name in _DECIDED else None
    kind = Kind.APPROVAL if status else Kind(name)
    return Signal(kind=kind, status=status, quote=quote or f"the words of {name}", due=due, sure=sure)


def post(
    day: float,
    who: str,
    *signals: Signal | str,
    own: str = "Some words.",
    brief: Brief | None = None,
    signature: str = "",
    verified: bool | None = True,
    warnings: tuple[str, ...] = (),
    automated: bool = False,
    internal: bool = False,
) -> Post:
    heard = Heard(
        message=f"{who}-{day}",
        author=PEOPLE[who].name,
        side=Side.AGENCY if who == "maya" else Side.CLIENT,
        sent_at=MONDAY + timedelta(days=day),
        received_at=MONDAY + timedelta(days=day),
        own=own,
        signals=tuple(one if isinstance(one, Signal) else said(one) for one in signals),
        automated=automated,
        internal=internal,
    )
    return Post(
        heard=heard,
        message_id=f"<{who}-{day}@x.example>",
        author=PEOPLE[who],
        brief=brief,
        signature=signature,
        verified=verified,
        warnings=warnings,
    )


def thread(
    *posts: Post, subject: str = "Spring layouts", done: bool = False, now: datetime = NOW
) -> Conversation:
    return Conversation(
        thread=subject,
        subject=subject,
        state=state_of([one.heard for one in posts], now=now),
        snoozed_until=None,
        done=done,
        posts=posts,
    )


def page(*threads: Conversation, now: datetime = NOW) -> Page:
    return page_of("Acme Corp", "Maya Chen", threads, now=now)


def entries(*posts: Post, done: bool = False) -> list[Entry]:
    """The ledger of one thread, the oldest first."""
    return sorted(
        ledger_of("Acme Corp", (thread(*posts, done=done),), ZONE).entries, key=lambda one: one.source.at
    )


# ---------------------------------------------------------------- the ledger


@pytest.mark.parametrize(
    ("told", "standing"),
    [
        ("granted", "stands"),
        ("granted withdrawn", "replaced stands"),
        ("withdrawn granted", "replaced stands"),
        ("granted withdrawn granted", "replaced replaced stands"),
        ("changes granted", "replaced stands"),
        ("rejected granted", "replaced stands"),
        ("changes conditional granted", "replaced replaced stands"),
        ("granted changes", "replaced stands"),
        ("conditional rejected", "replaced stands"),
        ("granted granted", "stands stands"),  # another department's, or another piece
        ("granted requested granted", "stands answered stands"),
        ("changes changes", "stands stands"),  # and one more thing
        ("changes requested changes", "replaced answered stands"),  # of the next version
        ("withdrawn changes", "stands stands"),  # only a yes ends a stop
        ("withdrawn requested changes", "replaced answered stands"),
        ("granted conditional", "replaced stands"),  # the same person thought of something else
        ("requested", "waiting"),
        ("requested requested", "repeated waiting"),
        ("requested requested granted", "answered answered stands"),
        ("requested granted withdrawn", "answered replaced stands"),
    ],
)
def test_latest_decision_stands(told: str, standing: str) -> None:
    """A later yes ends an earlier stop, and a later stop an earlier yes; a request is answered by the next decision."""
    posts = [
        post(day, "maya" if name == "requested" else "dana", name) for day, name in enumerate(told.split())
    ]

    assert " ".join(one.fate for one in entries(*posts)) == standing


def test_entry_says_who_what_when_in_which_words() -> None:
    """An entry has its author, words, request, instant, thread and Message-ID, and what ended it."""
    asked, yes, stop = post(0, "maya", "requested"), post(1, "dana", "granted"), post(3, "gail", "withdrawn")
    request, granted, withdrawn = entries(asked, yes, stop)

    assert (granted.who, granted.address, granted.quote) == (
        "Dana Ruiz",
        "dana@acme.example",
        "the words of granted",
    )
    assert (granted.request, request.request) == ("the words of requested", "")
    assert (granted.source.at, granted.source.subject) == (MONDAY + timedelta(days=1), "Spring layouts")
    assert granted.source.message_id == "<dana-1@x.example>"
    assert granted.replaced_by
    assert (granted.replaced_by.message_id, granted.replaced_by.who) == (
        "<gail-3@x.example>",
        "Gail Prentiss",
    )
    assert request.answered_by
    assert request.answered_by.message_id == "<dana-1@x.example>"
    assert withdrawn.is_certain


@pytest.mark.parametrize(
    "later",
    [
        post(2, "gail", said("withdrawn", sure=False)),
        post(2, "gail", "withdrawn", verified=False),
        post(2, "gail", "withdrawn", warnings=("look-alike domain",)),
    ],
)
def test_doubtful_word_ends_nothing_for_sure(later: Post) -> None:
    """What is unsure, unverified or under a warning may end a decision, and is shown so."""
    granted, doubted = entries(post(1, "dana", "granted"), later)

    assert granted.fate is EntryFate.DOUBTFUL
    assert granted.replaced_by
    assert not granted.replaced_by.sure
    assert not doubted.is_certain


def test_sure_word_ends_what_a_doubtful_one_may_have() -> None:
    """Where a sure decision follows a doubtful one, the sure one is named."""
    granted, _, _ = entries(
        post(1, "dana", "granted"), post(2, "gail", said("changes", sure=False)), post(3, "dana", "withdrawn")
    )

    assert granted.replaced_by
    assert (granted.fate, granted.replaced_by.message_id) == (EntryFate.REPLACED, "<dana-3@x.example>")


@pytest.mark.parametrize(
    ("first", "second", "standing"),
    [
        ("granted changes", "", "stands stands"),
        ("granted changes", "withdrawn", "doubtful doubtful stands"),
        ("granted changes", "granted", "stands replaced stands"),  # the piece that had no yes
        ("granted changes", "granted changes", "doubtful doubtful stands stands"),
        ("changes rejected", "granted", "doubtful doubtful stands"),
        ("granted", "granted changes", "doubtful stands stands"),
    ],
)
def test_two_pieces_in_one_mail_leave_doubt(first: str, second: str, standing: str) -> None:
    """Of two decisions in one mail neither ends the other, and a later no may mean either piece."""
    told = [one for one in (first, second) if one]
    found = entries(*(post(day, "dana", *names.split()) for day, names in enumerate(told)))

    assert " ".join(one.fate for one in found) == standing


@pytest.mark.parametrize(
    "unheard",
    [
        post(1, "dana", "granted", automated=True),
        post(1, "maya", "requested", internal=True),
        post(1, "maya", "granted"),
        post(1, "dana", "question"),
    ],
)
def test_only_a_clients_decision_and_our_request_count(unheard: Post) -> None:
    """A machine, an internal note and the agency's own "approved" are in no ledger."""
    assert entries(unheard) == []


def test_finished_thread_waits_for_no_decision() -> None:
    """A request on a thread that the account manager closed is closed too."""
    assert entries(post(0, "maya", "requested"), done=True)[0].fate is EntryFate.CLOSED


def test_decision_ends_nothing_on_another_thread() -> None:
    """A stop on one thread leaves the yes of another one as it is; the newest is first."""
    ledger = ledger_of(
        "Acme Corp",
        (thread(post(1, "dana", "granted"), subject="A"), thread(post(2, "dana", "withdrawn"), subject="B")),
        ZONE,
    )

    assert [one.source.subject for one in ledger.entries] == ["B", "A"]
    assert ledger.standing == ledger.entries


# ---------------------------------------------------------------- promises


def promised(day: float, due: int | None = None, own: str = "We are on it.") -> Post:
    return post(day, "maya", said("promise", due=date(2026, 11, due) if due else None), own=own)


@pytest.mark.parametrize(
    ("posts", "fates"),
    [
        ((promised(0, 13),), "open"),
        ((promised(0),), "open"),
        ((promised(0, 12),), "due today"),
        ((promised(0, 11),), "overdue"),
        ((promised(0, 4), post(1, "maya", own="Here it is, attached.")), "kept"),
        ((promised(0, 4), post(1, "maya", "requested")), "kept"),
        ((promised(0, 4), post(1, "maya", own="Working on it.")), "overdue"),
        ((promised(0, 4), promised(1, 16)), "open moved"),
        ((promised(0, 20), promised(1)), "open open"),
        ((promised(0, 20), post(1, "dana", "withdrawn")), "dropped"),
        ((promised(0, 20), post(1, "dana", own="Great, thanks")), "open"),
        ((promised(0, 20), post(1, "maya", own="Never mind, sorted by phone", internal=True)), "dropped"),
        ((promised(0, 4), post(1, "maya", own="Here it is, attached.", automated=True)), "overdue"),
    ],
)
def test_promise_has_its_fate(posts: tuple[Post, ...], fates: str) -> None:
    """A promise is kept by what brings it, moved by a new day, dropped by a stop, and else open until its day."""
    assert " ".join(one.fate for one in page(thread(*posts)).promises) == fates


def test_promise_says_what_settled_it() -> None:
    """A promise has its words, its day and its mail, and the mail that kept it."""
    kept = page(thread(promised(0, 4), post(1, "maya", own="Here it is, attached."))).promises[0]

    assert (kept.who, kept.quote, kept.due) == ("Maya Chen", "the words of promise", date(2026, 11, 4))
    assert kept.source.message_id == "<maya-0@x.example>"
    assert kept.settled
    assert kept.settled.message_id == "<maya-1@x.example>"


_TURN = st.sampled_from(
    [
        ("dana", (), "Thanks."),
        ("dana", ("withdrawn",), "Stop."),
        ("dana", ("question",), "When?"),
        ("maya", (), "Here it is, attached."),
        ("maya", (), "Still on it."),
        ("maya", ("requested",), "Please approve."),
        ("maya", (said("promise", due=date(2026, 11, 9)),), "By Monday."),
        ("maya", (said("promise", due=date(2026, 11, 20)),), "By Friday."),
        ("maya", ("promise",), "Soon."),
    ]
)


@given(st.lists(_TURN, max_size=8))
def test_promises_agree_with_the_state_of_the_thread(
    turns: list[tuple[str, tuple[Signal | str, ...], str]],
) -> None:
    """What has to be delivered is on the page as overdue; where nothing is open, nothing is owed."""
    posts = [post(day, who, *signals, own=own) for day, (who, signals, own) in enumerate(turns)]
    conversation = thread(*posts)
    owed = [one for one in page(conversation).promises if one.is_owed]

    if conversation.state.action is Action.DELIVER:
        due = conversation.find(conversation.state.message)
        assert due
        assert (PromiseFate.OVERDUE, due.message_id) in [(one.fate, one.source.message_id) for one in owed]
    if not conversation.is_open:
        assert owed == []


# ---------------------------------------------------------------- threads, briefs, drift, silence


def test_most_pressing_thread_is_first_and_snoozed_ones_last() -> None:
    """Open threads stand in the order of urgency, the snoozed behind, and the finished are counted."""
    ask = thread(post(8, "dana", "question"), subject="Ask")
    stop = thread(post(9, "dana", "withdrawn"), subject="Stop")
    risk = replace(thread(post(1, "dana", "risk"), subject="Risk"), snoozed_until=NOW + timedelta(days=1))
    over = thread(post(1, "dana", own="Thanks."), subject="Over")
    shut = thread(post(1, "dana", "question"), subject="Shut", done=True)
    found = page(ask, risk, over, stop, shut)

    assert [one.subject for one in found.open_threads] == ["Stop", "Ask", "Risk"]
    assert (found.finished, found.waiting_on_us, found.waiting_on_client) == (2, 3, 0)
    assert found.open_threads[0].source.message_id == "<dana-9@x.example>"
    assert (found.open_threads[1].who, found.open_threads[1].quote) == ("Dana Ruiz", "the words of question")


def test_live_brief_is_all_that_the_client_said_of_it() -> None:
    """The briefs of a thread are one, with the mail that began it and those that added to it."""
    first = post(1, "dana", "brief", brief=Brief(deliverables=("a poster",)))
    more = post(
        2, "gail", "brief", said("deadline", due=date(2026, 12, 1)), brief=Brief(budget="2,000 euros")
    )
    live = page(thread(first, more)).briefs

    assert [one.who for one in live] == ["Dana Ruiz"]
    assert live[0].source.message_id == "<dana-1@x.example>"
    assert [one.message_id for one in live[0].added] == ["<gail-2@x.example>"]
    assert page(thread(first, more, done=True)).briefs == ()


@pytest.mark.parametrize(("days", "drifted"), [(0, 1), (29.9, 1), (30, 0), (90, 0)])
def test_scope_drift_is_of_thirty_days(days: float, drifted: int) -> None:
    """What was asked beyond what was agreed counts for thirty days, and is counted for ever."""
    found = page(thread(post(10 - days, "dana", "scope")))

    assert (len(found.drift), found.drift_ever) == (drifted, 1)


def test_silence_counts_days_since_each_sides_last_word() -> None:
    """A machine's mail and an internal note break no silence; days are the account manager's."""
    found = page(
        thread(
            post(1, "dana", own="Hi Maya,\n\nany news?"),
            post(4, "maya", own="Tomorrow."),
            post(6, "maya", own="Shall we?", internal=True),
            post(9, "dana", own="I am away.", automated=True),
        )
    )

    assert found.client_said
    assert found.we_said
    assert (found.client_said.days, found.client_said.said) == (9, "any news?")
    assert (found.we_said.days, found.we_said.source.message_id) == (6, "<maya-4@x.example>")


def test_people_have_role_and_last_word() -> None:
    """Clients come first, who wrote last first, with role, decisions and last word."""
    found = page(
        thread(
            post(1, "gail", "granted", signature="Gail Prentiss\nPresident & CEO"),
            post(2, "dana", own="Hi,\nnoted."),
            post(3, "maya"),
            post(4, "gail", own="Thank you."),
        )
    ).people

    assert [(one.name, one.role, one.decisions) for one in found] == [
        ("Gail Prentiss", "President & CEO", 1),
        ("Dana Ruiz", None, 0),
        ("Maya Chen", None, 0),
    ]
    assert [(one.said, one.source.message_id) for one in found[:2]] == [
        ("Thank you.", "<gail-4@x.example>"),
        ("noted.", "<dana-2@x.example>"),
    ]


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ("Hi Maya,\n\nPlease stop.", "Please stop."),
        ("Hello!\nPlease stop.", "Please stop."),
        ("Please stop the press\nnow", "Please stop the press now"),
        ("Thanks,\n", "Thanks,"),
        ("Yes", "Yes"),
        ("", ""),
        ("word " * 30_000, "word " * 31 + "word…"),
    ],
)
def test_first_words_are_those_behind_the_greeting(own: str, words: str) -> None:
    """The first words of a mail are shown without its greeting, on one line, and short."""
    assert first_words(own) == words


# ---------------------------------------------------------------- as people see it


def hostile() -> Page:
    words = said("withdrawn", quote="<b onclick=x>stop</b>\u202e\nAPPROVED")
    return page(
        thread(post(1, "dana", words, warnings=("<i>fake</i>",), verified=False), subject="<script>\r\nx")
    )


def test_text_from_outside_is_harmless_on_a_page() -> None:
    """Markup is escaped, and no control or bidirectional character reaches a reader."""
    html, text = (made(name, {"page": hostile()}) for made, name in _FORMS)

    assert "<script>" not in html
    assert "<b onclick" not in html
    assert "<i>fake" not in html
    assert "\u202e" not in html + text
    assert "\r" not in text
    assert '"<b onclick=x>stop</b> APPROVED"' in text


_FORMS = ((html_of, "workspace.html.j2"), (text_of, "workspace.txt.j2"))


@pytest.mark.parametrize(("made", "name"), _FORMS)
def test_each_form_says_all_of_it(made: Callable[[str, dict[str, object]], str], name: str) -> None:
    """Text and HTML alike show every section, warn of the unverified, and load nothing from elsewhere."""
    full = page(
        thread(
            post(0, "dana", "brief", "scope", brief=Brief(deliverables=("a poster",))),
            promised(1, 4),
            post(2, "gail", "granted", verified=False),
        )
    )
    shown = made(name, {"page": full})

    for section in ("open threads", "live briefs", "approvals", "promises", "scope drift", "people"):
        assert section in shown.lower()
    assert "our server did not confirm the sender" in shown
    assert "a poster" in shown
    assert "Wed 4 Nov 2026" in shown
    assert "gail-2@x.example" in shown
    assert "http" not in shown


@pytest.mark.parametrize(("made", "name"), _FORMS)
def test_empty_page_is_calm(made: Callable[[str, dict[str, object]], str], name: str) -> None:
    """A client without mail has a page that says so."""
    shown = made(name, {"page": page()})

    assert "Nothing is open" in shown
    assert "never written" in shown
    assert "No approval was asked for or given yet." in shown


def test_long_sections_are_cut_and_counted() -> None:
    """A page shows twelve threads and fifty entries, and counts the rest."""
    threads = [thread(post(day / 10, "dana", "granted"), subject=f"No. {day}") for day in range(60)]
    shown = text_of("workspace.txt.j2", {"page": page(*threads)})

    assert "And 48 more." in shown
    assert "And 10 older." in shown


@pytest.mark.parametrize("made", [html_of, text_of])
def test_bodies_serve_a_letter_with_less_room(made: Callable[[str, dict[str, object]], str]) -> None:
    """The bodies need the page or the ledger alone, and take less room for words and entries where it is given."""
    words = "long words " * 40
    found = page(
        *(thread(post(day, "dana", said("granted", quote=words)), subject=str(day)) for day in range(5))
    )
    suffix = "html" if made is html_of else "txt"
    whole = made(f"ledger.body.{suffix}.j2", {"ledger": found.ledger})
    less = made(f"ledger.body.{suffix}.j2", {"ledger": found.ledger, "room": 30, "entries": 2})
    body = made(f"page.body.{suffix}.j2", {"page": found, "room": 30, "entries": 2})

    assert "older" not in whole
    assert "And 3 older." in less
    assert "And 3 older." in body
    assert len(less) < len(whole) / 2


# ---------------------------------------------------------------- as it is kept


ASKED = mail(MAYA, "Dana, the layouts are attached. Do we have your approval?", to=DANA)
YES = mail(DANA, "Approved, please go ahead.", answers=ASKED, at="2026-11-10T11:00:00-05:00")
STOP = mail(HANK, "Sam, please stop the print run, the address is wrong.", to=SAM, subject="Labels")


def test_page_is_of_one_client_at_one_moment(tmp_path: Path) -> None:
    """Neither another client's mail nor later mail is on it."""
    with cabinet(tmp_path) as files:
        files.take(ASKED, YES, STOP)
        with files.app.store.transaction() as session:
            acme = find_client(files.app.office, "acme corp")
            before, after = (
                page_at(session, files.app.office, acme, datetime(2026, 11, 10, hour, tzinfo=UTC))
                for hour in (15, 17)
            )

    assert [one.status for one in before.ledger.entries] == [Status.REQUESTED]
    assert [one.source.message_id for one in after.ledger.entries] == [id_of(YES), id_of(ASKED)]
    assert {one.address for one in after.people} == {DANA, MAYA}
    assert after.manager == "Maya Chen"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "mail"
    folder.mkdir()
    for number, raw in enumerate((ASKED, YES, STOP)):
        (folder / f"{number}.eml").write_bytes(raw)
    path = write_config(tmp_path)
    assert call_main(["--config", str(path), "ingest", str(folder)]) == 0
    return path


def test_command_shows_the_page(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`practiq workspace NAME` takes the name as people write it, and gives text, HTML or one JSON object."""
    capsys.readouterr()
    shown = {}
    for form in ("--text", "--html", "--json"):
        words = ["workspace", "ACME", form, "--at", "2026-11-11T08:00:00-05:00"]
        assert call_main(["--config", str(config), *words]) == 0
        shown[form] = capsys.readouterr().out

    assert "Dana Ruiz" not in shown["--text"]
    assert f"{DANA} approved: stands" in shown["--text"]
    assert shown["--html"].startswith("<!DOCTYPE html>")
    line = json.loads(shown["--json"])
    assert (line["workspace"], line["account_manager"]) == ("Acme Corp", MAYA)
    assert line["approvals"][0]["source"]["message_id"] == id_of(YES)
    assert line["open_threads"][0]["action"] == "proceed"


@pytest.mark.parametrize(
    ("name", "hint"), [("Acmee Corp", "Did you mean Acme Corp"), ("zzz", "list of clients")]
)
def test_unknown_client_is_said_so(
    config: Path, name: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name that is no client's is an error that offers the nearest."""
    status = call_main(["--config", str(config), "workspace", name])

    assert status == 2
    assert hint in capsys.readouterr().err
