"""How far something is, how fast it goes and how long it will still take: a bar on a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # it takes its time to load, and most commands have nothing to show
    from rich.progress import Task

MANY = 300  # mails, below which it is over before anybody has read the bar
_MEGABYTE = 1_000_000


class Advance(Protocol):
    """Moves a bar on."""

    def __call__(self, count: int = 1, /, *, held: bool = False) -> None:
        """By so many; `held`: they were there before, and say nothing of how fast the others go."""


@contextmanager
def bar(words: str, total: int | None, *, unit: str = "mails", least: int = 1) -> Iterator[Advance]:
    """
    A bar on standard error while something is done `total` times (None: nobody knows), which `Advance` counts.

    Nothing where standard error is no terminal, or where it is done less than `least` times. The unit "MB" is
    counted in bytes. What the log says meanwhile stands above the bar.
    """
    if not sys.stderr.isatty() or (total is not None and total < least):
        yield lambda _=1, /, **_held: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn
    from rich.table import Column
    from rich.text import Text

    class Terminal(Console):
        def show_cursor(self, show: bool = True) -> bool:  # noqa: ARG002 -- rich calls with it
            """Leave the cursor alone: who is killed cannot show it again."""
            return False

    class Pace(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(_pace(task, unit), no_wrap=True)

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=None), Pace(Column(no_wrap=True)))
    with Progress(
        *columns, console=Terminal(stderr=True), transient=True, redirect_stdout=False, expand=True
    ) as progress:
        number = progress.add_task(words, total=total, spent=0.0, held=0, held_spent=0.0)

        def advance(count: int = 1, /, *, held: bool = False) -> None:
            (task,) = progress.tasks
            spent, told = task.elapsed or 0.0, task.fields
            if held:
                since = spent - told["spent"]
                told |= {"held": told["held"] + count, "held_spent": told["held_spent"] + since}
            progress.update(number, advance=count, spent=spent)

        yield advance


def _pace(task: Task, unit: str) -> str:
    """
    How much of how many, how many a second, and the time that the rest takes at that.

    The rate is that of all so far, up to the last one: they come in batches, of which a shorter while has one or none.
    What was held before counts as done, and not for the rate.
    """
    if task.total is None:
        return ""
    size = _MEGABYTE if unit == "MB" else 1
    done = f"{task.completed / size:,.0f} of {task.total / size:,.0f} {unit}"
    spent, held, held_spent = (task.fields[name] for name in ("spent", "held", "held_spent"))
    if not (task.completed > held and spent > held_spent and task.elapsed):
        return done
    rate = (task.completed - held) / (spent - held_spent)
    left = max(0, round((task.total - task.completed) / rate - (task.elapsed - spent)))
    return f"{done}, {rate / size:,.0f} a second, {timedelta(seconds=left)} left"
