"""Whom a mail of ours did not reach, by the notice of a mail server."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from parsers.address import Address, addresses
from parsers.message import Message
from parsers.workspaces import Agency, Side, side_of

BOUNCED = "bounced: "  # how the warning begins
_TALK_CHARS = 6_000  # of a notice's text
_MAX_RECIPIENTS = 20  # of a report
_SHOWN = 3  # of them in a warning
_MAX_ADDRESS_CHARS = 120

_GROUP = re.compile(r"\n[ \t]*\n")
_FOLD = re.compile(r"\n[ \t]{1,8}")
_FIELD = re.compile(r"^([A-Za-z-]{3,40})[ \t]{0,8}:[ \t]{0,8}([^\n]{0,500})", re.M)
_ADDRESS = re.compile(r"(?<![\w.+@-])[\w.+'=&/-]{1,64}@(?:[\w-]{1,63}\.){1,6}[a-z]{2,24}(?![\w@])", re.I)
_SERVER = re.compile(
    r"(?:mailer-?daemon|mail-?daemon|postmaster|bounces?|mailer|no-?reply)(?:[+=-].{0,60})?@", re.I
)
_LATER = re.compile(
    r"\bdelay(?:ed|s)?\b|delivery (?:is |status notification \()(?:delay|incomplete)|delivery incomplete|warning(?::|--) ?could not send"
    r"|this is a warning message only|do(?: not|n['’]t) need to (?:resend|do anything)|has not (?:yet )?been (?:delivered|collected)|not yet been delivered"
    r"|will (?:retry|be retried|keep (?:on )?trying|continue (?:to try|trying))|delivery attempts will continue|still (?:being retried|trying|in the queue)|temporary problem|no action is required"
    r"|verzögert|weitere (?:zustell)?versuche|wird weiter(?:hin)? versucht|retardée?|différée?|nouvelles? tentatives?|se ha retrasado|retraso|se seguirá intentando|ritard(?:o|ata)|vertraagd|försenad|försinket|forsinket|opóźnion|задерж",
    re.I,
)
_NEVER = re.compile(
    r"permanent|fatal errors|given up|giv(?:e|ing) up|not going to try again|\b5\.\d{1,2}\.\d{1,2}\b|\b55\d[ -]|too long|retry time(?:out)? (?:not reached|exceeded)|(?:could|can)(?: not|n['’]t) be delivered|wasn['’]t delivered|has failed|undeliverable"
    r"|expired|undelivered mail returned|returned to sender|unzustellbar|nicht zugestellt werden|échec|non remis|no se (?:pudo|ha podido) entregar",
    re.I,
)


def bounce_warning(message: Message, agency: Agency) -> str | None:
    """
    What to tell a person of a bounce: whom a mail did not reach; None where delivery is only late.

    The report for machines decides (RFC 3464), else the field that Exim and Gmail set, else the
    notice's words: there an address of the mail that is sent back comes first. For a message that
    is a bounce (automation.py). Total, and linear in what it reads.

    Source: RFC 3464 §2.3; §2.3.3: an action other than "failed" is no failure.
    """
    told = [recipient for report in message.reports for recipient in _recipients(report)]
    if told:
        failed = [address for address, has_failed in told if has_failed]
        return _warning(failed, agency) if failed else None
    named = addresses(message.field("x-failed-recipients") or "")
    if not named and _is_late(message):
        return None
    return _warning(named or _from_words(message, agency), agency)


def _recipients(report: str) -> Iterator[tuple[Address | None, bool]]:
    """Each recipient of a report, and whether the mail will never reach it."""
    groups = _GROUP.split(_FOLD.sub(" ", report.strip()), maxsplit=_MAX_RECIPIENTS)
    for group in groups:
        fields = {name.lower(): body.strip() for name, body in _FIELD.findall(group)}
        if not fields.keys() & {"final-recipient", "original-recipient", "action", "status"}:
            continue  # the report's own fields, which come first
        action = fields.get("action", "").partition(" ")[0].lower()
        has_failed = action == "failed" if action else fields.get("status", "5").startswith("5")
        written = (
            fields.get(one, "").rpartition(";")[2] for one in ("original-recipient", "final-recipient")
        )
        yield next((one for field in written for one in addresses(field)), None), has_failed


def _is_late(message: Message) -> bool:
    """Whether a notice's words say that delivery goes on."""
    if _LATER.search(message.subject[:300]):
        return True
    talk = message.text[:_TALK_CHARS]
    return _LATER.search(talk) is not None and not _NEVER.search(f"{message.subject[:300]}\n{talk}")


def _from_words(message: Message, agency: Agency) -> tuple[Address, ...]:
    """The address that the words of a notice most likely mean; none where they name none of a stranger."""
    written = (found[0].strip(".'") for found in _ADDRESS.finditer(message.text[:_TALK_CHARS]))
    authors = {one.spec for one in message.authors}
    found = [
        one
        for spec in written
        for one in addresses(spec)
        if side_of(one, agency) is Side.CLIENT and one.spec not in authors and not _SERVER.match(one.spec)
    ]
    sent_to = {one.spec for mail in message.attached for one in (*mail.to, *mail.cc)}
    likely = [one for one in found if one.spec in sent_to]
    return tuple((likely or found)[:1])


def _warning(failed: Iterable[Address | None], agency: Agency) -> str:
    known = {one.spec: one for one in failed if one}
    if not known:
        return f"{BOUNCED}a mail of yours was not delivered"
    names = [spec[:_MAX_ADDRESS_CHARS] for spec in known][:_SHOWN]
    more = len(known) - len(names)
    listed = ", ".join(names) + (f" and {more} more" if more else "")
    is_ours = all(side_of(one, agency) is Side.AGENCY for one in known.values())
    return f"{BOUNCED}{'a' if is_ours else 'your'} mail to {listed} was not delivered"
