"""Claims on letters, and what became of them, in no more transactions than it takes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.errors import Fenced, StoreError
from service.letter_rows import LetterState
from service.logs import Log
from service.sending_rows import (
    Claimed,
    Settled,
    claim_letters,
    expire_letters,
    postpone_letters,
    settle_letters,
)
from service.smtp import Fate
from service.store import Store
from service.trouble_rows import Place, clear_trouble, record_trouble

GATHER_SECONDS = 0.005  # that a letter waits to be noted together with others
NOTE_SECONDS = 1  # between two tries to note what became of a letter
FIRST_RETRY = timedelta(minutes=1)
LAST_RETRY = timedelta(hours=1)  # of a letter that is not taken now
LAST_CALL = timedelta(minutes=5)  # of a server that is away: once it is back we know it soon

log = Log(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one try to send a letter came to."""

    claimed: Claimed
    fate: Fate
    said: str
    trouble: str | None = None  # what is wrong with the server, a sentence
    well: bool = False  # the server is, and that is news
    all_wait: bool = False  # no other letter would fare better now

    def retry_at(self, now: datetime) -> datetime:
        """When the letter is tried again, if it is."""
        longest = LAST_RETRY if self.fate is Fate.DEFERRED else LAST_CALL
        pause: timedelta = FIRST_RETRY * 2 ** min(self.claimed.attempts - 1, 10)
        return now + min(pause, longest)


@dataclass(slots=True, eq=False)
class _Slip:
    """What a line hands in to be noted, and the letter that it gets for it."""

    outcome: Outcome | None  # None before its first letter
    wants: bool  # another letter
    claimed: Claimed | None = None


class Claims:
    """
    The claims of the lines that letters go out over, one for a line at a time.

    What all of them hand in within a moment is one transaction, with the claims of their next letters:
    transactions are half of what a letter costs.
    """

    def __init__(self, store: Store, now: Callable[[], datetime], stop: Callable[[], bool]) -> None:
        self._store = store
        self._now = now
        self._stop = stop
        self._slips: list[_Slip] = []
        self._noting = asyncio.Lock()
        self._out = 0  # letters on the wire
        self._all_in = asyncio.Event()  # there is none

    async def next(self, outcome: Outcome | None = None, *, wants: bool = True) -> Claimed | None:
        """
        Store what became of a line's letter, and claim its next; None where none is due or wanted, or `stop` is set.

        Does not give up: what is not stored would have to be tried again. Whoever comes first notes
        what the others have handed in until then.
        """
        if outcome:
            _tell(outcome)
            self._out -= 1
        if not self._out:
            self._all_in.set()
        slip = _Slip(outcome, wants)
        self._slips.append(slip)
        async with self._noting:
            try:
                if slip in self._slips:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(GATHER_SECONDS):
                            await self._all_in.wait()
                    await self._note()
            except BaseException:
                slip.wants = False  # its line ends here
                raise
        return slip.claimed

    async def _note(self) -> None:
        told = False
        while True:
            slips = self._slips[:]
            outcomes = [one.outcome for one in slips if one.outcome]
            hungry = [one for one in slips if one.wants and not self._stop()]
            try:
                claimed = await asyncio.to_thread(_settle, self._store, outcomes, len(hungry), self._now())
            except Fenced:
                raise
            except StoreError as error:
                if self._stop():
                    raise
                if not told:
                    fates = [str(one.fate) for one in outcomes]
                    log.warning("letters not noted", fates=fates, reason=str(error))
                told = True
                await asyncio.sleep(NOTE_SECONDS)
                continue
            break
        del self._slips[: len(slips)]
        for one, letter in zip(hungry, claimed, strict=False):
            one.claimed = letter
        self._out += len(claimed)
        if claimed:
            self._all_in.clear()


def _tell(outcome: Outcome) -> None:
    sent = outcome.fate is Fate.SENT
    (log.info if sent else log.warning)(
        "letter",
        fate=str(outcome.fate),
        message_id=outcome.claimed.letter.message_id,
        attempt=outcome.claimed.attempts,
        said=None if sent else outcome.said,
    )


def _settle(store: Store, outcomes: Sequence[Outcome], wanted: int, now: datetime) -> Sequence[Claimed]:
    with store.transaction() as session:
        settle_letters(session, [_settled(one, now) for one in outcomes], now=now)
        for one in outcomes:
            if one.all_wait:
                postpone_letters(session, one.retry_at(now), one.said)
            if one.trouble:
                record_trouble(session, Place.SMTP, one.trouble, now=now, retry_at=one.retry_at(now))
            elif one.well:
                clear_trouble(session, Place.SMTP)
        claimed = claim_letters(session, now, wanted)
        if len(claimed) < wanted:
            expire_letters(session, now)
        return claimed


def _settled(outcome: Outcome, now: datetime) -> Settled:
    settled = {Fate.SENT: LetterState.SENT, Fate.REFUSED: LetterState.FAILED}
    state = settled.get(outcome.fate, LetterState.READY)
    return Settled(
        letter=outcome.claimed.id,
        state=state,
        fault=None if outcome.fate is Fate.SENT else outcome.said,
        due_at=outcome.retry_at(now) if state is LetterState.READY else None,
        in_doubt=outcome.fate is Fate.UNKNOWN,
    )
