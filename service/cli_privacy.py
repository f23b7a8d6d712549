"""The commands on mail that is not to be kept: quarantine and forget."""

from __future__ import annotations

import sys

import click

from service.bars import bar
from service.calls import JSON, Call, as_line, opened, say
from service.errors import ConfigError


@click.group(invoke_without_command=True)
@JSON
@click.pass_context
def quarantine(ctx: click.Context, as_json: bool) -> None:
    """List, show, retry or drop mail that cannot be read."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_, as_json=as_json)


@quarantine.command("list")
@JSON
@click.pass_obj
def list_(call: Call, as_json: bool) -> None:
    """List what is in quarantine, and why."""
    from service.quarantine import quarantined_lines
    from service.views import quarantine_table

    with opened(call) as app:
        say(quarantined_lines(app), as_json, quarantine_table)


@quarantine.command()
@click.argument("number", type=int, metavar="ID")
@click.pass_obj
def show(call: Call, number: int) -> None:
    """Show the beginning of a mail as it came; nothing of it can do anything to your terminal."""
    from service.quarantine import raw_text

    with opened(call) as app:
        click.echo(raw_text(app, number))


@quarantine.command()
@click.argument("number", type=int, metavar="ID")
@click.pass_obj
def retry(call: Call, number: int) -> None:
    """Read a mail again, and say what came of it."""
    from service.quarantine import retry as read_again

    with opened(call) as app, app.store.alone():
        click.echo(read_again(app, number))


@quarantine.command()
@click.argument("number", type=int, metavar="ID")
@click.pass_obj
def drop(call: Call, number: int) -> None:
    """Erase a mail for good; it is not taken in again."""
    from service.quarantine import drop as erase

    with opened(call) as app, app.store.alone():
        click.echo(erase(app, number))


@click.command()
@click.argument("who", metavar="EMAIL|WORKSPACE")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@JSON
@click.pass_obj
def forget(call: Call, who: str, yes: bool, as_json: bool) -> None:
    """
    Erase a person or a client for good.

    All mail of, to and about them goes, with all that was read from it, also out of quarantine, the outbox
    and the digests that were sent. It is not taken in again. `run` must be stopped.
    """
    from dataclasses import asdict

    from service.forgetting import find_traces
    from service.forgetting import forget as erase

    if not yes and not sys.stdin.isatty():
        raise ConfigError("Nothing is erased without a yes.", hint="Add --yes where nobody can be asked.")
    with opened(call) as app, app.store.alone():
        with bar("Looking", None) as advance:
            traces = find_traces(app, who, lambda _: advance)
        click.echo(
            f"{len(traces.kept)} mails on {traces.threads} threads are of, to or about {who}. They are erased for"
            " good, with all that was read from them; the letters that practiq sent are emptied.",
            err=True,
        )
        if not yes:
            click.confirm("Erase them?", abort=True, err=True)
        done = erase(app, traces)
    if as_json:
        click.echo(as_line({"who": who} | asdict(done)))
        return
    click.echo(
        f"{done.mails} mails are erased, {done.letters_emptied} letters emptied,"
        f" {done.letters_withdrawn} not sent, the words of {done.commands_emptied} commands taken away,"
        f" {done.unlearned} things unlearned. {done.mails_left} mails are left, and were read anew."
    )
    click.echo(
        "Your backups, and the mail server, still hold what they held; so does the configuration.", err=True
    )
