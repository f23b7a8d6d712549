"""Whose thread, and which side. Alone knows rapidfuzz."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from parsers.address import Address


class Side(StrEnum):
    """Who speaks (signals.md, "Which words count")."""

    AGENCY = "agency"
    CLIENT = "client"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """Who is "us"."""

    name: str
    domains: tuple[str, ...]  # lower case
    inbox: str  # the shared inbox's address, lower case


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """A client as configured."""

    name: str
    domains: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    account_manager: str  # the address of one
