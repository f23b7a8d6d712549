"""Snooze, done, wake, replied, not: what a reply says of items, done and in words."""

from __future__ import annotations

from datetime import datetime

from parsers.commands import Done, NotSo, Replied, Snooze, Wake
from parsers.marks import MarkKind
from parsers.state import Action
from service.desk import Desk, Place, moment, on_day
from service.letters import Result


def snooze(desk: Desk, command: Snooze) -> list[Result]:
    """Hide items until a time, or until the client changes what has to be done."""
    comes = desk.next_digest(command.until)
    with_it = f" (it comes with your digest of {on_day(comes)})" if comes else ""
    said = (
        f"is snoozed until {moment(command.until)}{with_it}, or until the client changes what has to be done"
    )
    return _marked(desk, command, MarkKind.SNOOZE, said, until=command.until)


def done(desk: Desk, command: Done) -> list[Result]:
    """Close items until the client asks for something new."""
    return _marked(desk, command, MarkKind.DONE, "is closed until the client asks for something new")


def wake(desk: Desk, command: Wake) -> list[Result]:
    """Have items in the next digest again."""
    return _marked(desk, command, MarkKind.WAKE, "is back in your digest")


def replied(desk: Desk, command: Replied) -> list[Result]:
    """Take items for answered by phone or chat."""
    said = f"counts as answered on {on_day(desk.sent_at)}; the clock starts again"
    return _marked(desk, command, MarkKind.REPLIED, said)


def not_so(desk: Desk, command: NotSo) -> list[Result]:
    """Put items away that were read wrongly."""
    said = "is put away as read wrongly, and kept for review; it comes back when the client asks for something new"
    return _marked(desk, command, MarkKind.NOT, said)


def _marked(
    desk: Desk,
    command: Snooze | Done | Wake | Replied | NotSo,
    kind: MarkKind,
    said: str,
    until: datetime | None = None,
) -> list[Result]:
    clause = command.clause

    def mark(place: Place) -> Result:
        before = desk.stands(place)
        if not desk.may_order(before):
            whose = " and ".join(one.name for one in before.managers)
            text = f"{place.named} is {whose}'s now, so nothing was done with it."
            return Result(clause=clause, text=text, obeyed=False)
        if kind is not MarkKind.WAKE and (question := desk.changed(clause, place, before)):
            return question
        after = desk.mark(place, before, kind, until=until)
        sleeps = kind is MarkKind.WAKE and after.state.action is Action.NONE
        rest = "is awake, and needs nothing now" if sleeps else said
        return Result(clause=clause, text=f"{place.named} {rest}.", obeyed=True)

    numbers = desk.numbers if command.numbers is None else command.numbers
    if command.numbers is None and not numbers:
        return [Result(clause=clause, text="That digest has no items.", obeyed=False)]
    return desk.each(clause, numbers, mark)
