"""The command that asks what practiq must know, and writes its configuration."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from service.calls import Call
from service.cli_clients import import_
from service.cli_health import check
from service.errors import ConfigError, PractiqError


class _Terminal:
    """The person who called, or what is piped in instead: an answer a line."""

    def __init__(self) -> None:
        self.waits = sys.stdin.isatty()

    def ask(self, question: str, default: str, *, hidden: bool = False) -> str:
        if self.waits:
            shown = bool(default) and not hidden
            said = click.prompt(question, default=default, show_default=shown, hide_input=hidden, err=True)
            return str(said)
        line = sys.stdin.readline()
        if not line:
            raise ConfigError(
                f"The answers end before the question “{question}”.",
                hint="Write each on a line; nothing is written.",
            )
        return line.rstrip("\r\n") or default

    def tell(self, words: str) -> None:
        click.echo(words, err=True)


@click.command()
@click.pass_context
def init(ctx: click.Context) -> None:
    """
    Ask what practiq must know, and write config.toml.

    At most ten questions; the servers of the great mail providers are known. The password goes into a file of
    its own beside the configuration. Then `practiq check` tries it all. Without a terminal the answers are
    read from standard input, one a line, an empty one for what is offered.
    """
    from service.setup_file import text_of, write
    from service.setup_questions import interview

    call: Call = ctx.obj
    path = call.config
    password_file = path.absolute().with_suffix(".password")
    person = _Terminal()
    _may_write(person, path, password_file)
    answers = interview(person, _zone_here())
    text = text_of(answers, folder=path.parent, password_file=password_file)
    write(path, text, password_file=password_file, password=answers.password)
    click.echo(
        f"{path} is written{f', and the password in {password_file}' if answers.password else ''}.", err=True
    )
    if answers.clients:
        try:
            ctx.invoke(import_, file=answers.clients, dry_run=False, as_json=False)
        except click.exceptions.Exit:
            click.echo("Mend those rows, then `practiq clients import` takes the file once more.", err=True)
    ctx.invoke(check, as_json=False)


def _may_write(person: _Terminal, path: Path, password_file: Path) -> None:
    """Raise PractiqError where nothing can be written, or what is there is to stay."""
    from service.config_faults import refuse_folder

    refuse_folder(path)
    if not (path.parent.is_dir() and os.access(path.parent, os.W_OK)):
        raise PractiqError(
            f"{path.parent} is no folder that you may write to.", hint="Name another place with --config."
        )
    there = [str(one) for one in (path, password_file) if one.exists()]
    if there:
        words = f"{' and '.join(there)} {'is' if len(there) == 1 else 'are'} there already"
        if person.ask(f"{words}. Overwrite? (yes or no)", "no").strip().lower() not in ("y", "yes"):
            raise ConfigError(
                f"{words}; nothing is written.",
                hint="Answer yes to overwrite, or name another place with --config.",
            )


def _zone_here() -> str:
    """This machine's time zone, where it says so by name; else UTC."""
    said = os.environ.get("TZ", "").lstrip(":")
    if not said:
        said = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2]
    try:
        return ZoneInfo(said).key if said else "UTC"
    except (OSError, ValueError, KeyError):
        return "UTC"
