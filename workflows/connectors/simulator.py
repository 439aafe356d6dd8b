"""A stand-in for the agencies, the message gateway and the insurer: a real HTTP server to demonstrate and test with.

Agencies answer from facts registered about a person and, where nothing is registered, from a function of the seed and
the identity number, so that two runs answer alike. Each may be told to be late, wrong or silent. What was asked is
kept in a ledger, so that a test can prove that nothing was asked twice.

    POST /simulator/facts      {identity_number, name?, records: {agency: [{item, amount?, unit?, name?}]}, insured?}
    POST /simulator/behaviour  {agency, mode, identity_number?, seconds?}
    GET  /simulator/ledger     {calls: [{place, key, subjects, times, outcome}], messages: [{key, to, text, times}]}
    POST /simulator/reset      forget everything
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from engine.json_values import JsonObject, dump_json, load_json
from workflows.connectors.simulated_county import Behaviour, BehaviourUnknown, SimulatedCounty

DEFAULT_PORT = 8090
LARGEST_BODY = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the server answers: a status and a body; None hangs up without a word."""

    status: int
    body: Any


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
        if urlsplit(self.path).path == "/simulator/ledger":
            self._answer(Reply(status=HTTPStatus.OK, body=self.server.county.ledger()))
        else:
            self._answer(Reply(status=HTTPStatus.NOT_FOUND, body={"error": "unknown path"}))

    def do_POST(self) -> None:
        """Answer a question or an instruction."""
        body = self._body()
        if body is None:
            self.close_connection = True  # the body may not have been read to its end
            self._answer(Reply(status=HTTPStatus.BAD_REQUEST, body={"error": "a JSON object is needed"}))
            return
        key = self.headers.get("Idempotency-Key", "")
        self._answer(reply_of(self.server.county, urlsplit(self.path).path, body, key))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class names it so
        """Say nothing: requests hold personal data."""

    def _body(self) -> JsonObject | None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY:
            return None
        try:
            body = load_json(self.rfile.read(length) or b"{}")
        except ValueError:
            return None
        return body if isinstance(body, dict) else None

    def _answer(self, reply: Reply) -> None:
        if reply.body is None:
            self.close_connection = True
            return
        content = reply.body.encode() if isinstance(reply.body, str) else dump_json(reply.body).encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class _Server(ThreadingHTTPServer):
    """A server that knows its county."""

    daemon_threads = True

    def __init__(self, port: int, county: SimulatedCounty) -> None:
        self.county = county
        super().__init__(("127.0.0.1", port), _Handler)


def reply_of(
    county: SimulatedCounty, path: str, body: JsonObject, key: str, *, sleep: Callable[[float], None] = time.sleep
) -> Reply:
    """Return what the county answers to a post, after as long as it takes."""
    instructions: Mapping[str, Callable[[JsonObject], None]] = {
        "/simulator/facts": county.register,
        "/simulator/behaviour": county.behave,
        "/simulator/reset": lambda _: county.reset(),
    }
    if path in instructions:
        return _instructed(instructions[path], body)
    match path.strip("/").split("/"):
        case ["agencies", agency, "inquiries"]:
            return _asked(county, agency, body, key, sleep)
        case ["messages"]:
            return Reply(status=HTTPStatus.OK, body={"reference": county.take_message(body, key)})
        case ["insurer", "status"]:
            status_from = county.take_status(body, key)
            if status_from is None:
                return Reply(status=HTTPStatus.NOT_FOUND, body={"error": "nobody of these is insured"})
            return Reply(status=HTTPStatus.OK, body={"status_from": status_from})
    return Reply(status=HTTPStatus.NOT_FOUND, body={"error": "unknown path"})


def _instructed(instruction: Callable[[JsonObject], None], body: JsonObject) -> Reply:
    try:
        instruction(body)
    except (KeyError, TypeError, ValueError, BehaviourUnknown) as error:
        return Reply(status=HTTPStatus.BAD_REQUEST, body={"error": f"{type(error).__name__}: {error}"})
    return Reply(status=HTTPStatus.OK, body={"done": True})


def _asked(county: SimulatedCounty, agency: str, body: JsonObject, key: str, sleep: Callable[[float], None]) -> Reply:
    behaviour = county.behaviour_for(agency, body)
    if behaviour.seconds:
        sleep(behaviour.seconds)
    match behaviour.mode:
        case "silent":
            county.note(agency, body, key, outcome="silent")
            return Reply(status=0, body=None)
        case "error":
            county.note(agency, body, key, outcome="error")
            return Reply(status=HTTPStatus.SERVICE_UNAVAILABLE, body={"error": "out of order"})
        case "refused":
            county.note(agency, body, key, outcome="refused")
            return Reply(status=HTTPStatus.FORBIDDEN, body={"error": "not disclosed"})
        case "malformed":
            county.note(agency, body, key, outcome="malformed")
            return Reply(status=HTTPStatus.OK, body="not JSON")
    answer = county.answer(agency, body, key, behaviour)
    if answer is None:
        return Reply(status=HTTPStatus.NOT_FOUND, body={"error": "unknown agency"})
    return Reply(status=HTTPStatus.OK, body=answer)


if __name__ == "__main__":
    main()
