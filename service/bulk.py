"""Many rows at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Table, Update, bindparam, update
from sqlalchemy.orm import InstrumentedAttribute, Session

_MOST_VALUES = 500
_T = TypeVar("_T")
_K = TypeVar("_K")


def batched(values: Iterable[_T]) -> Iterator[list[_T]]:
    """Values in lists that fit into one IN (...): databases take some thousands, and a mail may name hundreds."""
    rest = list(values)
    for at in range(0, len(rest), _MOST_VALUES):
        yield rest[at : at + _MOST_VALUES]


def update_each(
    session: Session, key: InstrumentedAttribute[_K], values: Mapping[_K, Mapping[str, Any]]
) -> None:
    """Have each row with this key hold these values; all of them name the same columns."""
    if not values:
        return
    table = key.class_.__table__
    assert isinstance(table, Table)
    names = tuple(next(iter(values.values())))
    session.execute(
        _updating(table, key.key, names),
        [{"its_key": one, **{f"its_{name}": row[name] for name in names}} for one, row in values.items()],
    )


@lru_cache
def _updating(table: Table, key: str, names: tuple[str, ...]) -> Update:
    changed = update(table).where(table.c[key] == bindparam("its_key"))
    return changed.values({name: bindparam(f"its_{name}") for name in names})
