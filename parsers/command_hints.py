"""What an account manager is told, or asked, about a clause that is not understood."""

from __future__ import annotations

import re
from datetime import datetime

from parsers.command_names import NoName
from parsers.dates import NoTime, Unwoken

WHICH = "Name the items by their numbers, or all: “done 3”, “snooze 2 until Tuesday”."
EACH = "Name the items by their numbers, one by one: “2 is Globex”, “not 1, 3”, “give 2 to Sam”, “why 2”."
NUMBER = "Use the numbers of that digest, which begin at 1, as in 2, or 1, 3-5, or all."
TIME = "Until when? Write “snooze 2 until Tuesday”, “snooze 2 3d” or “snooze 2 tomorrow 2pm”."
ONE = "Write one command a line, or separate them by a semicolon."
NOT = "Leave out what should not happen; write only what should, one command a line."
NAME = "Write the client's name as your list of clients has it: “2 is Globex”, or “assign 2 to Globex”."
SURE = "Name one client, and only where you are sure: “2 is Globex”."
WHOSE_TIME = (
    "Write the client alone, and the time in a line of its own: “2 is Globex”, “snooze 2 until Friday”."
)
UNDO = "Write “undo” alone: it takes back all that your last reply changed."
REPLIED = "Was it answered by phone or chat? Write “replied 2” alone, with the item's number."
NOT_SO = "Was it read wrongly? Write “not 2” alone; whose it is, as “2 is Globex”."
WHY = "Write “why 2” alone: it answers with how item 2 was understood."
GIVE = "To whom? Write one name and no time: “give 2 to Sam”."
PAUSE = (
    "Until when shall your digest pause? Write “pause until 24 March”, or “pause until 24 March, Sam stands in”;"
    " for one item, “snooze 2 until 24 March”."
)
STAND_IN = "Who stands in? Write one name: “pause until 24 March, Sam stands in”."
RESUME = "Write “resume” alone to get your digest again; for one item, “wake 2”."
APPROVALS = "Of which client? Write “approvals Globex”."
PAGE = "Of which client? Write “workspace Globex”."
HANDOVER = "Which client goes to whom? Write “handover Globex to Sam”; for one item, “give 2 to Sam”."
TAKEN_BACK = "The words behind it seem to change it, so nothing was done. Write once more what should happen: “snooze 2 until Friday”."
HELD = (
    "Your reply says something else of one of these, so nothing was done with any of them."
    " Write only what should happen, with the numbers: “done 1, 3-5”."
)
WHOLE = "Each reply is read by itself. Write the whole order, with the item's number: “snooze 2 until Friday”, “done 2”."
EXCEPT = "Name those that are meant by their numbers, without the exception: “done 1, 3-5”."
AWAY = "Shall it go away? Write “done 2” to close it, “not 2” where it was read wrongly, or “snooze 2 until Tuesday”."
HELP = (
    "Write “snooze 2 until Tuesday”, “done 3”, “wake 2”, “replied 2”, “2 is Globex”, “give 2 to Sam”, “not 2”,"
    " “why 2”, “undo” or “help”."
)
NAMES = {
    NoName.NEGATED: NOT,
    NoName.UNSURE: SURE,
    NoName.SEVERAL: ONE,
    NoName.TIME: HELP,
    NoName.TIME_BEHIND: WHOSE_TIME,
    NoName.ORDINARY: NAME,
}

_EXAMPLE = re.compile(r"(“(?:snooze |done |wake |replied |assign |give |not |why )?)[23]\b(?![,-])")
_TIMES = {
    NoTime.SEVERAL: "Until which of them? Write one time: “until Friday”.",
    NoTime.HALF: "In the morning or in the afternoon? Write “Friday 3pm” or “Friday 15:00”.",
}


def fitted(hint: str, number: int) -> str:
    """A hint whose examples name this item: what is copied from it then means the item that was written of. Total."""
    return _EXAMPLE.sub(lambda one: f"{one[1]}{number}", hint)


def asked_whether(order: str) -> str:
    """What is asked of an order with a question mark behind it."""
    return f"Is that an order? Write it without the question mark: “{order.rstrip(' ?!.')}”."


def asked_snooze(which: str, time: str) -> str:
    """What is asked of an item's number with a time behind it, and no verb."""
    return f"Shall it be snoozed? Write “snooze {which} {time}”."


def asked_until(fault: Unwoken, now: datetime, *, otherwise: str) -> str:
    """What is asked where words say no time that can be meant; `otherwise` where nothing is known of what they say."""
    shown = re.sub(r"\b[a-z]", lambda first: first[0].upper(), fault.words)
    match fault:
        case Unwoken(why=NoTime.NO_DAY | NoTime.NO_HOUR):
            return f"There is no {shown}: until when?"
        case Unwoken(why=NoTime.NO_SUCH_SOON, at=at) if at:
            return f"The next {shown} is {at:%A} {at.day} {at:%B %Y}: until when?"
        case Unwoken(why=NoTime.OTHER_WEEKDAY, at=at) if at:
            return f"{at.day} {at:%B %Y} is a {at:%A}: until when?"
        case Unwoken(why=NoTime.SKIPPED, at=at) if at:
            return (
                f"There is no {at:%H:%M} on {at:%A} {at.day} {at:%B %Y}, the clock goes forward: until when?"
            )
        case Unwoken(why=NoTime.PAST, at=at) if at:
            hour = f", {at:%H:%M}," if at.date() == now.date() else ""
            return f"{at:%A} {at.day} {at:%B %Y}{hour} has passed: until when?"
        case Unwoken(why=NoTime.PAST):
            return "That has passed: until when?"
        case Unwoken(why=NoTime.FAR, at=at):
            when = f"{at:%A} {at.day} {at:%B %Y}" if at else "That"
            return f"{when} is more than 400 days away: until when?"
    return _TIMES.get(fault.why, otherwise)
