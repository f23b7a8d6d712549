"""How mail files would be understood, read into a database that is thrown away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from parsers.reasons import Reasons
from service import backlog
from service.app import App
from service.client_rows import list_clients, record_clients
from service.files import mail_files, mails_in
from service.intake import batches, keep_raw
from service.kept_rows import list_first_copies
from service.message_rows import list_messages, list_read
from service.places import place_of
from service.reading import reasons_in
from service.store import read_store
from service.teaching_rows import list_learned, record_learned, record_order
from service.views import message_lines, thread_lines


def teach(app: App, url: str) -> None:
    """Have an empty database know the clients of the one at `url`, and what corrections taught it, if that is there."""
    path = place_of(url).path
    if path and not path.is_file():
        return
    store = read_store(url)
    with store.transaction() as session:
        learned, clients = list_learned(session), list_clients(session)
    store.close()
    with app.store.transaction() as session:
        record_clients(session, clients)
        for one in learned:
            order = record_order(session, one.by, one.at)
            record_learned(session, order, one.workspace, [(one.kind, one.value)])
    app.renew()


def inspected(app: App, paths: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """
    A line for each mail in order, as `messages --json` gives it, with its `file` and its thread's
    state; each signal with what spoke `for` it and `against`.

    `app` has an empty database. Mails that answer each other are read as one thread; copies of one
    mail are told the same of.
    """
    files: list[tuple[str, str]] = []
    for path in mail_files(paths):
        for batch in batches(mails_in(path, app.whole_up_to_bytes)):
            kept = keep_raw(app.store, batch, app.now())
            files += [(str(path), sha256) for sha256, _ in kept]
    backlog.read(app)
    lines = {line["sha256"]: line for line in message_lines(app) if "sha256" in line}
    states = {line["thread"]: line for line in thread_lines(app, app.now())}
    with app.store.transaction() as session:
        first_copies = list_first_copies(session)
        read = list_read(session)
        why: dict[str, list[Reasons]] = {}
        for thread in {record.thread for record, _, _ in read if record.thread}:
            why |= reasons_in(list_messages(session, thread), app.office)
    identities = {sha256: record.identity for record, sha256, _ in read}
    for file, sha256 in files:
        line = lines[first_copies.get(sha256, sha256)]
        reasons = why.get(identities.get(line["sha256"], ""), [])
        signals = [
            {**signal, "for": one.speak_for, "against": one.against}
            for signal, one in zip(line.get("signals", ()), reasons, strict=True)
        ]
        yield {
            "file": file,
            **line,
            "signals": signals,
            "sha256": sha256,
            "thread_state": states.get(line.get("thread")),
        }
