"""Replies in Maya's name as whole raw mails, hers and forged ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from tests.agency import DANA, INBOX, MAYA, MX, SAM, mail
from tests.mornings import Days, Line, Sent, days

YES = mail(
    DANA, "Approved, please go ahead with the print run.", subject="Flyer", at="2026-11-10T10:00:00-05:00"
)
ASKED = mail(DANA, "Could you tell me when the layouts are ready?", subject="Layouts")
FIRST = "2026-11-11T08:00:00-05:00"  # a Wednesday

RECEIVED = f"Received: from mx.northlight.example by {MX}; Wed, 11 Nov 2026 08:05:05 -0500"
PASS = f"Authentication-Results: {MX}; dmarc=pass header.from=northlight.example"
FAIL = f"Authentication-Results: {MX}; dmarc=fail header.from=northlight.example"
BY_MAYA = f"From: Maya Chen <{MAYA}>"


@dataclass
class Forger:
    """Somebody who has Maya's digest, and writes to practiq."""

    practiq: Days
    digest: Sent
    sams: Sent
    _count: int = field(default=0)

    @property
    def digest_id(self) -> str:
        return str(self.digest.mail["Message-ID"]).strip()

    @property
    def token(self) -> str:
        return self.digest_id.partition("@")[0].rpartition(".")[2]

    def raw(
        self,
        words: str = "done 1",
        *,
        author: str = BY_MAYA,
        top: Sequence[str] = (RECEIVED, PASS),
        to: str = INBOX,
        subject: str = "Re: digest",
        answers: str | None = None,
        more: Sequence[str] = (),
        body: str = "",
    ) -> bytes:
        """A mail that answers the digest, header lines as given; `answers` takes the place of In-Reply-To."""
        self._count += 1
        thread = f"In-Reply-To: {self.digest_id}" if answers is None else answers
        lines = [
            *top,
            author,
            f"To: {to}",
            f"Subject: {subject}",
            "Date: Wed, 11 Nov 2026 08:05:00 -0500",
            f"Message-ID: <{self._count}@forged.example>",
            *([thread] if thread else []),
            *more,
        ]
        return "\r\n".join([*lines, *([body] if body else ["", words, ""])]).encode()

    def sends(self, raw: bytes, *, after: timedelta = timedelta(hours=2)) -> list[Line]:
        """The mail comes, so long after the last one; gives what the audit has of it."""
        before = len(self.practiq.audit())
        self.practiq.clock.at += after
        self.practiq.comes(raw)
        return self.practiq.audit()[before:]

    def obeyed(self, raw: bytes, *, after: timedelta = timedelta(hours=2)) -> bool:
        """Whether it did anything."""
        return any(line["obeyed"] for line in self.sends(raw, after=after))

    def is_closed(self) -> bool:
        """Whether the item that the mails are after is closed."""
        return bool(self.practiq.thread(YES)["done"])


@contextmanager
def forging(folder: Path, policy: str = "require") -> Iterator[Forger]:
    """Wednesday morning; Maya's digest has gone out: 1 is the client's yes, 2 a question. Sam has his, too."""
    with days(folder, f'policy = "{policy}"\n') as practiq:
        stop = mail("hank@globex.example", "Sam, please stop the print run.", to=SAM, subject="Labels")
        practiq.comes(ASKED, YES, stop)
        sams = practiq.morning("2026-11-11T08:00:00+00:00", to=SAM)
        yield Forger(practiq, practiq.morning(FIRST), sams)
