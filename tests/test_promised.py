"""Each promise has a test by its number, and each bug of others one by its name."""

from __future__ import annotations

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parent
PITFALLS = {
    line for line in (TESTS / "pitfalls.txt").read_text().splitlines() if line and not line.startswith("#")
}
PROMISES = {f"P{number}" for number in range(1, 26)}


def marks(kind: str) -> set[str]:
    """What the tests' marks of a kind name: @pytest.mark.KIND("…", …)."""
    found = set()
    for file in TESTS.glob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == f"pytest.mark.{kind}":
                found |= {str(ast.literal_eval(one)) for one in node.args}
    return found


def test_each_promise_has_a_test() -> None:
    """By its number, as docs/promises.md has it; and no mark names another."""
    listed = set(re.findall(r"^\| (P\d+) \|", (TESTS.parent / "docs" / "promises.md").read_text(), re.M))

    assert marks("promise") == PROMISES == listed


def test_each_pitfall_has_a_test() -> None:
    """By its name, as the list has it; and no mark names another."""
    assert marks("pitfall") == PITFALLS
