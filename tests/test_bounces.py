"""Mail servers' reports, and people who write of deliveries."""

import pytest

from parsers.automation import AutomationKind
from tests.machines import BOUNCE, NOTICE, RECEIPT, REPLY, kind_of, mail, parts


@pytest.mark.parametrize(
    ("report", "part", "subject", "kind"),
    [
        ("delivery-status", "message/delivery-status", "Undeliverable: Spring", BOUNCE),
        ("delivery-status", "message/global-delivery-status", "Spring", BOUNCE),
        ("delivery-status", "message/delivery-status", "Successful Mail Delivery Report", RECEIPT),
        ("disposition-notification", "message/disposition-notification", "Read: Spring", RECEIPT),
        ("feedback-report", "message/feedback-report", "FW: Spring", NOTICE),
        ("", "text/rfc822-headers", "Delivery report", BOUNCE),
    ],
)
def test_reports(report: str, part: str, subject: str, kind: AutomationKind) -> None:
    """A report is known by its type, also where a list or a filter wrapped it; a person who passes it on is not."""
    text, boundary = parts(
        ("Content-Type: text/plain", "A report."), (f"Content-Type: {part}", "Reporting-MTA: dns; mx")
    )

    assert (
        kind_of(
            mail(subject, text, content_type=f"multipart/report; report-type={report or 'x'}; {boundary}")
        )
        is kind
    )
    if report:
        wrapped = mail(subject.removeprefix("FW: "), text, content_type=f"multipart/mixed; {boundary}")
        assert kind_of(wrapped) is kind
        assert kind_of(mail(f"Fwd: {subject}", text, content_type=f"multipart/mixed; {boundary}")) is None


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Undelivered Mail Returned to Sender", "This is the mail system at host mx.fernhollow.example."),
        ("Delivery Status Notification (Failure)", "Joe's mailbox is full."),
        ("Undeliverable: Spring layouts", "Your message to joe@fernhollow.example couldn't be delivered."),
        (
            "Unzustellbar: Plakate",
            "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:\njoe",
        ),
        ("Non remis : Affiches", "Échec de la remise à ces destinataires ou groupes :\njoe"),
        ("No se puede entregar: Carteles", "No se pudo entregar el mensaje a estos destinatarios:\njoe"),
        ("Onbestelbaar: Affiches", "Bezorging aan deze geadresseerden is mislukt:\njoe"),
        (
            "Returned mail: User unknown",
            "   ----- The following addresses had permanent fatal errors -----\n<joe@x.example>",
        ),
        (
            "failure delivery",
            "Message from mx.example.\nUnable to deliver message to the following address(es).\n\n<joe@x.example>:",
        ),
        ("Delivery failed", "<joe@x.example>: host mx.x.example said: 550 5.1.1 no such user"),
        ("Mail could not be delivered", "550 5.1.1 <joe@x.example>... User unknown"),
        (
            "Spring",
            "Hi. This is the qmail-send program at mx.x.example.\n\n<joe@x.example>:\n550 5.1.1 no such user",
        ),
    ],
)
def test_bounces_by_words(subject: str, text: str) -> None:
    """A mail server's words are known by themselves; who forwards, answers or tells of them is a person."""
    assert kind_of(mail(subject, text)) is BOUNCE
    assert kind_of(mail(f"Fwd: {subject}", text)) is None
    assert kind_of(mail(f"Re: {subject}", f"Hi Pat, what is this?\n\n{text}", **REPLY)) is None
    assert kind_of(mail("Your mail of Tuesday", f"Hi Pat, I got this from your server:\n\n{text}")) is None


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "Undeliverable: 40 brochures",
            "The courier brought them back. Reprint them with the new address, please.",
        ),
        (
            "Delivery failed: Leeds",
            "Two boxes could not be delivered, the recipient was out. Send them again.",
        ),
        ("Returned mail: 340 pieces", "Hi Pat, 340 of the postcards came back. Shall we clean the list?"),
        (
            "Delivery failure of our newsletter",
            "Hi Pat, Gmail says 550 5.7.1 to us since Monday. Please look into it.",
        ),
        ("Mail delivery problem", "We see 550 5.1.1 user unknown in the log. Do you?"),
        ("Delayed: photo shoot", "Rain until Thursday. The studio is free on Friday."),
        ("Bounce rates: March", "Higher than in February."),
        ("Warning: wrong logo", "The proof has the old one."),
        ("Failure to deliver", "I am unhappy with how this went."),
        ("Zustellung der Flyer", "Der Empfänger war nicht da. Neuer Termin am Freitag."),
        ("Spring", "Your message did not get lost, I was ill. The blue one, then."),
    ],
)
def test_deliveries_that_people_write_of(subject: str, text: str) -> None:
    """Parcels, postcards and bounce rates are an agency's trade."""
    assert kind_of(mail(subject, text)) is None
