"""Replies that are not obeyed for whose they are or what they answer: why, who is told, and when it is too many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from parsers.anatomy import Anatomy
from parsers.authorship import came_by_list, doubt_of_author
from parsers.digest_days import AccountManager
from service.answered import Answered
from service.command_rows import list_refused
from service.desk import moment, on_day
from service.kept_rows import Kept
from service.letter_caps import NOTICE, REFUSED, count_today, is_room_for, put
from service.letters import notice_letter
from service.office import Office, Policy
from service.records import Record
from service.rests import FORGED, MOST_REFUSED, PAUSE, Refusal, paused_until

TOKEN_LIFE = timedelta(days=14)
MOST_TOLD = 3  # forgeries of a day, and one more where the pause begins


# RFC 3834 §2: what no person wrote to us gets no answer. That replies are not obeyed yet is said in each digest.
SILENT = frozenset({Refusal.MACHINE, Refusal.LIST, Refusal.OFF})

_REMEDIES = {
    Refusal.AUTHOR: "write it again as a plain mail of your own address, without another Reply-To or sender",
    Refusal.VERDICT: "send it again through your agency's own mail server; if that does not help, ask whoever looks"
    " after practiq to run “practiq check”",
    Refusal.PAUSED: "send it again then",
}
_REMEDY = "write it again in answer to your newest digest"
_TELL = "tell whoever looks after practiq"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """That a reply is not obeyed."""

    kind: Refusal
    because: str  # the end of a sentence


def refusal_of(
    session: Session,
    anatomy: Anatomy,
    record: Record,
    kept: Kept,
    answered: Answered,
    office: Office,
    now: datetime,
) -> Refused | None:
    """
    Why a reply is not obeyed; None where it is (promises.md, "Whose replies it obeys").

    Under `require` our own server must vouch for the author. Under `warn` it may say nothing of
    them, but what it says is not theirs is refused all the same. Under `off` it is not asked.
    """
    message, manager = anatomy.message, answered.manager
    if _is_machines(anatomy):
        return Refused(kind=Refusal.MACHINE, because="a machine wrote it")
    if came_by_list(message, inbox=office.agency.inbox):
        return Refused(kind=Refusal.LIST, because="it came by a mailing list")
    if doubt := doubt_of_author(message, manager.address, inbox=office.agency.inbox):
        return Refused(kind=Refusal.AUTHOR, because=doubt)
    if office.commands_off:
        return Refused(kind=Refusal.OFF, because="replies are not obeyed yet")
    if not _is_vouched_for(record.verified, office.policy):
        return Refused(kind=Refusal.VERDICT, because="our mail server does not vouch for its author")
    return _unanswering(answered, kept) or _resting(session, manager, now)


def _is_machines(anatomy: Anatomy) -> bool:
    """
    Whether a machine wrote a reply.

    "I'm away until the 24th, Sam covers" above the quoted digest is an account manager's wish: a responder
    that gives no sign of itself but such words quotes nothing.
    """
    by = anatomy.automation
    return by is not None and not (by.by_words_alone and anatomy.quotes)


def _is_vouched_for(verified: bool | None, policy: Policy) -> bool:
    match policy:
        case Policy.REQUIRE:
            return verified is True
        case Policy.WARN:
            return verified is not False
        case Policy.OFF:
            return True


def _unanswering(answered: Answered, kept: Kept) -> Refused | None:
    """What is wrong with the letters that a reply names."""
    if answered.strange and answered.digests:
        return Refused(kind=Refusal.TOKEN, because="it names a letter, too, that practiq never sent to you")
    if answered.strange:
        return Refused(kind=Refusal.UNKNOWN, because="it answers a letter that practiq never sent to you")
    if answered.digest is None:
        return Refused(
            kind=Refusal.SEVERAL, because="it answers several of your digests, whose numbers differ"
        )
    # When it came, not now: mail that is read again is what it was.
    if kept.kept_at - answered.digest.made_at > TOKEN_LIFE:
        return Refused(
            kind=Refusal.EXPIRED,
            because=f"a digest is obeyed for {TOKEN_LIFE.days} days, and this one is older",
        )
    return None


def _resting(session: Session, manager: AccountManager, now: datetime) -> Refused | None:
    until = paused_until(session, manager.address, now)
    if until is None:
        return None
    return Refused(
        kind=Refusal.PAUSED,
        because=f"{MOST_REFUSED} replies in your name were refused within an hour, so none is obeyed until"
        f" {moment(until.astimezone(manager.zone))}",
    )


def refused_words(session: Session, manager: AccountManager, times: int, now: datetime) -> str | None:
    """What a digest says of the replies in its reader's name that were refused since the last one, so many; None for none."""
    if not times:
        return None
    many = "One reply in your name was" if times == 1 else f"{times} replies in your name were"
    said = f"{many} refused since your last digest: nothing showed that you wrote {'it' if times == 1 else 'them'}."
    until = paused_until(session, manager.address, now)
    rest = f" None is obeyed until {moment(until.astimezone(manager.zone))}." if until else ""
    return f"{said}{rest} If that was not you, {_TELL}."


def tell_refused(
    session: Session,
    refused: Refused,
    *,
    record: Record,
    kept: Kept,
    answered: Answered,
    office: Office,
    token_of: Callable[[str], str],
    now: datetime,
) -> None:
    """
    Tell the account manager in whose name a reply came that it was not obeyed, at the configured address.

    Only where it bears a good token or our own server vouches for them: whoever knows no more than the
    inbox cannot make us write to anybody. None of the reply's words is repeated.
    """
    manager = answered.manager
    if refused.kind in SILENT or not (answered.digests or record.verified):
        return
    is_forged = refused.kind in FORGED
    begins = len(list_refused(session, manager.address, FORGED, since=now - PAUSE)) == MOST_REFUSED
    told = count_today(session, manager, REFUSED, now)
    if not is_room_for(session, manager, now) or (is_forged and told >= MOST_TOLD + begins):
        return
    # What its own author wrote is never one of those that forgers can use up.
    kind = REFUSED if is_forged else NOTICE
    key = f"{kind}{kept.sha256}"
    letter = notice_letter(
        subject="A reply in your name was not obeyed",
        paragraphs=_told(refused, answered, kept, paused_until(session, manager.address, now)),
        page=None,
        manager=manager,
        agency=office.agency,
        domain=office.letter_domain,
        token=token_of(key),
        sent_at=now.astimezone(manager.zone),
    )
    put(session, kind, key, letter, now)


def _told(refused: Refused, answered: Answered, kept: Kept, until: datetime | None) -> list[str]:
    """What came, when, why it was refused, and what to do."""
    zone = answered.manager.zone
    days = " and ".join(on_day(one.day) for one in answered.digests)
    of = f"your digest of {days}" if days else "a letter of practiq's"
    at = moment(kept.kept_at.astimezone(zone))
    said = [
        f"A mail came in your name on {at}. It answers {of}. Nothing was done with it: {refused.because}.",
        f"If you wrote it, {_REMEDIES.get(refused.kind, _REMEDY)}.",
    ]
    if refused.kind in FORGED:
        said.append(f"If you did not write it, somebody else has that digest. Nothing has changed; {_TELL}.")
        if until:
            said.append(
                f"It was one of many, so no reply of yours is obeyed until {moment(until.astimezone(zone))}."
            )
    return said
