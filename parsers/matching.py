"""Whose thread: the evidence, what it proves, and why we say so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from parsers.address import Address
from parsers.domains import is_free_mail, registrable
from parsers.workspaces import Learned, Side, Workspace, Workspaces, side_of

_CLOSE = 0.05  # two workspaces nearer than this are both possible, so neither is sure
_MAX_CHARS = 4_000  # of a signature: a page of disclaimer names nobody
_MAX_SEGMENTS = 100
_MAX_NAME_CHARS = 120
# Where a name in a signature or a display name begins and ends: "Dana Ruiz | Acme Corp", "Dana (Acme Corp)".
_SEGMENTS = re.compile(r"[,;|–—•·/()\[\]\r\n]|\s-\s")


class Ground(StrEnum):
    """What a match rests on, strongest first."""

    CORRECTION = "correction"
    TAG = "tag"
    CONTACT = "contact"
    DOMAIN = "domain"
    LEARNED_DOMAIN = "learned_domain"
    TAG_BY_OTHERS = "tag_by_others"
    RESEMBLANCE = "resemblance"
    NAME = "name"


_PROVISIONAL = frozenset({Ground.TAG_BY_OTHERS, Ground.RESEMBLANCE, Ground.NAME})


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Whose thread it is, and why we say so."""

    workspace: str | None  # None where the evidence points at two
    score: float  # 0 to 1
    because: str  # in words, for a person
    ground: Ground
    rests_on: str | None = (
        None  # the registrable domain, where the ground is one that was learned or resembles
    )
    rivals: tuple[str, ...] = ()  # all that it points at, by name, where workspace is None

    @property
    def provisional(self) -> bool:
        """Whether a person should confirm it: it is filed, but proves nobody's authority (promises.md P16)."""
        return self.ground in _PROVISIONAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that a match may rest on: who is on a thread, and what they call it."""

    said: tuple[str, str] | None = (
        None  # a person's correction: the workspace's name, and the reason in words
    )
    tags: tuple[str, ...] = ()  # plus tags in mail that the agency wrote
    tags_by_others: tuple[str, ...] = ()  # in mail that outsiders wrote
    authors: tuple[Address, ...] = ()  # of all its messages by people
    others: tuple[Address, ...] = ()  # their recipients
    subjects: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()  # signature blocks of outsiders, as text
    vendors: frozenset[str] = frozenset()  # registrable domains that write on several clients' threads


def match_workspace(evidence: Evidence, workspaces: Workspaces) -> Match | None:
    """
    The workspace that a thread belongs to, with score and reason; None where nothing points at one.

    Strongest first: what a person said; a tag that the agency wrote; addresses; then what only resembles: an
    outsider's tag, a domain, a name. Two workspaces by address, or two weak ones about as likely, are a Match
    with workspace None. Where an author's domain imitates a client's, only what a person said counts. The
    order of people, subjects and workspaces does not matter. Total.

    Source: promises.md P7 and P16.
    """
    if evidence.said and workspaces.find(evidence.said[0]):
        name, because = evidence.said
        return Match(workspace=name, score=1.0, because=because, ground=Ground.CORRECTION)
    if imitators_of(evidence.authors, workspaces):
        return None
    if by_tag := list(_by_tags(evidence.tags, workspaces)):
        return _decided(by_tag)
    outside = _outside((*evidence.authors, *evidence.others), workspaces)
    if by_address := [one for person in outside for one in _proved(person, workspaces, evidence.vendors)]:
        return _decided(by_address, all_count=True)
    return _decided(list(_resembling(outside, evidence, workspaces)))


def claims_of(
    people: Iterable[Address], workspaces: Workspaces, *, vendors: frozenset[str] = frozenset()
) -> frozenset[str]:
    """
    The names of the workspaces that these addresses alone prove.

    By a configured contact or domain, or by what was learned; a learned domain of a vendor proves nothing, nor
    does anybody's mail provider, nor the agency. Total. Source: promises.md P16.
    """
    found = (one for person in _outside(people, workspaces) for one in _proved(person, workspaces, vendors))
    return frozenset(one.workspace for one in found if one.workspace)


def imitators_of(authors: Iterable[Address], workspaces: Workspaces) -> tuple[tuple[str, str], ...]:
    """
    Each author's domain that imitates a client's, with that one, in order and each once.

    Who is a known contact or learned by address is no imitator, whatever the domain looks like. Total.
    """
    pairs = (
        (one.domain, known)
        for one in authors
        if (known := workspaces.imitated_by(one.domain))
        and not workspaces.of_contact(one)
        and not workspaces.lesson_on_address(one)
    )
    return tuple(dict.fromkeys(pairs))


def warnings_for(authors: Iterable[Address], workspaces: Workspaces) -> tuple[str, ...]:
    """A warning for each author whose domain imitates a client's, in words. Total."""
    pairs = imitators_of(authors, workspaces)
    return tuple(f"look-alike domain: {domain} resembles {known}" for domain, known in pairs)


def _outside(people: Iterable[Address], workspaces: Workspaces) -> list[Address]:
    """Those who are not the agency's, each once."""
    return [one for one in dict.fromkeys(people) if side_of(one, workspaces.agency) is Side.CLIENT]


def _decided(found: list[Match], *, all_count: bool = False) -> Match | None:
    """The best match; without a workspace where another one is too near, or where all count alike."""
    best: dict[str, Match] = {}
    for one in sorted(found, key=lambda one: (-one.score, one.workspace or "", one.because)):
        if one.workspace:
            best.setdefault(one.workspace, one)
    ranked = list(best.values())
    near = [one for one in ranked if all_count or ranked[0].score - one.score < _CLOSE]
    if len(near) <= 1:
        return near[0] if near else None
    return Match(
        workspace=None,
        score=near[0].score,
        because=", but ".join(one.because for one in near),
        ground=near[0].ground,
        rivals=tuple(sorted(best[one.workspace].workspace or "" for one in near if one.workspace)),
    )


def _by_tags(tags: Iterable[str], workspaces: Workspaces) -> Iterator[Match]:
    """What tags name without doubt."""
    for tag in tags:
        found = workspaces.of_tag(tag)
        if len(found) == 1:
            because = f"a colleague sent it to +{tag}, which is {found[0].name}"
            yield Match(workspace=found[0].name, score=0.99, because=because, ground=Ground.TAG)


def _proved(one: Address, workspaces: Workspaces, vendors: frozenset[str]) -> list[Match]:
    """What an outsider's address alone proves, by its strongest evidence."""
    lesson = workspaces.lesson_on_address(one)
    matches = [
        _match(owner, 0.98, f"contact {one.spec} is {owner.name}'s", Ground.CONTACT)
        for owner in workspaces.of_contact(one)
        if not lesson
    ]
    if lesson:
        because = f"{_said(lesson)} that {one.spec} is {lesson.workspace}'s"
        matches.append(Match(workspace=lesson.workspace, score=0.98, because=because, ground=Ground.CONTACT))
    return matches or _proved_by_domain(one.domain, workspaces, vendors)


def _proved_by_domain(domain: str, workspaces: Workspaces, vendors: frozenset[str]) -> list[Match]:
    if is_free_mail(domain):
        return []
    found, owners = workspaces.of_domain(domain)
    if owners:
        return [_match(one, 0.97, f"domain {found} is {one.name}'s", Ground.DOMAIN) for one in owners]
    above = registrable(domain)
    if owners := workspaces.beside_domain(domain):
        return [_match(one, 0.93, f"domain {above} is above {one.name}'s", Ground.DOMAIN) for one in owners]
    lesson = workspaces.lesson_on_domain(domain)
    if lesson is None or above in vendors:
        return []
    because = f"{_said(lesson)} that domain {above} is {lesson.workspace}'s"
    ground = Ground.LEARNED_DOMAIN
    return [Match(workspace=lesson.workspace, score=0.92, because=because, ground=ground, rests_on=above)]


def _said(lesson: Learned) -> str:
    return f"{lesson.by} said on {lesson.at.day} {lesson.at:%B}"


def _match(
    owner: Workspace, score: float, because: str, ground: Ground, rests_on: str | None = None
) -> Match:
    return Match(workspace=owner.name, score=score, because=because, ground=ground, rests_on=rests_on)


def _resembling(outside: list[Address], evidence: Evidence, workspaces: Workspaces) -> Iterator[Match]:
    """What only resembles: an outsider's tag, a domain, a name."""
    for tag in evidence.tags_by_others:
        found = workspaces.of_tag(tag)
        if len(found) == 1:
            because = f"somebody outside sent it to +{tag}, which is {found[0].name}"
            yield _match(found[0], 0.9, because, Ground.TAG_BY_OTHERS)
    for domain in {one.domain for one in outside}:
        yield from _like_domain(domain, evidence.vendors, workspaces)
    for one in outside:
        for owner in _named_by(one.name, workspaces):
            yield _match(owner, 0.8, f"{one.spec} signs as {owner.name}", Ground.NAME)
    for signature in evidence.signatures:
        for owner in _named_by(signature[:_MAX_CHARS], workspaces):
            yield _match(owner, 0.79, f"a signature names {owner.name}", Ground.NAME)
    for subject in evidence.subjects:
        for owner, mention in workspaces.mentioned_in(subject):
            score = 0.78 if mention.is_exact else 0.72
            yield _match(owner, score, f"{mention.name} is named in the subject", Ground.NAME)


def _like_domain(domain: str, vendors: frozenset[str], workspaces: Workspaces) -> Iterator[Match]:
    above = registrable(domain)
    if is_free_mail(domain) or above in vendors or workspaces.imitated_by(domain):
        return
    for owner in workspaces.like_domain(domain):
        because = f"domain {domain} reads like {owner.name}"
        yield _match(owner, 0.86, because, Ground.RESEMBLANCE, above)


def _named_by(text: str, workspaces: Workspaces) -> list[Workspace]:
    """The clients that a display name or a signature consists of, whole or between two marks."""
    segments = dict.fromkeys((text, *_SEGMENTS.split(text)[:_MAX_SEGMENTS]))
    short = (one for one in segments if one.strip() and len(one) <= _MAX_NAME_CHARS)
    found = {owner.name: owner for segment in short for owner in workspaces.of_name(segment)}
    return list(found.values())
