"""Mail in files: a folder of .eml, a Maildir, an mbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from os import SEEK_END
from pathlib import Path
from typing import BinaryIO

from parsers.emptying import MAX_LINE, emptied, lines_with
from service.errors import PractiqError
from service.kept_rows import Mail

_FROM = b"From "


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


def mails_in(path: Path, whole_up_to: int, passed: Callable[[int], None] = lambda _: None) -> Iterator[Mail]:
    """
    The mails in a file: one, or those of an mbox, which begins with "From " (RFC 4155).

    Of one that is larger than so many bytes what comes of it over IMAP: header, words and what is small
    (parsers/emptying.py). `passed` is told how many bytes of the file each takes.
    """
    with path.open("rb") as file:
        for one in _spans(file):
            partial = len(one) > whole_up_to
            yield Mail(raw=emptied(one, whole_up_to) if partial else one.read(0, len(one)), partial=partial)
            passed(len(one))


@dataclass(frozen=True, slots=True)
class _Span:
    """A mail between two places of a file."""

    file: BinaryIO
    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def read(self, start: int, end: int) -> bytes:
        self.file.seek(self.start + start)
        return self.file.read(max(0, min(end, len(self)) - start))


def _spans(file: BinaryIO) -> Iterator[_Span]:
    """
    Where the mails of a file lie.

    In an mbox the line above each and the empty line below it are no part of it.
    """
    whole = _Span(file, 0, file.seek(0, SEEK_END))
    if whole.read(0, len(_FROM)) != _FROM:
        yield whole
        return
    start = whole.read(0, MAX_LINE).find(b"\n") + 1
    for at, line in chain(lines_with(whole, _FROM), [(len(whole), b"")]):
        yield _Span(file, min(start, at), at - (whole.read(at - 2, at) == b"\n\n"))
        start = at + len(line) + 1
