"""Values to the JSON columns of a message's row, and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from parsers.briefs import Brief
from parsers.ledger import Action, Ledger, Need, Spoken
from parsers.message import Attachment, AttachmentKind
from parsers.signals import Kind, Signal, Status


def _columns(value: Any) -> dict[str, Any]:
    """A value by its fields, which hold none that JSON cannot: `asdict` copies all of them, for ten times the time."""
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def attachment_json(attachment: Attachment) -> dict[str, Any]:
    """An attachment for its column."""
    return _columns(attachment)


def attachment_of(row: dict[str, Any]) -> Attachment:
    """An attachment from its column."""
    return Attachment(**{**row, "kind": AttachmentKind(row.get("kind", AttachmentKind.FILE))})


def signal_json(signal: Signal) -> dict[str, Any]:
    """A signal for its column."""
    return {**_columns(signal), "due": signal.due.isoformat() if signal.due else None}


def signal_of(row: dict[str, Any]) -> Signal:
    """A signal from its column."""
    signal = Signal(**{**row, "kind": Kind(row["kind"]), "status": row["status"] and Status(row["status"])})
    return replace(signal, due=date.fromisoformat(row["due"]) if row["due"] else None)


def brief_json(brief: Brief) -> dict[str, Any]:
    """A brief for its column."""
    return {**_columns(brief), "deadline": brief.deadline.isoformat() if brief.deadline else None}


def brief_of(row: dict[str, Any]) -> Brief:
    """A brief from its column."""
    deadline = date.fromisoformat(row["deadline"]) if row["deadline"] else None
    return Brief(**{**row, "deliverables": tuple(row["deliverables"]), "deadline": deadline})


def ledger_json(ledger: Ledger) -> dict[str, Any]:
    """What is open on a thread, for its column."""
    return {
        "owed": [_need_json(one) for one in ledger.owed.values()],
        "promise": ledger.promise and _need_json(ledger.promise),
        "asked": ledger.asked and _need_json(ledger.asked),
        "last": ledger.last and _spoken_json(ledger.last),
        "changed_at": ledger.changed_at and ledger.changed_at.isoformat(),
        "woken_at": ledger.woken_at and ledger.woken_at.isoformat(),
    }


def ledger_of(row: dict[str, Any]) -> Ledger:
    """What is open on a thread, from its column."""
    owed = [_need_of(one) for one in row["owed"]]
    return Ledger(
        owed={one.action: one for one in owed},
        promise=_need_of(row["promise"]) if row["promise"] else None,
        asked=_need_of(row["asked"]) if row["asked"] else None,
        last=_spoken_of(row["last"]) if row["last"] else None,
        changed_at=datetime.fromisoformat(row["changed_at"]) if row["changed_at"] else None,
        woken_at=datetime.fromisoformat(row["woken_at"]) if row.get("woken_at") else None,
    )


def _need_json(need: Need) -> dict[str, Any]:
    return {
        "action": need.action,
        "did": need.did,
        "by": _spoken_json(need.by),
        "quote": need.quote,
        "due": need.due and need.due.isoformat(),
        "decision": need.decision,
        "silent_since": need.silent_since.isoformat(),
        "sure": need.sure,
    }


def _need_of(row: dict[str, Any]) -> Need:
    return Need(
        action=Action(row["action"]),
        did=row["did"],
        by=_spoken_of(row["by"]),
        quote=row["quote"],
        due=date.fromisoformat(row["due"]) if row["due"] else None,
        decision=row["decision"],
        silent_since=datetime.fromisoformat(row["silent_since"]),
        sure=row["sure"],
    )


def _spoken_json(one: Spoken) -> list[str]:
    return [one.message, one.author, one.at.isoformat()]


def _spoken_of(row: list[str]) -> Spoken:
    message, author, at = row
    return Spoken(message=message, author=author, at=datetime.fromisoformat(at))
