"""What calendars write: invitations, answers, changes."""

from __future__ import annotations

import re

from parsers.automation_words import ADDRESSED, PASSED_ON, TAGS
from parsers.message import Message

_SUBJECT_CHARS = 300
_OPENING_CHARS = 600  # of a text

_ANSWER = re.compile(
    rf"{TAGS}(?:accepted|declined|tentative(?:ly accepted)?|new time proposed|proposed new time|meeting forward notification|zugesagt|abgelehnt|mit vorbehalt(?: zugesagt)?|unter vorbehalt|neue zeit vorgeschlagen|benachrichtigung über besprechungsweiterleitung"
    r"|acceptée?|refusée?|provisoire|nouvel horaire proposé|aceptad[oa]|rechazad[oa]|provisional|nueva hora propuesta|accettat[oa]|rifiutat[oa]|provvisori[oa]|proposto nuovo orario|aceite|aceito|recusad[oa]|provisóri[oa]"
    r"|geaccepteerd|geweigerd|afgewezen|voorlopig(?: geaccepteerd)?|accepterat|accepterad|avböjt|avböjd|preliminärt?|accepteret|afvist|foreløbig|foreløbigt accepteret|akseptert|godtatt|avslått|foreløpig"
    r"|hyväksytty|hylätty|alustava|zaakceptowano|odrzucono|wstępnie|принято|отклонено|承諾|辞退|仮の予定|已接受|已拒绝|수락됨)\s?(?:[:：]|by )",
    re.I,
)
_INVITATION = re.compile(
    rf"{TAGS}(?:(?:updated )?invitation(?: with note)?|cancel(?:l)?ed(?: event)?(?: with note)?|event updated|(?:aktualisierte )?einladung|abgesagt(?:er termin)?|invitation (?:mise à jour|modifiée)|annulée?|événement annulé|invitación(?: actualizada)?|cancelad[oa]|evento cancelado"
    r"|invito(?: aggiornato)?|annullat[oa]|evento annullato|convite(?: atualizado)?|(?:bijgewerkte )?uitnodiging|geannuleerd|(?:uppdaterad )?inbjudan|inställt|inställd|invitation opdateret|aflyst|invitasjon|avlyst|kutsu|peruutettu|zaproszenie|anulowano|odwołano"
    r"|приглашение|отменено|招待|招待状|キャンセル済み|邀请|已取消|초대)\s?[:：]",
    re.I,
)
_SAYS = re.compile(
    r"\bhas (?:accepted|declined|tentatively accepted|been invited|cancel)|\byou have been invited|invitation from google|(?:accepted|declined) (?:this|your) (?:invitation|meeting)|this event has been|google calendar|microsoft teams meeting|hat (?:diese|ihre|die) einladung|hat (?:zugesagt|abgesagt)|sie wurden eingeladen"
    r"|a accepté (?:cette|votre|l['’])\s?invitation|vous avez été invité|ha aceptado (?:esta|tu|su|la) invitación|ha accettato (?:questo|il tuo|l['’])\s?invito|heeft (?:deze|je|uw|de) uitnodiging|har (?:accepterat|accepteret|godtatt) (?:den här |denne )?(?:inbjudan|invitation|invitasjon)",
    re.I,
)
_WHEN = re.compile(
    r"(?:^|\n)[*>\s]{0,4}(?:when|wann|quand|date et heure|cuándo|quando|wanneer|när|hvornår|når|milloin|kiedy|когда|日時|时间|時間|일시|time|zeit)\s{0,3}[*]{0,2}\s?[:：\n]",
    re.I,
)
# Names that calendars give the part; a person who attaches a file names it for what it is.
_NAME = re.compile(
    r"(?:invite|meeting|calendar|response|reply|event|ical[\w-]{0,60}|invitation|cancel)\.ics", re.I
)


def is_calendar(message: Message) -> bool:
    """
    Whether a message has a calendar's part that a calendar put there (RFC 6047). Total.

    An .ics that a person attaches is an attachment: it has a name of its own, or words beside it that are
    no calendar's.
    """
    content_class = message.field("content-class") or ""
    if message.media_type == "text/calendar" or "calendarmessage" in content_class.lower():
        return True
    parts = [one for one in message.attachments if one.media_type == "text/calendar"]
    if any(one.name is None for one in parts) or (parts and message.field("x-microsoft-cdo-busystatus")):
        return True
    subject, text = message.subject[:_SUBJECT_CHARS], message.text.strip()
    is_named_so = any(_NAME.fullmatch(one.name or "") for one in parts)
    if not parts or PASSED_ON.match(subject) or not (is_named_so or _says_so(subject)):
        return False
    opening = text[:_OPENING_CHARS]
    talks = _SAYS.search(opening) or _WHEN.search(opening)
    return not text or bool(talks and not ADDRESSED.match(opening))


def reads_as_calendar(subject: str, text: str) -> bool:
    """Whether a subject and a text are a calendar's, without its part, which some gateways take away. Total."""
    subject, opening = subject[:_SUBJECT_CHARS], text[:_OPENING_CHARS]
    if not _says_so(subject) or ADDRESSED.match(opening):
        return False
    has_time = _ANSWER.match(subject) or " @ " in subject  # as Google Calendar writes it
    return bool(_SAYS.search(opening) or (has_time and _WHEN.search(opening)))


def _says_so(subject: str) -> bool:
    return _ANSWER.match(subject) is not None or _INVITATION.match(subject) is not None
