"""What one clause of a reply does, and in which words it is acknowledged."""

from __future__ import annotations

from parsers.command_hints import fitted
from parsers.command_words import item_meant
from parsers.commands import (
    Approvals,
    Assign,
    Command,
    Done,
    Give,
    Handover,
    Help,
    More,
    NotSo,
    NotUnderstood,
    Page,
    Pause,
    Replied,
    Resume,
    Snooze,
    Snoozed,
    Undo,
    Wake,
    Why,
)
from parsers.digest_days import AccountManager
from service.assigning import assign, undo
from service.desk import Desk, Notice, Place, moment
from service.desk_answers import approvals, more, page, snoozed, why
from service.desk_cover import give, handover, pause, resume
from service.desk_marks import done, not_so, replied, snooze, wake
from service.letters import Result
from service.moves import assigned_words, listed, no_client, undone_words
from service.thread_rows import find_thread_of


def carry_out(desk: Desk, command: Command | NotUnderstood) -> list[Result]:
    """What one clause does, in words; a result for each item that it names."""
    if command.clause in desk.unclear:
        said = " and ".join(f"“{one}”" for one in desk.unclear)
        text = f"You wrote {said}. Nothing was done with that. Which one do you mean?"
        return [Result(clause=command.clause, text=text, obeyed=False)]
    match command:
        case NotUnderstood():
            number = item_meant(command.clause)
            text = fitted(command.hint, number) if number else command.hint
            return [Result(clause=command.clause, text=text, obeyed=False)]
        case Help():
            return [
                Result(
                    clause=command.clause, text="What you can write is listed below.", obeyed=True, asked=True
                )
            ]
        case Snooze():
            return snooze(desk, command)
        case Done():
            return done(desk, command)
        case Wake():
            return wake(desk, command)
        case Replied():
            return replied(desk, command)
        case NotSo():
            return not_so(desk, command)
        case Assign():
            return _assign(desk, command)
        case Give():
            return give(desk, command)
        case Handover():
            return handover(desk, command)
        case Pause():
            return pause(desk, command)
        case Resume():
            return resume(desk, command)
        case Why():
            return why(desk, command)
        case More():
            return more(desk, command)
        case Snoozed():
            return snoozed(desk, command)
        case Page():
            return page(desk, command)
        case Approvals():
            return approvals(desk, command)
        case Undo():
            return [_undo(desk, command)]


def _assign(desk: Desk, command: Assign) -> list[Result]:
    clause, office = command.clause, desk.office
    # The grammar takes a possessive off: "2 is globex's". Some clients are called so: Wendy's.
    meant = office.workspaces.meant_by(command.name) or office.workspaces.meant_by(f"{command.name}'s")
    if len(meant) != 1:
        text = " ".join(no_client(command.name, [one.name for one in meant], office))
        colleagues = [] if meant else office.managers_called(command.name)
        if len(colleagues) == 1:
            of = ", ".join(map(str, command.numbers))
            text = f"{colleagues[0].name} is an account manager, not a client. To hand it over, write “give {of} to {colleagues[0].name}”."
        return [Result(clause=clause, text=text, obeyed=False)]
    client = meant[0]
    owner = office.manager_of(client.name)
    moved: dict[AccountManager, list[str]] = {}  # whom it concerns besides: who has it now, who had it

    def put(place: Place) -> Result:
        before = desk.stands(place)
        losing = office.manager_of(place.thread.workspace)
        done = assign(desk.session, place.thread, client, order=desk.order, office=desk.office)
        if now := find_thread_of(desk.session, place.listed.identity):
            after = desk.stands(Place(number=place.number, listed=place.listed, thread=now))
            desk.note_change(before, after)
            if after.managers == (owner,):  # not where it was given to somebody
                for one in {owner, losing} - {desk.manager}:
                    if one:
                        moved.setdefault(one, []).append(place.thread.subject)
        words = assigned_words(done, place.thread)
        text = f"{place.number} (“{place.thread.subject}”) is {client.name}'s now. {words}"
        return Result(clause=clause, text=text.strip(), obeyed=True)

    results = desk.each(clause, command.numbers, put)
    for to, subjects in moved.items():
        whose = "yours" if to == owner else f"{owner.name}'s" if owner else "nobody's"
        said = f"{desk.manager.name} says that {listed([f'“{one}”' for one in subjects])} is {client.name}'s, so it is {whose} now."
        subject = f"{desk.manager.name} filed mail with {client.name}"
        desk.notices.append(Notice(to=to, subject=subject, paragraphs=(said,)))
    return results


def _undo(desk: Desk, command: Undo) -> Result:
    if desk.has_ordered:
        text = "Undo takes back an earlier reply; write it in a reply of its own."
        return Result(clause=command.clause, text=text, obeyed=False)
    done = undo(desk.session, desk.manager.address, office=desk.configured, now=desk.sent_at)
    if done is None:
        text = "There is nothing of yours to take back."
        return Result(clause=command.clause, text=text, obeyed=False)
    threads = {
        thread.id: f"{thread.workspace}: {thread.subject}" if thread.workspace else thread.subject
        for one in done.marked
        if (thread := find_thread_of(desk.session, one))
    }
    at = moment(done.made_at.astimezone(desk.manager.zone))
    text = f"What you ordered on {at} is taken back. {undone_words(done, sorted(threads.values()))}"
    return Result(clause=command.clause, text=text.strip(), obeyed=True)
