"""Mail of ours never triggers another one: practiqs and vacation responders wired together fall silent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from sqlalchemy import select

from service import backlog, jobs
from service.app import App, build
from service.config import load
from service.intake import keep_raw
from service.said_models import CommandRow, LetterContentRow, LetterRow
from tests.agency import Clock, passing_url
from tests.filed import here

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)  # a Friday
A, B = "practiq@alpha.example", "practiq@beta.example"
MAYA, SAM, DANA = "maya@alpha.example", "sam@beta.example", "dana@acme.example"
ROUNDS = 12
MOST_MAILS = 2  # of each practiq, beyond its digests
POLICIES = ("require", "warn", "off")

Responder = Callable[[EmailMessage], EmailMessage | None]


def config(folder: Path, inbox: str, person: str, other: str, policy: str) -> Path:
    """One of the two: its own person and the other practiq's inbox are its account managers."""
    domain = inbox.partition("@")[2]
    people = "".join(
        f'[[account_managers]]\nname = "Account manager"\nemail = "{one}"\ntimezone = "Europe/London"\n'
        for one in (person, other)
    )
    clients = "".join(
        f'[[workspaces]]\nname = "{name}"\ndomains = ["{name.lower()}.example"]\naccount_manager = "{owner}"\n'
        for name, owner in (("Acme", person), ("Globex", other))
    )
    path = folder / f"{domain}.toml"
    path.write_text(
        f'[agency]\nname = "{domain}"\ndomains = ["{domain}"]\n[inbox]\naddress = "{inbox}"\n{people}{clients}'
        f'[authentication]\ntrust = "mx.{domain}"\npolicy = "{policy}"\n'
        f'[database]\nurl = "sqlite:///{folder}/{domain}.db"\n',
        encoding="utf-8",
    )
    return path


@dataclass
class PostOffice:
    """Carries what is in the outboxes, and what responders answer, to whom it is addressed."""

    practiqs: dict[str, App]  # by inbox
    responders: dict[str, Responder]  # by address
    seen: dict[str, int] = field(default_factory=dict)
    letters: list[EmailMessage] = field(default_factory=list)  # all that practiqs wrote
    clock: Clock = field(default_factory=lambda: Clock(NOW))

    def post(self, raw: bytes) -> None:
        """Bring a mail to everybody on it."""
        mail = message_from_bytes(raw, policy=SMTP)
        people = [address for one in ("To", "Cc") for address in str(mail[one] or "").split(", ")]
        for address in dict.fromkeys(one.rpartition("<")[2].strip("<> ") for one in people):
            self.bring(raw, address)

    def bring(self, raw: bytes, address: str) -> None:
        if app := self.practiqs.get(address):
            server, author = f"mx.{address.partition('@')[2]}", domain_of(raw)
            traces = (
                f"Received: from mx.{author} by {server}; Fri, 20 Nov 2026 15:00:00 +0000\r\n"
                f"Authentication-Results: {server}; dmarc=pass header.from={author}\r\n"
            )
            keep_raw(app.store, [traces.encode() + raw], self.clock())
        elif respond := self.responders.get(address):
            mail = message_from_bytes(raw, policy=SMTP)
            assert isinstance(mail, EmailMessage)
            if answer := respond(mail):
                self.post(answer.as_bytes())

    def round(self) -> int:
        """Let every practiq read, and write what is due; carry what it wrote; give how much that was."""
        carried = 0
        for inbox, app in self.practiqs.items():
            backlog.read(app)
            jobs.digests(app)
            with app.store.transaction() as session:
                asked = select(LetterRow.id, LetterRow.recipient, LetterContentRow.content).order_by(
                    LetterRow.id
                )
                asked = asked.join(LetterContentRow, LetterContentRow.letter == LetterRow.id)
                fresh = [row for row in session.execute(asked) if row.id > self.seen.get(inbox, 0)]
            for row in fresh:
                self.seen[inbox] = row.id
                mail = message_from_bytes(row.content, policy=SMTP)
                assert isinstance(mail, EmailMessage)
                self.letters.append(mail)
                self.bring(row.content, row.recipient)
                carried += 1
        return carried

    def falls_silent(self) -> bool:
        """Go round until nothing moves any more; whether that comes."""
        return any(self.round() == 0 for _ in range(ROUNDS))

    def written_by(self, inbox: str) -> list[str]:
        """What a practiq wrote, beyond its digests."""
        return [
            str(one["Subject"])
            for one in self.letters
            if inbox in str(one["From"]) and not str(one["Message-ID"]).startswith("<digest.")
        ]

    def obeyed(self) -> list[str]:
        """Every clause that a practiq obeyed."""
        found: list[str] = []
        for app in self.practiqs.values():
            with app.store.transaction() as session:
                found += session.scalars(select(CommandRow.clause).where(CommandRow.obeyed))
        return found


def domain_of(raw: bytes) -> str:
    author = str(message_from_bytes(raw, policy=SMTP)["From"])
    return author.rpartition("@")[2].strip("<> ")


_count = iter(range(1, 1_000_000))


def written(author: str, to: str, subject: str, words: str, **fields: str) -> EmailMessage:
    """A mail; underscores in field names stand for hyphens."""
    made = EmailMessage(policy=SMTP)
    named = {"From": author, "To": to, "Subject": subject, "Date": "Fri, 20 Nov 2026 15:00:00 +0000",
             "Message-ID": f"<{next(_count)}@{author.partition('@')[2]}>"}  # fmt: skip
    for name, body in (named | {name.replace("_", "-"): body for name, body in fields.items()}).items():
        made[name] = body
    made.set_content(words)
    return made


# ---------------------------------------------------------------- responders


def answering(
    text: Callable[[str], str], *, subject: str = "Re: {}", html: bool = False, **fields: str
) -> Responder:
    """One that answers whatever comes, to its author, with words made of the text that came."""

    def respond(mail: EmailMessage) -> EmailMessage:
        part = mail.get_body(preferencelist=("html",) if html else ("plain",))
        assert part
        thread = {
            "In_Reply_To": str(mail["Message-ID"]),
            "References": f"{mail['References'] or ''} {mail['Message-ID']}",
        }
        author = str(mail["From"]).rpartition("<")[2].strip("<> ")
        words = text(part.get_content())
        answer = written(
            str(mail["To"]).rpartition("<")[2].strip("<> "),
            author,
            subject.format(mail["Subject"]),
            words,
            **thread,
            **fields,
        )
        if html:
            answer.set_content(words, subtype="html")
        return answer

    return respond


def polite(answers: Responder) -> Responder:
    """One that answers no machine."""
    return lambda mail: None if mail["Auto-Submitted"] or mail["X-Auto-Response-Suppress"] else answers(mail)


def quoted(text: str) -> str:
    return "".join(f"> {line}\n" for line in text.splitlines())


AWAY = "I am away until Monday and will answer then.\n"
THANKS = "Thank you for your message. We have received it and will be in touch shortly.\n"
OUTLOOK = "-----Original Message-----\nFrom: practiq <{}>\nSent: Friday, November 20, 2026 8:00 AM\nTo: Maya\nSubject: Digest\n\n"
RESPONDERS: dict[str, Responder] = {
    "by the rules (RFC 3834)": polite(answering(lambda _: AWAY, Auto_Submitted="auto-replied")),
    "marked, but answers everything": answering(lambda _: AWAY, Auto_Submitted="auto-replied"),
    "exchange": answering(lambda _: AWAY, subject="Automatic reply: {}", X_Auto_Response_Suppress="All"),
    "unmarked automatic reply": answering(lambda _: "Back soon.\n", subject="Automatic reply: {}"),
    "unmarked absence": answering(lambda _: AWAY),
    "unmarked absence, all quoted": answering(lambda text: AWAY + "\n" + quoted(text)),
    "unmarked absence, all repeated": answering(lambda text: AWAY + "\n" + text),
    "unmarked thanks": answering(lambda _: THANKS),
    "unmarked thanks, all quoted": answering(lambda text: THANKS + "\n" + quoted(text)),
    "unmarked thanks, below Outlook's line": answering(lambda text: THANKS + "\n" + OUTLOOK + text),
    "unmarked thanks, all repeated": answering(lambda text: THANKS + "\n" + text),
    "echo": answering(lambda text: text),
    "echo under a subject of its own": answering(lambda text: text, subject="Your mail"),
    "echo of the HTML": answering(lambda text: text, html=True),
    "echo of the help": answering(lambda text: f"help\n{text}"),
    "questions": answering(lambda _: "Who is this?\n"),
    "nothing at all": answering(lambda _: ""),
}


@pytest.fixture
def post_office(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[PostOffice]:
    """Two practiqs, each of which takes the other for an account manager, under a policy."""
    clock = Clock(NOW)
    with ExitStack() as stack:
        practiqs = {}
        for inbox, person, other in ((A, MAYA, B), (B, SAM, A)):
            path = config(tmp_path, inbox, person, other, request.param)
            app = build(load(path, {}), now=clock, url=stack.enter_context(passing_url()))
            stack.callback(app.close)
            practiqs[inbox] = here(app)
        yield PostOffice(practiqs=practiqs, responders={}, clock=clock)


def post_clients_mail(post: PostOffice) -> None:
    """A client asks for work and decides; each practiq's inbox is on copy, and so is a person."""
    brief = written(
        DANA, f"{MAYA}, {SAM}, {A}, {B}", "Fair", "We need a new landing page by December 1, budget $5,000."
    )
    yes = written(DANA, f"{MAYA}, {SAM}", "Layouts", "Approved, please go ahead. Could you tell me when it prints?",
                  Cc=f"{A}, {B}")  # fmt: skip
    stop = written(
        "hank@globex.example", f"{A}, {B}", "Labels", "Please stop the print run, the address is wrong."
    )
    for mail in (brief, yes, stop):
        for inbox in (A, B):
            post.bring(mail.as_bytes(), inbox)


@pytest.mark.parametrize("post_office", POLICIES, indirect=True)
def test_two_practiqs_fall_silent(post_office: PostOffice) -> None:
    """Two that send each other their digests write nothing else, whatever their policy."""
    post_clients_mail(post_office)

    assert post_office.falls_silent()
    assert len(post_office.letters) == 4  # the digests: each one's to its person and to the other
    assert post_office.obeyed() == []


@pytest.mark.one_database("the same rows are written when two practiqs fall silent")
@pytest.mark.parametrize("responder", RESPONDERS)
@pytest.mark.parametrize("post_office", POLICIES, indirect=True)
def test_practiqs_and_vacation_responder_fall_silent(post_office: PostOffice, responder: str) -> None:
    """With a responder for each account manager, too: at most two mails beyond the digests, and no command obeyed."""
    post_office.responders |= {MAYA: RESPONDERS[responder], SAM: RESPONDERS[responder]}
    post_clients_mail(post_office)

    assert post_office.falls_silent()
    assert len(post_office.written_by(A)) <= MOST_MAILS
    assert len(post_office.written_by(B)) <= MOST_MAILS
    assert [one for one in post_office.obeyed() if one != "help"] == []


@pytest.mark.parametrize("post_office", POLICIES, indirect=True)
def test_marks_that_a_gateway_strips_are_not_needed(post_office: PostOffice) -> None:
    """Where a server on the way takes our marks off, two practiqs fall silent all the same."""
    bring = post_office.bring

    def stripped(raw: bytes, address: str) -> None:
        lines = raw.split(b"\r\n")
        bring(
            b"\r\n".join(one for one in lines if not one.startswith((b"Auto-", b"X-Auto", b"List-"))), address
        )

    post_office.bring = stripped  # type: ignore[method-assign]
    post_clients_mail(post_office)

    assert post_office.falls_silent()
    assert post_office.written_by(A) == post_office.written_by(B) == []
    assert post_office.obeyed() == []


def order(post: PostOffice, digest: EmailMessage, *orders: str) -> None:
    for words in orders:
        post.post(written(MAYA, A, "Re: digest", words, In_Reply_To=str(digest["Message-ID"])).as_bytes())


@pytest.mark.promise("P13")
@pytest.mark.parametrize("post_office", ["require"], indirect=True)
def test_acknowledgements_of_an_hour_and_of_a_day_are_counted(post_office: PostOffice) -> None:
    """Beyond 15 an hour and 20 a day an account manager gets no acknowledgement, and is still obeyed (P13)."""
    post_clients_mail(post_office)
    post_office.round()
    digest = next(one for one in post_office.letters if MAYA in str(one["To"]))
    orders = ["help", *(f"snooze 1 {day}d" for day in range(1, 25)), "done 2"]
    order(post_office, digest, *orders[:16])
    assert post_office.falls_silent()
    of_first_hour = len(post_office.written_by(A))
    post_office.clock.at += timedelta(hours=1, minutes=1)
    order(post_office, digest, *orders[16:])

    assert post_office.falls_silent()
    assert of_first_hour == 15
    assert len(post_office.written_by(A)) == 20
    assert post_office.obeyed() == orders
