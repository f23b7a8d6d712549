"""The list of clients as commands change it: what becomes of it, and why something does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from parsers.client_lists import Column, Row
from service.app import App, with_clients
from service.client_rows import list_clients, record_clients
from service.clients_waiting import leave, take_in, turn_to_change, wait_until_gone
from service.config import Config, WorkspaceSection
from service.config_faults import client_faults, sentence
from service.errors import AtWork
from service.office import Office
from service.refiling import refile

_LATER = "The practiq that is at work takes it in with its next pass."


class Outcome(StrEnum):
    """What becomes of a client that somebody wants to have so."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "unchanged"
    IN_FILE = "left"  # the configuration's file has it, and decides
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of one of them."""

    line: int | None  # of the list that names it
    client: str
    outcome: Outcome
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The clients as they are to be in the database, and what is told of each that was named."""

    clients: tuple[WorkspaceSection, ...]
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    row: Row
    client: WorkspaceSection | None  # None: it is told already
    told: Told


def plan_rows(rows: Sequence[Row], held: Sequence[WorkspaceSection], config: Config, office: Office) -> Plan:
    """
    What a list of clients makes of those that the database holds.

    Who is there is changed, in what the list has columns for; who is not listed stays. A row that is wrong, or
    takes what is another client's, changes nothing, and the others go on.
    """
    by_name = {one.name.casefold(): one for one in held}
    in_file = {one.name.casefold() for one in config.workspaces}
    seen: dict[str, int | None] = {}
    wishes = []
    for row in rows:
        key = row.name.casefold()
        if key in in_file:
            words = "stands in the configuration's file, which decides; it is left as it is"
            told = Told(line=row.line, client=row.name, outcome=Outcome.IN_FILE, words=words)
            wishes.append(_Wish(row=row, client=None, told=told))
        elif key in seen:
            wishes.append(_refused(row, f"stands in line {seen[key]} already; put both into one"))
        else:
            seen[key] = row.line
            wishes.append(_wish(row, by_name.get(key), office))
    return _fitting(wishes, by_name, config)


def _wish(row: Row, before: WorkspaceSection | None, office: Office) -> _Wish:
    """How one row would have its client."""
    if not row.name:
        return _refused(row, "has no name")
    tree = before.model_dump() if before else {"name": row.name}
    tree |= {str(column): list(values) for column, values in row.lists.items()}
    if row.keep_mail:
        tree["keep_mail"] = row.keep_mail
    manager, fault = _manager(row.manager, before, office)
    if manager is None:
        return _refused(row, fault)
    tree["account_manager"] = manager
    try:
        client = WorkspaceSection.model_validate(tree)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=True)
        return _refused(row, "; ".join(sentence(one, WorkspaceSection, tree) for one in faults))
    if before is None:
        told = Told(line=row.line, client=client.name, outcome=Outcome.ADDED, words=_all_of(client))
    elif client == before:
        told = Told(line=row.line, client=client.name, outcome=Outcome.SAME, words="is so already")
    else:
        told = Told(
            line=row.line, client=client.name, outcome=Outcome.CHANGED, words=_changes(before, client)
        )
    return _Wish(row=row, client=client, told=told)


def _manager(words: str | None, before: WorkspaceSection | None, office: Office) -> tuple[str | None, str]:
    """The address of the account manager whom a cell means; or None, and what is wrong."""
    names = ", ".join(f"{one.name} ({one.address})" for one in office.managers)
    if words is None:
        if before:
            return before.account_manager, ""
        only = office.managers[0].address if len(office.managers) == 1 else office.default_manager
        return only, f"account_manager: is missing; there are {names}"
    found = office.managers_called(words)
    if len(found) == 1:
        return found[0].address, ""
    if found:
        return None, f"account_manager: {words} may be {' or '.join(one.address for one in found)}"
    return None, f"account_manager: {words} is no account manager; there are {names}"


def _fitting(wishes: Sequence[_Wish], by_name: Mapping[str, WorkspaceSection], config: Config) -> Plan:
    """Those that go together with the agency and all other clients, and what is wrong with the rest."""
    wanted = {one.row.name.casefold(): one for one in wishes if one.client}
    refused: dict[str, _Wish] = {}
    while True:
        rest = [one for key, one in by_name.items() if key not in wanted]
        there = {one.name for one in rest} | {one.name for one in config.workspaces}
        clients = (*rest, *(one.client for one in wanted.values() if one.client))
        faults: dict[str, list[str]] = {}
        for name, words in client_faults(with_clients(config, clients)):
            if name not in there:  # what was wrong before is not this list's to mend
                faults.setdefault(name.casefold(), []).append(words)
        if not faults:
            break
        for key, words_of_one in faults.items():
            refused[key] = _refused(wanted.pop(key).row, "; ".join(words_of_one))
    told = [refused.get(one.row.name.casefold(), one) if one.client else one for one in wishes]
    return Plan(
        clients=tuple(sorted(clients, key=lambda one: one.name)), told=tuple(one.told for one in told)
    )


def _refused(row: Row, words: str) -> _Wish:
    told = Told(line=row.line, client=row.name, outcome=Outcome.REFUSED, words=words)
    return _Wish(row=row, client=None, told=told)


def _all_of(client: WorkspaceSection) -> str:
    said = [f"{key}: {', '.join(values)}" for key, values in _lists_of(client) if values]
    return "; ".join([f"for {client.account_manager}", *said])


def _changes(before: WorkspaceSection, after: WorkspaceSection) -> str:
    """What is other than before, in words."""
    said = []
    if before.account_manager != after.account_manager:
        said.append(f"for {after.account_manager}, before for {before.account_manager}")
    for (key, old), (_, new) in zip(_lists_of(before), _lists_of(after), strict=True):
        said += [f"{key}: {sign}{one}" for sign, some in (("+", new - old), ("-", old - new)) for one in some]
    if before.keep_mail != after.keep_mail:
        said.append(f"keep_mail: {after.keep_mail} days")
    return "; ".join(said) or "other in order only"


def _lists_of(client: WorkspaceSection) -> Iterator[tuple[str, Any]]:
    """Its lists by key, in the order in which they stand there."""
    yield "domains", dict.fromkeys(client.domains).keys()
    yield "contacts", dict.fromkeys(client.contacts).keys()
    yield "aliases", dict.fromkeys(client.aliases).keys()


# ---------------------------------------------------------------- carried out


def held_clients(app: App) -> list[WorkspaceSection]:
    """The clients that the database holds."""
    with app.store.transaction() as session:
        return list_clients(session)


def carry_out(app: App, plan_of: Callable[[Sequence[WorkspaceSection]], Plan]) -> tuple[Plan, str]:
    """
    Have the database hold the clients of a plan, which is made of those that it holds; give the plan, and
    what came of it in words, "" where nothing changes.

    Mail that came before is filed again. While another practiq is at work, that one takes the change in; of several
    commands each finds what the one before it has made.
    """
    with turn_to_change(app.store.place):  # until mail is filed again: who files it takes nothing in any more
        try:
            with app.store.alone():
                take_in(app)
                held = held_clients(app)
                plan = plan_of(held)
                if list(plan.clients) == held:
                    return plan, ""
                with app.store.transaction() as session:
                    record_clients(session, plan.clients)
                moved = refile(app)
            return plan, f"Conversations filed again: {moved}."
        except AtWork:
            if app.waiting is None:
                return _put_beside(app, plan_of), _LATER
            return _leave(app, app.waiting, plan_of)


def _leave(
    app: App, waiting: Path, plan_of: Callable[[Sequence[WorkspaceSection]], Plan]
) -> tuple[Plan, str]:
    """Leave the clients of a plan for whoever is at work."""
    wait_until_gone(waiting)
    held = held_clients(app)
    plan = plan_of(held)
    if list(plan.clients) == held:
        return plan, ""
    if leave(waiting, plan.clients):
        return plan, "The practiq that is at work has taken it in, and files its mail again."
    return plan, _LATER


def _put_beside(app: App, plan_of: Callable[[Sequence[WorkspaceSection]], Plan]) -> Plan:
    """Have the database hold the clients of a plan beside whoever is at work on it: PostgreSQL takes several writers."""
    place = app.store.place
    engine = place.engine(writes=True)
    try:
        with Session(engine) as session, session.begin():
            held = list_clients(session)
            plan = plan_of(held)
            if list(plan.clients) != held:
                record_clients(session, plan.clients)
    except place.errors as error:
        if fault := place.fault_of(error):
            raise fault.error from error
        raise
    finally:
        engine.dispose()
    return plan


def added_to(client: WorkspaceSection, row: Row, dropped: Sequence[str]) -> Row:
    """A row that leaves a client what it has, besides what it adds and drops."""
    away = {one.strip().casefold() for one in dropped}
    lists = {}
    for column in (Column.DOMAINS, Column.CONTACTS, Column.ALIASES):
        wanted = dict.fromkeys([*getattr(client, column), *row.lists.get(column, ())])
        lists[column] = tuple(one for one in wanted if one.casefold() not in away)
    return replace(row, name=client.name, lists=lists)
