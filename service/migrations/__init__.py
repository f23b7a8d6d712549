"""From any old database to now (Alembic)."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from service.errors import StoreError

HEAD = "0012"  # the newest file in versions/; a test holds it to that


_WAIT = "SELECT pg_advisory_xact_lock(hashtextextended('practiq ' || current_schema(), 1))"
_VERSION = """
    CREATE TABLE alembic_version (
        version_num VARCHAR(32) NOT NULL,
        CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
    )
"""  # as Alembic makes it


def is_current(connection: Connection) -> bool:
    """Whether the database is of this version."""
    return _is_made(connection) and connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD


def _is_made(connection: Connection) -> bool:
    return "alembic_version" in inspect(connection).get_table_names()


def _make(connection: Connection) -> None:
    """The tables as they are now, in a moment: the steps take ten times as long."""
    from service import said_models  # noqa: F401 -- with its tables
    from service.models import Base

    Base.metadata.create_all(connection, checkfirst=False)
    connection.execute(text(_VERSION))
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})


def migrate(connection: Connection) -> None:
    """
    Bring the database to this version, inside the caller's transaction.

    One that is new or there already does without Alembic, which takes a while to load. StoreError where a
    newer practiq has made it.
    """
    if is_current(connection):
        return
    if connection.dialect.name == "postgresql":
        connection.execute(text(_WAIT))  # two processes may begin at once; SQLite has only one that writes
        if is_current(connection):
            return
    if not _is_made(connection):
        _make(connection)
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
