"""The watch of one process, put together by the composition root."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import Flask

from api.watching import requests
from api.watching.figures import FiguresCollector
from api.watching.metrics import Metrics
from api.watching.telemetry import HouseTelemetry
from api.watching.tower import Tower
from api.watching.tracing import NoTracing, Tracing
from engine.queries import Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What the storage answers about itself."""

    missing: Callable[[], list[str]]
    figures: Callable[[], Figures]
    pool: Callable[[], Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Metrics, traces and the three addresses that tell of them."""

    metrics: Metrics
    tower: Tower
    tracing: Tracing = field(default_factory=NoTracing)

    @classmethod
    def over(cls, sources: Sources, *, tracing: Tracing, token: str | None) -> Watch:
        """Return a watch that asks these sources."""
        metrics = Metrics()
        metrics.watch_pool(sources.pool)
        metrics.registry.register(FiguresCollector(sources.figures))
        return cls(metrics=metrics, tower=Tower(metrics, missing=sources.missing, token=token), tracing=tracing)

    @property
    def telemetry(self) -> HouseTelemetry:
        """Return what listens to the engine."""
        return HouseTelemetry(self.metrics, self.tracing)

    def init_app(self, app: Flask, *, trusted_proxies: int) -> None:
        """Stand around an application."""
        requests.init_app(app)
        watched = requests.WatchedRequests(
            app.wsgi_app, metrics=self.metrics, tracing=self.tracing, believed=trusted_proxies > 0
        )
        app.wsgi_app = self.tower.before(watched)  # type: ignore[assignment]  # Flask's own way to wrap itself
