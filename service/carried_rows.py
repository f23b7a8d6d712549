"""
What a restored database takes over from the one in whose place it comes.

That one is attached as `present`, and both are of this version. What was sent and what was erased since
the backup cannot be undone, so it is carried over; what was read and ordered follows from the mail.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import FromClause, MetaData, Select, Table, delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from service.forget_rows import ERASED, empty_letters
from service.forgotten_rows import Kind
from service.kept_rows import KeptState
from service.models import Base, ForgottenRow, KeptRow, RawRow
from service.said_models import (
    AssignmentRow,
    CommandRow,
    DigestItemRow,
    DigestRow,
    HandoverRow,
    LearnedRow,
    LetterContentRow,
    LetterRow,
    QuietDayRow,
)

PRESENT = "present"  # the name under which the other database is attached
_ELSEWHERE = MetaData()


def _both(row: type[Base]) -> tuple[Table, FromClause]:
    """A table here, and the same one there, under another name: SQLite confuses the two otherwise."""
    here = Base.metadata.tables[row.__tablename__]
    return here, here.to_metadata(_ELSEWHERE, schema=PRESENT).alias(f"{here.name}_there")


_FORGOTTEN, _FORGOTTEN_THERE = _both(ForgottenRow)
_KEPT, _KEPT_THERE = _both(KeptRow)
_RAWS, _RAWS_THERE = _both(RawRow)
_LETTERS, _LETTERS_THERE = _both(LetterRow)
_CONTENTS, _CONTENTS_THERE = _both(LetterContentRow)
_DIGESTS, _DIGESTS_THERE = _both(DigestRow)
_QUIET, _QUIET_THERE = _both(QuietDayRow)
_ITEMS, _ITEMS_THERE = _both(DigestItemRow)
_COMMANDS, _COMMANDS_THERE = _both(CommandRow)
_TAUGHT = tuple(_both(one) for one in (LearnedRow, HandoverRow, AssignmentRow))


def carry_forgotten(session: Session) -> int:
    """
    Take over the hashes of what was erased since; give how many are new.

    Where a person or a client was forgotten, their words leave also what practiq itself wrote, by the
    rule of `practiq forget`: letters are emptied, and what was unlearned there is unlearned here.
    """
    new = _FORGOTTEN_THERE.c.hash.not_in(select(_FORGOTTEN.c.hash))
    kinds = session.execute(
        select(_FORGOTTEN_THERE.c.kind, func.count()).where(new).group_by(_FORGOTTEN_THERE.c.kind)
    )
    counts: dict[str, int] = dict(iter(kinds))
    session.execute(_copied(_FORGOTTEN, select(_FORGOTTEN_THERE).where(new)))
    if Kind.FORGOTTEN in counts:
        empty_letters(session)
        for here, there in _TAUGHT[:2]:
            value = "value" if "value" in here.c else "workspace"
            session.execute(delete(here).where(here.c[value].not_in(select(there.c[value]))))
        here, there = _TAUGHT[2]
        session.execute(delete(here).where(here.c.workspace.not_in(select(there.c.workspace))))
        words = ("clause", "outcome", "before", "after")
        same = (_COMMANDS.c.sha256 == _COMMANDS_THERE.c.sha256) & (_COMMANDS.c.line == _COMMANDS_THERE.c.line)
        emptied = {name: _COMMANDS_THERE.c[name] for name in words}
        session.execute(update(_COMMANDS).values(emptied).where(same, _COMMANDS_THERE.c.outcome == ERASED))
    return sum(counts.values())


def carry_mail(session: Session) -> int:
    """Take over the mail that was kept since, to be read; give how many there are."""
    names = ["sha256", "partial", "internal_date", "kept_at"]
    new = _KEPT_THERE.c.sha256.not_in(select(_KEPT.c.sha256))
    asked = select(*(_KEPT_THERE.c[name] for name in names), literal(KeptState.UNREAD.value)).where(new)
    count = session.scalar(select(func.count()).select_from(_KEPT_THERE).where(new)) or 0
    session.execute(insert(_KEPT).from_select([*names, "state"], asked.order_by(_KEPT_THERE.c.id)))
    raws = (
        select(_KEPT.c.id, _RAWS_THERE.c.raw)
        .join(_KEPT_THERE, _KEPT_THERE.c.id == _RAWS_THERE.c.kept)
        .join(_KEPT, _KEPT.c.sha256 == _KEPT_THERE.c.sha256)
        .where(_KEPT.c.id.not_in(select(_RAWS.c.kept)))
    )
    session.execute(insert(_RAWS).from_select(["kept", "raw"], raws))
    return count


def carry_letters(session: Session) -> int:
    """Take over what became of letters, and those that were made since, so that none goes out twice; give how many are new."""
    names = [one.name for one in _LETTERS.c if one.name != "id"]
    same = _LETTERS_THERE.c.key == _LETTERS.c.key
    became: dict[str, Any] = {name: _LETTERS_THERE.c[name] for name in names}
    session.execute(update(_LETTERS).values(became).where(same))
    new = _LETTERS_THERE.c.key.not_in(select(_LETTERS.c.key))
    count = session.scalar(select(func.count()).select_from(_LETTERS_THERE).where(new)) or 0
    made = select(*(_LETTERS_THERE.c[name] for name in names)).where(new).order_by(_LETTERS_THERE.c.id)
    session.execute(insert(_LETTERS).from_select(names, made))
    matched = select(_LETTERS.c.id).join(_LETTERS_THERE, same)
    emptied = matched.where(_LETTERS_THERE.c.id.not_in(select(_CONTENTS_THERE.c.letter)))
    session.execute(delete(_CONTENTS).where(_CONTENTS.c.letter.in_(emptied)))
    contents = (
        select(_LETTERS.c.id, _CONTENTS_THERE.c.content)
        .join(_LETTERS_THERE, same)
        .join(_CONTENTS_THERE, _CONTENTS_THERE.c.letter == _LETTERS_THERE.c.id)
        .where(_LETTERS.c.id.not_in(select(_CONTENTS.c.letter)))
    )
    session.execute(insert(_CONTENTS).from_select(["letter", "content"], contents))
    return count


def carry_digests(session: Session) -> int:
    """
    Take over which digests were made since, and what their numbers stand for; give how many there are.

    After mail and letters, on which they rest.
    """
    names = ["token", "manager", "day", "made_at"]
    made = (
        select(*(_DIGESTS_THERE.c[name] for name in names), _LETTERS.c.id)
        .join(_LETTERS_THERE, _LETTERS_THERE.c.id == _DIGESTS_THERE.c.letter)
        .join(_LETTERS, _LETTERS.c.key == _LETTERS_THERE.c.key)
    )
    new = insert(_DIGESTS).prefix_with("OR IGNORE").from_select([*names, "letter"], made)
    before = session.scalar(select(func.count()).select_from(_DIGESTS)) or 0
    session.execute(new)
    after = session.scalar(select(func.count()).select_from(_DIGESTS)) or 0
    session.execute(_copied(_QUIET, select(_QUIET_THERE)))
    kept, about = _numbers("on"), _numbers("about")
    items = (
        select(
            _ITEMS_THERE.c.token,
            _ITEMS_THERE.c.number,
            kept.c.here,
            _ITEMS_THERE.c.action,
            about.c.here,
            _ITEMS_THERE.c.told_at,
        )
        .join(kept, kept.c.there == _ITEMS_THERE.c.kept)
        .outerjoin(about, about.c.there == _ITEMS_THERE.c.about)
        .where(_ITEMS_THERE.c.token.in_(select(_DIGESTS.c.token)))
    )
    columns = ["token", "number", "kept", "action", "about", "told_at"]
    session.execute(insert(_ITEMS).prefix_with("OR IGNORE").from_select(columns, items))
    return after - before


STEPS = (  # in this order
    ("marks of what was erased", carry_forgotten),
    ("mail", carry_mail),
    ("letters", carry_letters),
    ("digests", carry_digests),
)


def _numbers(name: str) -> Any:
    """The row ids that the same mail has there and here."""
    asked = select(_KEPT_THERE.c.id.label("there"), _KEPT.c.id.label("here"))
    return asked.join(_KEPT, _KEPT.c.sha256 == _KEPT_THERE.c.sha256).subquery(name)


def _copied(table: Table, rows: Select[Any]) -> Any:
    names = [one.name for one in table.c]
    return insert(table).prefix_with("OR IGNORE").from_select(names, rows)
