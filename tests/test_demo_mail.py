"""The sample agency's mail is whole, and laid out as mail clients lay it out."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from parsers.authentication import is_authentic
from parsers.automation import AutomationKind, automation_of
from parsers.body import split_body
from parsers.forward import unwrap_forward
from parsers.message import Message, parse_message
from parsers.state import Action
from parsers.turns import WaitingOn
from service import backlog, watching
from service.app import App, build
from service.config import load
from service.demo.mail import SampleAgency
from service.demo.servers import ImapServer, SmtpServer
from service.views import message_lines, thread_lines

pytestmark = pytest.mark.one_database("the demo is SQLite's")

AGENCY = SampleAgency.load()
SAMPLES = AGENCY.messages()
MORNING = datetime(2026, 11, 12, 8, 0, tzinfo=ZoneInfo("America/New_York"))
NEEDS = {
    "Dock signs": Action.STOP,
    "Do you do seed packets?": Action.START,
    "Gift tins": Action.RESPOND,
    "Leaflet for vets": Action.PROCEED,
    "Opening night": Action.START,
    "Puppy kibble packaging, round two": Action.CHASE,
    "Safety film": Action.DELIVER,
    "Senior Salmon launch: banners live": Action.ESCALATE,
    "Smile campaign: landing page": Action.REVISE,
    "Spring catalogue estimate": Action.PROCEED,
    "The Lighthouse Keeper's Dog: jacket routes": Action.REVISE,
    "Winter timetable poster, final proof": Action.PROCEED,
    "panettone!!": Action.START,
}


def _letter() -> bytes:
    letter = EmailMessage()
    letter["From"] = f"practiq <{AGENCY.tree['inbox']}>"
    letter["To"] = "Nadia Okafor <nadia@larkspurfinch.example>"
    letter["Subject"] = "Thu 12 Nov: 2 threads need you"
    letter["Date"] = "Thu, 12 Nov 2026 13:00:00 +0000"
    letter["Message-ID"] = "<digest.2026-11-12@larkspurfinch.example>"
    letter.set_content(" 1  Dock signs\n\nReply with one command a line: done 1\n")
    letter.add_alternative("<p>1 Dock signs</p>", subtype="html")
    return letter.as_bytes()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """practiq on the story's morning, with all of the mail read."""
    folder = tmp_path_factory.mktemp("agency")
    with ImapServer() as imap, SmtpServer() as smtp:
        config = folder / "config.toml"
        config.write_text(
            AGENCY.config_of(imap=imap, smtp=smtp, database=folder / "practiq.db"), encoding="utf-8"
        )
        app = build(load(config, {}), now=lambda: MORNING)
        imap.append(SAMPLES)
        watching.poll(app)
        backlog.read(app)
        yield app
        app.close()


def test_agency_is_large_enough_to_show_the_work() -> None:
    """Three account managers in three zones, six clients, about forty mails in the ten days before."""
    zones = {row["timezone"] for row in AGENCY.tree["account_managers"]}
    owners = Counter(row["account_manager"] for row in AGENCY.tree["workspaces"])

    assert zones == {"Europe/London", "America/New_York", "America/Chicago"}
    assert owners == {"nadia": 2, "ben": 2, "imogen": 2}
    assert date(2026, 11, 12) == AGENCY.day
    assert 36 <= len(SAMPLES) <= 44
    assert all(timedelta(0) < MORNING - one.internal_date < timedelta(days=11) for one in SAMPLES)


def test_agency_is_invented_throughout() -> None:
    """Every address of it ends in .example, which nobody can own (RFC 2606)."""
    messages = [parse_message(one.raw) for one in SAMPLES]
    words = [body for one in messages for body in (one.text, *(value for _, value in one.fields))]
    hosts = {host for one in words for host in re.findall(r"@([\w-]+(?:\.[\w-]+)+)", one)}

    assert len(hosts) >= 10
    assert {host for host in hosts if not host.endswith(".example")} == set()


@pytest.mark.parametrize("at", range(len(SAMPLES)))
def test_mail_is_well_formed(at: int) -> None:
    """The standard library finds no defect in it, and none of its lines is longer than SMTP allows."""
    raw = SAMPLES[at].raw
    mail = message_from_bytes(raw, policy=default)
    parts = list(mail.walk())

    assert [defect for part in parts for defect in part.defects] == []
    assert [
        defect for part in parts for field in part.values() for defect in getattr(field, "defects", ())
    ] == []
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert [len(mail.get_all(name, [])) for name in ("From", "To", "Date", "Message-ID", "Subject")] == [
        1
    ] * 5


@pytest.mark.parametrize("at", range(len(SAMPLES)))
def test_mail_is_vouched_for(at: int) -> None:
    """The agency's own server says of each mail that its author's domain sent it."""
    assert is_authentic(parse_message(SAMPLES[at].raw), authserv_id=AGENCY.server)


def test_mail_comes_in_order() -> None:
    """Mails stand in the order of their arrival, which is that of their dates."""
    arrivals = [one.internal_date for one in SAMPLES]

    assert arrivals == sorted(arrivals)
    assert [parse_message(one.raw).date for one in SAMPLES] == arrivals


def test_each_answer_names_its_ancestors() -> None:
    """References are those of the mail that is answered and that mail itself; it came before."""
    came: dict[str, Message] = {}
    for one in SAMPLES:
        message = parse_message(one.raw)
        if message.in_reply_to:
            parent = came[message.in_reply_to[0]]

            assert message.references == (*parent.references, parent.message_id)
        came.setdefault(message.message_id, message)

    assert sum(1 for message in came.values() if message.in_reply_to) >= 15


def test_mail_is_the_same_every_time() -> None:
    """Two tellings of the story are made of the same bytes."""
    assert SampleAgency.load().messages() == SAMPLES


def test_one_mail_came_twice() -> None:
    """The two copies differ in their trace fields alone, and all other mails have names of their own."""
    messages = [parse_message(one.raw) for one in SAMPLES]
    twice = [name for name, times in Counter(one.message_id for one in messages).items() if times > 1]
    copies = [one for one in messages if one.message_id in twice]

    assert len(copies) == 2
    assert copies[0].fields != copies[1].fields
    assert copies[0].identity == copies[1].identity


def test_machines_write_as_machines_do() -> None:
    """An out-of-office, a bounce, a newsletter and a calendar's answer are known as what they are."""
    found = [automation_of(parse_message(one.raw)) for one in SAMPLES]

    assert Counter(one.kind for one in found if one) == {
        AutomationKind.OUT_OF_OFFICE: 1,
        AutomationKind.BOUNCE: 1,
        AutomationKind.NEWSLETTER: 1,
        AutomationKind.CALENDAR: 1,
    }


def test_forward_holds_the_clients_mail() -> None:
    """The account manager's forward unwraps to what the client wrote, when they wrote it."""
    (inner,) = [found for one in SAMPLES if (found := unwrap_forward(parse_message(one.raw)))]

    assert inner.author
    assert inner.author.spec == "gwen@smallthings.example"
    assert inner.date == datetime.fromisoformat("2026-11-11T17:05:00+00:00")
    assert inner.text.startswith("Dear Imogen,")


def test_answers_quote_as_their_mail_clients_do() -> None:
    """What an author wrote stands apart from what they quote, in each of the layouts, text and HTML."""
    own = {
        (row["thread"], row["at"]): row["text"].split() for row in AGENCY.tree["mail"] if "forward" not in row
    }
    cut = [split_body(parse_message(one.raw).text).own.split() for one in SAMPLES]
    pages = [one.raw for one in SAMPLES if b"text/html" in one.raw]

    assert [words for words in own.values() if words not in cut] == []
    assert len(pages) >= 15


@pytest.mark.parametrize(
    "shows",
    [
        lambda raw: b"gmail_quote" in raw,
        lambda raw: b"MsoNormal" in raw,
        lambda raw: b"Begin forwarded message" in raw,
        lambda raw: b"confidential" in raw,
        lambda raw: b"Sent from my iPhone" in raw,
        lambda raw: b"application/pdf" in raw,
        lambda raw: b"multipart/report" in raw,
        lambda raw: b"text/calendar" in raw,
    ],
    ids=["gmail", "outlook", "forward", "disclaimer", "iphone", "attachment", "report", "calendar"],
)
def test_every_layout_occurs(shows: Callable[[bytes], bool]) -> None:
    """The mail is as varied as an agency's."""
    assert any(shows(one.raw) for one in SAMPLES)


@pytest.mark.parametrize("folder", ["plain", "it's", 'a "quoted" one', "back\\slash", "Ä ö"])
def test_configuration_is_one_that_practiq_takes(folder: str) -> None:
    """The configuration names all of the agency, and the database wherever it lies."""
    database = Path("/somewhere") / folder / "practiq.db"
    with ImapServer() as imap, SmtpServer() as smtp:
        tree = tomllib.loads(AGENCY.config_of(imap=imap, smtp=smtp, database=database))
        ports = (imap.port, smtp.port)

    assert (tree["imap"]["port"], tree["smtp"]["port"]) == ports
    assert tree["database"]["url"] == f"sqlite:///{database}"
    assert tree["authentication"]["trust"] == "mx.larkspurfinch.example"
    assert {one["email"] for one in tree["account_managers"]} == {
        one["account_manager"] for one in tree["workspaces"]
    }


def test_reply_answers_the_letter_from_a_phone() -> None:
    """An account manager's reply names the letter, quotes it below, and is vouched for."""
    at = datetime(2026, 11, 12, 8, 25, tzinfo=ZoneInfo("America/New_York"))
    words = "done 1\nsnooze 2 until Tuesday"
    reply = parse_message(AGENCY.reply_to(_letter(), words, at))
    body = split_body(reply.text)

    assert reply.author
    assert reply.author.spec == "nadia@larkspurfinch.example"
    assert [one.spec for one in reply.to] == [AGENCY.tree["inbox"]]
    assert reply.in_reply_to == reply.references == ("digest.2026-11-12@larkspurfinch.example",)
    assert reply.subject == "Re: Thu 12 Nov: 2 threads need you"
    assert reply.date == at
    assert body.own.strip() == words
    assert "On Nov 12, 2026, at 8:00 AM, practiq <practiq@larkspurfinch.example> wrote:" in reply.text
    assert "> Reply with one command a line: done 1" in reply.text
    assert is_authentic(reply, authserv_id=AGENCY.server)
    assert AGENCY.reply_to(_letter(), words, at) == AGENCY.reply_to(_letter(), words, at)


def test_story_is_read_as_it_is_meant(app: App) -> None:
    """On the morning each thread needs what its mail says, and every action occurs."""
    lines = list(thread_lines(app, MORNING))

    assert {one["subject"]: one["action"] for one in lines if one["action"] != Action.NONE} == NEEDS
    assert set(NEEDS.values()) == set(Action) - {Action.NONE}
    assert sum(1 for one in lines if one["waiting_on"] == WaitingOn.NOBODY) >= 3
    assert [one["subject"] for one in lines if one["workspace"] is None and one["action"] != Action.NONE] == [
        "Do you do seed packets?"
    ]


def test_imitation_is_flagged(app: App) -> None:
    """The domain that looks like a client's belongs to nobody, and is named in a warning."""
    warned = [one for one in message_lines(app) if one.get("warnings")]
    flagged = [one for one in warned if "look-alike" in one["warnings"][0]]

    assert len(warned) == 2  # the other one is a bounce
    assert [one["from"] for one in flagged] == ["felix@quiilfeather.example"]
    assert flagged[0]["workspace"] is None
    assert flagged[0]["warnings"] == [
        "look-alike domain: quiilfeather.example resembles quillfeather.example"
    ]


def test_brief_has_budget_audience_and_deadline(app: App) -> None:
    """The panettone's brief is read field by field."""
    (line,) = [one for one in message_lines(app) if one["subject"] == "panettone!!"]

    assert line["workspace"] == "Marrow & Rye Bakery"
    assert line["brief"]["deadline"] == "2026-12-01"
    assert "$6,500" in line["brief"]["budget"]
    assert "panettone" in line["brief"]["audience"]
