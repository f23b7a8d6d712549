"""Every command that came by mail, and every digest, for people and for scripts (contract.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from service.app import App
from service.audit_rows import list_commands, list_digests
from service.letter_rows import LetterState
from service.views import table

Line = dict[str, Any]


def audit_lines(app: App) -> Iterator[Line]:
    """Every command: who, from which mail, its words, whether it was obeyed and why not, before and after."""
    with app.store.transaction() as session:
        noted = list_commands(session)
    for one in noted:
        yield {
            "at": one.at.isoformat(),
            "account_manager": one.manager,
            "message_id": one.message_id,
            "sha256": one.sha256,
            "line": one.line,
            "clause": one.clause,
            "obeyed": one.obeyed,
            "outcome": one.outcome,
            "before": one.before,
            "after": one.after,
        }


def audit_table(lines: Iterable[Line]) -> str:
    """The commands, for people."""
    rows = [
        (
            line["at"][:16].replace("T", " "),
            line["account_manager"],
            line["clause"] or "(the whole reply)",
            "obeyed" if line["obeyed"] else "refused",
            line["outcome"],
        )
        for line in lines
    ]
    columns = ("at (UTC)", "account manager", "command", "", "what came of it")
    return table(columns, rows) if rows else "No commands yet."


def digest_lines(app: App) -> Iterator[Line]:
    """Every digest: whose, for which local day, its Message-ID, what became of it, after how many tries."""
    with app.store.transaction() as session:
        made = list_digests(session)
    for one in made:
        on_its_way = one.state is LetterState.SENDING
        yield {
            "account_manager": one.manager,
            "day": one.day.isoformat(),
            "message_id": one.message_id,
            "state": str(LetterState.READY if on_its_way else one.state),
            "attempts": one.attempts,
        }


def digests_table(lines: Iterable[Line]) -> str:
    """The digests, for people."""
    rows = [
        (line["day"], line["account_manager"], line["state"], str(line["attempts"]), line["message_id"])
        for line in lines
    ]
    columns = ("day", "account manager", "state", "tries", "Message-ID")
    return table(columns, rows) if rows else "No digests yet."
