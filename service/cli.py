"""Words of the command line to a call."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from service.calls import (
    AT,
    JSON,
    MAIL,
    Call,
    Commands,
    as_line,
    check_names,
    collect_garbage,
    configured,
    opened,
    say,
)
from service.cli_audit import audit, digests
from service.cli_auth import auth
from service.cli_clients import clients
from service.cli_corrections import assign, learned, reread, undo
from service.cli_database import db
from service.cli_health import check, status
from service.cli_history import ingest
from service.cli_init import init
from service.cli_operation import OPERATION, VERSION
from service.cli_pages import workspace, workspaces
from service.cli_privacy import forget, quarantine
from service.cli_worker import worker
from service.errors import ConfigError, PractiqError, traceback_of, where_of

LEVELS = ("debug", "info", "warning", "error")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    envvar="PRACTIQ_CONFIG",
    default=Path("config.toml"),
    show_default=True,
    help="The configuration; PRACTIQ_CONFIG names it as well.",
)
@click.option(
    "--log-level", type=click.Choice(LEVELS), metavar="LEVEL", default="warning", help=", ".join(LEVELS)
)
@click.option("--debug", is_flag=True, help="Show where in the code an error comes from.")
@VERSION
@click.pass_context
def main(ctx: click.Context, config: Path, log_level: str, debug: bool) -> None:  # noqa: ARG001 -- call_main reads it
    """
    Reads the mail that an agency CCs to it, and tells each account manager every morning what
    needs doing.

    New here? `practiq demo` shows the whole thing in a few seconds, with nothing configured.
    """
    ctx.obj = Call(config=config, log_level=log_level)


@main.command()
@click.option("--out", type=click.Path(path_type=Path), help="Where to write the mails it shows.")
def demo(out: Path | None) -> None:
    """
    Show the whole job on a sample agency, nothing configured.

    It brings its own IMAP and SMTP server, touches no network, and ends by itself in a few seconds.
    """
    from service.demo.story import tell

    collect_garbage()
    tell(out)


main.add_command(auth)
main.add_command(init)
main.add_command(check)


@main.command()
@click.pass_obj
def run(call: Call) -> None:
    """
    Be the service, until stopped (Ctrl-C or SIGTERM).

    Reads mail as it comes, sends each digest at its account manager's own local time, obeys their replies.
    A second one on the same database stands by, and takes over when the first is no more.
    """
    import asyncio

    from service import scheduler

    with opened(call, log_level="info") as app:
        asyncio.run(scheduler.run(app))


@main.command()
@click.pass_obj
def poll(call: Call) -> None:
    """Read what is new and send what is due, once (for cron)."""
    from service.passes import make_pass

    with opened(call) as app, app.store.alone():
        if app.imap is None:
            raise ConfigError(
                f"{call.config}: [imap] is missing, so there is no inbox to read.",
                hint="Add [imap] with host and password_file, or read mail files with `practiq ingest`.",
            )
        passed = make_pass(app)
        click.echo(f"{passed.new} new, {passed.read} read, {passed.sent} sent.", err=True)


main.add_command(ingest)
main.add_command(reread)


@main.command()
@click.option("--for", "address", metavar="EMAIL", help="Of this account manager only.")
@AT
@click.option("--text", "form", flag_value="text", default="text", help="As plain text (the default).")
@click.option("--html", "form", flag_value="html", help="As HTML.")
@click.option("--send", "form", flag_value="send", help="Send today's now, if it has not been sent.")
@click.pass_obj
def digest(call: Call, address: str | None, at: datetime | None, form: str) -> None:
    """Show digests as they would go out, or send them."""
    from service.views import show_digests

    with opened(call) as app:
        check_names(app, address=address)
        managers = [one for one in app.office.managers if address in (None, one.address)]
        if form != "send":
            click.echo(show_digests(app, managers, at or app.now(), form))
            return
        if app.smtp is None:
            raise ConfigError(
                f"{call.config}: [smtp] is missing, so nothing can be sent.",
                hint="Add [smtp] with host and password_file; without --send the digest is only shown.",
            )
        from service.jobs import send_digests

        with app.store.alone():
            for line in send_digests(app, managers, at or app.now()):
                click.echo(line)


@main.command()
@JSON
@AT
@click.option("--workspace", metavar="NAME", help="Of this client only.")
@click.option("--for", "address", metavar="EMAIL", help="Of this account manager only.")
@click.pass_obj
def threads(
    call: Call, as_json: bool, at: datetime | None, workspace: str | None, address: str | None
) -> None:
    """List every thread: whose turn it is, and what to do."""
    from service.views import thread_lines, thread_table

    with opened(call) as app:
        check_names(app, workspace=workspace, address=address)
        lines = thread_lines(app, at or app.now(), workspace=workspace, address=address)
        say(lines, as_json, thread_table)


@main.command()
@JSON
@click.pass_obj
def messages(call: Call, as_json: bool) -> None:
    """List every message, and what was read from it."""
    from service.views import message_lines, message_table

    with opened(call) as app:
        say(message_lines(app), as_json, message_table)


@main.command()
@MAIL
@JSON
@click.pass_obj
def inspect(call: Call, paths: Sequence[Path], as_json: bool) -> None:
    """
    Show how mail files would be understood, and why.

    Stores nothing. PATH is a folder of .eml files, a Maildir, an mbox or a single mail; mails that answer
    each other are read as one thread.
    """
    from service.app import build
    from service.inspection import inspected, teach
    from service.views import inspection_text

    with configured(call) as config:
        app = build(config, url="sqlite://")
        try:
            teach(app, config.database.address())
            for line in inspected(app, paths):
                click.echo(as_line(line) if as_json else inspection_text(line))
        finally:
            app.close()


main.add_command(workspaces)
main.add_command(clients)
main.add_command(workspace)
main.add_command(assign)
main.add_command(undo)
main.add_command(learned)
main.add_command(audit)
main.add_command(digests)
main.add_command(quarantine)
main.add_command(forget)
main.add_command(db)
main.add_command(worker)
main.add_command(status)
for operation in OPERATION:
    main.add_command(operation)


def entry() -> None:
    """The `practiq` command."""
    gc.disable()  # what is loaded stays: to look for garbage in it is a tenth of the start of `status`
    sys.excepthook = lambda _kind, fault, _trace: click.echo(traceback_of(fault), err=True)
    sys.exit(call_main(sys.argv[1:]))


def call_main(argv: Sequence[str]) -> int:
    """Run a command line; give its exit status. Errors are one sentence on standard error."""
    try:
        result = main.main(args=list(argv), prog_name="practiq", standalone_mode=False)
    except PractiqError as error:
        if "--debug" in argv:
            raise
        click.echo(f"practiq: {error}", err=True)
        return error.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 130
    except Exception as fault:
        if "--debug" in argv:
            raise
        where = where_of(fault)
        click.echo(
            f"practiq: A fault of practiq's own: {where['fault']} at {where['at']}.\n"
            "  Nothing half done is kept. --debug shows more; please report it.",
            err=True,
        )
        return 1
    return result if isinstance(result, int) else 0
