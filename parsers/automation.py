"""Which machine wrote a message, if one did."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from parsers import automation_words as words
from parsers.absence import announced_absence
from parsers.address import addresses
from parsers.body import split_body
from parsers.bounces import is_bounce, talks_of_delivery
from parsers.calendars import is_calendar, reads_as_calendar
from parsers.message import Message

_SUBJECT_CHARS = 300  # of a subject; of a text its beginning, and for small print its end
_OPENING_CHARS = 600
_TALK_CHARS = 3_000
_TEXT_CHARS = 20_000


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
    by_words_alone: bool = False  # no field, structure or author says so


def automation_of(message: Message, *, own: str | None = None) -> Automation | None:
    """
    The machine that wrote this message; None where a person did.

    `own` is what is newly written in it, where that is known already.

    Decided by who wrote it: a person who forwards a bounce, answers an absence note, or writes through a
    list or a help desk is a person. The MIME structure and the author say it for sure, then fields (any
    Auto-Submitted but "no"); words only at the beginning, and only where nobody asks or decides
    something in them. X-Auto-Response-Suppress says nothing: Exchange sets it on people's mail. Total,
    and linear: all that is read of a text is its first 20,000 characters.

    Source: RFC 3834 §5, RFC 6522, RFC 8098, RFC 5965, RFC 5321 §4.5.5.
    """
    seen = _Seen(message, own)
    for rule in (_by_structure, _by_author, _by_subject, _by_fields, _by_bulk, _by_words):
        if found := rule(seen):
            return found
    return None


class _Seen:
    """What the rules look at, each once."""

    def __init__(self, message: Message, own: str | None) -> None:
        self.message = message
        self.subject = message.subject[:_SUBJECT_CHARS]
        self.text = message.text[:_TEXT_CHARS].strip()
        self.own = split_body(self.text).own if own is None else own
        self.author = message.author.spec if message.author else ""
        self.local = self.author.rpartition("@")[0].partition("+")[0][:200]
        self.media_type = message.media_type
        self.fields = dict(reversed(message.fields))  # the first of each name
        self.is_passed_on = words.PASSED_ON.match(self.subject) is not None
        self.is_reply = bool(message.in_reply_to) or (self.is_passed_on and bool(message.references))
        submitted = [re.sub(r"[^\w-].*", "", one.strip().lower()) for one in self.all_of("auto-submitted")]
        self.submitted = next((one for one in submitted if one not in ("", "no")), "no" if submitted else "")

    def all_of(self, name: str) -> Iterator[str]:
        return (body for key, body in self.message.fields if key == name)

    def first(self, name: str) -> str:
        return self.fields.get(name, "").strip()[:_SUBJECT_CHARS]

    def has(self, names: re.Pattern[str]) -> str | None:
        """The first field whose name is one of these."""
        return next((key for key in self.fields if names.fullmatch(key)), None)


def _found(kind: AutomationKind, because: str, *, by_words_alone: bool = False) -> Automation:
    return Automation(kind=kind, because=because, by_words_alone=by_words_alone)


def _by_structure(seen: _Seen) -> Automation | None:
    """What the MIME structure says for sure."""
    is_report = seen.media_type == "multipart/report" or seen.media_type.startswith("message/")
    report = seen.message.parameters.get("report-type", "").lower()
    all_types = (seen.media_type, *(one.media_type for one in seen.message.attachments))
    types = {one.removeprefix("message/") for one in all_types} | {report}
    # Who forwards a report by a client that keeps its parts writes a subject for it.
    if is_report or not seen.is_passed_on:
        if types & {"disposition-notification", "global-disposition-notification"}:
            return _found(AutomationKind.RECEIPT, "a disposition notification (RFC 8098)")
        if "feedback-report" in types:
            return _found(AutomationKind.NOTICE, "a feedback report (RFC 5965)")
        if types & {"delivery-status", "global-delivery-status"}:
            is_delivered = words.DELIVERED_SUBJECT.match(seen.subject)
            return _found(
                AutomationKind.RECEIPT if is_delivered else AutomationKind.BOUNCE,
                "a delivery report (RFC 3464)",
            )
    if seen.media_type == "multipart/report":
        return _found(
            _kind_by_words(seen, AutomationKind.BOUNCE), f"a report ({report or 'of no type'})"[:80]
        )
    if is_calendar(seen.message):
        return _found(AutomationKind.CALENDAR, "a calendar message")
    return None


def _by_author(seen: _Seen) -> Automation | None:
    """What is written by a mail system, by a program, or by nobody."""
    if not seen.message.author:
        field = seen.fields.get("from")
        if field is not None and words.DAEMON_FIELD.match(field[:_SUBJECT_CHARS]):
            return _found(_kind_by_words(seen, AutomationKind.BOUNCE), f"written by {field[:80] or 'nobody'}")
        return None
    because = f"written by {seen.author[:120]}"
    if words.DAEMON.fullmatch(seen.local) or words.DAEMON_NAME.match(seen.message.author.name[:120]):
        return _found(_kind_by_words(seen, AutomationKind.BOUNCE), because)
    if words.POSTMASTER.fullmatch(seen.local):
        # An administrator may answer as postmaster; Verizon's bounces have "Re:", too, and talk like one.
        if seen.is_passed_on and seen.is_reply and not talks_of_delivery(seen.text):
            return None
        return _found(_kind_by_words(seen, AutomationKind.BOUNCE), because)
    is_machine = (
        words.MACHINE_ACCOUNT.fullmatch(seen.local)
        or words.NO_REPLY.fullmatch(seen.local)
        or words.SERVICE_DOMAIN.fullmatch(seen.author.rpartition("@")[2])
        or (words.SOFT_NO_REPLY.fullmatch(seen.local) and not seen.is_reply)
        or (seen.local.endswith(("-request", "-owner")) and _is_group(seen))  # list software's own
    )
    return _found(_kind_by_words(seen, AutomationKind.NOTICE), because) if is_machine else None


def _by_subject(seen: _Seen) -> Automation | None:
    """What only machines give as a subject, and what they give beside a body of their making."""
    because = f"the subject {seen.subject[:60]!r}"
    if words.AUTO_REPLY_SUBJECT.match(seen.subject):
        return _found(AutomationKind.OUT_OF_OFFICE, because)
    if _is_bounce(seen):
        return _found(AutomationKind.BOUNCE, because)
    if words.COMPLAINT_SUBJECT.match(seen.subject) or words.LIST_SUBJECT.match(seen.subject):
        return _found(AutomationKind.NOTICE, because)
    if words.RECEIPT_SUBJECT.match(seen.subject) and words.RECEIPT_TALK.match(seen.text[:_OPENING_CHARS]):
        return _found(AutomationKind.RECEIPT, because)
    if reads_as_calendar(seen.subject, seen.text):
        return _found(AutomationKind.CALENDAR, because)
    return None


def _by_fields(seen: _Seen) -> Automation | None:
    """What machines say of themselves in fields."""
    if seen.submitted not in ("", "no") and not _is_help_desk_comment(seen):
        default = AutomationKind.OUT_OF_OFFICE if seen.submitted == "auto-replied" else AutomationKind.NOTICE
        return _found(_kind_by_words(seen, default), f"Auto-Submitted: {seen.submitted[:40]}")
    for name in words.BOUNCE_FIELDS:
        if seen.first(name):
            return _found(AutomationKind.BOUNCE, f"the field {name}")
    for name in words.ABSENCE_FIELDS:
        if (seen.first(name) or "no").lower() not in ("no", "false", "0"):
            return _found(_kind_by_words(seen, AutomationKind.OUT_OF_OFFICE), f"the field {name}")
    for name, values in words.ABSENCE_VALUES:
        if (value := seen.first(name).lower()).startswith(values):
            kind = _kind_by_words(seen, AutomationKind.OUT_OF_OFFICE)
            return _found(kind, f"{name.capitalize()}: {value[:40]}")
    if seen.first("x-list-administrivia").lower() == "yes" or (
        seen.first("x-mlserver") and not seen.first("x-mail-count")
    ):  # Mailman and fml, of their own
        return _found(AutomationKind.NOTICE, "a list's own notice")
    if seen.first("x-fc-machinegenerated").lower() == "true" or seen.first("x-cron-env"):
        return _found(AutomationKind.NOTICE, "a field that only programs set")
    path = seen.first("return-path") or seen.first("x-envelope-from")
    if re.match(r"<>|<?mailer-daemon\b|<#@\[\]>", path, re.I):
        return _found(_kind_by_words(seen, AutomationKind.NOTICE), "a null return path (RFC 5321 §4.5.5)")
    return None


def _is_help_desk_comment(seen: _Seen) -> bool:
    """A person's words that Zendesk or its like passed on, and calls auto-generated as all that it sends."""
    if seen.submitted != "auto-generated" or not words.REPLY_ABOVE.search(seen.text[:_OPENING_CHARS]):
        return False
    own = _own_of_comment(seen)
    return bool(own) and not words.TICKET_TALK.search(own[:_OPENING_CHARS])


def _own_of_comment(seen: _Seen) -> str:
    """The words below the line above which one answers, which is there where a quotation begins elsewhere."""
    marked = words.REPLY_ABOVE.search(seen.text[:_OPENING_CHARS])
    text = seen.text[marked.end() :].lstrip("-#* \n") if marked else seen.text
    return split_body(text[:_TALK_CHARS]).own


def _by_bulk(seen: _Seen) -> Automation | None:
    """What is sent to many at once, and is no discussion of theirs."""
    if seen.is_reply or seen.is_passed_on or seen.submitted == "no" or _is_group(seen):
        return None
    if name := seen.has(words.CAMPAIGN_FIELDS):
        return _found(AutomationKind.NEWSLETTER, f"the field {name}")
    if seen.first("list-unsubscribe"):
        return _found(AutomationKind.NEWSLETTER, "List-Unsubscribe, and no list to write to")
    precedence = seen.first("precedence").lower()
    if precedence in ("bulk", "junk"):
        return _found(_kind_by_words(seen, AutomationKind.NEWSLETTER), f"Precedence: {precedence}")
    if seen.first("feedback-id") and "amazonses" not in seen.first("feedback-id").lower():
        return _found(_kind_by_words(seen, AutomationKind.NOTICE), "Feedback-ID, as bulk senders set it")
    sent_so = seen.has(words.RELAY_FIELDS) or words.BULK_MAILER.search(seen.first("x-mailer"))
    if (sent_so or words.BULK_NAME.fullmatch(seen.local)) and _offers_to_unsubscribe(seen):
        return _found(AutomationKind.NEWSLETTER, "sent by a bulk sender, with an offer to unsubscribe")
    return None


def _is_group(seen: _Seen) -> bool:
    """Whether a list that people write to passed it on; Substack's List-Post is a page, no mailbox."""
    if any("mailto:" in body.lower() for body in seen.all_of("list-post")):
        return True
    is_list = any(words.GROUP_SENDER.match(one.spec) for one in addresses(seen.first("sender")))
    if is_list or any(seen.first(name) for name in words.GROUP_FIELDS):
        return True
    return seen.first("precedence").lower() == "list" and not seen.first("list-unsubscribe-post")


def _offers_to_unsubscribe(seen: _Seen) -> bool:
    body = split_body(seen.text)
    return words.UNSUBSCRIBE.search("\n".join((body.own, body.signature, body.footer))) is not None


def _by_words(seen: _Seen) -> Automation | None:
    """What machines write that say nothing of themselves in fields."""
    if seen.submitted == "no":
        return None
    if _is_acknowledgement(seen):
        return _found(AutomationKind.TICKET, "a ticket's acknowledgement")
    if absent := announced_absence(seen.subject, seen.own):
        return _found(AutomationKind.OUT_OF_OFFICE, f"the words {absent[:60]!r}", by_words_alone=True)
    return None


def _is_acknowledgement(seen: _Seen) -> bool:
    """A help desk's "we have received your request", with a number or a help desk's name, and nobody's "I"."""
    opening = seen.text[:_OPENING_CHARS]
    number = words.TICKET_NUMBER.search(seen.subject) or (
        words.HELP_DESK.fullmatch(seen.local) and words.TICKET_NUMBER.search(opening)
    )
    if not (number or seen.has(words.HELP_DESK_FIELDS) or words.REPLY_ABOVE.search(opening)):
        return False
    if not words.TICKET_TALK.search(opening):
        return False
    own = _own_of_comment(seen)
    return (
        bool(words.TICKET_TALK.search(own))
        and not words.FIRST_PERSON.search(own)
        and not words.DECIDES.search(own)
    )


def _is_bounce(seen: _Seen) -> bool:
    return is_bounce(seen.subject, seen.text, has_author=seen.message.author is not None)


def _kind_by_words(seen: _Seen, default: AutomationKind) -> AutomationKind:
    """What a machine's mail is, by its subject and beginning."""
    opening = seen.text[:_OPENING_CHARS]
    if words.AUTO_REPLY_SUBJECT.match(seen.subject):
        return AutomationKind.OUT_OF_OFFICE
    if default is AutomationKind.BOUNCE and words.DELIVERED_SUBJECT.match(seen.subject):
        return AutomationKind.RECEIPT
    if _is_bounce(seen):
        return AutomationKind.BOUNCE
    if default is AutomationKind.BOUNCE:
        return default
    if words.RECEIPT_SUBJECT.match(seen.subject) and words.RECEIPT_TALK.match(opening):
        return AutomationKind.RECEIPT
    if reads_as_calendar(seen.subject, seen.text):
        return AutomationKind.CALENDAR
    if announced_absence(seen.subject, seen.own):
        return AutomationKind.OUT_OF_OFFICE
    if words.TICKET_NUMBER.search(seen.subject) or words.TICKET_TALK.search(seen.text[:_TALK_CHARS]):
        return AutomationKind.TICKET
    if default is AutomationKind.NOTICE and _offers_to_unsubscribe(seen):
        return AutomationKind.NEWSLETTER
    return default
