"""The commands on the database itself."""

from __future__ import annotations

from contextlib import closing

import click

from service.calls import Call, configured


@click.group()
def db() -> None:
    """Bring the database to this version, or copy it to PostgreSQL."""


@db.command()
@click.pass_obj
def upgrade(call: Call) -> None:
    """
    Bring the database to this version, while no practiq is at work on it.

    `run`, `poll` and `ingest` do so by themselves.
    """
    from service.store import open_store

    with configured(call) as config, closing(open_store(config.database.address())) as store:
        click.echo(f"The database {store.place} is of this version.")


@db.command()
@click.argument("url")
@click.pass_obj
def copy(call: Call, url: str) -> None:
    """
    Copy the configuration's database to the empty one at this URL.

    Write it like postgresql+psycopg://practiq@host/practiq; a password is better kept in ~/.pgpass or
    PGPASSWORD than in it. Stop practiq first. The old database stays as it is.
    """
    from service.copying import copy_database
    from service.store import open_store, read_store

    with (
        configured(call) as config,
        closing(read_store(config.database.address())) as source,
        closing(open_store(url)) as target,
    ):
        copied = copy_database(source, target)
    click.echo(f"{copied:,} rows copied to {target.place}. Now write that URL as [database] url.")
