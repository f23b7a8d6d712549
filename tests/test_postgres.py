"""PostgreSQL as the database: its faults in words, its restarts, and what is copied to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from service.errors import ConfigError, StoreError
from service.store import find_setting, open_store, read_store, record_setting
from tests.agency import DANA, HANK, mail, servers_of
from tests.labelled import MAILBOX
from tests.mailbox.evaluate import config_of
from tests.postgres import Server
from tests.processes import HASTY, ROOT, await_that, running, service_config
from tests.servers import SmtpSink, User, free_port

pytestmark = pytest.mark.one_database("it is about PostgreSQL")

SHOWN = [["threads", "--json"], ["messages", "--json"], ["workspaces", "--json"]]


def practiq(config: Path, *words: str, status: int = 0) -> str:
    """What a command says."""
    command = [sys.executable, "-m", "service", "--config", str(config), *words]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == status, ended.stderr
    return ended.stdout if status == 0 else ended.stderr


def with_url(config: Path, url: str) -> Path:
    """The same configuration with another database."""
    text = "".join(
        f'url = "{url}"\n' if line.startswith("url = ") else line
        for line in config.read_text(encoding="utf-8").splitlines(keepends=True)
    )
    made = config.with_name(f"other-{config.name}")
    made.write_text(text, encoding="utf-8")
    return made


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql+psycopg://practiq:sesame@127.0.0.1:{port}/practiq", "Check that PostgreSQL runs there"),
        ("postgresql+psycopg://postgres:sesame@/absent?host={folder}", "absent.*\n.*createdb"),
        ("postgresql+psycopg://stranger:sesame@/postgres?host={folder}", "stranger.*\n.*createuser"),
    ],
)
def test_server_that_cannot_be_had_is_a_sentence(postgresql: Server, url: str, words: str) -> None:
    """What to do stands in it, and the password does not."""
    with pytest.raises(StoreError, match=words) as told:
        open_store(url.format(port=free_port(), folder=postgresql.folder))
    assert "sesame" not in str(told.value)


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_database_that_not_all_mail_fits_in_is_a_sentence(postgresql: Server, encoding: str) -> None:
    """A server that was made without a language has such databases, and says so nowhere else."""
    name = f"in_{encoding.lower()}_{os.getpid()}"
    with psycopg.connect(host=str(postgresql.folder), user="postgres", autocommit=True) as session:
        session.execute(
            f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LOCALE 'C'".encode()
        )
        with pytest.raises(StoreError, match=rf"{encoding}.*\n.*createdb"):
            open_store(f"postgresql+psycopg://postgres@/{name}?host={postgresql.folder}")
        session.execute(f"DROP DATABASE {name}".encode())


def test_the_environment_has_no_say_in_the_encoding(
    postgresql: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every letter arrives as it is, whatever libpq's variables are."""
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    store = open_store(postgresql.url_of(tmp_path))
    with store.transaction() as session:
        record_setting(session, "name", "Łódź 🚢")
    with store.transaction() as session:
        assert find_setting(session, "name") == "Łódź 🚢"
    store.close()


def test_url_of_another_database_is_a_sentence() -> None:
    """MySQL is none that practiq knows."""
    with pytest.raises(ConfigError, match="no database that practiq knows"):
        open_store("mysql://root@localhost/practiq")


def test_schemas_are_apart(postgresql: Server, tmp_path: Path) -> None:
    """What one agency writes another one, in another schema of the same database, does not see; both work at once."""
    one, other = (open_store(postgresql.url_of(tmp_path / name)) for name in ("one", "other"))
    with one.alone(), other.alone():
        with one.transaction() as session:
            record_setting(session, "name", "of one")
        with other.transaction() as session:
            assert find_setting(session, "name") is None
    one.close()
    other.close()


def test_looking_sees_one_moment(postgresql: Server, tmp_path: Path) -> None:
    """What is written while somebody looks is not half of what they see."""
    url = postgresql.url_of(tmp_path)
    writes = open_store(url)
    looks = read_store(url)
    with looks.transaction() as here:
        assert find_setting(here, "name") is None
        with writes.transaction() as session:
            record_setting(session, "name", "new")
        assert find_setting(here, "name") is None
    with looks.transaction() as here:
        assert find_setting(here, "name") == "new"
    writes.close()
    looks.close()


def test_restart_of_the_server_is_outlived(
    own: Server, tmp_path: Path, user: User, smtp: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`practiq run` goes on by itself: nothing is lost, nothing is read or sent twice."""
    monkeypatch.setattr("tests.postgres.server", own)
    config = service_config(tmp_path, servers_of(user, smtp))
    user.deliver(mail(DANA, "before it", subject="S1"))
    with running(config, tuned=HASTY) as service:
        await_that(lambda: len(smtp.letters) == 2)
        own.restart()
        user.deliver(mail(HANK, "after it", subject="S2"))
        await_that(lambda: len(messages(config)) == 2)
        assert service.end()[0] == 0
    assert len(smtp.letters) == 2


def messages(config: Path) -> list[dict[str, object]]:
    """What `practiq messages` lists."""
    return [json.loads(line) for line in practiq(config, "messages", "--json").splitlines()]


def test_copy_is_the_same_and_goes_on(tmp_path: Path, postgresql: Server) -> None:
    """
    All that the commands show is the same from the copy, which takes new mail; a second copy into it is refused.

    The mail is the labelled mailbox, which is read the same by PostgreSQL from the beginning, too.
    """
    agency = json.loads((MAILBOX / "agency.json").read_text(encoding="utf-8"))
    (tmp_path / "config.toml").write_text(config_of(agency, tmp_path), encoding="utf-8")
    old = tmp_path / "config.toml"
    practiq(old, "ingest", str(MAILBOX / "mail"))
    url = postgresql.url_of(tmp_path / "copy")
    anew = with_url(old, postgresql.url_of(tmp_path / "anew")).rename(tmp_path / "anew.toml")
    new = with_url(old, url)

    said = practiq(old, "db", "copy", url)
    practiq(anew, "ingest", str(MAILBOX / "mail"))

    assert "rows copied to postgres, schema" in said
    at = ["--at", agency["now"]]
    for words in SHOWN:
        asked = [*words, *(at if words[0] == "threads" else [])]
        shown = practiq(old, *asked)
        assert shown
        assert practiq(new, *asked) == shown
        assert practiq(anew, *asked) == shown
    assert "is not empty" in practiq(old, "db", "copy", url, status=1)
    before = len(messages(new))
    (tmp_path / "new.eml").write_bytes(mail(DANA, "Approved.", subject="New"))
    practiq(new, "ingest", str(tmp_path / "new.eml"))
    assert len(messages(new)) == before + 1
