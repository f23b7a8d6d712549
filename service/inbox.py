"""The shared inbox over IMAP, only ever read."""

from __future__ import annotations

import imaplib
import re
import select
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import Self

from service.accounts import ImapAccount, is_loopback, ready
from service.errors import LogInRefused, MailboxError, NoToken, ServerBusy
from service.fetching import Batch, Fetching
from service.imap_line import (
    CONNECT_SECONDS,
    FAULTS,
    READ_SECONDS,
    Client,
    LogInFault,
    asked_pause,
    hang_up,
    has_unread,
    log_in,
    open_line,
    words_of,
)
from service.store import Position

IDLE_SLICE_SECONDS = 1.0  # how soon a stop is noticed
DATED_UIDS = 200  # in one command
GAP_UIDS = 1_000  # how many UIDs are asked for one by one where SEARCH finds none
LISTED_UIDS = 50_000  # in one answer: imaplib takes no line of more than a million bytes

_BUSY = re.compile(r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\]|too many|maximum number", re.I)  # RFC 5530 §3

_NOT_CONNECTED = "authenticated but not connected"  # so Exchange takes a token, and then not its mailbox


class Inbox:
    """
    One session with the mailbox opened read-only (RFC 9051 §6.3.3, EXAMINE).

    Every fault of the server or the line is a MailboxError. No flag is read or set. For one thread.
    """

    def __init__(self, client: Client, account: ImapAccount) -> None:
        self._client = client
        self._account = account
        self._is_broken = False
        self._fetching: Fetching | None = None
        self.mailbox = account.mailbox
        with self._faults("The mailbox cannot be opened"):
            opened = client.select_folder(account.mailbox, readonly=True)
            self._can_idle = bool(client.has_capability("IDLE"))
            self.uidvalidity = int(opened[b"UIDVALIDITY"])
            self._uidnext = int(opened.get(b"UIDNEXT", 0))  # 0: the server did not say
            self._exists = int(opened.get(b"EXISTS", 0))

    @classmethod
    def connect(cls, account: ImapAccount) -> Self:
        """A session, TLS verified and log-in done; MailboxError says what failed and what to do."""
        where = f"{account.host}:{account.port}"
        if account.tls == "none" and not is_loopback(account.host):
            raise MailboxError(
                f"The IMAP server {where} is another machine, and [imap] tls is none.",
                hint="Set [imap] tls to implicit or starttls; a password never crosses a network in clear.",
            )
        account = _ready(account)
        try:
            client = open_line(account)
        except ssl.SSLCertVerificationError as error:
            raise MailboxError(
                f"The IMAP server {where} shows a certificate that we cannot trust: {error}",
                hint="Name the host as its certificate does; for a private CA set SSL_CERT_FILE.",
            ) from error
        except FAULTS as error:
            raise ServerBusy(
                f"The IMAP server {where} cannot be reached: {words_of(error, account)}",
                hint="Check [imap] host, port and tls, and that this machine may connect out.",
                retry_after=asked_pause(error),
            ) from error
        try:
            log_in(client, account)
            inbox = cls(client, account)
            client.socket().settimeout(READ_SECONDS)
            return inbox
        except LogInFault as error:
            hang_up(client, politely=False)
            raise _refused(error, account) from error
        except FAULTS as error:
            hang_up(client, politely=False)
            raise ServerBusy(
                f"The IMAP server {where} broke off: {words_of(error, account)}",
                hint="We ask again by ourselves.",
                retry_after=asked_pause(error),
            ) from error
        except MailboxError as error:
            hang_up(client, politely=False)
            if account.tokens and _NOT_CONNECTED in str(error):
                raise LogInRefused(
                    f"The IMAP server {where} takes the log-in, but does not open the mailbox of {account.username}.",
                    hint=account.tokens.mend("imap", account.username),
                ) from error
            raise

    def uids_after(self, uid: int) -> list[int]:
        """
        The UIDs above `uid`, ascending.

        `n:*` also gives the last message where it lies below n, so what is not above is dropped. Where
        SEARCH finds none though UIDNEXT says that there are some, each is asked for: a server that
        answers with ESEARCH unasked is taken for an empty one by the library.
        """
        with self._faults():
            found = set[int]()
            # In pieces by number, since UIDs may have gaps of any size.
            pieces = max(min(self._exists, self._uidnext - uid) - 1, 0) // LISTED_UIDS
            for piece in range(pieces):
                numbers = f"{piece * LISTED_UIDS + 1}:{(piece + 1) * LISTED_UIDS}"
                found |= self._listed(numbers, "UID", f"{uid + 1}:*")
            last = [f"{pieces * LISTED_UIDS + 1}:*"] if pieces else []
            found |= self._listed(*last, "UID", f"{uid + 1}:*")
            if above := sorted(one for one in found if one > uid):
                self._uidnext = max(self._uidnext, above[-1] + 1)
                return above
            status = self._client.folder_status(self.mailbox, ["UIDNEXT", "MESSAGES"])
            gap = range(uid + 1, min(int(status.get(b"UIDNEXT", 0)), uid + 1 + GAP_UIDS))
            if not gap or not status.get(b"MESSAGES"):
                return []
            return sorted(one for one in self._client.fetch(list(gap), ["RFC822.SIZE"]) if one > uid)

    def has_gone_back(self, uid: int) -> bool:
        """Whether the server will give a UID again that we have seen: it numbers anew, and does not say so."""
        return 0 < self._uidnext <= uid

    def dates(self, uids: Sequence[int]) -> dict[int, datetime]:
        """INTERNALDATE of these messages: cheap to ask, and another one where a UID names another message."""
        found: dict[int, datetime] = {}
        for at in range(0, len(uids), DATED_UIDS):
            with self._faults():
                rows = self._client.fetch(list(uids[at : at + DATED_UIDS]), ["INTERNALDATE"])
            found |= {uid: row[b"INTERNALDATE"] for uid, row in rows.items() if row.get(b"INTERNALDATE")}
        return found

    def headers(self, uids: Sequence[int]) -> list[bytes]:
        """The headers of these messages, as they are."""
        with self._faults():
            rows = self._client.fetch(list(uids), ["BODY.PEEK[HEADER]"])
        return [header for row in rows.values() if (header := row.get(b"BODY[HEADER]"))]

    def fetch(self, uids: Sequence[int], *, plainly: bool = False) -> Iterator[Batch]:
        """
        The messages of these UIDs in batches, the next one under way; one that the server does not give is left out.

        Of a message over `whole_up_to_bytes` come its header, its words and what its attachments are called
        (fetching.py); `plainly`, or where the server cannot tell its parts, its beginning.
        """
        self._fetching = Fetching(
            self._client,
            uids,
            lambda uid: Position(mailbox=self.mailbox, uidvalidity=self.uidvalidity, uid=uid),
            whole_up_to=self._account.whole_up_to_bytes,
            plainly=plainly,
        )
        batches = self._fetching.batches()
        while True:
            with self._faults():
                batch = next(batches, None)
            if batch is None:
                return
            yield batch

    @property
    def asked(self) -> list[int]:
        """The UIDs that were asked for last and not answered, ascending: one of them may have broken the line."""
        return self._fetching.asked if self._fetching else []

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
            came = has_unread(self._client)  # what came with the answer to IDLE, in one piece
            while not (came or stop.is_set()) and (left := end - time.monotonic()) > 0:
                came = _is_readable(self._client.socket(), min(left, IDLE_SLICE_SECONDS))
            self._client.socket().settimeout(CONNECT_SECONDS)
            _, said = self._client.idle_done()
            self._client.socket().settimeout(READ_SECONDS)
            return any(len(one) > 1 and one[1] == b"EXISTS" for one in said)

    def close(self) -> None:
        """End the session, whatever state it is in."""
        hang_up(self._client, politely=not (self._is_broken or self.asked))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _listed(self, *criteria: str) -> set[int]:
        return {int(one) for one in self._client.search(list(criteria))}

    @contextmanager
    def _faults(self, what: str = "The IMAP server broke off") -> Iterator[None]:
        try:
            yield
        except FAULTS as error:
            self._is_broken = True
            raise ServerBusy(
                f"{what} ({self._account.host}, {self.mailbox}): {words_of(error, self._account)}",
                hint="Nothing is lost; we ask again by ourselves. `practiq check` tries it now.",
                retry_after=asked_pause(error),
            ) from error


def _refused(error: Exception, account: ImapAccount) -> MailboxError:
    """What to say where a log-in failed: whether that passes, and if not, what to do."""
    where, words = f"{account.host}:{account.port}", words_of(error, account)
    if isinstance(error.__context__, imaplib.IMAP4.abort) or _BUSY.search(words) or asked_pause(error):
        return ServerBusy(
            f"The IMAP server {where} takes no log-in now: {words}",
            hint="We ask again by ourselves.",
            retry_after=asked_pause(error),
        )
    return LogInRefused(
        f"The IMAP server {where} refuses the log-in of {account.username}: {words}",
        hint=account.tokens.mend("imap", account.username)
        if account.tokens
        else "Check [imap] username and password; many providers want an app password.",
    )


def _ready(account: ImapAccount) -> ImapAccount:
    """The account with a new token, where it logs in by one; MailboxError where there is none to be had."""
    try:
        return ready(account)
    except NoToken as error:
        if error.passes:
            raise ServerBusy(error.problem, hint=error.hint, retry_after=None) from error
        raise LogInRefused(error.problem, hint=error.hint) from error


def _is_readable(line: socket.socket, seconds: float) -> bool:
    """Whether there is something to read, be it the end of the line, within that time."""
    if isinstance(line, ssl.SSLSocket) and line.pending():
        return True
    poll = select.poll()  # not select(): it holds no descriptor above 1,023
    poll.register(line, select.POLLIN)
    return bool(poll.poll(seconds * 1000))
