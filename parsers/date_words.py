"""What a rule for words for a day is, and the days that rules find in a text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from parsers.date_calendar import Grain, Sent
from parsers.date_reads import Reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Words of one kind for a day, and how they are read."""

    pattern: re.Pattern[str]
    reads: Reads
    cues: tuple[frozenset[str], ...]  # a text without a word of each of these has nothing to read
    grain: Grain = Grain.DAY
    for_due: bool = True  # a day that something is due on, rather than one to look back at or to begin on
    is_span: bool = False  # "before the end of the week" is still that week
    is_weekday: bool = False  # nothing but a weekday's name
    is_range: bool = False  # the first of several days
    is_loose: bool = False  # where the words contradict each other, they are no date
    is_mute: bool = False  # a name with a day in it, and no day


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A day that words of a text name; None where they look like one and contradict themselves."""

    day: date | None
    start: int
    end: int
    rule: Rule


class Rules:
    """Rules in the order in which they are tried, found by the words that they need."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        self._needing: dict[
            str, list[int]
        ] = {}  # of a cue which rules, by their number, need it or one beside it
        for at, rule in enumerate(self._rules):
            for cue in min(rule.cues, key=len):
                self._needing.setdefault(cue, []).append(at)

    def to_try(self, words: Collection[str]) -> list[Rule]:
        """Those that have something to read in a text of these words."""
        needing = self._needing
        cued = {at for word in words if word in needing for at in needing[word]}
        found = [self._rules[at] for at in sorted(cued)]
        return [one for one in found if not any(cues.isdisjoint(words) for cues in one.cues)]


_WORD = re.compile(r"[a-z]+|\d|/")
_MOST = 12  # days: what names more names none


def words_of(text: str) -> set[str]:
    """The words of a plain text, with "#" for digits and "/" for itself."""
    return {"#" if one.isdigit() else one for one in _WORD.findall(text)}


def named_days(text: str, words: Collection[str], sent: Sent, rules: Rules) -> tuple[list[Named], str]:
    """The days that a plain text of these words names, in the rules' order; and the text with "#" in their place."""
    found: list[Named] = []
    for rule in rules.to_try(words):
        masked = text
        for match in rule.pattern.finditer(text):
            day = rule.reads(sent, match.groupdict())
            if rule.is_loose and day is None:
                continue
            start, end = match.span()
            masked = f"{masked[:start]}{'#' * (end - start)}{masked[end:]}"
            if not rule.is_mute:
                found.append(Named(day=day, start=start, end=end, rule=rule))
            if len(found) == _MOST:
                return found, masked
        text = masked
    return found, text
