"""A line to an IMAP server: opened, secured, bounded, and what its faults say. Alone knows imapclient."""

from __future__ import annotations

import imaplib
import logging
import re
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError, ProtocolError
from imapclient.response_parser import parse_fetch_response

from service.accounts import ImapAccount, hush, xoauth2

CONNECT_SECONDS = 15  # for each step until the mailbox is open, and for the end of IDLE
READ_SECONDS = 45  # then; with the pause behind it a line that went silent is over within 60 s of its end
GOODBYE_SECONDS = 3
_PIECE_BYTES = 100_000  # of a line that nobody reads
SPARE_BYTES = 1_000_000  # that a message may have above the size that the server says

# Its log holds clients' mail.
logging.getLogger("imapclient.imaplib").setLevel(logging.WARNING)

_BACKOFF_ASKED = re.compile(r"Suggested Backoff Time: (\d{1,9}) milliseconds", re.I)
_QUOTING = re.compile(r"unexpected (?:tagged )?response|unterminated line")  # imaplib then quotes the answer
_MAX_WORDS = 200

# What a server's fault ends in: the line's, the protocol's, and what the library raises on an answer
# that it does not expect.
FAULTS = (
    OSError,
    imaplib.IMAP4.error,
    IMAPClientError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
)
Client = IMAPClient
LogInFault = LoginError
Rows = dict[int, dict[bytes, Any]]  # what FETCH gave, by UID


def open_line(account: ImapAccount) -> IMAPClient:
    """A line to the server, TLS verified; one of FAULTS where there is none to be had."""
    context = ssl.create_default_context()
    client = IMAPClient(
        account.host,
        port=account.port,
        ssl=account.tls == "implicit",
        ssl_context=context if account.tls == "implicit" else None,
        timeout=SocketTimeout(connect=CONNECT_SECONDS, read=CONNECT_SECONDS),
    )
    _bound(client, most=account.whole_up_to_bytes * 2 + SPARE_BYTES)
    client._imap.debug = 0  # else each literal is formatted for a log, written or not, slower than it comes
    client.normalise_times = False  # or INTERNALDATE comes in the host's zone, without saying so
    client.socket().setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if account.tls == "starttls":
        try:
            client.starttls(_AfterSilence(client, context))
        except BaseException:
            hang_up(client, politely=False)
            raise
    return client


def log_in(client: IMAPClient, account: ImapAccount) -> None:
    """Log in by password, or with an account that is `ready` by its token; LogInFault, or another one of FAULTS."""
    if account.tokens is None:
        client.login(account.username, account.password)
        return
    said = iter([xoauth2(account.username, account.password)])
    # Not oauth2_login(): it answers the server's reason with the token once more, where an empty line is due.
    client.sasl_login("XOAUTH2", lambda _challenge: next(said, ""))


class _AfterSilence:
    """
    TLS that begins only on a line where nothing more was said in clear (RFC 9051 §11.1).

    What somebody on the way puts behind the answer to STARTTLS would else be taken for the server's
    words (libetpan#386). Stands in for the context that imaplib asks to wrap its socket.
    """

    def __init__(self, client: IMAPClient, context: ssl.SSLContext) -> None:
        self._client, self._context = client, context

    def wrap_socket(self, line: socket.socket, server_hostname: str) -> ssl.SSLSocket:
        """The line with TLS on it; ssl.SSLError where something was said before."""
        if has_unread(self._client):
            raise ssl.SSLError("something was said in clear behind the answer to STARTTLS")
        return self._context.wrap_socket(line, server_hostname=server_hostname)


def has_unread(client: IMAPClient) -> bool:
    """Whether the server has said something that nobody has read, be it in the library's own buffer."""
    line = client.socket()
    before = line.gettimeout()
    line.setblocking(False)
    try:
        return bool(client._imap.file.peek(1))
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    finally:
        line.settimeout(before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A FETCH that was sent."""

    tag: Any
    uids: Sequence[int]
    what: str


def ask(client: IMAPClient, uids: Sequence[int], what: str) -> Asked:
    """Send UID FETCH; its answer may be taken later, and others be sent before."""
    return Asked(
        tag=client._imap._command("UID", "FETCH", ",".join(map(str, uids)), what), uids=uids, what=what
    )


def answer_to(client: IMAPClient, asked: Asked) -> Rows:
    """What the server gave up to the end of its answer, by UID: what it gives to a command behind may be in it."""
    kind, said = client._imap._command_complete("FETCH", asked.tag)
    client._checkok("fetch", kind, said)
    _, said = client._imap._untagged_response(kind, said, "FETCH")
    return dict(parse_fetch_response(said, client.normalise_times, True))


def structure_of(client: IMAPClient, asked: Asked) -> object:
    """
    The BODYSTRUCTURE that was asked for of one message, as nested tuples; None where the server does not give it.

    What a sender made too deep or too long for the library, or the server wrote in no known way, is none
    either, and the line stays well. Where it is not, raises one of FAULTS.
    """
    try:
        return answer_to(client, asked).get(asked.uids[0], {}).get(b"BODYSTRUCTURE")
    except (RecursionError, IndexError, NameError, *FAULTS) as error:
        if isinstance(error, OSError | imaplib.IMAP4.abort):
            raise
        if (
            asked.tag in client._imap.tagged_commands
        ):  # imaplib stopped in a line of more than a million bytes
            while (piece := client._imap.file.readline(_PIECE_BYTES)) and not piece.endswith(b"\n"):
                pass
            client._imap._command_complete("FETCH", asked.tag)
            client._imap.untagged_responses.pop("FETCH", None)
        return None


def _bound(client: IMAPClient, *, most: int) -> None:
    """Take no literal of more bytes: imaplib makes room for whatever size the server says (cpython#119511)."""
    imap = client._imap
    read = imap.read

    def bounded(size: int) -> bytes:
        if size > most:
            raise imaplib.IMAP4.abort(f"it sends {size} bytes in one piece")
        return bytes(read(size))

    imap.read = bounded


def hang_up(client: IMAPClient, *, politely: bool) -> None:
    """Close the socket, having logged out first where the line is well: a dead one would keep us waiting."""
    if politely:
        with suppress(OSError, imaplib.IMAP4.error, IMAPClientError):
            client.socket().settimeout(GOODBYE_SECONDS)
            client.logout()
    with suppress(OSError, AttributeError):
        client.shutdown()


def words_of(error: Exception, account: ImapAccount) -> str:
    """
    What the server or the system said, on one line, without the password or token.

    An answer that could not be parsed is not repeated: it may hold mail (promises.md P20).
    """
    said = error.args[0] if error.args and isinstance(error.args[0], bytes) else str(error)
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    is_ours = isinstance(error, OSError | imaplib.IMAP4.error | IMAPClientError)
    if not is_ours or isinstance(error, ProtocolError) or _QUOTING.search(text):
        return "its answer is no IMAP"
    return (
        " ".join("".join(c if c.isprintable() else " " for c in hush(text, account)).split())[:_MAX_WORDS]
        or type(error).__name__
    )


def asked_pause(error: Exception) -> timedelta | None:
    """The pause that a server asked for; None where it asked for none."""
    asked = _BACKOFF_ASKED.search(str(error))
    return timedelta(milliseconds=int(asked[1])) if asked else None
