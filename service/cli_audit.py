"""The commands that show what was ordered by mail, and what was sent."""

from __future__ import annotations

import click

from service.calls import JSON, Call, opened, say


@click.command()
@JSON
@click.pass_obj
def audit(call: Call, as_json: bool) -> None:
    """
    List every command that came by mail.

    Who wrote it, in which mail, whether it was obeyed and why not, how its threads stood before and after.
    """
    from service.audit import audit_lines, audit_table

    with opened(call) as app:
        say(audit_lines(app), as_json, audit_table)


@click.command()
@JSON
@click.pass_obj
def digests(call: Call, as_json: bool) -> None:
    """List every digest, and what became of it."""
    from service.audit import digest_lines, digests_table

    with opened(call) as app:
        say(digest_lines(app), as_json, digests_table)
