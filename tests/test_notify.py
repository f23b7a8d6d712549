"""What systemd is told (sd_notify), and the units that we ship for it."""

from __future__ import annotations

import configparser
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from service.cli import main
from service.notify import Notifier
from tests.agency import DANA, mail, servers_of
from tests.processes import HASTY, ROOT, await_that, read_count, running, service_config
from tests.servers import SmtpSink, User
from tests.systemd import DENY_WRITE_EXECUTE, Systemd

pytestmark = pytest.mark.one_database("it is about what systemd hears")

UNITS = {"practiq.service": ["config.toml", "run"], "practiq-worker.service": ["agencies", "worker"]}
HANGS = """
import os, signal, socket, time
address = os.environ["NOTIFY_SOCKET"]
def hang(number, frame):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.sendto(b"HUNG", address)
    time.sleep(60)
signal.signal(signal.SIGUSR1, hang)
"""


def test_systemd_hears_how_the_service_is(
    tmp_path: Path, systemd: Systemd, user: User, smtp: SmtpSink
) -> None:
    """That it is ready and lives, that another one stands by and stops; not that one lives that hangs. Children hear nothing of it."""
    user.deliver(mail(DANA, "Approved."))
    config = service_config(tmp_path, servers_of(user, smtp))
    with running(config, tuned=DENY_WRITE_EXECUTE + HANGS + HASTY) as practiq:
        assert systemd.next() == "READY=1\nSTATUS=At work"
        systemd.await_words("WATCHDOG=1")
        await_that(lambda: read_count(tmp_path) == 1)
        children = practiq.children()
        assert children
        for one in children:
            assert b"NOTIFY_SOCKET" not in Path(f"/proc/{one}/environ").read_bytes()
        with running(config, tuned=HASTY) as other:
            systemd.await_words("READY=1\nSTATUS=Waiting for its turn on the database")
            other.end()
        systemd.await_words("STOPPING=1\nSTATUS=Stopping")  # the other one's
        # It hangs: its threads may go on as they like, what nothing schedules any more says nothing.
        practiq.send(signal.SIGUSR1)
        systemd.await_words("HUNG")
        with pytest.raises(TimeoutError):
            systemd.next(2)


def test_nobody_who_listens_stops_nothing(tmp_path: Path) -> None:
    """No socket, one that is gone, and a watch over another process: each is no matter."""
    for environ in ({}, {"NOTIFY_SOCKET": str(tmp_path / "gone")}, {"NOTIFY_SOCKET": "@gone"}):
        systemd = Notifier({**environ, "WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "1"})
        systemd.ready("At work")
        systemd.alive()
        systemd.stopping()


@pytest.mark.parametrize("name", UNITS)
def test_unit_starts_what_there_is(name: str, tmp_path: Path) -> None:
    """Its command exists, systemd finds no fault with it, and knows nothing that it leaves open that could be shut."""
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    words = (ROOT / "packaging" / name).read_text()
    unit.read_string(words)
    program, option, config, command = unit["Service"]["ExecStart"].split()
    assert (Path(program).name, option) == ("practiq", "--config")
    assert [Path(config).name, command] == UNITS[name]
    assert command in main.commands
    assert (unit["Service"]["Type"], unit["Service"]["Restart"]) == ("notify", "always")
    if shutil.which("systemd-analyze"):
        here = tmp_path / name
        here.write_text(words.replace(program, sys.executable).replace("man:practiq(1)", ""))
        for asked in (["verify", "--man=no"], ["security", "--offline=yes", "--threshold=15"]):
            said = subprocess.run(
                ["systemd-analyze", *asked, str(here)], capture_output=True, text=True, check=False
            )
            assert said.returncode == 0, said.stdout + said.stderr
