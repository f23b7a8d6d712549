"""A scripted IMAP server with mailboxes, whose numbers a test chooses; and what was said to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.servers import ScriptedImap


@dataclass
class Shelf:
    """A mailbox: its UIDs, in the order in which the server lists them, and their mails."""

    uidvalidity: int
    mails: dict[int, bytes]
    uidnext: int | None = None  # None: one above the highest
    dates: dict[int, str] = field(default_factory=dict)  # INTERNALDATE; UID n arrived in minute n else

    def uids(self, asked: str) -> list[int]:
        """Those of a sequence set (RFC 9051, `sequence-set`) that there are; `*` is the highest."""
        highest = max(self.mails, default=0)
        named = []
        for part in asked.split(","):
            ends = [highest if end == "*" else int(end) for end in part.split(":")]
            named.append((min(ends), max(ends)))
        return [uid for uid in self.mails if any(low <= uid <= high for low, high in named)]

    def row(self, uid: int, items: str) -> bytes:
        """The answer to FETCH for one of them."""
        raw = self.mails[uid]
        date = self.dates.get(uid, f"10-Nov-2026 09:{uid % 60:02}:00 +0000")
        words = b"* %d FETCH (UID %d" % (list(self.mails).index(uid) + 1, uid)
        for item in items.split():
            if item == "RFC822.SIZE":
                words += b" RFC822.SIZE %d" % len(raw)
            elif item == "INTERNALDATE":
                words += f' INTERNALDATE "{date}"'.encode()
            elif part := re.fullmatch(r"BODY(?:\.PEEK)?\[\](?:<0\.(\d+)>)?", item):
                given = raw[: int(part[1])] if part[1] else raw
                words += b" BODY[]%s {%d}\r\n%s" % (b"<0>" if part[1] else b"", len(given), given)
        return words + b")\r\n"


class Shelves(ScriptedImap):
    """A server that keeps what is said to it in `heard`; asked for the mail `fatal`, it falls, and stays down."""

    def __init__(self, **shelves: Shelf) -> None:
        self.shelves = shelves
        self.heard: list[str] = []
        self.fatal: int | None = None
        self.is_down = False
        self._opened = ""
        self._idle = ""
        super().__init__(self._reply)

    def bodies(self) -> list[str]:
        """The commands that asked for mail."""
        return [one for one in self.heard if "BODY" in one]

    def config(self, folder: str = "INBOX") -> str:
        """The configuration's table for one of its mailboxes."""
        return (
            f'[imap]\nhost = "127.0.0.1"\nport = {self.port}\ntls = "none"\nfolder = "{folder}"\n'
            'username = "practiq"\npassword = "x"\n'
        )

    def _reply(self, tag: str, command: str) -> Sequence[bytes] | None:
        if self.is_down:
            return None
        if tag == "DONE":
            self.heard.append("DONE")
            return [f"{self._idle} OK done\r\n".encode()]
        self.heard.append(command)
        done = f"{tag} OK done\r\n".encode()
        shelf = self.shelves.get(self._opened)
        match command.split():
            case ["CAPABILITY"]:
                return [b"* CAPABILITY IMAP4rev1 IDLE\r\n", done]
            case ["LOGOUT"]:
                return None
            case ["IDLE"]:
                self._idle = tag
                return [b"+ idling\r\n"]
            case ["EXAMINE" | "SELECT", name]:
                self._opened = name.strip('"')
                return [self._state(), done]
            case ["STATUS", *_] if shelf:
                uidnext = shelf.uidnext or max(shelf.mails, default=0) + 1
                return [f"* STATUS x (UIDNEXT {uidnext} MESSAGES {len(shelf.mails)})\r\n".encode(), done]
            case ["UID", "SEARCH", "UID", asked] if shelf:
                return [f"* SEARCH {' '.join(map(str, shelf.uids(asked)))}\r\n".encode(), done]
            case ["UID", "FETCH", asked, *items] if shelf:
                return self._rows(shelf, shelf.uids(asked), " ".join(items).strip("()"), done)
        return [done]

    def _state(self) -> bytes:
        shelf = self.shelves[self._opened]
        uidnext = shelf.uidnext or max(shelf.mails, default=0) + 1
        words = f"* {len(shelf.mails)} EXISTS\r\n* OK [UIDVALIDITY {shelf.uidvalidity}] ok\r\n"
        return f"{words}* OK [UIDNEXT {uidnext}] ok\r\n".encode()

    def _rows(self, shelf: Shelf, uids: Iterable[int], items: str, done: bytes) -> Sequence[bytes] | None:
        uids = list(uids)
        self.is_down = "BODY" in items and self.fatal in uids
        if self.is_down:
            return None
        return [*(shelf.row(uid, items) for uid in uids), done]
