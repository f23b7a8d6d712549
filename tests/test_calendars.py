"""Calendars, receipts, and people who accept and read other things."""

import pytest

from parsers.automation import AutomationKind
from tests.machines import CALENDAR, RECEIPT, kind_of, mail, parts

INVITE = ("Content-Type: text/calendar; method=REQUEST", "BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR")


NAMED = "Content-Type: text/calendar; method=REQUEST; name={0}\nContent-Disposition: attachment; filename={0}"


def with_calendar(subject: str, text: str, part: str) -> bytes:
    content, boundary = parts(("Content-Type: text/plain", text), (part, INVITE[1]))
    return mail(subject, content, content_type=f"multipart/mixed; {boundary}")


def test_calendars() -> None:
    """An invitation is known by its part or by its words; an .ics beside own words is an attachment."""
    text, boundary = parts(("Content-Type: text/plain", "Agenda to follow."), INVITE)
    assert kind_of(mail("Status", text, content_type=f"multipart/alternative; {boundary}")) is CALENDAR
    assert kind_of(mail("Status", INVITE[1], content_type="text/calendar; method=REPLY")) is CALENDAR
    invite = NAMED.format("invite.ics")
    assert (
        kind_of(with_calendar("Invitation: Status", "When: Friday 10:00\nWhere: Studio 2", invite))
        is CALENDAR
    )
    assert kind_of(with_calendar("Status", "", invite)) is CALENDAR

    assert kind_of(with_calendar("Shoot day", "Hi Pat, approved, the day is attached.", invite)) is None
    assert (
        kind_of(
            with_calendar("Invitation: gala", "Please set this in the new type.", NAMED.format("gala.ics"))
        )
        is None
    )
    assert kind_of(with_calendar("Fwd: Status", "Can you take this one?", invite)) is None


@pytest.mark.parametrize(
    ("subject", "text", "kind"),
    [
        ("Accepted: Status", "Ann Tully has accepted this invitation.\n\nWhen: Thursday 11:00", CALENDAR),
        ("Zugesagt: Status", "Wann: Donnerstag, 11:00", CALENDAR),
        ("Refusé : Point hebdo", "Quand : jeudi 11:00", CALENDAR),
        (
            "Invitation: Status @ Mon Nov 16, 2026 10am",
            "You have been invited to the following event.",
            CALENDAR,
        ),
        ("Accepted: quote 114", "Please go ahead.", None),
        ("Accepted: quote 114", "", None),
        ("Declined: route two", "Too dark for us.", None),
        ("Invitation: Spring gala", "When: 3 May\nWhere: The Old Mill\n\nSet this in the new type.", None),
        (
            "Read: Estimate",
            "Your message\n\n  To: Ann Tully\n  Subject: Estimate\n\nwas read on Thursday.",
            RECEIPT,
        ),
        (
            "Gelesen: Angebot",
            "Ihre Nachricht\n\n  An: Anja Tal\n  Betreff: Angebot\n\nwurde gelesen.",
            RECEIPT,
        ),
        ("Lu : Devis", "Votre message\n\n  À : Anne Tellier\n  Objet : Devis\n\na été lu le jeudi.", RECEIPT),
        (
            "Return Receipt (displayed) - Estimate",
            "This is a Return Receipt for the mail that you sent.",
            RECEIPT,
        ),
        ("Delivered: Estimate", "Your message has been delivered to the following recipients:\nann", RECEIPT),
        ("Read: this article", "Your message reminded me of it. The tone is what we want.", None),
        ("Delivered: posters", "Your posters came at ten, thanks. All 40 are good.", None),
    ],
)
def test_calendars_and_receipts_by_words(subject: str, text: str, kind: AutomationKind | None) -> None:
    """A calendar's and a receipt's subject need their fixed words; people accept and read other things."""
    assert kind_of(mail(subject, text)) is kind
