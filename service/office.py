"""The agency as configured, ready for the core."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from parsers.brief_reader import BriefReader
from parsers.digest_days import AccountManager
from parsers.message import Message
from parsers.reader import Reader
from parsers.workspaces import Agency, Workspaces
from service.weights import shipped_brief_reader, shipped_reader


class Policy(StrEnum):
    """Whose commands by mail are obeyed (contract.md, `[authentication] policy`)."""

    REQUIRE = "require"  # our own server vouches for the author
    WARN = "warn"  # or it does not, and the acknowledgement says so
    OFF = "off"  # nobody asks it


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Who is us, who manages, which clients, and how we read."""

    agency: Agency
    managers: tuple[AccountManager, ...]
    default_manager: str | None
    workspaces: Workspaces
    trust: str | None  # the authserv-id of our own server; None: commands by mail are off
    policy: Policy

    @property
    def reader(self) -> Reader:
        """What finds signals."""
        return shipped_reader()

    @property
    def brief_reader(self) -> BriefReader:
        """What finds the fields of briefs."""
        return shipped_brief_reader()

    @property
    def letter_domain(self) -> str:
        """What stands behind the @ of our letters' Message-IDs."""
        return self.agency.inbox.rpartition("@")[2]

    @property
    def commands_off(self) -> str | None:
        """Why commands by mail are not obeyed, in a sentence; None where they are."""
        if self.trust is not None or self.policy is Policy.OFF:
            return None
        return (
            "Replies are not obeyed yet: practiq cannot tell who really wrote them until"
            " [authentication] trust in its configuration names your mail server."
        )

    def find_manager(self, address: str) -> AccountManager | None:
        """The account manager with this address; None where nobody has it."""
        return next((one for one in self.managers if one.address == address), None)

    def called(self, by: str) -> str:
        """Who ordered something, as people know them: an account manager, or whoever uses the command line."""
        if not by:
            return "The command line"
        manager = self.find_manager(by)
        return manager.name if manager else by

    def manager_of(self, workspace: str | None) -> AccountManager | None:
        """Who owns a client."""
        client = self.workspaces.find(workspace) if workspace else None
        return self.find_manager(client.account_manager) if client else None

    def managers_of(self, workspace: str | None, people: frozenset[str]) -> tuple[AccountManager, ...]:
        """
        Whose a thread is: its client's account manager; without a client those who are on it, else
        the default one, else everybody (contract.md, "JSON lines").
        """
        if owner := self.manager_of(workspace):
            return (owner,)
        if on_it := tuple(one for one in self.managers if one.address in people):
            return on_it
        default = self.find_manager(self.default_manager) if self.default_manager else None
        return (default,) if default else self.managers

    def writes_alone(self, message: Message) -> AccountManager | None:
        """The account manager who is the one author of a message; None where From is anything else."""
        return self.find_manager(message.authors[0].spec) if len(message.authors) == 1 else None
