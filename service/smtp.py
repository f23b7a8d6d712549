"""SMTP: a session, and one try to send a letter over it. Alone knows aiosmtplib."""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
from enum import StrEnum

import aiosmtplib

from service.accounts import SmtpAccount, hush, is_loopback, ready
from service.errors import NoToken, PractiqError
from service.store import Letter

CONNECT_SECONDS = 15
REPLY_SECONDS = 60
DOT_SECONDS = 300  # scanners of content are slow, and impatience makes duplicates (RFC 5321 §4.5.3.2.6)
QUIT_SECONDS = 5
_OK = 250
_WILL_FORWARD = 251
_START_INPUT = 354
_CLOSING = 421
_LOG_IN_WANTED = (530, 534, 535, 538)  # RFC 4954 §6
_MAX_WORDS = 300
_SPEAKABLE = re.compile(r"(?!.{255})[\w!#$%&'*+/=?^`{|}~.-]+@(?:[\w.-]+|\[[\w.:]+\])", re.ASCII)

Session = aiosmtplib.SMTP


class SmtpError(PractiqError):
    """The SMTP server is away or refuses us; the letters stay in the outbox."""


class Fate(StrEnum):
    """What became of one try to send a letter."""

    SENT = "sent"  # accepted: the server answered 250 to the final dot
    DEFERRED = "deferred"  # not now: 4yz
    LOST = "lost"  # not now: the line was lost before the letter was on it, or 421
    REFUSED = "refused"  # never: 5yz
    UNKNOWN = "unknown"  # the line was lost when the letter was on it (RFC 1047)


class _Line(aiosmtplib.SMTP):
    """A session that is over when it is closed."""

    def close(self) -> None:
        """Leave at once: TLS alone would wait for the other side's end (RFC 8446 §6.1), longer than our loop may live."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()
        super().close()


async def connect(account: SmtpAccount) -> Session:
    """A session with the server, TLS verified and log-in done; SmtpError says what failed."""
    where = f"The SMTP server {account.host}:{account.port}"
    if account.tls == "none" and not is_loopback(account.host):
        raise SmtpError(
            f"{where} is another machine, and [smtp] tls is none.",
            hint="Set [smtp] tls to implicit or starttls; nothing crosses a network in clear.",
        )
    account = await _ready(account)
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
        if account.username and account.password and account.tokens:
            await smtp.auth_xoauth2(account.username, account.password)
        elif account.username and account.password:
            await smtp.login(account.username, account.password)
        else:
            await smtp.noop()  # says EHLO: a server that refuses it refuses us, not a letter
    except aiosmtplib.SMTPAuthenticationError as error:
        smtp.close()
        raise SmtpError(
            f"{where} refuses the log-in of {account.username}: {_words(error, account)}",
            hint=account.tokens.mend("smtp", account.username or "")
            if account.tokens
            else "Check [smtp] username and password; many providers want an app password.",
        ) from error
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        smtp.close()
        if isinstance(error.__cause__ or error, ssl.SSLCertVerificationError):
            raise SmtpError(
                f"{where} shows a certificate that we cannot trust: {_words(error, account)}",
                hint="Name the host as its certificate does; for a private CA set SSL_CERT_FILE.",
            ) from error
        raise SmtpError(
            f"{where} cannot be used: {_words(error, account)}",
            hint="Check [smtp] host, port and tls, and that this machine may connect out.",
        ) from error
    smtp.timeout = REPLY_SECONDS
    return smtp


async def _ready(account: SmtpAccount) -> SmtpAccount:
    """The account with a new token, where it logs in by one; SmtpError where there is none to be had."""
    try:
        return await asyncio.to_thread(ready, account)
    except NoToken as error:
        raise SmtpError(error.problem, hint=error.hint) from error


async def send(smtp: Session, letter: Letter) -> tuple[Fate, str]:
    """
    Try to send a letter, in steps, so that we know how far it came; with what the server said.

    SmtpError where the server does not take our mail, whoever it is for.
    """
    try:
        sender, recipient = _path(letter.reverse_path), _path(letter.recipient)
        if (protocol := smtp.protocol) is None:
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        # Not smtp.mail() and smtp.rcpt(): they parse an address, at length, and write what they make of it.
        taken = await smtp.execute_command(b"MAIL", b"FROM:" + sender)
        if taken.code != _OK:
            raise aiosmtplib.SMTPSenderRefused(taken.code, taken.message, letter.reverse_path)
        taken = await smtp.execute_command(b"RCPT", b"TO:" + recipient)
        if taken.code not in (_OK, _WILL_FORWARD):
            raise aiosmtplib.SMTPRecipientRefused(taken.code, taken.message, letter.recipient)
        # Not smtp.data(): it does not tell a line lost before the 354 from one lost behind the dot.
        ready = await smtp.execute_command(b"DATA")
        if ready.code != _START_INPUT:
            raise aiosmtplib.SMTPDataError(ready.code, ready.message)
        protocol.write(_on_the_wire(letter.content))
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        fate = fate_of(error)
        if fate is Fate.REFUSED and _refuses_us(error):
            raise SmtpError(
                f"The SMTP server takes no mail from {letter.reverse_path}: {_words(error)}",
                hint="Check [smtp] username and password, and that it may send as the address of [inbox].",
            ) from error
        if fate is Fate.LOST:
            smtp.close()  # an answer that comes late must not be taken for that to another command
        return fate, _words(error)
    try:
        answer = await protocol.read_response(timeout=DOT_SECONDS)
    except (aiosmtplib.SMTPException, OSError) as error:
        smtp.close()  # an answer that comes after all must not be taken for the next letter's
        return Fate.UNKNOWN, _words(error)
    if 200 <= answer.code <= 299:
        return Fate.SENT, answer.message
    refusal = aiosmtplib.SMTPDataError(answer.code, answer.message)
    if 400 <= answer.code <= 599:
        return fate_of(refusal), _words(refusal)
    smtp.close()
    return Fate.UNKNOWN, _words(refusal)


def fate_of(error: Exception) -> Fate:
    """What an answer or a fault before acceptance means (RFC 5321 §4.2.1): 5yz is for good, all else may pass."""
    if isinstance(error, ValueError):
        return Fate.REFUSED  # an address that no SMTP command can hold
    code = error.code if isinstance(error, aiosmtplib.SMTPResponseException) else _CLOSING
    if 500 <= code <= 599:
        return Fate.REFUSED
    return Fate.DEFERRED if 400 <= code <= 499 and code != _CLOSING else Fate.LOST


def _refuses_us(error: Exception) -> bool:
    """Whether the server refuses whoever sends, and not this letter."""
    if isinstance(error, aiosmtplib.SMTPSenderRefused):
        return True
    return isinstance(error, aiosmtplib.SMTPResponseException) and error.code in _LOG_IN_WANTED


def _path(address: str) -> bytes:
    """An address as MAIL and RCPT want it (RFC 5321 §4.1.2); ValueError where it is not one, and plain."""
    if not _SPEAKABLE.fullmatch(address):
        raise ValueError(f"{address!r} is not one address")
    return f"<{address}>".encode("ascii")


def _on_the_wire(content: bytes) -> bytes:
    """Content as DATA wants it: lines end in CRLF, dots at their beginning doubled, a dot at the end (§4.5.2)."""
    lines = b"\r\n".join([b"", *content.splitlines(), b""])
    return lines.replace(b"\r\n.", b"\r\n..").removeprefix(b"\r\n") + b".\r\n"


def _words(error: Exception, account: SmtpAccount | None = None) -> str:
    """
    What the server or the system said, on one line, with nothing in it that cannot be shown or stored.

    Where it answers a log-in, `account` says whose password is taken out.
    """
    if isinstance(error, aiosmtplib.SMTPResponseException):
        said = (
            f"{error.code} {error.message}" if error.code > 0 else error.message
        )  # what is no answer has none
    else:
        said = str(error.__cause__ or "") or str(error)
    said = hush(said, account) if account else said
    shown = "".join(c if c.isprintable() else " " for c in said)
    return " ".join(shown.split())[:_MAX_WORDS] or type(error).__name__


async def check(account: SmtpAccount) -> str:
    """Log in and out; give what to tell the person. Raises SmtpError."""
    await hang_up(await connect(account))
    return f"SMTP {account.host}:{account.port} takes our mail"


async def start_over(smtp: Session) -> None:
    """Make the session fit for the next letter, or end it."""
    try:
        await smtp.rset()
    except (aiosmtplib.SMTPException, OSError):
        smtp.close()


async def hang_up(smtp: Session) -> None:
    """End the session; whatever QUIT comes to, the letters are settled (promises.md P9)."""
    with contextlib.closing(smtp), contextlib.suppress(aiosmtplib.SMTPException, OSError):
        await smtp.quit(timeout=QUIT_SECONDS)
