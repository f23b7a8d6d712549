"""An IMAP or SMTP server with TLS of a kind, that notes what it heard in clear and what behind TLS."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.servers import ScriptedImap

OURS = "DNS:localhost,IP:127.0.0.1"
_CA = """
[ca]
default_ca = us
[us]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
x509_extensions = names
[any]
commonName = supplied
[names]
subjectAltName = {names}
"""


def certify(folder: Path, *, names: str = OURS, until: str = "20491231235959Z") -> None:
    """A certificate signed by itself, for these names and up to then: cert.pem and key.pem."""
    (folder / "index").touch()
    (folder / "serial").write_text("01\n")
    (folder / "ca.cnf").write_text(_CA.format(names=names))
    made = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=x"]
    made += ["-keyout", "key.pem", "-out", "asked.pem"]
    signed = ["ca", "-batch", "-notext", "-selfsign", "-config", "ca.cnf", "-keyfile", "key.pem"]
    signed += ["-in", "asked.pem", "-out", "cert.pem", "-startdate", "20200101000000Z", "-enddate", until]
    for words in (made, signed):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def context_of(folder: Path) -> ssl.SSLContext:
    """What a server with this certificate needs for TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


@dataclass(frozen=True, kw_only=True)
class Manners:
    """How it goes about TLS; the defaults are right."""

    implicit: bool = False
    offers: bool = True  # says that it has STARTTLS
    begins: bool = True  # and takes it
    preauth: bool = False  # says that nobody needs to log in (RFC 9051 §7.1.4)
    behind: bytes = b""  # said in clear behind the answer to STARTTLS


class Peer(ScriptedImap):
    """A server on loopback; `heard` is each line, and whether TLS was on."""

    def __init__(self, speaks: str, context: ssl.SSLContext, manners: Manners) -> None:
        self.speaks, self._context, self._manners = speaks, context, manners
        self.heard: list[tuple[bool, str]] = []
        super().__init__(lambda _tag, _command: None)

    def _talk(self, line: socket.socket) -> None:
        with contextlib.ExitStack() as sessions:
            secure = self._manners.implicit
            if secure:
                line = sessions.enter_context(self._context.wrap_socket(line, server_side=True))
            first = "* PREAUTH hello" if self._manners.preauth else "* OK hello"
            line.sendall(b"220 hello\r\n" if self.speaks == "smtp" else first.encode() + b"\r\n")
            while asked := _line_of(line):
                self.heard.append((secure, asked))
                said = (self._smtp if self.speaks == "smtp" else self._imap)(asked)
                begins = "STARTTLS" in asked and self._manners.begins
                line.sendall(said.encode() + b"\r\n" + self._manners.behind * begins)
                if begins:
                    line = sessions.enter_context(self._context.wrap_socket(line, server_side=True))
                    secure = True
                if said.startswith("354"):
                    while _line_of(line) != ".":
                        pass
                    line.sendall(b"250 taken\r\n")

    def _smtp(self, asked: str) -> str:
        verb = asked.partition(" ")[0]
        known = {"DATA": "354 go on", "QUIT": "221 bye", "AUTH": "235 welcome"}
        known["EHLO"] = "250-peer\r\n" + "250-STARTTLS\r\n" * self._manners.offers + "250 AUTH PLAIN"
        known["STARTTLS"] = "220 go" if self._manners.begins else "454 not now"
        return known.get(verb, "250 ok")

    def _imap(self, asked: str) -> str:
        tag, verb, *_ = asked.split()
        done = f"{tag} OK done"
        if verb == "CAPABILITY":
            return "* CAPABILITY IMAP4rev1" + " STARTTLS" * self._manners.offers + f"\r\n{done}"
        if verb == "STARTTLS" and not self._manners.begins:
            return f"{tag} NO not now"
        if verb == "EXAMINE":
            return f"* 0 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 1] ok\r\n{done}"
        return done


def _line_of(line: socket.socket) -> str:
    """The next line, read byte by byte, so that none of what TLS says is taken from it; "" at the end."""
    said = b""
    while not said.endswith(b"\n"):
        one = line.recv(1)
        if not one:
            return ""
        said += one
    return said.decode("latin-1").strip() or " "
