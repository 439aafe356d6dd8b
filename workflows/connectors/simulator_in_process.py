"""The simulated county in the caller's own process: the ports without a server, for scenarios on a virtual clock.

The adapters are the real ones; only the line between them and the simulator is a function call, so that what goes over
it is what would go over HTTP. Nothing waits: a late answer comes at once.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx

from workflows.connectors.channels import ChannelledAgencies
from workflows.connectors.http import HttpConnector, HttpInsurer, HttpMessageGateway
from workflows.connectors.simulated_county import Behaviour, SimulatedCounty
from workflows.connectors.simulated_replies import Reply, read_json, reply_to_get, reply_to_post, reply_to_put

HERE = "http://simulator.invalid"


class InProcessSimulator:
    """A simulated county and the ports that reach it."""

    def __init__(self, *, behaviour: Behaviour | None = None) -> None:
        self.county = SimulatedCounty(default=behaviour or Behaviour())
        self._connector = HttpConnector(HERE, transport=httpx.MockTransport(self._handle))
        self.agencies = ChannelledAgencies(self._connector)
        self.gateway = HttpMessageGateway(self._connector)
        self.insurer = HttpInsurer(self._connector)

    def close(self) -> None:
        """Close the line."""
        self._connector.close()

    def _handle(self, request: httpx.Request) -> httpx.Response:
        reply = self._reply(request)
        if not reply.status:
            raise httpx.ReadError("the agency hung up", request=request)
        headers = {"Content-Type": reply.kind, **reply.headers}
        return httpx.Response(reply.status, content=reply.content, headers=headers)

    def _reply(self, request: httpx.Request) -> Reply:
        path, content = urlsplit(str(request.url)).path, request.content
        match request.method:
            case "GET":
                return reply_to_get(self.county, path, _at_once)
            case "PUT":
                return reply_to_put(self.county, path, content)
        key = request.headers.get("Idempotency-Key", "")
        return reply_to_post(self.county, path, read_json(content) or {}, key, _at_once)


def _at_once(_seconds: float) -> None:
    """Wait for nothing: time is virtual."""
