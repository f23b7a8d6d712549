"""Figures for Prometheus, on this machine's own address and nowhere else. Alone knows prometheus_client."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import datetime

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.registry import Collector

from service.agencies import Agencies
from service.app import App, clock
from service.errors import PractiqError, StoreError
from service.logs import Log
from service.metrics_rows import Counts, count_all
from service.store import Store, read_store
from service.trouble_rows import Place

ADDRESS = "127.0.0.1"  # never another one (promises.md P22)

log = Log(__name__)


@contextmanager
def serving(app: App, port: int) -> Iterator[None]:
    """
    Answer whoever of this machine asks for the figures, on this port.

    Where another program has the port that is logged, and nothing else is the worse for it.
    """
    try:
        store = read_store(app.database_url)
    except StoreError as error:
        log.warning("no metrics", port=port, reason=str(error))
        yield
        return
    with closing(store), _answering(_Figures(app, store), port):
        yield


def serving_each(agencies: Agencies, port: int) -> AbstractContextManager[None]:
    """Answer so with the figures of each agency, by its name."""
    return _answering(_FiguresOfEach(agencies), port)


@contextmanager
def _answering(collector: Collector, port: int) -> Iterator[None]:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(collector)
    try:
        server, thread = start_http_server(port, addr=ADDRESS, registry=registry)
    except OSError as error:
        log.warning("no metrics", port=port, reason=error.strerror)
        yield
        return
    log.info("metrics", address=ADDRESS, port=port)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Figures(Collector):
    """
    What the database says when it is asked, through a connection that only reads.

    Labels are words of ours, never a name, an address or a mail's words.
    """

    def __init__(self, app: App, store: Store) -> None:
        self._app = app
        self._store = store

    def collect(self) -> Iterator[Metric]:
        """All figures; where the database cannot be had, that alone."""
        try:
            yield from _counted(self._store, self._app.now())
        except StoreError:
            yield _up(0)
            return
        measures = self._app.measures
        yield SummaryMetricFamily(
            "practiq_poll_seconds",
            "Passes over the inbox since the start, and how long they took.",
            count_value=measures.polls,
            sum_value=measures.poll_seconds,
        )


class _FiguresOfEach(Collector):
    """The same of each agency, through a connection that is open while it is counted: many would be too many."""

    def __init__(self, agencies: Agencies) -> None:
        self._agencies = agencies

    def collect(self) -> Iterator[Metric]:
        """Each figure once, with all agencies in it."""
        wholes: dict[str, Metric] = {}
        for name in list(self._agencies):
            for one in self._of(name):
                whole = wholes.setdefault(one.name, Metric(one.name, one.documentation, one.type))
                for sample in one.samples:
                    whole.add_sample(sample.name, {"agency": name, **sample.labels}, sample.value)
        yield from wholes.values()

    def _of(self, name: str) -> list[Metric]:
        config = self._agencies.find(name)
        if config is None:  # gone a moment ago
            return []
        try:
            with closing(read_store(config.database.address())) as store:
                return list(_counted(store, clock()))
        except PractiqError:
            return [_up(0)]


def _counted(store: Store, now: datetime) -> Iterator[Metric]:
    """What a database says; StoreError, and nothing before it, where it cannot be had."""
    with store.transaction() as session:
        counts = count_all(session)
    yield _up(1)
    yield from _figures(counts, now)


def _up(is_up: int) -> Metric:
    return _gauge("practiq_up", "Whether the database can be read.", is_up)


def _figures(counts: Counts, now: datetime) -> Iterator[Metric]:
    messages = [*counts.messages.items(), ("unfetchable", counts.unfetchable)]
    yield _by("practiq_messages", "Mail by what came of it.", "state", messages)
    yield _by("practiq_signals", "Things that messages say.", "kind", counts.signals.items())
    yield _by("practiq_letters", "Letters that practiq sends.", "state", counts.letters.items())
    yield _by("practiq_digests", "Digests among the letters.", "state", counts.digests.items())
    yield _by("practiq_commands", "Clauses of replies.", "outcome", counts.commands.items())
    yield _by(
        "practiq_replies_refused", "Whole replies that were not obeyed.", "reason", counts.refused.items()
    )
    troubles = [(place, int(place in counts.troubles)) for place in Place]
    yield _by("practiq_trouble", "Whether something goes wrong at a place now.", "place", troubles)
    oldest = counts.oldest_unread_at
    age = max(0.0, (now - oldest).total_seconds()) if oldest else 0
    yield _gauge(
        "practiq_oldest_unread_seconds", "Age of the oldest mail that waits to be read; 0 for none.", age
    )
    if counts.polled_at:
        at = counts.polled_at.timestamp()
        yield _gauge("practiq_last_poll_timestamp_seconds", "When the inbox was last read completely.", at)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def _by(name: str, words: str, label: str, counts: Iterable[tuple[str, int]]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=[label])
    for value, count in counts:
        family.add_metric([str(value)], count)
    return family
