"""The sample agency's mail, laid out as mail clients lay it out."""

from __future__ import annotations

import hashlib
import html
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from importlib.resources import files
from pathlib import Path
from typing import Any

from service.demo.servers import ImapServer, SmtpServer


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes, and with what."""

    name: str
    address: str
    client: str  # gmail, outlook, apple or plain
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
    ancestors: tuple[str, ...]


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

    def messages(self) -> list[tuple[bytes, datetime]]:
        """Every mail of the inbox with its arrival, in that order; one came twice."""
        latest: dict[str, Written] = {}
        found: list[tuple[bytes, datetime]] = []
        for row in self.tree["mail"]:
            written, mail = self._write(row, latest.get(row["thread"]))
            raw = mail.as_bytes()
            found.append((raw, written.at))
            if row.get("twice"):
                found.append((raw.replace(b"ESMTPS", b"ESMTPSA", 1), written.at))
            latest[row["thread"]] = written
        return sorted(found, key=lambda pair: pair[1])

    def config_of(self, *, imap: ImapServer, smtp: SmtpServer, database: Path) -> str:
        """A configuration (TOML) of this agency, with these servers."""
        managers = "".join(
            f'[[account_managers]]\nname = "{who.name}"\nemail = "{who.address}"\ntimezone = "{row["timezone"]}"\n'
            for row in self.tree["account_managers"]
            for who in [self.person(row["who"])]
        )
        clients = "".join(
            f'[[workspaces]]\nname = "{row["name"]}"\ndomains = {_toml(row["domains"])}\n'
            f"aliases = {_toml(row['aliases'])}\ncontacts = {_toml(row.get('contacts', []))}\n"
            f'account_manager = "{self.person(row["account_manager"]).address}"\n'
            for row in self.tree["workspaces"]
        )
        return (
            f'[agency]\nname = "{self.tree["name"]}"\ndomains = ["{self.tree["domain"]}"]\n'
            f'[inbox]\naddress = "{self.tree["inbox"]}"\n'
            f'[imap]\nhost = "127.0.0.1"\nport = {imap.port}\ntls = "none"\n'
            f'username = "{imap.username}"\npassword = "{imap.password}"\n'
            f'[smtp]\nhost = "127.0.0.1"\nport = {smtp.port}\ntls = "none"\n'
            f"[database]\nurl = 'sqlite:///{database}'\n"
            f'[authentication]\ntrust = "{self.server}"\n{managers}{clients}'
        )

    def reply_to(self, letter: bytes, words: str, at: datetime) -> bytes:
        """The mail with which the person who got a letter answers it from their phone."""
        answered = message_from_bytes(letter, policy=SMTP)
        author = answered["To"].addresses[0]
        part = answered.get_body(preferencelist=("plain",))
        quoted = "\n".join(f"> {line}" for line in (part.get_content() if part else "").splitlines())
        introduced = f"On {at:%b} {at.day}, {at.year}, at {at:%H:%M}, practiq <{self.tree['inbox']}> wrote:"
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
        if "subject" in row:
            subject = row["subject"]
        else:
            first = parent.subject if parent else ""
            subject = first if first.startswith("Re: ") else f"Re: {first}"
        text = row["text"].strip()
        own = "\n\n".join(part for part in (text, _signed(author)) if part)
        body = f"{own}\n\n{self._forwarded(row['forward'])}" if "forward" in row else own
        if parent and not row.get("headers"):
            body += "\n\n" + _quote(author.client, parent)
        message_id = f"<{_stable(row['thread'], row['at'])}@{author.address.partition('@')[2]}>"
        ancestors = (*parent.ancestors, parent.message_id) if parent else ()
        written = Written(message_id, author, to, at, subject, body, ancestors)

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
        mail.set_content(f"{body}\n")
        if author.client in ("gmail", "outlook") and "forward" not in row:
            mail.add_alternative(_page(own, parent, author.client), subtype="html")
        if row.get("calendar"):
            event = "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n"
            mail.add_alternative(event, subtype="calendar", params={"method": "REPLY"})
        if name := row.get("attach"):
            mail.add_attachment(b"%PDF-1.4\n%%EOF\n", maintype="application", subtype="pdf", filename=name)
        for number, part in enumerate(part for part in mail.walk() if part.is_multipart()):
            part.set_boundary(f"=_{number}_{_stable(message_id)}")
        return written, mail

    def _stamp(self, mail: EmailMessage, author: str, at: datetime) -> None:
        """What the agency's own server writes above a mail."""
        domain = author.partition("@")[2]
        mail["Return-Path"] = f"<{author}>"
        mail["Received"] = f"from mx.{domain} by {self.server} with ESMTPS; {format_datetime(at)}"
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


def _signed(author: Person) -> str:
    mark = "-- \n" if author.client == "gmail" else ""
    return f"{mark}{author.signature}" if author.signature else ""


def _quote(client: str, parent: Written) -> str:
    """An answered mail below its answer, as this mail client puts it there."""
    at = parent.at
    if client == "outlook":
        head = f"From: {parent.author.mailbox}\nSent: {at:%A, %B} {at.day}, {at.year} {at:%I:%M %p}\n"
        return f"{head}To: {parent.to}\nSubject: {parent.subject}\n\n{parent.body}"
    quoted = "\n".join(f"> {line}".rstrip() for line in parent.body.splitlines())
    return f"{_introduced(client, parent)}\n\n{quoted}"


def _introduced(client: str, parent: Written) -> str:
    at, who = parent.at, parent.author.mailbox
    if client == "gmail":
        return f"On {at:%a, %b} {at.day}, {at.year} at {at:%I:%M %p} {who} wrote:"
    return f"On {at.day} {at:%b %Y}, at {at:%H:%M}, {who} wrote:"


def _page(own: str, parent: Written | None, client: str) -> str:
    """The HTML beside the text."""
    text = f"<div>{html.escape(own).replace(chr(10), '<br>')}</div>"
    if parent is None:
        return f"<html><body>{text}</body></html>"
    below = html.escape(parent.body).replace("\n", "<br>")
    if client == "gmail":
        said = html.escape(_introduced(client, parent))
        quoted = f'<div class="gmail_quote"><div class="gmail_attr">{said}<br></div>'
        quoted += f'<blockquote class="gmail_quote">{below}</blockquote></div>'
    else:
        quoted = (
            f'<div id="divRplyFwdMsg">{html.escape(_quote(client, parent)).replace(chr(10), "<br>")}</div>'
        )
    return f"<html><body>{text}<br>{quoted}</body></html>"


def _stable(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:20]


def _toml(values: list[str]) -> str:
    return "[" + ", ".join(f'"{one}"' for one in values) + "]"
