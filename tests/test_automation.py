"""Who wrote it: a machine, and which, or a person."""

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.automation import AutomationKind, automation_of
from parsers.message import UnreadableMessage, parse_message

ABSENCE, BOUNCE, CALENDAR, RECEIPT, TICKET, NEWSLETTER, NOTICE = AutomationKind
ANN = "Ann Tully <ann@fernhollow.example>"
REPLY = {"In-Reply-To": "<k1@agency.example>", "References": "<k1@agency.example>"}


def mail(subject: str, text: str = "", author: str = ANN, content_type: str = "", **fields: str) -> bytes:
    """A mail to the agency; underscores in field names stand for hyphens."""
    header = {
        "Return-Path": "<ann@fernhollow.example>",
        "From": author,
        "To": "pat@agency.example",
        "Subject": subject,
        "Message-ID": "<m1@fernhollow.example>",
        "MIME-Version": "1.0",
        "Content-Type": content_type or "text/plain; charset=utf-8",
    } | {name.replace("_", "-"): body for name, body in fields.items()}
    lines = "".join(f"{name}: {body}\n" for name, body in header.items())
    return f"{lines}\n{text}\n".encode()


def parts(*shown: tuple[str, str]) -> tuple[str, str]:
    """A multipart's text and boundary, of (header lines, content)."""
    body = "".join(f"--b7\n{header}\n\n{content}\n" for header, content in shown)
    return f"{body}--b7--\n", 'boundary="b7"'


def kind_of(raw: bytes) -> AutomationKind | None:
    found = automation_of(parse_message(raw))
    assert found is None or (found.because.isprintable() and 5 < len(found.because) < 200)
    return found.kind if found else None


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Spring layouts",
        "[EXTERNAL] Automatic reply: Spring layouts",
        "Out of Office AutoReply: Spring layouts",
        "Auto-Reply: Spring layouts",
        "AUTO: Ann Tully is out of the office (returning 05/04/2026)",
        "Automatische Antwort: Plakate",
        "Abwesenheitsnotiz: Plakate",
        "Réponse automatique : Affiches",
        "Respuesta automática: Carteles",
        "Risposta automatica: Manifesti",
        "Resposta automática: Cartazes",
        "Automatisch antwoord: Affiches",
        "Automatiskt svar: Affischer",
        "Autosvar: Plakater",
        "Automatisk svar: Plakater",
        "Odpowiedź automatyczna: Plakaty",
        "Automaattinen vastaus: Julisteet",
        "Automatická odpověď: Plakáty",
        "Automatikus válasz: Plakátok",
        "Автоматический ответ: Плакаты",
        "自動応答: ポスター",
        "自动回复: 海报",
        "자동 회신: 포스터",
    ],
)
def test_absence_by_subject(subject: str) -> None:
    """Mail programs of each language say in the subject that they reply; an answer to it is a person's."""
    assert kind_of(mail(subject, "Back on the 4th.")) is ABSENCE
    assert kind_of(mail(f"Re: {subject}", "The blue one, please.", **REPLY)) is None
    assert kind_of(mail(f"AW: {subject}", "Passt so.", **REPLY)) is None


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for your message. I am out of the office until Monday, 16 November, with limited access to "
        "email. For urgent matters please contact Joe Marsh (joe.marsh@fernhollow.example).\n\nBest regards\nAnn",
        "Hello,\n\nI'm on annual leave from 3 to 14 August. I will reply when I return.\n\nAnn Tully\nBrand Manager",
        "I am currently away and will be back on Tuesday. In urgent cases call Joe Marsh on +44 20 7946 0000.",
        "Guten Tag,\n\nvielen Dank für Ihre Nachricht. Ich bin bis zum 12. Juni nicht im Büro. In dringenden Fällen "
        "wenden Sie sich bitte an Jörg Kessel.\n\nMit freundlichen Grüßen\nAnja Tal",
        "Bonjour,\n\nJe suis en congé jusqu'au 24 août. Pour toute urgence, merci de contacter Luc Morel.\n\n"
        "Cordialement,\nAnne Tellier",
        "Hola:\n\nEstoy de vacaciones hasta el 24 de agosto. Para asuntos urgentes, contacte con Luis Prado.\n\nSaludos",
        "Buongiorno,\n\nsono in ferie fino al 24 agosto. Per urgenze contattare Luca Prati.\n\nCordiali saluti\nAnna",
        "Olá,\n\nEstou de férias até 24 de agosto. Em caso de urgência, contacte Luís Prata.\n\nCumprimentos\nAna",
        "Beste,\n\nIk ben tot en met 24 augustus niet op kantoor. Voor dringende zaken kunt u contact opnemen met Luc "
        "Prins.\n\nMet vriendelijke groet\nAnna",
        "Hej,\n\nJag är på semester till den 14 augusti. Vid brådskande ärenden kontakta Lars Prytz.\n\nHälsningar\nAnna",
        "Hej,\n\nJeg er på ferie til den 14. august. Hvis det haster, kontakt Lars Prytz.\n\nVenlig hilsen\nAnna",
        "Dzień dobry,\n\njestem na urlopie do 14 sierpnia. W pilnych sprawach proszę o kontakt z Leną Prus.\n\nPozdrawiam",
        "お世話になっております。\n8月14日まで休暇をいただいております。お急ぎの場合は鈴木までご連絡ください。",
        "您好,我正在休假,8月14日返回。如有紧急事情,请联系李明。",
    ],
)
def test_absence_by_words(text: str) -> None:
    """An announcement without any field is a machine's, quoted mail below it or not; beside an own word it is not."""
    quoted = f"{text}\n\nOn Tue, 3 Nov 2026 at 10:12, Pat Reyes <pat@agency.example> wrote:\n> Is the layout approved?\n"

    assert kind_of(mail("Re: Spring layouts", text, **REPLY)) is ABSENCE
    assert kind_of(mail("Re: Spring layouts", quoted, **REPLY)) is ABSENCE
    assert kind_of(mail("Re: Spring layouts", f"The second cover, then.\n{text}", **REPLY)) is None


@pytest.mark.parametrize(
    "text",
    [
        "I'm out on Friday, please send the layouts",
        "I'll be out of office from Thursday, so please send the layouts before.",
        "I am out of the office until Monday, but the blue one works for us.",
        "Approved! I'm out of the office until Monday, contact Joe for the printing.",
        "I am on vacation until the 4th. Can Joe sign in my place?",
        "Thanks! I'm on vacation until Monday.",
        "Just a heads-up: I'm out of the office until Monday, contact Joe if anything is urgent.",
        "I'm away until Monday. The proof has the old logo.",
        "We are out of the office until Monday and the copy is fine.",
        "Ich bin ab Donnerstag im Urlaub, bitte schicken Sie die Entwürfe vorher.",
        "Ich bin bis Montag nicht im Büro, aber die blaue Variante gefällt uns.",
        "Je suis en congé jusqu'à lundi, merci de m'envoyer les maquettes avant.",
        "Je suis absente demain. Le bleu nous convient.",
        "Estoy de vacaciones hasta el lunes, pero el cartel azul nos gusta.",
        "Sono in ferie fino a lunedì, ma il blu ci piace.",
        "Ik ben tot maandag niet op kantoor, maar de blauwe versie is akkoord.",
        "Jag är på semester till måndag, men den blå affischen är godkänd.",
        "来週まで休暇を取得します。青い案で承認します。",
    ],
)
def test_plans_are_peoples(text: str) -> None:
    """Who mentions an absence beside something else is a person, whatever the subject."""
    assert kind_of(mail("Re: Spring layouts", text, **REPLY)) is None
    assert kind_of(mail("Out of office next week", text)) is None
    assert kind_of(mail("Spring layouts", text, Auto_Submitted="no")) is None


def test_absence_by_a_vague_subject() -> None:
    """ "Out of office" as a subject needs an announcement below it, and no more than that."""
    assert kind_of(mail("Out of office", "I am away on business this week.")) is ABSENCE
    assert (
        kind_of(mail("Away from my desk", "We're travelling. Your mail will be read on our return."))
        is ABSENCE
    )
    assert (
        kind_of(mail("Out of office signage", "Fourteen boards for the lobby, in the new colours.")) is None
    )
    assert kind_of(mail("Auto: new dealership", "The brief for the dealership is attached.")) is None
    assert kind_of(mail("Automated reply emails for August", "Copy for the welcome series is below.")) is None


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"Auto_Submitted": "auto-replied"}, ABSENCE),
        ({"Auto_Submitted": "Auto-Replied; owner-email=ann@fernhollow.example"}, ABSENCE),
        ({"Auto_Submitted": "auto-generated (nightly)"}, NOTICE),
        ({"X_Autoreply": "yes"}, ABSENCE),
        ({"X_Autorespond": "Spring layouts"}, ABSENCE),
        ({"Precedence": "auto_reply"}, ABSENCE),
        ({"X_Apple_Action": "vacation"}, ABSENCE),
        ({"X_Autogenerated": "Reply"}, ABSENCE),
        ({"Return_Path": "<>"}, NOTICE),
        ({"Return_Path": "<MAILER-DAEMON>"}, NOTICE),
        ({"X_Failed_Recipients": "joe@fernhollow.example"}, BOUNCE),
        ({"X_MS_Exchange_Message_Is_Ndr": "true"}, BOUNCE),
        ({"X_List_Administrivia": "yes"}, NOTICE),
        ({"List_Unsubscribe": "<https://news.example/u/7>"}, NEWSLETTER),
        (
            {"List_Id": "<weekly.news.example>", "List_Unsubscribe_Post": "List-Unsubscribe=One-Click"},
            NEWSLETTER,
        ),
        (
            {"List_Post": "<https://press.example/p/7>", "List_Unsubscribe": "<https://press.example/u>"},
            NEWSLETTER,
        ),
        ({"List_Post": "NO", "List_Unsubscribe": "<mailto:u@news.example>"}, NEWSLETTER),
        ({"Precedence": "bulk"}, NEWSLETTER),
        ({"X_CampaignID": "81"}, NEWSLETTER),
        ({"X_MC_User": "b2"}, NEWSLETTER),
        ({"Feedback_ID": "7:81:spring:news"}, NOTICE),
    ],
)
def test_machines_by_fields(fields: dict[str, str], kind: AutomationKind) -> None:
    """What machines say of themselves in fields is believed."""
    assert kind_of(mail("Spring news", "The season begins.", **fields)) is kind


@pytest.mark.parametrize(
    "fields",
    [
        {"Auto_Submitted": "no"},
        {"Auto_Submitted": "No; said by hand"},
        {"X_Auto_Response_Suppress": "All"},
        {"X_Auto_Response_Suppress": "DR, OOF, AutoReply"},
        {"X_Autoreply": "no"},
        {"X_MS_Exchange_Inbox_Rules_Loop": "pat@agency.example"},
        {"List_Id": "Launch <launch.fernhollow.example>", "Precedence": "list"},
        {
            "List_Post": "<mailto:launch@fernhollow.example>",
            "List_Unsubscribe": "<mailto:u@fernhollow.example>",
        },
        {"Mailing_list": "list launch@fernhollow.example", "List_Unsubscribe": "<https://groups.example/u>"},
        {"X_BeenThere": "launch@fernhollow.example", "Precedence": "bulk"},
        {"Sender": "Launch <launch-bounces@fernhollow.example>", "Precedence": "bulk"},
        {"Sender": "owner-launch@fernhollow.example", "Precedence": "bulk"},
        {
            "List_Unsubscribe": "<https://crm.example/u/7>",
            "In_Reply_To": "<k1@agency.example>",
        },
        {"Precedence": "bulk", "In_Reply_To": "<rt-4@fernhollow.example>"},
        {"X_SG_EID": "q7"},
        {"X_Mailgun_Sid": "q7"},
        {"X_SES_Outgoing": "2026.11.03-192.0.2.7", "Feedback_ID": "1.eu-west-1.q7:AmazonSES"},
        {"X_CM_TRANSID": "q7"},
    ],
)
def test_people_whose_fields_look_like_machines(fields: dict[str, str]) -> None:
    """Lists, Exchange, a CRM and company relays set such fields on what people write."""
    assert kind_of(mail("Spring layouts", "Hi Pat, approved. Ann", **fields)) is None


def test_relays_beside_an_offer_to_unsubscribe() -> None:
    """What a relay sent is a newsletter where its own small print says so, not where a quotation does."""
    small_print = "Spring has come.\n\nUnsubscribe: https://news.example/u/7"

    assert kind_of(mail("Spring news", small_print, X_SG_EID="q7")) is NEWSLETTER
    assert (
        kind_of(mail("Spring news", small_print, author="Bay News <newsletter1@bay.example>")) is NEWSLETTER
    )
    quoted = "See below, Ann\n\n> Spring has come.\n> Unsubscribe: https://news.example/u/7"
    assert kind_of(mail("Your news", quoted, X_SG_EID="q7")) is None
    assert kind_of(mail("Spring news", small_print)) is None


@pytest.mark.parametrize(
    ("author", "kind"),
    [
        ("MAILER-DAEMON@mx.fernhollow.example (Mail Delivery System)", BOUNCE),
        ("Mail Delivery Subsystem <mail@fernhollow.example>", BOUNCE),
        ("MAILER-DAEMON", BOUNCE),
        ("<>", BOUNCE),
        ('"Mail Delivery System" <>', BOUNCE),
        ("postmaster@fernhollow.example", BOUNCE),
        ("post_master@pager.example", BOUNCE),
        ("Mail.Delivery.System@fernhollow.example", BOUNCE),
        ("Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@fernhollow.example>", BOUNCE),
        ("bounces+7-pat=agency.example@relay.example", BOUNCE),
        ("no-reply@fernhollow.example", NOTICE),
        ("Fern Hollow <noreply@fernhollow.example>", NOTICE),
        ("billing-donotreply@fernhollow.example", NOTICE),
        ("nicht-antworten@fernhollow.example", NOTICE),
        ("ne-pas-repondre@fernhollow.example", NOTICE),
        ("notifications@tasks.example", NOTICE),
        ("Ann Tully (Docs) <comments-noreply@docs.example>", NOTICE),
        ("Ann via DocuSign <dse_na4@docusign.net>", NOTICE),
        ("root@web3.fernhollow.example", NOTICE),
        ("majordomo@fernhollow.example", NOTICE),
        ("alerts@fernhollow.example", NOTICE),
    ],
)
def test_machines_by_author(author: str, kind: AutomationKind) -> None:
    """Mail systems and programs are known by their address or name, whatever they write."""
    assert kind_of(mail("Nightly", "All is done.", author=author)) is kind


@pytest.mark.parametrize(
    "author",
    [
        "Arno Reply <arno.reply@fernhollow.example>",
        "'Ann Tully' via Launch <launch@fernhollow.example>",
        "Fern Hollow <info@fernhollow.example>",
        "Support <support@fernhollow.example>",
        "Ann at Bounce <ann@bounce.example>",
        "Postmaster Jane Roe <jane.roe@post.example>",
        "Ann <ann@newsletter-works.example>",
        "Bay Marketing <marketing@bay.example>",
        "System Works <ann@system.example>",
        "Administrator <administrator@fernhollow.example>",
        "Ann <brief-request@fernhollow.example>",
    ],
)
def test_people_whose_addresses_look_like_machines(author: str) -> None:
    """Shared mailboxes and unlucky names belong to people."""
    assert kind_of(mail("Spring layouts", "Hi Pat, the second cover is ours. Ann", author=author)) is None


def test_a_mailbox_that_people_answer_from() -> None:
    """An answer from postmaster@ or newsletter@ is a person's, unless it talks of a mail's delivery."""
    for author in ("postmaster@fernhollow.example", "newsletter@fernhollow.example"):
        assert kind_of(mail("Re: DNS", "Hi Pat, the record is set.", author=author, **REPLY)) is None
    undelivered = "Error: no such handset\n550 - Requested action not taken: no such user here"
    assert kind_of(mail("Re: DNS", undelivered, author="post_master@pager.example", **REPLY)) is BOUNCE


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


DESK = "Fern Desk <helpdesk@fernhollow.example>"
ABOVE = "##- Please type your reply above this line -##\n\n"


@pytest.mark.parametrize(
    ("subject", "text", "author", "fields", "kind"),
    [
        (
            "[Ticket #48213] DNS",
            "Your request has been received and assigned ticket #48213.",
            DESK,
            {},
            TICKET,
        ),
        (
            "[Ticket #48213] DNS",
            "Your request is closed.",
            DESK,
            {"Auto_Submitted": "auto-generated"},
            TICKET,
        ),
        ("Fern Desk", f"{ABOVE}Your request (48213) has been received.", DESK, {}, TICKET),
        ("Your request", "We have received your request. Case number: 48213", DESK, {}, TICKET),
        ("Your request", "We have received your request.", "noreply@fernhollow.example", {}, TICKET),
        ("[#48213] Anfrage", "Ihre Anfrage wurde unter der Nummer 48213 erfasst.", DESK, {}, TICKET),
        ("[#48213] Demande", "Votre demande a bien été enregistrée.", DESK, {}, TICKET),
        ("Re: [Ticket #48213] DNS", "Hi Pat, I set the record. Does the page load now?", DESK, REPLY, None),
        (
            "[Ticket #48213] DNS",
            "I have received your request and will set the record today.",
            DESK,
            {},
            None,
        ),
        ("Fern Desk", f"{ABOVE}Joe (Fern Desk)\n\nHi Pat, the record is set.", DESK, {}, None),
        ("DNS", f"{ABOVE}Hi Pat, the record is set.", DESK, {"Auto_Submitted": "auto-generated"}, None),
        ("Your request", "We have received your request for new layouts and like it.", ANN, {}, None),
        ("Job #48213", "Your request has been received here, the cover is approved.", ANN, {}, None),
    ],
)
def test_tickets(
    subject: str, text: str, author: str, fields: dict[str, str], kind: AutomationKind | None
) -> None:
    """A help desk's acknowledgement is a robot's, what its people write through it is theirs."""
    assert kind_of(mail(subject, text, author=author, **fields)) is kind


@pytest.mark.parametrize(
    ("subject", "author"),
    [
        ("complaint about message from 192.0.2.7", "staff@mailhouse.example"),
        ("Report domain: agency.example Submitter: mailhouse.example Report-ID: 7", "ann@mailhouse.example"),
        ("Your message to launch awaits moderator approval", "launch@fernhollow.example"),
        ("BOUNCE launch@fernhollow.example: Non-member submission", "launch@fernhollow.example"),
    ],
)
def test_notices_by_subject(subject: str, author: str) -> None:
    """Complaints, DMARC reports and list software's own letters have fixed subjects; answers to them are people's."""
    assert kind_of(mail(subject, "See below.", author=author)) is NOTICE
    assert kind_of(mail(f"Re: {subject}", "Is that ours?", author=author, **REPLY)) is None


def test_why_is_in_words() -> None:
    """The reason names what was seen."""
    found = automation_of(parse_message(mail("Automatic reply: Spring", "Back on Monday.")))
    assert found is not None
    assert found.because == "the subject 'Automatic reply: Spring'"


WORDS = st.sampled_from(
    [
        "Automatic reply:",
        "Re:",
        "Undeliverable:",
        "I am out of the office until",
        "550 5.1.1",
        "[Ticket #12]",
        "When:",
    ]
)
TEXTS = st.lists(st.one_of(WORDS, st.text(max_size=30)), max_size=8).map(" ".join)
NAMES = st.sampled_from(
    ["From", "Sender", "Return-Path", "Auto-Submitted", "Precedence", "List-Post", "X-Autoreply"]
)
TYPES = st.sampled_from(
    ["text/plain", "multipart/report", "multipart/mixed; boundary=b7", "text/calendar", "message/x"]
)


@given(subject=TEXTS, text=TEXTS, fields=st.dictionaries(NAMES, st.one_of(TEXTS, st.just("<>"))), kind=TYPES)
def test_total(subject: str, text: str, fields: dict[str, str], kind: str) -> None:
    """Whatever can be read has an answer, and always the same one."""
    flat = {name: " ".join(body.split()) for name, body in fields.items()}
    raw = mail(" ".join(subject.split()), text, content_type=kind, **{"From": ANN} | flat)
    try:
        message = parse_message(raw.replace(b"\xed", b"?"))
    except UnreadableMessage:
        return
    assert automation_of(message) == automation_of(message)


def test_long_texts_take_no_longer() -> None:
    """A megabyte of what the rules look for is decided by its beginning."""
    for words in ("Thank you for your message. ", "I'm away ", "[#12] ", "ticket ", "a@", "<" * 80, "\n\n> "):
        note = EmailMessage()
        note["From"], note["Subject"] = ANN, "Re: [" * 200
        note.set_content(words * (1_000_000 // len(words)))
        assert kind_of(note.as_bytes()) in (None, *AutomationKind)
