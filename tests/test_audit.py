"""What was ordered by mail and what was sent, as people and scripts see it."""

from __future__ import annotations

from pathlib import Path

import pytest

from service import jobs
from service.audit import audit_lines, audit_table, digest_lines, digests_table
from service.letter_rows import LetterState
from service.sending_rows import Settled, claim_letters, settle_letters
from tests.agency import DANA, INBOX, MAYA, SAM, id_of, mail
from tests.filed import NOW, Cabinet, cabinet

pytestmark = pytest.mark.both_databases


def ordered(filed: Cabinet, words: str, verdict: str | None = None) -> bytes:
    """A reply to Maya's digest, read."""
    digest = next(line for line in digest_lines(filed.app) if line["account_manager"] == MAYA)
    reply = mail(MAYA, words, to=INBOX, cc="", at="2026-11-20T06:00:00-05:00", verdict=verdict,
                 fields={"In-Reply-To": digest["message_id"]})  # fmt: skip
    filed.take(reply)
    return reply


def digested(filed: Cabinet) -> None:
    filed.take(mail(DANA, "We need a new landing page by December 1.", subject="Fair"))
    list(jobs.send_digests(filed.app, filed.app.office.managers, NOW))


def test_nothing_yet_is_said(tmp_path: Path) -> None:
    """Before the first digest and the first reply both say so."""
    with cabinet(tmp_path) as filed:
        assert audit_table(audit_lines(filed.app)) == "No commands yet."
        assert digests_table(digest_lines(filed.app)) == "No digests yet."


def test_digests_are_listed_with_what_became_of_them(tmp_path: Path) -> None:
    """Each digest has its day, its Message-ID, its state and its tries; one on its way is not sent yet."""
    with cabinet(tmp_path) as filed:
        digested(filed)
        with filed.app.store.transaction() as session:
            (first,) = claim_letters(session, NOW, 1)
            settle_letters(session, [Settled(letter=first.id, state=LetterState.SENT)], now=NOW)
            assert claim_letters(session, NOW, 9)
        lines = list(digest_lines(filed.app))

        assert {line["account_manager"] for line in lines} == {MAYA, SAM}
        assert sorted(line["state"] for line in lines) == ["ready", "sent"]
        assert {(line["day"], line["attempts"]) for line in lines} == {("2026-11-20", 1)}
        assert all(line["message_id"].startswith("<digest.2026-11-20.") for line in lines)
        assert MAYA in digests_table(lines)


def test_commands_are_listed_obeyed_and_refused(tmp_path: Path) -> None:
    """Each clause has who wrote it, in which mail, what came of it; a refused reply has its reason."""
    with cabinet(tmp_path) as filed:
        digested(filed)
        reply = ordered(filed, "done 1; done 9")
        forged = ordered(filed, "done 1", "mx.northlight.example; dmarc=fail header.from=northlight.example")
        lines = [line for line in audit_lines(filed.app) if line["message_id"] == id_of(reply)]
        refused = [line for line in audit_lines(filed.app) if line["message_id"] == id_of(forged)]

        assert [(line["clause"], line["obeyed"], line["line"]) for line in lines] == [
            ("done 1", True, 1),
            ("done 9", False, 2),
        ]
        assert {line["account_manager"] for line in lines} == {MAYA}
        assert "before" in lines[0]
        assert "after" in lines[0]
        assert [(line["obeyed"], line["line"]) for line in refused] == [(False, 0)]
        assert "does not vouch" in refused[0]["outcome"]
        assert "(the whole reply)" in audit_table(audit_lines(filed.app))
