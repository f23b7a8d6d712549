"""Only one undoubted author commands: what else stands in From, Sender, Reply-To and the Resent fields is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.agency import INBOX, MAYA
from tests.forged import BY_MAYA, forging

pytestmark = pytest.mark.both_databases

DOUBTFUL = {
    "two mailboxes": f"From: Maya Chen <{MAYA}>, x@evil.example",
    "two mailboxes, the other first": f"From: x@evil.example, Maya Chen <{MAYA}>",
    "two From fields": f"{BY_MAYA}\r\nFrom: x@evil.example",
    "two From fields, the other first": f"From: x@evil.example\r\n{BY_MAYA}",
    "the same field twice": f"{BY_MAYA}\r\n{BY_MAYA}",
    "a semicolon": f"From: x@evil.example; {MAYA}",
    "no comma": f"From: x@evil.example {MAYA}",
    "a group": f"From: Agency: {MAYA};",
    "a comment": "From: Maya <maya(x)@northlight.example>",
    "a comment behind": f"From: {MAYA} (x@evil.example)",
    "an encoded word": "From: =?utf-8?q?maya=40northlight=2Eexample?=",
    "an encoded word in brackets": "From: <=?utf-8?q?maya=40northlight=2Eexample?=>",
    "a route": f"From: <@evil.example:{MAYA}>",
    "a name that is an address": f'From: "x@evil.example" <{MAYA}>',
    "two in brackets": f"From: <x@evil.example> <{MAYA}>",
    "a letter that folds into another": "From: <may\uff41@northlight.example>",
    "blanks inside": "From: <maya @northlight.example>",
    "a NUL inside": "From: <maya\0@northlight.example>",
    "another Sender": f"{BY_MAYA}\r\nSender: x@evil.example",
    "another Reply-To": f"{BY_MAYA}\r\nReply-To: x@evil.example",
    "Reply-To of two": f"{BY_MAYA}\r\nReply-To: {MAYA}, x@evil.example",
    "Reply-To of nobody": f"{BY_MAYA}\r\nReply-To: undisclosed",
    "resent by another": f"{BY_MAYA}\r\nResent-From: x@evil.example",
    "resent for another": f"{BY_MAYA}\r\nResent-Sender: x@evil.example",
    "the inbox itself": f"From: {INBOX}",
    "nobody": "X-Nothing: here",
}  # fmt: skip
GOOD = {
    "bare": f"From: {MAYA}",
    "capitals": "From: Maya Chen <Maya@NorthLight.Example>",
    "quoted": f'From: "Chen, Maya (Northlight)" <{MAYA}>',
    "encoded name": f"From: =?utf-8?q?M=C3=A4ya?= <{MAYA}>",
    "the address as a name": f'From: "{MAYA}" <{MAYA}>',
    "folded": f"From: Maya Chen\r\n <{MAYA}>",
    "Sender and Reply-To of hers": f"{BY_MAYA}\r\nSender: {MAYA}\r\nReply-To: Maya <{MAYA}>",
    "through the inbox's own group": f"{BY_MAYA}\r\nSender: {INBOX}\r\nList-ID: <practiq.northlight.example>",
}  # fmt: skip


@pytest.mark.pitfall("hermes-agent#52801", "GHSA-rxqh-5572-8m77")
def test_doubtful_authors_command_nothing(tmp_path: Path) -> None:
    """Where From can be read in more than one way, or another field names somebody else, nothing is done, whatever
    our server says; nobody but Maya is written to about it."""
    with forging(tmp_path) as forger:
        obeyed = [name for name, author in DOUBTFUL.items() if forger.obeyed(forger.raw(author=author))]
        letters = forger.practiq.letters()
        closed = forger.is_closed()

    assert obeyed == []
    assert not closed
    assert {one.to for one in letters} == {MAYA}


def test_undoubted_authors_command(tmp_path: Path) -> None:
    """However mail programs write the one address, it is obeyed; and through the group that the inbox is."""
    with forging(tmp_path) as forger:
        obeyed = [
            name
            for days, (name, author) in enumerate(GOOD.items(), start=2)
            if forger.obeyed(forger.raw(f"snooze 1 {days}d", author=author))
        ]

    assert obeyed == list(GOOD)


def test_doubts_are_said(tmp_path: Path) -> None:
    """The refusal says which field was in the way, and what to do."""
    with forging(tmp_path) as forger:
        (noted,) = forger.sends(forger.raw(author=DOUBTFUL["another Reply-To"]))
        (told,) = forger.practiq.letters()

    assert noted["outcome"] == "its Reply-To field names somebody else"
    assert "its Reply-To field names somebody else" in " ".join(told.text.split())
    assert "without another Reply-To or sender" in " ".join(told.text.split())
