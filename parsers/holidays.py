"""Public holidays of a country or a part of it. Alone knows the library of that name."""

from __future__ import annotations

from collections.abc import Container
from datetime import date
from functools import lru_cache


@lru_cache(maxsize=64)
def holiday_calendar(code: str | None) -> Container[date]:
    """
    The public holidays of a country ("US") or of a part of it ("DE-BY"); empty for None.

    Raises ValueError for a code that the holidays library does not know.
    """
    if code is None:
        return frozenset()
    import holidays  # 0.1 s, and 0.2 s for the first country: only for who asks

    country, _, part = code.upper().partition("-")
    try:
        found: Container[date] = holidays.country_holidays(country, subdiv=part or None)
    except RuntimeError as fault:  # of the kind for what is not implemented
        raise ValueError(f"{code!r} is no country code of the holidays library: {fault}") from fault
    return found
