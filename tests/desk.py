"""practiq's outbox at its desk, and SMTP servers that do as a test says."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult
from sqlalchemy import Row, select

from service import outbox
from service.accounts import SmtpAccount
from service.letter_rows import record_letter
from service.said_models import LetterContentRow, LetterRow
from service.store import Letter, Store
from tests.agency import INBOX, MAYA, SAM, Clock
from tests.servers import PASSWORD, ScriptedImap, SmtpSink

LEA = "lea@northlight.example"
ALLOWED = (MAYA, SAM, LEA)
CONTENT = b"Message-ID: <digest.1@northlight.example>\r\n\r\nTwo things need you.\r\n"

Answer = bytes | Callable[[], bytes | None] | None
Answers = dict[str, Answer]


@dataclass
class Desk:
    """practiq's outbox and clock."""

    store: Store
    clock: Clock = field(default_factory=Clock)

    def put(
        self,
        *recipients: str,
        key: str = "",
        content: bytes = CONTENT,
        life: timedelta = timedelta(hours=12),
    ) -> None:
        """Enqueue a letter to each; without a `key` the address is the key."""
        now = self.clock()
        with self.store.transaction() as session:
            for one in recipients:
                letter = Letter(reverse_path=INBOX, recipient=one, message_id="<1@x>", content=content)
                record_letter(session, key or one, letter, now=now, expires_at=now + life)

    def deliver(self, port: int, *, allowed: Collection[str] = ALLOWED, **account: Any) -> int:
        """Send what is due to a server on loopback."""
        known = {"host": "127.0.0.1", "port": port, "tls": "none", "username": None, "password": None}
        to = SmtpAccount(**known | account)
        return asyncio.run(outbox.deliver(self.store, to, self.clock, allowed=allowed))

    def row(self, recipient: str = MAYA) -> Row[Any]:
        """What became of a letter."""
        asked = select(LetterRow.__table__).where(LetterRow.recipient == recipient)
        with self.store.transaction() as session:
            return session.execute(asked).one()

    def row_of(self, content: bytes) -> Row[Any]:
        """What became of the letter with these bytes."""
        asked = select(LetterRow.__table__).join(LetterContentRow, LetterContentRow.letter == LetterRow.id)
        asked = asked.where(LetterContentRow.content == content)
        with self.store.transaction() as session:
            return session.execute(asked).one()

    def states(self) -> list[str]:
        """What became of the letters, in the order in which they were put."""
        with self.store.transaction() as session:
            return list(session.scalars(select(LetterRow.state).order_by(LetterRow.id)))


class ScriptedSmtp(ScriptedImap):
    """An SMTP server whose answers are the test's, by verb, `hello` and `.` included; None hangs up, b"" is silence."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.heard: list[str] = []
        self.letters: list[bytes] = []  # as they came with their final dot, accepted or not
        super().__init__(lambda _tag, _command: None)

    def _talk(self, line: socket.socket) -> None:
        usual = {"hello": b"220 hello", "DATA": b"354 go on", "QUIT": b"221 bye"}
        with line.makefile("rb") as asked:
            verb = "hello"
            while verb:
                self.heard.append(verb)
                said = self.answers.get(verb, usual.get(verb, b"250 ok"))
                said = said() if callable(said) else said
                if said is None:
                    return
                line.sendall(said + b"\r\n" * bool(said))
                if said.startswith(b"354"):
                    if "content" in self.answers:
                        asked.readline()
                        return  # in the middle of the letter
                    self.letters.append(b"".join(iter(asked.readline, b".\r\n")))
                    verb = "."
                else:
                    verb = asked.readline().decode("latin-1").strip().partition(" ")[0]


def _with_certificate(base: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(base / "cert.pem", base / "key.pem")
    return context


class SecureScript(ScriptedSmtp):
    """The same over TLS; it never ends a session before it is closed, not even after QUIT."""

    def __init__(self, base: Path, answers: Answers) -> None:
        self._context = _with_certificate(base)
        self._sessions = contextlib.ExitStack()
        super().__init__(answers)

    def _talk(self, line: socket.socket) -> None:
        secured = self._context.wrap_socket(line, server_side=True)
        super()._talk(self._sessions.enter_context(secured))

    def close(self) -> None:
        """Hang up on everybody and stop listening."""
        self._sessions.close()
        super().close()


class SecureSink(SmtpSink):
    """An SMTP server with TLS, implicit or starttls, and a log-in."""

    def __init__(self, base: Path, tls: str) -> None:
        super().__init__()
        context = _with_certificate(base)
        self._implicit, self._upgrade = (context, None) if tls == "implicit" else (None, context)
        self.passwords: list[bytes] = []

    async def _start(self) -> asyncio.Server:
        def new() -> SMTP:
            upgrade = self._upgrade
            return SMTP(
                self, hostname="localhost", tls_context=upgrade, require_starttls=upgrade is not None,
                authenticator=self._known, auth_require_tls=upgrade is not None,
            )  # fmt: skip

        return await asyncio.get_running_loop().create_server(new, "127.0.0.1", 0, ssl=self._implicit)

    def _known(self, _server: SMTP, _session: Any, _envelope: Any, _mechanism: str, said: Any) -> AuthResult:
        self.passwords.append(said.password)
        return AuthResult(success=said.password == PASSWORD.encode())


Script = Callable[[Answers], ScriptedSmtp]  # the fixture `script`
