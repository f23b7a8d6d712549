"""The command for many inboxes on many machines."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from service.calls import Call
from service.errors import ConfigError

if TYPE_CHECKING:
    from service.config import Config


@click.command()
@click.pass_obj
def worker(call: Call) -> None:
    """
    Share the work on many inboxes, on many machines.

    Works until stopped, with other workers on the same PostgreSQL database. --config names a folder with a configuration for each agency, or one configuration.
    """
    import asyncio
    from importlib.util import find_spec

    from service import logs

    logs.set_up("info" if call.log_level == "warning" else call.log_level)
    if find_spec("procrastinate") is None:
        raise ConfigError(
            "Workers need Procrastinate, which is not installed.",
            hint="Install it into practiq's environment: .venv/bin/pip install 'practiq[postgres]'.",
        )
    agencies = _agencies(call)
    from service.worker import run

    asyncio.run(run(agencies))


def _agencies(call: Call) -> dict[str, Config]:
    """Each agency's configuration by the name of its file."""
    from service.config import load

    files = sorted(call.config.glob("*.toml")) if call.config.is_dir() else [call.config]
    if not files:
        raise ConfigError(f"{call.config} has no configuration in it.", hint="Put one there: agency.toml.")
    return {one.stem: load(one, os.environ) for one in files}
