"""Large mail, fetched without what its attachments hold: what is understood is as if it had come whole."""

from __future__ import annotations

import random
import tracemalloc
from base64 import encodebytes
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from parsers import emptying
from parsers.message import Attachment, Message, parse_message
from service import backlog, watching
from service.accounts import ImapAccount
from service.fetching import Fetched
from service.files import mails_in
from service.inbox import Inbox
from service.intake import keep_raw
from service.kept_rows import Mail
from service.views import Line, message_lines
from tests.agency import DANA, Clock, at_work, mail, servers_of
from tests.faults import FaultyLine
from tests.hostile import MAIL
from tests.servers import User
from tests.shelves import Shelf, Shelves
from tests.test_imap_faults import answering
from tests.test_inbox import account, given
from tests.test_taking import kept, serving

pytestmark = pytest.mark.one_database("it is about what is fetched of a large mail")

HEAD = (
    "From: Dana <dana@client.example>\r\nTo: sam@x.example\r\nSubject: Layouts\r\nMessage-ID: <1@x>\r\n"
    "Date: Tue, 10 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: "
)
TEXT = "Content-Type: text/plain; charset=utf-8\r\n\r\nApproved, all of it. Grüße\r\n"
HTML = "Content-Type: text/html\r\n\r\n<p>Approved, <b>all</b> of it.</p>\r\n"
LETTERS = encodebytes(random.Random(7).randbytes(90_001)).decode().replace("\n", "\r\n")
PDF = "Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
RAW = "Content-Type: application/octet-stream\r\nContent-Disposition: attachment;\r\n filename*=utf-8''%D0%B0.bin\r\n\r\n"
LOGO = "Content-Type: image/png\r\nContent-ID: <l>\r\nContent-Transfer-Encoding: base64\r\n\r\n"
MAILED = "Content-Type: message/rfc822\r\n\r\n"


def parts(kind: str, *within: str, boundary: str = "=_b") -> str:
    """A multipart, from its media type on."""
    each = "".join(f"--{boundary}\r\n{one}\r\n" for one in within)
    return f'{kind}; boundary="{boundary}"\r\n\r\nThis is MIME.\r\n{each}--{boundary}--\r\n'


def inner(text: str) -> str:
    return f"Content-Type: {text}"


BOTH = inner(parts("multipart/alternative", TEXT, HTML, boundary="in n'er"))
LARGE: dict[str, str] = {
    "text and file": parts("multipart/mixed", TEXT, PDF + LETTERS),
    "alternatives, logo, files": parts(
        "multipart/mixed",
        inner(parts("multipart/related", BOTH, LOGO + LETTERS[:20_000], boundary="rel")),
        PDF + LETTERS,
        RAW + LETTERS,
    ),
    "file before text": parts("multipart/mixed", PDF + LETTERS, TEXT),
    "file alone": PDF.removeprefix("Content-Type: ") + LETTERS,
    "forward as a file": parts(
        "multipart/mixed",
        TEXT,
        f"{MAILED}{HEAD.replace('<1@x>', '<2@x>')}{parts('multipart/mixed', TEXT, HTML, boundary='=_c')}",
        PDF + LETTERS,
    ),
    "forward as .eml": parts(
        "multipart/mixed",
        TEXT,
        f"Content-Type: application/octet-stream; name=a.eml\r\n\r\n{HEAD}text/plain\r\n\r\nOld words.",
        PDF + LETTERS,
    ),
    "bounce": parts(
        "multipart/report; report-type=delivery-status",
        TEXT,
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.x\r\n\r\nAction: failed\r\n",
        f"{MAILED}{HEAD}text/plain\r\n\r\n{'What was sent. ' * 8_000}",
    ),
    "text as a file": parts(
        "multipart/mixed", TEXT, "Content-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment\r\n\r\n" + LETTERS
    ),
    "named text alone": parts("multipart/mixed", TEXT.replace("; charset", "; name=a.txt; charset"), PDF + LETTERS),
    "invitation": parts("multipart/mixed", TEXT, "Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\n", PDF + LETTERS),
    "signed": parts("multipart/signed", BOTH, "Content-Type: application/pgp-signature\r\n\r\nx\r\n", PDF + LETTERS),
    "nothing in a file": parts("multipart/mixed", TEXT, PDF, PDF + LETTERS),
    "no header in a part": parts("multipart/mixed", "\r\nApproved.", PDF + LETTERS),
    "lone carriage return": parts("multipart/mixed", TEXT, PDF + LETTERS).replace('"\r\n', '"\r\nX-A: b\rc\r\n', 1),
    "odd name": parts("multipart/mixed", TEXT, PDF.replace("name=a.pdf", 'name="a\\"{3} (b.pdf"') + LETTERS),
}  # fmt: skip


def fetched(user: User, *, most: int | None = None) -> tuple[bytes, Fetched]:
    """The mail that lies there, as it came, and fetched where it is larger than what may come whole."""
    with Inbox.connect(account(user)) as inbox:
        (whole,) = given(inbox, inbox.uids_after(0))
    most = most or whole.size_bytes - 1
    with Inbox.connect(replace(account(user), whole_up_to_bytes=most)) as inbox:
        (one,) = given(inbox, inbox.uids_after(0))
    return whole.raw, one


def understood(message: Message) -> Message:
    """A message without what only its attachments' contents say."""
    return replace(
        message,
        attachments=tuple(map(named, message.attachments)),
        attached=tuple(map(understood, message.attached)),
        fields=tuple(one for one in message.fields if one[0] != "x-practiq-emptied"),
    )


def named(one: Attachment) -> Attachment:
    return replace(one, sha256="", size_bytes=0)


@pytest.mark.parametrize("name", LARGE)
def test_what_is_understood_is_the_same(user: User, name: str) -> None:
    """Words, people, attached mails, names, kinds and sizes of attachments; only these are not fetched."""
    user.deliver((HEAD + LARGE[name]).encode())
    raw, one = fetched(user)
    whole, in_parts = parse_message(raw), parse_message(one.raw)

    assert one.partial
    assert one.size_bytes - len(one.raw) > (80_000 if name != "bounce" else -1)
    assert understood(in_parts) == understood(whole)
    assert in_parts.identity == whole.identity
    sizes = zip(whole.attachments, in_parts.attachments, strict=True)
    assert all(abs(first.size_bytes - other.size_bytes) <= 2 for first, other in sizes)


@pytest.mark.parametrize("ending", [b"\r\n", b"\n"], ids=["CRLF", "LF"])
@pytest.mark.parametrize("block", [1_000, 1_000_000])
@pytest.mark.parametrize("name", LARGE)
def test_what_is_understood_from_a_file_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, block: int, ending: bytes
) -> None:
    """The same as of the whole file, wherever what is read at a time ends; sizes to the byte."""
    monkeypatch.setattr(emptying, "_BLOCK", block)
    raw = (HEAD + LARGE[name]).encode().replace(b"\r\n", ending)
    (one,) = from_file(tmp_path / "large", raw)
    whole, in_parts = parse_message(raw), parse_message(one.raw)

    assert one.partial
    assert len(raw) - len(one.raw) > (80_000 if name != "bounce" else -1)
    assert understood(in_parts) == understood(whole)
    assert in_parts.identity == whole.identity
    sizes = zip(whole.attachments, in_parts.attachments, strict=True)
    assert all(first.size_bytes == other.size_bytes for first, other in sizes if name != "bounce")


def from_file(path: Path, raw: bytes, most: int | None = None) -> list[Mail]:
    """The mail or mails of a file, which are larger than what may come whole."""
    path.write_bytes(raw)
    return list(mails_in(path, most or len(raw) - 1))


def test_each_way_in_leads_to_the_same(tmp_path: Path, user: User) -> None:
    """Whole over IMAP, in parts, and from files, whole and in parts: the same messages, threads and signals."""
    letters = [(HEAD.replace("1@x", f"{n}@x") + text).encode() for n, text in enumerate(LARGE.values())]
    user.deliver(*(one.replace(b"dana@client.example", DANA.encode()) for one in letters))
    with Inbox.connect(account(user)) as inbox:
        raws = [one.raw for one in given(inbox, inbox.uids_after(0))]
    found = []
    ways = (("whole", "1 MB"), ("parts", "60 KB"), ("files", "1 MB"), ("files in parts", "60 KB"))
    for way, limit in ways:
        folder = tmp_path / way
        folder.mkdir()
        with at_work(folder, Clock(), servers_of(user) + f'whole_up_to = "{limit}"\n') as app:
            if way.startswith("files"):
                for raw in raws:
                    mails = from_file(folder / "large", raw, app.whole_up_to_bytes)
                    keep_raw(app.store, mails, app.now(), app.door)
            else:
                watching.poll(app)
            backlog.read(app)
            found.append([understood_line(line) for line in message_lines(app)])
            assert sum(bool(line.get("partial")) for line in message_lines(app)) == (
                len(letters) if way.endswith("parts") else 0
            )

    assert len(found[0]) == len(letters)
    assert any(line["signals"] for line in found[0])
    assert found[1] == found[0]
    assert found[2] == found[0]
    assert found[3] == found[0]


def understood_line(line: Line) -> Line:
    """A line of `practiq messages` without what names the bytes themselves."""
    bytes_of = ("sha256", "size_bytes")
    attachments = [{k: v for k, v in one.items() if k not in bytes_of} for one in line["attachments"]]
    return {k: v for k, v in line.items() if k not in ("sha256", "partial")} | {"attachments": attachments}


def test_words_come_before_all_else(user: User) -> None:
    """Where not even the words fit, their beginning comes, and no more bytes than may be."""
    words = "Content-Type: text/plain\r\n\r\n" + "Many words, and more. " * 9_000
    user.deliver((HEAD + parts("multipart/mixed", LOGO + LETTERS[:9_000], words, PDF + LETTERS)).encode())
    with Inbox.connect(replace(account(user), whole_up_to_bytes=40_000)) as inbox:
        (one,) = given(inbox, inbox.uids_after(0))

    assert 39_000 < len(parse_message(one.raw).text) <= 40_000
    assert len(one.raw) < 42_000


def test_words_without_room_take_nothing_else_away(tmp_path: Path, user: User) -> None:
    """Where one text takes all the room, the files are still named, over IMAP and from a file."""
    words = "Content-Type: text/plain\r\n\r\n" + "Many words, and more. " * 9_000
    raw = (HEAD + parts("multipart/mixed", words, TEXT, PDF + LETTERS)).encode()
    user.deliver(raw)
    (in_file,) = from_file(tmp_path / "large", raw, 40_000)
    for one in (fetched(user, most=40_000)[1], in_file):
        assert len(one.raw) < 42_000
        assert [found.name for found in parse_message(one.raw).attachments] == ["a.pdf"]


@pytest.mark.promise("P4")
def test_attachment_takes_no_memory(user: User) -> None:
    """Forty megabytes are neither asked for nor held."""
    user.deliver((HEAD + parts("multipart/mixed", PDF + LETTERS * 320, TEXT)).encode())
    with Inbox.connect(account(user)) as inbox:
        uids = inbox.uids_after(0)
        tracemalloc.start()
        try:
            (one,) = given(inbox, uids)
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert parse_message(one.raw).text == "Approved, all of it. Grüße"
    assert one.size_bytes > 39_000_000
    assert most < 1_000_000


HUGE = parts("multipart/mixed", PDF + LETTERS * 160, TEXT)
FILES = {
    "file before text": HUGE,
    "file alone": LARGE["file alone"] + LETTERS * 160,
    "text alone": "text/plain\r\n\r\nApproved, all of it. Grüße\r\n\r\n\r\n-- \r\n" + LETTERS * 160,
    "in multiparts": parts("multipart/mixed", inner(HUGE.replace("=_b", "=_c")), PDF + LETTERS),
    "one line": HUGE.replace(LETTERS, LETTERS.replace("\r\n", "")),
    "a dump with dashes": HUGE.replace(PDF, RAW).replace(LETTERS, LETTERS.replace("\r\n", "\r\n-- ", 100)),
    "a boundary that never comes": HUGE.replace('"=_b"', '"=_c"'),
    "a forward": parts("multipart/mixed", TEXT, MAILED + HEAD + HUGE.replace("=_b", "=_c")),
}


CALENDAR = "Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n"
UNTOUCHED: dict[str, bytes] = {
    "words alone": (HEAD + FILES["text alone"]).encode(),
    "UTF-16": (HEAD + LARGE["text and file"]).encode("utf-16"),
    "carriage returns": (HEAD + LARGE["text and file"]).replace("\r\n", "\r").encode(),
    "many parts": (HEAD + parts("multipart/mixed", TEXT, *[CALENDAR] * 100, PDF + LETTERS)).encode(),
    "many delimiters": (HEAD + parts("multipart/mixed", TEXT, PDF + LETTERS) + "--=_b--\r\n" * 300).encode(),
    "header without end": (HEAD + parts("multipart/mixed", TEXT, PDF[:-2] + "X-A: b\r\n" * 9_000)).encode(),
    "words above the parts": (
        HEAD + LARGE["text and file"].replace("This is", "This is\r\n" * 9_000)
    ).encode(),
    "odd empty line": (HEAD + parts("multipart/mixed", TEXT, PDF[:-2] + "\r \r\n" + LETTERS)).encode(),
}


@pytest.mark.parametrize("name", UNTOUCHED)
def test_file_that_is_not_taken_apart(tmp_path: Path, name: str) -> None:
    """It comes by its beginning, and is said to be partial."""
    raw = UNTOUCHED[name]
    assert from_file(tmp_path / "large", raw, 50_000) == [Mail(raw=raw[:50_000], partial=True)]


@pytest.mark.promise("P4")
@pytest.mark.parametrize("way", ["mail", "mbox"])
@pytest.mark.parametrize("name", FILES)
def test_file_takes_no_memory(tmp_path: Path, name: str, way: str) -> None:
    """Of twenty megabytes a few are held at a time, alone or among others in an mbox."""
    raw = (HEAD + FILES[name]).encode().replace(b"\r\n", b"\n")
    path = tmp_path / "large"
    path.write_bytes(raw if way == "mail" else (b"From dana Tue Nov 10 10:00:00 2026\n" + raw + b"\n") * 2)
    tracemalloc.start()
    try:
        mails = list(mails_in(path, 1_000_000))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(raw) > 19_000_000
    assert len(mails) == (1 if way == "mail" else 2)
    assert all(one.partial for one in mails)
    words = "" if name == "file alone" else "Approved, all of it. Grüße"
    assert {parse_message(one.raw).text[:26] for one in mails} == {words}
    assert most < 9_000_000


TEXT_TOLD = b'("text" "plain" NIL NIL NIL "7bit" 30 1 NIL NIL NIL NIL)'
PDF_TOLD = b'("application" "pdf" NIL NIL NIL "base64" 90000 NIL NIL NIL NIL)'
TOLD = {
    "nothing": b"NIL",
    "a number": b"7",
    "half": b'("text" "plain" (',
    "long": b'(("text" "plain" NIL NIL NIL "7bit" 30 1)' * 25_000 + b' "mixed" NIL)',
    "deep": b"(" * 5_000 + TEXT_TOLD + b' "mixed"' + b")" * 5_000,
    "deep multiparts": b"(" * 30 + TEXT_TOLD + b' "mixed" ("boundary" "=_b") NIL NIL NIL)' * 30,
    "no boundary": b"(" + TEXT_TOLD + PDF_TOLD + b' "mixed" NIL NIL NIL NIL)',
    "boundary with a command": b"("
    + TEXT_TOLD
    + PDF_TOLD
    + b' "mixed" ("boundary" {8}\r\na\r\nb\r\n--) NIL NIL NIL)',
    "a part too few": b"(" + TEXT_TOLD + b' "mixed" ("boundary" "=_b") NIL NIL NIL)',
    "a part too many": b"(" + TEXT_TOLD + PDF_TOLD * 2 + b' "mixed" ("boundary" "=_b") NIL NIL NIL)',
    "many parts": b"(" + TEXT_TOLD * 101 + b' "mixed" ("boundary" "=_b") NIL NIL NIL)',
    "sizes below nothing": b'(("text" "plain" NIL NIL NIL "7bit" -4 1)'
    + PDF_TOLD
    + b' "mixed" ("boundary" "=_b"))',
    "text said to be empty": b'(("text" "plain" NIL NIL NIL "7bit" 0 0)'
    + PDF_TOLD
    + b' "mixed" ("boundary" "=_b"))',
    "text called a picture": b'(("image" "png" NIL NIL NIL "7bit" 90000)'
    + PDF_TOLD
    + b' "mixed" ("boundary" "=_b"))',
}


@pytest.fixture
def line(user: User) -> Iterator[FaultyLine]:
    """A line to Dovecot that has no fault yet."""
    with FaultyLine(user.server.port) as proxy:
        yield proxy


@pytest.mark.parametrize(
    "answer",
    [
        *(b"* 1 FETCH (UID 1 BODYSTRUCTURE " + words + b")\r\nTAG OK done\r\n" for words in TOLD.values()),
        b"* 1 FETCH (UID 1 BODY NIL)\r\nTAG OK done\r\n",
        b"TAG OK done\r\n",
        b"TAG NO not now\r\n",
        b"TAG BAD what\r\n",
    ],
    ids=[*TOLD, "another word", "no answer", "no", "bad"],
)  # fmt: skip
def test_structure_that_is_not_trusted(user: User, line: FaultyLine, answer: bytes) -> None:
    """The mail comes by its beginning, and the session goes on."""
    user.deliver((HEAD + parts("multipart/mixed", TEXT, PDF + LETTERS)).encode(), mail(DANA, "behind it"))
    line.faults.asked = structure(answer)
    behind = replace(account(user), port=line.port, whole_up_to_bytes=50_000)
    with Inbox.connect(behind) as inbox:
        one, other = sorted(given(inbox, inbox.uids_after(0)), key=lambda one: one.position.uid)

    assert one.partial
    assert one.raw.endswith(LETTERS[: len(one.raw) - one.raw.index(LETTERS[:50].encode())].encode())
    assert len(one.raw) == 50_000
    assert b"behind it" in other.raw


def structure(answer: bytes) -> Callable[[bytes], bytes | None]:
    """Answers itself where it is asked for a structure."""
    answers = answering(b"UID FETCH 1 (BODYSTRUCTURE)", answer)
    return lambda words: answers(words) if b"BODYSTRUCTURE" in words else None


@pytest.mark.promise("P2")
def test_structure_that_breaks_the_line(tmp_path: Path, user: User, line: FaultyLine) -> None:
    """It is not asked for again: the mail comes by its beginning through the next connection."""
    user.deliver((HEAD + parts("multipart/mixed", TEXT, PDF + LETTERS)).encode(), mail(DANA, "behind it"))
    line.faults.asked = structure(b"* BYE it is too much\r\n")
    servers = servers_of(user).replace(f"port = {user.server.port}", f"port = {line.port}")
    with at_work(tmp_path, Clock(), servers + 'whole_up_to = "50 KB"\n') as app:
        watching.poll(app)
        assert kept(app) == 2
    assert len(line.connected_at) == 2


@pytest.mark.promise("P2", "P4")
def test_mail_that_was_made_to_break_us_is_taken_in(tmp_path: Path, user: User) -> None:
    """Whatever the server makes of its structure, each is kept."""
    names = ("ten thousand parts", "nested multiparts", "nested messages", "boundaries used again", "large attachment",
             "boundary of a megabyte", "field of megabytes", "many parameters", "no boundary")  # fmt: skip
    user.deliver(*(MAIL[name]() for name in names))
    with at_work(tmp_path, Clock(), servers_of(user) + 'whole_up_to = "30 KB"\n') as app:
        assert watching.poll(app) == kept(app) == len(names)


class Hurried(Shelves):
    """Answers a command for mail when the next one is there, and gives the mail of that one first."""

    def __init__(self, shelf: Shelf) -> None:
        self._owed: list[bytes] = []
        super().__init__(INBOX=shelf)

    def _reply(self, tag: str, command: str) -> Sequence[bytes] | None:
        said = list(super()._reply(tag, command) or ())
        if "BODY" not in command:
            return said
        if not self._owed and ",1," in command.replace(" ", ","):
            self._owed = said
            return []
        owed, self._owed = self._owed, []
        return [*said[:-1], *owed, said[-1]]


def test_one_command_is_under_way_ahead(tmp_path: Path) -> None:
    """The next batch is asked for before the one before it is there; what comes out of turn is kept as well."""
    shelf = Shelf(7, {uid: mail(DANA, f"number {uid}") for uid in range(1, 91)})
    server = Hurried(shelf)
    try:
        with at_work(tmp_path, Clock(), server.config()) as app:
            assert watching.poll(app) == kept(app) == 90
        assert len(server.bodies()) == 2
    finally:
        server.close()


def test_what_was_not_answered_is_named(user: User) -> None:
    """While a batch is stored the next is under way: where the line breaks, it is suspected as well."""
    user.deliver(*(mail(DANA, f"number {n}") for n in range(60)))
    with Inbox.connect(account(user)) as inbox:
        uids = inbox.uids_after(0)
        batches = inbox.fetch(uids)
        assert list(next(batches).uids) == uids[:50]
        assert inbox.asked == uids[50:]
        assert list(next(batches).uids) == uids[50:]
        assert inbox.asked == []


def test_batches_are_bounded_by_their_bytes() -> None:
    """Mail just below the limit comes in batches of four megabytes, whatever it counts."""
    large = mail(DANA, ("x" * 70 + "\r\n") * 13_000)
    with serving(INBOX=Shelf(7, dict.fromkeys(range(1, 11), large))) as server:
        account = ImapAccount(
            host="127.0.0.1", port=server.port, tls="none", username="practiq", password="x"
        )
        with Inbox.connect(account) as inbox:
            assert [len(batch.given) for batch in inbox.fetch(inbox.uids_after(0))] == [4, 4, 2]
