"""Embedded IMAP and SMTP servers on loopback. Alone knows pymap and aiosmtpd."""

from __future__ import annotations

import asyncio
import socket
import threading
from argparse import Namespace
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, Envelope, Session
from imapclient import IMAPClient
from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pysasl.hashing import BuiltinHash

LOOPBACK = "127.0.0.1"


class _Embedded:
    """A server in a thread of its own, with its own event loop, from `with` to the end of its block."""

    port: int

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=type(self).__name__, daemon=True)
        self._thread.start()
        self._server = self._call(self._start())
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._call(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _call(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=20)

    async def _start(self) -> asyncio.Server:
        raise AssertionError("each server says how it starts")

    async def _stop(self) -> None:
        self._server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


class ImapServer(_Embedded):
    """An IMAP server whose one mailbox is in memory (pymap)."""

    username = "practiq"
    password = "on-loopback-only"  # noqa: S105 -- of a server that lives for a demo, on this machine alone # nosec B105

    async def _start(self) -> asyncio.Server:
        said = Namespace(
            host=LOOPBACK,
            port=0,
            debug=False,
            cert=None,
            key=None,
            tls=False,
            proxy_protocol=None,
            passlib_cfg=None,
            demo_data=False,
            demo_user=self.username,
            demo_password=self.password,
        )
        # One round: the hash of a password that everybody may read need not be slow, nor have a
        # pool of threads, which pymap would never end.
        backend, config = await DictBackend.init(
            said, hash_context=BuiltinHash(rounds=1), cpu_subsystem=Subsystem.for_asyncio()
        )
        config.apply_context()
        answer = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(backend.login, config))
        return await asyncio.start_server(answer, LOOPBACK, 0)

    def append(self, mails: Sequence[tuple[bytes, datetime]]) -> None:
        """Put mails with their internal dates into the inbox, by IMAP."""
        with IMAPClient(LOOPBACK, port=self.port, ssl=False, timeout=20) as client:
            # APPEND is two packets a message, which Nagle's algorithm holds back.
            client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client.login(self.username, self.password)
            for raw, internal_date in mails:
                client.append("INBOX", raw, msg_time=internal_date)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A letter as the SMTP server took it."""

    mail_from: str
    rcpt_tos: tuple[str, ...]
    content: bytes


class SmtpServer(_Embedded):
    """An SMTP server that keeps what it is given (aiosmtpd)."""

    def __init__(self) -> None:
        self.letters: list[Received] = []

    async def _start(self) -> asyncio.Server:
        return await asyncio.get_running_loop().create_server(
            lambda: SMTP(self, hostname="localhost"), LOOPBACK, 0
        )

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """What aiosmtpd asks when a letter is there."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.letters.append(
            Received(mail_from=envelope.mail_from or "", rcpt_tos=tuple(envelope.rcpt_tos), content=content)
        )
        return "250 taken"
