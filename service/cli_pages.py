"""The commands that show how clients stand: all of them, and one's live page."""

from __future__ import annotations

from datetime import datetime

import click

from service.calls import AT, JSON, Call, as_line, opened, say


@click.command()
@JSON
@click.pass_obj
def workspaces(call: Call, as_json: bool) -> None:
    """List every client, and how many of its threads need action."""
    from service.views import workspace_lines, workspace_table

    with opened(call) as app:
        say(workspace_lines(app, app.now()), as_json, workspace_table)


@click.command()
@click.argument("name")
@click.option("--text", "form", flag_value="text", default="text", help="As plain text (the default).")
@click.option("--html", "form", flag_value="html", help="As a page for the browser.")
@click.option("--json", "form", flag_value="json", help="As one JSON object.")
@AT
@click.pass_obj
def workspace(call: Call, name: str, form: str, at: datetime | None) -> None:
    """
    Show a client's live page: threads, approvals, people.

    What is open, asked for, decided, promised and asked beyond what was agreed, and who is who; each line
    has its date and its source. NAME is the client's, or another name that people use.
    """
    from service.pages import find_client, page_line, show_page

    with opened(call) as app:
        client, now = find_client(app.office, name), at or app.now()
        if form == "json":
            click.echo(as_line(page_line(app, client, now)))
        else:
            click.echo(show_page(app, client, now, html=form == "html"))
