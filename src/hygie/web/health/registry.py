"""Our metrics, in a registry of their own; no label names a person or a hospital.

With PROMETHEUS_MULTIPROC_DIR set before the process starts, the counts of all the processes of
the site are added up, as `deploy/hygie-web.service` does.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import Error
from django.db.models import Count
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from hygie.domain.findings.models import Finding
from hygie.domain.people.rowsecurity.scope import SYSTEM, speaking
from hygie.domain.rounds.models import Item, RoundState
from hygie.engines.corpus.container import CorpusFileError
from hygie.engines.corpus.opened import CorpusFile
from hygie.jobs.checks.corpus import corpus_age, corpus_in
from hygie.jobs.works import counted

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
STATE_KEPT_S: Final = 30.0
"""Counting a million findings takes a moment; a collector may ask each few seconds."""

_BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_SHARED: Final = "PROMETHEUS_MULTIPROC_DIR"
OWN: Final = CollectorRegistry()
REQUESTS: Final = Counter(
    "hygie_requests", "Requests answered.", ("view", "method", "status"), registry=OWN
)
DURATION: Final = Histogram(
    "hygie_request_duration_seconds", "Time to answer.", ("view",), registry=OWN, buckets=_BUCKETS
)
_kept: dict[str, tuple[float, list[GaugeMetricFamily]]] = {}


def exposition(*, now: dt.datetime) -> bytes:
    """Return every metric in the text format of Prometheus 0.0.4."""
    requests = OWN
    if os.environ.get(_SHARED):
        requests = CollectorRegistry()
        MultiProcessCollector(requests)  # type: ignore[no-untyped-call]
    state = CollectorRegistry()
    state.register(_State(now))
    return generate_latest(requests) + generate_latest(state)


class _State(Collector):
    """What the database and the corpus say, read when asked."""

    def __init__(self, now: dt.datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the gauges; a database that is down takes its own with it, and says so."""
        at, families = _kept.get("state", (0.0, []))
        if not families or time.monotonic() - at > STATE_KEPT_S:
            families = [*_database(), *_corpus(self._now)]
            _kept["state"] = (time.monotonic(), families)
        yield from families


def _database() -> list[GaugeMetricFamily]:
    up = GaugeMetricFamily("hygie_database_up", "Whether the database answers.")
    try:
        with speaking(SYSTEM):  # figures of the whole platform, which name nobody
            families = [_findings(), _items(), _queue()]
    except Error:
        up.add_metric([], 0)
        return [up]
    up.add_metric([], 1)
    return [up, *families]


def _findings() -> GaugeMetricFamily:
    family = GaugeMetricFamily(
        "hygie_findings_open", "Findings not closed, by decision.", labels=["decision"]
    )
    rows = Finding.objects.filter(closed_at__isnull=True).order_by().values("decision")
    for row in rows.annotate(n=Count("pk")):
        family.add_metric([row["decision"] or "none"], row["n"])
    return family


def _items() -> GaugeMetricFamily:
    family = GaugeMetricFamily(
        "hygie_round_items", "Items of the rounds that run.", labels=["step", "state"]
    )
    rows = Item.objects.filter(round__state=RoundState.RUNNING).order_by().values("step", "state")
    for row in rows.annotate(n=Count("pk")):
        family.add_metric([row["step"], row["state"]], row["n"])
    return family


def _queue() -> GaugeMetricFamily:
    family = GaugeMetricFamily("hygie_queue_depth", "Background work.", labels=["kind", "state"])
    for kind, states in counted().items():
        for state, number in states.items():
            family.add_metric([kind, state], number)
    return family


def _corpus(now: dt.datetime) -> list[GaugeMetricFamily]:
    path = corpus_in(settings.HYGIE_HOME)
    try:
        age = corpus_age(CorpusFile.open(path).description, now=now) if path else None
    except (CorpusFileError, OSError):
        age = None
    if age is None:
        return []
    family = GaugeMetricFamily("hygie_corpus_age_seconds", "Time since the corpus was built.")
    family.add_metric([], age.total_seconds())
    return [family]
