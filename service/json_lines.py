"""What the outside may rely on, as JSON objects (contract.md, "JSON lines")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from parsers.briefs import Brief
from parsers.matching import Match
from parsers.signals import Kind, Signal
from service.kept_rows import Kept
from service.records import Record
from service.standing import Standing
from service.store import Position
from service.thread_rows import Thread


def message_line(record: Record, thread: Thread | None, *, sha256: str, partial: bool) -> dict[str, Any]:
    """A message that was read."""
    match = thread.match if thread else None
    line: dict[str, Any] = {
        "message_id": record.message_id_field,
        "date": record.sent_at.isoformat(),
        "from": record.author.spec if record.author else None,
        "to": [one.spec for one in record.to],
        "cc": [one.spec for one in record.cc],
        "subject": record.subject,
        "thread": record.thread,
        "workspace": thread.workspace if thread else None,
        "match": _match(match) if match else None,
        "automated": record.automation is not None,
        "forwarded": record.forwarded,
        "text": record.own,
        "note": record.note or None,
        "signals": [_signal(one) for one in record.signals],
        "brief": None if record.brief is None else _brief(record.brief),
        "state": "read",
        "sha256": sha256,
        "verified": record.verified,
        "warnings": list(record.warnings),
        "attachments": [asdict(one) for one in record.attachments],
    }
    if record.automation:
        line["automated_because"] = record.automation.because
    if partial:
        line["partial"] = True
    return line


def quarantined_line(kept: Kept) -> dict[str, Any]:
    """A mail that could not be read."""
    return {
        "message_id": None,
        "date": _instant(kept.internal_date or kept.kept_at),
        "state": "quarantined",
        "sha256": kept.sha256,
        "fault": kept.fault,
    }


def unfetchable_line(position: Position) -> dict[str, Any]:
    """A message that the server lists and does not give."""
    return {"message_id": None, "state": "unfetchable", **asdict(position)}


def thread_line(standing: Standing, message_ids: Sequence[str]) -> dict[str, Any]:
    """A thread with its state; the Message-IDs as their fields have them, in the order sent."""
    owner = standing.managers[0].address if len(standing.managers) == 1 else None
    return {
        "thread": standing.thread.id,
        "subject": standing.thread.subject,
        "message_ids": list(message_ids),
        "workspace": standing.thread.workspace,
        "account_manager": owner,
        "waiting_on": standing.state.waiting_on,
        "action": standing.state.action,
        "because": standing.state.because or None,
        "since": _instant(standing.state.since),
        "due": _instant(standing.state.due),
        "unsure": standing.state.unsure,
        "snoozed_until": _instant(standing.snoozed_until),
        "done": standing.rest.done,
    }


def _match(match: Match) -> dict[str, Any]:
    """Whose it is and why; `provisional` where a person should confirm it, `rivals` where two are possible."""
    return {
        "score": round(match.score, 2),
        "because": match.because,
        "ground": match.ground,
        "provisional": match.provisional,
        "rivals": list(match.rivals),
    }


def _signal(signal: Signal) -> dict[str, Any]:
    line: dict[str, Any] = {
        "kind": signal.kind,
        "quote": signal.quote,
        "confidence": round(signal.confidence, 2),
        "sure": signal.sure,
        "due": _instant(signal.due),
    }
    return {**line, "status": signal.status} if signal.kind is Kind.APPROVAL else line


def _brief(brief: Brief) -> dict[str, Any]:
    return {**asdict(brief), "deliverables": list(brief.deliverables), "deadline": _instant(brief.deadline)}


def _instant(at: datetime | date | None) -> str | None:
    return at.isoformat() if at else None
