"""What a person's correction teaches: whose an address is, and whose a domain."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from parsers.address import Address
from parsers.domains import is_free_mail, registrable
from parsers.matching import claims_of, imitators_of
from parsers.workspaces import LearnedKind, Workspaces


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """What is learned from one correction, and what is not, with the reason in words."""

    learned: tuple[tuple[LearnedKind, str], ...] = ()  # addresses and registrable domains, lower case
    refused: tuple[str, ...] = ()  # a sentence for each address or domain that is somebody else's


def lessons_of(
    people: Iterable[Address],
    workspace: str,
    workspaces: Workspaces,
    *,
    used_by: Mapping[str, Collection[str]],
) -> Lessons:
    """
    What follows for later mail from "this thread is `workspace`'s".

    `people` are those who speak for the client on it; `used_by` has the clients on whose other threads
    an address is, or anybody of a registrable domain. An address is learned unless it is another
    client's by the configuration, or on another client's mail, or its domain imitates one; its
    domain, if nobody else uses it. What is known already is not learned again. Total.
    """
    known = workspaces.taught(())  # what the configuration says: no correction stands against it
    learned: list[tuple[LearnedKind, str]] = []
    refused: list[str] = []
    for one in {one.spec: one for one in people if not workspaces.agency.owns(one.domain)}.values():
        if imitators := imitators_of([one], known):
            domain, imitated = imitators[0]
            refused.append(
                f"{one.spec} is not learned, since {domain} resembles {imitated}."
                " If it is really theirs, add it to their domains in the configuration."
            )
        elif others := claims_of([one], known) - {workspace}:
            refused.append(f"{one.spec} stays with {min(others)}, as the configuration has it.")
        elif others := frozenset(used_by.get(one.spec, ())) - {workspace}:
            refused.append(f"{one.spec} is not learned: they are on {min(others)}'s mail, too.")
        elif workspace not in claims_of([one], known):
            learned.append((LearnedKind.ADDRESS, one.spec))
            domain = registrable(one.domain)
            if is_free_mail(domain):
                continue
            if others := frozenset(used_by.get(domain, ())) - {workspace}:
                refused.append(
                    f"Other people at {domain} are not learned: {min(others)}'s mail has some, too."
                )
            else:
                learned.append((LearnedKind.DOMAIN, domain))
    return Lessons(learned=tuple(dict.fromkeys(learned)), refused=tuple(dict.fromkeys(refused)))
