"""Bytes in: kept once, with the cursor."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from service.inbox import Fetched, Inbox
from service.kept_rows import (
    Cursor,
    find_cursor,
    list_uids,
    list_unfetchable,
    record_cursor,
    record_kept,
    record_position,
)
from service.store import Position, Store

BATCH = 50  # messages a transaction: a crash fetches at most so many again
SWEEP_EVERY = timedelta(days=1)
RETRY_UNFETCHABLE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What one pass over the inbox came to."""

    new: int  # messages that we did not hold
    missing: tuple[int, ...]  # UIDs that the server listed and did not give


def keep(session: Session, fetched: Fetched, now: datetime) -> bool:
    """Keep a message and where it lies; whether its bytes are new here."""
    kept, new = record_kept(
        session, fetched.raw, partial=fetched.partial, internal_date=fetched.internal_date, now=now
    )
    record_position(session, fetched.position, kept, now)
    return new


def keep_raw(store: Store, raws: Sequence[bytes], now: datetime) -> list[tuple[str, bool]]:
    """Keep mails that came from files, in one transaction; give the sha256 of each, and whether it is new."""
    with store.transaction() as session:
        kept = [record_kept(session, raw, partial=False, internal_date=None, now=now) for raw in raws]
    return [(hashlib.sha256(raw).hexdigest(), new) for raw, (_, new) in zip(raws, kept, strict=True)]


def take_in(store: Store, inbox: Inbox, now: datetime, *, give_up: bool) -> Taken:
    """
    Keep what came since the last pass, each batch in one transaction with the cursor.

    The cursor never passes a message that the server listed and did not give: it stays before it,
    and the caller asks again through another connection; with `give_up` it is noted as unfetchable,
    to be asked for every hour. Once a day the whole UID list is compared with what we hold, since
    UIDs can come late and UIDNEXT can go back. A changed UIDVALIDITY lists everything anew; bytes
    that we hold are then only noted at their new position.

    Raises MailboxError; what was committed by then stays.

    Source: promises.md P1 to P3.
    """
    with store.transaction() as session:
        cursor = find_cursor(session, inbox.mailbox)
        if cursor is None or cursor.uidvalidity != inbox.uidvalidity:
            cursor = Cursor(
                mailbox=inbox.mailbox,
                uidvalidity=inbox.uidvalidity,
                uid=0,
                polled_at=cursor.polled_at if cursor else None,
                swept_at=None,
            )
        held = list_uids(session, inbox.mailbox, inbox.uidvalidity)
        again = _due_again(list_unfetchable(session, before=now - RETRY_UNFETCHABLE), inbox)
    sweeping = cursor.swept_at is None or now - cursor.swept_at >= SWEEP_EVERY
    listed = inbox.uids_after(0 if sweeping else cursor.uid)
    wanted = sorted({*(uid for uid in listed if uid not in held), *again})

    new = 0
    missing: list[int] = []
    for batch in _batches(wanted):
        given = {one.position.uid: one for one in inbox.fetch(batch)}
        absent = [uid for uid in batch if uid not in given]
        missing += [uid for uid in absent if uid not in held]
        if not missing or give_up:
            cursor = replace(cursor, uid=max(cursor.uid, batch[-1]))
        with store.transaction() as session:
            new += sum(keep(session, one, now) for one in given.values())
            for uid in absent:
                if give_up or uid in held:
                    at = Position(mailbox=inbox.mailbox, uidvalidity=inbox.uidvalidity, uid=uid)
                    record_position(session, at, None, now)
            record_cursor(session, cursor)
    if not missing or give_up:
        done = replace(cursor, uid=max([cursor.uid, *listed]), polled_at=now)
        with store.transaction() as session:
            record_cursor(session, replace(done, swept_at=now) if sweeping else done)
    return Taken(new=new, missing=tuple(missing))


def _due_again(unfetchable: Iterable[Position], inbox: Inbox) -> list[int]:
    here = (inbox.mailbox, inbox.uidvalidity)
    return [one.uid for one in unfetchable if (one.mailbox, one.uidvalidity) == here]


def _batches(uids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (uids[at : at + BATCH] for at in range(0, len(uids), BATCH))
