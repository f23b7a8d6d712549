"""`token_command`: the token that a program prints, and all that a program can do wrong."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from service import tokens
from service.errors import NoToken
from service.tokens import TokenCommand
from tests.processes import await_that, is_alive


def command(*words: str) -> TokenCommand:
    return TokenCommand(section="imap", words=words)


def python(code: str) -> TokenCommand:
    return command(sys.executable, "-Sc", code)


@pytest.mark.parametrize(
    ("code", "token"),
    [
        ("print('ya29.a-b_c~d+e/f==')", "ya29.a-b_c~d+e/f=="),
        ("print(' abc \\r\\nexpires 3600\\nscope x')", "abc"),
        ("print('abc', end='')", "abc"),
        ("print('abc'); print('x' * 20_000)", "abc"),
        ("import sys; print('abc'); print('secret', file=sys.stderr)", "abc"),
    ],
    ids=["all-signs", "more-lines", "no-end", "much-more", "errors"],
)
def test_the_first_line_is_the_token(code: str, token: str) -> None:
    """Blanks around it and all that follows are left away."""
    assert python(code).token() == token


def test_no_shell_reads_the_words() -> None:
    """Each word is an argument as it stands."""
    assert command("printf", "%s", "a$HOME").words == ("printf", "%s", "a$HOME")
    with pytest.raises(NoToken, match="gives no access token"):
        command("printf", "%s", "a$HOME;b").token()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import sys; print('hush'); sys.exit(3)", r"ended with status 3"),
        ("pass", r"printed nothing on its first line"),
        ("print('\\nhush')", r"printed nothing on its first line"),
        ("print('hush hush')", r"gives no access token"),
        ("print('hush\\x01auth=Bearer')", r"gives no access token"),
        ("print('hüsh')", r"gives no access token"),
        ("import os; os.kill(os.getpid(), 15)", r"ended with status -15"),
    ],
    ids=["fails", "nothing", "first-line-empty", "blank", "control", "letters", "killed"],
)
def test_what_is_no_token_is_told(code: str, words: str) -> None:
    """The sentence says which table's command it was and what it did, and repeats nothing that it printed."""
    with pytest.raises(NoToken, match=words) as error:
        python(f"# -*- coding: utf-8 -*-\n{code}").token()

    assert str(error.value).startswith("[imap] token_command")
    assert "hush" not in str(error.value)
    assert "hush" not in repr(python("hush"))


def test_a_command_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A wrong name, and a file that may not be run, are one sentence."""
    (tmp_path / "token").write_text("")
    with pytest.raises(NoToken, match=r"\(none\) cannot be run: No such file"):
        command("/nowhere/none", "secret").token()
    with pytest.raises(NoToken, match=r"\(token\) cannot be run: (Permission|Exec)"):
        command(str(tmp_path / "token")).token()
    with pytest.raises(NoToken, match=r"\(printf\) cannot be run: a word of it is none"):
        command("printf", "a\0b").token()


def test_one_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When its time is up it is killed, with those whom it began and who hold its output open."""
    monkeypatch.setattr(tokens, "COMMAND_SECONDS", 1)
    pid = tmp_path / "pid"
    began = time.monotonic()
    with pytest.raises(NoToken, match=r"did not end within 1 seconds") as error:
        command("sh", "-c", f"sleep 60 & echo $! > {pid}; wait").token()

    assert error.value.passes
    assert time.monotonic() - began < 20
    await_that(lambda: not is_alive(int(pid.read_text())) or is_zombie(int(pid.read_text())))


def is_zombie(pid: int) -> bool:
    """Whether it has ended, and only nobody asked how."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def test_one_that_leaves_somebody_behind_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """An agent that it started may live on, with its output; the token is there."""
    monkeypatch.setattr(tokens, "COMMAND_SECONDS", 20)
    code = "import os, sys, time\nprint('abc', flush=True)\n"
    code += "if os.fork() == 0:\n    sys.stdin.close(); time.sleep(2)\n"
    began = time.monotonic()

    assert python(code).token() == "abc"
    assert time.monotonic() - began < 2
