"""Letters out: a durable queue, and what becomes of each letter."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.accounts import SmtpAccount
from service.errors import Fenced, StoreError
from service.letter_rows import (
    Claimed,
    LetterState,
    claim_letter,
    postpone_letters,
    release_letters,
    settle_letter,
)
from service.logs import Log
from service.smtp import Fate, Session, SmtpError, connect, hang_up, send, start_over
from service.store import Store
from service.trouble_rows import Place, clear_trouble, record_trouble

MAX_LOST = 3  # sessions that break one after the other, before the other letters wait, too
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
    asked: bool = True  # the server, that is: what we refuse ourselves says nothing of it
    trouble: str | None = None  # what is wrong with the server, a sentence
    all_wait: bool = False  # no other letter would fare better now


async def deliver(
    store: Store,
    account: SmtpAccount,
    now: Callable[[], datetime],
    *,
    allowed: Collection[str],
    stop: Callable[[], bool] = lambda: False,
) -> int:
    """
    Send every letter that is due, over one connection, until told to stop; give how many were accepted.

    For whoever is alone at work (Store.alone): what is claimed already was so by a process that is no
    more. At least once: a claim is committed before the wire is touched, and a letter of unknown fate
    goes out again with the same bytes, so with the same Message-ID. A refusal hits its letter only.
    Nobody outside `allowed` is ever written to (promises.md P13). Raises SmtpError where there is no
    session to be had, or none that lasts; all letters then wait, so that the server is asked once,
    not once a letter.
    """
    smtp: Session | None = None
    sent = lost = 0
    claimed = await asyncio.to_thread(_begin, store, now(), stop)
    try:
        while claimed:
            if claimed.letter.recipient not in allowed:
                said = "not an address of the configuration"
                ours = _Outcome(claimed=claimed, fate=Fate.REFUSED, said=said, asked=False)
                claimed = await _note(store, ours, now, stop)
                continue
            try:
                smtp = smtp if smtp and smtp.is_connected else await connect(account)
                fate, said = await send(smtp, claimed.letter)
            except SmtpError as error:
                await _note(store, _no_session(claimed, error), now, stop)
                raise
            if fate is not Fate.SENT:
                await start_over(smtp)
            sent += fate is Fate.SENT
            lost = lost + 1 if fate in (Fate.LOST, Fate.UNKNOWN) else 0
            broken = SmtpError(
                f"The SMTP server {account.host}:{account.port} broke off: {said}",
                hint="Look at that server where this goes on.",
            )
            outcome = _Outcome(
                claimed=claimed,
                fate=fate,
                said=said,
                trouble=f"{_problem(broken).rstrip('.')}." if lost else None,
                all_wait=lost == MAX_LOST,
            )
            claimed = await _note(store, outcome, now, stop)
            if outcome.all_wait:
                raise broken
    finally:
        if smtp is not None:
            await hang_up(smtp)
    return sent


def _no_session(claimed: Claimed, error: SmtpError) -> _Outcome:
    problem = _problem(error)
    return _Outcome(
        claimed=claimed, fate=Fate.LOST, said=problem, trouble=f"{problem.rstrip('.')}.", all_wait=True
    )


def _problem(error: SmtpError) -> str:
    """What is wrong, without what to do."""
    return str(error).partition("\n")[0]


def _begin(store: Store, now: datetime, stop: Callable[[], bool]) -> Claimed | None:
    """Claim the first letter; none is on the wire any more."""
    with store.transaction() as session:
        release_letters(session, now)
        return None if stop() else claim_letter(session, now)


async def _note(
    store: Store, outcome: _Outcome, now: Callable[[], datetime], stop: Callable[[], bool]
) -> Claimed | None:
    """
    Store what became of a letter, and claim the next in the same transaction, which is half of what they cost.

    Does not give up: what is not stored would have to be tried again. None where no letter is due, all have
    to wait, or `stop` is set.
    """
    sent = outcome.fate is Fate.SENT
    (log.info if sent else log.warning)(
        "letter",
        fate=str(outcome.fate),
        message_id=outcome.claimed.letter.message_id,
        attempt=outcome.claimed.attempts,
        said=None if sent else outcome.said,
    )
    told = False
    while True:
        try:
            return await asyncio.to_thread(_settle, store, outcome, now(), stop)
        except Fenced:
            raise
        except StoreError as error:
            if stop():
                raise
            if not told:
                log.warning("letter not noted", fate=str(outcome.fate), reason=str(error))
            told = True
        await asyncio.sleep(NOTE_SECONDS)


def _settle(store: Store, outcome: _Outcome, now: datetime, stop: Callable[[], bool]) -> Claimed | None:
    claimed, fate, said = outcome.claimed, outcome.fate, outcome.said
    last = LAST_RETRY if fate is Fate.DEFERRED else LAST_CALL
    retry_at = now + min(FIRST_RETRY * 2 ** min(claimed.attempts - 1, 10), last)
    settled = {Fate.SENT: LetterState.SENT, Fate.REFUSED: LetterState.FAILED}
    state = settled.get(fate, LetterState.READY)
    with store.transaction() as session:
        settle_letter(
            session,
            claimed,
            state,
            now=now,
            fault=None if fate is Fate.SENT else said,
            due_at=retry_at if state is LetterState.READY else None,
            in_doubt=fate is Fate.UNKNOWN,
        )
        if outcome.all_wait:
            postpone_letters(session, retry_at, said)
        if outcome.trouble:
            record_trouble(session, Place.SMTP, outcome.trouble, now=now, retry_at=retry_at)
        elif outcome.asked:
            clear_trouble(session, Place.SMTP)
        return None if outcome.all_wait or stop() else claim_letter(session, now)
