"""The commands that file mail anew: by a person's word, or by reading it again."""

from __future__ import annotations

from datetime import datetime

import click

from service.calls import JSON, Call, Instant, as_line, opened, say


@click.command()
@click.argument("thread")
@click.argument("workspace")
@JSON
@click.pass_obj
def assign(call: Call, thread: str, workspace: str, as_json: bool) -> None:
    """
    Say where a thread belongs; practiq learns from it.

    The thread moves, its people are known from now on, and earlier mail of theirs is filed again.
    `practiq undo` takes it back.
    """
    from service.corrections import assign_line

    with opened(call) as app, app.store.alone():
        line = assign_line(app, thread, workspace)
    said = f"“{line['subject']}” is {line['workspace']}'s now. {line['words']}".strip()
    click.echo(as_line(line) if as_json else said)


@click.command()
@JSON
@click.pass_obj
def undo(call: Call, as_json: bool) -> None:
    """
    Take back the last `practiq assign`.

    With all that followed from it: what was learned is forgotten, and mail is filed as before.
    """
    from service.corrections import undo_line

    with opened(call) as app, app.store.alone():
        line = undo_line(app)
    if line is None:
        click.echo("There is nothing to take back.", err=True)
    else:
        click.echo(as_line(line) if as_json else f"The last assign is taken back. {line['words']}".strip())


@click.command()
@JSON
@click.pass_obj
def learned(call: Call, as_json: bool) -> None:
    """List what corrections taught, by whom and when."""
    from service.corrections import learned_lines, learned_table

    with opened(call) as app:
        say(learned_lines(app), as_json, learned_table)


@click.command()
@click.option("--since", type=Instant(), help="Only mail kept since then.")
@click.pass_obj
def reread(call: Call, since: datetime | None) -> None:
    """Read the kept mail again, and say what changed."""
    from service.reread import reread as read_again

    with opened(call) as app, app.store.alone():
        changes = read_again(app, since)
        for change in changes:
            click.echo(change)
        click.echo(f"{len(changes)} messages are read otherwise than before.", err=True)
