"""The clients that live in the database; rows in, values out."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.config import WorkspaceSection
from service.models import WorkspaceRow
from service.store import find_setting, record_setting

_VERSION = (
    "client_list"  # the setting that says which clients the table holds, so that it is not read for nothing
)


def clients_version(session: Session) -> str | None:
    """A name for the clients that the database holds: the same for the same ones; None where it never held any."""
    return find_setting(session, _VERSION)


def version_of(clients: Sequence[WorkspaceSection]) -> str:
    """What `clients_version` says once these are recorded."""
    said = "\n".join(sorted(one.model_dump_json() for one in clients))
    return hashlib.sha256(said.encode()).hexdigest()


def list_clients(session: Session) -> list[WorkspaceSection]:
    """The clients that the database holds, by name; they were checked when they came in."""
    return [
        WorkspaceSection.model_construct(
            name=row.name,
            domains=row.domains,
            aliases=row.aliases,
            contacts=row.contacts,
            account_manager=row.account_manager,
            keep_mail=row.keep_mail,
        )
        for row in session.scalars(select(WorkspaceRow).order_by(WorkspaceRow.name))
    ]


def record_clients(session: Session, clients: Sequence[WorkspaceSection]) -> None:
    """Have the database hold these clients, and no others."""
    session.execute(delete(WorkspaceRow))
    session.add_all(WorkspaceRow(**one.model_dump()) for one in clients)
    record_setting(session, _VERSION, version_of(clients))


def forget_clients(session: Session, values: Collection[str], name: str | None) -> None:
    """Take the client of this name out, and these addresses from all others."""
    held = list_clients(session)
    left = [
        one.model_copy(update={"contacts": [each for each in one.contacts if each not in values]})
        for one in held
        if one.name != name
    ]
    if left != held:
        record_clients(session, left)
