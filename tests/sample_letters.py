"""Letters for the tests of how they look: every section full, and what people and programs do to names and words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from parsers.brief_needs import BriefNeed
from parsers.digest import (
    Back,
    Came,
    Coverage,
    Digest,
    Drift,
    Item,
    Oldest,
    QuietClient,
    Team,
    TeamLine,
    Unarrived,
    Waiting,
    Warned,
)
from parsers.digest_days import AccountManager
from parsers.message import Message, parse_message
from parsers.state import Action
from parsers.workspaces import Agency
from service.letters import Result, ack_letter, digest_letter, notice_letter
from service.store import Letter
from tests.agency import INBOX, MAYA

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 12, 8, tzinfo=ZONE)  # a Thursday
TODAY = NOW.date()
TOKEN = "0123456789abcdef"
AGENCY = Agency(name="Northlight", domains=("northlight.example",), inbox=INBOX)
MANAGER = AccountManager(
    name="Maya Chen", address=MAYA, zone=ZONE, digest_at=time(8), days=frozenset(range(5))
)
COVERAGE = Coverage(read=38, unplaced=1, quarantined=2, polled_at=NOW - timedelta(minutes=2))
QUIET = Digest(
    manager=MANAGER,
    day=TODAY,
    items=(),
    back=(),
    promised=(),
    chasing=(),
    still_open=(),
    unplaced=(),
    still_more=0,
    more=0,
    waiting=(),
    waiting_on_clients=0,
    snoozed=0,
    snoozed_pressing=(),
    warnings=(),
    quiet=(),
    drift=(),
    team=None,
    coverage=COVERAGE,
)
ITEM = Item(
    number=1,
    thread="t",
    message="m",
    about="m",
    workspace="Acme Corp",
    subject="Spring layouts",
    action=Action.PROCEED,
    who="Dana Ruiz",
    quote="Approved, please go ahead.",
    because="",
    guess=None,
    since=NOW - timedelta(days=1),
    age_days=1,
    due=None,
    unsure=False,
    from_whom=None,
    condition=None,
    brief=None,
    back=None,
    missing=0,
)
BRIEF = BriefNeed(
    said=(
        ("Deliverables", "a window poster, a recipe card and three Instagram posts"),
        ("Deadline", "Tue 1 Dec"),
    ),
    missing=("objective", "audience", "budget"),
    questions=("What should it achieve?", "Who is it for?", "What is the budget?"),
)
CAME = Came(who="Dana Ruiz", at=NOW - timedelta(days=1), quote="Any news on the storyboard?")
BACK = Back(
    by="you", away_on=date(2026, 11, 9), until=datetime(2026, 11, 12, 8, tzinfo=ZONE), asleep=False, came=()
)
LATER = replace(BACK, until=datetime(2026, 11, 17, 8, tzinfo=ZONE), asleep=True)
WARNED = Warned(
    subject="New bank details",
    who="Dana Ruiz",
    words="look-alike domain: acrne.example resembles acme.example",
    at=NOW - timedelta(days=1),
)
REPLY = parse_message(
    b"Message-ID: <Reply.1@northlight.example>\r\nSubject: Re: Thu 12 Nov\r\n\r\ndone 9\r\n"
)
SNOOZED = Result(clause="snooze 2 until Tuesday", text="2 (Acme Corp) is snoozed until Tuesday.", obeyed=True)
REFUSED = Result(clause="done 9", text="There is no item 9.", obeyed=False)


def numbered(digest: Digest) -> Digest:
    """The same digest with the numbers of its items in the order in which they stand."""
    count = iter(range(1, 1000))

    def section(items: Sequence[Item]) -> tuple[Item, ...]:
        return tuple(replace(one, number=next(count)) for one in items)

    names = ("items", "back", "promised", "chasing", "still_open", "unplaced")
    sections = {name: section(getattr(digest, name)) for name in names}
    return replace(digest, **sections)


def full_digest(*, name: str = "Acme Corp", who: str = "Dana Ruiz", words: str = "") -> Digest:
    """A digest with something in every section, and every detail of an item; `words` in place of all that was written."""
    item = replace(ITEM, workspace=name, subject=words or ITEM.subject, who=who, quote=words or ITEM.quote)
    said = words or "legal signs off"
    brief = replace(BRIEF, said=(*BRIEF.said, ("Objective", said))) if words else BRIEF
    came = replace(CAME, who=who, quote=words or CAME.quote)
    by, back = replace(BACK, by=who, came=(came,)), replace(BACK, came=(came,))
    return numbered(replace(
        QUIET,
        items=(
            replace(item, action=Action.ESCALATE, quote=words or "This is the third time that the proof is late.", age_days=2),
            replace(item, action=Action.STOP, due=date(2026, 12, 1), back=back, missing=1),
            replace(item, action=Action.PROCEED, condition=said, from_whom=f"from {who}"),
            replace(item, action=Action.START, brief=brief, due=date(2026, 12, 1)),
            replace(item, action=Action.RESPOND, unsure=True, from_whom=f"for {who}", missing=2, guess=f"domain {said} reads like it"),
        ),
        back=(replace(item, action=Action.REVISE, back=by), replace(item, action=Action.RESPOND, back=BACK)),
        promised=(replace(item, action=Action.DELIVER, due=date(2026, 11, 11)),),
        chasing=(replace(item, action=Action.CHASE, age_days=4),),
        still_open=(replace(item, action=Action.RESPOND, age_days=9), replace(item, action=Action.PROCEED, from_whom=f"from {who}")),
        still_more=2,
        more=5,
        unplaced=(replace(item, workspace=None, guess=f"Acme Corp or {name}: both are named in it"),),
        waiting=(
            Waiting(workspace=name, subject=words or "Autumn plan", since=NOW - timedelta(days=2), age_days=2),
            Waiting(workspace="Initech", subject="Media plan", since=NOW, age_days=0),
        ),
        waiting_on_clients=9,
        snoozed=3,
        snoozed_pressing=(name,),
        warnings=(WARNED, replace(WARNED, who=who, subject=said, words="bounced: your mail to dana@acme.example was not delivered")),
        unarrived=(
            Unarrived(to=who, what="digest", on=date(2026, 11, 11), perhaps=False, said=f"550 5.1.1 {words or 'No such user'}"),
            Unarrived(to=None, what="answer", on=date(2026, 11, 10), perhaps=True, said="Connection lost"),
        ),
        quiet=tuple(QuietClient(workspace=one, last_on=date(2026, 10, 9), days=34) for one in (name, *"ABCDEFGHI")),
        drift=tuple(Drift(workspace=one, times=times) for one, times in ((name, 4), ("Globex", 3))),
        team=Team(
            lines=tuple(
                TeamLine(manager=manager, workspace=one, needs=needs, waiting=2)
                for manager in (who, "Sam Ode")
                for one, needs in ((name, 12), ("Globex", 3))
            ),
            oldest=tuple(
                Oldest(action=action, manager=who, workspace=name, subject=said, quote=words or "We are not happy.",
                       since=NOW - timedelta(days=10), age_days=8)
                for action in (Action.ESCALATE, Action.STOP)
            ),
        ),
    ))  # fmt: skip


def crowded_digest(word: str) -> Digest:
    """As much as a digest can hold: 36 items with all that may be said of one, and a team of 80 clients."""
    brief = BriefNeed(
        said=tuple((f"Field {n}", word * 40) for n in range(7)),
        missing=tuple(f"field {n}" for n in range(8)),
        questions=tuple(f"What would you like to tell us about the number {n} of it?" for n in range(8)),
    )
    item = replace(
        ITEM,
        workspace=word * 40,
        subject=word * 40,
        who=word * 40,
        quote=word * 60,
        action=Action.START,
        due=TODAY,
        brief=brief,
        condition=word * 60,
        back=replace(
            LATER, by=word * 40, asleep=False, came=(replace(CAME, who=word * 40, quote=word * 60),) * 3
        ),
        missing=3,
        guess=word * 40,
        from_whom=word * 40,
        unsure=True,
    )
    full = full_digest(name=word * 40, who=word * 40, words=word * 60)
    lines = tuple(
        TeamLine(manager=f"Manager {n // 8}", workspace=f"{n} {word * 40}", needs=n, waiting=1)
        for n in range(80)
    )
    return numbered(
        replace(
            full,
            items=(item,) * 12,
            back=(),
            promised=(),
            chasing=(),
            still_open=(item,) * 12,
            unplaced=(replace(item, workspace=None),) * 12,
            warnings=full.warnings * 40,
            unarrived=full.unarrived * 40,
            team=Team(lines=lines, oldest=full.team.oldest if full.team else ()),
        )
    )


def digest_of(digest: Digest, *, off: str | None = None, late: bool = False, inbox: str = INBOX) -> Letter:
    """A digest's letter."""
    return digest_letter(
        digest,
        agency=replace(AGENCY, inbox=inbox),
        domain="northlight.example",
        token=TOKEN,
        sent_at=NOW,
        commands_off=off,
        late=late,
    )


def answer_of(
    *results: Result,
    message: Message = REPLY,
    manager: AccountManager = MANAGER,
    helped: bool = False,
    unverified: bool = False,
    undoable: bool = False,
) -> Letter:
    """An acknowledgement."""
    return ack_letter(
        results,
        help=helped,
        unverified=unverified,
        undoable=undoable,
        manager=manager,
        agency=AGENCY,
        domain="northlight.example",
        message=message,
        token="fedcba9876543210",
        digest_token=TOKEN,
        sent_at=NOW,
    )


def notice_of(subject: str, *paragraphs: str, page: object | None = None) -> Letter:
    """A notice to another account manager."""
    return notice_letter(
        subject=subject,
        paragraphs=paragraphs,
        page=page,
        manager=MANAGER,
        agency=AGENCY,
        domain="northlight.example",
        token=TOKEN,
        sent_at=NOW,
    )
