"""A person says whose a thread is: it moves, practiq learns from it, and earlier mail is filed again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from parsers.address import Address
from parsers.domains import is_free_mail, registrable
from parsers.lessons import Lessons, lessons_of
from parsers.workspaces import Side, Workspace, side_of
from service.filing import knowing
from service.ledgers import renew_ledgers
from service.message_rows import list_messages
from service.office import Office
from service.reading import Move, settle
from service.records import Record
from service.teaching_rows import (
    find_last_order,
    record_assignment,
    record_learned,
    undo_order,
)
from service.thread_rows import Thread, clients_using, find_thread_of, list_with_addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """What came of a correction."""

    lessons: Lessons
    moves: tuple[Move, ...]  # the thread itself, and every other one whose client is another now


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What was taken back."""

    made_at: datetime  # when it was ordered
    forgotten: tuple[str, ...]  # addresses and domains that were learned from it
    marked: frozenset[str]  # messages (by identity) whose thread was snoozed, closed, woken or given
    moves: tuple[Move, ...]


def assign(session: Session, thread: Thread, workspace: Workspace, *, order: int, office: Office) -> Assigned:
    """
    Put a thread into a workspace because a person says so, learn from that, and file earlier mail again.

    The person's word outlives every reading of the thread's mail, and later messages follow it.
    """
    records = list_messages(session, thread.id)
    people = _speakers(records, office)
    used_by = clients_using(session, people, besides=thread.id)
    lessons = lessons_of(people, workspace.name, office.workspaces, used_by=used_by)
    record_assignment(session, order, [one.identity for one in records], workspace.name)
    record_learned(session, order, workspace.name, lessons.learned)
    session.flush()
    values = [value for _, value in lessons.learned]
    touched = {one.identity for one in records} | list_with_addresses(session, values)
    moves = settle(session, touched, knowing(session, office))
    return Assigned(lessons=lessons, moves=tuple(moves))


def undo(session: Session, by: str, *, office: Office, now: datetime) -> Undone | None:
    """Take back what this person ordered last, with all that followed from it; None where there is nothing."""
    order = find_last_order(session, by)
    if order is None:
        return None
    undo_order(session, order.id, now)
    session.flush()
    touched = order.messages | list_with_addresses(session, order.learned)
    moves = settle(session, touched, knowing(session, office)) if touched else []
    threads = [thread.id for one in order.marked if (thread := find_thread_of(session, one))]
    renew_ledgers(session, threads, office)
    return Undone(made_at=order.made_at, forgotten=order.learned, marked=order.marked, moves=tuple(moves))


def _speakers(records: Sequence[Record], office: Office) -> list[Address]:
    """
    Who speaks for the client on a thread: who wrote first from outside, and their colleagues; where nobody
    did, the one person whom we wrote to. A printer who joined in later is not the client.
    """
    people = [one for one in records if not one.automation]
    authors = _outside((one for record in people for one in record.authors), office)
    if not authors:
        written_to = _outside((one for record in people for one in (*record.to, *record.cc)), office)
        return written_to if len(written_to) == 1 else []
    first = authors[0]
    company = None if is_free_mail(first.domain) else registrable(first.domain)
    return [one for one in authors if one is first or registrable(one.domain) == company]


def _outside(people: Iterable[Address], office: Office) -> list[Address]:
    return list({one.spec: one for one in people if side_of(one, office.agency) is Side.CLIENT}.values())
