"""Who looks after what: an item given, a client handed over, an account manager away."""

from __future__ import annotations

from datetime import datetime

from parsers.commands import Give, Handover, Pause, Resume
from parsers.digest_days import AccountManager
from parsers.marks import MarkKind
from service.cover_rows import record_handover, record_pause
from service.desk import Desk, Notice, Place, ended, moment, on_day
from service.letters import Result
from service.moves import listed
from service.pages import page_at


def give(desk: Desk, command: Give) -> list[Result]:
    """Hand items to another account manager, who is told."""
    clause = command.clause
    found = _colleague(desk, clause, command.name)
    if isinstance(found, Result):
        return [_or_client(desk, command) or found]
    given: list[str] = []

    def hand(place: Place) -> Result:
        before = desk.stands(place)
        if not desk.may_order(before):
            whose = " and ".join(one.name for one in before.managers)
            return Result(
                clause=clause, text=f"{place.named} is {whose}'s now; it stays there.", obeyed=False
            )
        after = desk.mark(place, before, MarkKind.GIVE, to=found.address)
        client = f"{place.thread.workspace}: " if place.thread.workspace else ""
        why = f". {after.state.because}" if after.state.because else ""
        given.append(ended(f"{client}{place.thread.subject}{why}"))
        return Result(clause=clause, text=f"{place.named} is {found.name}'s now, who is told.", obeyed=True)

    results = desk.each(clause, command.numbers, hand)
    if given and found != desk.manager:
        subject = f"{desk.manager.name} gave you {_count(len(given), 'item')}"
        rest = "You find it in your next digest." if len(given) == 1 else "You find them in your next digest."
        desk.notices.append(Notice(to=found, subject=subject, paragraphs=(f"{subject}:", *given, rest)))
    return results


def handover(desk: Desk, command: Handover) -> list[Result]:
    """Hand a client over to another account manager; both get its page."""
    clause, office = command.clause, desk.office
    client = desk.client(clause, command.name)
    if isinstance(client, Result):
        return [client]
    owner = office.manager_of(client.name)
    if owner != desk.manager and not desk.manager.lead and owner is not None:
        text = f"{client.name} is {owner.name}'s; only {owner.name} or a lead can hand it over."
        return [Result(clause=clause, text=text, obeyed=False)]
    found = _colleague(desk, clause, command.to)
    if isinstance(found, Result):
        return [found]
    if found == owner:
        return [Result(clause=clause, text=f"{client.name} is {found.name}'s already.", obeyed=False)]
    record_handover(desk.session, desk.order, client.name, found.address, instead_of=client.account_manager)
    desk.session.flush()
    desk.before.append({"workspace": client.name, "account_manager": owner.address if owner else None})
    desk.after.append({"workspace": client.name, "account_manager": found.address})
    page = page_at(desk.session, desk.office, client, desk.now)
    subject = f"{client.name} is yours now"
    told = (
        f"{desk.manager.name} handed {client.name} over to you."
        " From your next digest on its items are yours. This is how it stands:"
    )
    if found != desk.manager:
        desk.notices.append(Notice(to=found, subject=subject, paragraphs=(told,), page=page))
    if owner and owner not in (desk.manager, found):
        left = f"{desk.manager.name} handed {client.name} over to {found.name}. This is how it stood:"
        subject = f"{client.name} is {found.name}'s now"
        desk.notices.append(Notice(to=owner, subject=subject, paragraphs=(left,), page=page))
    text = f"{client.name} is {found.name}'s now, and so are its items from the next digest on. This is how it stands:"
    return [Result(clause=clause, text=text, obeyed=True, page=page)]


def pause(desk: Desk, command: Pause) -> list[Result]:
    """Let an account manager be away, with or without somebody who stands in."""
    clause, stand_in = command.clause, None
    if command.stand_in is not None:
        found = _colleague(desk, clause, command.stand_in)
        if isinstance(found, Result):
            return [found]
        if found == desk.manager:
            text = "You cannot stand in for yourself. Who does? Leave the name out if nobody does."
            return [Result(clause=clause, text=text, obeyed=False)]
        if desk.office.pause_of(found, desk.now):
            text = f"{found.name} is away, too. Who else stands in? Leave the name out if nobody does."
            return [Result(clause=clause, text=text, obeyed=False)]
        stand_in = found
    _record_pause(desk, command.until, stand_in)
    rest = (
        f"{stand_in.name} stands in until then, gets your items in their digest, and is told."
        if stand_in
        else "Nobody stands in: your items wait until you are back."
    )
    if stand_in:
        subject = f"You stand in for {desk.manager.name}"
        told = (
            f"{desk.manager.name} is away until {moment(command.until.astimezone(stand_in.zone))}, and asked that you"
            " stand in. Until then their items come with your digest, each marked as theirs."
        )
        desk.notices.append(Notice(to=stand_in, subject=subject, paragraphs=(told,)))
    comes = desk.next_digest(command.until)
    first = f"; the next one comes on {on_day(comes)}" if comes else ""
    text = f"Your digests pause until {moment(command.until)}{first}. {rest} “resume” ends it earlier."
    return [Result(clause=clause, text=text, obeyed=True)]


def resume(desk: Desk, command: Resume) -> list[Result]:
    """End an account manager's absence."""
    away = desk.office.pause_of(desk.manager, desk.now)
    if away is None:
        text = "Your digests are not paused, so there was nothing to do."
        return [Result(clause=command.clause, text=text, obeyed=False)]
    _record_pause(desk, desk.sent_at, None)
    back = desk.office.find_manager(away.stand_in) if away.stand_in else None
    rest = f" {back.name} does not stand in any more." if back else ""
    text = f"Welcome back: your digests go on.{rest}"
    return [Result(clause=command.clause, text=text, obeyed=True)]


def _record_pause(desk: Desk, until: datetime, stand_in: AccountManager | None) -> None:
    before = desk.office.pause_of(desk.manager, desk.now)
    record_pause(
        desk.session, desk.order, desk.manager.address, until, stand_in.address if stand_in else None
    )
    desk.session.flush()
    desk.before.append({"paused_until": before.until.isoformat() if before else None})
    desk.after.append({"paused_until": until.isoformat(), "stand_in": stand_in.address if stand_in else None})


def _colleague(desk: Desk, clause: str, name: str) -> AccountManager | Result:
    """The account manager whom a name means; else what to write."""
    found = desk.office.managers_called(name)
    if len(found) == 1:
        return found[0]
    if found:
        text = f"“{name}” may be {listed([one.name for one in found], 'or')}. Write the whole name."
    else:
        text = f"No account manager is called “{name}”. There are {listed([one.name for one in desk.office.managers])}."
    return Result(clause=clause, text=text, obeyed=False)


def _or_client(desk: Desk, command: Give) -> Result | None:
    """What to write where a client stands in place of a colleague; None where none does."""
    meant = desk.office.workspaces.meant_by(command.name)
    if len(meant) != 1 or desk.office.managers_called(command.name):
        return None
    of = ", ".join(map(str, command.numbers))
    is_theirs = f"{of} {'is' if len(command.numbers) == 1 else 'are'} {meant[0].name}"
    text = f"{meant[0].name} is a client, not an account manager. To file it there, write “{is_theirs}”."
    return Result(clause=command.clause, text=text, obeyed=False)


def _count(number: int, word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}" if number == 1 else f"{number} {word}s"
