"""The Dockerfile and compose.yaml, as far as they can be tried without Docker: all that they name is there and works."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import tomllib
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.cli import main
from service.kept_rows import last_polled_at
from service.store import read_store
from tests.agency import CONFIG
from tests.processes import ALWAYS_DUE, ROOT, await_that
from tests.servers import PASSWORD, SmtpSink, User

pytestmark = pytest.mark.one_database("it is about the image")

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
WORKERS: dict[str, Any] = yaml.safe_load((ROOT / "compose.workers.yaml").read_text())


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions with their arguments."""
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    return [
        (name, rest)
        for name, _, rest in (one.partition(" ") for one in lines if one and not one.startswith("#"))
    ]


def of(name: str) -> list[str]:
    """The arguments of each instruction of a name."""
    return [rest for one, rest in instructions() if one == name]


def health_check() -> list[str]:
    """The command that asks how it is."""
    (check,) = of("HEALTHCHECK")
    found: list[str] = json.loads(check.partition(" CMD ")[2])
    return found


def was_read(folder: Path) -> bool:
    """Whether the inbox was."""
    with closing(read_store(f"sqlite:///{folder}/practiq.db")) as store, store.transaction() as session:
        return last_polled_at(session) is not None


def test_image_holds_what_is_installed_and_no_more() -> None:
    """Each folder that is packaged is copied, from what .dockerignore lets through; nothing else is."""
    copied = {one for rest in of("COPY") if "--from" not in rest for one in rest.split()[:-1]}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = {one.partition(".")[0] for one in project["tool"]["setuptools"]["packages"]}
    assert copied == packages | {"pyproject.toml", project["project"]["readme"]}
    assert all((ROOT / one).exists() for one in copied)
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[1] == "*"
    assert {one[1:] for one in ignored if one.startswith("!")} == copied


def test_no_shell_and_no_root() -> None:
    """Every command is a list of words, run by a user of its own; the python is one that practiq takes."""
    assert {image.split()[0] for image in of("FROM")} == {"python:3.13-slim"}
    assert of("USER") == ["10001"]
    for rest in (*of("RUN"), *of("ENTRYPOINT"), *of("CMD")):
        assert all(isinstance(one, str) for one in json.loads(rest))
    assert not any(one in {"sh", "bash", "/bin/sh"} for rest in of("ENTRYPOINT") for one in json.loads(rest))
    assert health_check()[1] in main.commands


def test_compose_mounts_what_the_image_reads() -> None:
    """The one volume is the database's folder, the configuration lies where the image looks, passwords come by file."""
    (folder,) = json.loads(of("VOLUME")[0])
    environ = dict(shlex.split(rest)[0].split("=", 1) for rest in of("ENV"))
    (service,) = COMPOSE["services"].values()
    mounts = dict(one.split(":")[1::-1] for one in service["volumes"])
    assert mounts == {folder: "practiq", environ["PRACTIQ_CONFIG"]: "./config.toml"}
    assert of("WORKDIR")[-1] == folder
    assert list(COMPOSE["volumes"]) == ["practiq"]
    assert set(service["secrets"]) == set(COMPOSE["secrets"])
    assert "ports" not in service
    assert service["read_only"]
    guide = (ROOT / "docs" / "operating.md").read_text()
    for name, secret in COMPOSE["secrets"].items():
        assert f"/run/secrets/{name}" in guide
        assert secret["file"].removeprefix("./") in guide


def test_image_holds_what_is_asked_for_besides() -> None:
    """Log-in by OAuth 2 and PostgreSQL work in it: the extras that it is installed with exist."""
    (extras,) = [one for rest in of("RUN") for one in json.loads(rest) if one.startswith(".[")]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert set(extras[2:-1].split(",")) == {"google", "microsoft", "postgres"}
    assert set(extras[2:-1].split(",")) <= set(project["optional-dependencies"])


def test_workers_share_what_their_guide_names() -> None:
    """Two of them, on the folder of agencies and PostgreSQL's password as docs/postgresql.md has them; nothing listens outside."""
    worker, database = WORKERS["services"]["worker"], WORKERS["services"]["database"]
    guide = (ROOT / "docs" / "postgresql.md").read_text()
    option, folder, command = worker["command"]
    assert (option, command) == ("--config", "worker")
    assert command in main.commands
    assert worker["deploy"]["replicas"] == 2
    check = health_check()
    assert worker["healthcheck"]["test"] == ["CMD", check[0], option, folder, *check[1:]]
    assert [one.split(":")[1] for one in worker["volumes"]] == [folder, "/run/secrets/practiq"]
    assert database["environment"]["POSTGRES_PASSWORD_FILE"] == "/run/secrets/database"
    for words in (folder, "/run/secrets/database", "/run/secrets/practiq/", "secrets/database"):
        assert words in guide
    assert "postgresql+psycopg://practiq@database/practiq" in guide
    assert all("ports" not in one for one in WORKERS["services"].values())
    assert worker["read_only"]


def test_container_works_as_it_is_set_up(tmp_path: Path, user: User, smtp: SmtpSink) -> None:
    """Its command with its environment in its folder: it becomes well by its own health check, and stops when told."""
    where = {one: tmp_path / one.lstrip("/") for one in ("/var/lib/practiq", "/etc/practiq", "/run/secrets")}
    for folder in where.values():
        folder.mkdir(parents=True)
    (where["/run/secrets"] / "imap").write_text(f"{PASSWORD}\n")
    config = where["/etc/practiq"] / "config.toml"
    servers = (
        f'[imap]\nhost = "127.0.0.1"\nport = {user.server.port}\ntls = "none"\nusername = "{user.name}"\n'
        f'password_file = "{where["/run/secrets"]}/imap"\n'
        f'[smtp]\nhost = "127.0.0.1"\nport = {smtp.port}\ntls = "none"\n'
    )
    config.write_text(CONFIG + servers + ALWAYS_DUE)
    command = [*json.loads(of("ENTRYPOINT")[0]), *json.loads(of("CMD")[0])]
    environ = {**os.environ, "PRACTIQ_CONFIG": str(config), "PYTHONPATH": str(ROOT)}

    def begun(words: list[str]) -> subprocess.Popen[bytes]:
        assert words[0] == "practiq"
        return subprocess.Popen(
            [sys.executable, "-m", "service", *words[1:]],
            env=environ, cwd=where["/var/lib/practiq"], stderr=subprocess.DEVNULL,
        )  # fmt: skip

    assert begun(health_check()).wait(timeout=30) == 1  # the inbox has never been read
    service = begun(command)
    try:
        await_that(lambda: was_read(where["/var/lib/practiq"]))
        await_that(lambda: begun(health_check()).wait(timeout=30) == 0)
        service.terminate()
        assert service.wait(timeout=20) == 0
    finally:
        service.kill()
        service.wait()
