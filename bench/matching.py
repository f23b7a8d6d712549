"""
How matching grows with the number of clients: `python -m bench.matching [clients…]`.

Prints, for invented agencies of 100, 10,000 and 100,000 clients with three names or domains each, how long the
index takes to build, what it holds in memory, and how long one match takes.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
import tracemalloc
from dataclasses import dataclass

from parsers.address import Address
from parsers.company_names import folded
from parsers.matching import Evidence, match_workspace
from parsers.workspaces import Agency, Workspace, Workspaces

SIZES = (100, 10_000, 100_000)
ROUNDS = 200  # of the mix below, each with another client
SEED = 7
AGENCY = Agency(name="Northlight", domains=("northlight.example",), inbox="practiq@northlight.example")
US = Address(name="Maya Chen", spec="maya@northlight.example")
FIRST = (
    "Bright Clear Silver North South East West Green Blue Red Golden Iron Stone River Lake Harbor Ocean Summit"
    " Valley Prairie Cedar Maple Oak Pine Willow Birch Falcon Eagle Heron Fox Bear Wolf Lion Anchor Beacon"
    " Compass Lantern Mill Forge Foundry Copper Crystal Crown Royal Liberty Union Pioneer Frontier Metro Urban"
).split()
SECOND = (
    "water field wood bridge land view side gate port hill brook crest dale ford haven shore point ridge stone"
    " worth wick ton mont vale burn mere well cliff grove reach"
).split()
TRADE = (
    "Credit Union|Brewing|Foods|Software|Logistics|Health|Dental Care|Insurance|Design|Bank|Energy|Hotels|Motors"
    "|Pharma|Textiles|Airways|Coffee Roasters|Outdoor|Toys|Publishing|Robotics|Garden Centres|Kitchens|Optics"
    "|Partners|Holdings|Systems|Media|Capital|Works"
).split("|")
FORM = "Inc.|LLC|Ltd.|GmbH|S.p.A.|Oy|AB|PLC|Corp.|BV|Pty Ltd|S.A.|sp. z o.o.|KG".split("|")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one size took."""

    clients: int
    keys: int  # names and domains
    build_seconds: float
    index_mb: float
    milliseconds: list[float]

    @property
    def median(self) -> float:
        """In milliseconds."""
        return statistics.median(self.milliseconds)

    @property
    def slow(self) -> float:
        """The 99th percentile, in milliseconds."""
        return statistics.quantiles(self.milliseconds, n=100)[98]


def invented(count: int, chance: random.Random) -> tuple[Workspace, ...]:
    """Clients with names that share their words, each with two domains, or with a domain and an alias."""
    found: dict[str, Workspace] = {}
    while len(found) < count:
        core = chance.choice(FIRST) + chance.choice(SECOND)
        trade = chance.choice(TRADE)
        place = chance.choice(FIRST) if chance.random() < 0.5 else ""
        name = " ".join(filter(None, (place, core, trade, chance.choice(FORM))))
        joined = "".join(folded(name))
        label = chance.choice((joined, "-".join(folded(name)), f"{core}{len(found)}".lower()))
        ending = chance.choice(("example", "test", "co.uk", "com.au", "de"))
        second = f"{joined[:6]}{len(found):x}.{ending}"
        has_alias = chance.random() < 0.5
        found.setdefault(
            name,
            Workspace(
                name=name,
                domains=(f"{label}.{ending}",) if has_alias else (f"{label}.{ending}", second),
                aliases=(" ".join(filter(None, (place, core, trade.split()[0], "Group"))),)
                if has_alias
                else (),
                contacts=(f"dana.{len(found)}@gmail.com",) if len(found) % 10 == 0 else (),
                account_manager=US.spec,
            ),
        )
    return tuple(found.values())


def mix(client: Workspace, chance: random.Random) -> list[Evidence]:
    """One thread of each kind."""
    domain = client.domains[0]
    at = chance.randrange(1, len(domain.partition(".")[0]))
    imitation = domain[:at] + domain[at + 1 :]
    name = client.name
    threads = (
        (f"jo@{domain}", "Re: proof 2"),
        (f"jo@mail.eu.{domain}", "Re: spring campaign: budget and first ideas"),
        (client.contacts[0] if client.contacts else "dana.0@gmail.com", "Hello"),
        (
            f"ann@{chance.choice(FIRST).lower()}-{chance.randrange(10**6)}.example",
            "Invoice 2231 for September",
        ),
        (f"jo@{imitation}", f"{name}: new bank details"),
        ("someone@gmail.com", f"Re: {name} autumn campaign, second round"),
        ("printer@gmail.com", "Fwd: quick question about the presentation on Thursday"),
    )
    return [
        Evidence(authors=(Address(name="Jo Park", spec=spec), US), others=(US,), subjects=(subject,))
        for spec, subject in threads
    ]


def index_mb(clients: tuple[Workspace, ...]) -> float:
    """What the index of these clients holds."""
    tracemalloc.start()
    workspaces = Workspaces(agency=AGENCY, all=clients)
    _warm(workspaces)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return held / 1e6


def measured(count: int) -> Figures:
    """One size's figures."""
    chance = random.Random(SEED)
    clients = invented(count, chance)
    began = time.perf_counter()
    workspaces = Workspaces(agency=AGENCY, all=clients)
    _warm(workspaces)
    built = time.perf_counter() - began
    taken = []
    for _ in range(ROUNDS):
        for evidence in mix(chance.choice(clients), chance):
            began = time.perf_counter()
            match_workspace(evidence, workspaces)
            taken.append((time.perf_counter() - began) * 1000)
    keys = sum(len(one.names) + len(one.domains) for one in clients)
    return Figures(
        clients=count, keys=keys, build_seconds=built, index_mb=index_mb(clients), milliseconds=taken
    )


def _warm(workspaces: Workspaces) -> None:
    """Have every part of the index built."""
    workspaces.find("")
    match_workspace(Evidence(authors=(Address(name="x", spec="x@x.example"),), subjects=("x",)), workspaces)


def main() -> None:
    """Print the table."""
    sizes = [int(one) for one in sys.argv[1:]] or SIZES
    measured(10)  # reads the list of public suffixes, which is no part of an index
    print("clients     keys  build s  index MB  median ms   p99 ms  median ratio")
    first: Figures | None = None
    for count in sizes:
        now = measured(count)
        first = first or now
        print(
            f"{now.clients:7,} {now.keys:8,} {now.build_seconds:8.2f} {now.index_mb:9.1f}"
            f" {now.median:10.3f} {now.slow:8.3f} {now.median / first.median:13.2f}"
        )


if __name__ == "__main__":
    main()
