"""Every regular expression of practiq, and strings that are made to hold it up."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from re import _compiler, _constants, _parser  # type: ignore[attr-defined]
from typing import Any

ROOT = Path(__file__).parent.parent
ASKED = ("match", "fullmatch", "search", "finditer", "sub", "subn", "split", "findall")
_LETTERS = " a1-.,<>@_/'\n\tA(é:x\""
_GENERIC = ("a", " ", "<", "(", "[", "\n", "1", ",", ">", ".", "-", "a ", "1 ", "<a>", "a@", "> \n", "=", "&")
_MANY = 8  # what may repeat oftener is worth repeating
_MOST_REPEATS = 60


def sources() -> list[Path]:
    """The files whose expressions meet mail."""
    return [path for folder in ("parsers", "service") for path in sorted((ROOT / folder).rglob("*.py"))
            if not {"demo", "migrations"} & {*path.parts} and path.stem != "__main__"]  # fmt: skip


def calls_of(tree: ast.AST) -> Iterator[ast.Call]:
    """The calls of re's functions: re.compile(…), re.sub(…)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {
            f"re.{one}" for one in ("compile", *ASKED)
        }:
            yield node


def patterns() -> dict[str, re.Pattern[Any]]:
    """Every expression by where it stands: what modules hold, and what is written in calls."""
    found: dict[tuple[str | bytes, int], tuple[str, re.Pattern[Any]]] = {}

    def hold(name: str, value: object, depth: int = 0) -> None:
        if isinstance(value, re.Pattern):
            found.setdefault((value.pattern, value.flags), (name, value))
        elif depth > 4 or isinstance(value, type | str | bytes):
            return
        elif isinstance(value, dict):
            hold(name, (*value, *value.values()), depth + 1)
        elif isinstance(value, tuple | list | set | frozenset):
            for one in value:
                hold(name, one, depth + 1)
        elif is_dataclass(value):
            hold(name, [getattr(value, one.name, None) for one in fields(value)], depth + 1)

    for path in sources():
        dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for name, value in list(vars(importlib.import_module(dotted)).items()):
            hold(f"{dotted}.{name}", value)
        for call in calls_of(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call.args[0], ast.Constant) and ast.unparse(call.func) != "re.compile":
                written = [
                    one for one in ast.walk(call) if isinstance(one, ast.Attribute) and one.attr == "I"
                ]
                hold(f"{dotted}:{call.lineno}", re.compile(call.args[0].value, re.I if written else 0))
    return {f"{name} #{number}": one for number, (name, one) in enumerate(found.values())}


@cache
def uses() -> dict[str, set[str]]:
    """How each name of an expression, and whatever in a module, is used: to look at one place, or at all ("finditer")."""
    found: dict[str, set[str]] = {}
    for path in sources():
        dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for name, how in re.findall(rf"\b(\w+)\.({'|'.join(ASKED)})\b", path.read_text(encoding="utf-8")):
            for key in (name, dotted):
                found.setdefault(key, set()).add(how if how in ("match", "fullmatch") else "finditer")
    return found


def baits(pattern: re.Pattern[Any]) -> set[tuple[str, str]]:
    """What is eaten once, and what again and again, until something fails."""
    tree = _parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    repeats: list[tuple[str, str]] = []
    whole = _eaten(tree, pattern.flags, tree.state, repeats, "")
    found = set(repeats[:: len(repeats) // _MOST_REPEATS + 1]) | {("", one) for one in _GENERIC}
    return found | {("", one) for one in (whole, whole[:-1]) if one} | {(whole[: len(whole) // 2], "a ")}


def _eaten(nodes: Any, flags: int, state: Any, repeats: list[tuple[str, str]], before: str) -> str:
    """`before`, and little that these parts of an expression eat; notes what each of its repeats may eat."""
    text = before
    for op, given in nodes:
        if op is _constants.LITERAL:
            text += chr(given)
        elif op in (_constants.NOT_LITERAL, _constants.ANY, _constants.IN):
            text += next(_letters((op, given), flags, state), "a")
        elif op is _constants.BRANCH:
            text = [_eaten(one, flags, state, repeats, text) for one in given[1]][-1]
        elif op is _constants.SUBPATTERN:
            text = _eaten(given[3], flags, state, repeats, text)
        elif op is _constants.ATOMIC_GROUP:
            text = _eaten(given, flags, state, repeats, text)
        elif op is _constants.ASSERT and given[0] > 0:
            _eaten(given[1], flags, state, repeats, text)
        elif op in (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT):
            least, most, body = given
            one = _eaten(body, flags, state, repeats, text)[len(text) :]
            if most is _constants.MAXREPEAT or most >= _MANY:
                single = len(body) == 1 and body[0][0] in (
                    _constants.NOT_LITERAL,
                    _constants.ANY,
                    _constants.IN,
                )
                repeats += [
                    (text, unit)
                    for unit in {one, *(_letters(body[0], flags, state) if single else ())}
                    if unit
                ]
            text += one * max(least, 1)
    return text


def _letters(node: Any, flags: int, state: Any) -> Iterator[str]:
    """Which of some letters a part eats that eats one letter."""
    eats = _compiler.compile(_parser.SubPattern(state, [node]), flags & ~re.VERBOSE).fullmatch
    for one in _LETTERS:
        try:
            if eats(one):
                yield one
        except TypeError:  # an expression of bytes
            if eats(one.encode("latin-1")):
                yield one
