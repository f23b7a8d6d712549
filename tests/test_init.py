"""`practiq init` asks, writes a configuration that is right, and tries it."""

from __future__ import annotations

import contextlib
import io
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from parsers.providers import PROVIDERS
from service.cli import call_main
from service.config import load
from service.errors import ConfigError
from service.setup_file import text_of, write
from service.setup_questions import interview
from tests.agency import MAYA, SAM
from tests.processes import ROOT
from tests.servers import PASSWORD, SmtpSink, User

pytestmark = pytest.mark.one_database("init sets up SQLite")

Init = Callable[..., tuple[int, str, str]]


@dataclass
class Patient:
    """Somebody who answers what was written down, and is asked again; says "yes?" when that is over."""

    answers: list[str]
    waits: bool = True
    asked: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def ask(self, question: str, default: str, *, hidden: bool = False) -> str:
        """The next answer."""
        self.asked.append(question)
        if not self.answers:
            raise EOFError
        return self.answers.pop(0) or default

    def tell(self, words: str) -> None:
        """Note what is said."""
        self.told.append(words)


@pytest.fixture
def init(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Init:
    """The command, with these answers piped in: status, standard output, standard error."""

    def run(*answers: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{one}\n" for one in answers)))
        status = call_main(["--config", str(tmp_path / "config.toml"), "init"])
        out, err = capsys.readouterr()
        return status, out, err

    return run


def test_ten_answers_make_an_inbox_that_is_read(
    tmp_path: Path, init: Init, user: User, smtp: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From nothing to a log-in on both servers: the list of clients is in, the check is all well, secrets are its owner's."""
    monkeypatch.setenv("PRACTIQ_IMAP__USERNAME", user.name)
    monkeypatch.setenv("PRACTIQ_SMTP__PASSWORD_FILE", "/dev/null")  # the sink takes no log-in
    (tmp_path / "clients.csv").write_text("Client,Domains,AM\nAcme Corp,acme.example,Maya\n")
    (tmp_path / "config.toml").write_text("old")
    status, out, err = init(
        "yes", "Northlight", "northlight.example", "", "another", f"127.0.0.1:{user.server.port} 127.0.0.1:{smtp.port}",
        PASSWORD, f"Maya Chen <{MAYA}>; {SAM}", "Europe/London", str(tmp_path / "clients.csv"),
    )  # fmt: skip
    config = load(tmp_path / "config.toml", {})

    assert (status, "FAIL" in out) == (0, False), out + err
    assert "line 2: Acme Corp is added" in out
    assert "opens INBOX: 0 messages" in out
    assert [(one.name, one.email, one.timezone.key) for one in config.account_managers] == [
        ("Maya Chen", MAYA, "Europe/London"), ("Sam", SAM, "Europe/London"),
    ]  # fmt: skip
    assert (tmp_path / "config.password").read_text() == f"{PASSWORD}\n"
    assert (tmp_path / "config.password").stat().st_mode & 0o777 == 0o600
    assert PASSWORD not in (tmp_path / "config.toml").read_text() + out + err
    assert config.database.url == f"sqlite:///{tmp_path}/practiq.db"


def test_great_providers_are_known(tmp_path: Path) -> None:
    """By the mail domain where that is theirs, else from the list; each one's servers stand in what is written."""
    for number, one in enumerate(PROVIDERS, 1):
        person = Patient(
            ["Northlight", "northlight.example", "", str(number), *["hush"] * (number != 1), MAYA, "", ""]
        )
        answers = interview(person, "Europe/Berlin")
        text = text_of(answers, folder=tmp_path, password_file=tmp_path / "config.password")
        assert (answers.provider, person.answers) == (one, [])
        assert f'host = "{one.imap.host}"' in text
        assert f'host = "{one.smtp.host}"' in text
    person = Patient(["Northlight", "northlight.example", "northlight@gmail.com", "hush", MAYA, "", ""])
    assert interview(person, "UTC").provider.name == "Google Workspace or Gmail"
    assert "apppasswords" in "".join(person.told)


def test_microsoft_is_left_to_its_own_command(tmp_path: Path) -> None:
    """No password is asked for; its tables wait behind a #, say where to go on, and are right once that is taken away."""
    person = Patient(["Northlight", "northlight.example", "", "Microsoft 365", MAYA, "", ""])
    answers = interview(person, "UTC")
    path, secret = tmp_path / "config.toml", tmp_path / "config.password"
    text = text_of(answers, folder=tmp_path, password_file=secret)
    write(path, text, password_file=secret, password=answers.password)
    config = load(path, {})

    assert (config.imap, config.smtp) == (None, None)
    assert config.authentication
    assert config.authentication.trust == "microsoft365"
    assert "practiq auth microsoft" in text
    assert not secret.exists()
    begin, end = text.index("# [imap]"), text.index("[database]")
    filled = re.sub(r"(?m)^# ", "", text[begin:end]).replace("…", "northlight.example")
    path.write_text(text[:begin] + filled + text[end:])
    (tmp_path / "config.secret").write_text("hush")
    imap, smtp = load(path, {}).imap_account(), load(path, {}).smtp_account()
    assert imap
    assert smtp
    assert (imap.host, smtp.host) == ("outlook.office365.com", "smtp.office365.com")
    assert imap.tokens
    assert smtp.tokens


def test_answers_are_checked_as_they_are_given(tmp_path: Path) -> None:
    """In the sentences of the configuration, and asked again; never more than ten questions."""
    person = Patient([
        "", "Northlight", "northlight", "northlight.example", "practiq", "practiq@northlight.example",
        "ionos-like", "Other", "imap.acme.example:x", "mail.acme.example", "hush",
        "Maya", "practiq@northlight.example", f"{MAYA}, {MAYA}", f"Maya <{MAYA}>", "Berlin", "Europe/Berlin",
        "nowhere.csv", "",
    ])  # fmt: skip
    answers = interview(person, "UTC")

    assert person.answers == []
    assert len(dict.fromkeys(person.asked)) == 9  # the tenth is whether to overwrite
    assert [one for one in person.told if not re.match(r" *\d+ ", one)] == [
        "agency.name: string should have at least 1 character, not ''",
        "agency.domains[1]: 'northlight' is no domain; write it like acme.example",
        "inbox.address: 'practiq' is no address; write it like maya@northlight.example",
        "“ionos-like” is none of the list; write its number, or another.",
        "'x' is no port; write it like imap.acme.example:993",
        "account_managers[Maya].email: 'Maya' is no address; write it like maya@northlight.example",
        "inbox.address: practiq@northlight.example is an account manager's; the inbox needs its own",
        f"account_managers: {MAYA} stands there 2 times; once is right",
        "account_managers[Maya].timezone: 'Berlin' is no time zone; did you mean Europe/Berlin?",
        "nowhere.csv cannot be read: No such file or directory.",
    ]
    assert (answers.provider.smtp.host, answers.provider.smtp.port) == ("mail.acme.example", 587)


def test_piped_answers_that_are_wrong_write_nothing(tmp_path: Path, init: Init) -> None:
    """Nobody is there to be asked again: one sentence with the question, status 2."""
    for answers, said in (
        (["Northlight", "none"], "is no domain; write it like acme.example"),
        (["Northlight"], "The answers end before the question “Its mail domains"),
    ):
        status, out, err = init(*answers)
        assert (status, out, said in err) == (2, "", True)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_stays_unless_told(tmp_path: Path, init: Init) -> None:
    """Nothing is overwritten without a yes, an earlier password file neither."""
    for name in ("config.toml", "config.password"):
        (tmp_path / name).write_text("mine")
        status, _, err = init("")
        assert (status, f"{name} is there already" in err) == (2, True)
        assert (tmp_path / name).read_text() == "mine"
        (tmp_path / name).unlink()


def test_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    """In the middle of the questions, at a terminal, where a password is not shown while it is typed."""
    command = [sys.executable, "-m", "service", "--config", str(tmp_path / "config.toml"), "init"]
    held, line = pty.openpty()
    told = b""
    with subprocess.Popen(
        command, cwd=ROOT, stdin=line, stdout=line, stderr=line, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background jobs ignore it
    ) as begun:  # fmt: skip
        os.close(line)
        for typed, then in (
            # With the blank behind it: what is typed before that is thrown away with the echo.
            (b"Northlight\nnorthlight.example\n\nfastmail\n", b"yourself): "),
            (b"s3cret\n", b"The account managers"),
        ):
            os.write(held, typed)
            while then not in told:
                told += os.read(held, 65_536)
        for _ in range(20):  # one that comes just before it waits for words is only noticed with the next
            begun.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                begun.wait(timeout=1)
                break
        begun.kill()
        status = begun.wait()
    os.close(held)

    assert status == 130
    assert b"s3cret" not in told
    assert list(tmp_path.iterdir()) == []


@dataclass
class Sheet:
    """Somebody who answers each question from a sheet, once."""

    answers: dict[str, str]
    waits: bool = False

    def ask(self, question: str, default: str, *, hidden: bool = False) -> str:
        """What the sheet has for it."""
        return next(one for words, one in self.answers.items() if words in question) or default

    def tell(self, words: str) -> None:
        """Pass it over."""


_WORDS = st.text("aZ0é😀\"'\\#=[]<>@.,;:%{}\t\x00\x1b\x7f\x85\xa0\u2028\u202e\ufeff ", max_size=20)
_RIGHT = {
    "agency called": _WORDS,
    "mail domains": st.sampled_from(["n.example", "a.example b.example", "öl.example"]),
    "shared inbox": st.sampled_from(["", "practiq@a.example", "x@gmail.com", "o'x@a.example"]),
    "keeps your mail": st.sampled_from([*map(str, range(1, 29)), *["another"] * 10]),
    "IMAP server": st.sampled_from(["", "mail.a.example", "127.0.0.1:1143 ::1", 'a"b\\']),
    "password": _WORDS,
    "account managers": st.sampled_from(["Maya <m@c.example>", 'O"N \\ <o@c.example>; s@c.example']),
    "time zone": st.sampled_from(["", "Asia/Tokyo"]),
    "CSV file": st.just(""),
}
SHEETS = st.builds(
    lambda right, wild: right | wild,
    st.fixed_dictionaries(_RIGHT),
    st.dictionaries(st.sampled_from(list(_RIGHT)), _WORDS, max_size=1),
)


@example(
    {
        "agency called": 'O\'Neil "Q" \\ Söhne #1', "mail domains": "öl.example", "shared inbox": "", "keeps your mail": "another",
        "IMAP server": 'a"b\\', "password": "\u20ac", "account managers": 'O"N \\ <o@c.example>', "time zone": "", "CSV file": "",
    },
    'o d"d?#',
)  # fmt: skip
@given(SHEETS, st.sampled_from(["x", 'o d"d?#', "ö"]))
@settings(max_examples=200, deadline=None)
def test_what_it_writes_always_loads(
    tmp_path_factory: pytest.TempPathFactory, sheet: dict[str, str], name: str
) -> None:
    """Whatever is answered is refused, or is in the configuration as it was said."""
    try:
        answers = interview(Sheet(sheet), "UTC")
    except ConfigError:
        event("refused")
        return
    folder = tmp_path_factory.mktemp("init") / name
    folder.mkdir()
    path, secret = folder / "config.toml", folder / "config.password"
    text = text_of(answers, folder=folder, password_file=secret)
    write(path, text, password_file=secret, password=answers.password)
    config = load(path, {})

    assert config.agency.name == " ".join(sheet["agency called"].split())
    assert [one.name for one in config.account_managers] == [
        one["name"] for one in answers.tree["account_managers"]
    ]
    assert {one.name for one in folder.iterdir()} - {"config.password"} == {"config.toml"}
    assert secret.exists() is bool(answers.password)
    if config.imap:
        assert (config.imap.host, config.imap.password_file) == (answers.provider.imap.host, secret)
        assert (config.imap.secret() if answers.password else "") == answers.password.rstrip("\r\n")
