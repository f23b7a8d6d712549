"""From any old database to now (Alembic)."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from service.errors import StoreError

HEAD = "0011"  # the newest file in versions/; a test holds it to that


def is_current(connection: Connection) -> bool:
    """Whether the database is of this version."""
    migrated = "alembic_version" in inspect(connection).get_table_names()
    return migrated and connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD


def migrate(connection: Connection) -> None:
    """
    Bring the database to this version, inside the caller's transaction.

    Does nothing, and does not import Alembic (0.8 s), where it is there already. StoreError where a
    newer practiq has made it.
    """
    if is_current(connection):
        return
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(
            f"The database is of a version that this practiq does not know: {error}.",
            hint="Install the practiq that made it, or a newer one; nothing was changed.",
        ) from error
