"""An agency's first morning: years of mail, over IMAP or from files, and a mail that is very large."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.ground import Ground, own
from bench.peers import lacking, lacking_naive, mbsync_and_notmuch, notmuch_new, pipeline
from bench.runs import Failed, Ran, in_turns, practiq
from bench.table import Row
from tests.processes import read_count
from tests.servers import User

MOST_MB = 200
ATTACHMENT_BYTES = 60_000_000


def poll_anew(ground: Ground, user: User) -> Callable[[], Ran]:
    """`practiq poll` of a whole inbox into no database; the last one stays, for `filled`."""
    config = ground.config(user.name, user=user)

    def work() -> Ran:
        ran = practiq(ground.without_database(config), "poll")
        count, there = read_count(config.parent, config.stem), len(user.flags())
        if count != there:
            raise Failed(f"of {there} mails {count} were read")
        return ran

    return work


def filled(ground: Ground, user: User) -> Path:
    """The configuration of a database that holds a user's inbox."""
    config = ground.work(f"{user.name}.toml")
    if not config.with_suffix(".db").exists():
        poll_anew(ground, user)()
    return config


def backfill(ground: Ground) -> Iterator[Row]:
    """An inbox read for the first time, through the whole path, against others on the same inbox."""
    user = ground.user(ground.messages)
    lacks, lacks_naive = lacking("mbsync", "notmuch"), lacking_naive()
    ours, best, peers, naive = in_turns(
        ground.turns,
        poll_anew(ground, user),
        pipeline(ground, user, "pipeline_best.py", "mailparser-part", "2"),
        None if lacks else lambda: mbsync_and_notmuch(ground, user),
        None if lacks_naive else pipeline(ground, user, "pipeline_naive.py"),
    )
    what = f"backfill of {ground.messages:,}"
    for yardstick, theirs, goal, missing in (
        ("pipeline_best.py, two processes", best, 2.5, ""),
        ("mbsync without fsync, notmuch new", peers, 0.4, lacks),
        ("pipeline_naive.py", naive, 0.3, lacks_naive),
    ):
        yield Row(
            what=what,
            yardstick=yardstick,
            goal=goal,
            lacks=missing,
            ours=_seconds(ours),
            theirs=_seconds(theirs),
        )
    yield Row(what=f"{what}, peak memory", ours=_peaks(ours), unit="MB", goal=MOST_MB)


def growth(ground: Ground) -> Iterator[Row]:
    """Five times the mail."""
    small, large = ground.user(ground.messages), ground.user(ground.many)
    few, many = in_turns(ground.turns, poll_anew(ground, small), poll_anew(ground, large))
    what, yardstick = f"backfill of {ground.many:,}", f"of {ground.messages:,}"
    yield Row(what=what, yardstick=yardstick, ours=_seconds(many), theirs=_seconds(few), goal=5.5)
    what = f"{what}, peak memory"
    yield Row(what=what, yardstick=yardstick, unit="MB", ours=_peaks(many), theirs=_peaks(few), goal=1.2)
    yield Row(what=what, unit="MB", ours=_peaks(many), goal=MOST_MB)


def attachment(ground: Ground) -> Iterator[Row]:
    """A mail with a very large attachment among the others; by IMAP and from a file."""
    large = with_attachment(ground.client_mail(0), ATTACHMENT_BYTES)
    user = ground.user(ground.few)
    there = user.maildir / "cur" / f"1767225600.M9P1.bench,S={len(large)}:2,S"
    there.write_bytes(large)
    own(user.maildir.parent)
    aside = ground.work("large")
    aside.mkdir(exist_ok=True)
    (aside / "large.eml").write_bytes(large)
    (aside / "mbox.eml").write_bytes(2 * (b"From bench Thu Jan  1 00:00:00 2026\n" + large + b"\n"))
    (aside / "text.eml").write_bytes(b"Subject: words\n\n" + b"Words and words.\n" * (ATTACHMENT_BYTES // 17))
    ingested = ground.config("large")
    polled, read = in_turns(
        ground.turns,
        poll_anew(ground, user),
        lambda: practiq(ground.without_database(ingested), "ingest", aside, user.maildir),
    )
    there.unlink()
    ground.without_database(ground.work(f"{user.name}.toml"))  # it holds what the inbox no longer does
    what = f"an attachment of {ATTACHMENT_BYTES // 1_000_000} MB among {ground.few:,} mails"
    yield Row(what=f"{what}, poll, peak memory", ours=_peaks(polled), unit="MB", goal=MOST_MB)
    yield Row(what=f"{what}, ingest, peak memory", ours=_peaks(read), unit="MB", goal=MOST_MB)


def with_attachment(raw: bytes, size: int) -> bytes:
    """A mail with so many bytes attached, in lines that end as a Maildir's do."""
    head, _, text = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    fields = [line for line in head.split(b"\n") if not line.lower().startswith((b"content-", b"mime-"))]
    return b"\n".join(
        [
            *fields, b"MIME-Version: 1.0", b'Content-Type: multipart/mixed; boundary="part"', b"",
            b"--part", b"Content-Type: text/plain; charset=utf-8", b"", text,
            b"--part", b"Content-Type: video/mp4", b"Content-Transfer-Encoding: base64",
            b'Content-Disposition: attachment; filename="spot.mp4"', b"",
            base64.encodebytes(bytes(range(256)) * (size // 256)) + b"--part--", b"",
        ]
    )  # fmt: skip


def ingest(ground: Ground) -> Iterator[Row]:
    """A Maildir read from the disk."""
    mail = ground.corpus(ground.messages)
    config = ground.config("ingest")
    lacks = lacking("notmuch")
    ours, theirs = in_turns(
        ground.turns,
        lambda: practiq(ground.without_database(config), "ingest", mail / "Maildir"),
        None if lacks else lambda: notmuch_new(ground, mail),
    )
    what = f"ingest of {ground.messages:,}"
    yield Row(
        what=what,
        yardstick="notmuch new",
        goal=0.6,
        lacks=lacks,
        ours=_seconds(ours),
        theirs=_seconds(theirs),
    )
    yield Row(what=f"{what}, peak memory", ours=_peaks(ours), unit="MB", goal=MOST_MB)


def _seconds(runs: list[Ran]) -> list[float]:
    return [one.seconds for one in runs]


def _peaks(runs: list[Ran]) -> list[float]:
    return [one.peak_mb for one in runs]
