"""The commands that say how practiq is."""

from __future__ import annotations

import click

from service.calls import JSON, Call, as_line, configured, opened


@click.command()
@click.pass_obj
def check(call: Call) -> None:
    """
    Try the configuration for real, and say how to mend it.

    Opens the database, logs in to the IMAP and the SMTP server, and changes nothing there.
    """
    from service.check import Verdict, checks, open_to_others

    failed = False
    with configured(call) as config, opened(call) as app:
        click.echo(f"OK    {call.config} is right")
        for verdict, words in (*open_to_others([call.config, *config.secret_files()]), *checks(app)):
            click.echo(f"{verdict:4}  {words}")
            failed = failed or verdict is Verdict.FAIL
    if failed:
        raise click.exceptions.Exit(1)


@click.command()
@JSON
@click.pass_obj
def status(call: Call, as_json: bool) -> None:
    """
    Say how practiq is doing: inbox, mail, letters, digests.

    Exit status 1 where something is wrong that a person should look at.
    """
    from service.health import status_line, status_text

    with opened(call) as app:
        line = status_line(app, app.now())
        click.echo(as_line(line) if as_json else status_text(line))
    if line["wrong"]:
        raise click.exceptions.Exit(1)
