"""The kept mail read again, with what became different."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from service import backlog
from service.app import App
from service.kept_rows import unread_all
from service.message_rows import forget_readings
from service.views import message_lines


def reread(app: App, since: datetime | None) -> list[str]:
    """
    Throw away what was read from the kept mail, and read it again in the order kept.

    Gives a line for each message that is read otherwise than before. What account managers said is
    tied to the mail itself, and stays. Quarantined mail gets another chance.
    """
    before = _by_sha256(app)
    with app.store.transaction() as session:
        forget_readings(session, since)
        unread_all(session, since)
    backlog.read(app)
    after = _by_sha256(app)
    return [
        f"{line.get('message_id') or sha256}: {', '.join(_changed(before.get(sha256, {}), line))}"
        for sha256, line in after.items()
        if line != before.get(sha256)
    ]


def _by_sha256(app: App) -> dict[str, dict[str, Any]]:
    # Through JSON, so that what is compared is what people see.
    lines = (json.loads(json.dumps(line)) for line in message_lines(app))
    return {line["sha256"]: line for line in lines if "sha256" in line}


def _changed(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return [
        f"{key} {json.dumps(old.get(key), ensure_ascii=False)} -> {json.dumps(new.get(key), ensure_ascii=False)}"
        for key in new
        if new.get(key) != old.get(key)
    ]
