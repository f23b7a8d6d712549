"""How mail files would be understood, read into a database that is thrown away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from service import jobs
from service.app import App
from service.files import mail_files, mails_in
from service.intake import keep_raw
from service.views import message_lines, thread_lines


def inspected(app: App, paths: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """
    A line for each mail, as `messages --json` gives it, with its `file` and its thread's state.

    `app` has an empty database. Mails that answer each other are read as one thread.
    """
    file_of: dict[str, str] = {}
    for path in mail_files(paths):
        for sha256, _ in keep_raw(app.store, list(mails_in(path)), app.now()):
            file_of[sha256] = str(path)
    jobs.read(app)
    lines = list(message_lines(app))
    states = {line["thread"]: line for line in thread_lines(app, app.now())}
    for line in lines:
        state = states.get(line.get("thread"))
        yield {"file": file_of[line["sha256"]], **line, "thread_state": state}
