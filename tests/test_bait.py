"""No regular expression can be held up by a mail."""

from __future__ import annotations

import ast
import re
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Collection
from typing import Any

import pytest

from tests.bait import ROOT, baits, calls_of, patterns, sources, uses

FEW, MANY = 2_000, 40_000  # characters; the many for what was slow with the few
SLOW_SECONDS = 0.01
LIMIT_SECONDS = 10  # of the processor, for one expression and one bait
# These see a clause of a reply, which is cut before (commands_of).
OF_A_CLAUSE = ("parsers.command_attempts.", "parsers.command_sayings.", "parsers.command_wholes.")
ALL_SECONDS = 110
# Expressions that are made in a function: of escaped words of the configuration, and of names of elements.
MADE = {
    "service/forgetting.py": 1,
    "parsers/html.py": 2,
    "parsers/date_patterns.py": 1,
    "parsers/emptying.py": 1,
}


def made_in_functions() -> dict[str, int]:
    """How many calls in functions make an expression of something that is not written there, by file."""
    found: dict[str, int] = {}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.Lambda):
                made = [one for one in calls_of(node) if not isinstance(one.args[0], ast.Constant)]
                if made:
                    found[str(path.relative_to(ROOT))] = len(made)
    return found


@pytest.mark.promise("P4")
def test_every_expression_is_known() -> None:
    """Each is held by a module or written where it is used, where the bait below finds it; five are made, none of a mail."""
    assert made_in_functions() == MADE


@pytest.mark.promise("P4")
@pytest.mark.pitfall("talon#168", "zapier/email-reply-parser#43", "crisp#39", "github/email_reply_parser#65")
@pytest.mark.pitfall("itop-jb-mail#246")
def test_no_bait_holds_an_expression_up() -> None:
    """Each is fed what its repeats may eat again and again; one that is held up is ended by its process, and named."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.test_bait"], cwd=ROOT, capture_output=True, text=True, timeout=ALL_SECONDS, check=False
    )  # fmt: skip

    assert ended.returncode == 0, f"held up: {ended.stdout.splitlines()[-1:]} {ended.stderr[-300:]}"
    assert len(ended.stdout.splitlines()) == len(patterns())


def test_bait_holds_up_what_can_be() -> None:
    """The bait is good: it outlasts a short limit with expressions that are known to be catastrophic."""
    for known in (r"(?:a+)+b", r"(?:.*,){15}x", r"\s*(?:\d+\s*)*;"):
        with pytest.raises(TimeoutError):
            feed(re.compile(known), 1)


def used_as(where: str) -> set[str]:
    """How the expression that stands there is used."""
    module, _, name = where.split(" ")[0].rpartition(".")
    known = uses()
    return known.get(name) or known.get(module) or {"finditer"}


def feed(
    pattern: re.Pattern[Any], seconds: int, how: Collection[str] = ("finditer",), most: int = MANY
) -> None:
    """Look for a pattern in all its bait, as it is used. Raises TimeoutError where it takes more of the processor's time."""

    def late(_signal: int, _frame: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGVTALRM, late)
    try:
        for before, again in baits(pattern):
            signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
            for size in (FEW, most):
                bait: Any = f"{before}{again * (size // len(again))}\0"
                bait = bait if isinstance(pattern.pattern, str) else bait.encode("latin-1", "replace")
                begun = time.process_time()
                for one in how:
                    deque(pattern.finditer(bait), maxlen=0) if one == "finditer" else getattr(pattern, one)(
                        bait
                    )
                if time.process_time() - begun < SLOW_SECONDS:
                    break
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


if __name__ == "__main__":
    for where, each in patterns().items():
        sys.stdout.write(f"{where}\n")
        sys.stdout.flush()
        feed(each, LIMIT_SECONDS, used_as(where), FEW if where.startswith(OF_A_CLAUSE) else MANY)
