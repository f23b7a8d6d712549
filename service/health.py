"""How practiq is: what is wrong, where and since when (promises.md P22)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from parsers.digest_days import digest_day, next_digest_at
from service.app import App
from service.cover_rows import covering
from service.kept_rows import (
    KeptState,
    count_kept,
    last_polled_at,
    oldest_kept_at,
)
from service.letter_rows import count_letters, find_last_digest, list_faults, list_lost
from service.position_rows import list_unfetchable
from service.rests import PAUSE, paused_until
from service.trouble_rows import list_troubles

Line = dict[str, Any]

MOST_LAG = timedelta(hours=2)  # a cron job may poll every hour
LEAST_FREE_BYTES = 100_000_000
MOST_DELAY = timedelta(minutes=15)  # of mail that waits to be read, and of a digest that is due
STAYS_WRONG = timedelta(days=1)  # what cannot be mended any more; the next digests tell it, too


def status_line(app: App, now: datetime) -> Line:
    """How practiq is; `wrong` says what a person should look at, and is empty where all is well."""
    with app.store.transaction() as session:
        kept, letters = count_kept(session), count_letters(session)
        polled_at = last_polled_at(session)
        digests = [
            {
                "account_manager": manager.address,
                "last": last[0].isoformat() if last else None,
                "next": _iso(following),
            }
            for manager in app.office.managers
            for last in [find_last_digest(session, manager.address)]
            for following in [next_digest_at(manager, now)]
        ]
        return {
            "polled_at": _iso(polled_at),
            "lag_seconds": round((now - polled_at).total_seconds()) if polled_at else None,
            "kept": sum(kept.values()),
            "unread": kept[KeptState.UNREAD],
            "oldest_unread": _iso(oldest_kept_at(session, KeptState.UNREAD)),
            "quarantined": kept[KeptState.QUARANTINED],
            "oldest_quarantined": _iso(oldest_kept_at(session, KeptState.QUARANTINED)),
            "unfetchable": len(list_unfetchable(session)),
            "outbox": {str(state): count for state, count in letters.items()},
            "not_sent": [
                {"to": recipient, "state": state, "fault": fault}
                for recipient, state, fault in list_faults(session)
            ],
            "digests": digests,
            "commands_off": app.office.commands_off,
            "commands_paused": [
                {"account_manager": address, "until": _iso(until)}
                for address, until in _paused(app, session, now)
            ],
            "troubles": [
                {
                    "place": one.place,
                    "since": _iso(one.since),
                    "words": one.words,
                    "retry_at": _iso(one.retry_at),
                }
                for one in list_troubles(session)
            ],
            "wrong": list(_wrong(app, session, now)),
            "sqlite": sqlite3.sqlite_version,
        }


def verdict(app: App, line: Line, max_age: timedelta | None) -> str | None:
    """What is wrong, in one sentence, an inbox that was not read within `max_age` included; None where all is well."""
    said = [str(one["what"]) for one in line["wrong"]]
    if max_age is not None and app.imap:
        lag = line["lag_seconds"]
        if lag is None:
            said.append("The inbox has never been read.")
        elif lag > max_age.total_seconds():
            said.append(f"The inbox was last read {timedelta(seconds=lag)} ago, at {line['polled_at']}.")
    if not said:
        return None
    more = f" ({len(said) - 1} more: see `practiq status`.)" if len(said) > 1 else ""
    return said[0] + more


def _wrong(app: App, session: Session, now: datetime) -> Iterator[Line]:
    """What a person should look at, in a sentence each, and since when."""
    for one in list_troubles(session):
        yield {"what": one.words, "since": _iso(one.since)}
    free_bytes = app.store.free_bytes()
    if free_bytes is not None and free_bytes < LEAST_FREE_BYTES:
        megabytes = free_bytes // 1_000_000
        yield {"what": f"The disk of the database has {megabytes} MB left.", "since": _iso(now)}
    for lost in list_lost(session, now - STAYS_WRONG):
        what = f"A letter to {lost.recipient} did not arrive: {lost.fault.rstrip('.')}."
        yield {"what": what, "since": _iso(lost.known_at)}
    polled_at = last_polled_at(session)
    if app.imap and polled_at and now - polled_at > MOST_LAG:
        yield {"what": "The inbox has not been read: is practiq at work?", "since": _iso(polled_at)}
    unread_since = oldest_kept_at(session, KeptState.UNREAD)
    if unread_since and now - unread_since > MOST_DELAY:
        yield {"what": "Mail was taken in and waits to be read.", "since": _iso(unread_since)}
    for address, until in _paused(app, session, now):
        what = f"Replies in the name of {address} are not obeyed until {_iso(until)}: too many were refused."
        yield {"what": what, "since": _iso(until - PAUSE)}
    office = covering(session, app.office)
    for manager in app.office.managers:
        day, before = digest_day(manager, now - MOST_DELAY), find_last_digest(session, manager.address)
        if day and before and before[0] < day and not office.pause_of(manager, now):
            yield {
                "what": f"The digest of {day} for {manager.address} is not made.",
                "since": _iso(before[1]),
            }


def _paused(app: App, session: Session, now: datetime) -> Iterator[tuple[str, datetime]]:
    """Whose commands by mail rest, and until when."""
    for manager in app.office.managers:
        if until := paused_until(session, manager.address, now):
            yield manager.address, until


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def well_text(line: Line) -> str:
    """How practiq is where nothing is wrong, in one line."""
    return (
        f"well, inbox last read {line['polled_at'] or 'never'}, {line['kept']} kept, {line['unread']} unread"
    )


def status_text(line: Line) -> str:
    """How practiq is, for people."""
    outbox = ", ".join(f"{count} {state}" for state, count in line["outbox"].items() if count) or "empty"
    said = [
        *(f"wrong        {one['what']} Since {one['since']}." for one in line["wrong"]),
        f"inbox        last read {line['polled_at'] or 'never'}",
        f"mail         {line['kept']} kept, {line['unread']} unread, {line['quarantined']} in quarantine,"
        f" {line['unfetchable']} not given by the server",
        f"outbox       {outbox}",
        *(f"not sent     {one['to']}: {one['state']}, {one['fault']}" for one in line["not_sent"]),
        *(f"digest       {one['account_manager']}: next {one['next'] or 'never'}" for one in line["digests"]),
    ]
    return "\n".join([*said, *([f"replies      {line['commands_off']}"] if line["commands_off"] else [])])
