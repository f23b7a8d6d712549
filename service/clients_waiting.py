"""
Clients changed by a command, one after another, and while another practiq is at work on the database, which alone may write it.

The command leaves the whole new list in a file beside the database, and whoever is at work takes it in at its
next pass, in one transaction. A crash in between takes the same list in once more.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from service.app import App
from service.client_rows import record_clients
from service.config import WorkspaceSection
from service.errors import AtWork, StoreError
from service.logs import Log
from service.places import Lock, Place

PATIENCE_SECONDS = 40.0  # a pass comes at least every 25 s, and takes a moment
_LOOK_SECONDS = 0.1
_TURN_SECONDS = 2 * PATIENCE_SECONDS  # of another command, which may have to wait for a pass
_OURS = 0o600

log = Log(__name__)


def turn_to_change(place: Place) -> AbstractContextManager[Lock | None]:
    """
    The turn to change clients: from when a change is planned until it is there, no other change comes between.

    AtWork where another one has it for too long.
    """
    if not place.is_shared:
        return nullcontext()
    end = time.monotonic() + _TURN_SECONDS
    while (lock := place.lock("changes")) is None:
        if time.monotonic() > end:
            raise AtWork(
                f"Another command changes the clients of {place}.", hint="Try again when it has ended."
            )
        time.sleep(_LOOK_SECONDS)
    return closing(lock)


def take_in(app: App) -> None:
    """Have the clients as they are by now: what another command left for us included. For who is alone at work."""
    if app.waiting and app.waiting.exists():
        _record(app, app.waiting)
    app.renew()


def _record(app: App, file: Path) -> None:
    try:
        clients = TypeAdapter(list[WorkspaceSection]).validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        log.error("changed clients cannot be read", file=str(file), fault=type(error).__name__)
        file.replace(file.with_name(f"{file.name}.unread"))
        return
    with app.store.transaction() as session:
        record_clients(session, clients)
    file.unlink()
    log.info("clients changed", clients=len(clients))


def leave(file: Path, clients: Sequence[WorkspaceSection]) -> bool:
    """
    Leave these for whoever is at work; give whether they have been taken within PATIENCE_SECONDS.

    StoreError where that cannot be written; AtWork where another command's change is not taken in either.
    """
    whole = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        handle = os.open(whole, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OURS)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump([one.model_dump() for one in clients], out)
        if os.geteuid() == 0:  # practiq itself has another user, who is to read it
            of = file.parent.stat()
            os.chown(whole, of.st_uid, of.st_gid)
        os.link(whole, file)  # unlike a renaming, never in place of another one's
    except FileExistsError as error:
        raise AtWork(
            f"An earlier change waits in {file}, and no practiq takes it in.",
            hint="See with `practiq status` what the one at work is doing, and try again.",
        ) from error
    except OSError as error:
        raise StoreError(
            f"The changed clients cannot be left in {file}: {error.strerror}.",
            hint="Check the disk, and that you may write to the folder of the database.",
        ) from error
    finally:
        whole.unlink(missing_ok=True)
    return wait_until_gone(file)


def wait_until_gone(file: Path) -> bool:
    """Whether a file is gone within PATIENCE_SECONDS."""
    end = time.monotonic() + PATIENCE_SECONDS
    while file.exists():
        if time.monotonic() > end:
            return False
        time.sleep(_LOOK_SECONDS)
    return True
