"""How long one waits for a command that does next to nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from bench.ground import Ground
from bench.runs import in_turns, practiq, run
from bench.table import Row


def startup(ground: Ground) -> Iterator[Row]:
    """`practiq --help` and `practiq status`, against one import."""
    config = ground.config("status")
    practiq(config, "ingest", ground.corpus(ground.few))
    shown, known, imported = in_turns(
        ground.turns,
        lambda: practiq(config, "--help"),
        lambda: practiq(config, "status", statuses=(0, 1)),  # 1: no inbox was ever read, which it says
        lambda: run([sys.executable, "-c", "import sqlalchemy"]),
    )
    for what, ours, goal in (("practiq --help", shown, 0.6), ("practiq status", known, 2.0)):
        yield Row(
            what=what,
            yardstick="python -c 'import sqlalchemy'",
            ours=[one.seconds for one in ours],
            theirs=[one.seconds for one in imported],
            goal=goal,
        )
