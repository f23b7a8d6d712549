"""The labelled examples: the bank's single messages, and our own whole threads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from parsers.reader import Before, following
from parsers.workspaces import Side

HERE = Path(__file__).parent
BRIEF_TEXTS = ("objective", "audience", "budget", "metrics", "constraints")


@dataclass(frozen=True)
class Example:
    """A labelled message."""

    file: str  # whose hand: what is tested on one file is learned from the others
    thread: str | None
    text: str  # with the subject before it where that counts
    side: Side
    before: Before | None
    quotes: dict[str, str]  # label to evidence
    brief: dict[str, list[str]]  # field to what was said; empty without a brief
    turn: str | None = None  # whose turn it leaves it; known for a thread's last message


def load() -> list[Example]:
    """All examples, file by file; machines and colleagues among themselves say nothing, and are left out."""
    return [*_singles(), *_threads()]


def threads() -> Iterator[tuple[str, dict[str, Any]]]:
    """Our threads as they are written, each with its file."""
    for path in sorted((HERE / "threads").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield path.stem, json.loads(line)


def left(thread: dict[str, Any]) -> str:
    """Whose turn a thread's last message leaves it: what the agency promised before is not of its making."""
    promised = thread["waiting_on"] == "agency" and thread["action"] in ("none", "deliver")
    return "nobody" if promised else str(thread["waiting_on"])


def _singles() -> Iterator[Example]:
    for path in sorted((HERE / "bank").glob("*.jsonl")):
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            before = Before(own=row["before"], side=Side(row["before_side"])) if row["before"] else None
            yield _example(path.stem, row.get("thread"), row, before, row["subject"])


def _threads() -> Iterator[Example]:
    for file, thread in threads():
        before: Before | None = None
        heard = [row for row in thread["messages"] if not row.get("automated")]
        for row in heard:
            if not row.get("internal"):
                one = _example(file, thread["thread"], row, before, row.get("subject"))
                yield replace(one, turn=left(thread)) if row is heard[-1] else one
            before = following(before, row["text"], Side(row["side"]))


def _example(
    file: str, thread: str | None, row: dict[str, Any], before: Before | None, subject: str | None
) -> Example:
    quotes = {
        one["kind"] + (f"/{one['status']}" if one.get("status") else ""): one["quote"]
        for one in row.get("signals") or ()
    }
    said = row.get("brief") or {}
    brief = {name: [str(said[name])] for name in BRIEF_TEXTS if said.get(name)}
    if said.get("deliverables"):
        brief["deliverables"] = [str(one) for one in said["deliverables"]]
    return Example(
        file=file,
        thread=thread,
        text=row["text"] if before or not subject else f"{subject}\n{row['text']}",
        side=Side(row["side"]),
        before=before,
        quotes=quotes,
        brief=brief if "brief" in quotes else {},
    )
