"""What the commands show: lines for scripts, tables for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from io import StringIO
from typing import Any

from parsers.digest_days import AccountManager, digest_day
from parsers.message import AttachmentKind
from parsers.state import Action
from service.app import App
from service.cover_rows import covering
from service.jobs import compose
from service.json_lines import message_line, quarantined_line, thread_line, unfetchable_line
from service.kept_rows import KeptState, list_kept
from service.message_rows import list_read
from service.mornings import morning_at
from service.position_rows import list_unfetchable
from service.rendering import shown
from service.snapshot_rows import list_ids
from service.standing import Standing, standings
from service.thread_rows import list_threads

Line = dict[str, Any]

_KINDS = {
    AttachmentKind.MESSAGE: "a mail",
    AttachmentKind.TNEF: "Outlook's winmail.dat",
    AttachmentKind.SIGNATURE: "a digital signature",
    AttachmentKind.ENCRYPTED: "encrypted, so not read",
    AttachmentKind.CALENDAR: "a calendar entry",
}


# ---------------------------------------------------------------- lines


def message_lines(app: App) -> Iterator[Line]:
    """Every message that was read, then those in quarantine and those that the server does not give."""
    with app.store.transaction() as session:
        threads = {one.id: one for one in list_threads(session)}
        read = list_read(session)
        quarantined = list_kept(session, KeptState.QUARANTINED)
        unfetchable = list_unfetchable(session)
    for record, sha256, partial in read:
        thread = threads.get(record.thread) if record.thread else None
        yield message_line(record, thread, sha256=sha256, partial=partial)
    yield from map(quarantined_line, quarantined)
    yield from map(unfetchable_line, unfetchable)


def thread_lines(
    app: App, now: datetime, *, workspace: str | None = None, address: str | None = None
) -> Iterator[Line]:
    """Every thread as it stands at `now`, or those of a client or an account manager."""
    with app.store.transaction() as session:
        found = {one.thread.id: one for one in standings(session, covering(session, app.office, now), now)}
        names = list_ids(session, now)
    for thread, ids in names.items():  # in the order of their first mail
        one = found[thread]
        theirs = address is None or any(manager.address == address for manager in one.managers)
        if theirs and workspace in (None, one.thread.workspace):
            yield thread_line(one, ids)


def workspace_lines(app: App, now: datetime) -> Iterator[Line]:
    """Every client, with how many of its threads are open and need action."""
    with app.store.transaction() as session:
        office = covering(session, app.office, now)
        found: dict[str | None, list[Standing]] = {}
        for one in standings(session, office, now):
            found.setdefault(one.thread.workspace, []).append(one)
    for workspace in office.workspaces.all:
        theirs = found.get(workspace.name, [])
        owner = office.manager_of(workspace.name)
        yield {
            "workspace": workspace.name,
            "account_manager": owner.address if owner else workspace.account_manager,
            "domains": list(workspace.domains),
            "contacts": list(workspace.contacts),
            "threads": len(theirs),
            "waiting_on_agency": sum(one.state.waiting_on == "agency" for one in theirs),
            "waiting_on_client": sum(one.state.waiting_on == "client" for one in theirs),
            "needs_action": sum(one.state.action is not Action.NONE for one in theirs),
        }


def show_digests(app: App, managers: Sequence[AccountManager], now: datetime, form: str) -> str:
    """The digests of these account managers as they would go out at `now`, as text or HTML."""
    shown = []
    with app.store.transaction() as session:
        morning = morning_at(session, covering(session, app.office, now), now, managers)
        for manager in managers:
            day = digest_day(manager, now) or now.astimezone(manager.zone).date()
            _, letter = compose(app, session, manager, day=day, morning=morning)
            shown.append(letter_text(letter.content, "html" if form == "html" else "plain"))
    return "\n".join(shown)


def letter_text(content: bytes, subtype: str) -> str:
    """A part of a letter as its reader sees it; the plain one under its To and Subject."""
    mail = message_from_bytes(content, policy=SMTP)
    assert isinstance(mail, EmailMessage)
    part = mail.get_body(preferencelist=(subtype,))
    text = str(part.get_content()).replace("\r\n", "\n") if part else ""
    return text if subtype == "html" else f"To: {mail['To']}\nSubject: {mail['Subject']}\n\n{text}"


# ---------------------------------------------------------------- tables


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as wide as the terminal; a cell is words, never markup or what a terminal obeys."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        drawn.add_column(column, overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(shown(cell)) for cell in row))
    out = StringIO()
    terminal = Console()
    width = terminal.width if terminal.is_terminal else 140
    Console(file=out, width=width).print(drawn)
    return out.getvalue().rstrip("\n")


def thread_table(lines: Iterable[Line]) -> str:
    """Threads for people."""
    rows = [
        (line["workspace"] or "?", line["subject"], _turn(line), line["because"] or "", _day(line["since"]))
        for line in lines
    ]
    return table(("client", "subject", "needs", "because", "since"), rows) if rows else "No threads yet."


def message_table(lines: Iterable[Line]) -> str:
    """Messages for people."""
    rows = [
        (
            _day(line.get("date")),
            line.get("from") or "?",
            line.get("workspace") or "?",
            line.get("subject") or line.get("fault") or line["state"],
            _said(line),
        )
        for line in lines
    ]
    return table(("date", "from", "client", "subject", "says"), rows) if rows else "No messages yet."


def workspace_table(lines: Iterable[Line]) -> str:
    """Clients for people."""
    columns = ("client", "account manager", "threads", "need action", "wait on us", "wait on client")
    keys = (
        "workspace",
        "account_manager",
        "threads",
        "needs_action",
        "waiting_on_agency",
        "waiting_on_client",
    )
    rows = [[str(line[key]) for key in keys] for line in lines]
    return table(columns, rows) if rows else "No clients yet."


def quarantine_table(lines: Iterable[Line]) -> str:
    """Quarantine, for people."""
    rows = [(str(one["id"]), one["kept_at"], str(one["bytes"]), one["fault"] or "") for one in lines]
    return table(("id", "kept", "bytes", "fault"), rows)


def inspection_text(line: Line) -> str:
    """How one mail file is understood, and why, for people."""
    if line["state"] != "read":
        return f"{line['file']}\n  cannot be read: {line.get('fault')}\n"
    match = line["match"]
    client = line["workspace"] or "no client"
    said = [
        line["file"],
        f"  from      {line['from']}, {line['date']}" + (", in a forward" if line["forwarded"] else ""),
        f"  client    {client}"
        + (f" ({match['because']}, {match['score']}{_doubt(match)})" if match else ""),
    ]
    if line["note"]:
        said.append(f"  forwarder “{' '.join(line['note'].split())[:200]}”")
    if line["automated"]:
        said.append(f"  machine   {line['automated_because']}")
    said += [f"  attached  {_attached(one)}" for one in line["attachments"]]
    said += [f"  warning   {one}" for one in line["warnings"]]
    for one in line["signals"]:
        said += _reasoned(one)
    if state := line["thread_state"]:
        said.append(f"  thread    {_turn(state)}" + (f": {state['because']}" if state["because"] else ""))
    return "\n".join([*map(_as_shown, said), ""])


def _as_shown(line: str) -> str:
    """A line with its blanks, and nothing in it that a terminal obeys or that turns its direction."""
    return " ".join(map(shown, line.split(" ")))


def _doubt(match: Line) -> str:
    return ", provisionally" if match["provisional"] else ""


def _reasoned(signal: Line) -> list[str]:
    """A signal with its words, how likely it is, and what weighed for and against it."""
    doubt = "" if signal["sure"] else ", unsure"
    said = [f"  says      {_name(signal)}: “{signal['quote']}” ({signal['confidence']:.0%}{doubt})"]
    for side in ("for", "against"):
        if words := ", ".join(signal[side]):
            said.append(f"    {side:8}{words}")
    return said


def _attached(attachment: Line) -> str:
    """An attachment's name and what it is, on one line."""
    name = " ".join((attachment["name"] or "without a name").split())[:100]
    kind = _KINDS.get(attachment["kind"], attachment["media_type"])
    return f"{name} ({kind}, {attachment['size_bytes']:,} bytes)"


def _turn(line: Line) -> str:
    if line["done"]:
        return "done"
    if line["snoozed_until"]:
        return f"snoozed until {_day(line['snoozed_until'])}"
    waits = {"agency": "waits on us", "client": "waits on client", "nobody": "nothing"}
    return str(line["action"]) if line["action"] != "none" else waits[line["waiting_on"]]


def _said(line: Line) -> str:
    if line.get("automated"):
        return "(a machine)"
    return ", ".join(_name(one) for one in line.get("signals", []))


def _name(signal: Line) -> str:
    due = f" by {signal['due']}" if signal["due"] else ""
    return f"{signal['kind']} {signal.get('status') or ''}".strip() + due


def _day(instant: str | None) -> str:
    return (instant or "")[:16].replace("T", " ")
