"""The shared inbox over IMAP, only ever read. Alone knows imapclient."""

from __future__ import annotations

import imaplib
import logging
import re
import select
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError

from service.accounts import ImapAccount, is_loopback
from service.errors import LogInRefused, MailboxError, ServerBusy
from service.store import Position

CONNECT_SECONDS = 15
READ_SECONDS = 60
IDLE_SLICE_SECONDS = 1.0  # how soon a stop is noticed
BATCH_MESSAGES = 200
BATCH_BYTES = 8_000_000
GAP_UIDS = 1_000  # how many UIDs are asked for one by one where SEARCH finds none

# imaplib formats every literal for its log, which is slower than the network, and holds clients' mail.
logging.getLogger("imapclient.imaplib").setLevel(logging.WARNING)
_BACKOFF_ASKED = re.compile(r"Suggested Backoff Time: (\d{1,9}) milliseconds", re.I)

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

Rows = dict[int, dict[bytes, Any]]  # what FETCH gave, by UID


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A message as the server gave it."""

    position: Position
    raw: bytes
    internal_date: datetime
    partial: bool  # only the beginning: it is larger than `whole_up_to_bytes`
    size_bytes: int  # of the whole message


class Inbox:
    """
    One session with the mailbox opened read-only (RFC 9051 §6.3.3, EXAMINE).

    Every fault of the server or the line is a MailboxError. No flag is read or set. For one thread.
    """

    def __init__(self, client: IMAPClient, account: ImapAccount) -> None:
        self._client = client
        self._account = account
        self.mailbox = account.mailbox
        with self._faults("The mailbox cannot be opened"):
            self._opened = client.select_folder(account.mailbox, readonly=True)
            self._can_idle = bool(client.has_capability("IDLE"))
        self.uidvalidity = int(self._opened[b"UIDVALIDITY"])

    @classmethod
    def connect(cls, account: ImapAccount) -> Self:
        """A session, TLS verified and log-in done; MailboxError says what failed and what to do."""
        where = f"{account.host}:{account.port}"
        if account.tls == "none" and not is_loopback(account.host):
            raise MailboxError(
                f"The IMAP server {where} is another machine, and [imap] tls is none.",
                hint="Set [imap] tls to implicit or starttls; a password never crosses a network in clear.",
            )
        try:
            client = _open(account)
        except ssl.SSLCertVerificationError as error:
            raise MailboxError(
                f"The IMAP server {where} shows a certificate that we cannot trust: {error}",
                hint="Name the host as its certificate does; for a private CA set SSL_CERT_FILE.",
            ) from error
        except FAULTS as error:
            raise MailboxError(
                f"The IMAP server {where} cannot be reached: {_words(error)}",
                hint="Check [imap] host, port and tls, and that this machine may connect out.",
            ) from error
        try:
            client.login(account.username, account.password)
            return cls(client, account)
        except LoginError as error:
            _hang_up(client)
            raise LogInRefused(
                f"The IMAP server {where} refuses the log-in of {account.username}: {_words(error)}",
                hint="Check [imap] username and password; many providers want an app password.",
            ) from error
        except FAULTS as error:
            _hang_up(client)
            raise MailboxError(
                f"The IMAP server {where} broke off: {_words(error)}", hint="We ask again by ourselves."
            ) from error
        except MailboxError:
            _hang_up(client)
            raise

    def uids_after(self, uid: int) -> list[int]:
        """
        The UIDs above `uid`, ascending.

        `n:*` also gives the last message where it lies below n, so what is not above is dropped. Where
        SEARCH finds none though UIDNEXT says that there are some, each is asked for: a server that
        answers with ESEARCH unasked is taken for an empty one by the library.
        """
        with self._faults():
            found = sorted({int(one) for one in self._client.search(["UID", f"{uid + 1}:*"]) if one > uid})
            if found:
                return found
            status = self._client.folder_status(self.mailbox, ["UIDNEXT", "MESSAGES"])
            gap = range(uid + 1, min(int(status.get(b"UIDNEXT", 0)), uid + 1 + GAP_UIDS))
            if not gap or not status.get(b"MESSAGES"):
                return []
            return sorted(one for one in self._client.fetch(list(gap), ["RFC822.SIZE"]) if one > uid)

    def fetch(self, uids: Sequence[int]) -> Iterator[Fetched]:
        """
        The messages of these UIDs as they come; one that the server does not give is left out.

        A message over `whole_up_to_bytes` comes as its beginning, which holds header and text:
        attachments stand behind them.
        """
        for at in range(0, len(uids), BATCH_MESSAGES):
            with self._faults():
                sizes = self._client.fetch(
                    list(uids[at : at + BATCH_MESSAGES]), ["RFC822.SIZE", "INTERNALDATE"]
                )
            known = {
                uid: row for uid, row in sizes.items() if b"RFC822.SIZE" in row and b"INTERNALDATE" in row
            }
            large = {
                uid for uid, row in known.items() if row[b"RFC822.SIZE"] > self._account.whole_up_to_bytes
            }
            for batch in _by_bytes(known, large):
                yield from self._bodies(batch, known, partial=False)
            for uid in sorted(large):
                yield from self._bodies([uid], known, partial=True)

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """
        Wait until the server says that something came, `stop` is set, or the time is up.

        True for the first. Uses IDLE (RFC 2177) where the server has it.
        """
        if not self._can_idle:
            stop.wait(seconds)
            return False
        end = time.monotonic() + seconds
        with self._faults():
            self._client.idle()
            # Not idle_check(): it reads without waiting, so that an answer in pieces is a fault to it, and
            # an end of the line is silence. We only ask whether anything came; what it is, DONE reads.
            came = False
            while not (came or stop.is_set()) and (left := end - time.monotonic()) > 0:
                came = _is_readable(self._client.socket(), min(left, IDLE_SLICE_SECONDS))
            _, said = self._client.idle_done()
            return any(len(one) > 1 and one[1] == b"EXISTS" for one in said)

    def close(self) -> None:
        """End the session, whatever state it is in."""
        _hang_up(self._client)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _bodies(self, uids: Sequence[int], known: Rows, *, partial: bool) -> Iterator[Fetched]:
        what = f"BODY.PEEK[]<0.{self._account.whole_up_to_bytes}>" if partial else "BODY.PEEK[]"
        with self._faults():
            rows = self._client.fetch(uids, [what])
        for uid in uids:
            row = rows.get(uid, {})
            raw = row.get(b"BODY[]<0>" if partial else b"BODY[]")
            if raw is None:
                continue
            yield Fetched(
                position=Position(mailbox=self.mailbox, uidvalidity=self.uidvalidity, uid=uid),
                raw=raw,
                internal_date=known[uid][b"INTERNALDATE"],
                partial=partial,
                size_bytes=known[uid][b"RFC822.SIZE"],
            )

    @contextmanager
    def _faults(self, what: str = "The IMAP server broke off") -> Iterator[None]:
        try:
            yield
        except FAULTS as error:
            words = _words(error)
            asked = _BACKOFF_ASKED.search(words)
            raise ServerBusy(
                f"{what} ({self._account.host}, {self.mailbox}): {words}",
                hint="Nothing is lost; we ask again by ourselves. `practiq check` tries it now.",
                retry_after=timedelta(milliseconds=int(asked[1])) if asked else None,
            ) from error


def _open(account: ImapAccount) -> IMAPClient:
    context = ssl.create_default_context()
    client = IMAPClient(
        account.host,
        port=account.port,
        ssl=account.tls == "implicit",
        ssl_context=context if account.tls == "implicit" else None,
        timeout=SocketTimeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
    )
    client.normalise_times = False  # or INTERNALDATE comes in the host's zone, without saying so
    client.socket().setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if account.tls == "starttls":
        try:
            client.starttls(context)
        except BaseException:
            _hang_up(client)
            raise
    return client


def _hang_up(client: IMAPClient) -> None:
    """Log out if the server still listens; close the socket either way."""
    with suppress(OSError, imaplib.IMAP4.error, IMAPClientError):
        client.logout()
    with suppress(OSError, AttributeError):
        client.shutdown()


def _is_readable(line: socket.socket, seconds: float) -> bool:
    """Whether there is something to read, be it the end of the line, within that time."""
    if isinstance(line, ssl.SSLSocket) and line.pending():
        return True
    poll = select.poll()  # not select(): it holds no descriptor above 1,023
    poll.register(line, select.POLLIN)
    return bool(poll.poll(seconds * 1000))


def _by_bytes(known: Rows, large: set[int]) -> Iterator[list[int]]:
    """The UIDs that are not large, in batches of so many bytes."""
    batch: list[int] = []
    size = 0
    for uid in sorted(known.keys() - large):
        size += known[uid][b"RFC822.SIZE"]
        if batch and size > BATCH_BYTES:
            yield batch
            batch, size = [], known[uid][b"RFC822.SIZE"]
        batch.append(uid)
    if batch:
        yield batch


def _words(error: Exception) -> str:
    """What the server or the system said, on one line."""
    said = error.args[0] if error.args and isinstance(error.args[0], bytes) else str(error)
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:300] or type(error).__name__
