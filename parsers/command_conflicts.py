"""The orders of one reply that contradict each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator

from parsers.command_kinds import (
    Assign,
    Command,
    Done,
    Give,
    Handover,
    NotSo,
    NotUnderstood,
    Pause,
    Replied,
    Resume,
    Snooze,
    Wake,
)

_Said = tuple[str, Hashable, str]  # what the order is about, what it says of that, and the clause


def contradicted(
    commands: Iterable[Command | NotUnderstood], numbers: Collection[int]
) -> dict[int, tuple[str, ...]]:
    """
    The items for which a reply orders different things, each with the clauses that do, in the order written.

    `numbers` are the digest's: what "all" stands for; others are left out. An item is snoozed, woken, closed,
    answered or read wrongly, one of these, and a snooze has one end; it belongs to one client, and is given to
    one person. Nobody gives or files what was read wrongly, nor gives away what is closed. The same thing twice is no
    contradiction, nor is whose an item is, or who sees to it, beside a snooze. Total.
    """
    said: dict[int, list[_Said]] = defaultdict(list)
    for command in commands:
        if isinstance(command, (Snooze, Done, Wake, Replied, NotSo, Give, Assign)):
            of = numbers if command.numbers is None else command.numbers
            for number in set(of).intersection(numbers):
                said[number] += _sayings(command)
    found = {number: _differing(said[number]) for number in sorted(said)}
    return {number: clauses for number, clauses in found.items() if clauses}


def contradicted_clauses(commands: Iterable[Command | NotUnderstood]) -> tuple[str, ...]:
    """
    The clauses about no item that contradict each other, in the order written; empty where none do.

    A reply pauses until one day with one stand-in, or resumes; a client is handed to one person. Total.
    """
    said: list[_Said] = []
    for command in commands:
        match command:
            case Pause():
                said.append(("pause", (command.until, _same(command.stand_in or "")), command.clause))
            case Resume():
                said.append(("pause", None, command.clause))
            case Handover():
                said.append((f"client {_same(command.name)}", _same(command.to), command.clause))
    return _differing(said)


def _sayings(command: Snooze | Done | Wake | Replied | NotSo | Give | Assign) -> Iterator[_Said]:
    match command:
        case Give():
            yield "given", _same(command.name), command.clause
            yield "kept", True, command.clause
            yield "so", True, command.clause
        case Assign():
            yield "client", _same(command.name), command.clause
            yield "so", True, command.clause
        case Snooze():
            yield "state", ("snooze", command.until.timestamp()), command.clause
        case _:
            yield "state", type(command).__name__, command.clause
            if isinstance(command, Done):
                yield "kept", False, command.clause
            if isinstance(command, NotSo):
                yield "so", False, command.clause


def _differing(said: list[_Said]) -> tuple[str, ...]:
    """The clauses that say different things about the same, each once."""
    values: dict[str, set[Hashable]] = defaultdict(set)
    for about, value, _ in said:
        values[about].add(value)
    return tuple(dict.fromkeys(clause for about, _, clause in said if len(values[about]) > 1))


def _same(name: str) -> str:
    return " ".join(name.casefold().split())
