"""Letters out: a durable queue, and SMTP. Alone knows aiosmtplib."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from enum import StrEnum

import aiosmtplib
import structlog
from aiosmtplib.email import parse_address

from service.accounts import SmtpAccount, is_loopback
from service.errors import PractiqError
from service.letter_rows import Claimed, LetterState, claim_letter, postpone_letters, settle_letter
from service.store import Letter, Store

LEASE = timedelta(minutes=15)  # longer than all timeouts of one letter together
CONNECT_SECONDS = 15
REPLY_SECONDS = 60
DOT_SECONDS = 300  # scanners of content are slow, and impatience makes duplicates (RFC 5321 §4.5.3.2.6)
QUIT_SECONDS = 5
_START_INPUT = 354
_MAX_WORDS = 300
_FIRST_RETRY = timedelta(minutes=1)
_LAST_RETRY = timedelta(hours=1)

log = structlog.get_logger()


class SmtpError(PractiqError):
    """The SMTP server is away or refuses us; the letters stay in the outbox."""


class Fate(StrEnum):
    """What became of one try to send a letter."""

    SENT = "sent"  # accepted: the server answered 250 to the final dot
    DEFERRED = "deferred"  # not now: 4yz, or the line was lost before the letter was on it
    REFUSED = "refused"  # never: 5yz
    UNKNOWN = "unknown"  # the line was lost when the letter was on it (RFC 1047)


class _Line(aiosmtplib.SMTP):
    """A session that is over when it is closed."""

    def close(self) -> None:
        """Leave at once: TLS alone would wait for the other side's end (RFC 8446 §6.1), longer than our loop may live."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()
        super().close()


async def connect(account: SmtpAccount) -> aiosmtplib.SMTP:
    """A session with the server, TLS verified and log-in done; SmtpError says what failed."""
    where = f"The SMTP server {account.host}:{account.port}"
    if account.tls == "none" and not is_loopback(account.host):
        raise SmtpError(
            f"{where} is another machine, and [smtp] tls is none.",
            hint="Set [smtp] tls to implicit or starttls; nothing crosses a network in clear.",
        )
    smtp = _Line(
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
        else:
            await smtp.noop()  # says EHLO: a server that refuses it refuses us, not a letter
    except aiosmtplib.SMTPAuthenticationError as error:
        smtp.close()
        raise SmtpError(
            f"{where} refuses the log-in of {account.username}: {_words(error)}",
            hint="Check [smtp] username and password; many providers want an app password.",
        ) from error
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        smtp.close()
        if isinstance(error.__cause__ or error, ssl.SSLCertVerificationError):
            raise SmtpError(
                f"{where} shows a certificate that we cannot trust: {_words(error)}",
                hint="Name the host as its certificate does; for a private CA set SSL_CERT_FILE.",
            ) from error
        raise SmtpError(
            f"{where} cannot be used: {_words(error)}",
            hint="Check [smtp] host, port and tls, and that this machine may connect out.",
        ) from error
    smtp.timeout = REPLY_SECONDS
    return smtp


async def send(smtp: aiosmtplib.SMTP, letter: Letter) -> tuple[Fate, str]:
    """
    Try to send a letter, in steps, so that we know how far it came; with what the server said.

    SmtpError where the server does not take our mail, whoever it is for.
    """
    try:
        if parse_address(letter.recipient) != letter.recipient:  # else it would write to what it parses
            raise ValueError(f"{letter.recipient!r} is not one address")
        if (protocol := smtp.protocol) is None:
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        await smtp.mail(letter.reverse_path)
        await smtp.rcpt(letter.recipient)
        # Not smtp.data(): it does not tell a line lost before the 354 from one lost behind the dot.
        ready = await smtp.execute_command(b"DATA")
        if ready.code != _START_INPUT:
            raise aiosmtplib.SMTPDataError(ready.code, ready.message)
        protocol.write(_on_the_wire(letter.content))
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        fate = fate_of(error)
        if fate is Fate.REFUSED and isinstance(error, aiosmtplib.SMTPSenderRefused):
            raise SmtpError(
                f"The SMTP server takes no mail from {letter.reverse_path}: {_words(error)}",
                hint="Check [smtp] username and password, and that it may send as the address of [inbox].",
            ) from error
        return fate, _words(error)
    try:
        answer = await protocol.read_response(timeout=DOT_SECONDS)
    except (aiosmtplib.SMTPException, OSError) as error:
        smtp.close()  # an answer that comes after all must not be taken for the next letter's
        return Fate.UNKNOWN, _words(error)
    if 200 <= answer.code <= 299:
        return Fate.SENT, answer.message
    refusal = aiosmtplib.SMTPDataError(answer.code, answer.message)
    return fate_of(refusal), _words(refusal)


def fate_of(error: Exception) -> Fate:
    """What an answer or a fault before acceptance means (RFC 5321 §4.2.1): 5yz is for good, all else may pass."""
    permanent = isinstance(error, aiosmtplib.SMTPResponseException) and 500 <= error.code <= 599
    unspeakable = isinstance(error, ValueError)  # an address that no SMTP command can hold
    return Fate.REFUSED if permanent or unspeakable else Fate.DEFERRED


def _on_the_wire(content: bytes) -> bytes:
    """Content as DATA wants it: lines end in CRLF, dots at their beginning doubled, a dot at the end (§4.5.2)."""
    lines = (b"." + line if line.startswith(b".") else line for line in content.splitlines())
    return b"".join(line + b"\r\n" for line in lines) + b".\r\n"


def _words(error: Exception) -> str:
    """What the server or the system said, on one line, with nothing in it that cannot be shown or stored."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        said = f"{error.code} {error.message}"
    else:
        said = str(error.__cause__ or "") or str(error)
    shown = "".join(c if c.isprintable() else " " for c in said)
    return " ".join(shown.split())[:_MAX_WORDS] or type(error).__name__


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

    At least once: a claim is committed before the wire is touched, and a letter of unknown fate
    goes out again with the same bytes, so with the same Message-ID. A refusal hits its letter only.
    Nobody outside `allowed` is ever written to (promises.md P13). Raises SmtpError where there is
    no session to be had; all letters then wait, so that the server is asked once, not once a letter.
    """
    smtp: aiosmtplib.SMTP | None = None
    sent = 0
    try:
        while not stop() and (claimed := await asyncio.to_thread(_claim, store, now())):
            if claimed.letter.recipient not in allowed:
                fate, said = Fate.REFUSED, "not an address of the configuration"
            else:
                try:
                    smtp = smtp if smtp and smtp.is_connected else await connect(account)
                    fate, said = await send(smtp, claimed.letter)
                except SmtpError as error:
                    await asyncio.to_thread(_put_off, store, claimed, str(error), now())
                    raise
                if fate is not Fate.SENT:
                    await _start_over(smtp)
            sent += fate is Fate.SENT
            log.info("letter", fate=str(fate), message_id=claimed.letter.message_id, attempt=claimed.attempts)
            await asyncio.to_thread(_settle, store, claimed, fate, said, now())
    finally:
        if smtp is not None:
            await _hang_up(smtp)
    return sent


async def check(account: SmtpAccount) -> str:
    """Log in and out; give what to tell the person. Raises SmtpError."""
    await _hang_up(await connect(account))
    return f"SMTP {account.host}:{account.port} takes our mail"


async def _start_over(smtp: aiosmtplib.SMTP) -> None:
    """Make the session fit for the next letter, or end it."""
    try:
        await smtp.rset()
    except (aiosmtplib.SMTPException, OSError):
        smtp.close()


async def _hang_up(smtp: aiosmtplib.SMTP) -> None:
    """End the session; whatever QUIT comes to, the letters are settled (promises.md P9)."""
    with contextlib.closing(smtp), contextlib.suppress(aiosmtplib.SMTPException, OSError):
        await smtp.quit(timeout=QUIT_SECONDS)


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


def _put_off(store: Store, claimed: Claimed, said: str, now: datetime) -> None:
    """Let the letter wait that met no session, and with it all others; `said` is an error with its hint."""
    fault = said.partition("\n")[0]
    _settle(store, claimed, Fate.DEFERRED, fault, now)
    with store.transaction() as session:
        postpone_letters(session, now + _FIRST_RETRY, fault)
