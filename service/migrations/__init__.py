"""From any old database to now (Alembic)."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

HEAD = "0008"  # the newest file in versions/; a test holds it to that


def migrate(connection: Connection) -> None:
    """
    Bring the database to this version, inside the caller's transaction.

    Does nothing, and does not import Alembic (0.8 s), where it is there already.
    """
    migrated = "alembic_version" in inspect(connection).get_table_names()
    if migrated and connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD:
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
