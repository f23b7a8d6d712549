"""Mail with characters that databases refuse is kept, read and shown like any other."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from service.cli import call_main
from service.store import find_setting, open_store, record_setting
from tests.agency import write_config
from tests.databases import values_in

pytestmark = [pytest.mark.promise("P1"), pytest.mark.both_databases]

HEAD = b"""From: =?utf-8?q?Da=00na=ED=A0=80?= <dana@acme.example>\r
To: maya@northlight.example\r
Cc: practiq@northlight.example\r
Date: Tue, 10 Nov 2026 09:00:00 -0500\r
Message-ID: <%s\0@test.example>\r
References: <a\0b\xed\xa0\x80@test.example>\r
Subject: =?utf-7?q?+2AA-?= \0 \xed\xb0\x80 =?utf-8?b?AO2ggA==?=\r
"""
BODIES = {
    b"raw": b"Content-Type: text/plain; charset=utf-8\r\n\r\nApproved \0 \xed\xa0\x80, please go ahead.\r\n",
    b"utf-7": b"Content-Type: text/plain; charset=utf-7\r\n\r\nApproved +2AA- +AAA-, please go ahead.\r\n",
    b"utf-16": b"Content-Type: text/plain; charset=utf-16-le\r\nContent-Transfer-Encoding: base64\r\n\r\nANhBAAAA\r\n",
    b"html": b"Content-Type: text/html\r\n\r\n<p>Approved &#0; &#xD800; &#55296;, please go ahead.</p>\r\n",
    b"file": b'Content-Type: application/pdf; name="a\0\xed\xa0\x80.pdf"\r\n\r\nx\r\n',
}


@pytest.mark.pitfall("OpenArchiver#479", "django-mailbox#252")
def test_nul_and_lone_surrogates_stop_nothing(tmp_path: Path, capsys: Any) -> None:
    """In name, subject, ids, text and file names: the mail is read, and no text in the database holds one."""
    config = str(write_config(tmp_path))
    (tmp_path / "mail").mkdir()
    for name, body in BODIES.items():
        (tmp_path / "mail" / f"{name.decode()}.eml").write_bytes(HEAD % name + body)
    assert call_main(["--config", config, "ingest", str(tmp_path / "mail")]) == 0
    capsys.readouterr()
    assert call_main(["--config", config, "messages", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert [line["state"] for line in lines] == ["read"] * len(BODIES)
    text = "".join(one for one in values_in(tmp_path) if isinstance(one, str))
    assert "please go ahead" in text
    assert not re.search(r"\0|\\u0000|[\ud800-\udfff]|\\ud[89a-f]", text)


@pytest.mark.one_database("PostgreSQL takes none")
def test_database_itself_takes_a_nul(tmp_path: Path) -> None:
    """What stands behind it is not cut off: SQLite counts, and does not look for the end."""
    store = open_store(f"sqlite:///{tmp_path}/p.db")
    with store.transaction() as session:
        record_setting(session, "name", "before\0after")
    with store.transaction() as session:
        assert find_setting(session, "name") == "before\0after"
    store.close()
