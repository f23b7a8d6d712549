"""What a brief says so far, what it leaves open, and how to ask for that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from parsers.briefs import Brief

_DELIVERABLES = "Deliverables"
_OBJECTIVE = "Objective"
_AUDIENCE = "Audience"
_DEADLINE = "Deadline"
_BUDGET = "Budget"
_METRICS = "Success is measured by"
_CONSTRAINTS = "Constraints"

_MAX_DELIVERABLES = 8
_MAX_NAME_CHARS = 90  # of one deliverable
_MAX_CHARS = 240  # of what was said of any other field

# Without these nobody can start or make an estimate. Few clients name a measure or a limit, and
# whoever asks for one each time is not read any more: those two are shown where they were said.
_QUESTIONS = {
    _DELIVERABLES: "What exactly would you like us to make?",
    _OBJECTIVE: "What should {it} achieve for you?",
    _AUDIENCE: "Who is {it} for?",
    _DEADLINE: "When do you need {it} by?",
    _BUDGET: "What budget may we plan with for {it}?",
}

_ARTICLE = re.compile(
    r"(?:(?:an?|the|our|one|new|brand-new|eine?n?|der|die|das|une?|la|le|una?|el)\s)+", re.I
)
# One thing that one makes, by a name that stays right behind "the": "a new landing page", no "a hand".
_ONE_THING = re.compile(
    r"(?:(?:an?|the|our|one|new) ){0,3}((?:(?!(?:for|of|with|to|in|on|at|and|or|that|your|my|their)\b)[a-z][a-z-]{1,19} ){0,2}"
    r"(?:ad|advert|animation|annual report|app|banner|billboard|booklet|brochure|campaign|catalog|catalogue|e-?book|film"
    r"|flyer|illustration|infographic|invitation|leaflet|logo|mailer|menu|mural|newsletter|page|pamphlet|podcast"
    r"|postcard|poster|presentation|trailer|video|website|microsite))",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefNeed:
    """A brief as its account manager has to complete it."""

    said: tuple[tuple[str, str], ...]  # field and what the client said of it, in the client's own words
    missing: tuple[str, ...]  # fields that nothing was said of
    questions: tuple[str, ...]  # one for each of `missing`, ready to paste


def need_of(briefs: Sequence[Brief], deadline: date | None = None) -> BriefNeed:
    """
    What these briefs of one thread, in the order sent, say together, and what is still to be asked.

    Deliverables add up, each once; of every other field the latest word counts. `deadline` is a day that
    the client named elsewhere on the thread: it counts where no brief names one. Only what work
    cannot start without is missing. No briefs: all of it is. Total.
    """
    names = _each_once(name for brief in briefs for name in brief.deliverables)
    due = next((brief.deadline for brief in reversed(briefs) if brief.deadline), deadline)
    said = {
        _DELIVERABLES: _listed(names),
        _OBJECTIVE: _latest(brief.objective for brief in briefs),
        _AUDIENCE: _latest(brief.audience for brief in briefs),
        _DEADLINE: f"{due:%a} {due.day} {due:%b} {due.year}" if due else "",
        _BUDGET: _latest(brief.budget for brief in briefs),
        _METRICS: _latest(brief.metrics for brief in briefs),
        _CONSTRAINTS: _latest(brief.constraints for brief in briefs),
    }
    missing = tuple(field for field in _QUESTIONS if not said[field])
    return BriefNeed(
        said=tuple((field, words) for field, words in said.items() if words),
        missing=missing,
        questions=tuple(_QUESTIONS[field].format(it=_it(names)) for field in missing),
    )


def _each_once(names: Iterable[str]) -> list[str]:
    """These in their order, without those that differ from an earlier one in capitals or articles only."""
    found: dict[str, str] = {}
    for name in names:
        words = _flat(name, _MAX_NAME_CHARS).strip(" ,;.")
        if words:
            found.setdefault(_ARTICLE.sub("", words, count=1).casefold() or words, words)
    return list(found.values())


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MAX_DELIVERABLES
    return "; ".join([*names[:_MAX_DELIVERABLES], *([f"{more} more"] if more > 0 else [])])


def _latest(said: Iterable[str | None]) -> str:
    return next((words for one in reversed([*said]) if one and (words := _flat(one, _MAX_CHARS))), "")


def _flat(words: str, limit: int) -> str:
    """Words on one line, in `limit` characters at the most."""
    flat = " ".join(words[: 4 * limit].split())
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


def _it(names: Sequence[str]) -> str:
    """What the questions ask about: the one thing by its name, where that surely is one."""
    one = _ONE_THING.fullmatch(names[0]) if len(names) == 1 else None
    return f"the {one[1]}" if one else "it"
