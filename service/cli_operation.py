"""The commands for who runs practiq: a copy of the database, and back."""

from __future__ import annotations

from pathlib import Path

import click

from service.calls import Call, as_line, check_names, configured, opened

# The libraries that decide how mail is fetched, read, stored, matched, written and sent.
_FOUNDATIONS = ("imapclient", "mail-parser", "sqlalchemy", "rapidfuzz", "jinja2", "aiosmtplib", "apscheduler")
_FILE = click.argument("file", metavar="FILE", type=click.Path(path_type=Path))


@click.command()
@_FILE
@click.pass_obj
def backup(call: Call, file: Path) -> None:
    """
    Copy the database to one file, also while `run` is at work.

    FILE is an SQLite file, also where the database is PostgreSQL. An earlier backup in it is replaced once the
    new one is whole and sound.
    """
    from service.backups import back_up

    with configured(call) as config:
        made = back_up(config.database.address(), file)
    click.echo(f"{file}: {made.size_bytes / 1_000_000:.1f} MB, {made.messages:,} messages, sound.")
    click.echo("It holds your clients' mail: keep it as you keep that.", err=True)


@click.command()
@_FILE
@click.option("--despite-damage", is_flag=True, help="Also where the database that is there cannot be read.")
@click.pass_obj
def restore(call: Call, file: Path, despite_damage: bool) -> None:
    """
    Put a backup in the database's place; `run` must be stopped.

    What is there now is kept beside it, with PostgreSQL beside FILE. What was sent since the backup is not
    sent again, what was erased stays erased, and mail that came since is read again.
    """
    from service.app import clock
    from service.backups import restore as put_back

    with configured(call) as config:
        done = put_back(config.database.address(), file, now=clock(), despite_damage=despite_damage)
    click.echo(f"{done.messages:,} messages are in place from {file}.")
    if done.beside is None:
        click.echo("No database was there: what was sent or erased since the backup is not known.", err=True)
        return
    since = ", ".join(f"{count:,} {what}" for what, count in done.carried.items() if count) or "nothing"
    click.echo(f"Taken over from what was there: {since}. {done.erased:,} mails were erased once more.")
    if done.unknown:
        click.echo(f"Not readable there, and lost: {', '.join(done.unknown)}.", err=True)
    click.echo(f"What was there is now {done.beside}; delete it once all is well.", err=True)


@click.command()
@click.option("--json", "as_json", is_flag=True, required=True, help="One JSON object a line: the only form.")
@click.option("--workspace", metavar="NAME", help="Of this client only.")
@click.pass_obj
def export(call: Call, as_json: bool, workspace: str | None) -> None:  # noqa: ARG001 -- there is one form so far
    """
    Print all that practiq knows, to take it along.

    Clients, messages with what they say, threads, orders, corrections, commands, digests, letters: each
    object has a `type`. It may be megabytes: send it to a file.
    """
    from service.export import export_lines

    with opened(call) as app:
        check_names(app, workspace=workspace)
        for line in export_lines(app, app.now(), workspace):
            click.echo(as_line(line))


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """
    Print what has a shell complete practiq's commands and options.

    For bash: practiq completion bash > ~/.local/share/bash-completion/completions/practiq
    """
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    assert made
    click.echo(made(ctx.find_root().command, {}, "practiq", "_PRACTIQ_COMPLETE").source())


def _tell_versions(ctx: click.Context, _param: click.Parameter, is_asked: bool) -> None:
    if not is_asked or ctx.resilient_parsing:
        return
    import platform
    import sqlite3
    from importlib.metadata import version

    click.echo(f"practiq {version('practiq')}")
    click.echo(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    click.echo(", ".join(f"{name} {version(name)}" for name in _FOUNDATIONS))
    ctx.exit()


VERSION = click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_tell_versions,
    help="Show the version, and those of what practiq stands on.",
)
OPERATION = (backup, restore, export, completion)
