"""The sample agency's mail, laid out as mail clients lay it out."""

from __future__ import annotations

import hashlib
import html
import json
import textwrap
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from email import message_from_bytes, message_from_string
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, parsedate_to_datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from service.demo.servers import ImapServer, SmtpServer


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes, and with what."""

    name: str
    address: str
    client: str  # gmail, outlook, apple, iphone or plain
    signature: str

    @property
    def mailbox(self) -> str:
        """As in an address field."""
        return formataddr((self.name, self.address))


@dataclass(frozen=True, slots=True)
class Written:
    """A mail as its author sees it in their client: what answers quote."""

    message_id: str
    author: Person
    to: str
    at: datetime
    subject: str
    body: str
    page: str  # the same in HTML
    ancestors: tuple[str, ...]


class Sample(NamedTuple):
    """A mail of the inbox, and when it came."""

    raw: bytes
    internal_date: datetime


@dataclass(frozen=True)
class SampleAgency:
    """An agency that does not exist, and its mail."""

    tree: dict[str, Any]

    @classmethod
    def load(cls) -> SampleAgency:
        """The agency that ships with practiq."""
        return cls(tomllib.loads(files("service.demo").joinpath("agency.toml").read_text(encoding="utf-8")))

    @property
    def day(self) -> date:
        """The story's day."""
        return date.fromisoformat(str(self.tree["day"]))

    @property
    def server(self) -> str:
        """The authserv-id of the agency's mail server."""
        return f"mx.{self.tree['domain']}"

    def person(self, key: str) -> Person:
        """Somebody of the story."""
        return Person(*self.tree["people"][key])

    def messages(self) -> list[Sample]:
        """Every mail of the inbox, in the order of arrival; one came twice."""
        latest: dict[str, Written] = {}
        found: list[Sample] = []
        for row in self.tree["mail"]:
            written, mail = self._write(row, latest.get(row["thread"]))
            raw = mail.as_bytes()
            found.append(Sample(raw, written.at))
            if row.get("twice"):  # once more by the list that practiq is on
                found.append(Sample(raw.replace(b"<practiq@", b"<clients@", 1), written.at))
            latest[row["thread"]] = written
        return sorted(found, key=lambda one: one.internal_date)

    def config_of(self, *, imap: ImapServer, smtp: SmtpServer, database: Path) -> str:
        """A configuration (TOML) of this agency, with these servers."""
        managers = [
            f"[[account_managers]]\nname = {_toml(who.name)}\nemail = {_toml(who.address)}\n"
            f"timezone = {_toml(row['timezone'])}"
            for row in self.tree["account_managers"]
            for who in [self.person(row["who"])]
        ]
        clients = [
            f"[[workspaces]]\nname = {_toml(row['name'])}\ndomains = {_toml(row['domains'])}\n"
            f"aliases = {_toml(row['aliases'])}\ncontacts = {_toml(row.get('contacts', []))}\n"
            f"account_manager = {_toml(self.person(row['account_manager']).address)}"
            for row in self.tree["workspaces"]
        ]
        sections = [
            f"[agency]\nname = {_toml(self.tree['name'])}\ndomains = {_toml([self.tree['domain']])}",
            f"[inbox]\naddress = {_toml(self.tree['inbox'])}",
            f'[imap]\nhost = "127.0.0.1"\nport = {imap.port}\ntls = "none"\n'
            f"username = {_toml(imap.username)}\npassword = {_toml(imap.password)}",
            f'[smtp]\nhost = "127.0.0.1"\nport = {smtp.port}\ntls = "none"',
            f"[database]\nurl = {_toml(f'sqlite:///{database}')}",
            f"[authentication]\ntrust = {_toml(self.server)}",
        ]
        return "\n\n".join([*sections, *managers, *clients]) + "\n"

    def reply_to(self, letter: bytes, words: str, at: datetime) -> bytes:
        """The mail with which the person who got a letter answers it from their phone."""
        answered = message_from_bytes(letter, policy=SMTP)
        author = answered["To"].addresses[0]
        part = answered.get_body(preferencelist=("plain",))
        quoted = "\n".join(f"> {line}" for line in (part.get_content() if part else "").splitlines())
        then = parsedate_to_datetime(str(answered["Date"])).astimezone(at.tzinfo)
        introduced = _introduced("iphone", str(answered["From"]), then)
        mail = EmailMessage(policy=SMTP)
        self._stamp(mail, author.addr_spec, at)
        mail["From"], mail["To"] = str(author), self.tree["inbox"]
        mail["Subject"] = f"Re: {answered['Subject']}"
        mail["Date"] = format_datetime(at)
        mail["Message-ID"] = f"<{_stable('reply', str(answered['Message-ID']), words)}@{self.tree['domain']}>"
        mail["In-Reply-To"] = mail["References"] = str(answered["Message-ID"])
        mail.set_content(f"{words}\n\nSent from my iPhone\n\n{introduced}\n\n{quoted}\n")
        return mail.as_bytes()

    def _write(self, row: dict[str, Any], parent: Written | None) -> tuple[Written, EmailMessage]:
        author = self.person(row["from"])
        inbox = f"practiq <{self.tree['inbox']}>"
        to = ", ".join(self.person(one).mailbox for one in row["to"]) or inbox
        at = datetime.fromisoformat(row["at"])
        subject = (
            row["subject"] if "subject" in row or not parent else _answering(author.client, parent.subject)
        )
        own = "\n\n".join(part for part in (row["text"].strip(), _signed(author)) if part)
        quoted = None if "headers" in row else parent  # machines quote nothing
        body = _wrapped(own) if author.client == "gmail" else own
        if quoted:
            body += "\n\n" + _quote(author.client, quoted)
        if "forward" in row:
            body += "\n\n" + self._forwarded(row["forward"])
        message_id = f"<{_stable(row['thread'], row['at'])}@{author.address.partition('@')[2]}>"
        ancestors = (*parent.ancestors, parent.message_id) if parent else ()
        page = _page(author.client, own, quoted)
        written = Written(message_id, author, to, at, subject, body, page, ancestors)

        mail = EmailMessage(policy=SMTP)
        self._stamp(mail, author.address, at)
        mail["From"], mail["To"] = author.mailbox, to
        copied = [self.person(one).mailbox for one in row.get("cc", [])]
        if row["to"]:
            mail["Cc"] = ", ".join([*copied, inbox])
        mail["Subject"] = subject
        mail["Date"] = format_datetime(at)
        mail["Message-ID"] = message_id
        if parent:
            mail["In-Reply-To"], mail["References"] = parent.message_id, " ".join(ancestors)
        for name, value in row.get("headers", {}).items():
            del mail[name]
            mail[name] = value
        _fill(mail, row, written)
        return written, mail

    def _stamp(self, mail: EmailMessage, author: str, at: datetime) -> None:
        """What the agency's own server writes above a mail."""
        domain = author.partition("@")[2]
        mail["Return-Path"] = f"<{author}>"
        mail["Received"] = (
            f"from mx.{domain} (mx.{domain} [192.0.2.25]) by {self.server} with ESMTPS"
            f" id {_stable(author, at.isoformat())[:12]} for <{self.tree['inbox']}>; {format_datetime(at)}"
        )
        mail["Authentication-Results"] = (
            f"{self.server}; spf=pass smtp.mailfrom={domain}; dkim=pass header.d={domain};"
            f" dmarc=pass header.from={domain}"
        )

    def _forwarded(self, row: dict[str, Any]) -> str:
        author, at = self.person(row["from"]), datetime.fromisoformat(row["at"])
        head = (
            f"Begin forwarded message:\n\nFrom: {author.mailbox}\nSubject: {row['subject']}\n"
            f"Date: {at.day} {at:%B %Y} at {at:%H:%M:%S} GMT\nTo: {self.person(row['to']).mailbox}\n\n"
        )
        return head + str(row["text"]).strip()


def _fill(mail: EmailMessage, row: dict[str, Any], written: Written) -> None:
    """The parts of a mail: its text, the HTML of clients that write it, and what hangs on it."""
    mail.set_content(f"{written.body}\n")
    if written.author.client in ("gmail", "outlook") and "headers" not in row:
        mail.add_alternative(f"<html><body>{written.page}</body></html>", subtype="html")
    if event := row.get("calendar"):
        mail.add_alternative(event, subtype="calendar", params={"method": "REPLY"})
    if name := row.get("attach"):
        mail.add_attachment(b"%PDF-1.4\n%%EOF\n", maintype="application", subtype="pdf", filename=name)
    if report := row.get("report"):
        mail.make_mixed()
        mail.attach(message_from_string(f"Content-Type: message/delivery-status\n\n{report}", policy=SMTP))
        mail.set_type("multipart/report")
        mail.set_param("report-type", "delivery-status")
    groups = (part for part in mail.walk() if part.get_content_maintype() == "multipart")
    for number, part in enumerate(groups):
        part.set_boundary(f"=_{number}_{_stable(written.message_id)}")


def _signed(author: Person) -> str:
    mark = "-- \n" if author.client == "gmail" else ""
    return f"{mark}{author.signature}" if author.signature else ""


def _answering(client: str, subject: str) -> str:
    bare = subject[4:] if subject[:4].lower() == "re: " else subject
    return f"RE: {bare}" if client == "outlook" else f"Re: {bare}"


def _wrapped(text: str) -> str:
    """Plain text as Gmail breaks it, at 72 characters."""
    return "\n".join(line if line == "-- " else textwrap.fill(line, 72) for line in text.split("\n"))


def _quote(client: str, parent: Written) -> str:
    """An answered mail below its answer, as this mail client puts it there."""
    if client == "outlook":
        head = "\n".join(f"{name}: {value}" for name, value in _outlook_head(parent))
        return f"{head}\n\n{parent.body}"
    quoted = "\n".join(f"> {line}".rstrip() for line in parent.body.splitlines())
    introduced = _introduced(client, parent.author.mailbox, parent.at)
    return f"{_wrapped(introduced) if client == 'gmail' else introduced}\n\n{quoted}"


def _outlook_head(parent: Written) -> list[tuple[str, str]]:
    at = parent.at
    sent = f"{at:%A, %B} {at.day}, {at.year} {_clock(at)}"
    return [("From", parent.author.mailbox), ("Sent", sent), ("To", parent.to), ("Subject", parent.subject)]


def _introduced(client: str, who: str, at: datetime) -> str:
    """The line above a quoted mail."""
    if client == "gmail":  # with a narrow no-break space before AM and PM since 2023
        return f"On {at:%a, %b} {at.day}, {at.year} at {_clock(at).replace(' ', chr(0x202F))} {who} wrote:"
    if client == "iphone":
        return f"On {at:%b} {at.day}, {at.year}, at {_clock(at)}, {who} wrote:"
    return f"On {at.day} {at:%b %Y}, at {at:%H:%M}, {who} wrote:"


def _clock(at: datetime) -> str:
    return f"{at:%I:%M %p}".removeprefix("0")


def _page(client: str, own: str, parent: Written | None) -> str:
    """A mail in HTML, as this mail client writes it, with what it answers below."""
    text = html.escape(own, quote=False).replace("\n", "<br>\n")
    if client == "outlook":
        page = f'<div class="WordSection1"><p class="MsoNormal">{text}</p></div>'
    else:
        page = f'<div dir="ltr">{text}</div>'
    if parent is None:
        return page
    if client == "outlook":
        head = "<br>\n".join(
            f"<b>{name}:</b> {html.escape(value, quote=False)}" for name, value in _outlook_head(parent)
        )
        line = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"
        return f'{page}\n<div style="{line}"><p class="MsoNormal">{head}</p></div>\n{parent.page}'
    said = html.escape(_introduced(client, parent.author.mailbox, parent.at), quote=False)
    return (
        f'{page}<br>\n<div class="gmail_quote"><div dir="ltr" class="gmail_attr">{said}<br></div>\n'
        f'<blockquote class="gmail_quote">{parent.page}</blockquote></div>'
    )


def _stable(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:20]


def _toml(value: str | list[str]) -> str:
    """A string or a list of strings in TOML, which writes them as JSON does."""
    return json.dumps(value, ensure_ascii=False)
