"""Letters out: a durable queue, and what becomes of each letter."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from datetime import datetime

from service.accounts import SmtpAccount
from service.claims import Claims, Outcome
from service.logs import Log
from service.sending_rows import Claimed, count_due, expire_letters, release_letters
from service.smtp import Fate, Session, SmtpError, connect, hang_up, send, start_over
from service.store import Store

MAX_LINES = 3  # connections at once: Microsoft 365 takes no more of one mailbox
LETTERS_A_LINE = 100  # that wait, and are worth one more
MAX_LOST = 3  # sessions that break one after the other, before the other letters wait, too

log = Log(__name__)


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
    letters = _Sending(account, Claims(store, now, stop), allowed)
    further = min(due // LETTERS_A_LINE, MAX_LINES - 1)
    ended = await asyncio.gather(
        letters.lead(), *(letters.join() for _ in range(further)), return_exceptions=True
    )
    for one in ended:  # each has settled its letter: nothing is on the wire when the first fault is raised
        if isinstance(one, BaseException):
            raise one
    return letters.sent


class _Sending:
    """Letters on their way over the lines to a server: one that leads, and those that join it."""

    def __init__(self, account: SmtpAccount, claims: Claims, allowed: Collection[str]) -> None:
        self.sent = 0
        self._account = account
        self._claims = claims
        self._allowed = allowed
        self._known_well = False
        self._accepts: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def lead(self) -> None:
        """Send over a line that is made anew when it breaks, until none is due; SmtpError as `deliver` says."""
        try:
            await self._send(None, leads=True)
        finally:
            if not self._accepts.done():
                self._accepts.set_result(False)

    async def join(self) -> None:
        """Send over one more line, once a letter was accepted, for as long as the server takes letters over it."""
        if not await self._accepts:
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
            claimed = await self._claims.next()
            while claimed:
                if claimed.letter.recipient not in self._allowed:
                    said = "not an address of the configuration"
                    claimed = await self._claims.next(Outcome(claimed=claimed, fate=Fate.REFUSED, said=said))
                    continue
                try:
                    smtp = smtp if smtp and smtp.is_connected else await connect(self._account)
                    fate, said = await send(smtp, claimed.letter)
                except SmtpError as error:
                    self._known_well = False
                    await self._claims.next(_no_session(claimed, error, all_wait=leads), wants=False)
                    if leads:
                        raise
                    return
                if fate is Fate.SENT:
                    self.sent += 1
                    if not self._accepts.done():
                        self._accepts.set_result(True)
                else:
                    await start_over(smtp)
                lost = lost + 1 if fate in (Fate.LOST, Fate.UNKNOWN) else 0
                broken = self._broken(said)
                outcome = Outcome(
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
                claimed = await self._claims.next(outcome, wants=wants)
                if outcome.all_wait:
                    raise broken
        finally:
            if smtp is not None:
                await hang_up(smtp)

    def _broken(self, said: str) -> SmtpError:
        return SmtpError(
            f"The SMTP server {self._account.host}:{self._account.port} broke off: {said}",
            hint="Look at that server where this goes on.",
        )


def _no_session(claimed: Claimed, error: SmtpError, *, all_wait: bool) -> Outcome:
    problem = _problem(error)
    return Outcome(
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
