"""Real servers on loopback for the tests: a private Dovecot, an SMTP server that can misbehave, a scripted IMAP one."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import smtplib
import socket
import subprocess
import threading
import time
from asyncio import Transport
from collections.abc import Callable, Sequence
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from service.demo.servers import SmtpServer

PASSWORD = "on-loopback-only"

COMMON = """
base_dir = {base}/run
state_dir = {base}/run
log_path = {base}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
auth_mechanisms = plain login{mechanisms}
default_login_user = {login}
default_internal_user = {internal}
first_valid_uid = 1
first_valid_gid = 1
ssl = yes
{ssl}
{auth}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    {address} = 127.0.0.1
    port = {lmtp}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
protocol lmtp {{
  postmaster_address = postmaster@localhost
}}
"""
OLD = """
ssl_cert = <{base}/cert.pem
ssl_key = <{base}/key.pem
"""
OLD_AUTH = """
disable_plaintext_auth = no
mail_location = maildir:~/Maildir
mail_max_userip_connections = 100
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={base}/home/%u
}}
"""
NEW = """
ssl_server_cert_file = {base}/cert.pem
ssl_server_key_file = {base}/key.pem
"""
NEW_AUTH = """
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = ~/Maildir
mail_max_userip_connections = 100
passdb static {{
  password = {password}
}}
userdb static {{
  fields {{
    uid = {owner}
    gid = {group}
    home = {base}/home/%{{user}}
  }}
}}
"""
# Log-in by a token, that Dovecot asks an authorization server about (RFC 7662).
PROMPT = """
auth_failure_delay = 0
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
"""
OLD_OAUTH2 = """
{prompt}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {base}/oauth2.conf
}}
"""
OLD_OAUTH2_FILE = """
introspection_mode = post
introspection_url = {url}
username_attribute = username
active_attribute = active
active_value = true
"""
NEW_OAUTH2 = """
{prompt}
oauth2_introspection_mode = post
oauth2_introspection_url = {url}
oauth2_username_attribute = username
oauth2_active_attribute = active
oauth2_active_value = true
"""


def dovecot_binary() -> str | None:
    """Where Dovecot is installed; None where it is not."""
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def make_certificate(folder: Path) -> None:
    """A certificate for 127.0.0.1 and localhost, signed by itself: cert.pem and key.pem."""
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
            "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"),
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip


class Dovecot:
    """
    A private Dovecot below a folder of its own; every user's password is PASSWORD.

    With `introspection`, the address of an authorization server, a token that it knows is a log-in as well.
    """

    host = "127.0.0.1"

    def __init__(self, base: Path, introspection: str | None = None) -> None:
        self.base = base
        self._introspection = introspection
        self.port, self.tls_port, self.lmtp_port = free_port(), free_port(), free_port()
        self._users = 0
        binary = dovecot_binary()
        assert binary
        self._binary = binary

    def start(self) -> None:
        """Write the configuration of the version at hand, start, and wait until it listens."""
        is_root = os.getuid() == 0
        me = pwd.getpwuid(os.getuid()).pw_name
        version = subprocess.run(
            [self._binary, "--version"], capture_output=True, text=True, check=True
        ).stdout
        new = tuple(int(part) for part in version.split()[0].split(".")[:2]) >= (2, 4)
        self._owner, group = ("nobody", "nogroup") if is_root else (me, str(os.getgid()))
        for folder in ("home", "run"):
            (self.base / folder).mkdir(parents=True, exist_ok=True)
        self.base.chmod(0o755)
        if is_root:
            shutil.chown(self.base / "home", self._owner, group)
        make_certificate(self.base)
        text = COMMON.format(
            base=self.base,
            login="dovenull" if is_root else me,
            internal="dovecot" if is_root else me,
            imap=self.port,
            imaps=self.tls_port,
            lmtp=self.lmtp_port,
            address="listen" if new else "address",
            mechanisms=" xoauth2" if self._introspection else "",
            ssl=(NEW if new else OLD).format(base=self.base),
            auth=(NEW_AUTH if new else OLD_AUTH).format(
                base=self.base, password=PASSWORD, owner=self._owner, group=group
            ),
        )
        if self._introspection:
            text += (NEW_OAUTH2 if new else OLD_OAUTH2).format(
                prompt=PROMPT, base=self.base, url=self._introspection
            )
            (self.base / "oauth2.conf").write_text(OLD_OAUTH2_FILE.format(url=self._introspection))
        if new:
            head = f"dovecot_config_version = {version.split()[0]}\ndovecot_storage_version = 2.4.0\n"
            text = head + text
        config = self.base / "dovecot.conf"
        config.write_text(text)
        with (self.base / "start.log").open("wb") as said:  # no pipe: the daemon would hold it open
            subprocess.run([self._binary, "-c", str(config)], check=True, stdout=said, stderr=said)
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection((self.host, self.lmtp_port), 1):
                return
            time.sleep(0.05)
        raise AssertionError((self.base / "dovecot.log").read_text())

    def stop(self) -> None:
        """End it by its own process id."""
        pid = int((self.base / "run" / "master.pid").read_text())
        os.kill(pid, 15)
        for _ in range(100):
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return
            time.sleep(0.05)

    def new_user(self) -> User:
        """A user with an empty inbox."""
        self._users += 1
        return User(self, f"user{self._users}")


class User:
    """A user of the private Dovecot, and what happens to their mailbox from outside practiq."""

    def __init__(self, server: Dovecot, name: str) -> None:
        self.server = server
        self.name = name
        self._renumbered = 1

    def deliver(self, *mails: bytes) -> None:
        """Deliver mails as a mail server does, by LMTP."""
        with smtplib.LMTP(self.server.host, self.server.lmtp_port) as lmtp:
            for raw in mails:
                lmtp.sendmail("sender@elsewhere.example", [self.name], raw)

    @property
    def maildir(self) -> Path:
        """The mailbox on the disk."""
        return self.server.base / "home" / self.name / "Maildir"

    def flags(self) -> list[str]:
        """What stands behind the names of the messages' files: their flags."""
        files = [*(self.maildir / "cur").iterdir(), *(self.maildir / "new").iterdir()]
        return [one.name.partition(":2,")[2] for one in files]

    def expunge(self, needle: bytes) -> None:
        """Remove the messages that contain these bytes."""
        for folder in ("cur", "new"):
            for one in (self.maildir / folder).iterdir():
                if needle in one.read_bytes():
                    one.unlink()

    def change_uidvalidity(self) -> None:
        """Have the server number the mailbox anew, as after a restore."""
        listed = self.maildir / "dovecot-uidlist"
        head, _, _ = listed.read_text().partition("\n")
        old = next(word for word in head.split() if word.startswith("V"))
        for one in self.maildir.glob("dovecot*"):
            one.unlink()
        listed.write_text(f"3 V{int(old[1:]) + 1000} N1 G{'0' * 31}{self._renumbered}\n")
        self._renumbered += 1
        shutil.copystat(self.maildir / "cur", listed)
        if os.getuid() == 0:
            shutil.chown(listed, "nobody", "nogroup")


class ScriptedImap:
    """An IMAP server that answers from a script, for what no real server does on demand."""

    def __init__(self, answer: Callable[[str, str], Sequence[bytes] | None]) -> None:
        """`answer` takes tag and command; gives what to send, or None to hang up."""
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._line: socket.socket | None = None
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = self._socket.accept()
                self._line = line
                with line, contextlib.suppress(OSError):
                    self._talk(line)

    def _talk(self, line: socket.socket) -> None:
        line.sendall(b"* OK [CAPABILITY IMAP4rev1 IDLE] hello\r\n")
        with line.makefile("rb") as asked:
            for raw in asked:
                tag, _, command = raw.decode().strip().partition(" ")
                said = self._answer(tag, command)
                if said is None:
                    return
                for one in said:
                    line.sendall(one)

    def close(self) -> None:
        """Hang up and stop listening."""
        for one in (self._socket, self._line):
            if one is not None:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(timeout=5)
        assert not self._thread.is_alive()


class SmtpSink(SmtpServer):
    """The demo's SMTP server, that can be told to misbehave: `refusals` by recipient, `at_dot`, `drop_after_dot`."""

    def __init__(self) -> None:
        super().__init__()
        self.refusals: dict[str, str] = {}
        self.at_dot: str | None = None
        self.drop_after_dot = False
        self.sessions = 0  # how often EHLO was said

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.at_dot:
            return self.at_dot
        said = await super().handle_DATA(server, session, envelope)
        if self.drop_after_dot:
            assert isinstance(server.transport, Transport)
            server.transport.abort()
        return said
