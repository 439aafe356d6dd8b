"""Figures of the whole house at every scrape: read from the database, never older or dearer than they may be."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from api.watching.patience import Answered, Patience
from engine.queries import Figures

PATIENCE = 5  # seconds a scrape waits for the count
KEPT = 15  # seconds a count is good for at least
SHARE = 20  # and at least so many times what it took: counting costs a core no more than a twentieth of its time
STALE = 600  # seconds after which an old count is no longer shown in place of one that fails
MOST_SERIES = 2_000  # of one figure; the smaller ones are added up as '(other)'
OTHER = "(other)"

Key = TypeVar("Key", bound=tuple[str, ...])

log = logging.getLogger(__name__)


class FiguresCollector(Collector):
    """Counts when it is asked, unless the last count will do."""

    def __init__(self, count: Callable[[], Figures]) -> None:
        self._figures = Patience(count, patience=PATIENCE, keep=_kept)

    def describe(self) -> Iterable[Metric]:
        """Name nothing beforehand: naming would count."""
        return []

    def collect(self) -> Iterable[Metric]:
        """Yield the figures, or what says that they could not be counted."""
        counted = True
        try:
            found: Answered[Figures] | None = self._figures.answer()
        except Exception as error:  # noqa: BLE001  a database in trouble must not hide the metrics of the process
            log.warning("figures not counted", extra={"cause": type(error).__name__})
            counted, found = False, self._figures.last
        yield GaugeMetricFamily("relief_figures_up", "1 when the figures could be counted", value=counted)
        if found is None or found.age > STALE:
            return
        yield GaugeMetricFamily("relief_figures_age_seconds", "How old the figures are", value=found.age)
        yield GaugeMetricFamily("relief_figures_duration_seconds", "How long the count took", value=found.seconds)
        yield from _metrics(found.value)


def _kept(last: Answered[Figures]) -> float:
    return max(KEPT, SHARE * last.seconds)


def _metrics(figures: Figures) -> Iterable[Metric]:
    open_tasks: Counter[tuple[str, ...]] = Counter()
    over_limit: Counter[tuple[str, ...]] = Counter()
    for one in figures.tasks:
        open_tasks[one.element_id, ",".join(one.groups), one.region] += one.open
        over_limit[(one.element_id,)] += one.over_limit
    yield _gauge("relief_open_tasks", "Open user tasks", ("element", "unit", "region"), open_tasks)
    yield _gauge("relief_tasks_over_limit", "Open user tasks past their due time", ("element",), over_limit)
    kinds = {(kind,): count for kind, count in figures.incidents.items()}
    yield _gauge("relief_open_incidents", "Incidents that wait for somebody", ("kind",), kinds)
    yield _gauge(
        "relief_open_jobs",
        "Jobs in hand of a worker, due, or later; overdue are those due for a minute that nobody took",
        ("type", "state"),
        figures.jobs,
    )
    yield GaugeMetricFamily(
        "relief_timers_overdue", "Timers due for a minute that nobody fired", value=figures.timers_overdue
    )
    failed = {(kind,): count for kind, count in figures.firings_failed.items()}
    yield _gauge(
        "relief_failed_firings",
        "Timer start events and deliveries of messages and signals that failed and are tried again",
        ("kind",),
        failed,
    )
    yield _gauge(
        "relief_process_instances", "Process instances that have not ended", ("process", "state"), figures.instances
    )


def _gauge(name: str, documentation: str, labels: tuple[str, ...], values: Mapping[Key, int]) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, documentation, labels=labels)
    ordered = sorted(values.items(), key=lambda one: (-one[1], one[0]))
    for key, count in ordered[:MOST_SERIES]:
        gauge.add_metric(key, count)
    rest = sum(count for _, count in ordered[MOST_SERIES:])
    if rest:
        gauge.add_metric([OTHER] * len(labels), rest)
    return gauge
