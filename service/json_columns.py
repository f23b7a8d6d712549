"""Values to the JSON columns of a message's row, and back."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from typing import Any

from parsers.briefs import Brief
from parsers.message import Attachment, AttachmentKind
from parsers.signals import Kind, Signal, Status


def attachment_of(row: dict[str, Any]) -> Attachment:
    """An attachment from its column."""
    return Attachment(**{**row, "kind": AttachmentKind(row.get("kind", AttachmentKind.FILE))})


def signal_json(signal: Signal) -> dict[str, Any]:
    """A signal for its column."""
    return {**asdict(signal), "due": signal.due.isoformat() if signal.due else None}


def signal_of(row: dict[str, Any]) -> Signal:
    """A signal from its column."""
    signal = Signal(**{**row, "kind": Kind(row["kind"]), "status": row["status"] and Status(row["status"])})
    return replace(signal, due=date.fromisoformat(row["due"]) if row["due"] else None)


def brief_json(brief: Brief) -> dict[str, Any]:
    """A brief for its column."""
    return {**asdict(brief), "deadline": brief.deadline.isoformat() if brief.deadline else None}


def brief_of(row: dict[str, Any]) -> Brief:
    """A brief from its column."""
    deadline = date.fromisoformat(row["deadline"]) if row["deadline"] else None
    return Brief(**{**row, "deliverables": tuple(row["deliverables"]), "deadline": deadline})
