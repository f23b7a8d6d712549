"""The commands as people and scripts call them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from service.cli import call_main
from tests.agency import (
    AUTHENTICATION,
    DANA,
    HANK,
    INBOX,
    MAYA,
    SAM,
    database_url,
    id_of,
    mail,
    servers_of,
    write_config,
)
from tests.servers import SmtpSink, User, free_port

pytestmark = pytest.mark.both_databases

ASKED = mail(MAYA, "Dana, the layouts are attached. Do we have your approval?", to=DANA)
YES = mail(
    DANA,
    "Approved, please go ahead.",
    answers=ASKED,
    subject="Re: Spring layouts",
    at="2026-11-10T11:00:00-05:00",
)
STOP = mail(HANK, "Sam, please stop the print run, the address is wrong.", to=SAM, subject="Labels")
AT = "2026-11-11T08:00:00-05:00"


@dataclass
class Shell:
    """A folder with a configuration, and `practiq` called in it."""

    folder: Path
    config: Path
    out: pytest.CaptureFixture[str]

    def practiq(self, *words: str) -> tuple[int, str, str]:
        """Exit status, standard output, standard error."""
        status = call_main(["--config", str(self.config), *words])
        said = self.out.readouterr()
        return status, said.out, said.err

    def lines(self, *words: str) -> list[dict[str, Any]]:
        status, out, err = self.practiq(*words)
        assert (status, err) == (0, "")
        return [json.loads(line) for line in out.splitlines()]

    def mails(self, *raws: bytes) -> str:
        """These mails in files; gives their folder."""
        folder = self.folder / "mail"
        folder.mkdir(exist_ok=True)
        for number, raw in enumerate(raws):
            (folder / f"{number}.eml").write_bytes(raw)
        return str(folder)


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """An agency without servers."""
    return Shell(tmp_path, write_config(tmp_path), capsys)


@pytest.fixture
def read(shell: Shell) -> Shell:
    """The agency with three mails read."""
    assert shell.practiq("ingest", shell.mails(ASKED, YES, STOP)) == (0, "", "3 mails seen, 3 of them new.\n")
    return shell


def test_messages_have_the_keys_that_scripts_rely_on(read: Shell) -> None:
    """Each message is a line with every key of the contract."""
    by_id = {line["message_id"]: line for line in read.lines("messages", "--json")}
    yes = by_id[id_of(YES)]

    assert len(by_id) == 3
    assert yes | {"thread": "", "sha256": "", "signals": []} == {
        "message_id": id_of(YES), "date": "2026-11-10T11:00:00-05:00", "from": DANA, "to": [MAYA],
        "cc": ["practiq@northlight.example"], "subject": "Re: Spring layouts", "thread": "",
        "workspace": "Acme Corp", "match": yes["match"], "automated": False, "forwarded": False,
        "text": "Approved, please go ahead.", "note": None, "signals": [], "brief": None, "state": "read", "sha256": "",
        "verified": True, "warnings": [], "attachments": [],
    }  # fmt: skip
    assert yes["match"]["score"] == pytest.approx(1.0, abs=0.2)
    assert "acme.example" in yes["match"]["because"]
    (signal,) = yes["signals"]
    assert set(signal) == {"kind", "status", "quote", "confidence", "sure", "due"}
    assert (signal["kind"], signal["status"], signal["due"]) == ("approval", "granted", None)


def test_threads_have_the_keys_that_scripts_rely_on(read: Shell) -> None:
    """Each thread is a line with every key of the contract, as of a moment."""
    (acme,) = read.lines("threads", "--json", "--at", AT, "--workspace", "Acme Corp")

    assert acme | {"thread": "", "because": ""} == {
        "thread": "", "subject": "Spring layouts", "message_ids": [id_of(ASKED), id_of(YES)],
        "workspace": "Acme Corp", "account_manager": MAYA, "waiting_on": "agency", "action": "proceed",
        "because": "", "since": "2026-11-10T11:00:00-05:00", "due": None, "snoozed_until": None, "done": False, "unsure": acme["unsure"],
    }  # fmt: skip
    assert "Approved" in acme["because"]
    assert read.lines("threads", "--json", "--at", "2026-11-10T08:59:59-05:00") == []


@pytest.mark.parametrize(("address", "subject"), [(MAYA, "Spring layouts"), (SAM, "Labels")])
def test_threads_of_one_account_manager(read: Shell, address: str, subject: str) -> None:
    """--for gives what is theirs, and nothing else."""
    assert [one["subject"] for one in read.lines("threads", "--json", "--for", address)] == [subject]


def test_tables_are_for_people(read: Shell) -> None:
    """Without --json each list is a table with the same facts."""
    threads, messages, clients = (
        read.practiq(name)[1] for name in ("threads", "messages", "workspaces")
    )  # fmt: skip

    assert "Spring layouts" in threads
    assert "proceed" in threads
    assert "approval granted" in messages
    assert "Globex" in clients


def test_workspaces_are_counted(read: Shell) -> None:
    """A client's line says whose it is, and how many threads need action."""
    acme, globex = read.lines("workspaces", "--json")

    assert (acme["workspace"], acme["account_manager"], acme["threads"]) == ("Acme Corp", MAYA, 1)
    assert (globex["needs_action"], globex["waiting_on_client"]) == (1, 0)


def test_inspect_says_why_and_stores_nothing(shell: Shell) -> None:
    """The same lines with their file, the answer read in the light of what was asked; no database is made."""
    folder = shell.mails(ASKED, YES)
    asked, yes = shell.lines("inspect", folder, "--json")

    assert (asked["file"], yes["file"]) == (f"{folder}/0.eml", f"{folder}/1.eml")
    assert asked["thread"] == yes["thread"]
    assert yes["signals"][0]["status"] == "granted"
    assert not (shell.folder / "practiq.db").exists()
    assert "approval granted: “Approved" in shell.practiq("inspect", folder)[1]


def test_inspect_has_a_line_for_each_file(shell: Shell) -> None:
    """The second copy of a mail is told of like the first, and a forward with its note apart."""
    block = f"From: Dana Ruiz <{DANA}>\nDate: Tue, 10 Nov 2026 11:00:00 -0500\nTo: {MAYA}\nSubject: Fair\n\nApproved."
    passed_on = mail(
        MAYA, f"Good news!\n\nBegin forwarded message:\n\n{block}", to=INBOX, cc="", subject="Fwd: Fair"
    )
    folder = shell.mails(YES, YES, passed_on)
    first, again, inner = shell.lines("inspect", folder, "--json")

    assert [line["file"][-5:] for line in (first, again, inner)] == ["0.eml", "1.eml", "2.eml"]
    assert first | {"file": ""} == again | {"file": ""}
    assert (inner["from"], inner["text"], inner["note"]) == (DANA, "Approved.", "Good news!")
    assert "forwarder “Good news!”" in shell.practiq("inspect", folder)[1]


def test_inspect_names_attachments_for_what_they_are(shell: Shell) -> None:
    """A mail, winmail.dat, an envelope, a file: in words for people, with its kind for scripts."""
    with_files = EmailMessage()
    with_files["From"], with_files["Date"] = DANA, "Tue, 10 Nov 2026 11:00:00 -0500"
    with_files.set_content("See attached.")
    for kind, name in (("ms-tnef", "winmail.dat"), ("pkcs7-mime", "smime.p7m"), ("pdf", "Layouts.pdf")):
        with_files.add_attachment(b"abc", maintype="application", subtype=kind, filename=name)
    with_files.add_attachment(message_from_bytes(YES))
    folder = shell.mails(with_files.as_bytes())
    (line,) = shell.lines("inspect", folder, "--json")
    out = shell.practiq("inspect", folder)[1]

    assert [one["kind"] for one in line["attachments"]] == ["tnef", "encrypted", "file", "message"]
    assert "attached  winmail.dat (Outlook's winmail.dat, 3 bytes)" in out
    assert "attached  smime.p7m (encrypted, so not read, 3 bytes)" in out
    assert "attached  Layouts.pdf (application/pdf, 3 bytes)" in out
    assert "attached  without a name (a mail, " in out


def test_inspect_of_what_is_no_mail_says_so(shell: Shell) -> None:
    """A file that cannot be read has its fault, and those behind it go on."""
    folder = shell.mails(b"\x00\x01 nothing like mail", YES)
    status, out, _ = shell.practiq("inspect", folder, "--json")
    states = {line["file"][-5:]: line["state"] for line in map(json.loads, out.splitlines())}

    assert status == 0
    assert states == {"0.eml": "quarantined", "1.eml": "read"}


@pytest.mark.parametrize("form", ["--text", "--html"])
def test_digest_is_shown_as_it_would_go_out(read: Shell, form: str) -> None:
    """It shows the client's own words, and sends and records nothing."""
    status, out, err = read.practiq("digest", "--for", MAYA, "--at", AT, form)
    (first, _) = read.lines("status", "--json")[0]["digests"]

    assert (status, err) == (0, "")
    assert "\r" not in out
    assert re.search('[“"]Approved', out)
    assert out.startswith("<!DOCTYPE html>" if form == "--html" else f"To: Maya Chen <{MAYA}>\nSubject: ")
    assert first["last"] is None


def test_digest_is_sent_once(tmp_path: Path, capsys: pytest.CaptureFixture[str], smtp: SmtpSink) -> None:
    """--send sends today's; asked again, it says that it went out before."""
    shell = Shell(tmp_path, write_config(tmp_path, AUTHENTICATION + servers_of(smtp=smtp)), capsys)
    shell.practiq("ingest", shell.mails(ASKED, YES))
    first = shell.practiq("digest", "--for", MAYA, "--send")
    again = shell.practiq("digest", "--for", MAYA, "--send")

    assert (first[0], again[0]) == (0, 0)
    assert "made for" in first[1]
    assert "was made before" in again[1]
    assert [one.rcpt_tos for one in smtp.letters] == [(MAYA,)]


def test_check_tries_both_servers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], user: User, smtp: SmtpSink
) -> None:
    """Each thing is a line; what is away has what to do, and ends in status 1."""
    config = write_config(tmp_path, AUTHENTICATION + servers_of(user, smtp))
    shell = Shell(tmp_path, config, capsys)
    user.deliver(STOP)
    status, out, _ = shell.practiq("check")
    assert status == 0
    assert "opens INBOX: 1 messages" in out
    assert "FAIL" not in out

    config.write_text(config.read_text().replace(f"port = {smtp.port}", f"port = {free_port()}"))
    status, out, _ = shell.practiq("check")
    assert status == 1
    assert "FAIL  The SMTP server 127.0.0.1" in out
    assert "OK    IMAP" in out


def test_poll_reads_sends_and_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], user: User, smtp: SmtpSink
) -> None:
    """One pass keeps and reads what is new; status then says when."""
    shell = Shell(tmp_path, write_config(tmp_path, AUTHENTICATION + servers_of(user, smtp)), capsys)
    user.deliver(ASKED, YES)
    status, out, err = shell.practiq("poll")
    assert (status, out) == (0, "")
    assert err.startswith("2 new, 2 read, ")
    assert shell.practiq("poll")[2].startswith("0 new, 0 read, ")
    (line,) = shell.lines("status", "--json")
    assert line["polled_at"]
    assert (line["kept"], line["unread"], line["quarantined"]) == (2, 0, 0)


def test_poll_with_the_server_away_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Status 1 and a sentence with what to do; not a traceback."""
    imap = f'[imap]\nhost = "127.0.0.1"\nport = {free_port()}\ntls = "none"\nusername = "x"\npassword = "y"\n'
    status, out, err = Shell(tmp_path, write_config(tmp_path, imap), capsys).practiq("poll")

    assert (status, out) == (1, "")
    assert err.startswith("practiq: The IMAP server 127.0.0.1:")
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["poll"], 2, "[imap] is missing, so there is no inbox to read.\n  Add [imap]"),
        (["digest", "--send"], 2, "[smtp] is missing, so nothing can be sent.\n  Add [smtp]"),
        (["digest", "--for", "x@y.example"], 2, f"x@y.example is no account manager.\n  The configuration has {MAYA}"),
        (["threads", "--for", "x@y.example"], 2, "x@y.example is no account manager."),
        (["threads", "--workspace", "Acme"], 2, "Acme is no client.\n  The clients are Acme Corp, Globex."),
        (["threads", "--at", "noon"], 2, "'noon' is no time; write it like 2026-11-12T08:00:00-05:00"),
        (["threads", "--at", "2026-11-12T08:00:00"], 2, "has no offset; write it like"),
        (["--log-level", "loud", "status"], 2, "'loud' is not one of 'debug'"),
        (["obey"], 2, "No such command 'obey'"),
        (["ingest", "nowhere"], 1, "nowhere is not there.\n  Name a folder"),
        (["status", "--config", "none.toml"], 2, "none.toml: the configuration cannot be read"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_a_wrong_call_is_a_sentence(shell: Shell, words: list[str], status: int, said: str) -> None:
    """It says what is wrong and what would be right, on standard error alone, with its exit status."""
    done, out, err = shell.practiq(*words)

    assert (done, out) == (status, "")
    assert said in err
    assert "Traceback" not in err


def test_debug_shows_where_an_error_comes_from(shell: Shell) -> None:
    """With --debug, before or behind the command, the error is raised as it is."""
    for words in (["--debug", "ingest", "nowhere"], ["ingest", "nowhere", "--debug"]):
        with pytest.raises(Exception, match="nowhere is not there"):
            shell.practiq(*words)


def test_second_writer_is_told(read: Shell) -> None:
    """While one practiq writes, another says so, and reading commands go on."""
    from service.store import open_store

    store = open_store(database_url(read.folder))
    try:
        with store.alone():
            status, _, err = read.practiq("reread")
            assert status == 1
            assert "Traceback" not in err
            assert len(read.lines("messages", "--json")) == 3
    finally:
        store.close()
    assert read.practiq("reread")[0] == 0
