"""A correction in words: what moved, what was learned, what was taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from service.assigning import Assigned, Undone
from service.office import Office
from service.reading import Move
from service.thread_rows import Thread

_MOST_NAMED = 5  # threads named one by one; the others are counted


def no_client(name: str, meant: Sequence[str], office: Office) -> tuple[str, str]:
    """Why a name is not taken for a client's, and what would be; a sentence each."""
    if meant:
        return f"“{name}” may be {listed(meant, 'or')}.", "Write the whole name."
    near = office.workspaces.nearest(name)
    hint = f"Did you mean {listed(near, 'or')}?" if near else "Write it as your list of clients has it."
    return f"No client is called “{name}”.", hint


def assigned_words(done: Assigned, thread: Thread) -> str:
    """What came of a correction besides the thread itself."""
    said = []
    if values := [value for _, value in done.lessons.learned]:
        said.append(f"I learned that {listed(values)} {'is' if len(values) == 1 else 'are'} theirs.")
    said += done.lessons.refused
    if others := [one for one in done.moves if one.thread != thread.id]:
        said.append(f"Filed again: {moved_words(others)}.")
    return " ".join(said)


def undone_words(done: Undone, marked: Sequence[str]) -> str:
    """What was taken back, besides that it was."""
    said = []
    if marked:
        said.append(f"As before: {listed(marked)}.")
    if done.moves:
        said.append(f"Filed again: {moved_words(done.moves)}.")
    if done.forgotten:
        said.append(f"Forgotten: {listed(done.forgotten)}.")
    return " ".join(said)


def moved_words(moves: Iterable[Move]) -> str:
    """Threads, and from which client to which they went."""
    shown = [f"“{one.subject}” ({_from(one)} to {_to(one)})" for one in moves]
    more = len(shown) - _MOST_NAMED
    return listed(shown[:_MOST_NAMED] + ([f"{more} more"] if more > 0 else []))


def _from(move: Move) -> str:
    return listed(sorted(one or "no client" for one in move.before))


def _to(move: Move) -> str:
    return (move.match.workspace if move.match else None) or "no client"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Words in a row, with "and" (or another word) before the last."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
