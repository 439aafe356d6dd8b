"""A stand-in for the agencies, the message gateway and the insurer: a real HTTP server to demonstrate and test with.

Agencies answer from facts registered about a person and, where nothing is registered, from a function of the seed and
the identity number, so that two runs answer alike. Each may be told to be late, wrong or silent. What was asked is
kept in a ledger, so that a test can prove that nothing was asked twice.

    POST /simulator/facts      {identity_number, name?, records: {agency: [{item, amount?, unit?, name?, state?,
                                share?, holders?, held_for_others?, value?}]}, as_of: {agency: day}?,
                                behaviours: {agency: mode}?, register: [{name, identity_number}]?, insured?}
    POST /simulator/behaviour  {agency, mode, identity_number?, seconds?}
    POST /simulator/refused-numbers  {number}: the gateway sends nothing to it any more
    GET  /simulator/ledger     {calls: [{place, key, subjects, times, outcome}], messages: [{key, to, text, times}],
                                statuses: [{status, wanted_from, persons}]}
    POST /simulator/reset      forget everything

Banks and other firms take table files too: PUT /agencies/{agency}/files/{name}, then GET …/return.
"""

from __future__ import annotations

import argparse
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from workflows.connectors.simulated_county import Behaviour, SimulatedCounty
from workflows.connectors.simulated_replies import Call, Reply, json_reply, reply_to

DEFAULT_PORT = 8090
LARGEST_BODY = 1_000_000


class Simulator:
    """The server, running in a thread of its own or in the caller's."""

    def __init__(self, *, port: int = 0, behaviour: Behaviour | None = None) -> None:
        self.county = SimulatedCounty(default=behaviour or Behaviour())
        self._server = _Server(port, self.county)

    @property
    def url(self) -> str:
        """Return the base URL of every endpoint."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Simulator:
        """Start serving in a thread."""
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def serve_forever(self) -> None:
        """Serve in this thread until interrupted."""
        try:
            self._server.serve_forever()
        finally:
            self._server.server_close()


def serve(port: int = DEFAULT_PORT, behaviour: Behaviour | None = None) -> None:
    """Serve until interrupted."""
    Simulator(port=port, behaviour=behaviour).serve_forever()


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description="Simulated agencies, message gateway and insurer.")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--mode", default="normal", help="how every agency behaves unless told otherwise")
    parser.add_argument("--seconds", type=float, default=0.0, help="how long a late answer takes")
    chosen = parser.parse_args(arguments)
    serve(chosen.port, Behaviour(mode=chosen.mode, seconds=chosen.seconds))


class _Handler(BaseHTTPRequestHandler):
    """Routes requests to the county of its server."""

    protocol_version = "HTTP/1.1"
    wbufsize = 65_536  # head and body leave together: two small packets would wait for each other
    server: _Server

    def do_GET(self) -> None:
        """Answer what may be read."""
        self._reply("GET")

    def do_PUT(self) -> None:
        """Take a table file."""
        self._reply("PUT")

    def do_POST(self) -> None:
        """Answer a question or an instruction."""
        self._reply("POST")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class names it so
        """Say nothing: requests hold personal data."""

    def _reply(self, method: str) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY:
            self.close_connection = True  # the body is not read
            self._answer(json_reply({"error": "the body is too large"}, HTTPStatus.REQUEST_ENTITY_TOO_LARGE))
            return
        call = Call(
            method=method,
            path=urlsplit(self.path).path,
            content=self.rfile.read(length),
            key=self.headers.get("Idempotency-Key", ""),
        )
        self._answer(reply_to(self.server.county, call, pause=time.sleep))

    def _answer(self, reply: Reply) -> None:
        if not reply.status:
            self.close_connection = True
            return
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(reply.content)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.content)


class _Server(ThreadingHTTPServer):
    """A server that knows its county."""

    daemon_threads = True

    def __init__(self, port: int, county: SimulatedCounty) -> None:
        self.county = county
        super().__init__(("127.0.0.1", port), _Handler)


if __name__ == "__main__":
    main()
