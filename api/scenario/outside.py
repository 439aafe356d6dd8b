"""Everybody outside the house, in the same process: the simulator behind the real adapters, without a network."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from engine.json_values import dump_json, load_json
from workflows.connectors.simulated_county import Behaviour, SimulatedCounty
from workflows.connectors.simulator import Reply, reply_of

ADDRESS = "http://agencies.county.test"
LONGEST_ANSWER = 20.0  # seconds until a caller gives up, as over the network


class OutsideTransport(httpx.BaseTransport):
    """Carries a request to the simulator as its server would, and a silence back as a broken connection.

    A slow answer takes no time here: one slower than callers wait is a time-out at once.
    """

    def __init__(self) -> None:
        self.county = SimulatedCounty(default=Behaviour())

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        if request.method == "GET":
            return _response(request, Reply(status=200, body=self.county.ledger()))
        body = load_json(request.read() or b"{}")
        key = request.headers.get("Idempotency-Key", "")
        reply = reply_of(self.county, request.url.path, body, key, sleep=_patience(request))
        if reply.body is None:
            raise httpx.RemoteProtocolError("the other side hung up without a word", request=request)
        return _response(request, reply)


def _response(request: httpx.Request, reply: Reply) -> httpx.Response:
    content = reply.body if isinstance(reply.body, str) else dump_json(reply.body)
    return httpx.Response(
        reply.status, content=content.encode(), headers={"Content-Type": "application/json"}, request=request
    )


def _patience(request: httpx.Request) -> Callable[[float], None]:
    def sleep(seconds: float) -> None:
        if seconds > LONGEST_ANSWER:
            raise httpx.ReadTimeout("no answer in time", request=request)

    return sleep
