"""The whole job told in the terminal, on real servers and a sample agency."""

from __future__ import annotations

import asyncio
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import click

from parsers.digest import AccountManager
from service import jobs, logs
from service.app import App, build
from service.config import load
from service.demo.mail import SampleAgency
from service.demo.servers import ImapServer, SmtpServer
from service.store import Letter
from service.views import letter_text, thread_lines, thread_table

REPLY = "snooze 2 until Tuesday\ndone 1\n"


@dataclass
class Clock:
    """The story's own time: a Thursday morning, whatever day it is told on."""

    at: datetime

    def __call__(self) -> datetime:
        """The time now."""
        return self.at


def tell(out: Path | None) -> None:
    """
    Tell the story: mail comes in, digests go out, a reply snoozes an item, the next digest lacks it.

    The digests' HTML goes to `out`, by default a new folder for temporary files.
    """
    logs.set_up("error")
    folder = out or Path(tempfile.mkdtemp(prefix="practiq-demo-"))
    folder.mkdir(parents=True, exist_ok=True)
    agency = SampleAgency.load()
    with ImapServer() as imap, SmtpServer() as smtp, tempfile.TemporaryDirectory() as scratch:
        config = Path(scratch) / "config.toml"
        database = Path(scratch) / "practiq.db"
        config.write_text(agency.config_of(imap=imap, smtp=smtp, database=database), encoding="utf-8")
        clock = Clock(agency.morning)
        app = build(load(config, {}), now=clock)
        try:
            _mail_comes_in(app, agency, imap)
            manager = _digests_go_out(app, smtp, folder)
            _a_reply_is_obeyed(app, agency, manager, imap, smtp, clock)
            _the_next_morning(app, manager, smtp, folder, clock)
        finally:
            app.store.close()
    click.echo(f"\nThe mails as their readers see them: {folder}{os.sep}*.html")
    click.echo("Now yours: copy config.example.toml to config.toml, then run `practiq check`.")


def _say(number: int, words: str) -> None:
    click.secho(f"\n{number}. {words}", bold=True)


def _mail_comes_in(app: App, agency: SampleAgency, imap: ImapServer) -> None:
    office = app.office
    click.echo(
        f"{office.agency.name} is an agency that does not exist, with {len(office.managers)} account managers"
    )
    click.echo(f"and {len(office.workspaces.all)} clients. They CC {office.agency.inbox}.")
    samples = agency.messages()
    for sample in samples:
        imap.append(sample.raw, sample.internal_date)
    _say(1, "Mail comes in")
    click.echo(
        f"{len(samples)} mails of ten days lie in the inbox, on a real IMAP server (127.0.0.1:{imap.port})."
    )
    new, read = jobs.poll(app), jobs.read(app)
    again = jobs.poll(app)
    click.echo(f"Kept {new}, read {read}. A second look finds {again} new. The inbox itself is unchanged.")
    threads = list(thread_lines(app, app.now()))
    needs = [line for line in threads if line["action"] != "none"]
    click.echo(f"They make {len(threads)} conversations; {len(needs)} of them need somebody:\n")
    click.echo(thread_table(needs))


def _digests_go_out(app: App, smtp: SmtpServer, folder: Path) -> AccountManager:
    _say(2, f"It is {app.now():%A}, eight in the morning: the digests go out")
    before = len(smtp.letters)
    for manager in app.office.managers:
        day = app.now().astimezone(manager.zone).date()
        jobs.make_digest(app, manager, day=day, now=app.now())
    asyncio.run(jobs.deliver(app))
    letters = _received(smtp, before)
    for letter in letters:
        name = letter.recipient.partition("@")[0]
        (folder / f"digest-{name}.html").write_text(letter_text(letter, "html"), encoding="utf-8")
    click.echo(
        f"{len(letters)} letters were taken by a real SMTP server (127.0.0.1:{smtp.port}). One of them:\n"
    )
    click.echo(_indented(letter_text(letters[0], "plain")))
    found = app.office.find_manager(letters[0].recipient)
    assert found is not None
    return found


def _a_reply_is_obeyed(
    app: App,
    agency: SampleAgency,
    manager: AccountManager,
    imap: ImapServer,
    smtp: SmtpServer,
    clock: Clock,
) -> None:
    _say(3, f"{manager.name} answers, on the train")
    digest = next(one for one in _received(smtp, 0) if one.recipient == manager.address)
    clock.at += timedelta(minutes=25)
    click.echo(_indented(REPLY))
    raw = agency.reply_to(digest.content, manager.address, REPLY, clock.at)
    imap.append(raw, clock.at)
    before = len(smtp.letters)
    jobs.poll(app)
    jobs.read(app)
    asyncio.run(jobs.deliver(app))
    click.echo("and has an answer on the same thread:\n")
    click.echo(_indented(letter_text(_received(smtp, before)[0], "plain")))


def _the_next_morning(
    app: App, manager: AccountManager, smtp: SmtpServer, folder: Path, clock: Clock
) -> None:
    clock.at += timedelta(days=1)
    _say(4, f"{app.now():%A}: the next digest, without the two")
    before = len(smtp.letters)
    jobs.make_digest(app, manager, day=app.now().astimezone(manager.zone).date(), now=app.now())
    asyncio.run(jobs.deliver(app))
    letter = _received(smtp, before)[0]
    (folder / "digest-next-morning.html").write_text(letter_text(letter, "html"), encoding="utf-8")
    click.echo(_indented(letter_text(letter, "plain")))


def _received(smtp: SmtpServer, since: int) -> list[Letter]:
    """What the SMTP server took since it had so many letters."""
    return [
        Letter(reverse_path=one.mail_from, recipient=one.rcpt_tos[0], message_id="", content=one.content)
        for one in smtp.letters[since:]
    ]


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())
