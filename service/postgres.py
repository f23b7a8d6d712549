"""A database in PostgreSQL; alone knows psycopg."""

from __future__ import annotations

import itertools
import os
import socket
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from service.errors import Fault, StoreError

if TYPE_CHECKING:
    import psycopg

CONNECT_SECONDS = 10
_WREST_LOOKS, _WREST_SECONDS = 50, 0.1  # how long a process that is ended may take to let go
_MOST_NAME_BYTES = 63  # of an application in PostgreSQL
_numbers = itertools.count()

# Locks for each schema of a database, since each has an agency of its own.
_KEY = "hashtextextended('practiq ' || current_schema(), 0)"
_TRY = "SELECT pg_try_advisory_lock(hashtextextended('practiq ' || current_schema() || %s, 0))"
# Whoever is hung has a connection that holds the lock and another one that works; both have its name.
_END_HOLDER = f"""
    SELECT count(pg_terminate_backend(theirs.pid))
    FROM pg_locks AS held
    JOIN pg_stat_activity AS holder ON holder.pid = held.pid
    JOIN pg_stat_activity AS theirs
      ON theirs.application_name = holder.application_name AND theirs.datid = holder.datid
    WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1
      AND held.database = holder.datid AND theirs.pid <> pg_backend_pid()
      AND ((held.classid::bigint << 32) | held.objid::bigint) = {_KEY}
"""  # noqa: S608 -- our own words  # nosec B608
_OWN_TABLES = (
    "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE schemaname = current_schema()"
)
# Libpq's keepalives: a line that is half open is found dead within half a minute.
_ALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 30_000}

# What has nothing to do with what we ask, by how its SQLSTATE begins (PostgreSQL, Appendix A).
_HINTS = {
    "40": "Another program was at the same rows; practiq goes on by itself.",
    "53": "Free what the server has too little of; practiq goes on by itself.",
    "55P03": "Another program holds it; practiq goes on by itself when that lets go.",
    "25006": "That server takes no changes, as a standby does; name the one that does.",
    "42501": "Give the user of [database] url the right to make and change tables there.",
}
_AWAY = (
    "Check that PostgreSQL runs there, that user and database are made (createuser, createdb) and the password;"
    " practiq goes on by itself when it can connect."
)
_PASSES = ("40", "55P03")


@dataclass(frozen=True, slots=True)
class Postgres:
    """
    A PostgreSQL database, or the schema of one that its URL names (`?schema=northlight`).

    The lock is an advisory one of a session of its own, which ends with its process or its line.
    """

    url: str = field(repr=False)  # may hold a password
    name: str = field(init=False)  # by which our connections are known to the server

    def __post_init__(self) -> None:
        """Give each a name of its own."""
        name = f"practiq {os.getpid()}.{next(_numbers)} {socket.gethostname()}"
        object.__setattr__(self, "name", name.encode()[:_MOST_NAME_BYTES].decode("utf-8", "ignore"))

    def __str__(self) -> str:
        """Where it is, for messages: without user and password."""
        url = self._url()
        schema = f", schema {self._schema()}" if self._schema() else ""
        return f"{url.database or ''}{schema} on {url.host or url.query.get('host') or 'this machine'}"

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What SQLAlchemy and psycopg raise."""
        import psycopg

        return DBAPIError, psycopg.Error

    @property
    def path(self) -> None:
        """The server keeps its files."""

    @property
    def is_shared(self) -> bool:
        """Whether another process can have it, too."""
        return True

    def engine(self, *, writes: bool) -> Engine:
        """
        One connection; one that only looks sees the database as it was when its transaction began.

        One that writes sees what was committed: it is the only one that does, and the lease's row keeps it so.
        """
        return create_engine(
            self._url(),
            poolclass=StaticPool,
            hide_parameters=True,
            isolation_level="READ COMMITTED" if writes else "REPEATABLE READ",
            connect_args=self._said(
                "timezone=UTC", *(() if writes else ("default_transaction_read_only=on",))
            ),
        )

    def make(self) -> None:
        """Have the schema there; whoever runs the server makes databases, in which every letter has room."""
        try:
            with self._connected() as made, made.transaction():
                encoding = made.execute("SHOW server_encoding").fetchone()
                if encoding != ("UTF8",):
                    raise StoreError(
                        f"The database {self} is of the encoding {encoding and encoding[0]}, which not all mail fits in.",
                        hint="Make it as UTF-8: createdb --template template0 --encoding UTF8 --owner practiq practiq.",
                    )
                if self._schema():
                    made.execute("SELECT pg_advisory_xact_lock(hashtextextended('practiq schema', 0))")
                    made.execute(f'CREATE SCHEMA IF NOT EXISTS "{self._schema()}"'.encode())
        except self.errors as error:
            raise self._fault(error) from error

    def close_to_others(self) -> None:
        """Nothing: the server keeps its files."""

    def found(self) -> None:
        """Only the server knows."""

    def lock(self, of: str = "") -> psycopg.Connection | None:
        """The lock, held by a session of its own; None where another process has it."""
        return self._locked(of)

    def wrest(self) -> psycopg.Connection | None:
        """End the sessions of whoever is hung, and take the lock."""
        return self._locked(before=_END_HOLDER, looks=_WREST_LOOKS)

    def fault_of(self, error: Exception) -> Fault | None:
        """What an error means, by its SQLSTATE; a line that is lost has none."""
        import psycopg

        cause = error.orig if isinstance(error, DBAPIError) else error
        if not isinstance(cause, psycopg.Error):
            return None
        state = cause.sqlstate or ""
        hint = next((hint for begin, hint in _HINTS.items() if state.startswith(begin)), None)
        if hint is None and not isinstance(cause, psycopg.OperationalError):
            return None
        words = str(cause).strip().partition("\n")[0].rstrip(".")
        found = StoreError(f"The database {self} cannot be used: {words}.", hint=hint or _AWAY)
        return Fault(error=found, passes=state.startswith(_PASSES))

    def compact(self, engine: Engine) -> None:
        """Write the tables of this schema anew, without what was deleted; other agencies' are not held up."""
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            tables = connection.exec_driver_sql(_OWN_TABLES).scalar_one()
            connection.exec_driver_sql(f"VACUUM FULL {tables}")

    def free_bytes(self) -> int | None:
        """Nobody but the server knows."""
        return None

    def _url(self) -> URL:
        return make_url(self.url).difference_update_query(["schema"])

    def _schema(self) -> str:
        return str(make_url(self.url).query.get("schema", ""))

    def _said(self, *settings: str) -> dict[str, Any]:
        """What we say to the server as we connect."""
        search = (f"search_path={self._schema()}",) if self._schema() else ()
        given = str(self._url().query.get("options", ""))
        options = " ".join([given, *(f"-c {one}" for one in (*search, *settings))])
        return {
            "application_name": self.name,
            "client_encoding": "UTF8",  # whatever the server or the environment would have it be
            "connect_timeout": CONNECT_SECONDS,
            "options": options.strip(),
            **_ALIVE,
        }

    def connection_arguments(self) -> dict[str, Any]:
        """What psycopg is to connect with."""
        said = self._url().translate_connect_args(username="user", database="dbname")
        return said | dict(self._url().query) | self._said()

    def _connected(self) -> psycopg.Connection:
        import psycopg

        return psycopg.connect(autocommit=True, **self.connection_arguments())

    def _locked(self, of: str = "", *, before: str = "", looks: int = 1) -> psycopg.Connection | None:
        """A session that has the lock, after saying something else, if need be; None where it cannot be had."""
        try:
            lock = self._connected()
            if before:
                lock.execute(before)
            for look in range(looks):
                if look:
                    time.sleep(_WREST_SECONDS)
                row = lock.execute(_TRY, (of and f" {of}",)).fetchone()
                if row and row[0]:
                    return lock
        except self.errors as error:
            raise self._fault(error) from error
        lock.close()
        return None

    def _fault(self, error: Exception) -> StoreError:
        found = self.fault_of(error)
        return (
            found.error if found else StoreError(f"The database {self} cannot be used: {error}.", hint=_AWAY)
        )
