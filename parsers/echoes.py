"""Words of our own letters that a reply repeats without any mark of quotation."""

from __future__ import annotations

from collections.abc import Iterable

_LONG_CHARS = 40  # a line that nobody writes by chance as we did
_MAX_LINES = 2_000


def without_echo(own: str, letters: Iterable[str]) -> str:
    """
    The new words of a reply, without the lines that stand so in these letters of ours.

    Nothing is taken away where no long line of ours is repeated: whoever writes "done 1", as we do
    somewhere, means it. Lines are compared without their blanks. Total.

    Source: responders and mail programs that repeat a mail unmarked; our help has commands in it.
    """
    ours = {line for letter in letters for line in map(_flat, letter.splitlines()[:_MAX_LINES])} - {""}
    lines = own.splitlines()
    if not any(len(line) >= _LONG_CHARS and line in ours for line in map(_flat, lines)):
        return own
    return "\n".join(line for line in lines if _flat(line) not in ours)


def _flat(line: str) -> str:
    return " ".join(line.split())
