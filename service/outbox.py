"""Letters out: a durable queue, and what becomes of each letter."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.accounts import SmtpAccount
from service.errors import Fenced, StoreError
from service.letter_rows import (
    Claimed,
    LetterState,
    Settled,
    claim_letters,
    count_due,
    expire_letters,
    postpone_letters,
    release_letters,
    settle_letters,
)
from service.logs import Log
from service.smtp import Fate, Session, SmtpError, connect, hang_up, send, start_over
from service.store import Store
from service.trouble_rows import Place, clear_trouble, record_trouble

MAX_LINES = 3  # connections at once: Microsoft 365 takes no more of one mailbox
LETTERS_A_LINE = 100  # that wait, and are worth one more
MAX_LOST = 3  # sessions that break one after the other, before the other letters wait, too
GATHER_SECONDS = 0.005  # that a letter waits to be noted together with others
NOTE_SECONDS = 1  # between two tries to note what became of a letter
FIRST_RETRY = timedelta(minutes=1)
LAST_RETRY = timedelta(hours=1)  # of a letter that is not taken now
LAST_CALL = timedelta(minutes=5)  # of a server that is away: once it is back we know it soon

log = Log(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
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

    outcome: _Outcome | None  # None before its first letter
    wants: bool  # another letter
    claimed: Claimed | None = None


async def deliver(
    store: Store,
    account: SmtpAccount,
    now: Callable[[], datetime],
    *,
    allowed: Collection[str],
    stop: Callable[[], bool] = lambda: False,
) -> int:
    """
    Send every letter that is due, until told to stop; give how many were accepted.

    Over one connection; over several, each with one letter at a time, where hundreds are due. For whoever
    is alone at work (Store.alone): what is claimed already was so by a process that is no more. At least
    once: a claim is committed before the wire is touched, and a letter of unknown fate goes out again with
    the same bytes, so with the same Message-ID. A refusal hits its letter only. Nobody outside `allowed` is
    ever written to (promises.md P13). Raises SmtpError where there is no session to be had, or none that
    lasts; all letters then wait, so that the server is asked once, not once a letter.
    """
    due = await asyncio.to_thread(_begin, store, now())
    if not due or stop():
        return 0
    letters = _Sending(store, account, now, allowed, stop)
    further = min(due // LETTERS_A_LINE, MAX_LINES - 1)
    ended = await asyncio.gather(
        letters.lead(), *(letters.join() for _ in range(further)), return_exceptions=True
    )
    for one in ended:  # each has settled its letter: nothing is on the wire when the first fault is raised
        if isinstance(one, BaseException):
            raise one
    return letters.sent


class _Sending:
    """
    Letters on their way over one line or several; what all of them hand in meanwhile is noted in one transaction.

    That transaction claims each line's next letter, too: transactions are half of what letters cost.
    """

    def __init__(
        self,
        store: Store,
        account: SmtpAccount,
        now: Callable[[], datetime],
        allowed: Collection[str],
        stop: Callable[[], bool],
    ) -> None:
        self.sent = 0
        self._store = store
        self._account = account
        self._now = now
        self._allowed = allowed
        self._stop = stop
        self._known_well = False
        self._slips: list[_Slip] = []
        self._noting = asyncio.Lock()
        self._out = 0  # letters on the wire
        self._all_in = asyncio.Event()  # there is none
        self._well: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def lead(self) -> None:
        """Send over a line that is made anew when it breaks, until none is due; SmtpError as `deliver` says."""
        try:
            await self._send(None, leads=True)
        finally:
            if not self._well.done():
                self._well.set_result(False)

    async def join(self) -> None:
        """Send over one more line, once a letter was accepted, for as long as the server takes letters over it."""
        if not await self._well:
            return
        try:
            smtp = await connect(self._account)
        except SmtpError as error:
            log.info("no further connection", reason=_problem(error))
            return
        await self._send(smtp, leads=False)

    async def _send(self, smtp: Session | None, *, leads: bool) -> None:
        lost = 0
        try:
            claimed = await self._note(None)
            while claimed:
                if claimed.letter.recipient not in self._allowed:
                    said = "not an address of the configuration"
                    claimed = await self._note(_Outcome(claimed=claimed, fate=Fate.REFUSED, said=said))
                    continue
                try:
                    smtp = smtp if smtp and smtp.is_connected else await connect(self._account)
                    fate, said = await send(smtp, claimed.letter)
                except SmtpError as error:
                    self._known_well = False
                    await self._note(_no_session(claimed, error, all_wait=leads), wants=False)
                    if leads:
                        raise
                    return
                if fate is Fate.SENT:
                    self.sent += 1
                    if not self._well.done():
                        self._well.set_result(True)
                else:
                    await start_over(smtp)
                lost = lost + 1 if fate in (Fate.LOST, Fate.UNKNOWN) else 0
                broken = SmtpError(
                    f"The SMTP server {self._account.host}:{self._account.port} broke off: {said}",
                    hint="Look at that server where this goes on.",
                )
                outcome = _Outcome(
                    claimed=claimed,
                    fate=fate,
                    said=said,
                    trouble=f"{_problem(broken).rstrip('.')}." if lost else None,
                    well=not lost and not self._known_well,
                    all_wait=lost == MAX_LOST,
                )
                self._known_well = not lost
                # It may be one line too many for the server.
                wants = not outcome.all_wait and (leads or fate in (Fate.SENT, Fate.REFUSED))
                claimed = await self._note(outcome, wants=wants)
                if outcome.all_wait:
                    raise broken
        finally:
            if smtp is not None:
                await hang_up(smtp)

    async def _note(self, outcome: _Outcome | None, *, wants: bool = True) -> Claimed | None:
        """
        Store what became of a letter, and claim the next in the same transaction; None where none is due, or wanted.

        Whoever comes first notes what the others have handed in until then.
        """
        if outcome:
            sent = outcome.fate is Fate.SENT
            (log.info if sent else log.warning)(
                "letter",
                fate=str(outcome.fate),
                message_id=outcome.claimed.letter.message_id,
                attempt=outcome.claimed.attempts,
                said=None if sent else outcome.said,
            )
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
                    await self._write()
            except BaseException:
                slip.wants = False  # its line ends here
                raise
        return slip.claimed

    async def _write(self) -> None:
        """Does not give up: what is not stored would have to be tried again."""
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
                if self._stop() or not outcomes:
                    raise
                if not told:
                    log.warning(
                        "letters not noted", fates=[str(one.fate) for one in outcomes], reason=str(error)
                    )
                told = True
                await asyncio.sleep(NOTE_SECONDS)
                continue
            del self._slips[: len(slips)]
            self._out += len(claimed)
            if claimed:
                self._all_in.clear()
            for one, letter in zip(hungry, claimed, strict=False):
                one.claimed = letter
            return


def _no_session(claimed: Claimed, error: SmtpError, *, all_wait: bool) -> _Outcome:
    problem = _problem(error)
    return _Outcome(
        claimed=claimed, fate=Fate.LOST, said=problem, trouble=f"{problem.rstrip('.')}.", all_wait=all_wait
    )


def _problem(error: SmtpError) -> str:
    """What is wrong, without what to do."""
    return str(error).partition("\n")[0]


def _begin(store: Store, now: datetime) -> int:
    """None is on the wire any more; give how many letters are due."""
    with store.transaction() as session:
        release_letters(session, now)
        expire_letters(session, now)
        return count_due(session, now)


def _settle(store: Store, outcomes: Sequence[_Outcome], wanted: int, now: datetime) -> Sequence[Claimed]:
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


def _settled(outcome: _Outcome, now: datetime) -> Settled:
    settled = {Fate.SENT: LetterState.SENT, Fate.REFUSED: LetterState.FAILED}
    state = settled.get(outcome.fate, LetterState.READY)
    return Settled(
        letter=outcome.claimed.id,
        state=state,
        fault=None if outcome.fate is Fate.SENT else outcome.said,
        due_at=outcome.retry_at(now) if state is LetterState.READY else None,
        in_doubt=outcome.fate is Fate.UNKNOWN,
    )
