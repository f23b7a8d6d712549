"""Bytes in: kept once, with the cursor."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from service.bars import MANY, bar
from service.door import Door
from service.errors import MailboxError
from service.fetching import Fetched
from service.inbox import Inbox
from service.kept_rows import (
    Cursor,
    Mail,
    find_cursor,
    record_cursor,
    record_kept,
)
from service.position_rows import (
    Lying,
    forget_unlisted,
    list_due,
    list_uids,
    record_not_given,
    record_positions,
)
from service.store import Position, Store

BATCH = 50  # mails of files a transaction
BATCH_BYTES = 4_000_000
MUCH = 300  # messages, which take some seconds to fetch
TRIES = 3  # connections through which a listed message is asked for, before it is called unfetchable
SWEEP_EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What one pass over the inbox came to."""

    new: int  # messages that we did not hold
    missing: tuple[int, ...]  # UIDs that the server listed and did not give


class Misses:
    """
    What was asked for in vain, over the connections of one process.

    A message that breaks the line does so each time, and would stop all behind it. After a line broke
    with a batch on it, that batch is asked for one by one, and whatever was in vain comes last. That a
    line broke speaks against a message only where others came over the same line: else it is the line.
    """

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}
        self._one_by_one_up_to = 0

    def pieces(self, uids: Sequence[int]) -> Iterator[Sequence[int]]:
        """These UIDs as they are to be asked for: alone, and all that are not suspected together."""
        clean = [uid for uid in uids if uid not in self._counts]
        suspect = [uid for uid in clean if uid <= self._one_by_one_up_to]
        rest = clean[len(suspect) :]
        yield from ([uid] for uid in suspect)
        yield from [rest] if rest else []
        yield from ([uid] for uid in uids if uid in self._counts)

    def suspects(self, uids: Sequence[int]) -> bool:
        """Whether the line broke with one of these on it."""
        return any(uid <= self._one_by_one_up_to or uid in self._counts for uid in uids)

    def broke(self, batch: Sequence[int], *, proved: bool) -> None:
        """The line broke with these on it; `proved`: it had given others."""
        self._one_by_one_up_to = max(self._one_by_one_up_to, batch[-1])
        if len(batch) == 1:
            before = self._counts.get(batch[0], 0)
            self._counts[batch[0]] = before + (proved or before > 0)

    def missed(self, uids: Iterable[int]) -> None:
        """These were not given in this connection, though it did not break."""
        for uid in uids:
            self._counts[uid] = self._counts.get(uid, 0) + 1

    def is_over(self, uid: int) -> bool:
        """Whether it was asked for often enough to be called unfetchable."""
        return self._counts.get(uid, 0) >= TRIES

    @property
    def may_get_further(self) -> bool:
        """Whether another connection may get further than the one that broke."""
        return self._one_by_one_up_to > 0

    def settle(self) -> None:
        """A pass was complete."""
        self._counts.clear()
        self._one_by_one_up_to = 0


def keep(session: Session, fetched: Sequence[Fetched], now: datetime, door: Door | None) -> int:
    """
    Keep messages and where they lie; give how many are new. Of one that is not wanted it is kept only where it lies.

    Without a door all are wanted.
    """
    wanted = door.admitted(session, [one.raw for one in fetched]) if door else [True] * len(fetched)
    let_in = [one for one, admitted in zip(fetched, wanted, strict=True) if admitted]
    mails = [Mail(raw=one.raw, partial=one.partial, internal_date=one.internal_date) for one in let_in]
    kept = iter(record_kept(session, mails, now))
    numbers = [next(kept) if admitted else (None, False) for admitted in wanted]
    lying = (
        Lying(position=one.position, kept=number, internal_date=one.internal_date)
        for one, (number, _) in zip(fetched, numbers, strict=True)
    )
    record_positions(session, lying, now)
    return sum(is_new for _, is_new in numbers)


def batches(mails: Iterable[Mail]) -> Iterator[list[Mail]]:
    """These mails as they are kept in one transaction each: so many, and of so many bytes."""
    batch: list[Mail] = []
    size = 0
    for mail in mails:
        if batch and (len(batch) == BATCH or size + len(mail.raw) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(mail)
        size += len(mail.raw)
    if batch:
        yield batch


def keep_raw(
    store: Store, mails: Sequence[Mail | bytes], now: datetime, door: Door | None = None
) -> list[tuple[str, bool]]:
    """
    Keep mails that came from files, in one transaction; give the sha256 of each, and whether it is new.

    Bytes are a whole mail. One that the door does not admit is not kept, and not new; without a door all are.
    """
    given = [one if isinstance(one, Mail) else Mail(raw=one) for one in mails]
    raws = [one.raw for one in given]
    with store.transaction() as session:
        wanted = door.admitted(session, raws) if door else [True] * len(raws)
        let_in = [one for one, admitted in zip(given, wanted, strict=True) if admitted]
        kept = iter(record_kept(session, let_in, now))
        return [
            (hashlib.sha256(raw).hexdigest(), admitted and next(kept)[1])
            for raw, admitted in zip(raws, wanted, strict=True)
        ]


def take_in(
    store: Store,
    inbox: Inbox,
    now: datetime,
    misses: Misses,
    door: Door | None = None,
    beside: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Taken:
    """
    Keep what came since the last pass, each batch in one transaction with the cursor.

    The cursor never passes a message that the server listed and did not give: it stays before it,
    and the caller asks again through another connection, with the same `misses`; after TRIES of
    them it is noted as unfetchable, to be asked for again: soon, later every hour.

    The whole UID list is compared with what we hold once a day, since UIDs can come late and UIDNEXT can
    go back, and whenever UIDVALIDITY is another one than last time; what lies at a UID that we know is
    then told by its internal date, since a server may number anew without saying so. Bytes that we hold
    are only noted at their new position.

    What the door does not admit is not kept; without a door all is. Where there is much to fetch, it is fetched
    inside `beside`. Raises MailboxError; what was committed by then stays.

    Source: promises.md P1 to P3.
    """
    at: dict[str, Any] = {"mailbox": inbox.mailbox, "uidvalidity": inbox.uidvalidity}
    with store.transaction() as session:
        cursor = find_cursor(session, inbox.mailbox)
        if cursor is None or cursor.uidvalidity != inbox.uidvalidity:
            polled_at = cursor.polled_at if cursor else None
            cursor = Cursor(**at, uid=0, polled_at=polled_at, swept_at=None)
        if inbox.has_gone_back(cursor.uid):
            cursor = replace(cursor, uid=0, swept_at=None)
        sweeping = cursor.swept_at is None or now - cursor.swept_at >= SWEEP_EVERY
        held = list_uids(session, **at, above=0 if sweeping else cursor.uid)
        again = list_due(session, **at, now=now)
    listed = inbox.uids_after(0 if sweeping else cursor.uid)
    known = [uid for uid in listed if held.get(uid)] if sweeping else []
    renumbered = [uid for uid, date in inbox.dates(known).items() if date != held.get(uid)]
    left = {*(uid for uid in listed if uid not in held), *renumbered}
    end = max([cursor.uid, *listed])

    waiting = deque(sorted(left))
    new = 0
    proved = False
    is_much = len(left) >= MUCH
    with beside() if is_much else nullcontext(), bar("Fetching", len(left), least=MANY) as advance:
        for uids in (*misses.pieces(list(waiting)), *([uid] for uid in again)):
            try:
                for batch in inbox.fetch(uids, plainly=misses.suspects(uids)):
                    given = {one.position.uid for one in batch.given}
                    proved = proved or bool(given)
                    absent = [uid for uid in batch.uids if uid not in given]
                    misses.missed(uid for uid in absent if uid in left)
                    unfetchable = [uid for uid in absent if uid in again or misses.is_over(uid)]
                    before = len(left)
                    left -= {*given, *unfetchable}
                    advance(before - len(left))
                    while waiting and waiting[0] not in left:
                        waiting.popleft()
                    cursor = replace(cursor, uid=max(cursor.uid, waiting[0] - 1 if waiting else end))
                    with store.transaction() as session:
                        new += keep(session, batch.given, now, door)
                        for uid in unfetchable:
                            record_not_given(session, Position(**at, uid=uid), now)
                        record_cursor(session, cursor)
            except MailboxError:
                asked = inbox.asked or uids
                misses.broke(asked, proved=proved)
                if len(asked) == 1 and (asked[0] in again or misses.is_over(asked[0])):
                    with store.transaction() as session:
                        record_not_given(session, Position(**at, uid=asked[0]), now)
                raise
    if not left:
        done = replace(cursor, uid=max(cursor.uid, end), polled_at=now)
        with store.transaction() as session:
            record_cursor(session, replace(done, swept_at=now) if sweeping else done)
            if sweeping:
                to_come = {uid for uid in held if inbox.has_gone_back(uid)}
                forget_unlisted(session, **at, listed=listed, to_come=to_come)
        misses.settle()
    return Taken(new=new, missing=tuple(sorted(left)))
