"""Each promise has a test by its number, and each bug of others one by its name."""

from __future__ import annotations

import ast
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


def test_marks_name_what_there_is() -> None:
    """No mark names a promise or a bug that is not listed."""
    assert marks("promise") <= PROMISES
    assert marks("pitfall") <= PITFALLS
