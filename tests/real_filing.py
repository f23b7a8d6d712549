"""Real names of companies, and real threads, as other projects expect them to be told."""

from __future__ import annotations

import tempfile
from hashlib import sha256
from pathlib import Path

from parsers.company_names import without_legal_form
from parsers.domains import is_free_mail
from parsers.message import UnreadableMessage, parse_message
from parsers.subjects import base_subject
from service.accounts import WHOLE_UP_TO_BYTES
from service.files import mails_in
from service.kept_rows import list_first_copies
from service.views import message_lines
from tests.filed import cabinet
from tests.real import REAL, Row, Share, rows


def companies() -> dict[str, Share]:
    """Companies' names without their legal form, and mail providers that anybody may use."""
    names, providers = Share(), Share()
    for row in rows("company_match"):
        if row["kind"] == "basename":
            names.add(without_legal_form(row["name"]) == row["expected"], f"{row['id']} {row['name']!r}")
        else:
            providers.add(is_free_mail(row["domain"]) is row["expected"], f"{row['id']} {row['domain']}")
    return {"names without their form": names, "mail providers": providers}


def threads() -> dict[str, Share]:
    """
    Which messages are one thread.

    What a server groups by subject alone (RFC 5256's ORDEREDSUBJECT) is held against base subjects: by these
    alone practiq joins nothing. The rest is read as mail that comes to the inbox.
    """
    share = Share()
    for row in rows("threads"):
        mails = [one.raw for one in mails_in(REAL / row["path"], WHOLE_UP_TO_BYTES)][: row["use_first"]]
        if row["algorithm"] == "orderedsubject":
            keys = [_base_subject(raw) for raw in mails]
        else:
            keys = _threads_of(mails)
        groups: dict[str, list[int]] = {}
        for number, key in enumerate(keys, start=1):
            groups.setdefault(key, []).append(number)
        share.add(sorted(groups.values()) in _allowed(row), row["id"])
    return {"which belong together": share}


def _base_subject(raw: bytes) -> str:
    try:
        return base_subject(parse_message(raw).subject).text
    except UnreadableMessage:  # a mail without any field has no subject, either
        return ""


def _allowed(row: Row) -> list[list[list[int]]]:
    """The groups that a row expects; all in one, too, where its note says that our needs differ."""
    together = [list(range(1, row["use_first"] + 1))]
    ours = "our product" in row["note"]
    return [sorted(row["expected_groups"]), *([together] if ours else [])]


def _threads_of(mails: list[bytes]) -> list[str]:
    """The thread of each of these mails; two with the same bytes are one."""
    with tempfile.TemporaryDirectory() as folder, cabinet(Path(folder)) as inbox:
        inbox.take(*mails)
        by_words = {one["sha256"]: str(one["thread"]) for one in message_lines(inbox.app)}
        with inbox.app.store.transaction() as session:
            first_copies = list_first_copies(session)
    return [by_words[first_copies[sha256(raw).hexdigest()]] for raw in mails]
