"""What others make of the same mail: the pipelines beside this file, mbsync and notmuch."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from bench.ground import AGENCY, YARDSTICKS, Ground
from bench.runs import Ran, run
from tests.servers import PASSWORD, User

_MBSYNC = """
FSync no

IMAPStore remote
Host 127.0.0.1
Port {port}
User {user}
Pass {password}
SSLType None
AuthMechs LOGIN

MaildirStore local
Inbox {into}/mail/inbox
Path {into}/mail/other/

Channel all
Far :remote:INBOX
Near :local:INBOX
Sync Pull
Create Near
SyncState {into}/state/
"""
_NOTMUCH = """
[database]
path={into}
mail_root={mail}
[user]
name=bench
primary_email=practiq@{agency}
[new]
tags=new
ignore=
[maildir]
synchronize_flags=false
"""


def lacking(*programs: str) -> str:
    """How to install those of these programs that are not here; empty where all are."""
    packages = {"mbsync": "isync", "notmuch": "notmuch"}
    missing = [packages[one] for one in programs if shutil.which(one) is None]
    return f"apt install {' '.join(missing)}" if missing else ""


def lacking_naive() -> str:
    """The same for the libraries that only pipeline_naive.py wants."""
    wanted = ("bs4", "lxml", "mailparser_reply")
    there = all(importlib.util.find_spec(one) for one in wanted)
    return "" if there else "pip install -e '.[bench]'"


def pipeline(ground: Ground, user: User, script: str, *words: str) -> Callable[[], Ran]:
    """One of the pipelines, on a user's inbox."""
    environ = {
        "BENCH_DIR": str(ground.folder),
        "IMAP_PORT": str(user.server.port),
        "IMAP_PASSWORD": PASSWORD,
    }
    command: list[str | Path] = [sys.executable, YARDSTICKS / script, user.name.removeprefix("u"), *words]
    return lambda: run(command, environ=environ)


def notmuch_new(ground: Ground, mail: Path) -> Ran:
    """`notmuch new` on a folder of mail, with a database of its own, made anew."""
    into = _emptied(ground.work("notmuch"))
    (into / "config").write_text(_NOTMUCH.format(into=into, mail=mail, agency=AGENCY))
    return run(["notmuch", f"--config={into}/config", "new", "--no-hooks", "--quiet"])


def mbsync_and_notmuch(ground: Ground, user: User) -> Ran:
    """A full pull into an empty Maildir, without fsync, and then its index."""
    into = _emptied(ground.work("mbsync"))
    for folder in ("mail/other", "state"):
        (into / folder).mkdir(parents=True)
    (into / "mbsyncrc").write_text(
        _MBSYNC.format(port=user.server.port, user=user.name, password=PASSWORD, into=into)
    )
    return run(["mbsync", "-q", "-c", into / "mbsyncrc", "all"]) + notmuch_new(ground, into / "mail")


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
