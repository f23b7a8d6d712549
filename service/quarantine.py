"""Mail that could not be read: shown, tried again, dropped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.app import App
from service.backlog import read
from service.errors import PractiqError
from service.forgotten_rows import Kind
from service.kept_rows import Kept, KeptState, find_kept, list_kept, settle_kept

SHOWN_BYTES = 4_000


def quarantined_lines(app: App) -> Iterator[dict[str, Any]]:
    """What is in quarantine, the oldest first."""
    with app.store.transaction() as session:
        found = list_kept(session, KeptState.QUARANTINED)
    for one in found:
        yield {
            "id": one.id,
            "kept_at": one.kept_at.isoformat(),
            "bytes": len(one.raw),
            "sha256": one.sha256,
            "fault": one.fault,
        }


def raw_text(app: App, number: int) -> str:
    """The beginning of a quarantined mail as text that a terminal can show: no byte of it does anything."""
    raw = _find(app, number).raw
    text = raw[:SHOWN_BYTES].decode("utf-8", "replace").replace("\r\n", "\n")
    shown = "".join(c if c.isprintable() or c == "\n" else "�" for c in text)
    more = f"\n… and {len(raw) - SHOWN_BYTES} bytes more" if len(raw) > SHOWN_BYTES else ""
    return shown + more


def retry(app: App, number: int) -> str:
    """Read a quarantined mail again, and say what came of it. For who is alone at work."""
    _find(app, number)
    with app.store.transaction() as session:
        settle_kept(session, number, KeptState.UNREAD)
    read(app)
    with app.store.transaction() as session:
        kept = find_kept(session, number)
    if kept.state is KeptState.QUARANTINED:
        return f"{number} still cannot be read: {kept.fault}"
    return f"{number} is read."


def drop(app: App, number: int) -> str:
    """Erase a quarantined mail for good, and say so. For who is alone at work."""
    _find(app, number)
    with app.store.transaction() as session:
        app.door.erase(session, [number], Kind.DROPPED, app.now())
    return f"{number} is erased, and is not taken in again."


def _find(app: App, number: int) -> Kept:
    with app.store.transaction() as session:
        found = next((one for one in list_kept(session, KeptState.QUARANTINED) if one.id == number), None)
    if found is None:
        raise PractiqError(
            f"Nothing in quarantine has the number {number}.",
            hint="`practiq quarantine` lists what is there.",
        )
    return found
