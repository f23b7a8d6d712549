"""Bytes in: kept once, with the cursor, from a real Dovecot; whatever kills us, and whenever."""

from __future__ import annotations

import base64
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from service import backlog, intake, jobs, watching
from service.errors import MailboxError
from service.fetching import Batch
from service.inbox import Inbox
from service.intake import SWEEP_EVERY, TRIES, Misses, batches, take_in
from service.kept_rows import KeptState, Mail, count_kept, find_cursor, find_kept, record_kept
from service.models import KeptRow, PositionRow, RawRow
from service.position_rows import SOON, list_unfetchable
from tests.agency import DANA, Clock, at_work, mail, servers_of
from tests.servers import User

pytestmark = pytest.mark.both_databases


def kept(app: jobs.App) -> int:
    with app.store.transaction() as session:
        return sum(count_kept(session).values())


@pytest.mark.pitfall("agent-os#719", "routecraft#241", "hermes-agent#42997")
def test_each_message_is_kept_once(tmp_path: Path, user: User) -> None:
    """A second pass keeps nothing; new mail is kept; the cursor stands at the last; flags are untouched."""
    user.deliver(mail(DANA, "one"), mail(DANA, "two"))
    with at_work(tmp_path, Clock(), servers_of(user)) as app:
        assert watching.poll(app) == 2
        assert watching.poll(app) == 0
        user.deliver(mail(DANA, "three"))
        assert watching.poll(app) == 1
        assert kept(app) == 3
        with app.store.transaction() as session:
            cursor = find_cursor(session, "INBOX")
    assert cursor is not None
    assert cursor.uid == 3
    assert cursor.polled_at is not None
    assert user.flags() == ["", "", ""]


def test_files_are_kept_in_batches() -> None:
    """Of fifty mails, and of four megabytes; a larger one is alone."""
    sizes = [*[10] * 120, *[900_000] * 9, 5_000_000, 10]
    mails = (Mail(raw=b"x" * size) for size in sizes)

    assert [len(batch) for batch in batches(mails)] == [50, 50, 24, 4, 1, 1, 1]


@pytest.mark.promise("P3")
@pytest.mark.pitfall("offlineimap#633", "nextcloud/mail#2979", "offlineimap#294")
def test_a_mailbox_numbered_anew_is_not_taken_twice(tmp_path: Path, user: User) -> None:
    """After a change of UIDVALIDITY the same bytes are only noted at their new place; new ones are kept."""
    user.deliver(mail(DANA, "one"), mail(DANA, "two"))
    with at_work(tmp_path, Clock(), servers_of(user)) as app:
        watching.poll(app)
        user.change_uidvalidity()
        user.deliver(mail(DANA, "three"))
        assert watching.poll(app) == 1
        with app.store.transaction() as session:
            epochs = Counter(session.scalars(select(PositionRow.uidvalidity)))
    assert sorted(epochs.values()) == [2, 3]


@pytest.mark.promise("P2")
def test_a_message_behind_the_cursor_is_found_by_the_daily_sweep(tmp_path: Path, user: User) -> None:
    """A UID that was not there when its place was passed is found when the whole list is compared."""
    user.deliver(mail(DANA, "one"), mail(DANA, "two"))
    clock = Clock()
    with at_work(tmp_path, clock, servers_of(user)) as app:
        watching.poll(app)
        with app.store.transaction() as session:  # as if the server had not shown it then
            session.delete(session.scalars(select(PositionRow).where(PositionRow.uid == 1)).one())
            session.execute(delete(RawRow).where(RawRow.kept == 1))
            session.execute(delete(KeptRow).where(KeptRow.id == 1))
        assert watching.poll(app) == 0
        clock.at += SWEEP_EVERY
        assert watching.poll(app) == 1


def test_where_much_is_fetched_something_goes_on_beside(
    tmp_path: Path, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Around the fetching of much, and of nothing less."""
    monkeypatch.setattr(intake, "MUCH", 2)
    lengths: list[int] = []
    with at_work(tmp_path, Clock(), servers_of(user)) as app:
        assert app.imap

        @contextmanager
        def beside() -> Iterator[None]:
            yield
            with app.store.transaction() as session:
                lengths.append(count_kept(session)[KeptState.UNREAD])

        for words in (["one", "two"], ["three"]):
            user.deliver(*(mail(DANA, one) for one in words))
            with app.connect(app.imap) as inbox:
                assert take_in(app.store, inbox, app.now(), Misses(), beside=beside).new == len(words)
    assert lengths == [2]


class Forgetful(Inbox):
    """A real session with a server that lists a message and does not give it."""

    withheld = frozenset({2})
    wanted: tuple[int, ...] = ()

    def fetch(self, uids, *, plainly=False):  # type: ignore[no-untyped-def]
        self.wanted = [*self.wanted, *uids]
        for batch in super().fetch(uids, plainly=plainly):
            given = [one for one in batch.given if one.position.uid not in self.withheld]
            yield Batch(uids=batch.uids, given=given)


@pytest.mark.promise("P2")
@pytest.mark.pitfall("msgvault#731")
def test_the_cursor_waits_for_a_message_that_is_listed(tmp_path: Path, user: User) -> None:
    """What is listed and not given stops the cursor, not the mail behind; at last it is unfetchable, and asked for again."""
    user.deliver(mail(DANA, "one"), mail(DANA, "two"), mail(DANA, "three"))
    clock = Clock()
    with at_work(tmp_path, clock, servers_of(user)) as app:
        assert app.imap
        misses = Misses()
        with Forgetful.connect(app.imap) as inbox:
            taken = take_in(app.store, inbox, clock(), misses)
        with app.store.transaction() as session:
            waiting = find_cursor(session, "INBOX")
            assert list_unfetchable(session) == []
        for _ in range(TRIES - 1):
            with Forgetful.connect(app.imap) as inbox:
                take_in(app.store, inbox, clock(), misses)
        with app.store.transaction() as session:
            passed = find_cursor(session, "INBOX")
            (unfetchable,) = list_unfetchable(session)
        for pause, asked in ((timedelta(), True), (SOON / 2, False), (SOON / 2, True)):
            clock.at += pause
            with Forgetful.connect(app.imap) as inbox:
                take_in(app.store, inbox, clock(), misses)
                assert list(inbox.wanted) == ([2] if asked else [])
        clock.at += SOON
        assert watching.poll(app) == 1
        with app.store.transaction() as session:
            assert list_unfetchable(session) == []

    assert (taken.new, taken.missing) == (2, (2,))
    assert waiting is not None
    assert waiting.uid == 1
    assert passed is not None
    assert (passed.uid, unfetchable.uid) == (3, 2)


def test_a_large_message_is_kept_by_its_beginning(tmp_path: Path, user: User) -> None:
    """Over `whole_up_to` the header and the first words are kept, and read, and said to be partial."""
    user.deliver(mail(DANA, "Approved.\n\n" + "x" * 70 + "\n" + ("y" * 70 + "\n") * 100))
    with at_work(tmp_path, Clock(), servers_of(user) + 'whole_up_to = "1 KB"\n') as app:
        watching.poll(app)
        backlog.read(app)
        with app.store.transaction() as session:
            row = session.scalars(select(KeptRow)).one()
            assert (row.partial, row.state) == (True, KeptState.READ)


def test_large_mail_is_packed_by_what_it_ends_in(tmp_path: Path) -> None:
    """Base64 is not searched for what comes again, words are; both come back as they were."""
    chance = random.Random(8)
    words = b"".join(b"The layouts of page %d are with the client.\r\n" % n for n in range(4_000))
    files = base64.encodebytes(chance.randbytes(200_000))
    raws = [mail(DANA, "Approved.") + end for end in (words, files)]
    with at_work(tmp_path, Clock()) as app, app.store.transaction() as session:
        numbers = [number for number, _ in record_kept(session, [Mail(raw=raw) for raw in raws], app.now())]
        sizes = list(session.scalars(select(func.length(RawRow.raw)).order_by(RawRow.kept)))
        assert [find_kept(session, number).raw for number in numbers] == raws
    assert sizes[0] < len(raws[0]) / 5
    assert sizes[1] < len(raws[1]) * 0.8


def test_a_server_that_is_away_loses_nothing(tmp_path: Path, user: User) -> None:
    """While it is away there is one clear error; afterwards all is taken."""
    user.deliver(mail(DANA, "one"))
    with at_work(tmp_path, Clock(), servers_of(user)) as app:
        assert app.imap
        away = replace(app, imap=replace(app.imap, password="wrong"))
        with pytest.raises(MailboxError, match="refuses the log-in"):
            watching.poll(away)
        assert watching.poll(app) == 1
