"""What a reply asks for and that changes nothing: why, more, snoozed, a client's page, its approvals."""

from __future__ import annotations

from dataclasses import replace

from parsers.choosing import MAX_ITEMS, OpenThread, items_for
from parsers.commands import Approvals, More, Page, Snoozed, Why
from parsers.digest import Item
from parsers.reasons import Reasons
from parsers.signals import Signal
from service.desk import Desk, Place, ended, moment
from service.details import details_of
from service.digest_rows import list_listed, record_items
from service.letters import Result
from service.message_rows import list_messages
from service.mornings import choice_at
from service.pages import page_at
from service.reading import reasons_in
from service.records import Record
from service.thread_rows import find_thread_of

_HIGHEST = 99  # as high as the numbers of a reply go


def why(desk: Desk, command: Why) -> list[Result]:
    """How items were understood, and from which words."""

    def explain(place: Place) -> Result:
        standing = desk.stands(place)
        text = f"{place.named}: {ended(standing.state.because or 'nothing to do that I can see')}"
        return Result(
            clause=command.clause, text=text, obeyed=True, asked=True, lines=tuple(_reasons(desk, place))
        )

    return [
        desk.no_item(command.clause, number) if (place := desk.find(number)) is None else explain(place)
        for number in command.numbers
    ]


def more(desk: Desk, command: More) -> list[Result]:
    """What the digest counted and did not show, numbered on."""
    choice = choice_at(desk.session, desk.office, desk.manager, day=desk.digest.day, now=desk.now)
    known = {thread for thread, _ in _known(desk)}
    waiting = [one for one in (*choice.numbered, *choice.rest) if one.thread not in known]
    first = max(desk.numbers, default=0) + 1
    shown = waiting[: min(MAX_ITEMS, _HIGHEST + 1 - first)]
    if not shown:
        text = (
            "There is nothing more: all that needs you has its number."
            if not waiting
            else "There are more, but this digest has no numbers left: they come with the next one."
        )
        return [Result(clause=command.clause, text=text, obeyed=True, asked=True)]
    rest = len(waiting) - len(shown)
    text = f"Here {'is' if len(shown) == 1 else 'are'} {len(shown)} more" + (
        f", and {rest} besides." if rest else "."
    )
    items = _numbered(desk, shown, first)
    return [Result(clause=command.clause, text=text, obeyed=True, asked=True, items=items)]


def snoozed(desk: Desk, command: Snoozed) -> list[Result]:
    """What is snoozed and until when, with numbers by which it can be woken."""
    choice = choice_at(desk.session, desk.office, desk.manager, day=desk.digest.day, now=desk.now)
    asleep = sorted(
        choice.snoozed, key=lambda one: ((one.snoozed and one.snoozed.until) or desk.now, one.thread)
    )
    if not asleep:
        return [Result(clause=command.clause, text="Nothing of yours is snoozed.", obeyed=True, asked=True)]
    numbers = dict(_known(desk))
    new = [one for one in asleep if one.thread not in numbers]
    first = max(desk.numbers, default=0) + 1
    room = max(0, _HIGHEST + 1 - first)
    found = {item.thread: item for item in _numbered(desk, new[:room], first, asleep=True)}
    old = [one for one in asleep if one.thread in numbers]
    details = details_of(desk.session, old, desk.manager, desk.now)
    for item in items_for(desk.manager, old, now=desk.now, details=details, first=1):
        found[item.thread] = replace(item, number=numbers[item.thread])
    items = tuple(found[one.thread] for one in asleep if one.thread in found)
    text = "1 item is snoozed." if len(asleep) == 1 else f"{len(asleep)} items are snoozed."
    return [Result(clause=command.clause, text=text, obeyed=True, asked=True, items=items)]


def page(desk: Desk, command: Page) -> list[Result]:
    """A client's live page."""
    client = desk.client(command.clause, command.name)
    if isinstance(client, Result):
        return [client]
    found = page_at(desk.session, desk.office, client, desk.now)
    text = f"{client.name}, as it stands on {moment(desk.now.astimezone(desk.manager.zone))}:"
    return [Result(clause=command.clause, text=text, obeyed=True, asked=True, page=found)]


def approvals(desk: Desk, command: Approvals) -> list[Result]:
    """A client's decisions."""
    client = desk.client(command.clause, command.name)
    if isinstance(client, Result):
        return [client]
    ledger = page_at(desk.session, desk.office, client, desk.now).ledger
    text = f"What {client.name} was asked to decide, and what they decided:"
    return [Result(clause=command.clause, text=text, obeyed=True, asked=True, ledger=ledger)]


def _known(desk: Desk) -> list[tuple[str, int]]:
    """Each thread that has a number in this digest, with it."""
    return [
        (thread.id, number)
        for number, listed in list_listed(desk.session, desk.digest.token).items()
        if (thread := find_thread_of(desk.session, listed.identity))
    ]


def _numbered(desk: Desk, threads: list[OpenThread], first: int, *, asleep: bool = False) -> tuple[Item, ...]:
    """These threads as items with new numbers of the digest."""
    details = details_of(desk.session, threads, desk.manager, desk.now)
    items = items_for(desk.manager, threads, now=desk.now, details=details, first=first)
    record_items(desk.session, desk.digest.token, items, desk.now, asleep=asleep)
    return items


def _reasons(desk: Desk, place: Place) -> list[str]:
    standing = desk.stands(place)
    match = place.thread.match
    lines = []
    if match and match.workspace:
        doubt = ", which nobody has confirmed" if match.provisional else ""
        lines.append(f"It is {match.workspace}'s because of this: {ended(match.because + doubt)}")
    elif match:
        lines.append(f"It could not be placed: {ended(match.because)}")
    records = list_messages(desk.session, place.thread.id)
    reasons = reasons_in(records, desk.office)
    for record in records:
        if record.identity == standing.state.message:
            lines += _heard(desk, record, reasons.get(record.identity, []))
    return lines


def _heard(desk: Desk, record: Record, reasons: list[Reasons]) -> list[str]:
    """What was found in the message that the item rests on, signal by signal."""
    who = record.author.shown if record.author else "Somebody"
    at = moment(record.sent_at.astimezone(desk.manager.zone))
    if not record.signals:
        return [f"{who} wrote on {at}, and nothing in it was found but that it expects an answer."]
    lines = [f"{who} wrote it on {at}. What was found in it:"]
    for signal, one in zip(record.signals, reasons, strict=False):
        lines.append(_found(signal, one))
    return lines


def _found(signal: Signal, reasons: Reasons) -> str:
    name = f"{signal.kind} {signal.status}" if signal.status else str(signal.kind)
    spoke = [f"for it: {', '.join(reasons.speak_for)}"] if reasons.speak_for else []
    spoke += [f"against it: {', '.join(reasons.against)}"] if reasons.against else []
    due = f", due {signal.due.isoformat()}" if signal.due else ""
    doubt = "" if signal.sure else ", unsure"
    return f"{name}{due}: “{signal.quote}” ({signal.confidence:.0%}{doubt}{'; ' if spoke else ''}{'; '.join(spoke)})."
