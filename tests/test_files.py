"""Mail in files, as people have it lying about."""

from __future__ import annotations

import mailbox
from pathlib import Path

import pytest

from parsers import emptying
from service.accounts import WHOLE_UP_TO_BYTES
from service.errors import PractiqError
from service.files import mail_files, mails_in

ONE = b"From: dana@acme.example\nSubject: one\n\nHello.\n"
TWO = b"From: dana@acme.example\nSubject: two\n\nHello.\n\nFrom me: a line that begins so.\n"


def read(*paths: Path) -> list[bytes]:
    return [one.raw for file in mail_files(paths) for one in mails_in(file, WHOLE_UP_TO_BYTES)]


def test_folder_gives_its_eml_files(tmp_path: Path) -> None:
    """In the order of their names, folders in it looked through, other files left alone."""
    (tmp_path / "older").mkdir()
    (tmp_path / "b.eml").write_bytes(TWO)
    (tmp_path / "a.eml").write_bytes(ONE)
    (tmp_path / "older" / "z.eml").write_bytes(b"Subject: z\n\n")
    (tmp_path / "notes.txt").write_bytes(b"not mail")

    assert read(tmp_path) == [ONE, TWO, b"Subject: z\n\n"]


def test_maildir_gives_new_and_read_mail(tmp_path: Path) -> None:
    """What lies in `new` and `cur` is mail, what lies in `tmp` is not yet."""
    box = mailbox.Maildir(tmp_path / "Maildir")
    box.add(ONE)
    key = box.add(TWO)
    message = box[key]
    message.set_subdir("cur")
    box[key] = message
    (tmp_path / "Maildir" / "tmp" / "half").write_bytes(b"Subject: ha")

    assert sorted(read(tmp_path / "Maildir")) == sorted([ONE, TWO])


def test_mbox_gives_each_of_its_mails(tmp_path: Path) -> None:
    """The lines between them are no part of the mails."""
    path = tmp_path / "archive"
    box = mailbox.mbox(path)
    box.add(ONE)
    box.add(TWO)
    box.close()

    assert [raw.replace(b">From", b"From") for raw in read(path)] == [ONE, TWO]


BETWEEN = b"From dana@acme.example Tue Nov 10 10:00:00 2026\n"
BOXES = {
    "empty lines": [ONE, b"\n\n", TWO, b"\n\n\n"],
    "none": [ONE, TWO],
    "two in a row": [b"", b"", ONE + b"\n"],
    "only empty lines": [b"\n", b"\n\n", ONE],
    "no end": [ONE, TWO[:-1]],
    "CRLF": [ONE.replace(b"\n", b"\r\n") + b"\r\n", TWO.replace(b"\n", b"\r\n")],
}


@pytest.mark.parametrize("block", [1, 7, 64, 1_000_000])
@pytest.mark.parametrize("name", BOXES)
def test_mbox_is_cut_as_the_standard_library_cuts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, block: int
) -> None:
    """Byte for byte, wherever what is read at a time ends: mail that was read before is not new."""
    monkeypatch.setattr(emptying, "_BLOCK", block)
    path = tmp_path / "box"
    path.write_bytes(b"".join(BETWEEN + one for one in BOXES[name]))
    box = mailbox.mbox(path)
    try:
        expected = [box.get_bytes(key) for key in box.iterkeys()]
    finally:
        box.close()

    assert len(expected) >= len(BOXES[name])
    assert read(path) == expected


def test_single_file_is_a_mail_whatever_its_name(tmp_path: Path) -> None:
    """A file that is named by hand is read."""
    (tmp_path / "saved").write_bytes(ONE)

    assert read(tmp_path / "saved") == [ONE]


def test_missing_path_is_a_sentence(tmp_path: Path) -> None:
    """What is not there is named, with what would be right."""
    with pytest.raises(PractiqError, match=r"nowhere is not there\.\n  Name a folder"):
        mail_files([tmp_path / "nowhere"])
