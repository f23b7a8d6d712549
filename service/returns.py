"""Letters of ours that a mail server gives back."""

from __future__ import annotations

import re

from sqlalchemy.orm import Session

from parsers.anatomy import Anatomy
from parsers.automation import AutomationKind
from parsers.undelivered import bounce_warning
from service.kept_rows import Kept
from service.letter_rows import note_returned
from service.office import Office

_TALK_CHARS = 20_000  # of a notice's text, and of a report
_OURS = re.compile(r"<((?:digest|ack|notice)\.[0-9a-z.-]{1,120}@[0-9a-z.-]{1,253})>", re.I)


def note_return(session: Session, anatomy: Anatomy, kept: Kept, office: Office) -> bool:
    """
    Whether a message says that letters of ours did not arrive; it is noted with them.

    A bounce names the mail that it is about: it carries it, answers it, or has its Message-ID in the
    words. Ours hold a keyed token, so that nobody else can name them.
    """
    message, automation = anatomy.message, anatomy.automation
    if automation is None or automation.kind is not AutomationKind.BOUNCE:
        return False
    if bounce_warning(message, office.agency) is None:
        return False  # it is only late
    words = [part[:_TALK_CHARS] for part in (message.text, *message.reports)]
    named = [
        *(one.message_id for one in message.attached),
        *message.in_reply_to,
        *message.references,
        *(one.lower() for part in words for one in _OURS.findall(part)),
    ]
    return note_returned(session, [f"<{one}>" for one in named], kept.kept_at)
