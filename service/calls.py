"""What the commands share: the configuration opened, times read, lines printed."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.errors import ConfigError

if TYPE_CHECKING:  # `--help` imports nothing that it does not use
    from service.app import App
    from service.config import Config

_GARBAGE = 20_000  # values, after which cycles are looked for: mail makes thousands each, and hardly a cycle
JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for scripts.")


@dataclass(frozen=True, slots=True)
class Call:
    """What was said before the command."""

    config: Path
    log_level: str


def _name_config(ctx: click.Context, _param: click.Parameter, path: Path | None) -> None:
    if path is not None:
        ctx.obj = replace(ctx.obj, config=path)


class Commands(click.Group):
    """Commands in the order in which one needs them, with --config and --debug behind their name too."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click calls with it
        """Their names, in the order of this file."""
        return list(self.commands)

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Register a command."""
        path = click.Path(path_type=Path)
        cmd.params += [
            click.Option(["--config"], type=path, expose_value=False, callback=_name_config, hidden=True),
            click.Option(["--debug"], is_flag=True, expose_value=False, hidden=True),
        ]
        super().add_command(cmd, name)


class Instant(click.ParamType[datetime]):
    """An ISO 8601 time with an offset."""

    name = "TIME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The instant, or a usage error that says what would be right."""
        if isinstance(value, datetime):
            return value
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no time; write it like 2026-11-12T08:00:00-05:00.", param, ctx)
        if at.tzinfo is None:
            self.fail(f"{value!r} has no offset; write it like {value}-05:00 or {value}Z.", param, ctx)
        return at


def collect_garbage() -> None:
    """Begin to collect garbage where `entry` has put that off; what is there by now is code, and never looked at again."""
    if not gc.isenabled():
        gc.freeze()
        gc.set_threshold(_GARBAGE)
        gc.enable()


@contextmanager
def configured(call: Call, *, log_level: str | None = None) -> Iterator[Config]:
    """The configuration, with the log set up."""
    from service import logs
    from service.config import load

    logs.set_up(log_level if log_level and call.log_level == "warning" else call.log_level)
    yield load(call.config, os.environ)


@contextmanager
def opened(call: Call, *, log_level: str | None = None) -> Iterator[App]:
    """The application of the configuration, its database open to look at; `store.alone()` is for who writes."""
    from service.app import build

    with configured(call, log_level=log_level) as config:
        app = build(config, writes=False)
        collect_garbage()
        try:
            yield app
        finally:
            app.close()


def check_names(app: App, *, workspace: str | None = None, address: str | None = None) -> None:
    """Raise ConfigError where there is no such client or account manager."""
    managers = [one.address for one in app.office.managers]
    if address is not None and address not in managers:
        raise ConfigError(
            f"{address} is no account manager.", hint=f"The configuration has {', '.join(managers)}."
        )
    clients = [one.name for one in app.office.workspaces.all]
    if workspace is not None and workspace not in clients:
        hint = f"The clients are {', '.join(clients)}." if clients else "There are no clients yet."
        raise ConfigError(f"{workspace} is no client.", hint=hint)


def say(
    lines: Iterator[dict[str, Any]], as_json: bool, table: Callable[[Iterator[dict[str, Any]]], str]
) -> None:
    """Print lines for scripts, or as a table for people."""
    if as_json:
        for line in lines:
            click.echo(as_line(line))
    else:
        click.echo(table(lines))


def as_line(line: dict[str, Any]) -> str:
    """One JSON object on one line."""
    return json.dumps(line, ensure_ascii=False)


MAIL = click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
AT = click.option("--at", type=Instant(), help="As of that moment (2026-11-12T08:00:00-05:00), not now.")
