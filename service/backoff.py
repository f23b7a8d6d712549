"""How long to wait for a server that is away."""

from __future__ import annotations

from service.errors import LogInRefused, ServerBusy

FIRST_PAUSE = 1.0  # seconds
LAST_PAUSE = 900.0
LOG_IN_PAUSE = 300.0


class Backoff:
    """How long to wait before the next try: from a second, doubled, to a quarter of an hour."""

    def __init__(self) -> None:
        self._failures = 0

    def reset(self) -> None:
        """It went well."""
        self._failures = 0

    def after(self, error: Exception) -> float:
        """
        Seconds to wait after this error.

        A refused log-in is not tried again soon, since providers lock accounts for it; a pause that the
        server asked for is kept.
        """
        self._failures += 1
        seconds = min(FIRST_PAUSE * 2.0 ** min(self._failures - 1, 20), LAST_PAUSE)
        if isinstance(error, LogInRefused):
            seconds = max(seconds, LOG_IN_PAUSE)
        if isinstance(error, ServerBusy) and error.retry_after:
            seconds = max(seconds, error.retry_after.total_seconds())
        return seconds
