"""Databases as earlier versions left them, and all that one holds."""

from __future__ import annotations

import contextlib
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import LargeBinary, Text, cast, create_engine, select

from service.models import Base
from service.store import read_store
from tests.agency import database_url
from tests.processes import ROOT


def make_database(path: Path, version: str) -> None:
    """An empty database of this step (service/migrations/versions)."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "service" / "migrations"))
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
    engine.dispose()
    with contextlib.closing(sqlite3.connect(path)) as held:
        held.execute("PRAGMA journal_mode=WAL")


def values_in(folder: Path) -> Iterator[str | bytes]:
    """Every value in the database of a folder: bytes unpacked, the rest as text, JSON as it is written there."""
    with contextlib.closing(read_store(database_url(folder))) as looked, looked.transaction() as session:
        for table in Base.metadata.sorted_tables:
            columns = (one if isinstance(one.type, LargeBinary) else cast(one, Text) for one in table.columns)
            for row in session.execute(select(*columns)):
                yield from (
                    _unpacked(one) if isinstance(one, bytes) else one for one in row if one is not None
                )


def _unpacked(content: bytes) -> bytes:
    try:
        return zlib.decompress(content)
    except zlib.error:
        return content
