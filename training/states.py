"""
How often a thread's state is as labelled: `python -m training.states [--wrong]`.

Learns nothing. The state follows from the signals and turns as labelled (given), and as read by the
weights that ship, which have learned from these very threads.
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from parsers.reader import Before, Reader, following
from parsers.signals import Kind, Signal, Status, signals_of
from parsers.state import Heard, ThreadState, state_of
from parsers.turns import WaitingOn, turn_of
from parsers.workspaces import Side
from training.examples import HERE, left, threads

READER = Reader.from_json(gzip.decompress((HERE.parent / "parsers" / "reader.json.gz").read_bytes()))


def labelled(signals: list[dict[str, Any]]) -> tuple[Signal, ...]:
    """Signals as they are written in a thread."""
    return tuple(
        Signal(
            kind=Kind(one["kind"]),
            status=Status(one["status"]) if "status" in one else None,
            quote=one["quote"],
            due=date.fromisoformat(one["due"]) if "due" in one else None,
        )
        for one in signals
    )


def heard_in(thread: dict[str, Any], *, as_read: bool) -> Iterator[Heard]:
    """A thread's messages with their signals as labelled, or as read."""
    before: Before | None = None
    for place, row in enumerate(thread["messages"]):
        side, sent, text = Side(row["side"]), datetime.fromisoformat(row["date"]), row["text"]
        apart = bool(row.get("automated") or row.get("internal"))
        counted = f"{row['subject']}\n{text}" if place == 0 and row.get("subject") else text
        leaves = turn_of(counted, before=before, reader=READER) if side is Side.CLIENT else None
        if as_read:
            signals = signals_of(counted, before=before, side=side, sent=sent, reader=READER, leaves=leaves)
        else:
            signals = labelled(row["signals"])
            leaves = WaitingOn(left(thread)) if row is thread["messages"][-1] else leaves
        yield Heard(
            message=str(place),
            author=side,
            side=side,
            sent_at=sent,
            received_at=sent,
            own=text,
            signals=() if apart else signals,
            automated=bool(row.get("automated")),
            internal=bool(row.get("internal")),
            leaves=leaves,
        )
        if not row.get("automated"):
            before = following(before, text, side)


def main() -> None:
    """Count, and name what is not as labelled where asked to."""
    for as_read in (False, True):
        count = turns = actions = 0
        for file, thread in threads():
            found: ThreadState = state_of(
                list(heard_in(thread, as_read=as_read)), now=datetime.fromisoformat(thread["now"])
            )
            count += 1
            turns += found.waiting_on == thread["waiting_on"]
            actions += found.action == thread["action"]
            if "--wrong" in sys.argv and not as_read and found.action != thread["action"]:
                print(f"{file} {thread['thread']} is {thread['action']}, said {found.action}")
        print(
            f"{'as read' if as_read else 'given the signals':18} waiting on {turns / count:.3f}"
            f"   action {actions / count:.3f}   of {count} threads"
        )


if __name__ == "__main__":
    main()
