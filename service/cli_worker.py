"""The command for many inboxes on many machines."""

from __future__ import annotations

import os

import click

from service.calls import Call
from service.errors import ConfigError


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
    from service.agencies import Agencies
    from service.worker import run

    asyncio.run(run(Agencies(call.config, os.environ)))
