"""`practiq check` tries each thing, and says whose job it is where one fails."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from service import check
from service.cli import call_main
from tests.agency import AUTHENTICATION, DANA, MAYA, MX, mail, servers_of, write_config
from tests.servers import PASSWORD, SmtpSink, User, free_port

pytestmark = pytest.mark.both_databases

CONFIG, MACHINE, MAIL = "whoever wrote the configuration", "the IT person of this machine", "the mail admin"


def checked(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, list[dict[str, Any]]]]:
    """Exit status, and what was found of each thing."""
    status = call_main(["--config", str(path), "check", "--json"])
    found: dict[str, list[dict[str, Any]]] = {}
    for line in capsys.readouterr().out.splitlines():
        one = json.loads(line)
        assert set(one) == {"what", "verdict", "words", "whose", "todo"}
        assert (one["verdict"] == "ok") is (one["whose"] is None) is (one["todo"] is None)
        found.setdefault(one["what"], []).append(one)
    return status, found


def test_all_is_well(tmp_path: Path, capsys: pytest.CaptureFixture[str], user: User, smtp: SmtpSink) -> None:
    """Each thing is tried, in the order in which one mends them."""
    path = write_config(tmp_path, AUTHENTICATION + servers_of(user, smtp))
    path.chmod(0o600)
    status, found = checked(path, capsys)

    assert status == 0
    assert list(found) == [
        "config", "secrets", "packages", "database", "time zones", "clients", "imap", "smtp", "replies",
    ]  # fmt: skip
    assert {one["verdict"] for some in found.values() for one in some} == {"ok"}
    assert re.search(
        r"\d\d:\d\d in America/New_York, \d\d:\d\d in Europe/London", found["time zones"][0]["words"]
    )


def test_servers_that_refuse_us(tmp_path: Path, capsys: pytest.CaptureFixture[str], user: User) -> None:
    """A refused log-in is the mail admin's, a way that is closed the machine's, a folder the configuration's."""
    away = f'[smtp]\nhost = "127.0.0.1"\nport = {free_port()}\ntls = "none"\n'
    path = write_config(tmp_path, servers_of(user).replace(PASSWORD, "wrong") + away)
    status, found = checked(path, capsys)
    imap, smtp = found["imap"][0], found["smtp"][0]

    assert status == 1
    assert (imap["verdict"], imap["whose"]) == ("fail", MAIL)
    assert "refuses the log-in" in imap["words"]
    assert "app password" in imap["todo"]
    assert (smtp["verdict"], smtp["whose"]) == ("fail", MACHINE)
    assert found["replies"][0]["whose"] == CONFIG

    path = write_config(
        tmp_path, servers_of(user) + away + "[authentication]\ntrust = 'mx'\npolicy = 'off'\n"
    )
    path.write_text(path.read_text().replace("[imap]", '[imap]\nfolder = "Nowhere"'))
    _, found = checked(path, capsys)
    assert (found["imap"][0]["whose"], "is Nowhere a folder" in found["imap"][0]["todo"]) == (CONFIG, True)
    assert found["replies"][0]["verdict"] == "note"


def test_token_that_is_not_to_be_had(tmp_path: Path, capsys: pytest.CaptureFixture[str], user: User) -> None:
    """A command of this machine that gives none is its IT person's to mend, for both servers."""
    tables = servers_of(user).replace(f'password = "{PASSWORD}"', 'token_command = ["false"]')
    tables += f'[smtp]\nhost = "127.0.0.1"\nport = {free_port()}\ntls = "none"\ntoken_command = ["false"]\n'
    status, found = checked(write_config(tmp_path, tables), capsys)

    assert status == 1
    assert [found[one][0]["whose"] for one in ("imap", "smtp")] == [MACHINE, MACHINE]
    assert "Run it by hand" in found["imap"][0]["todo"]


def test_all_faults_of_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each is a finding of its own, and nothing else is tried; status 2."""
    path = write_config(tmp_path)
    path.write_text(path.read_text().replace("Europe/London", "Mars").replace(f'"{MAYA}"', '"maya"'))
    status, found = checked(path, capsys)

    assert (status, list(found)) == (2, ["config"])
    assert {one["whose"] for one in found["config"]} == {CONFIG}
    assert any("'Mars' is no time zone" in one["words"] for one in found["config"])
    assert len(found["config"]) >= 2


def test_secrets_that_others_read(tmp_path: Path, capsys: pytest.CaptureFixture[str], user: User) -> None:
    """The file that holds one, and no other; a password file that is not there fails where it is needed."""
    path = write_config(tmp_path, servers_of(user))
    path.chmod(0o644)
    _, found = checked(path, capsys)
    assert [(one["verdict"], one["todo"]) for one in found["secrets"]] == [("note", f"chmod 600 {path}")]

    secret = tmp_path / "imap.secret"
    path.write_text(path.read_text().replace(f'password = "{PASSWORD}"', f'password_file = "{secret}"'))
    status, found = checked(path, capsys)
    assert (status, found["secrets"][0]["verdict"]) == (1, "ok")
    assert (found["imap"][0]["whose"], "cannot be read" in found["imap"][0]["words"]) == (CONFIG, True)
    secret.write_text(PASSWORD)
    secret.chmod(0o640)
    assert [one["todo"] for one in checked(path, capsys)[1]["secrets"]] == [f"chmod 600 {secret}"]


@pytest.mark.one_database("its file and its disk are SQLite's")
def test_database_that_cannot_be_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is wrong with it is the machine's, and the rest is tried all the same."""
    path = write_config(tmp_path)
    monkeypatch.setattr(check, "LEAST_FREE_BYTES", 10**18)
    status, found = checked(path, capsys)
    assert (status, found["disk"][0]["whose"]) == (1, MACHINE)

    (tmp_path / "practiq.db").write_bytes(b"This is no database. " * 1000)
    status, found = checked(path, capsys)
    assert (status, found["database"][0]["verdict"], found["database"][0]["whose"]) == (1, "fail", MACHINE)
    assert "imap" in found


def test_clients_of_both_kinds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A domain that the file gives to another client, who is in both, who is known by name only; or that there are none."""
    path = write_config(tmp_path)
    for words in (["Lumen", "--domain", "lumen.example"], ["Venn"]):
        assert call_main(["--config", str(path), "clients", "add", *words, "--manager", "sam"]) == 0
    capsys.readouterr()
    before = path.read_text()
    path.write_text(
        f'{before}[[workspaces]]\nname = "venn"\naccount_manager = "{MAYA}"\ndomains = ["lumen.example"]\n'
    )
    status, found = checked(path, capsys)
    words = [(one["verdict"], one["words"]) for one in found["clients"]]

    assert (status, words[0]) == (1, ("fail", "workspaces[Lumen].domains: lumen.example is venn's already"))
    assert words[1][0] == "note"
    assert words[1][1].startswith("Venn stands in the configuration's file and in the database")
    assert call_main(["--config", str(path), "clients", "remove", "Venn"]) == 0
    path.write_text(re.sub(r"\[\[workspaces\]\]\n(.+\n)+?(?=\[|$)", "", before))
    call_main(["--config", str(path), "clients", "remove", "Lumen"])
    capsys.readouterr()
    status, found = checked(path, capsys)
    assert (status, found["clients"][0]["words"]) == (0, "There are no clients yet, so no mail is filed.")


def test_people_read_a_line_and_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --json a finding is a line, and whose job it is stands below it."""
    assert call_main(["--config", str(write_config(tmp_path)), "check"]) == 0
    said = capsys.readouterr().out

    assert "OK    clients: 2, 0 of them in the database\n" in said
    assert f"NOTE  There is no [imap], so no inbox is read.\n      For {CONFIG}: Add [imap];" in said


def test_who_vouches_is_looked_up_in_the_inbox(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], user: User
) -> None:
    """Where `trust` is missing or spelt wrongly, what stands in the mail is told; it is never taken by itself."""

    def replies(authentication: str) -> dict[str, Any]:
        _, found = checked(write_config(tmp_path, authentication + servers_of(user)), capsys)
        return found["replies"][0]

    assert "There it is now" not in replies("")["todo"]
    user.deliver(mail(DANA, "one"))
    assert f'trust = "{MX}"' in replies("")["todo"]
    assert replies(AUTHENTICATION)["verdict"] == "ok"
    other = replies("[authentication]\ntrust = 'mx.elsewhere.example'\n")
    assert (other["verdict"], other["whose"]) == ("note", CONFIG)
    assert "mx.elsewhere.example vouches for no mail in the inbox (newest looked at: 1)" in other["words"]
    assert f'trust = "{MX}"' in other["todo"]

    user.deliver(
        b"Authentication-Results: mx.evil.example; dmarc=pass header.from=acme.example\r\n"
        + mail(DANA, "two")
    )
    assert "There it is now" not in replies("")["todo"]  # two are named: a person has to look
