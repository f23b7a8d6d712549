"""What is counted for the metrics, in a number of queries that never grows; rows in, values out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.dialects import Members
from service.kept_rows import KeptState, count_kept, last_polled_at, oldest_kept_at
from service.letter_rows import LetterState, count_letters
from service.models import MessageRow, PositionRow
from service.said_models import CommandRow, DigestRow, LetterRow
from service.trouble_rows import list_troubles


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much there is of what."""

    messages: dict[KeptState, int]
    unfetchable: int
    signals: dict[str, int]  # by kind
    oldest_unread_at: datetime | None
    polled_at: datetime | None
    letters: dict[LetterState, int]
    digests: dict[LetterState, int]
    commands: dict[str, int]  # clauses of replies: obeyed, not obeyed
    refused: dict[str, int]  # whole replies, by the kind of reason
    troubles: frozenset[str]  # the places where something goes wrong now


def count_all(session: Session) -> Counts:
    """All counts, as they are now."""
    signal = Members(MessageRow.signals).table_valued("value")
    kind = signal.c.value.op("->>")("kind")
    signals = session.execute(
        select(kind, func.count()).select_from(MessageRow).join(signal, kind.is_not(None)).group_by(kind)
    )
    digests = session.execute(
        select(LetterRow.state, func.count())
        .join(DigestRow, DigestRow.letter == LetterRow.id)
        .group_by(LetterRow.state)
    )
    by_state = {LetterState(state): count for state, count in digests}
    clauses = session.execute(
        select(CommandRow.obeyed, func.count()).where(CommandRow.line > 0).group_by(CommandRow.obeyed)
    )
    refused = session.execute(
        select(CommandRow.refusal, func.count())
        .where(CommandRow.refusal.is_not(None))
        .group_by(CommandRow.refusal)
    )
    not_given = PositionRow.kept.is_(None) & ~PositionRow.unwanted
    return Counts(
        messages=count_kept(session),
        unfetchable=session.scalar(select(func.count()).select_from(PositionRow).where(not_given)) or 0,
        signals={str(one): count for one, count in signals},
        oldest_unread_at=oldest_kept_at(session, KeptState.UNREAD),
        polled_at=last_polled_at(session),
        letters=count_letters(session),
        digests={state: by_state.get(state, 0) for state in LetterState},
        commands={"obeyed" if obeyed else "not obeyed": count for obeyed, count in clauses},
        refused={str(one): count for one, count in refused},
        troubles=frozenset(one.place for one in list_troubles(session)),
    )
