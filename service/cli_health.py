"""The commands that say how practiq is."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import click

from service.calls import JSON, Call, as_line, opened
from service.errors import PractiqError

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


@click.command()
@JSON
@click.pass_obj
def check(call: Call, as_json: bool) -> None:
    """
    Try the configuration for real, and say how to mend it.

    Opens the database, logs in to the IMAP and the SMTP server, and changes nothing there. Of each thing that
    fails it says whose job it is. Exit status 1 where one does, 2 where the configuration is wrong.
    """
    from dataclasses import asdict

    from service import logs
    from service.app import clock
    from service.check import Verdict, checks

    logs.set_up(call.log_level)
    failed = set()
    for one in checks(call.config, os.environ, clock()):
        if as_json:
            click.echo(as_line(asdict(one)))
        else:
            click.echo(f"{one.verdict.upper():4}  {one.words}")
            if one.whose:
                click.echo(f"      For {one.whose}: {one.todo}")
        if one.verdict is Verdict.FAIL:
            failed.add(one.what)
    if failed:
        raise click.exceptions.Exit(2 if "config" in failed else 1)


class Duration(click.ParamType[timedelta]):
    """A number of seconds, minutes, hours or days: 90s, 10m, 2h, 1d."""

    name = "DURATION"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The duration, or a usage error that says what would be right."""
        if isinstance(value, timedelta):
            return value
        found = re.fullmatch(r"(\d{1,6})([smhd])", value.strip().lower())
        if not found:
            self.fail(f"{value!r} is no duration; write it like 90s, 10m, 2h or 1d.", param, ctx)
        return timedelta(seconds=int(found[1]) * _SECONDS[found[2]])


@click.command()
@JSON
@click.option("--check", "checks", is_flag=True, help="Say nothing where all is well, else one sentence.")
@click.option("--max-age", type=Duration(), help="With --check: the inbox was read within that time (10m).")
@click.pass_obj
def status(call: Call, as_json: bool, checks: bool, max_age: timedelta | None) -> None:
    """
    Say how practiq is doing: inbox, mail, letters, digests.

    Exit status 1 where something is wrong that a person should look at. Where --config names a folder with a
    configuration for each agency, it has a line for each, and --check names the first with which something is wrong.
    """
    if (max_age and not checks) or (checks and as_json):
        raise click.UsageError("--max-age goes with --check, and --json without it.")
    of = _status_of_each if call.config.is_dir() else _status
    if of(call, as_json, checks, max_age):
        raise click.exceptions.Exit(1)


def _status(call: Call, as_json: bool, checks: bool, max_age: timedelta | None) -> bool:
    """Say how one agency's practiq is; give whether something is wrong."""
    from service.health import status_text

    line, fault = _found(call, max_age)
    if not checks:
        click.echo(as_line(line) if as_json else status_text(line))
    elif fault:
        click.echo(fault, err=True)
    return fault is not None


def _status_of_each(call: Call, as_json: bool, checks: bool, max_age: timedelta | None) -> bool:
    """Say it of each agency of a folder, a line for each; a configuration that cannot be had stops no other."""
    from service.agencies import configurations
    from service.health import Line, well_text

    is_wrong = False
    for file in configurations(call.config):
        line: Line
        try:
            line, fault = _found(replace(call, config=file), max_age)
        except PractiqError as error:
            fault = " ".join(str(error).split())
            line = {"wrong": [{"what": fault, "since": None}]}
        if not checks:
            said = (
                as_line({"agency": file.stem, **line})
                if as_json
                else f"{file.stem}: {fault or well_text(line)}"
            )
            click.echo(said)
        elif fault:
            click.echo(f"{file.stem}: {fault}", err=True)
            return True
        is_wrong |= fault is not None
    return is_wrong


def _found(call: Call, max_age: timedelta | None) -> tuple[dict[str, Any], str | None]:
    """How one agency's practiq is, and what is wrong with it in one sentence."""
    from service.health import status_line, verdict

    with opened(call) as app:
        line = status_line(app, app.now())
        return line, verdict(app, line, max_age)
