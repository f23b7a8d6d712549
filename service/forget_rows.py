"""What was erased, and erasing it; rows in, values out."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from parsers.threads import ThreadId
from service.bulk import batched
from service.kept_rows import KeptState
from service.letter_rows import LetterState
from service.message_rows import forget_messages
from service.models import KeptRow, MessageRow, PositionRow, RawRow, ThreadRow
from service.said_models import (
    AssignmentRow,
    CommandRow,
    DigestItemRow,
    DigestRow,
    HandoverRow,
    LearnedRow,
    LetterContentRow,
    LetterRow,
    MarkRow,
)

ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A kept mail, and where it was filed."""

    kept: int
    thread: str | None
    workspace_of_thread: str | None


def raws_of(session: Session, kept: Collection[int]) -> Iterator[bytes]:
    """The raw mail of these."""
    for batch in batched(kept):
        for raw in session.scalars(select(RawRow.raw).where(RawRow.kept.in_(batch))):
            yield zlib.decompress(raw)


def erase_kept(session: Session, kept: Collection[int]) -> int:
    """
    Erase raw mail and all that hangs on it; give how many there were.

    Where they lay stays noted, so that they are not fetched again. A copy that is not erased is read anew.
    """
    count = 0
    for batch in batched(kept):
        identities = session.scalars(select(MessageRow.identity).where(MessageRow.kept.in_(batch))).all()
        for row in (MarkRow, AssignmentRow, DigestItemRow, RawRow):
            session.execute(delete(row).where(row.kept.in_(batch)))
        session.execute(update(DigestItemRow).where(DigestItemRow.about.in_(batch)).values(about=None))
        session.execute(
            update(PositionRow).where(PositionRow.kept.in_(batch)).values(kept=None, unwanted=True)
        )
        forget_messages(session, identities)
        copies = KeptRow.identity.in_(identities) & KeptRow.id.not_in(batch)
        session.execute(update(KeptRow).where(copies).values(state=KeptState.UNREAD, identity=None))
        count += session.execute(delete(KeptRow).where(KeptRow.id.in_(batch))).rowcount  # type: ignore[attr-defined]
    return count


def list_places(session: Session) -> list[Place]:
    """All kept mail, with the thread that its message is on and whose that is."""
    asked = (
        select(KeptRow.id, MessageRow.thread, ThreadRow.workspace)
        .outerjoin(MessageRow, MessageRow.identity == KeptRow.identity)
        .outerjoin(ThreadRow, ThreadRow.id == MessageRow.thread)
        .order_by(KeptRow.id)
    )
    return [
        Place(kept=kept, thread=thread, workspace_of_thread=workspace)
        for kept, thread, workspace in session.execute(asked)
    ]


def empty_letters(session: Session, *, settled_before: datetime | None = None) -> int:
    """
    Empty the letters that went out, or never will, all of them or the older ones; give how many.

    Whose they were, for which day, and what became of them stays: a digest is made once.
    """
    over = select(LetterRow.id).where(
        LetterRow.state.in_([LetterState.SENT, LetterState.FAILED, LetterState.UNKNOWN])
    )
    if settled_before is not None:
        over = over.where(LetterRow.settled_at < settled_before)
    emptied = session.execute(delete(LetterContentRow).where(LetterContentRow.letter.in_(over)))
    return int(emptied.rowcount)  # type: ignore[attr-defined]


def list_waiting_letters(session: Session) -> list[tuple[int, bytes]]:
    """The letters that are to be sent: row id and content."""
    waiting = LetterRow.state.in_([LetterState.READY, LetterState.SENDING])
    asked = select(LetterRow.id, LetterContentRow.content).join(
        LetterContentRow, LetterContentRow.letter == LetterRow.id
    )
    return [(row, content) for row, content in session.execute(asked.where(waiting))]


def withdraw_letter(session: Session, letter: int, now: datetime) -> None:
    """Have a letter not sent any more, and empty it."""
    gone = {"state": LetterState.FAILED, "settled_at": now, "fault": ERASED}
    session.execute(update(LetterRow).where(LetterRow.id == letter).values(gone))
    session.execute(delete(LetterContentRow).where(LetterContentRow.letter == letter))


def forget_items(session: Session, made_before: datetime) -> None:
    """Throw away what the numbers of old digests stood for."""
    old = select(DigestRow.token).where(DigestRow.made_at < made_before)
    session.execute(delete(DigestItemRow).where(DigestItemRow.token.in_(old)))


def list_words(session: Session) -> list[tuple[str, int, str]]:
    """What commands say: key, line, and all their words."""
    asked = select(
        CommandRow.sha256,
        CommandRow.line,
        CommandRow.clause,
        CommandRow.outcome,
        CommandRow.before,
        CommandRow.after,
    )
    return [
        (key, line, f"{clause}\n{outcome}\n{before}\n{after}")
        for key, line, clause, outcome, before, after in session.execute(asked)
    ]


def empty_command(session: Session, sha256: str, line: int) -> None:
    """Take the words of a command away; that there was one, whose and when, stays."""
    which = (CommandRow.sha256 == sha256) & (CommandRow.line == line)
    session.execute(
        update(CommandRow).where(which).values(clause=ERASED, outcome=ERASED, before=[], after=[])
    )


def unlearn(session: Session, values: Collection[str], workspace: str | None) -> int:
    """Throw away what was learned of these addresses and domains, or for a client; give how many."""
    which = or_(LearnedRow.value.in_(values), LearnedRow.workspace == (workspace or ""))
    session.execute(delete(HandoverRow).where(HandoverRow.workspace == (workspace or "")))
    session.execute(delete(AssignmentRow).where(AssignmentRow.workspace == (workspace or "")))
    return int(session.execute(delete(LearnedRow).where(which)).rowcount)  # type: ignore[attr-defined]


def last_kept_of_threads(session: Session) -> list[tuple[ThreadId, str | None, datetime]]:
    """Each thread, whose it is, and when we got the last of its mail."""
    last = func.max(KeptRow.kept_at, type_=KeptRow.kept_at.type)
    asked = (
        select(ThreadRow.id, ThreadRow.workspace, last)
        .join(MessageRow, MessageRow.thread == ThreadRow.id)
        .join(KeptRow, KeptRow.identity == MessageRow.identity)
        .group_by(ThreadRow.id)
    )
    return [(ThreadId(thread), workspace, at) for thread, workspace, at in session.execute(asked)]


def kept_of_threads(session: Session, threads: Collection[ThreadId]) -> list[int]:
    """All kept mail of these threads, copies included."""
    found: list[int] = []
    for batch in batched(threads):
        asked = select(KeptRow.id).join(MessageRow, MessageRow.identity == KeptRow.identity)
        found += session.scalars(asked.where(MessageRow.thread.in_(batch)))
    return found


def kept_before(session: Session, at: datetime, state: KeptState) -> list[int]:
    """Kept mail in a state that is on no thread, and that we got before an instant."""
    asked = (
        select(KeptRow.id)
        .outerjoin(MessageRow, MessageRow.identity == KeptRow.identity)
        .where(MessageRow.thread.is_(None), KeptRow.state == state, KeptRow.kept_at < at)
    )
    return list(session.scalars(asked))
