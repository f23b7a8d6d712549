"""The commands that say who the clients are, besides the configuration's file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.calls import JSON, Call, Commands, as_line, opened, say
from service.errors import ConfigError, PractiqError

if TYPE_CHECKING:
    from parsers.client_lists import Row
    from service.app import App
    from service.config import WorkspaceSection

_WHO = click.option("--manager", metavar="WHO", help="The account manager, by address or by name.")
_KEEP = click.option("--keep-mail", metavar="DAYS", help="How long its mail is kept.")


def _lists(command: Callable[..., Any]) -> Callable[..., Any]:
    for name, words in (
        ("--alias", "Another name that people use. Again for more."),
        ("--contact", "Somebody of theirs who writes from elsewhere. Again for more."),
        ("--domain", "Where they have their mail. Again for more."),
    ):
        command = click.option(name, multiple=True, help=words)(command)
    return command


@click.group(cls=Commands, invoke_without_command=True)
@JSON
@click.pass_context
def clients(ctx: click.Context, as_json: bool) -> None:
    """
    List, import, add, change or remove clients.

    Clients stand in the configuration's file, or in the database, where these commands put them. Whom both
    name is as the file says.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_, as_json=as_json)


@clients.command("list")
@JSON
@click.pass_obj
def list_(call: Call, as_json: bool) -> None:
    """List the clients as they are configured, and where."""
    from service.client_views import client_lines, client_table

    with opened(call) as app:
        say(client_lines(app), as_json, client_table)


@clients.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@JSON
@click.pass_obj
def import_(call: Call, file: Path, dry_run: bool, as_json: bool) -> None:
    """
    Take clients from a CSV file, as Excel writes it.

    Its columns are Client, Domains, Contacts, Aliases and Account manager, by these or similar names. Who is there already is changed, who is not listed stays. A row that is wrong is told with its line, and
    the others go on; the exit status is then 1.
    """
    from service.client_changes import Outcome, Plan, carry_out, held_clients, plan_rows
    from service.client_views import told_line, told_text
    from service.rendering import shown

    listed = _read(file)
    with opened(call) as app:

        def plan_of(held: Sequence[WorkspaceSection]) -> Plan:
            return plan_rows(listed.rows, held, app.config, app.office)

        plan, words = (plan_of(held_clients(app)), "") if dry_run else carry_out(app, plan_of)
    for one in plan.told:
        click.echo(as_line(told_line(one)) if as_json else told_text(one))
    for header in listed.unknown:
        click.echo(f"The column “{shown(header)}” says nothing to practiq, and was passed over.", err=True)
    counts = [(one, sum(told.outcome is one for told in plan.told)) for one in Outcome]
    said = ", ".join(f"{count} {one}" for one, count in counts if count) or "There are no clients in it"
    click.echo(f"{said}{'; nothing is done yet' if dry_run else ''}. {words}".strip(), err=True)
    if any(one.outcome is Outcome.REFUSED for one in plan.told):
        raise click.exceptions.Exit(1)


def _read(file: Path) -> Any:
    from parsers.client_lists import UnreadableList, client_list

    try:
        return client_list(file.read_bytes())
    except OSError as error:
        raise PractiqError(
            f"{file} cannot be read: {error.strerror}.", hint="Name a CSV file of your clients."
        ) from error
    except UnreadableList as error:
        problem, _, hint = str(error).partition(". ")
        raise PractiqError(f"{file}: {problem}.", hint=hint) from error


@clients.command()
@click.argument("name")
@_lists
@_WHO
@_KEEP
@click.pass_obj
def add(call: Call, /, name: str, **said: Any) -> None:
    """Add a client; practiq finds its mail, earlier mail included."""
    row = _row(name, **said)
    with opened(call) as app:

        def row_of(held: Sequence[WorkspaceSection]) -> Row:
            if any(one.name.casefold() == row.name.casefold() for one in held):
                raise PractiqError(
                    f"{row.name} is a client already.",
                    hint=f"`practiq clients change '{row.name}'` changes it.",
                )
            return row

        click.echo(_carried_out(app, name, row_of))


@clients.command()
@click.argument("name")
@_lists
@click.option(
    "--drop", multiple=True, metavar="WORDS", help="A domain, contact or alias that goes. Again for more."
)
@_WHO
@_KEEP
@click.pass_obj
def change(call: Call, /, name: str, drop: Sequence[str], **said: Any) -> None:
    """
    Change a client, and file its mail again.

    What is said of domains, contacts and aliases is added; --drop takes one away.
    """
    from service.client_changes import added_to

    row = _row(name, **said)
    with opened(call) as app:

        def row_of(held: Sequence[WorkspaceSection]) -> Row:
            return added_to(_held(app, name, held), row, drop)

        click.echo(_carried_out(app, name, row_of))


@clients.command()
@click.argument("name")
@click.pass_obj
def remove(call: Call, name: str) -> None:
    """
    Take a client out of the list.

    Its mail is kept, and its conversations stand without a client; `practiq forget` erases a client's mail, and
    does so while the client is still there. Added again, it finds its mail again.
    """
    from service.client_changes import Plan, carry_out

    with opened(call) as app:

        def plan_of(held: Sequence[WorkspaceSection]) -> Plan:
            gone = _held(app, name, held)
            return Plan(clients=tuple(one for one in held if one != gone), told=())

        _, words = carry_out(app, plan_of)
        click.echo(f"{name} is no client any more. {words}")


def _row(name: str, **said: Any) -> Row:
    """What was said of a client, as a list would say it."""
    from parsers.client_lists import Column, Row, contacts_in, domains_in

    lists = {
        Column.DOMAINS: domains_in(" ".join(said["domain"])),
        Column.CONTACTS: contacts_in(";".join(said["contact"])),
        Column.ALIASES: tuple(" ".join(one.split()) for one in said["alias"]),
    }
    return Row(
        line=None,
        name=" ".join(name.split()),
        lists={column: values for column, values in lists.items() if values},
        manager=said["manager"],
        keep_mail=said["keep_mail"],
    )


def _carried_out(app: App, name: str, row_of: Callable[[Sequence[WorkspaceSection]], Row]) -> str:
    """What came of one client's change; PractiqError where it cannot be."""
    from service.client_changes import Outcome, Plan, carry_out, plan_rows
    from service.client_views import told_text

    _refuse_of_file(app, name)

    def plan_of(held: Sequence[WorkspaceSection]) -> Plan:
        made = plan_rows([row_of(held)], held, app.config, app.office)
        (told,) = made.told
        if told.outcome is Outcome.REFUSED:
            raise PractiqError(f"{told.client}: {told.words}.", hint="Nothing is changed.")
        return made

    plan, words = carry_out(app, plan_of)
    (told,) = plan.told
    return f"{told_text(told)} {words}".strip()


def _refuse_of_file(app: App, name: str) -> None:
    if any(one.name.casefold() == name.strip().casefold() for one in app.config.workspaces):
        raise ConfigError(
            f"{name} stands in the configuration's file, which decides.", hint="Change that client there."
        )


def _held(app: App, name: str, held: Sequence[WorkspaceSection]) -> WorkspaceSection:
    """The client of this name in the database; PractiqError where it has none."""
    for one in held:
        if one.name.casefold() == name.strip().casefold():
            return one
    _refuse_of_file(app, name)
    near = app.office.workspaces.nearest(name)
    hint = f"Did you mean {' or '.join(near)}?" if near else "`practiq clients` lists them."
    raise PractiqError(f"No client is called “{name}”.", hint=hint)
