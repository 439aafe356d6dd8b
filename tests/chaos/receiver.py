"""The outside of the test's jobs: a small HTTP server that notes every call with its idempotency key."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any, Self


class Receiver:
    """Counts what arrives: bodies by key, in the order they came."""

    def __init__(self, *, address: str = "127.0.0.1") -> None:
        self._lock = Lock()
        self._calls: dict[str, list[Any]] = defaultdict(list)
        self._by_caller: Counter[str] = Counter()
        self._server = _Server((address, 0), _Handler)
        self._server.receiver = self
        self.url = f"http://{address}:{self._server.server_port}"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, key: str, body: Any, *, caller: str) -> None:
        with self._lock:
            self._calls[key].append(body)
            self._by_caller[caller] += 1

    def calls_from(self, caller: str) -> int:
        """Count the calls that came from an address."""
        with self._lock:
            return self._by_caller[caller]

    @property
    def calls(self) -> dict[str, list[Any]]:
        """Return the bodies that arrived under each key."""
        with self._lock:
            return {key: list(bodies) for key, bodies in self._calls.items()}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    receiver: Receiver

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a caller that is killed in the middle of a call is what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65_536
    server: _Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.receiver.take(self.headers["Idempotency-Key"], body, caller=self.client_address[0])
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class names it so
        """Say nothing."""
