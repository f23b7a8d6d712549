"""The tables of what people were told and what they said. Imported by the store's files and the migrations only."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.models import Base


class LetterRow(Base):
    """The outbox: a letter, and what became of it."""

    __tablename__ = "letters"
    __table_args__ = (Index("ix_letters_state_due_at", "state", "due_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    reverse_path: Mapped[str]
    recipient: Mapped[str]
    message_id: Mapped[str] = mapped_column(index=True)
    state: Mapped[str]  # ready, sending, sent, unknown, failed
    attempts: Mapped[int]
    doubts: Mapped[int]  # attempts whose outcome was never learned
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]  # when it is not worth sending any more
    claimed_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    fault: Mapped[str | None]
    returned_at: Mapped[datetime | None]  # when a mail server gave it back that had been sent


class LetterContentRow(Base):
    """
    A letter's bytes; without a row it has been emptied.

    Apart from the letter's row, which is written at every try: SQLite writes a row whole.
    """

    __tablename__ = "letter_contents"
    letter: Mapped[int] = mapped_column(ForeignKey("letters.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class DigestRow(Base):
    """A morning's digest: one for an account manager and a local day."""

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("manager", "day"),)
    token: Mapped[str] = mapped_column(primary_key=True)
    manager: Mapped[str] = mapped_column(index=True)
    day: Mapped[date]
    made_at: Mapped[datetime]
    letter: Mapped[int] = mapped_column(ForeignKey("letters.id"), unique=True)


class QuietDayRow(Base):
    """A local day on which an account manager's digest had nothing to say, and was not sent."""

    __tablename__ = "quiet_days"
    manager: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]


class DigestItemRow(Base):
    """What a number of a digest stands for: the thread that this mail's message is on."""

    __tablename__ = "digest_items"
    token: Mapped[str] = mapped_column(ForeignKey("digests.token"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kept: Mapped[int] = mapped_column(ForeignKey("kept.id"))
    action: Mapped[str | None]  # what it asked for; None for what was listed only
    about: Mapped[int | None] = mapped_column(ForeignKey("kept.id"))  # the mail that the action rests on
    told_at: Mapped[datetime]  # when its reader last heard how it stands


class OrderRow(Base):
    """What somebody ordered in one go, by a reply or on the command line; it is taken back as a whole."""

    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    by: Mapped[str] = mapped_column(index=True)  # an account manager's address; "" for the command line
    made_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class MarkRow(Base):
    """An account manager's word on a thread, tied to the raw mail of a message on it; the latest one stands."""

    __tablename__ = "marks"
    id: Mapped[int] = mapped_column(primary_key=True)
    order: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    kept: Mapped[int] = mapped_column(ForeignKey("kept.id"), index=True)
    kind: Mapped[str]  # snooze, done, wake, replied, not, give
    until: Mapped[datetime | None]  # of a snooze
    to: Mapped[str | None]  # of a gift: the account manager who has it now
    made_at: Mapped[datetime]
    manager: Mapped[str]


class AssignmentRow(Base):
    """Whose a thread is, as a person said: a row for the raw mail of each message that was on it then."""

    __tablename__ = "assignments"
    order: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    kept: Mapped[int] = mapped_column(ForeignKey("kept.id"), primary_key=True, index=True)
    workspace: Mapped[str]


class LearnedRow(Base):
    """An address or a domain that a person's correction taught; the latest one stands."""

    __tablename__ = "learned"
    order: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]  # address, domain
    workspace: Mapped[str]


class PauseRow(Base):
    """An account manager is away, and who stands in; the latest one stands."""

    __tablename__ = "pauses"
    order: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    manager: Mapped[str] = mapped_column(index=True)
    until: Mapped[datetime]  # in the past: back already
    stand_in: Mapped[str | None]


class HandoverRow(Base):
    """A client has another account manager than the configuration says; the latest one stands."""

    __tablename__ = "handovers"
    order: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    workspace: Mapped[str] = mapped_column(primary_key=True)
    manager: Mapped[str]
    instead_of: Mapped[str]  # whom the configuration named then; once it names somebody else, it decides


class CommandRow(Base):
    """Each clause of each reply, obeyed or refused, once."""

    __tablename__ = "commands"
    sha256: Mapped[str] = mapped_column(primary_key=True)  # of the reply
    line: Mapped[int] = mapped_column(primary_key=True)
    manager: Mapped[str]
    clause: Mapped[str]
    obeyed: Mapped[bool]
    outcome: Mapped[str]
    refusal: Mapped[str | None]  # of a whole reply: the kind of reason
    at: Mapped[datetime]
    before: Mapped[list[Any]] = mapped_column(
        server_default="[]"
    )  # the threads that it changed, as they stood
    after: Mapped[list[Any]] = mapped_column(server_default="[]")
