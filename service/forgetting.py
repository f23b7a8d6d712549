"""A person or a client erased for good (promises.md P23)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from parsers.address import Address
from parsers.anatomy import Anatomy
from parsers.domains import is_at_or_below
from parsers.message import Message, UnreadableMessage
from parsers.subjects import base_subject
from parsers.workspaces import Workspace
from service import backlog
from service.app import App
from service.bulk import batched
from service.client_rows import forget_clients
from service.clients_waiting import take_in, turn_to_change
from service.errors import ConfigError, PractiqError
from service.forget_rows import (
    Place,
    empty_command,
    empty_letters,
    list_places,
    list_waiting_letters,
    list_words,
    unlearn,
    withdraw_letter,
)
from service.forgotten_rows import Kind
from service.kept_rows import find_kept, unread_all
from service.message_rows import forget_readings
from service.views import letter_text

_LEAST_SUBJECT = 4  # characters: a shorter one is in every text
_LEAST_NAME = 2  # words of a name that is looked for in texts: "Dana" is many people


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """What is known of whom we are to forget."""

    who: str  # as the person at the command line wrote it
    workspace: str | None
    kept: tuple[int, ...]  # the mail that goes, by row id
    threads: int  # that lose all their mail or some of it
    values: frozenset[str]  # addresses and domains
    pattern: re.Pattern[str]  # what names them in a text
    subjects: frozenset[str]  # of the mail that goes, in lower case

    def are_in(self, words: str) -> bool:
        """Whether a text of ours names them, or a mail that goes."""
        lower = " ".join(words.lower().split())
        return bool(self.pattern.search(words)) or any(one in lower for one in self.subjects)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was erased, and what stays."""

    mails: int
    letters_emptied: int
    letters_withdrawn: int
    commands_emptied: int
    unlearned: int
    mails_left: int


def find_traces(app: App, who: str, each: Callable[[int], Callable[[], None]]) -> Traces:
    """
    What practiq holds of an address or a client: mail of, to and about them.

    That is each mail with one of their addresses on it, or in its words; with the full name of one of
    them in its words; each answer on a thread of theirs that quotes; and a client's threads. Raises
    ConfigError for who is no address and no client, PractiqError where nothing is found. `each`
    is told how many mails are looked at, and gives what is called after each.
    """
    take_in(app)  # else a client whom another command left for us comes back afterwards
    workspace = next(
        (one for one in app.office.workspaces.all if one.name.casefold() == who.casefold()), None
    )
    address = who.strip().lower()
    if workspace is None and "@" not in address:
        names = ", ".join(one.name for one in app.office.workspaces.all)
        hint = f"The clients are {names}." if names else "There are no clients yet."
        raise ConfigError(f"{who} is no address, and no client.", hint=hint)
    if address in {one.address for one in app.office.managers}:
        raise ConfigError(
            f"{who} is an account manager.",
            hint="Take them out of the configuration first; then forget them.",
        )
    with app.store.transaction() as session:
        places = list_places(session)
    advance = each(2 * len(places))
    is_theirs = _of_client(workspace) if workspace else lambda one: one.spec == address
    people: set[Address] = set()
    theirs: set[int] = set()
    threads: set[str] = set()
    for place, anatomy in _anatomies(app, places, advance):
        found = {one for one in _people(anatomy) if is_theirs(one)}
        people |= found
        if found or (workspace and place.workspace_of_thread == workspace.name):
            theirs.add(place.kept)
            threads |= {place.thread} if place.thread else set()
    pattern = _pattern(address, workspace, people)
    subjects: set[str] = set()
    for place, anatomy in _anatomies(app, places, advance):
        quotes = isinstance(anatomy, Anatomy) and anatomy.quotes and place.thread in threads
        if quotes or pattern.search(_words(anatomy)):
            theirs.add(place.kept)
        if place.kept in theirs:
            subjects |= _subject_of(anatomy)
    values = {one.spec for one in people} | (
        {*workspace.domains, *workspace.contacts} if workspace else {address}
    )
    if not theirs:
        raise PractiqError(f"practiq holds no mail of {who}.", hint="Nothing is erased.")
    return Traces(
        who=who,
        workspace=workspace.name if workspace else None,
        kept=tuple(sorted(theirs)),
        threads=len({one.thread for one in places if one.kept in theirs and one.thread}),
        values=frozenset(values),
        pattern=pattern,
        subjects=frozenset(subjects),
    )


def forget(app: App, traces: Traces, each: Callable[[], None] = lambda: None) -> Erased:
    """
    Erase it all, read what is left anew, and rid the file of what was there. For who is alone at work.

    The letters that we sent are emptied, all of them: any may quote. What is derived from mail is thrown
    away and made again from the mail that is left. A crash in between leaves a part that a second call
    finishes.
    """
    now = app.now()
    mails = withdrawn = emptied = 0
    with turn_to_change(app.store.place):
        take_in(app)  # else a change that was made of the clients before brings one back
        with app.store.transaction() as session:
            letters = empty_letters(session)
            for letter, content in list_waiting_letters(session):
                if traces.are_in(letter_text(content, "plain")):
                    withdraw_letter(session, letter, now)
                    withdrawn += 1
            for sha256, line, words in list_words(session):
                if traces.are_in(words):
                    empty_command(session, sha256, line)
                    emptied += 1
            unlearned = unlearn(session, traces.values, traces.workspace)
            forget_clients(session, traces.values, traces.workspace)
            forget_readings(session, None)
            unread_all(session, None)
    for some in batched(traces.kept):  # last, since by it a second call finds what the first did not come to
        with app.store.transaction() as session:
            mails += app.door.erase(session, some, Kind.FORGOTTEN, now)
    left = backlog.read(app, each)
    app.store.compact()
    return Erased(
        mails=mails,
        letters_emptied=letters,
        letters_withdrawn=withdrawn,
        commands_emptied=emptied,
        unlearned=unlearned,
        mails_left=left,
    )


def _of_client(workspace: Workspace) -> Callable[[Address], bool]:
    return lambda one: one.spec in workspace.contacts or is_at_or_below(one.domain, workspace.domains)


def _messages(message: Message) -> Iterator[Message]:
    yield message
    for one in message.attached:
        yield from _messages(one)


def _anatomies(
    app: App, places: Iterable[Place], advance: Callable[[], None]
) -> Iterator[tuple[Place, Anatomy | bytes]]:
    """Each mail taken apart, one after the other, since all of them may not find room; its bytes where that cannot be done."""
    for place in places:
        with app.store.transaction() as session:
            raw = find_kept(session, place.kept).raw
        try:
            yield place, app.sandbox.anatomy_of(raw)
        except UnreadableMessage:
            yield place, raw
        advance()


def _subject_of(anatomy: Anatomy | bytes) -> set[str]:
    text = base_subject(anatomy.message.subject).text.lower() if isinstance(anatomy, Anatomy) else ""
    return {text} if len(text) >= _LEAST_SUBJECT else set()


def _people(anatomy: Anatomy | bytes) -> Iterator[Address]:
    if isinstance(anatomy, bytes):
        return
    for message in (*_messages(anatomy.message), *(one.message for one in anatomy.inside)):
        yield from message.people


def _words(anatomy: Anatomy | bytes) -> str:
    """All that a mail says, header and text."""
    if isinstance(anatomy, bytes):
        return anatomy.decode("utf-8", "replace")
    said = []
    for message in _messages(anatomy.message):
        said += [f"{name}: {body}" for name, body in message.fields]
        said += [message.subject, message.text, *message.reports]
        said += [one.shown for one in message.people]
    return "\n".join(said)


def _pattern(address: str, workspace: Workspace | None, people: set[Address]) -> re.Pattern[str]:
    """What names them in a text: an address, a domain of theirs behind an @, a full name."""
    names = {one.name.strip() for one in people if len(one.name.split()) >= _LEAST_NAME}
    specs = {one.spec for one in people} | ({*workspace.contacts} if workspace else {address})
    found = [rf"(?<![\w.+-]){re.escape(one)}(?![\w-])" for one in sorted(specs)]
    found += [
        rf"@(?:[\w-]{{1,63}}\.){{0,5}}{re.escape(one)}(?![\w-])"
        for one in (workspace.domains if workspace else ())
    ]
    found += [rf"(?<!\w){re.escape(' '.join(one.split()))}(?!\w)" for one in sorted(names)]
    if workspace:
        found.append(rf"(?<!\w){re.escape(workspace.name)}(?!\w)")
    return re.compile("|".join(found), re.I)
