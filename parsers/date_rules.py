"""The grammar of words for a day in seven languages: the rules, in the order in which they are tried."""

from __future__ import annotations

from parsers.date_dates import DATES
from parsers.date_periods import PERIODS
from parsers.date_relative import RELATIVE
from parsers.date_words import Rule

# The first that reads some words keeps them from those below it.
RULES: tuple[Rule, ...] = (*DATES, *RELATIVE, *PERIODS)
DUE_RULES = tuple(one for one in RULES if one.for_due)
