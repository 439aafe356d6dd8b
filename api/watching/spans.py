"""Traces by OpenTelemetry; imported only where the extra is installed and wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from api.watching.tracing import Beginning, Span

_KINDS = {
    "server": trace.SpanKind.SERVER,
    "internal": trace.SpanKind.INTERNAL,
    "client": trace.SpanKind.CLIENT,
    "producer": trace.SpanKind.PRODUCER,
    "consumer": trace.SpanKind.CONSUMER,
}
_PROPAGATOR = TraceContextTextMapPropagator()


class OpenTelemetrySpan:
    """A span of OpenTelemetry."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def name_it(self, name: str) -> None:
        """Give it its name."""
        self._span.update_name(name)

    def note(self, attributes: Mapping[str, str | int]) -> None:
        """Keep facts of it."""
        for name, value in attributes.items():
            self._span.set_attribute(name, value)

    def failed(self, why: str) -> None:
        """Mark it as failed."""
        self._span.set_status(trace.StatusCode.ERROR, why)


class OpenTelemetryTracing:
    """Hands spans to a provider of its own, not to the process-wide one that a library may set."""

    on = True

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("reliefdesk")

    @contextmanager
    def span(self, beginning: Beginning) -> Iterator[Span]:
        """Surround a piece of work; an exception is kept by its kind, as its words may hold persons."""
        with self._tracer.start_as_current_span(
            beginning.name,
            context=_context(beginning.parent),
            kind=_KINDS[beginning.kind],
            attributes=dict(beginning.attributes),
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            told = OpenTelemetrySpan(span)
            try:
                yield told
            except BaseException as error:
                told.failed(str(getattr(error, "code", type(error).__name__)))
                raise

    def trace_parent(self) -> str | None:
        """Return the traceparent of the span that is open here."""
        carrier: dict[str, str] = {}
        _PROPAGATOR.inject(carrier)
        return carrier.get("traceparent")

    def close(self) -> None:
        """Send what was not sent yet."""
        self._provider.shutdown()


def exporting() -> OpenTelemetryTracing:
    """Return tracing that sends to the collector OpenTelemetry's variables name."""
    provider = TracerProvider(resource=Resource.create({"service.name": "reliefdesk"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return OpenTelemetryTracing(provider)


def _context(parent: str | None) -> Context | None:
    return None if parent is None else _PROPAGATOR.extract({"traceparent": parent})
