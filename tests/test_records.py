"""A message as read is what its row gives back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from parsers.anatomy import anatomy_of
from parsers.threads import thread_id
from service.intake import keep_raw
from service.kept_rows import KeptState, list_kept
from service.message_rows import record_messages
from service.neighbour_rows import find_records
from service.reading import record_of
from service.thread_rows import record_threads
from tests.agency import DANA, INBOX, MAYA, MX, at_work, mail

pytestmark = pytest.mark.both_databases

MAILBOX = Path(__file__).parent / "mailbox" / "mail"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LOCAL = timezone(timedelta(hours=2))
ODD = [
    mail(DANA, "An id twice.", fields={"References": "<a@b.example> <c@d.example> <a@b.example>"}),
    mail(MAYA, "To a client of ours.", to=DANA, cc=INBOX.replace("@", "+Globex@")),
]


@pytest.mark.parametrize(
    "hour", [None, datetime(2026, 11, 12, 9, 30, 0, 5, tzinfo=LOCAL)], ids=["file", "imap"]
)
def test_a_record_is_what_its_row_gives_back(tmp_path: Path, hour: datetime | None) -> None:
    """To the offset of its instants: what is stored is not read back before it is threaded and understood."""
    raws = [*ODD, *(one.read_bytes() for one in sorted(MAILBOX.glob("*.eml")))]
    with at_work(tmp_path, lambda: NOW) as app:
        keep_raw(app.store, raws, NOW)
        with app.store.transaction() as session:
            read = {}
            for kept in list_kept(session, KeptState.UNREAD):
                anatomy = anatomy_of(kept.raw, trust=MX)
                name = anatomy.message.identity
                one = record_of(name, anatomy, replace(kept, internal_date=hour), app.office)
                read.setdefault(name, replace(one, thread=thread_id(name)))
            record_threads(session, [thread_id(one) for one in read])
            record_messages(session, list(read.values()))
            held = {one.identity: one for one in find_records(session, read)}

    assert len(held) > 200
    assert {name: repr(one) for name, one in held.items()} == {name: repr(one) for name, one in read.items()}
