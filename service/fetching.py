"""Messages asked for in batches, with the next one under way while one is stored."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from parsers.sections import items_of, put_together, sections_of
from service.imap_line import Asked, Client, Rows, answer_to, ask, structure_of
from service.store import Position

BATCH = 50  # messages: a crash fetches at most so many again
BATCH_BYTES = 4_000_000  # of one, beside what is under way
WINDOW = 500  # messages whose sizes are asked for in one
_SIZES = "(RFC822.SIZE INTERNALDATE)"
_WHOLE = "(BODY.PEEK[])"
_UNASKED = (b"SEQ", b"UID", b"FLAGS", b"MODSEQ")  # what a server may say of a message by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A message as the server gave it."""

    position: Position
    raw: bytes
    internal_date: datetime
    partial: bool  # not all of it: it is larger than `whole_up_to_bytes`
    size_bytes: int  # of the whole message


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What was asked for in one, and what the server gave."""

    uids: Sequence[int]
    given: Sequence[Fetched]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What a message weighs, and when it came."""

    size_bytes: int
    internal_date: datetime


class Fetching:
    """
    One run over messages: their sizes, then they themselves in batches of so many bytes.

    One command is sent ahead, so that the server works while a batch is stored. Raises the line's faults
    as they are; `asked` then names what had no answer.
    """

    def __init__(
        self,
        client: Client,
        uids: Sequence[int],
        place: Callable[[int], Position],
        *,
        whole_up_to: int,
        plainly: bool,
    ) -> None:
        self._client = client
        self._place = place
        self._whole_up_to = whole_up_to
        self._plainly = plainly
        self._windows = deque(uids[at : at + WINDOW] for at in range(0, len(uids), WINDOW))
        self._wanted: deque[list[int]] = deque()  # what is to be fetched, in one each
        self._known: dict[int, _Known] = {}
        self._under_way: deque[Asked] = deque()
        self._early: Rows = {}  # given before the answer before was complete (RFC 9051 §5.5)

    @property
    def asked(self) -> list[int]:
        """The UIDs that were asked for and not answered, ascending."""
        return sorted({uid for one in self._under_way for uid in one.uids})

    def batches(self) -> Iterator[Batch]:
        """What the server gives, batch by batch; of what it does not list any more the UIDs alone."""
        while True:
            self._send_ahead()
            if self._under_way:
                asked = self._under_way[0]
                rows = self._answer()
                if asked.what == _WHOLE:
                    yield Batch(uids=asked.uids, given=self._given(asked.uids, rows))
                elif absent := self._plan(asked.uids, rows):
                    yield Batch(uids=absent, given=())
            elif self._wanted:
                (uid,) = self._wanted.popleft()
                yield Batch(uids=(uid,), given=self._large(uid))
            else:
                return

    def _send_ahead(self) -> None:
        """Have two commands under way; one that is large is fetched with nothing else."""
        while len(self._under_way) < 2:
            if self._wanted:
                if self._known[self._wanted[0][0]].size_bytes > self._whole_up_to:
                    return
                self._ask(self._wanted.popleft(), _WHOLE)
            elif self._windows:
                self._ask(self._windows.popleft(), _SIZES)
            else:
                return

    def _ask(self, uids: Sequence[int], what: str) -> Asked:
        self._under_way.append(ask(self._client, uids, what))
        return self._under_way[-1]

    def _answer(self) -> Rows:
        """What was given to the oldest command that is under way."""
        rows = self._early | answer_to(self._client, self._under_way[0])
        asked = self._under_way.popleft()
        awaited = set(self.asked)
        self._early = {uid: row for uid, row in rows.items() if uid in awaited}
        return {uid: rows[uid] for uid in asked.uids if uid in rows}

    def _plan(self, uids: Sequence[int], rows: Rows) -> list[int]:
        """Put what has a size into batches; give those that have none."""
        batch: list[int] = []
        left = 0
        for uid, row in rows.items():
            size, date = row.get(b"RFC822.SIZE"), row.get(b"INTERNALDATE")
            if not isinstance(size, int) or not isinstance(date, datetime):
                continue
            self._known[uid] = _Known(size_bytes=size, internal_date=date)
            if size > self._whole_up_to:
                self._wanted.append([uid])
                continue
            left -= size
            if not batch or left < 0 or len(batch) == BATCH:
                batch, left = [], BATCH_BYTES - size
                self._wanted.append(batch)
            batch.append(uid)
        return [uid for uid in uids if uid not in self._known]

    def _given(self, uids: Sequence[int], rows: Rows) -> list[Fetched]:
        raws = {uid: row[b"BODY[]"] for uid, row in rows.items() if _is_all(row, b"BODY[]")}
        return [self._fetched(uid, raws[uid], partial=False) for uid in uids if uid in raws]

    def _large(self, uid: int) -> list[Fetched]:
        """A message without the contents of its attachments; by its beginning where its parts cannot be had."""
        raw = None if self._plainly else self._in_parts(uid)
        if raw is None:
            self._ask([uid], f"(BODY.PEEK[]<0.{self._whole_up_to}>)")
            row = self._answer().get(uid, {})
            raw = row[b"BODY[]<0>"][: self._whole_up_to] if _is_all(row, b"BODY[]<0>") else None
        return [] if raw is None else [self._fetched(uid, raw, partial=True)]

    def _in_parts(self, uid: int) -> bytes | None:
        told = structure_of(self._client, self._ask([uid], "(BODYSTRUCTURE)"))
        self._under_way.popleft()
        root = sections_of(told)
        if root is None or not root.is_worth_it:
            return None
        items = items_of(root, self._whole_up_to)
        self._ask([uid], f"({' '.join(f'BODY.PEEK[{name}]<0.{size}>' for name, size in items.items())})")
        row = self._answer().get(uid, {})
        names = {name: f"BODY[{name}]<0>".encode() for name in items}
        if not _is_all(row, *names.values()):
            return None
        given = {name: row[key] for name, key in names.items()}
        return put_together(root, items, given, size_bytes=self._known[uid].size_bytes)

    def _fetched(self, uid: int, raw: bytes, *, partial: bool) -> Fetched:
        known = self._known.pop(uid)
        return Fetched(
            position=self._place(uid),
            raw=raw,
            internal_date=known.internal_date,
            partial=partial,
            size_bytes=known.size_bytes,
        )


def _is_all(row: Mapping[bytes, object], *named: bytes) -> bool:
    """
    Whether a row holds these and nothing else.

    A word that nobody asked for is a piece of the message: its literal was said to be shorter.
    """
    return row.keys() <= {*named, *_UNASKED} and all(isinstance(row.get(one), bytes) for one in named)
