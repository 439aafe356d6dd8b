"""What a page of the staff weighs on the wire, with all it needs to be drawn, and how it is sent."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.applications import application_json
from tests.api.conftest import Client
from web import assets
from web.authentication import required_right
from workflows.organisation.rights import Right

ROWS = 50
HEAVIEST = 70_000  # bytes, as gzip makes them
NEEDED = re.compile(r'(?:<link rel="stylesheet" href|<script src)="([^"]+)"')
OF_TOOLS = ("form-viewer", "/viewer.")
"""The form viewer and the drawing of diagrams come after what there is to read."""
OF_SUPERVISORS = (Right.SIGNED_IN, Right.WORK, Right.SUPERVISE, Right.OPERATE)
TAKES_GZIP = {"Accept-Encoding": "gzip"}
SignIn = Callable[[str], Client]


@pytest.fixture
def reader(sign_in: SignIn) -> FlaskClient:
    """Somebody whose list has a full page."""
    clerk = sign_in("clerk")
    for number in range(ROWS):
        assert clerk.post("/api/v1/applications", application_json(), headers={"Idempotency-Key": f"w-{number}"})
    return sign_in("supervisor").client


def test_no_page_of_the_staff_weighs_more_than_a_slow_line_brings_in_a_moment(app: Flask, reader: FlaskClient) -> None:
    assets.ensure(assets.STATIC.parents[1])
    weights = {path: weight(reader, path) for path in [*pages(app), "/tasks?tab=unit"]}

    assert {path: found for path, found in weights.items() if found > HEAVIEST} == {}
    assert weights["/tasks?tab=unit"] > 10_000, "nothing was weighed"


def test_a_page_is_sent_as_gzip_only_to_whom_takes_it(reader: FlaskClient) -> None:
    packed, plain = reader.get("/tasks?tab=unit", headers=TAKES_GZIP), reader.get("/tasks?tab=unit")

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Vary"] == plain.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert gzip.decompress(packed.data).decode().count("<tr") == plain.text.count("<tr")
    assert len(packed.data) < len(plain.data) / 3


def test_a_file_of_the_pages_is_the_same_packed_or_not_and_is_asked_for_once(reader: FlaskClient) -> None:
    path = f"{assets.STATIC_URL}/app.css"
    packed = reader.get(path, headers=TAKES_GZIP, buffered=True)

    assert gzip.decompress(packed.data) == reader.get(path, buffered=True).data
    assert packed.headers["Content-Length"] == str(len(packed.data))
    again = reader.get(path, headers={**TAKES_GZIP, "If-None-Match": packed.headers["ETag"]}, buffered=True)
    assert (again.status_code, again.data) == (304, b"")


def pages(app: Flask) -> Iterator[str]:
    """Yield the address of every page a supervisor may open that needs to be told nothing more."""
    for rule in app.url_map.iter_rules():
        is_plain = "GET" in (rule.methods or ()) and not rule.arguments
        is_page = is_plain and not rule.endpoint.startswith(("api.", "openapi"))
        if is_page and required_right(app, rule.endpoint) in OF_SUPERVISORS:
            yield rule.rule


def weight(reader: FlaskClient, path: str) -> int:
    """Return the bytes of a page and of the sheets and scripts it cannot be drawn without."""
    answer = reader.get(path, headers=TAKES_GZIP, follow_redirects=True)
    content = gzip.decompress(answer.data) if answer.headers.get("Content-Encoding") == "gzip" else answer.data
    needed = [one for one in NEEDED.findall(content.decode()) if not any(tool in one for tool in OF_TOOLS)]
    return len(answer.data) + sum(len(reader.get(one, headers=TAKES_GZIP, buffered=True).data) for one in needed)
