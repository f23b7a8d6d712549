"""The grammar of words for a day in seven languages: the rules, in the order in which they are tried."""

from __future__ import annotations

from parsers.date_dates import DATES
from parsers.date_periods import PERIODS
from parsers.date_relative import RELATIVE
from parsers.date_words import Rules

# The first that reads some words keeps them from those below it.
_ALL = (*DATES, *RELATIVE, *PERIODS)
RULES = Rules(_ALL)
DUE_RULES = Rules(one for one in _ALL if one.for_due)
