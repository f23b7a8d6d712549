"""How far it is: on a terminal, and nowhere else."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from service.bars import MANY, bar
from service.intake import keep_raw
from tests.agency import DANA, Clock, at_work, id_of, mail, servers_of, write_config
from tests.bait import ROOT
from tests.postgres import Server
from tests.processes import await_that, read_count, service_config
from tests.servers import User
from tests.terminals import COLUMNS, Terminal, terminal

pytestmark = pytest.mark.one_database("it is about what a terminal shows")

MAILS = [mail(DANA, f"Could you send number {n} by Friday?", subject=f"Number {n}") for n in range(12)]
SMALL = "from service import bars; bars.MANY = len('twelve mails')"
FEW = "from service import bars; bars.MANY = len('twelve mails.')"


@contextmanager
def begun(
    screen: Terminal | None, config: Path, *words: str, tuned: str = ""
) -> Iterator[subprocess.Popen[bytes]]:
    """A command whose standard error is a terminal, or nothing that is one; ended with the test."""
    code = f"import sys\n{tuned}\nfrom service.cli import call_main\nsys.exit(call_main(sys.argv[1:]))"
    with subprocess.Popen(
        [sys.executable, "-c", code, "--config", str(config), *words],
        stdout=subprocess.PIPE,
        stderr=screen.line if screen else subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "TERM": "xterm-256color", "FORCE_COLOR": "1"},
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def bars(screen: Terminal, words: str) -> list[str]:
    return [line for line in screen.lines if line.startswith(words)]


def is_paced(line: str, of: str) -> bool:
    """Whether a line says how much of how much is done, the rate, and the time that is left."""
    return re.search(rf"━ [\d,]+ of {of}, [\d,]+ a second, \d+:\d\d:\d\d left$", line) is not None


def in_folder(folder: Path) -> str:
    (folder / "mail").mkdir()
    for raw in MAILS:
        (folder / "mail" / f"{id_of(raw).strip('<>')}.eml").write_bytes(raw)
    return str(folder / "mail")


def test_ingest_says_how_fast_it_is(tmp_path: Path) -> None:
    """Bytes as they are kept, mails as they are read; nothing of it stays, and standard output stays empty."""
    command = (write_config(tmp_path), "ingest", in_folder(tmp_path))
    with terminal() as screen, begun(screen, *command) as process:
        assert process.communicate(timeout=60)[0] == b""
    assert process.returncode == 0
    assert any(is_paced(line, "0 MB") for line in bars(screen, "Keeping"))
    assert any(is_paced(line, "12 mails") for line in bars(screen, "Reading"))
    assert max(map(len, screen.lines)) <= COLUMNS
    assert screen.told.partition("12 mails seen")[0].endswith("\x1b[2K")
    assert screen.lines[-2:] == ["12 mails seen, 12 of them new.", ""]


@pytest.mark.parametrize(("tuned", "shown"), [(SMALL, True), (FEW, False)], ids=["many", "few"])
def test_poll_of_a_full_inbox_says_how_fast_it_is(
    tmp_path: Path, user: User, tuned: str, shown: bool
) -> None:
    """What is fetched, and what is read; nothing where it is little, as cron finds it."""
    user.deliver(*MAILS)
    config = write_config(tmp_path, servers_of(user))
    with terminal() as screen, begun(screen, config, "poll", tuned=tuned) as process:
        assert process.communicate(timeout=60)[0] == b""
    assert process.returncode == 0
    for words in ("Fetching", "Reading"):
        assert any(is_paced(line, "12 mails") for line in bars(screen, words)) is shown
        assert bool(bars(screen, words)) is shown
    assert "12 new, 12 read, 0 sent." in screen.lines


def test_backup_of_postgresql_says_how_fast_it_is(
    tmp_path: Path, postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row by row, and so does the restore."""
    monkeypatch.setattr("tests.postgres.server", postgresql)
    with at_work(tmp_path, Clock()) as app:
        keep_raw(app.store, MAILS, app.now())
    for command, words in (("backup", "Copying"), ("restore", "Restoring")):
        with (
            terminal() as screen,
            begun(screen, tmp_path / "config.toml", command, str(tmp_path / "copy")) as one,
        ):
            one.communicate(timeout=60)
        assert one.returncode == 0
        assert any(is_paced(line, "25 rows") for line in bars(screen, words))


def test_poll_counts_what_it_read_while_it_fetched(tmp_path: Path, user: User) -> None:
    """All that is new was read, before or after the last was fetched."""
    user.deliver(*MAILS)
    much = "from service import intake; intake.MUCH = len('...')"
    with begun(None, write_config(tmp_path, servers_of(user)), "poll", tuned=much) as process:
        assert b"12 new, 12 read, 0 sent." in process.communicate(timeout=60)[1]


def test_service_says_how_fast_it_is_while_there_is_a_backlog(tmp_path: Path, user: User) -> None:
    """And nothing of the single mails that come afterwards; who kills it gets the terminal's cursor back."""
    user.deliver(*MAILS)
    config = service_config(tmp_path, servers_of(user))
    with terminal() as screen, begun(screen, config, "run", tuned=SMALL) as process:
        await_that(lambda: read_count(tmp_path) == 12)
        user.deliver(mail(DANA, "One more."))
        await_that(lambda: read_count(tmp_path) == 13)
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=30)[0] == b""
    assert process.returncode == 0
    for words in ("Fetching", "Reading"):
        assert any(is_paced(line, "12 mails") for line in bars(screen, words))
        assert all("of 12 mails" in line for line in bars(screen, words))
    assert "\x1b[?25l" not in screen.told


SAYS = """
from service import bars, logs
logs.set_up("info")
with bars.bar("Reading", 12) as advance:
    for n in range(12):
        advance()
        logs.Log("service.test").info("noted", mail=n)
"""


def test_log_stands_above_the_bar() -> None:
    """Line by line, and the bar is drawn again below."""
    with terminal() as screen:
        subprocess.run([sys.executable, "-c", SAYS], stderr=screen.line, cwd=ROOT, check=True)
    noted = [line for line in screen.lines if "noted" in line]
    assert [line.rpartition("=")[2] for line in noted] == list(map(str, range(12)))
    assert not any("━" in line for line in noted)
    assert len(bars(screen, "Reading")) > 12


@pytest.mark.parametrize("command", ["ingest", "poll", "run"])
def test_nothing_where_there_is_no_terminal(tmp_path: Path, user: User, command: str) -> None:
    """Scripts and the journal get the sentences alone."""
    user.deliver(*MAILS)
    config = service_config(tmp_path, servers_of(user))
    words = [command, in_folder(tmp_path)] if command == "ingest" else [command]
    with begun(None, config, *words, tuned=SMALL) as process:
        if command == "run":
            await_that(lambda: read_count(tmp_path) == 12)
            process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert out == b""
    assert err
    assert not re.search(rb"\x1b|\r|Fetching|Reading|Keeping", err)


@pytest.mark.parametrize("count", [0, MANY - 1, MANY, None])
def test_bar_is_for_what_takes_long(monkeypatch: pytest.MonkeyPatch, count: int | None) -> None:
    """From some hundreds on; where nobody knows how many there are, it only moves."""
    with terminal() as screen, open(os.dup(screen.line), "w") as line:  # noqa: PTH123 -- it has no path
        monkeypatch.setattr(sys, "stderr", line)
        with bar("Reading", count, least=MANY) as advance:
            for _ in range(count or 3):
                advance()
                time.sleep(0.001)
    assert bool(bars(screen, "Reading")) is (count in (MANY, None))
    assert any(is_paced(line, "300 mails") for line in screen.lines) is (count == MANY)


def test_bar_counts_bytes_in_megabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """As people think of files."""
    with terminal() as screen, open(os.dup(screen.line), "w") as line:  # noqa: PTH123 -- it has no path
        monkeypatch.setattr(sys, "stderr", line)
        with bar("Keeping", 1_234_000_000, unit="MB") as advance:
            advance(617_000_000)
    assert any(" 617 of 1,234 MB, " in line for line in bars(screen, "Keeping"))


def test_bar_tells_the_rate_of_what_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was held before counts as done, and promises no haste for the rest."""
    with terminal() as screen, open(os.dup(screen.line), "w") as line:  # noqa: PTH123 -- it has no path
        monkeypatch.setattr(sys, "stderr", line)
        with bar("Keeping", 100_100) as advance:
            advance(100_000, held=True)
            time.sleep(0.15)  # for the bar to be drawn
            advance(50)
    shown = bars(screen, "Keeping")
    assert any(line.endswith("100,000 of 100,100 mails") for line in shown)
    (rate,) = re.findall(r"100,050 of 100,100 mails, ([\d,]+) a second", shown[-1])
    assert 0 < int(rate.replace(",", "")) <= 50 / 0.15
