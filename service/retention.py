"""How long mail is kept (promises.md P23)."""

from __future__ import annotations

from service.app import App
from service.bulk import batched
from service.forget_rows import (
    empty_letters,
    forget_items,
    kept_before,
    kept_of_threads,
    last_kept_of_threads,
)
from service.forgotten_rows import Kind
from service.kept_rows import KeptState
from service.logs import Log
from service.store import find_setting, record_setting
from service.thread_rows import forget_empty

_TIDIED = "tidied"  # the setting that says on which day this was done last

log = Log(__name__)


def tidy(app: App) -> None:
    """
    Erase what is older than it is to be kept; once a day, of threads as a whole.

    A thread's age is that of its last mail. What was erased is not fetched again.
    """
    now = app.now()
    today = now.date().isoformat()
    with app.store.transaction() as session:
        if find_setting(session, _TIDIED) == today:
            return
        threads = [
            thread
            for thread, workspace, last in last_kept_of_threads(session)
            if last < now - app.retention.of(workspace)
        ]
        loose = [
            *kept_before(session, now - app.retention.mail, KeptState.READ),
            *kept_before(session, now - app.retention.quarantine, KeptState.QUARANTINED),
        ]
    erased = 0
    for some in batched(threads):
        with app.store.transaction() as session:
            erased += app.door.erase(session, kept_of_threads(session, some), Kind.EXPIRED, now)
            forget_empty(session, some)
    for few in batched(loose):
        with app.store.transaction() as session:
            erased += app.door.erase(session, few, Kind.EXPIRED, now)
    with app.store.transaction() as session:
        emptied = empty_letters(session, settled_before=now - app.retention.digests)
        forget_items(session, now - app.retention.digests)
        record_setting(session, _TIDIED, today)
    if erased or emptied:
        log.info("tidied", mails=erased, letters=emptied)
