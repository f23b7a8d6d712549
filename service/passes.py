"""One pass over an inbox, and all that is due: what a cron job does, and each of many workers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from itertools import count

from service import jobs, watching
from service.app import App
from service.retention import tidy


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """What a pass came to, in mails and letters."""

    new: int
    read: int
    sent: int


def make_pass(app: App) -> Passed:
    """
    Take in what is new, read it, obey its replies, make the digests that are due, and send.

    For who is alone at work. Raises MailboxError where the inbox cannot be had: what was kept is read
    nevertheless.
    """
    beside = count()
    try:
        new = watching.poll(app, partial(next, beside))
    finally:
        read = watching.read(app)
    read += next(beside)
    tidy(app)
    return Passed(new=new, read=read, sent=send_due(app))


def send_due(app: App) -> int:
    """Make the digests that are due, and send what is; give how many letters were accepted. Raises SmtpError."""
    jobs.digests(app)
    return asyncio.run(jobs.deliver(app))
