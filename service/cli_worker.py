"""The command for many inboxes on many machines."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import click

from service.calls import Call
from service.errors import ConfigError

if TYPE_CHECKING:
    from service.agencies import Agencies


@click.command()
@click.option(
    "--metrics-port",
    type=click.IntRange(1, 65_535),
    metavar="PORT",
    help="Answer http://127.0.0.1:PORT/metrics with the figures of all agencies.",
)
@click.pass_obj
def worker(call: Call, metrics_port: int | None) -> None:
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

    agencies = Agencies(call.config, os.environ)
    with _metrics(agencies, metrics_port):
        asyncio.run(run(agencies))


def _metrics(agencies: Agencies, port: int | None) -> AbstractContextManager[None]:
    if port is None:
        return nullcontext()
    from service.metrics import serving_each

    return serving_each(agencies, port)
