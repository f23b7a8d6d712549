"""Everything that an agency may want to take along, as JSON objects (`practiq export`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from service.app import App
from service.audit import audit_lines, digest_lines
from service.corrections import learned_lines
from service.export_rows import Outgoing, list_unreadable, page_of_letters, page_of_messages, stream_words
from service.json_lines import message_line, unfetchable_line
from service.position_rows import list_unfetchable
from service.views import letter_text, thread_lines, workspace_lines

Line = dict[str, Any]


def export_lines(app: App, now: datetime, workspace: str | None = None) -> Iterator[Line]:
    """
    All that is known, or what is known of a client: each object with its `type`, a kind after the other.

    A message comes with its signals, its approvals and its brief as objects of their own behind it. Digests and
    other letters are about several clients, so they are left out where one is named. However much
    mail there is, a few hundred messages are held at a time.
    """
    yield {"type": "export", "at": now.isoformat(), "agency": app.office.agency.name, "workspace": workspace}
    clients = workspace_lines(app, now)
    yield from _typed("workspace", (one for one in clients if workspace in (None, one["workspace"])))
    yield from _messages(app, workspace)
    yield from _typed("thread", thread_lines(app, now, workspace=workspace))
    with app.store.transaction() as session:
        words = stream_words(session, workspace)
        yield from _typed("order", ({**asdict(one)} for one in words))
    taught = learned_lines(app)
    yield from _typed("correction", (one for one in taught if workspace in (None, one["workspace"])))
    yield from _typed("command", (one for one in audit_lines(app) if _is_about(one, workspace)))
    if workspace is None:
        yield from _typed("digest", digest_lines(app))
        yield from _letters(app)


def _typed(kind: str, lines: Iterator[Line]) -> Iterator[Line]:
    for line in lines:
        told = {name: one.isoformat() if isinstance(one, datetime) else one for name, one in line.items()}
        # A signal has a kind of its own, and so do orders: `type` says what the object is.
        yield {"type": kind, **told}


def _messages(app: App, workspace: str | None) -> Iterator[Line]:
    above = 0
    while True:
        with app.store.transaction() as session:
            page = page_of_messages(session, above, workspace)
        for one in page:
            line = message_line(one.record, one.thread, sha256=one.sha256, partial=one.partial)
            yield {"type": "message", **line}
            yield from _said(line)
        if not page:
            break
        above = page[-1].record.kept
    if workspace is None:
        with app.store.transaction() as session:
            unreadable, unfetchable = list_unreadable(session), list_unfetchable(session)
        for sha256, at, fault in unreadable:
            yield {
                "type": "message", "message_id": None, "date": at.isoformat(), "state": "quarantined",
                "sha256": sha256, "fault": fault,
            }  # fmt: skip
        yield from _typed("message", map(unfetchable_line, unfetchable))


def _said(message: Line) -> Iterator[Line]:
    """What a message says, each thing for itself."""
    where = {name: message[name] for name in ("message_id", "thread", "workspace", "date", "from")}
    for signal in message["signals"]:
        yield {"type": "approval" if signal["kind"] == "approval" else "signal", **where, **signal}
    if message["brief"]:
        yield {"type": "brief", **where, **message["brief"]}


def _is_about(command: Line, workspace: str | None) -> bool:
    threads = [*command["before"], *command["after"]]
    return workspace is None or any(one.get("workspace") == workspace for one in threads)


def _letters(app: App) -> Iterator[Line]:
    above = 0
    while True:
        with app.store.transaction() as session:
            page = page_of_letters(session, above)
        if not page:
            return
        yield from map(_letter, page)
        above = page[-1].id


def _letter(one: Outgoing) -> Line:
    """A letter with its text; None where that was erased, or is older than it is kept."""
    return {
        "type": "letter",
        "kind": one.key.partition(":")[0],
        "to": one.recipient,
        "message_id": one.message_id,
        "state": str(one.state),
        "settled_at": one.settled_at.isoformat() if one.settled_at else None,
        "fault": one.fault,
        "text": letter_text(one.content, "plain") if one.content is not None else None,
    }
