"""How long to wait for a server that is away."""

from __future__ import annotations

from collections.abc import Callable

from service.errors import LogInRefused, ServerBusy

FIRST_PAUSE = 1.0  # seconds
LAST_PAUSE = 40.0  # with the 15 s of a try that nobody answers, a fault is over within 60 s of its end
SPARING = 3  # failures, after which we ask at most once in SPARING_PAUSE
SPARING_PAUSE = 10.0
FIRST_REFUSED = 5.0
LAST_REFUSED = 900.0
STEADY = 60.0  # seconds that a session lasts before what went wrong before it is forgotten
_SPREAD = 0.1  # of a pause, so that those who lost a server together do not come back together


class Backoff:
    """How long to wait before the next try (promises.md P5)."""

    def __init__(self, chance: Callable[[], float]) -> None:
        """`chance` gives a number from 0 up to 1."""
        self._chance = chance
        self._failures = 0
        self._refusals = 0

    def worked(self, seconds: float) -> None:
        """A session did its work and has lasted so long: one that always breaks off at once is no success."""
        self._refusals = 0
        if seconds >= STEADY:
            self._failures = 0

    def after(self, error: Exception) -> float:
        """
        Seconds to wait after this error: from one, doubled, to 40, and 10 at least after the third.

        A refused log-in is asked again ever more rarely, up to a quarter of an hour, since providers lock
        accounts for it. A pause that the server asked for is kept.
        """
        self._failures += 1
        if isinstance(error, LogInRefused):
            self._refusals += 1
            pause = min(FIRST_REFUSED * 2.0 ** min(self._refusals - 1, 10), LAST_REFUSED)
        else:
            pause = min(FIRST_PAUSE * 2.0 ** min(self._failures - 1, 10), LAST_PAUSE)
        if self._failures >= SPARING:
            pause = max(pause, SPARING_PAUSE)
        pause *= 1 + _SPREAD * self._chance() * (1 if pause < LAST_PAUSE else -1)
        if isinstance(error, ServerBusy) and error.retry_after:
            pause = max(pause, error.retry_after.total_seconds())
        return pause
