"""A client's live page, made from what is kept, as text, HTML and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from parsers.page_posts import Conversation, Post
from parsers.pages import Page, page_of
from parsers.workspaces import Workspace
from service.app import App
from service.cover_rows import covering
from service.errors import ConfigError
from service.ledgers import heard_from
from service.message_rows import list_messages_on
from service.moves import no_client
from service.office import Office
from service.records import Record
from service.rendering import page_of as html_of
from service.rendering import text_of
from service.standing import Standing, standings


def page_at(session: Session, office: Office, workspace: Workspace, now: datetime) -> Page:
    """The page of a client as of the aware `now`: mail sent later is not on it."""
    office = covering(session, office, now)
    manager = office.manager_of(workspace.name)
    assert manager  # the configuration has no client without one
    found = standings(session, office, now, client=workspace.name)
    mail = list_messages_on(session, [one.thread.id for one in found])
    theirs = [
        _conversation(one, [record for record in mail[one.thread.id] if record.heard_at <= now])
        for one in found
    ]
    return page_of(workspace.name, manager.name, theirs, now=now.astimezone(manager.zone))


def find_client(office: Office, name: str) -> Workspace:
    """The client that a person means by a name. Raises ConfigError where that is none, or several."""
    meant = office.workspaces.meant_by(name)
    if len(meant) == 1:
        return meant[0]
    problem, hint = no_client(name, [one.name for one in meant], office)
    raise ConfigError(problem, hint=hint)


def show_page(app: App, workspace: Workspace, now: datetime, *, html: bool) -> str:
    """A client's page for people: a text, or a whole HTML page."""
    with app.store.transaction() as session:
        page = page_at(session, app.office, workspace, now)
    if html:
        return html_of("workspace.html.j2", {"page": page})
    return text_of("workspace.txt.j2", {"page": page})


def page_line(app: App, workspace: Workspace, now: datetime) -> dict[str, Any]:
    """A client's page for scripts, nothing cut short."""
    with app.store.transaction() as session:
        page = page_at(session, app.office, workspace, now)
        owner = covering(session, app.office, now).manager_of(workspace.name)
    line = {"workspace": page.client, "account_manager": owner and owner.address, **asdict(page)}
    del line["client"], line["manager"], line["ledger"]
    line["approvals"] = [asdict(one) for one in page.ledger.entries]
    return {key: _plain(value) for key, value in line.items()}


def _plain(value: Any) -> Any:
    """A value as JSON has it: days and instants in ISO 8601."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _conversation(one: Standing, records: Sequence[Record]) -> Conversation:
    posts = zip(records, heard_from(records), strict=True)
    return Conversation(
        thread=one.thread.id,
        subject=one.thread.subject,
        state=one.state,
        snoozed_until=one.snoozed_until,
        done=one.rest.done,
        posts=tuple(
            Post(
                heard=heard,
                message_id=record.message_id_field,
                author=record.author,
                brief=record.brief,
                signature=record.signature,
                verified=record.verified,
                warnings=record.warnings,
            )
            for record, heard in posts
        ),
    )
