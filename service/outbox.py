"""Letters out: a durable queue, and SMTP. Alone knows aiosmtplib."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

import aiosmtplib
import structlog

from service.errors import PractiqError
from service.letter_rows import Claimed, LetterState, claim_letter, settle_letter
from service.store import Letter, Store

LEASE = timedelta(minutes=10)  # longer than all timeouts of one letter together
CONNECT_SECONDS = 15
REPLY_SECONDS = 60
_FIRST_RETRY = timedelta(minutes=1)
_LAST_RETRY = timedelta(hours=1)

log = structlog.get_logger()


class SmtpError(PractiqError):
    """The SMTP server is away or refuses us; the letters stay in the outbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpAccount:
    """How to send."""

    host: str
    port: int
    tls: str  # implicit, starttls, none
    username: str | None
    password: str | None = field(repr=False)


class Fate(StrEnum):
    """What became of one try to send a letter."""

    SENT = "sent"  # accepted: the server answered 250 to the final dot
    DEFERRED = "deferred"  # not now: 4yz, or the line was lost before the letter was on it
    REFUSED = "refused"  # never: 5yz
    UNKNOWN = "unknown"  # the line was lost when the letter was on it (RFC 1047)


async def connect(account: SmtpAccount) -> aiosmtplib.SMTP:
    """A session with the server, TLS verified and log-in done; SmtpError says what failed."""
    where = f"{account.host}:{account.port}"
    smtp = aiosmtplib.SMTP(
        hostname=account.host,
        port=account.port,
        use_tls=account.tls == "implicit",
        start_tls=account.tls == "starttls",
        tls_context=None if account.tls == "none" else ssl.create_default_context(),
        timeout=CONNECT_SECONDS,
    )
    try:
        await smtp.connect()
        if account.username and account.password:
            await smtp.login(account.username, account.password)
    except aiosmtplib.SMTPAuthenticationError as error:
        smtp.close()
        raise SmtpError(
            f"The SMTP server {where} refuses the log-in of {account.username}: {error.message}",
            hint="Check [smtp] username and password; many providers want an app password.",
        ) from error
    except (aiosmtplib.SMTPException, OSError) as error:
        smtp.close()
        raise SmtpError(
            f"The SMTP server {where} cannot be reached: {error}",
            hint="Check [smtp] host, port and tls, and that this machine may connect out.",
        ) from error
    smtp.timeout = REPLY_SECONDS
    return smtp


async def send(smtp: aiosmtplib.SMTP, letter: Letter) -> tuple[Fate, str]:
    """Try to send a letter, in steps, so that we know how far it came; with what the server said."""
    try:
        await smtp.mail(letter.reverse_path)
        await smtp.rcpt(letter.recipient)
    except (aiosmtplib.SMTPException, OSError) as error:
        return fate_of(error), str(error)
    try:
        answer = await smtp.data(letter.content)
    except aiosmtplib.SMTPDataError as error:
        return fate_of(error), str(error)
    except (aiosmtplib.SMTPException, OSError) as error:
        return Fate.UNKNOWN, str(error)
    return Fate.SENT, answer.message


def fate_of(error: Exception) -> Fate:
    """What an error before the final dot means (RFC 5321 §4.2.1): 5yz is for good, all else may pass."""
    permanent = isinstance(error, aiosmtplib.SMTPResponseException) and 500 <= error.code <= 599
    return Fate.REFUSED if permanent else Fate.DEFERRED


async def deliver(
    store: Store, account: SmtpAccount, now: Callable[[], datetime], *, allowed: Collection[str]
) -> int:
    """
    Send every letter that is due, over one connection; give how many were accepted.

    At least once: a claim is committed before the wire is touched, and a letter of unknown fate
    goes out again with the same bytes, so with the same Message-ID. A refusal hits its letter only.
    Nobody outside `allowed` is ever written to (promises.md P13). Raises SmtpError where there is
    no session to be had; the letters wait.
    """
    smtp: aiosmtplib.SMTP | None = None
    sent = 0
    try:
        while claimed := await asyncio.to_thread(_claim, store, now()):
            if claimed.letter.recipient not in allowed:
                fate, said = Fate.REFUSED, "not an address of the configuration"
            else:
                try:
                    smtp = smtp if smtp and smtp.is_connected else await connect(account)
                except SmtpError as error:
                    await asyncio.to_thread(_settle, store, claimed, Fate.DEFERRED, str(error), now())
                    raise
                fate, said = await send(smtp, claimed.letter)
                if fate is not Fate.SENT and smtp.is_connected:
                    with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                        await smtp.rset()
            sent += fate is Fate.SENT
            log.info("letter", fate=str(fate), message_id=claimed.letter.message_id, attempt=claimed.attempts)
            await asyncio.to_thread(_settle, store, claimed, fate, said, now())
    finally:
        if smtp is not None:
            # Whatever QUIT comes to, the letters are settled (promises.md P9).
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await smtp.quit()
            smtp.close()
    return sent


async def check(account: SmtpAccount) -> str:
    """Log in and out; give what to tell the person. Raises SmtpError."""
    smtp = await connect(account)
    with contextlib.suppress(aiosmtplib.SMTPException, OSError):
        await smtp.quit()
    smtp.close()
    return f"SMTP {account.host}:{account.port} takes our mail"


def _claim(store: Store, now: datetime) -> Claimed | None:
    with store.transaction() as session:
        return claim_letter(session, now, LEASE)


def _settle(store: Store, claimed: Claimed, fate: Fate, said: str, now: datetime) -> None:
    pause = min(_FIRST_RETRY * 2 ** min(claimed.attempts - 1, 10), _LAST_RETRY)
    settled = {Fate.SENT: LetterState.SENT, Fate.REFUSED: LetterState.FAILED}
    state = settled.get(fate, LetterState.READY)
    with store.transaction() as session:
        settle_letter(
            session,
            claimed,
            state,
            now=now,
            fault=None if fate is Fate.SENT else said,
            due_at=now + pause if state is LetterState.READY else None,
            in_doubt=fate is Fate.UNKNOWN,
        )
