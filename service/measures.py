"""What the service measures of its own work while it runs; it begins anew with each start."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Measures:
    """How often the inbox was read from its beginning to its end, and how long that took altogether."""

    polls: int = 0
    poll_seconds: float = 0.0

    def polled(self, seconds: float) -> None:
        """One more pass over the inbox has ended."""
        self.polls += 1
        self.poll_seconds += seconds
