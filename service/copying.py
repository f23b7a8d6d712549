"""The rows of a database copied to another one, whatever the engine of either."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Integer, LargeBinary, Table, delete, func, select, text
from sqlalchemy.orm import Session
from sqlalchemy.schema import AddConstraint, DropConstraint

from service import said_models  # noqa: F401 -- with its tables
from service.bars import bar
from service.copies import make_single, writing
from service.errors import StoreError
from service.migrations import is_current
from service.models import Base, LeaseRow
from service.places import Place
from service.store import Store

_MOST_ROWS, _MOST_RAWS = 100, 10  # at a time: a mail's bytes may be some megabytes
_ITS_OWN = frozenset({LeaseRow.__tablename__})  # who works on a database is that database's


def copy_database(source: Store, target: Store) -> int:
    """
    Copy all rows to an empty database, in one transaction of that one; give how many.

    StoreError where there is something in the target already, or where another practiq is at work on either.
    """
    with source.alone(), target.alone(), source.transaction() as here, target.transaction() as there:
        if any(_counts(there).values()):
            raise StoreError(
                f"The database {target.place} is not empty.",
                hint="Name an empty one: nothing was changed.",
            )
        return _copy_rows(here, there, "Copying")


def copy_out(place: Place, file: Path) -> None:
    """Have an empty file hold the database as it is in one moment, whoever is at work on it meanwhile."""
    with closing(Store(place, writes=False)) as store, store.transaction() as here, writing(file) as there:
        if not is_current(here.connection()):
            raise StoreError(
                f"There is no database of this version in {place}.",
                hint="Check [database]; `practiq db upgrade` brings an older one to this version.",
            )
        _copy_rows(here, there, "Copying")
    make_single(file)


@contextmanager
def copied_in(file: Path, place: Place) -> Iterator[Session]:
    """
    PostgreSQL's transaction in which the database holds what the file holds, and nothing else, once it ends well.

    For who is alone at work. Whoever looks meanwhile waits for its end.
    """
    links = [one for table in _tables() for one in table.foreign_key_constraints]
    with closing(Store(place, writes=True)) as store, store.transaction() as there, writing(file) as here:
        # Without them: for each row that goes, PostgreSQL would look through all that are gone already.
        for one in links:
            there.execute(DropConstraint(one))
        for table in _tables():
            # No TRUNCATE: who began to look before us would then see nothing.
            there.execute(delete(table))
        _copy_rows(here, there, "Restoring")
        for one in links:
            there.execute(AddConstraint(one, isolate_from_table=False))
        yield there


def _copy_rows(here: Session, there: Session, words: str) -> int:
    """Copy all rows to where none are, behind a bar with these words; give how many."""
    held = _counts(here)
    with bar(words, sum(held.values()), unit="rows") as advance:
        for table in _tables():
            for rows in _batches(here, table):
                there.execute(table.insert(), rows)
                advance(len(rows))
            _go_on_counting(there, table)
    if _counts(there) != held:
        raise StoreError("Not every row was copied.", hint="Nothing was changed; please report it.")
    return sum(held.values())


def _tables() -> list[Table]:
    """Each after those that it refers to."""
    return [one for one in Base.metadata.sorted_tables if one.name not in _ITS_OWN]


def _counts(session: Session) -> dict[str, int]:
    return {one.name: session.scalar(select(func.count()).select_from(one)) or 0 for one in _tables()}


def _batches(session: Session, table: Table) -> Iterator[list[dict[str, Any]]]:
    most = _MOST_RAWS if any(isinstance(one.type, LargeBinary) for one in table.c) else _MOST_ROWS
    asked = select(table).execution_options(yield_per=most)
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
        # Never back: the numbers, unlike the rows, do not come back where the transaction fails.
        further = f"greatest(:last, pg_sequence_last_value({sequence}))"
        session.execute(text(f"SELECT setval({sequence}, {further})"), {"last": last})
