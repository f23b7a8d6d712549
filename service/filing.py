"""Which thread a message is on, and whose that is: the same in whichever order mail comes, and as people correct it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from parsers.domains import is_free_mail, registrable
from parsers.matching import Evidence, Ground, Match, claims_of, imitators_of, match_workspace
from parsers.threads import Post, Related, ThreadId, link_of, may_follow, thread_id, threads_of
from parsers.workspaces import LearnedKind, Side, plus_tag, side_of
from service.message_rows import list_messages_on, record_messages
from service.neighbour_rows import find_records, list_cluster, list_neighbours, record_links
from service.office import Office
from service.records import Record
from service.teaching_rows import Assignment, list_assignments, list_learned
from service.thread_rows import (
    clients_of_domains,
    forget_empty,
    list_owners,
    list_threads_by_domain,
    move_messages,
    record_matches,
    record_proved,
    record_threads,
)

SURE = frozenset({Ground.CORRECTION, Ground.TAG, Ground.CONTACT, Ground.DOMAIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """What putting messages onto threads came to."""

    threads: Mapping[
        ThreadId, list[Record]
    ]  # on which something is other than before, or asked for; in the order sent
    owners: Mapping[str, str | None]  # of each message that was near, its client before
    clients: Mapping[str, frozenset[str]]  # of each outside domain that writes there, its clients before


def knowing(session: Session, office: Office) -> Office:
    """The office with what people's corrections have taught it."""
    learned = tuple(replace(one, by=office.called(one.by)) for one in list_learned(session))
    return replace(office, workspaces=office.workspaces.taught(learned))


def gather(session: Session, touched: Set[str], office: Office, new: Mapping[str, Record]) -> Gathering:
    """
    Put these messages (by identity), which are new or of whose people something new is known, onto
    their threads, and with them every message whose thread depends on them. Those of them that are `new`
    are not stored yet, and are stored with their thread.

    What comes out is the same for the same mail in whichever order it came: each message continues
    what `link_of` says among all that is held, and threads are `threads_of` these links. `office` is
    knowing.
    """
    arrived = {one.identity: one for one in find_records(session, touched - new.keys())} | dict(new)
    claims = claims_of_each(session, arrived.values(), office)
    near = dict(arrived)
    posts = {one.identity: _post(one, claims[one.identity], office) for one in arrived.values()}
    _add_neighbours(session, arrived, near, posts, office)
    to_them = Related(posts[one] for one in arrived)
    moving = arrived.keys() | {
        identity
        for identity, one in posts.items()
        if any(may_follow(one, other) for other in to_them.to(one))
    }
    if len(moving) > len(arrived):
        _add_neighbours(session, moving - arrived.keys(), near, posts, office)
    related = Related(posts.values())
    region, links = set(arrived), {}
    for identity in moving:
        before, post = near[identity], posts[identity]
        link = link_of(post, related.to(post))
        if link != before.link or post.claims != before.claims:
            links[identity] = (link, post.claims)
            region |= {identity, *(to for to in (before.link.to, link.to) if to)}
    record_links(session, {one: found for one, found in links.items() if one not in new})
    known = near | {
        one: replace(near[one], link=link, claims=frozenset(claims)) for one, (link, claims) in links.items()
    }
    cluster = [*(known[one] for one in new), *list_cluster(session, region - new.keys(), known)]
    posts |= {one.identity: _post(one, one.claims, office) for one in cluster if one.identity not in posts}
    return _parted(session, cluster, posts, {*arrived, *links}, office, new)


def _add_neighbours(
    session: Session, of: Iterable[str], near: dict[str, Record], posts: dict[str, Post], office: Office
) -> None:
    """Put all that these messages (by identity) may have to do with beside what is near."""
    ties = {one: posts[one].outsiders or posts[one].insiders for one in of}
    for one in list_neighbours(session, [near[identity] for identity in ties], ties, near):
        near[one.identity] = one
        posts[one.identity] = _post(one, one.claims, office)


def _parted(
    session: Session,
    cluster: list[Record],
    posts: Mapping[str, Post],
    changed: Collection[str],
    office: Office,
    new: Collection[str],
) -> Gathering:
    """
    Part all that may share a thread into threads anew; `changed` have another link, or are new. What is
    new is stored.
    """
    owners = list_owners(session, {one.thread for one in cluster if one.thread})
    clients = clients_of_domains(session, outside_domains(cluster, office))
    first = threads_of(
        [posts[one.identity] for one in cluster],
        {one.identity: one.link.to for one in cluster if one.link.to},
    )
    to = {identity: thread_id(name) for identity, name in first.items()}
    moved = {one.identity: to[one.identity] for one in cluster if one.thread != to[one.identity]}
    left = {one.thread for one in cluster if one.identity in moved and one.thread}
    placed = {
        one.identity: replace(one, thread=to[one.identity]) if one.identity in moved else one
        for one in sorted(cluster, key=lambda one: (one.sent_at, one.identity))
    }
    record_threads(session, moved.values())
    record_messages(session, [placed[one] for one in new])
    move_messages(session, {one: thread for one, thread in moved.items() if one not in new})
    forget_empty(session, left)
    anew = {*moved.values(), *left, *(to[one] for one in changed if one in to)}
    threads: dict[ThreadId, list[Record]] = {}
    for one in placed.values():
        if (thread := to[one.identity]) in anew:
            threads.setdefault(thread, []).append(one)
    return Gathering(
        threads=threads,
        owners={one.identity: owners.get(one.thread) if one.thread else None for one in cluster},
        clients=clients,
    )


def prove(session: Session, gathering: Gathering, office: Office) -> dict[ThreadId, list[Record]]:
    """
    Find whose the gathered threads are by what is known for sure; give all threads to be matched, with
    their messages in the order sent.

    Besides the gathered ones these are the threads of a domain that turned out to be a vendor's,
    which writes on several clients' threads, or not to be one any more.
    """
    sure = {
        thread: match_workspace(evidence, office.workspaces)
        for thread, evidence in _evidence(session, gathering.threads, office).items()
    }
    record_proved(
        session,
        {thread: one.workspace if one and one.ground in SURE else None for thread, one in sure.items()},
    )
    after = clients_of_domains(session, gathering.clients)
    before = _vendors(gathering.clients, office)
    others = list_threads_by_domain(session, before ^ _vendors(after, office)) - gathering.threads.keys()
    return {**gathering.threads, **list_messages_on(session, others)}


def place(
    session: Session, threads: Mapping[ThreadId, list[Record]], office: Office
) -> dict[ThreadId, Match | None]:
    """
    Match threads to their clients, and store that.

    With each thread come its messages in the order sent; `office` is knowing.
    """
    found = matches_of(session, threads, office)
    record_matches(session, {one: (threads[one][0].subject, match) for one, match in found.items()})
    return found


def matches_of(
    session: Session, threads: Mapping[ThreadId, list[Record]], office: Office
) -> dict[ThreadId, Match | None]:
    """Whose the messages of these threads are, by all that is known; `office` is knowing."""
    evidence = _evidence(session, threads, office)
    domains = frozenset().union(*(one.vendors for one in evidence.values()))
    clients = clients_of_domains(session, domains)
    return {
        thread: match_workspace(
            replace(one, vendors=_vendors({domain: clients[domain] for domain in one.vendors}, office)),
            office.workspaces,
        )
        for thread, one in evidence.items()
    }


def outside_domains(records: Iterable[Record], office: Office) -> frozenset[str]:
    """
    The registrable domains whose people write on these, and of whom it matters whether they are a vendor.

    Not the agency's, nor free mail's, nor a client's as configured: that decides, whoever else writes from there.
    """
    domains = {one.domain for record in records if not record.automation for one in record.authors}
    found = {registrable(one) for one in domains if not office.agency.owns(one) and not is_free_mail(one)}
    return frozenset(one for one in found if not office.workspaces.of_domain(one)[0])


def _evidence(
    session: Session, threads: Mapping[ThreadId, list[Record]], office: Office
) -> dict[ThreadId, Evidence]:
    """What is known of whose threads are; every domain taken for a vendor's, as the cautious reading."""
    assigned = list_assignments(session, [one.identity for some in threads.values() for one in some])
    return {thread: _evidence_in(records, assigned, office) for thread, records in threads.items()}


def _evidence_in(records: Sequence[Record], assigned: Mapping[str, Assignment], office: Office) -> Evidence:
    people = [one for one in records if not one.automation] or records
    outside = [one for one in people if one.side is Side.CLIENT]
    return Evidence(
        said=_said([assigned[one.identity] for one in records if one.identity in assigned], office),
        tags=tuple(dict.fromkeys(tag for one in records if one.tags_are_ours for tag in one.tags)),
        tags_by_others=tuple(
            dict.fromkeys(tag for one in people if not one.tags_are_ours for tag in one.tags)
        ),
        authors=tuple(author for one in people for author in one.authors),
        others=tuple(other for one in people for other in (*one.to, *one.cc)),
        subjects=tuple(dict.fromkeys(one.subject for one in people)),
        signatures=tuple(dict.fromkeys(one.signature for one in outside if one.signature)),
        vendors=outside_domains(people, office),
    )


def _said(assigned: Iterable[Assignment], office: Office) -> tuple[str, str] | None:
    """What a person said last, of a client that there is."""
    known = [one for one in assigned if office.workspaces.find(one.workspace)]
    if not known:
        return None
    last = max(known, key=lambda one: (one.at, one.workspace))
    return last.workspace, f"{office.called(last.by)} said so on {last.at.day} {last.at:%B %Y}"


def _vendors(clients: Mapping[str, frozenset[str]], office: Office) -> frozenset[str]:
    """The domains that write on several clients' threads, the one that they were learned for included."""
    learned = {
        one.value: one.workspace for one in office.workspaces.learned if one.kind is LearnedKind.DOMAIN
    }
    return frozenset(
        domain
        for domain, theirs in clients.items()
        if len(theirs | {learned[domain]} if domain in learned else theirs) > 1
    )


def claims_of_each(
    session: Session, records: Collection[Record], office: Office
) -> dict[str, frozenset[str]]:
    """
    The clients that the addresses on each message prove, or that a person said.

    Not what a learned domain says: who is a vendor is told by threads, so threads must not depend on
    it. Who imitates a client's domain claims for that domain, so that no client's thread takes it in.
    """
    assigned = list_assignments(session, [one.identity for one in records])
    domains = frozenset(one.value for one in office.workspaces.learned if one.kind is LearnedKind.DOMAIN)
    found = {}
    for one in records:
        claims = claims_of(one.addresses, office.workspaces, vendors=domains)
        said = assigned.get(one.identity)
        if said and office.workspaces.find(said.workspace):
            claims |= {said.workspace}
        elif imitators := imitators_of(one.authors, office.workspaces):
            claims = frozenset(domain for domain, _ in imitators)
        found[one.identity] = claims
    return found


def _sides(record: Record, office: Office) -> tuple[frozenset[str], frozenset[str]]:
    """The addresses on a message: the agency's people's, without the inbox, and everybody else's."""
    agency = office.agency
    ours = {one.spec: one for one in record.addresses if side_of(one, agency) is Side.AGENCY}
    inbox = {spec for spec, one in ours.items() if plus_tag(one, agency)} | {agency.inbox}
    return frozenset(ours.keys() - inbox), record.people - ours.keys()


def _post(record: Record, claims: frozenset[str], office: Office) -> Post:
    insiders, outsiders = _sides(record, office)
    return Post(
        identity=record.identity,
        message_id=record.message_id,
        ancestors=record.ancestors,
        index=record.index,
        subject=record.subject,
        sent_at=record.sent_at,
        outsiders=outsiders,
        insiders=insiders,
        claims=claims,
        quotes=record.quotes,
        automated=record.automation is not None,
    )
