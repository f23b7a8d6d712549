"""No value of a mail is put into an IMAP command, a file's path, SQL or a shell, and no terminal obeys one."""

from __future__ import annotations

import ast
import unicodedata
from base64 import b64encode
from pathlib import Path

import pytest

from parsers.message import parse_message
from service.cli import call_main
from tests.agency import write_config
from tests.bait import ROOT, sources

pytestmark = pytest.mark.one_database(
    "it is about what a mail may do, and the rows of its reading are those of other tests"
)

# Calls that hand a text to a database, a server, the system or the interpreter; who may make them, and how often.
REACHING = {
    "service/clients_waiting.py": {"os.open": 1},  # clients for whoever is at work, in a file beside the database
    "service/connections.py": {"connection.exec_driver_sql": 1, "os.open": 1},  # how a transaction begins; our own lock
    "service/copies.py": {"os.open": 1},  # a backup that was written, for the disk to keep it
    "service/copying.py": {"text": 1},  # where numbers go on, by the names of our own tables
    "service/files.py": {"path.open": 1},  # what `practiq ingest` was given
    "service/imap_line.py": {"client._imap._command": 1},  # UID FETCH of numbers, and of parts by their numbers
    "service/inbox.py": {"client.select_folder": 1, "self._client.folder_status": 1, "self._client.fetch": 3, "self._client.search": 1},
    "service/intake.py": {"inbox.fetch": 1},  # by numbers
    "service/postgres.py": {"connection.exec_driver_sql": 2},  # VACUUM, of our own tables
    "service/setup_file.py": {"os.open": 1},  # what `practiq init` writes, closed to others from the beginning
    "service/token_file.py": {"os.open": 2},  # refresh tokens and their lock, where the configuration says
    "service/tokens.py": {"subprocess.Popen": 1},  # the configuration's own command, without a shell
    "service/sandbox.py": {"subprocess.Popen": 1},
}  # fmt: skip
REACHES = {
    "exec_driver_sql", "literal_column", "from_statement", "executescript",
    "Popen", "system", "popen", "check_call", "check_output", "spawnv", "execv", "execve",
    "open", "write_bytes", "write_text", "mkdir", "touch", "symlink_to", "rename", "write_attachments", "extractall",
    "select_folder", "folder_status", "fetch", "_command", "list_folders", "sort_messages",
    "eval", "exec", "from_string",
}  # fmt: skip
ALSO = {"self._client.search", "text"}


def reaching(path: Path) -> dict[str, int]:
    """The calls in a file that hand a text on, and how often."""
    found: dict[str, int] = {}
    for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(one, ast.Call):
            called = ast.unparse(one.func)
            if called in ALSO or called.rpartition(".")[2] in REACHES:
                found[called] = found.get(called, 0) + 1
    return found


@pytest.mark.promise("P21")
@pytest.mark.pitfall("mail-parser#165", "imapclient#657")
def test_nothing_hands_a_mails_words_on() -> None:
    """Only these few calls reach a database by text, a server, a process or a file; no attachment is written or unpacked."""
    found = {str(path.relative_to(ROOT)): calls for path in sources() if (calls := reaching(path))}

    assert found == REACHING


@pytest.mark.promise("P21")
@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/cron.d/x", "C:\\Windows\\a.exe", "a\0b.pdf", "$(touch owned)", "'; DROP TABLE kept; --"]
)  # fmt: skip
@pytest.mark.pitfall("mail-parser#165")
def test_a_name_of_a_file_makes_none(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an attachment is called is shown, and touches neither a file nor the database."""
    encoded = b"=?utf-8?b?" + b64encode(name.encode()) + b"?="
    raw = HEAD + b'Content-Type: application/pdf; name="' + encoded + b'"\r\n\r\nx\r\n'
    config = write_config(tmp_path)
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "a.eml").write_bytes(raw)
    monkeypatch.chdir(tmp_path)
    assert call_main(["--config", str(config), "ingest", "mail"]) == 0
    assert call_main(["--config", str(config), "inspect", "mail"]) == 0

    assert "attached" in capsys.readouterr().out
    assert parse_message(raw).attachments[0].name == name.replace("\0", "")
    there = {
        str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if not path.name.startswith("practiq")
    }
    assert there == {"config.toml", "mail", "mail/a.eml"}


HEAD = b"From: Dana <dana@acme.example>\r\nTo: maya@northlight.example\r\nSubject: a\r\nMessage-ID: <a@test.example>\r\n"
HEAD += b"Date: Tue, 10 Nov 2026 09:00:00 -0500\r\n"
# Colours, a title, a C1 control, marks of direction, tags, what has no width; each invisible.
OBEYED = "\x1b[31mred\x1b]0;t\x07\x9b5m \u202eevil\u202c\u2066x\u2069 \U000e0067 z\u200bw \u00ad\r\nfake line"


@pytest.mark.promise("P15")
def test_a_terminal_is_told_words_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Tables, and what `inspect` says, hold no control character, nothing that turns their direction, and no line of a mail's."""
    word = b"=?utf-8?b?" + b64encode(OBEYED.encode()) + b"?="
    raw = (
        b"From: "
        + word
        + b" <dana@acme.example>\r\nTo: maya@northlight.example\r\nSubject: "
        + word
        + b"\r\n"
    )
    raw += b"Date: Tue, 10 Nov 2026 09:00:00 -0500\r\nMessage-ID: <a@test.example>\r\n"
    raw += b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    raw += f"Approved {OBEYED}, please go ahead.\r\n--b\r\nContent-Type: application/pdf; name=".encode()
    raw += b'"' + word + b'"\r\n\r\nx\r\n--b--\r\n'
    config = write_config(tmp_path)
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "a.eml").write_bytes(raw)
    folder = str(tmp_path / "mail")
    calls = [
        ["ingest", folder],
        ["messages"],
        ["threads"],
        ["inspect", folder],
        ["digest"],
        ["workspace", "Acme Corp"],
        ["audit"],
    ]
    for words in calls:
        assert call_main(["--config", str(config), *words]) == 0
        said = capsys.readouterr().out
        assert not {c for c in said if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs")}, (
            words
        )
        assert not [line for line in said.splitlines() if line.startswith("fake")], words
