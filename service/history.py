"""Mail from files, kept and read: years of it, which may be stopped in between and gone on with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from service import backlog, watching
from service.app import App
from service.bars import bar
from service.files import mails_in
from service.intake import batches, keep_raw
from service.kept_rows import Mail, count_unread

MUCH_BYTES = 2_000_000  # which take some seconds to keep


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What came of it."""

    seen: int
    new: int  # of those seen, that we did not hold
    unread: int  # that are kept, and left to be read by whoever comes next


def ingest(app: App, files: Sequence[Path], stop: Callable[[], bool] = lambda: False) -> Ingested:
    """
    Keep and read the mail in these files, with a bar on a terminal.

    Before each batch `stop` is asked whether to go on another time. What was kept by then stays, and the same
    files read again go on behind it: mail that is held is known by its bytes.
    """
    size = sum(file.stat().st_size for file in files)
    seen = new = passed = 0

    def pass_on(count: int) -> None:
        nonlocal passed
        passed += count

    beside = backlog.read_beside(app, stop) if size >= MUCH_BYTES else nullcontext()
    with beside, bar("Keeping", size, unit="MB") as advance:
        for batch in takewhile(lambda _: not stop(), batches(_mails(app, files, pass_on))):
            kept = [is_new for _, is_new in keep_raw(app.store, batch, app.now(), app.door)]
            seen, new = seen + len(kept), new + sum(kept)
            advance(passed, held=not any(kept))
            passed = 0
    watching.read(app, stop, least=1)
    if stop():
        app.sandbox.kill()  # a mail that it is at would have us wait for its whole time
    with app.store.transaction() as session:
        return Ingested(seen=seen, new=new, unread=count_unread(session))


def _mails(app: App, files: Sequence[Path], passed: Callable[[int], None]) -> Iterator[Mail]:
    for file in files:
        yield from mails_in(file, app.whole_up_to_bytes, passed)
