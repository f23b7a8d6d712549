"""A database copied to another engine: everything in it, once, and nobody at work meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Integer, Table, func, select, text
from sqlalchemy.orm import Session

from service import said_models  # noqa: F401 -- with its tables
from service.errors import StoreError
from service.models import Base, LeaseRow
from service.store import Store

_MOST_ROWS = 100  # at a time: a mail's bytes may be some megabytes
_ITS_OWN = frozenset({LeaseRow.__tablename__})  # who works on a database is that database's


def count_rows(store: Store) -> int:
    """How many rows a copy has to bring over."""
    with store.transaction() as session:
        return sum(_counts(session).values())


def copy_database(source: Store, target: Store, each: Callable[[int], object]) -> int:
    """
    Copy all rows to an empty database, in one transaction of that one; give how many.

    `each` is told how many came over since. StoreError where there is something in the target already, or
    where another practiq is at work on either.
    """
    with source.alone(), target.alone(), source.transaction() as here, target.transaction() as there:
        if any(_counts(there).values()):
            raise StoreError(
                f"The database {target.place} is not empty.",
                hint="Name an empty one: nothing was changed.",
            )
        for table in _tables():
            for rows in _batches(here, table):
                there.execute(table.insert(), rows)
                each(len(rows))
            _go_on_counting(there, table)
        copied = _counts(there)
        if copied != _counts(here):
            raise StoreError(
                f"Not every row came to {target.place}.", hint="Nothing was kept there; please report it."
            )
        return sum(copied.values())


def _tables() -> list[Table]:
    """Each after those that it refers to."""
    return [one for one in Base.metadata.sorted_tables if one.name not in _ITS_OWN]


def _counts(session: Session) -> dict[str, int]:
    return {one.name: session.scalar(select(func.count()).select_from(one)) or 0 for one in _tables()}


def _batches(session: Session, table: Table) -> Iterator[list[dict[str, Any]]]:
    asked = select(table).execution_options(yield_per=_MOST_ROWS)
    for rows in session.execute(asked).mappings().partitions():
        yield [dict(row) for row in rows]


def _go_on_counting(session: Session, table: Table) -> None:
    """Let the numbers that the database gives begin behind those that came over: SQLite does so by itself."""
    column: Any = table.autoincrement_column
    if column is None or not isinstance(column.type, Integer) or session.get_bind().dialect.name == "sqlite":
        return
    last = session.scalar(select(func.max(column)))
    sequence = f"pg_get_serial_sequence('{table.name}', '{column.name}')"
    if last is not None:
        session.execute(text(f"SELECT setval({sequence}, :last)"), {"last": last})
