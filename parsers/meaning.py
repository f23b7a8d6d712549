"""What a message says, whose turn it leaves, and its brief: all that was learned to find, at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from parsers.brief_reader import BriefReader
from parsers.briefs import Brief, brief_of
from parsers.reader import Before, Reader
from parsers.signals import Kind, Signal, signals_of
from parsers.turns import WaitingOn, turn_of
from parsers.workspaces import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """A message of a thread as far as what it says depends on it."""

    text: str  # the words that count: the author's new ones, below the subject where that counts
    own: str  # the author's new ones
    before: Before | None
    side: Side
    sent: datetime  # with the author's own offset


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a message says, and whose turn it leaves it where a client wrote it."""

    signals: tuple[Signal, ...] = ()
    brief: Brief | None = None
    leaves: WaitingOn | None = None


def meaning_of(said: Utterance, *, reader: Reader, brief_reader: BriefReader) -> Meaning:
    """What a message says (signals.md). Total."""
    leaves = turn_of(said.text, before=said.before, reader=reader) if said.side is Side.CLIENT else None
    signals = signals_of(
        said.text, before=said.before, side=said.side, sent=said.sent, reader=reader, leaves=leaves
    )
    brief = None
    if any(one.kind is Kind.BRIEF for one in signals):
        due = next((one.due for one in signals if one.kind is Kind.DEADLINE), None)
        brief = brief_of(said.own, said.sent, reader=brief_reader, due=due)
    return Meaning(signals=signals, brief=brief, leaves=leaves)
