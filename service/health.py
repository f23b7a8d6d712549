"""How practiq is: what is wrong, where and since when (promises.md P22)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from parsers.digest_days import next_digest_at
from service.app import App
from service.digest_rows import find_last_digest
from service.kept_rows import KeptState, count_kept, last_polled_at, list_unfetchable
from service.letter_rows import count_letters, list_faults
from service.trouble_rows import list_troubles

Line = dict[str, Any]


def status_line(app: App, now: datetime) -> Line:
    """How practiq is."""
    with app.store.transaction() as session:
        kept, letters = count_kept(session), count_letters(session)
        polled_at = last_polled_at(session)
        digests = [
            {
                "account_manager": manager.address,
                "last": last[0].isoformat() if last else None,
                "next": following.isoformat() if following else None,
            }
            for manager in app.office.managers
            for last in [find_last_digest(session, manager.address)]
            for following in [next_digest_at(manager, now)]
        ]
        return {
            "polled_at": polled_at.isoformat() if polled_at else None,
            "lag_seconds": round((now - polled_at).total_seconds()) if polled_at else None,
            "kept": sum(kept.values()),
            "unread": kept[KeptState.UNREAD],
            "quarantined": kept[KeptState.QUARANTINED],
            "unfetchable": len(list_unfetchable(session)),
            "outbox": {str(state): count for state, count in letters.items()},
            "not_sent": [
                {"to": recipient, "state": state, "fault": fault}
                for recipient, state, fault in list_faults(session)
            ],
            "digests": digests,
            "commands_off": app.office.commands_off,
            "troubles": [
                {
                    "place": one.place,
                    "since": one.since.isoformat(),
                    "words": one.words,
                    "retry_at": one.retry_at.isoformat() if one.retry_at else None,
                }
                for one in list_troubles(session)
            ],
        }


def status_text(line: Line) -> str:
    """How practiq is, for people."""
    outbox = ", ".join(f"{count} {state}" for state, count in line["outbox"].items() if count) or "empty"
    said = [
        *(f"{one['place']:12} {one['words']} Since {one['since']}." for one in line["troubles"]),
        f"inbox        last read {line['polled_at'] or 'never'}",
        f"mail         {line['kept']} kept, {line['unread']} unread, {line['quarantined']} in quarantine,"
        f" {line['unfetchable']} not given by the server",
        f"outbox       {outbox}",
        *(f"not sent     {one['to']}: {one['state']}, {one['fault']}" for one in line["not_sent"]),
        *(f"digest       {one['account_manager']}: next {one['next'] or 'never'}" for one in line["digests"]),
    ]
    return "\n".join([*said, *([f"replies      {line['commands_off']}"] if line["commands_off"] else [])])
