"""Which machine wrote a message, if one did."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from parsers.message import Message


class AutomationKind(StrEnum):
    """What machines write."""

    OUT_OF_OFFICE = "out of office"
    BOUNCE = "bounce"
    CALENDAR = "calendar"
    RECEIPT = "receipt"
    TICKET = "ticket"
    NEWSLETTER = "newsletter"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Automation:
    """A machine's message, and how we know."""

    kind: AutomationKind
    because: str  # in words, for a person


_ROBOT = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon|bounces?|bounce[+-].*)@")
_NO_REPLY = re.compile(
    r"^(?:[\w.-]{0,40}[._-])?(?:no-?_?reply|do-?_?not-?_?reply|donotreply|noreply|notifications?|notify"
    r"|alerts?|auto-?confirm"
    r"|newsletters?|mailer|automailer|system|updates?)(?:[._+-].*)?@"
)
_OUT_OF_OFFICE_SUBJECT = re.compile(
    r"^\W{0,3}(?:auto(?:matic)?[ -]?(?:reply|response|antwort)|auto(?:matische|matisch)? ?antwo(?:rt|ord)"
    r"|out of (?:the )?office|ooo\b|abwesen(?:d|heit)|abwesenheitsnotiz|réponse automatique"
    r"|reponse automatique|absence du bureau"
    r"|respuesta automática|fuera de (?:la )?oficina|resposta automática|ausência|fora do escritório"
    r"|risposta automatica"
    r"|fuori ufficio|automatisch antwoord|afwezig(?:heid)?|autosvar|automatiskt svar|frånvaro|fraværende"
    r"|odpowiedź automatyczna"
    r"|autoodpowiedź|automatická odpověď|автоответ|自動応答|自动回复|자동 회신)",
    re.I,
)
# Only the opening words: "I'm out on Friday, please send the layouts" goes on to ask for something.
_OUT_OF_OFFICE_BODY = re.compile(
    r"\b(?:i am|i'm|i’m|i will be|i'll be) (?:currently |now )?(?:out of (?:the )?office|away from (?:the"
    r"|my) (?:office|desk)"
    r"|on (?:annual |parental |maternity |sick )?leave|on (?:holiday|vacation)) (?:until|from|through|till"
    r"|with|and will)"
    r"|\bthank you for your (?:e-?mail|message)\W{1,3}i(?: am|'m|’m) (?:currently )?(?:out|away|on)\b"
    r"|\bich bin (?:derzeit|zurzeit|momentan|bis|vom|ab) .{0,40}(?:nicht (?:im büro|erreichbar)|abwesend"
    r"|im urlaub)"
    r"|\bje suis (?:actuellement )?(?:absente?|en congés?|en déplacement) (?:jusqu|du|et)"
    r"|\b(?:estoy|estaré|me encuentro) (?:fuera de la oficina|de vacaciones|ausente) (?:hasta|del|y)"
    r"|\bestou (?:ausente|de férias|fora do escritório) (?:até|de|e)"
    r"|\bsono (?:fuori ufficio|assente|in ferie) (?:fino|dal|e)"
    r"|\bik ben (?:momenteel )?(?:afwezig|niet op kantoor|met vakantie|op vakantie) (?:tot|van|en)"
    r"|\bjag är (?:på semester|inte på kontoret|frånvarande) (?:till|t\.o\.m|och)",
    re.I,
)
_BOUNCE_SUBJECT = re.compile(
    r"^(?:undeliver(?:ed|able)|delivery (?:status notification|failure|has failed)|mail delivery (?:failed"
    r"|failure|subsystem)"
    r"|returned mail|failure notice|message (?:not|could not be) delivered|unzustellbar|non remis"
    r"|no se puede entregar"
    r"|non recapitabile|onbestelbaar|mislukte bezorging|warning: could not send|delayed:)",
    re.I,
)
_CALENDAR_SUBJECT = re.compile(
    r"^(?:accepted|declined|tentative(?:ly accepted)?|invitation|updated invitation"
    r"|cancel(?:l)?ed(?: event)?|proposed new time"
    r"|zugesagt|abgelehnt|mit vorbehalt|einladung|accepté|refusé|aceptado|aceptada|rechazado|accettato"
    r"|geaccepteerd)(?: ?:| by )",
    re.I,
)
_RECEIPT_SUBJECT = re.compile(
    r"^(?:read|not read|gelesen|lu|leído|letto|gelezen|lida|delivered|relayed|read receipt"
    r"|return receipt(?: \(displayed\))?"
    r"|lesebestätigung) ?:",
    re.I,
)
_RECEIPT_BODY = re.compile(r"^your message\s{1,6}to:.{1,600}was (?:read|deleted) on", re.I | re.S)
_TICKET = re.compile(
    r"(?:\[(?:ticket|case|request|incident|[A-Z]{2,10})[ #:-]{0,3}\d{2,12}\]|\b(?:ticket|case|request"
    r"|incident) ?(?:id|number|no\.?)?"
    r" ?[:#] ?[A-Z-]{0,8}\d{3,12})",
    re.I,
)
_TICKET_BODY = re.compile(
    r"\b(?:your (?:request|ticket|enquiry|inquiry|case|message) has been (?:received|logged|created|assigned"
    r"|registered|opened)"
    r"|we have (?:received|logged) your (?:request|ticket|enquiry|inquiry)|assigned (?:to )?(?:ticket|case"
    r"|request)"
    r"|ihre anfrage wurde|votre demande a (?:bien )?été|su solicitud ha sido)",
    re.I,
)
_UNSUBSCRIBE = re.compile(
    r"\bunsubscribe\b|\bmanage (?:your )?(?:preferences|subscription)|newsletter abbestellen|\babmelden\b"
    r"|se désabonner"
    r"|désinscri|darse de baja|cancelar (?:a |la )?su(?:b)?scri|disiscri|uitschrijven|view (?:this"
    r"|it) (?:e-?mail )?in (?:your|a) browser",
    re.I,
)


def automation_of(message: Message) -> Automation | None:
    """
    The machine that wrote this message; None where a person did.

    Total. Fields say it where there are some (RFC 3834 §5: any Auto-Submitted but "no"); words only
    where the fields are silent, and only at the beginning. A list that a person writes through is
    that person's mail.
    """
    return _by_structure(message) or _by_subject(message) or _by_fields(message) or _by_words(message)


def _found(kind: AutomationKind, because: str) -> Automation:
    return Automation(kind=kind, because=because)


def _by_structure(message: Message) -> Automation | None:
    """What the MIME structure or the sender's address says for sure."""
    report = message.parameters.get("report-type", "").lower()
    if message.media_type == "multipart/report":
        if report == "disposition-notification":
            return _found(AutomationKind.RECEIPT, "a disposition notification (RFC 8098)")
        return _found(AutomationKind.BOUNCE, f"a report ({report or 'of delivery'})")
    if message.media_type == "text/calendar" or _has_calendar_method(message):
        return _found(AutomationKind.CALENDAR, "a calendar message")
    author = message.author.spec if message.author else ""
    if _ROBOT.match(author):
        return _found(AutomationKind.BOUNCE, f"written by {author}")
    return None


def _has_calendar_method(message: Message) -> bool:
    """A calendar part beside a subject of calendars; an .ics that a person attaches is an attachment."""
    has_calendar = any(one.media_type == "text/calendar" for one in message.attachments)
    return has_calendar and (
        _CALENDAR_SUBJECT.match(message.subject) is not None
        or message.field("x-microsoft-cdo-busystatus") is not None
        or any(
            one.media_type == "text/calendar" and one.name in (None, "invite.ics")
            for one in message.attachments
        )
    )


def _by_subject(message: Message) -> Automation | None:
    subject = message.subject
    says_so = f"the subject {subject[:60]!r}"
    if _OUT_OF_OFFICE_SUBJECT.match(subject):
        return _found(AutomationKind.OUT_OF_OFFICE, says_so)
    if _BOUNCE_SUBJECT.match(subject):
        return _found(AutomationKind.BOUNCE, says_so)
    if _RECEIPT_SUBJECT.match(subject) and _RECEIPT_BODY.search(message.text[:2_000].strip()):
        return _found(AutomationKind.RECEIPT, says_so)
    if _CALENDAR_SUBJECT.match(subject) and re.search(
        r"\b(?:when|wann|quand|invitation|meeting)\b", message.text[:2_000], re.I
    ):
        return _found(AutomationKind.CALENDAR, says_so)
    return None


def _by_fields(message: Message) -> Automation | None:
    """What machines say of themselves in fields."""
    submitted = (message.field("auto-submitted") or "no").partition(";")[0].strip().lower()
    if submitted != "no":
        replied = submitted.startswith("auto-replied")
        kind = AutomationKind.OUT_OF_OFFICE if replied else AutomationKind.NOTICE
        if _TICKET.search(message.subject) or _TICKET_BODY.search(message.text[:1_000]):
            kind = AutomationKind.TICKET
        return _found(kind, f"Auto-Submitted: {submitted}")
    for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply-from", "x-mail-autoreply"):
        if (message.field(name) or "no").lower() not in ("no", "false"):
            return _found(AutomationKind.OUT_OF_OFFICE, f"the field {name}")
    precedence = (message.field("precedence") or "").lower()
    if precedence in ("auto_reply", "auto-reply"):
        return _found(AutomationKind.OUT_OF_OFFICE, f"Precedence: {precedence}")
    if message.field("return-path") == "<>":
        return _found(AutomationKind.NOTICE, "a null return path (RFC 5321 §4.5.5)")
    is_discussion = message.field("list-post") not in (None, "NO") or bool(message.in_reply_to)
    if message.field("list-unsubscribe") and not is_discussion:
        return _found(AutomationKind.NEWSLETTER, "List-Unsubscribe, and no list to write to")
    if precedence in ("bulk", "junk") and not is_discussion:
        return _found(AutomationKind.NEWSLETTER, f"Precedence: {precedence}")
    if message.field("feedback-id") and not is_discussion:
        return _found(AutomationKind.NOTICE, "Feedback-ID, as bulk senders set it")
    return None


def _by_words(message: Message) -> Automation | None:
    """What machines write that say nothing of themselves in fields."""
    author = message.author.spec if message.author else ""
    beginning = message.text[:400]
    if (_TICKET.search(message.subject) or _NO_REPLY.match(author)) and _TICKET_BODY.search(
        message.text[:1_000]
    ):
        return _found(AutomationKind.TICKET, "a ticket's acknowledgement")
    if _NO_REPLY.match(author):
        kind = AutomationKind.NEWSLETTER if _UNSUBSCRIBE.search(message.text) else AutomationKind.NOTICE
        return _found(kind, f"written by {author}")
    absent = _OUT_OF_OFFICE_BODY.search(beginning)
    if absent and len(message.text.split(">", 1)[0]) < 1_200:
        return _found(AutomationKind.OUT_OF_OFFICE, f"the words {' '.join(absent[0].split())[:60]!r}")
    return None
