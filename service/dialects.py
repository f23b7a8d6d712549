"""What SQLite and PostgreSQL say differently: each of these compiles to the words of its database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    ColumnElement,
    TableValuedAlias,
    Text,
    bindparam,
    column,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite.dml import OnConflictDoNothing, OnConflictDoUpdate
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

POSTGRESQL = "postgresql"

# SQLite's INSERT, whose ON CONFLICT is PostgreSQL's: theirs takes as long to load as half of a command.
insert = sqlite.insert


@compiles(OnConflictDoNothing, POSTGRESQL)
@compiles(OnConflictDoUpdate, POSTGRESQL)
def _on_conflict(clause: Any, compiler: Any, **said: Any) -> str:
    clause.constraint_target = None  # what PostgreSQL may name in place of columns
    return str(getattr(compiler, f"visit_{clause.__visit_name__}")(clause, **said))


class _Listed(TypeDecorator[Any]):
    """A list of values in one parameter: JSON in SQLite, an array in PostgreSQL."""

    impl = JSON
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        """Take the type of each value."""
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """As the database has it."""
        return dialect.type_descriptor(ARRAY(self.item) if dialect.name == POSTGRESQL else JSON())


class _Among(FunctionElement[bool]):
    """Whether a column holds one of a list's values."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> _Among:  # noqa: ARG002 -- SQLAlchemy calls with it
        """Itself: SQLite would otherwise be asked whether it "= 1", and not use an index."""
        return self


@compiles(_Among)
def _among(element: _Among, compiler: Any, **said: Any) -> str:
    column, values = (compiler.process(one, **said) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 -- both are compiled  # nosec B608


@compiles(_Among, POSTGRESQL)
def _among_array(element: _Among, compiler: Any, **said: Any) -> str:
    column, values = (compiler.process(one, **said) for one in element.clauses)
    return f"{column} = ANY ({values})"


def among(column: ColumnElement[Any] | InstrumentedAttribute[Any], name: str) -> ColumnElement[bool]:
    """
    Whether a column holds one of the values of a list that is bound to this name, however long.

    The statement is the same for every list, so that it can be built once and stays prepared.
    """
    item = BigInteger() if column.type.python_type is int else Text()
    return _Among(column, bindparam(name, type_=_Listed(item)))


class Records(FunctionElement[Any]):
    """A list of JSON objects in one parameter, as rows to select from: a subclass names its `members`."""

    inherit_cache = True
    members: ClassVar[Mapping[str, TypeEngine[Any]]]

    def rows(self) -> TableValuedAlias:
        """What to select from: a column for each member."""
        return self.table_valued(*(column(name, type_) for name, type_ in self.members.items()))


@compiles(Records)
def _records(element: Records, compiler: Any, **said: Any) -> str:
    (values,) = (compiler.process(one, **said) for one in element.clauses)
    columns = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in element.members)
    return f"(SELECT {columns} FROM json_each({values}))"  # noqa: S608 -- our own names  # nosec B608


@compiles(Records, POSTGRESQL)
def _record_set(element: Records, compiler: Any, **said: Any) -> str:
    (values,) = (compiler.process(one, **said) for one in element.clauses)
    typed = (
        f"{name} {compiler.dialect.type_compiler_instance.process(type_)}"
        for name, type_ in element.members.items()
    )
    return f"(SELECT * FROM json_to_recordset({values}) AS listed({', '.join(typed)}))"  # noqa: S608 -- our own names  # nosec B608


class Members(FunctionElement[Any]):
    """The members of a JSON list in a column, to join with: each as `value`."""

    inherit_cache = True


@compiles(Members)
def _members(element: Members, compiler: Any, **said: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **said)})"


@compiles(Members, POSTGRESQL)
def _elements(element: Members, compiler: Any, **said: Any) -> str:
    return f"json_array_elements({compiler.process(element.clauses, **said)})"


class ListOf(FunctionElement[list[Any]]):
    """A group's values as a list; empty or None for none."""

    type = JSON()
    inherit_cache = True


@compiles(ListOf)
def _list_of(element: ListOf, compiler: Any, **said: Any) -> str:
    (value,) = element.clauses
    words = compiler.process(value, **said)
    return f"json_group_array({f'json({words})' if isinstance(value.type, JSON) else words})"


@compiles(ListOf, POSTGRESQL)
def _list_of_any(element: ListOf, compiler: Any, **said: Any) -> str:
    return f"json_agg({compiler.process(element.clauses, **said)})"
