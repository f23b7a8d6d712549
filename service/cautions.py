"""What a person should beware of: warnings on a message."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from parsers.address import addresses
from parsers.anatomy import Anatomy
from parsers.automation import AutomationKind
from parsers.domains import registrable
from parsers.matching import warnings_for
from parsers.message import Message
from parsers.signals import Signal, Status
from parsers.undelivered import BOUNCED, bounce_warning
from parsers.workspaces import Side, side_of
from service.neighbour_rows import find_records
from service.office import Office
from service.records import ELSEWHERE, Record


def warnings_on(session: Session, record: Record, here: Collection[str], office: Office) -> tuple[str, ...]:
    """What a person should beware of: a bounce, a look-alike domain, an answer that is another client's."""
    kept_apart = [record.link.apart_from, record.link.to if record.link.to not in here else None]
    return (
        *(one for one in record.warnings if one.startswith((BOUNCED, ELSEWHERE))),  # found when it was read
        *warnings_for(record.authors, office.workspaces),
        *(
            f"kept apart: it answers “{one.subject}”, which is another client's"
            for one in find_records(session, [one for one in kept_apart if one])
        ),
    )


def bounced(anatomy: Anatomy, office: Office) -> tuple[str, ...]:
    """The warning that a mail of ours was not delivered, where this is a bounce that says so."""
    automation = anatomy.automation
    if automation is None or automation.kind is not AutomationKind.BOUNCE:
        return ()
    warning = bounce_warning(anatomy.message, office.agency)
    return (warning,) if warning else ()


def elsewhere(anatomy: Anatomy, office: Office) -> tuple[str, ...]:
    """The warning that an answer to a person outside would go to somebody whom nobody here knows."""
    message = anatomy.message
    if anatomy.automation or not message.author or is_ours(message, office):
        return ()
    known = {registrable(one.domain) for one in message.people} | set(office.agency.domains)
    named = addresses(message.field("reply-to") or "")
    strange = [one.spec for one in named if registrable(one.domain) not in known]
    return (f"{ELSEWHERE}an answer would go to {strange[0]}",) if strange else ()


def unverified(record: Record, signals: Sequence[Signal]) -> tuple[str, ...]:
    """The warning that a yes does not count, since it may be somebody else's."""
    is_yes = any(one.status in (Status.GRANTED, Status.CONDITIONAL) for one in signals)
    if not (record.is_doubted and is_yes):
        return ()
    because = (
        "our own mail server does not vouch for its author"
        if record.verified is False
        else "answers go elsewhere"
    )
    return (f"unverified approval, which does not count: {because}",)


def is_ours(message: Message, office: Office) -> bool:
    """Whether one of the agency wrote a message."""
    author = message.author
    return author is not None and side_of(author, office.agency) is Side.AGENCY
