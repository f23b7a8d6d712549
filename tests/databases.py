"""Databases as earlier versions left them."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

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
