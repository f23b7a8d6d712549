"""Figures for Prometheus: right, of this machine alone, and without a word of anybody's mail."""

from __future__ import annotations

import socket
import urllib.request
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event
from sqlalchemy.orm import Session

from service import backlog, logs
from service.agencies import Agencies
from service.intake import keep_raw
from service.metrics import serving, serving_each
from service.metrics_rows import count_all
from service.position_rows import record_not_given
from service.store import Position
from service.trouble_rows import Place, record_trouble
from tests.agency import CONFIG, DANA, HANK, Clock, at_work, mail, servers_of
from tests.postgres import Server
from tests.processes import HASTY, await_that, running, service_config
from tests.servers import SmtpSink, User, free_port

pytestmark = pytest.mark.both_databases


def figures(port: int) -> tuple[str, dict[str, float]]:
    """What is answered, and each figure by its name and label."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    return text, {
        " ".join([one.name, *one.labels.values()]): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def listening(port: int) -> set[str]:
    """The addresses, as /proc has them, on which this machine listens at a port."""
    rows = [
        line.split()
        for name in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
    ]
    return {row[1].partition(":")[0] for row in rows if row[3] == "0A" and row[1].endswith(f":{port:04X}")}


@pytest.mark.promise("P22")
@pytest.mark.pitfall("agent-identity#348")
def test_service_answers_this_machine_alone(tmp_path: Path, user: User, smtp: SmtpSink) -> None:
    """What it has read and sent, as it is then; on 127.0.0.1 only, with no address in it; its end frees the port."""
    user.deliver(mail(DANA, "Approved."), mail(HANK, "Could you send the banner?", subject="Banner"))
    port = free_port()
    config = service_config(tmp_path, servers_of(user, smtp) + f"[metrics]\nport = {port}\n")
    with running(config, tuned=HASTY) as practiq:
        practiq.await_event("metrics")
        await_that(lambda: figures(port)[1].get("practiq_letters sent") == 2)
        text, found = figures(port)
        assert found["practiq_up"] == 1
        assert found["practiq_messages read"] == 2
        assert found["practiq_signals approval"] == 1
        assert found["practiq_digests sent"] == 2
        assert found["practiq_trouble imap"] == 0
        assert found["practiq_oldest_unread_seconds"] == 0
        assert found["practiq_last_poll_timestamp_seconds"] > 1_700_000_000
        assert found["practiq_poll_seconds_count"] >= 1
        assert "@" not in text
        assert ".example" not in text
        assert listening(port) == {"0100007F"}
        assert practiq.end()[0] == 0
    assert listening(port) == set()


def test_workers_have_the_figures_of_each_agency(tmp_path: Path, postgresql: Server) -> None:
    """By the names of their files; where one's database cannot be had, that is its one figure."""
    secret, port = tmp_path / "secret", free_port()
    secret.write_text("sesame")
    for name in ("globex", "northlight"):
        url, _, schema = postgresql.url_of(tmp_path / name).partition("&schema=")
        database = f'[database]\nurl = "{url}"\nschema_name = "{schema}"\n'
        more = f'password_file = "{secret}"\n' if name == "globex" else ""
        (tmp_path / f"{name}.toml").write_text(CONFIG + database + more)
    with serving_each(Agencies(tmp_path, {}), port):
        assert (
            figures(port)[1].items() > {"practiq_up globex": 1, "practiq_messages northlight read": 0}.items()
        )
        secret.unlink()
        found = figures(port)[1]
    assert {one: value for one, value in found.items() if "globex" in one} == {"practiq_up globex": 0}
    assert found["practiq_trouble northlight imap"] == 0


def test_taken_port_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """That there are no figures is logged, and the work goes on."""
    logs.set_up("info")
    done = []
    with (
        socket.create_server(("127.0.0.1", 0)) as other,
        at_work(tmp_path, Clock()) as app,
        serving(app, other.getsockname()[1]),
    ):
        done.append("work")
    assert done
    assert '"event": "no metrics"' in capsys.readouterr().err


@pytest.mark.one_database("its file is moved away")
def test_lost_database_is_said(tmp_path: Path) -> None:
    """While it cannot be read that is the one figure; afterwards all are there again."""
    port, file = free_port(), tmp_path / "practiq.db"
    with at_work(tmp_path, Clock()) as app, serving(app, port):
        assert figures(port)[1]["practiq_up"] == 1
        file.rename(tmp_path / "away")
        assert figures(port)[1] == {"practiq_up": 0}
        (tmp_path / "away").rename(file)
        assert "practiq_messages read" in figures(port)[1]


def test_number_of_queries_does_not_grow(tmp_path: Path) -> None:
    """Whatever there is to be counted."""
    with at_work(tmp_path, Clock()) as app:
        numbers = []
        for count in (0, 4):
            keep_raw(
                app.store, [mail(DANA, "Approved.", subject=f"Ask {n}") for n in range(count)], app.now()
            )
            backlog.read(app)
            keep_raw(app.store, [mail(HANK, "Hello.") for _ in range(count)], app.now())
            with app.store.transaction() as session:
                for place in Place if count else ():
                    record_trouble(session, place, "It is away.", now=app.now(), retry_at=None)
                for uid in range(1, count + 1):
                    record_not_given(session, Position(mailbox="INBOX", uidvalidity=1, uid=uid), app.now())
            with app.store.transaction() as session:
                numbers.append(queries(session))
                counts = count_all(session)
    assert numbers[0] == numbers[1]
    assert (counts.messages["read"], counts.messages["unread"], counts.unfetchable) == (4, 4, 4)  # type: ignore[index]
    assert counts.signals["approval"] == 4
    assert counts.troubles == set(Place)
    assert counts.oldest_unread_at == Clock()()


def queries(session: Session) -> int:
    """How many it takes to count everything."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    count_all(session)
    event.remove(connection, "before_cursor_execute", note)
    return len(said)
