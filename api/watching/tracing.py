"""Traces: which port the house speaks to, and when OpenTelemetry stands behind it.

The extra `reliefdesk[tracing]` brings OpenTelemetry; its own environment variables switch it on and steer it.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Literal, Protocol, cast

log = logging.getLogger(__name__)

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
NEEDED = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")

Kind = Literal["server", "internal", "client", "producer", "consumer"]


class Span(Protocol):
    """A piece of work that is being traced."""

    def name_it(self, name: str) -> None:
        """Give it a name that was not known when it began."""
        ...

    def note(self, attributes: Mapping[str, str | int]) -> None:
        """Keep facts of it; no personal data."""
        ...

    def failed(self, why: str) -> None:
        """Mark it as failed, by a code or the kind of an exception."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """How a span begins."""

    name: str
    kind: Kind = "internal"
    parent: str | None = None  # a W3C traceparent from elsewhere; without it the span around this one
    attributes: Mapping[str, str | int] = field(default_factory=dict)


class Tracing(Protocol):
    """Whoever takes the spans."""

    @property
    def on(self) -> bool:
        """Say whether anybody does."""
        ...

    def span(self, beginning: Beginning) -> AbstractContextManager[Span]:
        """Surround a piece of work."""
        ...

    def trace_parent(self) -> str | None:
        """Return the W3C traceparent of the span that is open here."""
        ...

    def close(self) -> None:
        """Send what was not sent yet."""
        ...


class NoSpan:
    """Nobody traces."""

    __slots__ = ()

    def name_it(self, name: str) -> None:
        """Forget it."""

    def note(self, attributes: Mapping[str, str | int]) -> None:
        """Forget it."""

    def failed(self, why: str) -> None:
        """Forget it."""


class NoTracing:
    """Nobody traces."""

    on = False
    _SPAN = NoSpan()

    @contextmanager
    def span(self, beginning: Beginning) -> Iterator[Span]:
        """Trace nothing."""
        yield self._SPAN

    def trace_parent(self) -> str | None:
        """Return nothing."""
        return None

    def close(self) -> None:
        """Do nothing."""


def is_wanted(environment: Mapping[str, str]) -> bool:
    """Say whether OpenTelemetry's variables name somebody to send traces to."""
    off = environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    none = environment.get("OTEL_TRACES_EXPORTER", "").strip().lower() == "none"
    return any(environment.get(name) for name in ENDPOINTS) and not off and not none


def tracing(environment: Mapping[str, str]) -> Tracing:
    """Return tracing as the environment wants it; without the extra the house works on, and says so once."""
    if not is_wanted(environment):
        return NoTracing()
    if not is_installed():
        log.warning("traces are wanted, but OpenTelemetry is missing; install reliefdesk[tracing]")
        return NoTracing()
    module = importlib.import_module("api.watching.spans")
    return cast("Tracing", module.exporting())


def is_installed() -> bool:
    """Say whether the extra is there."""
    try:
        return all(importlib.util.find_spec(name) is not None for name in NEEDED)
    except ModuleNotFoundError:  # a parent of one is missing
        return False
