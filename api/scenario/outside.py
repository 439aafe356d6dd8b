"""Everybody outside the house, in the same process: the simulator behind the real adapters, without a network."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import httpx

from workflows.connectors.simulated_county import Behaviour, SimulatedCounty
from workflows.connectors.simulated_replies import Call, reply_to

ADDRESS = "http://agencies.county.test"
LONGEST_ANSWER = 20.0  # seconds until a caller gives up, as over the network


class OutsideTransport(httpx.BaseTransport):
    """Carries a request to the simulator as its server would, and a silence back as a broken connection.

    A slow answer takes no time here: one slower than callers wait is a time-out at once.
    """

    def __init__(self, now: Callable[[], datetime] | None = None) -> None:
        self.county = SimulatedCounty(default=Behaviour(), now=now)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        call = Call(
            method=request.method,
            path=request.url.path,
            content=request.read(),
            key=request.headers.get("Idempotency-Key", ""),
        )
        reply = reply_to(self.county, call, pause=_patience(request))
        if not reply.status:
            raise httpx.RemoteProtocolError("the other side hung up without a word", request=request)
        headers = {"Content-Type": reply.kind, **reply.headers}
        return httpx.Response(reply.status, content=reply.content, headers=headers, request=request)


def _patience(request: httpx.Request) -> Callable[[float], None]:
    def sleep(seconds: float) -> None:
        if seconds > LONGEST_ANSWER:
            raise httpx.ReadTimeout("no answer in time", request=request)

    return sleep
