"""
How fast practiq is, beside what others do with the same mail: `python -m bench`.

Takes a private Dovecot and an SMTP server on loopback, runs each measurement and its yardstick in turns, and
prints a table of ratios. Only ratios mean something: seconds are of this machine and this minute.
"""

from __future__ import annotations

import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import click

from bench.backfill import attachment, backfill, growth, ingest
from bench.digests import digests
from bench.every_day import delivery, poll
from bench.ground import Ground
from bench.letters import letters
from bench.runs import Failed
from bench.startup import startup
from bench.table import HEAD, Row, machine
from service import logs

MEASUREMENTS: dict[str, Callable[[Ground], Iterator[Row]]] = {
    one.__name__: one
    for one in (startup, letters, backfill, ingest, attachment, growth, poll, delivery, digests)
}


@click.command(help=__doc__)
@click.option("--quick", is_flag=True, help="For a look: one turn, 1,000 messages, 5 deliveries.")
@click.option(
    "--only", type=click.Choice(list(MEASUREMENTS)), multiple=True, help="This one; may be repeated."
)
@click.option("--messages", type=click.IntRange(10), help="In the mailbox; 10,000 if not given.")
@click.option("--turns", type=click.IntRange(1), help="Of each measurement; 5 if not given.")
@click.option("--deliveries", type=click.IntRange(1), help="To wait for; 20 if not given.")
@click.option("--letters", "sent", type=click.IntRange(1), default=500, show_default=True, help="To send.")
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder that any user may enter, where the invented mail is kept for the next time.",
)
def main(
    quick: bool,
    only: tuple[str, ...],
    messages: int | None,
    turns: int | None,
    deliveries: int | None,
    sent: int,
    keep: Path | None,
) -> None:
    logs.set_up("error")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers end with us
    with ExitStack() as made:
        if keep:
            keep.mkdir(parents=True, exist_ok=True)
        folder = made.enter_context(
            tempfile.TemporaryDirectory(prefix="practiq-bench-", dir=keep, ignore_cleanup_errors=True)
        )
        ground = made.enter_context(
            Ground(
                folder=Path(folder).resolve(),
                corpora=keep and keep.resolve(),
                messages=messages or (1_000 if quick else 10_000),
                turns=turns or (1 if quick else 5),
                deliveries=deliveries or (5 if quick else 20),
                letters=sent,
            )
        )
        print("\n".join([*machine(), f"- {ground.turns} turns of each", "", *HEAD]), flush=True)
        failed = False
        for name in only or MEASUREMENTS:
            try:
                for row in MEASUREMENTS[name](ground):
                    print(row, flush=True)
            except Failed as fault:
                failed = True
                print(f"| {name} | – | – | – | – | – | failed |", flush=True)
                print(f"{name}: {fault}", file=sys.stderr, flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main(prog_name="python -m bench")
