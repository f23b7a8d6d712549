"""Errors that a person acts on."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar


class PractiqError(Exception):
    """Something we foresaw: what is wrong, where, and what to do. main() prints it and exits."""

    exit_code: ClassVar[int] = 1  # ConfigError: 2 (contract.md, Commands)

    def __init__(self, problem: str, *, hint: str) -> None:
        super().__init__(f"{problem}\n  {hint}")


class ConfigError(PractiqError):
    """The configuration or the call is wrong."""

    exit_code = 2


class MailboxError(PractiqError):
    """The IMAP server is away, refuses us, or broke off; nothing is lost, and we ask again."""


class ServerBusy(MailboxError):
    """The server broke off or said no; `retry_after` is the pause that it asked for, if it did."""

    def __init__(self, problem: str, *, hint: str, retry_after: timedelta | None) -> None:
        super().__init__(problem, hint=hint)
        self.retry_after = retry_after


class LogInRefused(MailboxError):
    """The server does not take this user name and password."""


class NoToken(PractiqError):
    """No access token is to be had for a log-in by OAuth 2; where it `passes`, asking again later is all it takes."""

    def __init__(self, problem: str, *, hint: str, passes: bool = False) -> None:
        super().__init__(problem, hint=hint)
        self.problem, self.hint, self.passes = problem, hint, passes


class StoreError(PractiqError):
    """The database cannot be opened or written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What an error of a database means to a person."""

    error: StoreError
    passes: bool  # by itself and soon: another program holds it; the connection is as good as before


class AtWork(StoreError):
    """Another practiq is at work on the database."""


class Fenced(StoreError):
    """Another practiq has taken over; what we are at is not ours any more."""


class SandboxError(PractiqError):
    """The process that reads mail cannot be started."""


def where_of(fault: BaseException) -> dict[str, str]:
    """What kind of fault nobody foresaw, and where in the code: without its words, which may be a mail's (promises.md P20)."""
    *_, last = traceback.extract_tb(fault.__traceback__)
    return {"fault": type(fault).__name__, "at": f"{last.filename}:{last.lineno}"}


def traceback_of(fault: BaseException) -> str:
    """Where a fault comes from and what it came of, with the words of our own errors only (promises.md P20)."""
    before = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    words = f": {fault}" if isinstance(fault, PractiqError) else ""
    here = "".join(traceback.format_tb(fault.__traceback__)) + type(fault).__name__ + words
    return f"{traceback_of(before)}\n\nwhich led to\n\n{here}" if before else here
