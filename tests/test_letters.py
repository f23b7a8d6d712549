"""A letter says the same in text and HTML, shows what others wrote as words only, and is the same bytes each time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from email import message_from_bytes
from email.policy import SMTP
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.choosing import OpenThread, choose, digest_for
from parsers.commands import Command, Done, Help, NotUnderstood, Snooze, Undo, Wake, commands_of
from parsers.digest import Back, Coverage, Digest, Team, TeamLine
from parsers.message import parse_message
from parsers.state import Action, ThreadState
from parsers.turns import WaitingOn
from service.letters import Result
from service.rendering import shown
from service.store import Letter
from tests.agency import INBOX, MAYA, mail
from tests.sample_letters import (
    BACK,
    BRIEF,
    CAME,
    ITEM,
    LATER,
    MANAGER,
    NOW,
    QUIET,
    REFUSED,
    REPLY,
    SNOOZED,
    TODAY,
    TOKEN,
    WARNED,
    ZONE,
    answer_of,
    crowded_digest,
    digest_of,
    full_digest,
    notice_of,
)

ROOT = Path(__file__).parent.parent
YESTERDAY = TODAY - timedelta(days=1)
ACK = "fedcba9876543210"
STOP = replace(ITEM, number=2, workspace="Globex & Sons", subject="Übersicht „Herbst“", action=Action.STOP,
               who="Hank “H” Ode", quote="Please stop the print run.", due=date(2026, 12, 1))  # fmt: skip
LOST = replace(ITEM, number=3, workspace=None, subject="Gift tins", action=Action.RESPOND, who="Lou Marrow",
               quote="Was it the warm one?", guess="Acme Corp or Globex: both are named in it")  # fmt: skip
FULL = replace(QUIET, items=(ITEM, STOP), unplaced=(LOST,), more=4, waiting_on_clients=3, snoozed=2)
LETTERS = {
    "digest": digest_of(FULL),
    "every section": digest_of(full_digest()),
    "acknowledgement": answer_of(SNOOZED, REFUSED, helped=True, undoable=True),
    "what was asked for": answer_of(
        Result(clause="more", text="There they are.", obeyed=True, items=(ITEM,), lines=("Two.",))
    ),
    "notice": notice_of("Sam Ode gave you an item", "Globex: Autumn plan."),
}


def text_of(letter: Letter) -> str:
    return parse_message(letter.content).text


class Page(HTMLParser):
    """What a browser makes of the HTML part: its elements, its rules, and the words that it shows."""

    def __init__(self, letter: Letter) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = self.rules = ""
        self.heads: list[tuple[str, str]] = []  # the headings, with their level
        part = message_from_bytes(letter.content, policy=SMTP).get_body(("html",))  # type: ignore[attr-defined]
        self.source = part.get_content()
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.words += " " if tag in ("br", "div", "h1", "h2", "h3", "p", "td", "th") else ""

    def handle_data(self, data: str) -> None:
        if self.elements and self.elements[-1][0] == "style":
            self.rules += data
        elif self.elements and self.elements[-1][0] in ("h1", "h2", "h3") and data.strip():
            self.heads.append((self.elements[-1][0], data.strip()))
            self.words += data
        else:
            self.words += data

    @property
    def frame(self) -> list[tuple[str, dict[str, str | None]]]:
        """The elements, without what their links are called: that has the client's name in it."""
        names = ("title", "aria-label")
        return [(tag, {key: None if key in names else one for key, one in some.items()}) for tag, some in self.elements]  # fmt: skip

    @property
    def links(self) -> list[str]:
        return [str(attributes["href"]) for _, attributes in self.elements if "href" in attributes]


def flat(words: str) -> str:
    """Words in one line, without what the two parts each do in their way: quotation marks and colons."""
    return " ".join(re.sub("[“”\"’':]", " ", words).split()).lower()


def assert_fit_for_the_wire(letter: Letter) -> None:
    """ASCII, CRLF as the only line end, and no line too long (RFC 5321 §4.5.3.1.6, RFC 5322 §2.1.1)."""
    lines = letter.content.split(b"\r\n")
    assert letter.content.isascii()
    assert not re.search(rb"[\r\n\0]", b"".join(lines))
    assert max(map(len, lines)) <= 998


# ---------------------------------------------------------------- header fields


def test_fields_of_a_digest() -> None:
    """A digest says that a machine wrote it and wants no machine's answer; its name carries its day and its token."""
    letter = digest_of(FULL)

    assert letter.content.startswith(
        f"From: practiq <{INBOX}>\r\nTo: Maya Chen <{MAYA}>\r\nSubject: Thu 12 Nov: 7 threads need you\r\n"
        f"Date: Thu, 12 Nov 2026 08:00:00 -0500\r\nMessage-ID: {letter.message_id}\r\n"
        "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n"
        "List-Id: practiq <digest.northlight.example>\r\nMIME-Version: 1.0\r\n".encode()
    )
    assert letter.message_id == f"<digest.2026-11-12.{TOKEN}@northlight.example>"
    assert (letter.reverse_path, letter.recipient) == (INBOX, MAYA)


def test_an_acknowledgement_stands_on_its_thread() -> None:
    """It answers the reply and names its ancestors as they were written, however long, in whatever capitals."""
    name = f"<{'AM0PR04MB' * 12}@eurprd04.prod.Outlook.example>"
    ancestors = [f"<Ancestor.{number}@Northlight.example>" for number in range(30)]
    reply = mail(MAYA, "done 9", fields={"References": " ".join(ancestors)})
    reply = re.sub(rb"(?m)^Message-ID: .*\r$", f"Message-ID: {name}\r".encode(), reply)
    letter = answer_of(REFUSED, message=parse_message(reply))
    fields = {
        field.split(":")[0]: field.split()[1:]
        for field in re.split(r"\r\n(?! )", letter.content.decode().partition("\r\n\r\n")[0])
    }

    assert fields["In-Reply-To"] == [name]
    assert fields["References"] == [*ancestors[-20:], name]
    assert fields["Auto-Submitted"] == ["auto-replied"]
    assert fields["Message-ID"] == [letter.message_id] == [f"<ack.{ACK}.{TOKEN}@northlight.example>"]
    assert_fit_for_the_wire(letter)


def test_fields_of_a_notice() -> None:
    """A notice is a mail of its own: it answers nobody's, and is named by its token."""
    letter = notice_of("Sam Ode gave you an item", "Globex: Autumn plan.")

    assert letter.content.startswith(
        f"From: practiq <{INBOX}>\r\nTo: Maya Chen <{MAYA}>\r\nSubject: Sam Ode gave you an item\r\n"
        f"Date: Thu, 12 Nov 2026 08:00:00 -0500\r\nMessage-ID: <notice.{TOKEN}@northlight.example>\r\n"
        "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n"
        "List-Id: practiq <digest.northlight.example>\r\nMIME-Version: 1.0\r\n".encode()
    )
    assert (letter.reverse_path, letter.recipient) == (INBOX, MAYA)


@pytest.mark.pitfall("zulip#2755")
@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
def test_a_letter_can_be_answered_and_is_no_bulk_mail(letter: Letter) -> None:
    """A reply goes to the inbox, and no field calls it a newsletter."""
    names = {field for field, _ in parse_message(letter.content).fields}

    assert names & {"reply-to", "precedence", "list-unsubscribe", "list-unsubscribe-post", "sender"} == set()
    assert {"auto-submitted", "x-auto-response-suppress", "list-id", "date", "message-id"} <= names


LOOKS_ENCODED = "=?utf-8?q?Hi=0D=0ABcc=3A_mallory=40evil.example?="
WORDS = st.text(st.characters() | st.sampled_from(' ,;:"\\()<>@=?_.aé漢😀\r\n\0\u202e'), max_size=250)
WORDS |= st.text("aé, ", min_size=100, max_size=250)


@given(subject=WORDS | st.just(LOOKS_ENCODED), name=WORDS | st.just(LOOKS_ENCODED))
@settings(max_examples=300, deadline=None)
def test_no_subject_or_name_becomes_a_field(subject: str, name: str) -> None:
    """Whatever a subject or a name holds arrives in its own field, as it may be shown, and makes no other one."""
    letter = answer_of(message=replace(REPLY, subject=subject), manager=replace(MANAGER, name=name))
    read = parse_message(letter.content)

    assert_fit_for_the_wire(letter)
    assert [field for field, _ in read.fields] == [
        "from", "to", "subject", "date", "message-id", "auto-submitted", "in-reply-to", "references",
        "x-auto-response-suppress", "list-id", "mime-version", "content-type",
    ]  # fmt: skip
    assert [one.spec for one in read.to] == [MAYA]
    if LOOKS_ENCODED not in (subject, name):
        whole = shown(name)
        assert read.to[0].name == (whole if len(whole) <= 100 else f"{whole[:99].rstrip()}…")
        assert read.subject.lower() == f"re: {shown(subject).lower().removeprefix('re:')}"[:200].strip()


# ---------------------------------------------------------------- two parts, one content


@pytest.mark.parametrize(
    "said",
    [
        "7 threads need you", "1 piece of work must stop, 1 approval came in, 1 waits for an answer, 4 more.",
        "1 Acme Corp: Go ahead", "Spring layouts", "Approved, please go ahead.", "Dana Ruiz", "Wed 11 Nov (1 working day)",
        "2 Globex & Sons: Stop work, due Tue 1 Dec", "Übersicht „Herbst“", "Please stop the print run.", "Hank “H” Ode",
        "Couldn't place. Nothing tells for sure which client this belongs to.".replace(".", "", 1),
        "3 Gift tins: Answer", "Was it the warm one?", "Lou Marrow", "Acme Corp or Globex: both are named in it",
        "And 4 more, less pressing: reply “more” to see them.", "Waiting on clients 3 threads wait, not yet time to ask again.", "Snoozed by you: 2. Reply “snoozed” to see them.", "This one is late: practiq was not running at 08:00.",
        "reply with one command a line: done 1", "snooze 2 until Tuesday", "help",
        "38 messages read since your last digest, 1 thread without a client, 2 in quarantine. Inbox last read Thu 12 Nov, 07:58.",
    ],
)  # fmt: skip
def test_both_parts_of_a_digest_say(said: str) -> None:
    """Each number, client, action, quote, name and day of a digest is in the text as it is in the HTML."""
    letter = digest_of(FULL, late=True)

    assert flat(said) in flat(text_of(letter))
    assert flat(said) in flat(Page(letter).words)


@pytest.mark.parametrize(
    "said",
    [
        "1 Acme Corp: Call them Spring layouts",
        "On one condition: legal signs off", "Spring layouts, from Dana Ruiz", "Spring layouts, for Dana Ruiz", "Answer?",
        "Deliverables: a window poster, a recipe card and three Instagram posts Deadline: Tue 1 Dec Missing: objective, audience, budget. To ask:",
        "What should it achieve? Who is it for? What is the budget?",
        "Back from snooze (until Thu 12 Nov): you snoozed it on Mon 9 Nov; since then Dana Ruiz wrote: “Any news on the storyboard?”.",
        "1 message on this thread never reached the inbox.", "2 messages on this thread never reached the inbox.",
        "Until Thu 12 Nov: Dana Ruiz snoozed it on Mon 9 Nov; since then Dana Ruiz wrote: “Any news on the storyboard?”.",
        "Until Thu 12 Nov: you snoozed it on Mon 9 Nov; nothing came since.", "Back from snooze 6 Acme Corp: Revise",
        "Promised and due 8 Acme Corp: Deliver, was due Wed 11 Nov", "Waiting on clients 9 Acme Corp: Chase",
        "Acme Corp: Autumn plan, since Tue 10 Nov (2 working days)", "Initech: Media plan, since Thu 12 Nov (today)", "And 7 more, not yet time to ask again.",
        "Still open (4) As they were in your last three digests. 10 Acme Corp: Answer", "Spring layouts, since Wed 11 Nov (9 working days)", "And 2 more.",
        "12 Spring layouts: Go ahead", "Best guess: Acme Corp or Acme Corp: both are named in it.", "Reply 12 is and the client's name",
        "And 5 more, less pressing: reply more to see them.",
        "Snoozed by you: 3, among them an unhappy client or a stop: Acme Corp. Reply snoozed to see them.",
        "Careful Look-alike domain: acrne.example resembles acme.example. Dana Ruiz, “New bank details”, Wed 11 Nov",
        "Bounced: your mail to dana@acme.example was not delivered.",
        "The digest to Dana Ruiz, Wed 11 Nov, did not arrive: the mail server said “550 5.1.1 No such user”.",
        "Your answer, Tue 10 Nov, may not have arrived: Connection lost.",
        "Gone quiet: Acme Corp (34 days), A (34 days), B (34 days), C (34 days), D (34 days), E (34 days), F (34 days), G (34 days) and 2 more.",
        "Scope drift: Acme Corp asked for more 4 times in 30 days, Globex 3 times.",
        "The team Oldest complaint: Acme Corp (Dana Ruiz), legal signs off: “We are not happy.”, since Mon 2 Nov (8 working days). Oldest stop:",
    ],
)  # fmt: skip
def test_both_parts_of_a_full_digest_say(said: str) -> None:
    """What each section holds is in the text as it is in the HTML, in the same words."""
    letter = digest_of(full_digest())

    assert flat(said) in flat(text_of(letter))
    assert flat(said) in flat(Page(letter).words)


def test_sections_stand_in_order() -> None:
    """The text's sections are the HTML's headings, in the order of the numbers."""
    letter = digest_of(full_digest())
    heads = ["Back from snooze", "Promised and due", "Waiting on clients", "Still open (4)", "Couldn't place", "Careful", "Letters that did not arrive", "The team"]  # fmt: skip
    page = Page(letter)

    assert [one for one in text_of(letter).splitlines() if one.isupper()] == [one.upper() for one in heads]
    assert page.heads == [("h1", "15 threads need you."), *(("h2", one.replace("'", "’")) for one in heads)]
    assert [int(one) for one in re.findall(r"(?m)^ ?(\d+)  \S", text_of(letter))] == list(range(1, 13))


def test_questions_are_ready_to_paste() -> None:
    """In the text each stands alone on its line, from its beginning; in the HTML in one block, a line each."""
    letter = digest_of(full_digest())

    assert "\n\n" + "\n".join(BRIEF.questions) + "\n\n" in text_of(letter).replace("\r", "")
    assert "<br>".join(BRIEF.questions) in Page(letter).source


def test_a_team_is_counted_by_account_manager_and_client() -> None:
    """Each account manager with all that their clients need, then each client."""
    letter = digest_of(full_digest())
    rows = "sam ode 15 {0}4 {1}acme corp 12 {0}2 {1}globex 3 {0}2"

    assert rows.format("need action, ", "wait on client ") in flat(text_of(letter))
    assert rows.format("", "") in flat(Page(letter).words)
    assert "account manager, client need action wait on client dana ruiz 15 4" in flat(Page(letter).words)


def test_a_long_list_is_cut_and_counted() -> None:
    """Of a team of 80 clients and of 80 warnings 60 each are shown, and the rest is counted; nobody's total loses any."""
    full = full_digest()
    lines = tuple(TeamLine(manager=f"Manager {n // 8}", workspace=f"Client {n}", needs=1, waiting=0) for n in range(80))  # fmt: skip
    letter = digest_of(replace(full, warnings=(WARNED,) * 80, team=Team(lines=lines, oldest=())))

    for part in (flat(text_of(letter)), flat(Page(letter).words)):
        assert "client 59 " in part
        assert "client 60 " not in part
        assert part.count("look-alike domain") == 60
        assert "and 20 more." in part
        assert "and 20 more clients, counted with their account managers." in part
        assert re.search("manager 9 8 ", part)


@pytest.mark.parametrize(
    ("back", "said"),
    [
        (BACK, "Back from snooze (until Thu 12 Nov): you snoozed it on Mon 9 Nov; nothing came since."),
        (replace(BACK, by="Sam Ode", came=(CAME, replace(CAME, who="Lou", quote="Hm."))), "Sam Ode snoozed it on Mon 9 Nov;"
         " since then Dana Ruiz wrote: “Any news on the storyboard?”, Lou wrote: “Hm.”."),
        (replace(BACK, came=(replace(CAME, quote=" "),)), "; since then Dana Ruiz wrote."),
        (replace(LATER, asleep=False, came=(CAME,)), "Back from snooze (until Tue 17 Nov): you snoozed it on Mon 9 Nov; since then"),
        (LATER, "Snoozed until Tue 17 Nov, 08:00: you snoozed it on Mon 9 Nov."),
        (replace(LATER, came=(CAME,)), "Snoozed until Tue 17 Nov, 08:00: you snoozed it on Mon 9 Nov; since then Dana Ruiz wrote: “"),
    ],
)  # fmt: skip
def test_a_snooze_is_told(back: Back, said: str) -> None:
    """Who snoozed an item, when and until when, and what came since, be the snooze over or not."""
    letter = answer_of(Result(clause="snoozed", text="One.", obeyed=True, items=(replace(ITEM, back=back),)))

    assert said in text_of(letter)
    assert said in Page(letter).words


@pytest.mark.parametrize(
    "digest",
    [
        QUIET, replace(QUIET, waiting_on_clients=3, waiting=full_digest().waiting),
        replace(QUIET, snoozed=3, snoozed_pressing=("Acme Corp",)),
    ],
)  # fmt: skip
def test_a_quiet_day_is_one_line(digest: Digest) -> None:
    """No section, no help, no link: what is so, and what the digest rests on."""
    letter = digest_of(digest)
    page = Page(letter)

    assert len(text_of(letter).partition("\n\n--")[0].splitlines()) == 1
    assert [tag for tag, _ in page.elements if tag in ("h2", "a", "b")] == []
    assert ("Acme Corp" in page.words) is bool(digest.snoozed_pressing)
    assert (
        ("Snoozed by you: 3" in page.words)
        is ("Snoozed by you: 3" in text_of(letter))
        is bool(digest.snoozed)
    )


def test_a_quiet_day_says_why_replies_are_not_obeyed() -> None:
    """Without a mail server to trust, so that it is set up before it is missed."""
    letter = digest_of(QUIET, off="Replies are not obeyed: name your mail server.")

    for part in (text_of(letter), Page(letter).words):
        assert "Replies are not obeyed: name your mail server." in part


@pytest.mark.parametrize(
    ("digest", "said", "unsaid"),
    [
        (QUIET, "Nothing needs you today.", "Reply with"),
        (replace(QUIET, waiting_on_clients=3), "Nothing needs you today; 3 threads wait on clients.", "waiting on"),
        (replace(QUIET, snoozed=1), "Snoozed by you: 1.", "reply"),
        (replace(FULL, waiting_on_clients=1, snoozed=0), "1 thread waits, not yet time to ask again.", "snoozed by"),
        (replace(FULL, unplaced=(LOST, replace(LOST, number=4))), "which client these belong to.", "this belongs"),
        (replace(QUIET, coverage=Coverage(read=1, unplaced=2, quarantined=0, polled_at=None)), "1 message read since"
         " your last digest, 2 threads without a client. The inbox has not been read yet.", "quarantine"),
        (replace(QUIET, items=(replace(ITEM, since=NOW, age_days=0),)), "Thu 12 Nov (today)", "0 working"),
        (replace(QUIET, items=(replace(ITEM, age_days=4),)), "Wed 11 Nov (4 working days)", "4 working day)"),
        (replace(QUIET, items=(replace(ITEM, age_days=0),)), "Wed 11 Nov", "("),
        (replace(QUIET, items=(replace(ITEM, since=None),)), "Dana Ruiz", "11 Nov"),
        (replace(QUIET, items=(replace(ITEM, due=TODAY),)), "Go ahead, due Thu 12 Nov", "was due"),
        (replace(QUIET, items=(replace(ITEM, due=YESTERDAY),)), "Go ahead, was due Wed 11 Nov", ", due"),
        (replace(QUIET, items=(ITEM,)), "Go ahead", "Unsure"),
        (replace(QUIET, items=(replace(ITEM, unsure=True),)), "Unsure: please check these words.", "Go ahead Spring"),
        (replace(QUIET, items=(replace(ITEM, unsure=True, due=TODAY),)), "Go ahead?, due Thu 12 Nov", "Go ahead,"),
        (FULL, "Reply with one command a line", "is late"),
    ],
)  # fmt: skip
def test_a_digest_says_what_is_and_nothing_else(digest: Digest, said: str, unsaid: str) -> None:
    """One is one and several are several, nought is not mentioned, and no day is called today but today."""
    letter = digest_of(digest)

    for part in (flat(text_of(letter)), flat(Page(letter).words)):
        assert flat(said) in part
        assert flat(unsaid) not in part


def test_where_replies_are_not_obeyed_none_is_offered() -> None:
    """The letter says why in both parts, and has no link and no command."""
    letter = digest_of(replace(FULL, snoozed=0), off="Replies are not obeyed: name your mail server.")

    assert Page(letter).links == []
    for part in (flat(text_of(letter)), flat(Page(letter).words)):
        assert "replies are not obeyed name your mail server." in part
        assert "snooze" not in part


def test_both_parts_of_an_acknowledgement_say_what_came_of_each_clause() -> None:
    """Each clause is named once, with what was done to each of its items, or why it was not; nothing is said so too."""
    closed = [Result(clause="done 1, 2", text=f"{n} (Acme Corp) is closed.", obeyed=True) for n in (1, 2)]
    letter, empty = (
        answer_of(*closed, SNOOZED, REFUSED, helped=True, unverified=True),
        answer_of(unverified=True),
    )
    said = [
        "Done: done 1, 2 1 (Acme Corp) is closed. 2 (Acme Corp) is closed. Done: snooze 2 until Tuesday",
        "Not done: done 9 There is no item 9.", "The numbers are those of the digest that you answer.",
        "Our mail server did not confirm that you wrote this reply. It was obeyed because [authentication] policy is “warn”.",
    ]  # fmt: skip

    for part in (flat(text_of(letter)), flat(Page(letter).words)):
        assert [one for one in said if flat(one) not in part] == []
    for part in (flat(text_of(empty)), flat(Page(empty).words)):
        assert part.removeprefix("practiq ") == "i found no command in your reply, so nothing has changed."


@pytest.mark.parametrize(
    "form",
    [
        "snooze 2 until Tuesday", "snooze 1,4 next week", "2 snooze 3d", "snooze all tomorrow 2pm", "done 3", "replied 2", "wake 2",
        "2 is Globex", "assign 2 to Globex", "give 2 to Sam", "not 2", "undo", "why 2", "more", "snoozed", "workspace Globex",
        "approvals Globex", "help", "pause until 24 March", "pause until 24 March, Sam stands in", "resume", "handover Globex to Sam",
    ],
)  # fmt: skip
def test_help_lists_every_command(form: str) -> None:
    """Each as it can be written, in both parts."""
    letter = answer_of(helped=True)

    for part in (text_of(letter), " ".join(Page(letter).words.split())):
        assert re.search(rf"(?<![\w-]){re.escape(form)}(?![\w-])", part)


def test_help_says_what_each_command_does_in_both_parts() -> None:
    """The table of the text is the table of the HTML, group by group."""
    letter = answer_of(helped=True)
    table = flat(text_of(letter)).partition("what you can write")[2]

    assert table
    assert table in flat(Page(letter).words)


def test_an_answer_is_listed_like_a_digest() -> None:
    """What was asked for, and why an item was understood so, in both parts."""
    letter = LETTERS["what was asked for"]

    for part in (flat(text_of(letter)), flat(Page(letter).words)):
        assert "done more there they are. two. 1 acme corp go ahead spring layouts" in part
        assert "approved, please go ahead." in part


@pytest.mark.parametrize(
    ("results", "said"),
    [
        ([SNOOZED], "Done."), ([SNOOZED, REFUSED], "Done in part."), ([REFUSED], "Nothing was done."),
        ([], "I found no command in your reply, so nothing has changed."),
    ],
)  # fmt: skip
def test_an_acknowledgement_begins_with_its_outcome(results: list[Result], said: str) -> None:
    """Whether all, a part or nothing was done is the first thing that it says."""
    letter = answer_of(*results)

    assert text_of(letter).splitlines()[0] == said
    assert Page(letter).heads[0] == ("h1", said)


def test_a_notice_says_its_subject_once() -> None:
    """As its heading; paragraphs that begin with it go on behind it."""
    letter = notice_of("Sam Ode gave you an item", "Sam Ode gave you an item:", "Globex: Autumn plan.", "See your next digest.")  # fmt: skip

    for part in (flat(text_of(letter)), flat(Page(letter).words).removeprefix("sam ode gave you an item ")):
        assert part == "sam ode gave you an item globex autumn plan. see your next digest."


# ---------------------------------------------------------------- what others wrote


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>", "</div></td></table><h1>Pay now</h1>", "<img src=https://x.example/a.png>", "<!-- ", "-->",
        "\"' onmouseover=alert(1) x='", "&lt;b&gt; &amp; & &copy", "{{ 7 * 7 }} {% raw %} {# #}", "</title><base href=//x.example>",
        "</style><style>*{display:none}", ".quote { background: url(https://x.example) } @import", "]]>", "\\", "漢字 😀 שלום",
    ],
)  # fmt: skip
def test_what_others_wrote_is_only_words(hostile: str) -> None:
    """Whatever people are called and write is shown as written, and changes no element, attribute or rule of the page."""

    def letters(words: str) -> list[Letter]:
        item = replace(ITEM, workspace=words, subject=words, who=words, quote=words)
        result = Result(clause=words, text=words, obeyed=True, lines=(words,), items=(item,))
        digest = full_digest(name=words, who=words, words=words)
        return [digest_of(digest), answer_of(result), notice_of(words, words)]

    for letter, harmless in zip(letters(hostile), letters("calm"), strict=True):
        page, calm = Page(letter), Page(harmless)
        assert (page.frame, page.rules) == (calm.frame, calm.rules)
        assert hostile.strip() in page.words
        assert hostile.strip() in text_of(letter)


@pytest.mark.parametrize(
    ("quote", "as_shown"),
    [
        ("\u202etxt.exe\u202c", "txt.exe"), ("a\u200eb\u2066c\u2069", "abc"), ("Zusammen\xadarbeit", "Zusammenarbeit"),
        ("one\r\n\0two\u2028three\x1b[31m", "one two three [31m"), ("flag\U000e0067\U000e007f", "flag"),
        ("lone \udcff surrogate", "lone surrogate"), ("می\u200cخواهم 👩\u200d🎨", "می\u200cخواهم 👩\u200d🎨"),
    ],
)  # fmt: skip
def test_what_cannot_be_seen_is_not_shown(quote: str, as_shown: str) -> None:
    """Controls, line breaks and marks that turn the direction go; the joiners that writing needs stay."""
    letter = digest_of(replace(FULL, items=(replace(ITEM, quote=quote),)))

    assert f'"{as_shown}"' in text_of(letter)
    assert f"“{as_shown}”" in Page(letter).words


# ---------------------------------------------------------------- the page


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
def test_the_page_needs_nothing_but_itself(letter: Letter) -> None:
    """It loads, runs and reports nothing, and each element carries its style: in sheets is only what suits dark and narrow."""
    page = Page(letter)
    tags = {tag for tag, _ in page.elements}
    unstyled = [one for one in page.elements if "class" in one[1] and not one[1].get("style")]

    assert tags <= set(
        "html head meta title style body table tbody tr td th div p h1 h2 h3 b br a span bdi".split()
    )
    assert all(link.startswith(f"mailto:{INBOX}?") for link in page.links)
    assert not re.search(r"\bsrc=|\bon\w+=|url\(|@import|//|background=", page.source)
    assert unstyled == []
    assert re.sub(r"@media [^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", page.rules).strip() == ""


def test_every_colour_can_be_read() -> None:
    """Each text colour stands out from its sheet, light and dark, by 4.5 to 1 (WCAG 2.2 §1.4.3)."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.05 + 0.2126 * red + 0.7152 * green + 0.0722 * blue

    rules = (ROOT / "templates" / "letter.css.j2").read_text(encoding="utf-8").split("@media")
    schemes = [rules[0], *(one for one in rules if "color-scheme: dark" in one)]
    assert len(schemes) == 2
    for scheme in schemes:
        sheet = light(re.findall(r"\.sheet \{.*?background: #(\w{6})", scheme)[0])
        colours = [light(one) for one in re.findall(r"[{;] color: #(\w{6})", scheme)]
        assert len(colours) >= 6
        assert min(max(one, sheet) / min(one, sheet) for one in colours) >= 4.5


# ---------------------------------------------------------------- size and sameness


@pytest.mark.parametrize("word", ["Approved, as agreed. ", 'R&D\'s "<b>" ', "承認しました。", "😀"])
def test_a_digest_of_hundreds_of_threads_is_short(word: str) -> None:
    """Under 100 KB, about where mail programs cut a mail off, whatever the clients wrote and in whatever script."""
    long = word * 500
    state = ThreadState(waiting_on=WaitingOn.AGENCY, action=Action.RESPOND, because=long, quote=long, message="m",
                        author=long, since=NOW, due=TODAY)  # fmt: skip
    thread = OpenThread(thread="t", message="m", subject=long, workspace=long, guess=long, state=state,
                        hidden=False)  # fmt: skip
    threads = [thread, replace(thread, workspace=None)] * 200
    letter = digest_of(
        digest_for(MANAGER, choose(threads), day=TODAY, now=NOW, coverage=QUIET.coverage, details={})
    )

    assert "And 376 more, less pressing: reply" in text_of(letter)
    assert len(letter.content) < 100_000
    assert_fit_for_the_wire(letter)


@pytest.mark.parametrize("word", ["words ", 'R&D\'s "<b>" ', "承認しました。", "😀", "é"])
def test_the_most_crowded_letters_are_short(word: str) -> None:
    """With all that may be said of 36 items and a team of 80 clients, and as an answer that lists 200 of them."""
    digest = crowded_digest(word)
    asked = Result(
        clause="more", text=word * 99, obeyed=True, items=digest.items * 17, lines=(word * 99,) * 99
    )
    letters = [digest_of(digest), answer_of(asked, helped=True, undoable=True), notice_of(word * 99, *[word * 99] * 999)]  # fmt: skip

    for letter in letters:
        assert len(letter.content) < 100_000
        assert_fit_for_the_wire(letter)
    assert [int(one) for one in re.findall(r"(?m)^ ?(\d+)  \S", text_of(letters[0]))] == [*range(1, 37)]
    for part in (text_of(letters[0]), Page(letters[0]).words):
        assert "items are told in short" in part
        assert "Manager 9" in part
        assert "more clients, counted with their account managers." in part


def test_an_acknowledgement_of_thousands_of_items_is_short() -> None:
    """Of what a reply names the first sixty are told one by one, and the others counted."""
    letter = answer_of(*(replace(SNOOZED, text=f"{n} (Acme Corp) {'is ' * 99}") for n in range(1980)))

    assert len(letter.content) < 100_000
    for part in (text_of(letter), Page(letter).words):
        assert (part.count("(Acme Corp)"), "59 (Acme" in part, "And 1920 more." in part) == (60, True, True)


def print_sums() -> None:
    print(*(sha256(one.content).hexdigest() for one in LETTERS.values()))  # noqa: T201 -- to another process


def test_the_same_letter_is_the_same_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    """In this process and in others, whatever their hash seed and their clock's zone."""
    asked = [sys.executable, "-c", "from tests.test_letters import print_sums; print_sums()"]
    print_sums()
    here = capsys.readouterr().out
    seeds = [{"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo"}, {"PYTHONHASHSEED": "2"}]

    assert digest_of(FULL).content == LETTERS["digest"].content
    for seed in seeds:
        assert subprocess.check_output(asked, env=os.environ | seed, cwd=ROOT, text=True) == here


# ---------------------------------------------------------------- ready replies


FOUR = ("done {}", "snooze {} tomorrow", "snooze {} until Monday", "snooze {} 7d")


def written(letter: Letter, inbox: str = INBOX) -> list[str]:
    """The replies that its links write, each to the inbox and named for its digest."""
    bodies = []
    for link in Page(letter).links:
        parts = urlsplit(link)
        body, subject = (
            parse_qs(parts.query, strict_parsing=True)[field][0] for field in ("body", "subject")
        )
        assert (parts.scheme, unquote(parts.path)) == ("mailto", inbox)
        assert subject == f"Re: [#{TOKEN}] {body}"
        bodies.append(body)
    return bodies


@pytest.mark.parametrize("inbox", [INBOX, "practiq+mail@northlight.example", "r&d?100%@northlight.example"])
def test_each_link_of_a_digest_writes_a_reply(inbox: str) -> None:
    """Four links an item, one where it has a line, and one each to see more, what is snoozed, and help."""
    four = [command.format(number) for number in (1, 2, 3) for command in FOUR]
    still = replace(FULL, still_open=(replace(ITEM, number=3),), unplaced=())

    assert written(digest_of(FULL, inbox=inbox), inbox) == [*four, "more", "snoozed", "help"]
    assert written(digest_of(still)) == [*four[:8], "done 3", "more", "snoozed", "help"]


def test_each_link_of_an_acknowledgement_writes_a_reply() -> None:
    """What is asked for can be answered, what is snoozed can be woken, what was done can be undone; for the same digest."""
    more, snoozed = (
        Result(clause=clause, text="There.", obeyed=True, items=(replace(ITEM, number=number, back=back),))
        for clause, number, back in (("more", 14, None), ("snoozed", 15, LATER))
    )
    four = [command.format(14) for command in FOUR]

    assert written(answer_of(SNOOZED, undoable=True)) == ["undo"]
    assert written(answer_of(more, snoozed)) == [*four, "wake 15", "done 15"]
    assert written(answer_of(SNOOZED)) == written(notice_of("Hello")) == []


def test_to_take_back_is_offered_where_something_was_changed() -> None:
    """In both parts, and nowhere else."""
    for part in (flat(text_of(answer_of(SNOOZED, undoable=True))), flat(Page(answer_of(SNOOZED, undoable=True)).words)):  # fmt: skip
        assert "to take this back, reply undo" in part
    for part in (text_of(answer_of(SNOOZED)), Page(answer_of(SNOOZED)).words):
        assert "undo" not in part


def test_ready_replies_are_understood() -> None:
    """Each is a command, and means the days that its words say: this Thursday's tomorrow, Monday, and in seven days."""

    def read(words: str) -> Command | NotUnderstood:
        (one,) = commands_of(words, NOW, digest_at=time(8))
        return one

    def until(words: str, day: int) -> Snooze:
        at = datetime(2026, 11, day, 8, tzinfo=ZONE)
        return Snooze(clause=words, numbers=(2,), until=at)

    done, tomorrow, monday, week = (command.format(2) for command in FOUR)
    assert read(done) == Done(clause=done, numbers=(2,))
    assert read(tomorrow) == until(tomorrow, 13)
    assert read(monday) == until(monday, 16)
    assert read(week) == until(week, 19)
    assert read("wake 2") == Wake(clause="wake 2", numbers=(2,))
    assert read("help") == Help(clause="help")
    assert read("undo") == Undo(clause="undo")


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
def test_each_link_has_a_name_of_its_own(letter: Letter) -> None:
    """For who hears the links one by one: the name begins with the words shown, says of which item, and is nobody else's."""
    page = Page(letter)
    names = [str(some["aria-label"]) for tag, some in page.elements if tag == "a"]

    assert len(set(names)) == len(names) == len(page.links)
    assert [str(some["title"]) for tag, some in page.elements if tag == "a"] == names
    assert all(": " in one for one in names)


def test_a_link_says_of_which_item() -> None:
    """By its number and its client, or its subject where it has none."""
    names = [str(some["aria-label"]) for tag, some in Page(digest_of(FULL)).elements if tag == "a"]

    assert names[:4] == [
        "Done: item 1, Acme Corp", "Tomorrow: snooze item 1, Acme Corp", "Monday: snooze item 1, Acme Corp",
        "Next week: snooze item 1, Acme Corp",
    ]  # fmt: skip
    assert names[8] == "Done: item 3, Gift tins"
    assert names[12:] == ["more: show the other items", "snoozed: show what is snoozed", "help: show all that you can write"]  # fmt: skip
