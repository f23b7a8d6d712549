"""Whose a key is, by number: the places of clients in the sequence that an index was built from."""

from __future__ import annotations

Owners = tuple[int, ...]  # ascending, each once


def enter(index: dict[str, Owners], key: str, mine: Owners) -> None:
    """Enter a sole owner under a key; its tuple is shared by all its keys, for there are many."""
    there = index.get(key)
    if there is None:
        index[key] = mine
    elif mine[0] not in there:
        index[key] = tuple(sorted((*there, *mine)))
