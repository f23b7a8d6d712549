"""The whole job told in the terminal, on real servers and a sample agency."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import click

from parsers.digest_days import AccountManager
from service import backlog, jobs, logs, watching
from service.app import App, build
from service.config import load
from service.demo.mail import SampleAgency
from service.demo.servers import ImapServer, Received, SmtpServer
from service.views import letter_text, thread_lines, thread_table

REPLY = "done 1\nsnooze 2 until Tuesday"


@dataclass
class Clock:
    """The story's own time, whatever day it is told on."""

    at: datetime

    def __call__(self) -> datetime:
        """The time now."""
        return self.at


@dataclass(frozen=True)
class Stage:
    """What the story is told on."""

    app: App
    agency: SampleAgency
    imap: ImapServer
    smtp: SmtpServer
    clock: Clock
    folder: Path  # for the mails as their readers see them


def tell(out: Path | None) -> None:
    """
    Tell the story: mail comes in, digests go out, a reply snoozes an item, the next digest lacks it.

    The digests' HTML goes to `out`, by default to a new folder for temporary files.
    """
    logs.set_up("error")
    folder = out or Path(tempfile.mkdtemp(prefix="practiq-demo-"))
    folder.mkdir(parents=True, exist_ok=True)
    agency = SampleAgency.load()
    with ImapServer() as imap, SmtpServer() as smtp, tempfile.TemporaryDirectory() as scratch:
        config = Path(scratch) / "config.toml"
        database = Path(scratch) / "practiq.db"
        config.write_text(agency.config_of(imap=imap, smtp=smtp, database=database), encoding="utf-8")
        clock = Clock(datetime.fromisoformat(f"{agency.day}T06:00:00+00:00"))
        app = build(load(config, {}), now=clock)
        stage = Stage(app, agency, imap, smtp, clock, folder)
        try:
            _mail_comes_in(stage)
            manager, digest = _digests_go_out(stage)
            _a_reply_is_obeyed(stage, manager, digest)
            _the_next_morning(stage, manager)
        finally:
            app.close()
    click.echo(f"\nThe digests as their readers see them: {folder}{os.sep}digest-*.html")
    click.echo("Now yours: `practiq init` asks ten questions, writes config.toml, and tries it.")


def _say(number: int, words: str) -> None:
    click.secho(f"\n{number}. {words}\n", bold=True)


def _mail_comes_in(stage: Stage) -> None:
    app, office = stage.app, stage.app.office
    managers = f"{len(office.managers)} account managers"
    click.echo(
        f"{office.agency.name} is an agency that does not exist. It has {managers} and"
        f" {len(office.workspaces.all)} clients,\nand they CC {office.agency.inbox}."
    )
    mails = stage.agency.messages()
    stage.imap.append(mails)
    _say(1, "Mail comes in")
    click.echo(f"{len(mails)} mails lie in the inbox of an IMAP server (127.0.0.1:{stage.imap.port}).")
    new, _, again = watching.poll(app), backlog.read(app), watching.poll(app)
    click.echo(f"Kept {new} (one of them came twice, and counts once); a second look finds {again} new.")
    threads = list(thread_lines(app, app.now()))
    needs = [line for line in threads if line["action"] != "none"]
    click.echo(f"They are {len(threads)} conversations, of which {len(needs)} need somebody:\n")
    click.echo(thread_table(needs))


def _digests_go_out(stage: Stage) -> tuple[AccountManager, Received]:
    """Each account manager's digest at their own eight o'clock; gives the second one's."""
    _say(2, f"{stage.agency.day:%A} morning: each account manager gets one mail, at eight where they are")
    for manager in stage.app.office.managers:
        local = datetime.combine(stage.agency.day, manager.digest_at, tzinfo=manager.zone)
        stage.clock.at = local
        letter = _next_letter(stage, jobs.digests)
        _write(stage, letter, manager)
        click.echo(f"{local:%H:%M} in {manager.zone.key:17} {manager.name:13} {_subject(letter)}")
    manager = stage.app.office.managers[1]
    digest = next(one for one in stage.smtp.letters if one.rcpt_tos == (manager.address,))
    click.echo(f"\n{manager.name}'s, as it came from the SMTP server (127.0.0.1:{stage.smtp.port}):\n")
    click.echo(_indented(letter_text(digest.content, "plain")))
    return manager, digest


def _a_reply_is_obeyed(stage: Stage, manager: AccountManager, digest: Received) -> None:
    _say(3, f"{manager.name} answers it from the train")
    click.echo(_indented(REPLY))
    stage.clock.at += timedelta(minutes=25)
    at = stage.clock.at.astimezone(manager.zone)
    stage.imap.append([(stage.agency.reply_to(digest.content, REPLY, at), at)])
    answer = _next_letter(stage, lambda app: watching.poll(app) and backlog.read(app))
    click.echo("\nand has an answer on the same thread:\n")
    click.echo(_indented(letter_text(answer.content, "plain")))


def _the_next_morning(stage: Stage, manager: AccountManager) -> None:
    tomorrow = stage.agency.day + timedelta(days=1)
    stage.clock.at = datetime.combine(tomorrow, manager.digest_at, tzinfo=manager.zone)
    _say(4, f"{tomorrow:%A}, the next digest: the two are gone, one of them until Tuesday")
    before = len(stage.smtp.letters)
    jobs.digests(stage.app)
    asyncio.run(jobs.deliver(stage.app))
    letter = next(one for one in stage.smtp.letters[before:] if one.rcpt_tos == (manager.address,))
    click.echo(_indented(letter_text(letter.content, "plain")))


def _next_letter(stage: Stage, work: Callable[[App], object]) -> Received:
    """What the SMTP server takes after this work."""
    before = len(stage.smtp.letters)
    work(stage.app)
    asyncio.run(jobs.deliver(stage.app))
    (letter,) = stage.smtp.letters[before:]
    return letter


def _write(stage: Stage, letter: Received, manager: AccountManager) -> None:
    name = manager.address.partition("@")[0]
    page = stage.folder / f"digest-{name}.html"
    page.write_text(letter_text(letter.content, "html"), encoding="utf-8")


def _subject(letter: Received) -> str:
    return letter_text(letter.content, "plain").splitlines()[1].removeprefix("Subject: ")


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())
