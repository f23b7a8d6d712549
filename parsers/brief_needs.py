"""What a brief says so far, what it leaves open, and how to ask for that."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefNeed:
    """A brief as its account manager has to complete it."""

    said: tuple[tuple[str, str], ...]  # field and what the client said of it, in the client's own words
    missing: tuple[str, ...]  # fields that nothing was said of
    questions: tuple[str, ...]  # one for each of `missing`, ready to paste
