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
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.choosing import OpenThread, choose, digest_for
from parsers.commands import Command, Done, Help, NotUnderstood, Snooze, commands_of
from parsers.digest import Coverage, Digest, Item
from parsers.digest_days import AccountManager
from parsers.message import parse_message
from parsers.state import Action, ThreadState
from parsers.turns import WaitingOn
from parsers.workspaces import Agency
from service.letters import Result, ack_letter, digest_letter
from service.rendering import shown
from service.store import Letter
from tests.agency import INBOX, MAYA, mail

ROOT = Path(__file__).parent.parent
ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 12, 8, tzinfo=ZONE)  # a Thursday
TODAY, YESTERDAY = NOW.date(), NOW.date() - timedelta(days=1)
TOKEN = "0123456789abcdef"
AGENCY = Agency(name="Northlight", domains=("northlight.example",), inbox=INBOX)
MANAGER = AccountManager(name="Maya Chen", address=MAYA, zone=ZONE, digest_at=time(8), days=frozenset(range(5)))  # fmt: skip
ITEM = Item(unsure=False, number=1, thread="t", message="m", workspace="Acme Corp", subject="Spring layouts", action=Action.PROCEED,
            who="Dana Ruiz", quote="Approved, please go ahead.", because="", guess=None, about="m",
            from_whom=None, condition=None, brief=None, back=None, missing=0, since=NOW - timedelta(days=1), age_days=1, due=None)  # fmt: skip
STOP = replace(ITEM, number=2, workspace="Globex & Sons", subject="Übersicht „Herbst“", action=Action.STOP,
               who="Hank “H” Ode", quote="Please stop the print run.", due=date(2026, 12, 1))  # fmt: skip
LOST = replace(ITEM, number=3, workspace=None, subject="Gift tins", action=Action.RESPOND, who="Lou Marrow",
               quote="Was it the warm one?", guess="Acme Corp or Globex: both are named in it")  # fmt: skip
QUIET = Digest(manager=MANAGER, day=TODAY, items=(), back=(), promised=(), chasing=(), still_open=(), unplaced=(),
               still_more=0, more=0, waiting=(), waiting_on_clients=0, snoozed=0, snoozed_pressing=(), warnings=(),
               quiet=(), drift=(), team=None,
               coverage=Coverage(read=38, unplaced=1, quarantined=2, polled_at=NOW - timedelta(minutes=2)))  # fmt: skip
FULL = replace(QUIET, items=(ITEM, STOP), unplaced=(LOST,), more=4, waiting_on_clients=3, snoozed=2)
SNOOZED = Result(clause="snooze 2 until Tuesday", text="2 (Acme Corp) is snoozed until Tuesday.", obeyed=True)
REFUSED = Result(clause="done 9", text="There is no item 9.", obeyed=False)
REPLY = parse_message(
    b"Message-ID: <Reply.1@northlight.example>\r\nSubject: Re: Thu 12 Nov\r\n\r\ndone 9\r\n"
)


def digested(
    digest: Digest = FULL, *, off: str | None = None, late: bool = False, inbox: str = INBOX
) -> Letter:
    return digest_letter(digest, agency=replace(AGENCY, inbox=inbox), domain="northlight.example", token=TOKEN,
                         sent_at=NOW, commands_off=off, late=late)  # fmt: skip


def answered(*results: Result, message=REPLY, manager=MANAGER, helped=False, unverified=False) -> Letter:  # type: ignore[no-untyped-def]
    return ack_letter(results, help=helped, unverified=unverified, manager=manager, agency=AGENCY,
                      domain="northlight.example", message=message, token=TOKEN, sent_at=NOW)  # fmt: skip


LETTERS = {"digest": digested(), "acknowledgement": answered(SNOOZED, REFUSED, helped=True)}


def text_of(letter: Letter) -> str:
    return parse_message(letter.content).text


class Page(HTMLParser):
    """What a browser makes of the HTML part: its elements, its rules, and the words that it shows."""

    def __init__(self, letter: Letter) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = self.rules = ""
        part = message_from_bytes(letter.content, policy=SMTP).get_body(("html",))  # type: ignore[attr-defined]
        self.source = part.get_content()
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.words += " " if tag in ("br", "div", "h1", "h2", "p", "td") else ""

    def handle_data(self, data: str) -> None:
        if self.elements and self.elements[-1][0] == "style":
            self.rules += data
        else:
            self.words += data

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
    letter = digested()

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
    letter = answered(REFUSED, message=parse_message(reply))
    fields = {
        field.split(":")[0]: field.split()[1:]
        for field in re.split(r"\r\n(?! )", letter.content.decode().partition("\r\n\r\n")[0])
    }

    assert fields["In-Reply-To"] == [name]
    assert fields["References"] == [*ancestors[-20:], name]
    assert fields["Auto-Submitted"] == ["auto-replied"]
    assert fields["Message-ID"] == [letter.message_id] == [f"<ack.{TOKEN}@northlight.example>"]
    assert_fit_for_the_wire(letter)


LOOKS_ENCODED = "=?utf-8?q?Hi=0D=0ABcc=3A_mallory=40evil.example?="
WORDS = st.text(st.characters() | st.sampled_from(' ,;:"\\()<>@=?_.aé漢😀\r\n\0\u202e'), max_size=250)
WORDS |= st.text("aé, ", min_size=100, max_size=250)


@given(subject=WORDS | st.just(LOOKS_ENCODED), name=WORDS | st.just(LOOKS_ENCODED))
@settings(max_examples=300, deadline=None)
def test_no_subject_or_name_becomes_a_field(subject: str, name: str) -> None:
    """Whatever a subject or a name holds arrives in its own field, as it may be shown, and makes no other one."""
    letter = answered(message=replace(REPLY, subject=subject), manager=replace(MANAGER, name=name))
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
        "And 4 more, less pressing.", "3 waiting on clients, 2 snoozed.", "This one is late: practiq was not running at 08:00.",
        "reply with one command a line: done 1", "snooze 2 until Tuesday", "wake 2", "help",
        "38 messages read since your last digest, 1 thread without a client, 2 in quarantine. Inbox last read Thu 12 Nov, 07:58.",
    ],
)  # fmt: skip
def test_both_parts_of_a_digest_say(said: str) -> None:
    """Each number, client, action, quote, name and day of a digest is in the text as it is in the HTML."""
    letter = digested(late=True)

    assert flat(said) in flat(text_of(letter))
    assert flat(said) in flat(Page(letter).words)


@pytest.mark.parametrize(
    ("digest", "said", "unsaid"),
    [
        (QUIET, "Nothing needs you today.", "Reply with"),
        (replace(QUIET, waiting_on_clients=3), "Nothing needs you today; 3 threads wait on clients.", "waiting on"),
        (replace(QUIET, snoozed=1), "1 snoozed.", "waiting"),
        (replace(FULL, waiting_on_clients=1, snoozed=0), "1 waiting on a client.", "snoozed."),
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
    letter = digested(digest)

    for part in (flat(text_of(letter)), flat(Page(letter).words)):
        assert flat(said) in part
        assert flat(unsaid) not in part


def test_where_replies_are_not_obeyed_none_is_offered() -> None:
    """The letter says why in both parts, and has no link and no command."""
    letter = digested(replace(FULL, snoozed=0), off="Replies are not obeyed: name your mail server.")

    assert Page(letter).links == []
    for part in (flat(text_of(letter)), flat(Page(letter).words)):
        assert "replies are not obeyed name your mail server." in part
        assert "snooze" not in part


def test_both_parts_of_an_acknowledgement_say_what_came_of_each_clause() -> None:
    """Each clause is named once, with what was done to each of its items, or why it was not; nothing is said so too."""
    closed = [Result(clause="done 1, 2", text=f"{n} (Acme Corp) is closed.", obeyed=True) for n in (1, 2)]
    letter, empty = (
        answered(*closed, SNOOZED, REFUSED, helped=True, unverified=True),
        answered(unverified=True),
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
    """A client's words, name and subject are shown as written, and change no element, attribute or rule of the page."""
    ours = replace(ITEM, workspace=hostile, subject=hostile, who=hostile, quote=hostile)
    digest = replace(FULL, items=(ours,), unplaced=(replace(LOST, who=hostile, guess=hostile),))
    pairs = (
        (digested(digest), digested(replace(digest, items=(ITEM,), unplaced=(LOST,)))),
        (answered(replace(SNOOZED, clause=hostile, text=hostile)), answered(SNOOZED)),
    )

    for letter, harmless in pairs:
        page, calm = Page(letter), Page(harmless)
        assert (page.elements, page.rules) == (calm.elements, calm.rules)
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
    letter = digested(replace(FULL, items=(replace(ITEM, quote=quote),)))

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
        "html head meta title style body table tbody tr td div p h1 h2 b br a span bdi".split()
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

    schemes = (ROOT / "templates" / "letter.css.j2").read_text(encoding="utf-8").split("@media")[:2]
    for rules in schemes:
        sheet = light(re.findall(r"\.sheet \{.*?background: #(\w{6})", rules)[0])
        colours = [light(one) for one in re.findall(r"[{;] color: #(\w{6})", rules)]
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
    letter = digested(
        digest_for(MANAGER, choose(threads), day=TODAY, now=NOW, coverage=QUIET.coverage, details={})
    )

    assert "And 376 more, less pressing." in text_of(letter)
    assert len(letter.content) < 100_000
    assert_fit_for_the_wire(letter)


def test_an_acknowledgement_of_thousands_of_items_is_short() -> None:
    """Of what a reply names the first sixty are told one by one, and the others counted."""
    letter = answered(*(replace(SNOOZED, text=f"{n} (Acme Corp) {'is ' * 99}") for n in range(1980)))

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

    assert digested().content == LETTERS["digest"].content
    for seed in seeds:
        assert subprocess.check_output(asked, env=os.environ | seed, cwd=ROOT, text=True) == here


# ---------------------------------------------------------------- ready replies


@pytest.mark.parametrize("inbox", [INBOX, "practiq+mail@northlight.example", "r&d?100%@northlight.example"])
def test_each_link_writes_a_reply_that_is_obeyed(inbox: str) -> None:
    """Four links an item and one for help: to the inbox, named for their digest, with a command as body."""
    made: list[Command | NotUnderstood] = []
    for link in Page(digested(inbox=inbox)).links:
        parts = urlsplit(link)
        body, subject = (
            parse_qs(parts.query, strict_parsing=True)[field][0] for field in ("body", "subject")
        )
        made += commands_of(body, NOW, digest_at=time(8))
        assert (parts.scheme, unquote(parts.path)) == ("mailto", inbox)
        assert subject == f"Re: [#{TOKEN}] {body}"

    def until(words: str, number: int, day: int) -> Snooze:
        at = datetime(2026, 11, day, 8, tzinfo=ZONE)
        return Snooze(clause=f"snooze {number} {words}", numbers=(number,), until=at)

    assert made[-1] == Help(clause="help")
    for number, four in zip((1, 2, 3), zip(*[iter(made[:-1])] * 4, strict=True), strict=True):
        assert four == (
            Done(clause=f"done {number}", numbers=(number,)),
            until("tomorrow", number, 13),
            until("until Monday", number, 16),
            until("7d", number, 19),
        )
