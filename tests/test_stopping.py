"""SIGTERM ends the service within ten seconds, with nothing half done; no fault leaves it half dead."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service import jobs
from service.cli import call_main
from service.intake import keep_raw
from service.kept_rows import KeptState, count_kept
from service.letter_rows import LetterState, count_letters
from service.store import open_store, read_store
from tests.agency import AUTHENTICATION, DANA, Clock, at_work, mail, servers_of, write_config
from tests.desk import ScriptedSmtp
from tests.processes import ALWAYS_DUE, HASTY, NOON, await_that, is_alive, running, service_config
from tests.servers import ScriptedImap, SmtpSink, User

pytestmark = [pytest.mark.promise("P25"), pytest.mark.one_database("it is about the process")]

MOST_SECONDS = 10


def listens(pid: int) -> bool:
    """Whether a process has a socket that others may connect to."""
    own = {str(one.readlink()) for one in Path(f"/proc/{pid}/fd").iterdir()}
    tables = (Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:] for name in ("tcp", "tcp6"))
    rows = [line.split() for table in tables for line in table]
    return any(row[3] == "0A" and f"socket:[{row[9]}]" in own for row in rows)


def counts(folder: Path) -> tuple[dict[KeptState, int], dict[LetterState, int]]:
    """How many mails and letters there are, by their state."""
    store = read_store(f"sqlite:///{folder}/practiq.db")
    with store.transaction() as session:
        found = dict(count_kept(session)), dict(count_letters(session))
    store.close()
    return found


@pytest.mark.pitfall("agent-identity#348")
def test_stop_while_waiting_for_mail(tmp_path: Path, user: User, smtp: SmtpSink) -> None:
    """In IDLE: exit status 0, and no process left. Until then nobody could connect to it."""
    user.deliver(mail(DANA, "Approved."))
    with running(service_config(tmp_path, servers_of(user, smtp)), tuned=HASTY) as practiq:
        await_that(lambda: len(smtp.letters) == 2)
        children = practiq.children()
        assert children
        assert not any(listens(pid) for pid in (practiq.process.pid, *children))
        status, seconds = practiq.end()
        await_that(lambda: not any(map(is_alive, children)), 5)

    assert (status, seconds < MOST_SECONDS) == (0, True)
    assert practiq.events("stopped")
    assert not practiq.events("cut short")


def test_stop_while_reading(tmp_path: Path) -> None:
    """In the middle of 2,000 mails: each is read or not, none is in quarantine, and the rest is read next time."""
    config = write_config(tmp_path)
    store = open_store(f"sqlite:///{tmp_path}/practiq.db")
    keep_raw(store, [mail(DANA, f"number {n}", subject=f"S{n}") for n in range(2000)], Clock()())
    store.close()
    with running(config) as practiq:
        await_that(lambda: counts(tmp_path)[0][KeptState.READ] > 20)
        children = practiq.children()
        status, seconds = practiq.end()
        await_that(lambda: not any(map(is_alive, children)), 5)

    kept, _ = counts(tmp_path)
    assert (status, seconds < MOST_SECONDS) == (0, True)
    assert not practiq.events("cut short")
    assert kept[KeptState.UNREAD] > 0
    assert kept[KeptState.QUARANTINED] == 0
    assert sum(kept.values()) == 2000


def test_stop_while_a_letter_is_accepted(tmp_path: Path) -> None:
    """What is on the wire is settled, and no other letter is begun."""

    def slowly() -> bytes:
        time.sleep(3)
        return b"250 ok"

    with contextlib.closing(ScriptedSmtp({".": slowly})) as server:
        smtp = f'[smtp]\nhost = "127.0.0.1"\nport = {server.port}\ntls = "none"\n'
        with running(service_config(tmp_path, smtp), tuned=HASTY) as practiq:
            await_that(lambda: "." in server.heard)
            status, seconds = practiq.end()

    assert (status, seconds < MOST_SECONDS) == (0, True)
    assert len(server.letters) == 1
    _, letters = counts(tmp_path)
    assert {state: count for state, count in letters.items() if count} == {
        LetterState.SENT: 1,
        LetterState.READY: 1,
    }


@pytest.mark.parametrize("signals", [1, 2])
def test_stop_while_servers_are_silent(tmp_path: Path, signals: int) -> None:
    """Of a line that is half open nothing is waited for; a second signal ends it at once."""
    asked = []

    def silent(tag: str, command: str) -> Sequence[bytes]:
        if not command.startswith("LOGIN"):
            return [b"* CAPABILITY IMAP4rev1 IDLE\r\n", f"{tag} OK done\r\n".encode()]
        asked.append(tag)
        return []

    with (
        contextlib.closing(ScriptedImap(silent)) as imap,
        contextlib.closing(ScriptedSmtp({"MAIL": b""})) as smtp,
    ):
        table = 'host = "127.0.0.1"\nport = {}\ntls = "none"\n'
        servers = f'[imap]\n{table.format(imap.port)}password = "x"\n[smtp]\n{table.format(smtp.port)}'
        with at_work(
            tmp_path, lambda: datetime.now(UTC), AUTHENTICATION + servers + ALWAYS_DUE, zone=NOON
        ) as app:
            assert jobs.digests(app) == 2
        with running(tmp_path / "config.toml", tuned=HASTY) as practiq:
            await_that(lambda: "MAIL" in smtp.heard and asked)
            if signals == 2:
                practiq.send(signal.SIGTERM)
                practiq.await_event("stopping")
            status, seconds = practiq.end()

    if signals == 2:
        assert (status, seconds < 3) == (128 + signal.SIGTERM, True)
    else:
        assert (status, seconds < MOST_SECONDS) == (0, True)
        assert practiq.events("cut short")


def test_stop_while_standing_by(tmp_path: Path) -> None:
    """Nothing was begun, and nothing is left; Ctrl-C is such a stop as well."""
    config = write_config(tmp_path)
    with (
        at_work(tmp_path, Clock()) as app,
        app.store.alone(),
        running(config) as practiq,
    ):
        practiq.await_event("standing by")
        status, seconds = practiq.end(signal.SIGINT)
    assert (status, seconds < MOST_SECONDS) == (0, True)


FAULTY = """
from service import jobs, watching

def once(place, name):
    real, met = getattr(place, name), []
    def faulty(*words):
        if not met:
            met.append(True)
            raise RuntimeError("words of a mail")
        return real(*words)
    setattr(place, name, faulty)

once(watching, "watch")
once(jobs, "deliver")
"""


def test_fault_that_nobody_foresaw_ends_nothing(tmp_path: Path, user: User, smtp: SmtpSink) -> None:
    """Mail is read and digests go out afterwards; the log says where it was, and not its words."""
    user.deliver(mail(DANA, "Approved."))
    with running(service_config(tmp_path, servers_of(user, smtp)), tuned=HASTY + FAULTY) as practiq:
        for name in ("watch failed", "tick failed"):
            event = practiq.await_event(name)
            assert event["fault"] == "RuntimeError"
            assert ":" in event["at"]
        await_that(lambda: len(smtp.letters) == 2 and counts(tmp_path)[0][KeptState.READ] == 1)
        assert practiq.end()[0] == 0
    assert not [line for line in practiq.lines if "words of a mail" in line]


def test_fault_in_a_command_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says where in the code, with exit status 1, and not its words; all of it with --debug."""

    def faulty(*_words: object) -> None:
        raise RuntimeError("words of a mail")

    monkeypatch.setattr("service.views.message_lines", faulty)
    config = str(write_config(tmp_path))
    assert call_main(["--config", config, "messages"]) == 1
    said = capsys.readouterr().err
    assert "A fault of practiq's own: RuntimeError at" in said
    assert "words of a mail" not in said
    with pytest.raises(RuntimeError):
        call_main(["--debug", "--config", config, "messages"])
