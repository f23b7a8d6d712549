"""Dates that mail clients write for people."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.sent_dates import sent_at
from tests.layouts import ATTRIBUTIONS, OUTLOOKS

EST = timezone(timedelta(hours=-5))


@pytest.mark.parametrize("language", OUTLOOKS)
def test_dates_of_each_language(language: str) -> None:
    """Each month is read in its own language, where the clock of the reader stands."""
    outlook = OUTLOOKS[language]
    labels = [label.strip(" :").lower() for label in outlook.labels]

    assert sent_at(outlook.sent, labels=labels, zone=EST) == datetime(2026, 11, 10, 16, 3, tzinfo=EST)


@pytest.mark.parametrize(
    ("words", "iso"),
    [
        ("Tue, 10 Nov 2026 16:03:00 -0500", "2026-11-10T16:03:00-05:00"),
        ("November 10, 2026 at 4:03:05 PM EST", "2026-11-10T16:03:05-05:00"),
        ("10 novembre 2026 à 16:03:05 UTC+1", "2026-11-10T16:03:05+01:00"),
        ("Dienstag, 10. November 2026 um 16:03:05 MEZ", "2026-11-10T16:03:05+01:00"),
        ("Tuesday, November 10, 2026, 04:03:00 PM GMT+5:30", "2026-11-10T16:03:00+05:30"),
        ("11/10/2026 4:03 PM EST", "2026-11-10T16:03:00-05:00"),
        ("10/11/2026 16:03 (GMT+00:00)", "2026-11-10T16:03:00+00:00"),
        ("2026-11-10 16:03 +0200", "2026-11-10T16:03:00+02:00"),
        ("2026/11/10 16:03 GMT+9", "2026-11-10T16:03:00+09:00"),
        ("Tuesday, November 10, 2026 12:03 AM UTC", "2026-11-10T00:03:00+00:00"),
        ("Tuesday, November 10, 2026 12:03 PM UTC", "2026-11-10T12:03:00+00:00"),
        ("2026年11月10日 下午 04:03 GMT+8", "2026-11-10T16:03:00+08:00"),
        ("mar. 10 nov. 2026 à 16h03 UTC+1", "2026-11-10T16:03:00+01:00"),
        ("10.11.26 16:03 CET", "2026-11-10T16:03:00+01:00"),
        ("16:03 10 tháng 11, 2026 GMT+7", "2026-11-10T16:03:00+07:00"),
    ],
)
def test_instants(words: str, iso: str) -> None:
    """A date with its zone is an instant, however it is written."""
    assert sent_at(words) == datetime.fromisoformat(iso)


@pytest.mark.parametrize("words", ["", "yesterday", "Friday 9:30", "10 November", "32 November 2026 10:00 UTC", "10 Nov 2026 25:00 UTC", "10/11/2026 16:03"])  # fmt: skip
def test_no_instant_for_sure(words: str) -> None:
    """A day without a time, a time without a day, or neither with a zone, is no instant."""
    assert sent_at(words) is None


def test_slashes_are_read_where_the_reader_is() -> None:
    """3/4 is March in New York, and April in London, or where the clock has twenty-four hours."""
    assert sent_at("3/4/2026 10:00 AM", zone=EST) == datetime(2026, 3, 4, 10, tzinfo=EST)
    assert sent_at("3/4/2026 10:00 AM", zone=UTC) == datetime(2026, 4, 3, 10, tzinfo=UTC)
    assert sent_at("3/4/2026 16:00", zone=EST) == datetime(2026, 4, 3, 16, tzinfo=EST)


@pytest.mark.parametrize(
    "client", sorted(name for name in ATTRIBUTIONS if name.startswith(("gmail", "apple")))
)
def test_dates_in_attributions(client: str) -> None:
    """The date in the line above a quote is read as well."""
    language = client.split()[1]
    labels = [one.strip(" :").lower() for one in OUTLOOKS[language].labels] if language in OUTLOOKS else []

    assert sent_at(ATTRIBUTIONS[client], labels=labels, zone=EST) == datetime(2026, 11, 10, 16, 3, tzinfo=EST)


@given(st.text(max_size=80) | st.from_regex(r"[0-9./: -]{0,40}", fullmatch=True))
def test_total(words: str) -> None:
    """Any words give an instant with an offset, or none."""
    at = sent_at(words, zone=EST)

    assert at is None or at.utcoffset() is not None
