"""Every HTTP request: an id of its own, a count by route, a line in the log, a span."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Iterable
from time import perf_counter
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app, request

from api.watching.logs import about, current_fields
from api.watching.metrics import Metrics
from api.watching.telemetry import trace_id
from api.watching.tracing import Beginning, Span, Tracing

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADER = "X-Request-ID"
ROUTE = "reliefdesk.route"
QUIET = "reliefdesk.quiet"
UNKNOWN = "(none)"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")

log = logging.getLogger("reliefdesk.http")


def request_id() -> str:
    """Return the id of the request this thread answers."""
    return current_fields().get("request_id") or new_request_id()


def new_request_id() -> str:
    """Return an id nobody else has, short enough to be read out."""
    return secrets.token_hex(6)


def init_app(app: Flask) -> None:
    """Let the application tell which route a request met: its template, never the address with its ids."""
    app.before_request(_tell_route)


def _tell_route() -> None:
    rule = request.url_rule
    if rule is not None:
        request.environ[ROUTE] = rule.rule
        request.environ[QUIET] = getattr(current_app.view_functions[rule.endpoint], "is_out_of_logs", False)


class WatchedRequests:
    """Stands around an application; `believed` says whether a proxy before it may name requests and traces."""

    def __init__(self, app: WSGIApplication, *, metrics: Metrics, tracing: Tracing, believed: bool) -> None:
        self._app = app
        self._metrics = metrics
        self._tracing = tracing
        self._believed = believed

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        method = environ["REQUEST_METHOD"] if environ.get("REQUEST_METHOD") in METHODS else "OTHER"
        parent = environ.get("HTTP_TRACEPARENT") if self._believed else None
        beginning = Beginning(name=method, kind="server", parent=parent)
        with about(request_id=self._named(environ)), self._tracing.span(beginning) as span:
            return self._answered(environ, start_response, method, span)

    def _answered(
        self, environ: WSGIEnvironment, start_response: StartResponse, method: str, span: Span
    ) -> Iterable[bytes]:
        began = perf_counter()
        statuses = ["500"]

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:  # WSGI's own signature
            statuses.append(status[:3])
            return start_response(status, [*headers, (HEADER, request_id())], exc_info)

        with about(trace_id=trace_id(self._tracing)):
            try:
                return self._app(environ, start)
            finally:
                told = self._tell(method, environ.get(ROUTE, UNKNOWN), int(statuses[-1]), perf_counter() - began, span)
                if not environ.get(QUIET) or int(statuses[-1]) >= 400:
                    log.info("request", extra=told)

    def _tell(self, method: str, route: str, status: int, seconds: float, span: Span) -> dict[str, object]:
        """Count it, name its span, and return what the log says of it."""
        self._metrics.request_answered(method, route, status, seconds)
        span.name_it(f"{method} {route}")
        span.note({"http.request.method": method, "http.route": route, "http.response.status_code": status})
        if status >= 500:
            span.failed(str(status))
        return {"method": method, "route": route, "status": status, "duration_ms": round(seconds * 1000, 1)}

    def _named(self, environ: WSGIEnvironment) -> str:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        return given if self._believed and _SANE.fullmatch(given) else new_request_id()
