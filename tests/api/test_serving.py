"""What the server believes of the proxies before it, how many connections it bears, and how it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest
from flask import Flask, request

from api.serving import listening, served_beside

FORWARDED = {
    "X-Forwarded-For": "203.0.113.7, 198.51.100.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "relief.example",
}


@contextmanager
def served(trusted_proxies: int) -> Iterator[str]:
    app = Flask("mirror")
    app.add_url_rule("/", "mirror", lambda: {"url": request.host_url, "from": request.remote_addr})
    server = listening(app, host="127.0.0.1", port=0, threads=1, trusted_proxies=trusted_proxies)
    with served_beside(server):
        yield f"http://127.0.0.1:{server.effective_port}/"


@pytest.mark.parametrize(
    ("trusted_proxies", "client"),
    [(1, "198.51.100.9"), (2, "203.0.113.7")],
)
def test_behind_trusted_proxies_the_browser_is_who_asks_and_its_address_is_ours(
    trusted_proxies: int, client: str
) -> None:
    with served(trusted_proxies) as url:
        seen = httpx.get(url, headers=FORWARDED).json()

    assert seen == {"url": "https://relief.example/", "from": client}


def test_without_trusted_proxies_forwarded_headers_are_nobodys_word() -> None:
    with served(0) as url:
        seen = httpx.get(url, headers=FORWARDED).json()

    assert seen == {"url": url, "from": "127.0.0.1"}


def test_connections_that_stay_open_keep_nobody_out() -> None:
    screens = 150
    with served(0) as url, ExitStack() as stack:
        for _ in range(screens):
            client = stack.enter_context(httpx.Client(timeout=10))
            assert client.get(url).status_code == 200  # and keeps the connection


def test_a_server_beside_ends_while_connections_stay_open_and_gives_its_port_back() -> None:
    with httpx.Client() as client:
        with served(0) as url:
            client.get(url)  # and keeps the connection
        with pytest.raises(httpx.TransportError):
            client.get(url)


def test_a_server_beside_at_several_addresses_ends_too() -> None:
    server = listening(Flask("mirror"), host="localhost", port=0, threads=1, trusted_proxies=0)
    with served_beside(server):
        pass
    assert not server.task_dispatcher.threads
