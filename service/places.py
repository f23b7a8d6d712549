"""Where a database lies: in an SQLite file, in memory, or in PostgreSQL."""

from __future__ import annotations

from collections.abc import Hashable
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine

from service.errors import ConfigError, Fault

POSTGRESQL = "postgresql+psycopg://"


class Lock(Protocol):
    """That of one process on a database, which dies with it."""

    def close(self) -> None:
        """Let the next one have it."""


class Place(Protocol):
    """A database, and what its engine wants done its own way."""

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What its engine and its driver raise."""

    @property
    def path(self) -> Path | None:
        """The file that it lies in; None where it lies in none of ours."""

    @property
    def is_shared(self) -> bool:
        """Whether another process can have it, too."""

    def engine(self, *, writes: bool) -> Engine:
        """
        One connection, made when it is first needed; one that does not write cannot.

        Errors never hold values, which are mail.
        """

    def make(self) -> None:
        """Have it there, as far as that is ours to do; StoreError where that cannot be."""

    def close_to_others(self) -> None:
        """Take its files from everybody but their owner."""

    def found(self) -> Hashable:
        """Which database bears the name now; always the same where only a server knows. StoreError where none does."""

    def lock(self, of: str = "") -> Lock | None:
        """The lock on it, or on something `of` it; None where another process has it."""

    def wrest(self) -> Lock | None:
        """The lock, taken from a process that is hung; None where a third one has it."""

    def fault_of(self, error: Exception) -> Fault | None:
        """What an error means; None where neither the place nor another program is to blame, but what was asked."""

    def compact(self, engine: Engine) -> None:
        """Rid it of what was deleted."""

    def free_bytes(self) -> int | None:
        """How much room its disk has; None where that cannot be told."""


def place_of(url: str) -> Place:
    """The place of this SQLAlchemy URL; ConfigError where it is none that practiq knows, or psycopg is not there."""
    if url.startswith("sqlite://"):
        from service.sqlite_file import SqliteFile

        return SqliteFile.of(url)
    if not url.startswith(POSTGRESQL):
        raise ConfigError(
            "That is no database that practiq knows.",
            hint="Write it like sqlite:///practiq.db or postgresql+psycopg://practiq@host/practiq.",
        )
    from service.postgres import Postgres  # which takes a while to load

    if find_spec("psycopg") is None:
        raise ConfigError(
            "PostgreSQL needs psycopg, which is not installed.",
            hint="Install it into practiq's environment: .venv/bin/pip install 'psycopg[binary]'.",
        )
    return Postgres(url)
