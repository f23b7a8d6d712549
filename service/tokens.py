"""Access tokens for a log-in by OAuth 2: that one is fit to be said, and those that a command prints."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from service.errors import NoToken

COMMAND_SECONDS = 30
_MOST_BYTES = 64_000  # in a token
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # RFC 6750 §2.1: nothing in it that ends a field or a line


def fit(token: object, source: str) -> str:
    """The token, if it is one (RFC 6750 §2.1); NoToken, with none of its characters, where it is not."""
    if isinstance(token, str) and _TOKEN.fullmatch(token):
        return token
    raise NoToken(
        f"{source} gives no access token: what it gives is none.",
        hint="A token is one word of letters, digits and ._~+/- without spaces.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCommand:
    """`token_command`: a program that prints a token on its first line, run without a shell before each log-in."""

    section: str  # imap, smtp
    words: tuple[str, ...] = field(repr=False)  # somebody may have written a secret into them

    def token(self) -> str:
        """The first line that it prints; NoToken where it fails, hangs or prints none. Its own words are never repeated."""
        status, line = self._run()
        if status is None:
            raise self._fault(f"did not end within {COMMAND_SECONDS} seconds")
        if status != 0:
            raise self._fault(f"ended with status {status}")
        if not (first := line.strip()):
            raise self._fault("printed nothing on its first line")
        return fit(first.decode("ascii", "replace"), f"[{self.section}] token_command")

    def mend(self, speaks: Literal["imap", "smtp"], username: str) -> str:
        """Where to look."""
        return (
            f"See that [{speaks}] token_command prints a token for {username} that is good for"
            f" {speaks.upper()}, and not yet expired; the provider's administrator allows {speaks.upper()} for it."
        )

    def _run(self) -> tuple[int | None, bytes]:
        """Its exit status, None where its time was up, and its first line; what it prints behind that is left alone."""
        try:
            process = subprocess.Popen(  # noqa: S603 -- no shell, and the configuration's own words # nosec B603
                self.words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip
        except (OSError, ValueError) as error:  # the latter where a word has a NUL in it
            what = error.strerror if isinstance(error, OSError) else "a word of it is none"
            raise self._fault(f"cannot be run: {what}") from error
        late = threading.Event()

        def end() -> None:
            late.set()
            # Its children, too, which would hold its output open.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

        timer = threading.Timer(COMMAND_SECONDS, end)
        timer.start()
        try:
            with process:
                assert process.stdout
                line = process.stdout.readline(_MOST_BYTES)
                status = process.wait()
        finally:
            timer.cancel()
        return (None if late.is_set() else status), line

    def _fault(self, what: str) -> NoToken:
        return NoToken(
            f"[{self.section}] token_command ({Path(self.words[0]).name}) {what}.",
            hint="Run it by hand as the user that practiq runs as; its first line must be the token.",
            passes=True,
        )
