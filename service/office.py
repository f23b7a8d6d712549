"""The agency as configured, ready for the core."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from parsers.digest_days import AccountManager
from parsers.workspaces import Agency, Workspaces

if TYPE_CHECKING:  # reading is what most commands do without
    from parsers.meaning import Meaning, Utterance
    from parsers.reader import Reader


class Policy(StrEnum):
    """Whose commands by mail are obeyed (contract.md, `[authentication] policy`)."""

    REQUIRE = "require"  # our own server vouches for the author
    WARN = "warn"  # or it says nothing of them, and the acknowledgement says so
    OFF = "off"  # nobody asks it


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """An account manager is away."""

    since: datetime
    until: datetime
    stand_in: str | None  # the address of the account manager who looks after their clients


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A client was handed over to another account manager."""

    manager: str
    instead_of: str  # whom the configuration named then; once it names somebody else, it decides


def _understood(said: Sequence[Utterance]) -> list[Meaning]:
    """What these say, found out in this process."""
    from service.weights import understood

    return understood(said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Who is us, who manages, which clients, and how we read."""

    agency: Agency
    managers: tuple[AccountManager, ...]
    default_manager: str | None
    workspaces: Workspaces
    trust: str | None  # the authserv-id of our own server; None: commands by mail are off
    policy: Policy
    quiet_after_days: int  # a client who has not written for so long has gone quiet
    sends_empty: bool  # whether a day on which nothing needs anybody has its digest, too
    handovers: Mapping[str, Handover] = field(default_factory=dict)  # by client
    pauses: Mapping[str, Pause] = field(default_factory=dict)  # by account manager
    # What finds out what messages say; raises UnreadableMessage where that breaks off.
    understand: Callable[[Sequence[Utterance]], list[Meaning]] = field(
        default=_understood, repr=False, compare=False
    )

    @property
    def reader(self) -> Reader:
        """What finds signals."""
        from service.weights import shipped_reader

        return shipped_reader()

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

    def managers_called(self, words: str) -> tuple[AccountManager, ...]:
        """The account managers whom words may mean: an address, a whole name, or a part of one that they go by."""
        said = " ".join(words.lower().split())
        whole = tuple(one for one in self.managers if said in (one.address, one.name.lower()))
        return whole or tuple(
            one for one in self.managers if said in (one.address.partition("@")[0], *one.name.lower().split())
        )

    def called(self, by: str) -> str:
        """Who ordered something, as people know them: an account manager, or whoever uses the command line."""
        if not by:
            return "The command line"
        manager = self.find_manager(by)
        return manager.name if manager else by

    def manager_of(self, workspace: str | None) -> AccountManager | None:
        """Who owns a client."""
        client = self.workspaces.find(workspace) if workspace else None
        if client is None:
            return None
        handed = self.handovers.get(client.name)
        if (
            handed
            and handed.instead_of == client.account_manager
            and (new := self.find_manager(handed.manager))
        ):
            return new
        return self.find_manager(client.account_manager)

    def pause_of(self, manager: AccountManager, now: datetime) -> Pause | None:
        """The absence of an account manager at `now`; None where they are there."""
        pause = self.pauses.get(manager.address)
        return pause if pause and pause.since <= now < pause.until else None

    def covered_by(self, manager: AccountManager, now: datetime) -> tuple[AccountManager, ...]:
        """For whom an account manager stands in at `now`: those, too, whose stand-in is away and named them."""
        return tuple(one for one in self.managers if one != manager and self._cover_of(one, now) == manager)

    def _cover_of(self, manager: AccountManager, now: datetime) -> AccountManager | None:
        passed = [manager]
        while (pause := self.pause_of(passed[-1], now)) and pause.stand_in:
            stand_in = self.find_manager(pause.stand_in)
            if stand_in is None or stand_in in passed:
                return None
            passed.append(stand_in)
        return passed[-1] if len(passed) > 1 and not pause else None

    def clients_of(self, manager: AccountManager) -> tuple[str, ...]:
        """The names of an account manager's clients."""
        return tuple(one.name for one in self.workspaces.all if self.manager_of(one.name) == manager)

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
