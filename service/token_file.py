"""The file of a refresh token: read, and written anew when the provider gives another one."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from service.errors import NoToken

_OURS = 0o600

Kept = dict[str, Any]
Redeem = Callable[[Kept], tuple[str, Kept]]


def redeemed(path: Path, redeem: Redeem, *, sign_in: str) -> str:
    """
    The access token that `redeem` gets for what the file holds; what is to be held next is written first.

    One process and thread at a time: a provider that gives a new refresh token with each access token may take
    the old one for stolen. `sign_in` is the command that makes the file. Raises NoToken.
    """
    hint = f"Check token_file; `{sign_in}` makes it."
    try:
        with _locked(path) as held:
            token, now = redeem(_kept(held, path, hint))
            if now != _kept(held, path, hint):
                write(path, now)
            return token
    except OSError as error:
        raise NoToken(
            f"The token file {path} cannot be read or written: {error.strerror}.",
            hint=f"{hint} practiq needs to write there, since providers renew what it holds.",
            passes=not isinstance(error, FileNotFoundError),
        ) from error


def keep(path: Path, kept: Kept) -> None:
    """Write the file of a new sign-in; NoToken where that cannot be done."""
    try:
        write(path, kept)
    except OSError as error:
        raise NoToken(
            f"The token file {path} cannot be written: {error.strerror}.",
            hint="Name another place with --token-file.",
        ) from error


def write(path: Path, kept: Kept) -> None:
    """Write it whole or not at all, for its owner's eyes only; OSError where that cannot be done."""
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    made = Path(name)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            os.fchmod(number, _OURS)
            json.dump(kept, file)
            file.flush()
            os.fsync(number)
        made.replace(path)
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # else a power cut brings the old name back
    finally:
        os.close(folder)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[int]:
    """The file opened and locked; the lock is on what bears its name, which another one may just have replaced."""
    while True:
        number = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(number, fcntl.LOCK_EX)
            if os.fstat(number).st_ino == path.stat().st_ino:
                yield number
                return
        finally:
            os.close(number)


def _kept(number: int, path: Path, hint: str) -> Kept:
    said = os.pread(number, 1_000_000, 0)
    try:
        kept = json.loads(said)
    except ValueError:
        kept = None
    if not (isinstance(kept, dict) and isinstance(kept.get("refresh_token"), str)):
        raise NoToken(f"The token file {path} holds no refresh token.", hint=hint)
    return kept
