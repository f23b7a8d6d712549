"""The command on mail that lies in files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from service.calls import MAIL, Call, opened


@click.command()
@MAIL
@click.pass_obj
def ingest(call: Call, paths: Sequence[Path]) -> int:
    """
    Read mail from files, to try practiq out or for history.

    PATH is a folder of .eml files, a Maildir, an mbox or a single mail. The same mail twice changes nothing. Ctrl-C
    stops it at the next batch; the same command goes on.
    """
    from service.stops import stoppable

    with stoppable() as stop:  # first of all: what a library does when it is met by Ctrl-C is anybody's guess
        from service.files import mail_files
        from service.history import ingest as take_in

        files = mail_files(paths)
        with opened(call) as app, app.store.alone():
            done = take_in(app, files, stop)
        words = f"{done.seen} mails seen, {done.new} of them new"
        if stop():
            left = f"{done.unread} are kept and not read yet"
            click.echo(f"Stopped: {words}; {left}.\n  The same command goes on from here.", err=True)
        else:
            click.echo(f"{words}.", err=True)
    return stop.status
