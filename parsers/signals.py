"""What a message says: signals with their evidence (signals.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What a message can say (signals.md, "Signals")."""

    BRIEF = "brief"
    APPROVAL = "approval"
    QUESTION = "question"
    DEADLINE = "deadline"
    PROMISE = "promise"
    SCOPE = "scope"
    PAYMENT = "payment"
    RISK = "risk"


class Status(StrEnum):
    """What an approval signal decides, or asks."""

    REQUESTED = "requested"
    GRANTED = "granted"
    CONDITIONAL = "conditional"
    CHANGES = "changes"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One thing that a message says (signals.md, "Signals")."""

    kind: Kind
    quote: str  # the author's own words, verbatim, never from quoted text
    status: Status | None = None  # for an approval, and for nothing else
    due: date | None = None  # a day in the author's zone, not an instant
    confidence: float = 1.0  # 0 to 1

    def __post_init__(self) -> None:
        if (self.kind is Kind.APPROVAL) is not (self.status is not None):
            raise ValueError(f"{self.kind} with status {self.status}")
