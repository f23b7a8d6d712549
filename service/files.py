"""Mail in files: a folder of .eml, a Maildir, an mbox."""

from __future__ import annotations

import mailbox
from collections.abc import Iterator, Sequence
from pathlib import Path

from service.errors import PractiqError


def mail_files(paths: Sequence[Path]) -> list[Path]:
    """
    The files that hold mail, in the order of the paths and of the names in them.

    A folder gives its .eml files, or, being a Maildir, what lies in its `cur` and `new`; folders in
    it are looked through. A file is given whatever it is called. Raises PractiqError where
    a path is not there.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_file():
            found.append(path)
        elif path.is_dir():
            inside = (one for one in sorted(path.rglob("*")) if one.is_file())
            found += [one for one in inside if one.suffix == ".eml" or one.parent.name in ("cur", "new")]
        else:
            raise PractiqError(
                f"{path} is not there.",
                hint="Name a folder of .eml files, a Maildir, an mbox or a single mail.",
            )
    return found


def mails_in(path: Path) -> Iterator[bytes]:
    """The mails in a file: one, or those of an mbox, which begins with "From " (RFC 4155)."""
    with path.open("rb") as file:
        is_mbox = file.read(5) == b"From "
    if not is_mbox:
        yield path.read_bytes()
        return
    box = mailbox.mbox(path, create=False)
    try:
        for key in box.iterkeys():
            yield box.get_bytes(key)
    finally:
        box.close()
