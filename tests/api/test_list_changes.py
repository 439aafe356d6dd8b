"""An open list hears of changes without being loaded again, and without keeping its reader signed in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

import storage.pulse
from tests.api.applications import application_json
from tests.api.conftest import Client

SignIn = Callable[[str], Client]
CHANGES = "/tasks/changes?tab=to-claim"
VERSIONS = "/api/v1/tasks/versions?tab=to-claim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """Where a page feels whether something happened, and what it felt when it was made."""

    url: str
    beat: str


def pulse_of(page: str) -> Pulse:
    found = re.search(r'data-pulse-url="([^"]+)" data-beat="([0-9a-f]+\.\d+)"', page)
    assert found is not None
    return Pulse(url=found.group(1), beat=found.group(2))


def felt(anonymous: FlaskClient, url: str) -> str:
    answer = anonymous.get(url)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    return answer.text


def test_an_unchanged_page_is_answered_with_nothing_until_one_of_its_tasks_changes(sign_in: SignIn) -> None:
    clerk, other = sign_in("clerk"), sign_in("other-clerk")
    clerk.post("/api/v1/applications", application_json())
    page = clerk.get("/tasks?tab=to-claim").text
    first = clerk.get(CHANGES)
    mark = first.headers["ETag"]
    [row] = first.json["rows"]
    id_, version = row.split(":")

    assert f"data-mark={mark}" in page
    assert f'data-version="{row}"' in page
    assert clerk.get(VERSIONS).json == {"tasks": [{"id": id_, "version": int(version)}]}
    same = clerk.get(CHANGES, headers={"If-None-Match": mark})
    assert (same.status_code, same.data) == (304, b"")
    other.post(f"/api/v1/tasks/{id_}/claim")
    changed = clerk.get(CHANGES, headers={"If-None-Match": mark})
    assert (changed.status_code, changed.json["rows"]) == (200, [])
    assert (first.json["counts"]["to-claim"], changed.json["counts"]["to-claim"]) == (1, 0)
    assert 'data-count="to-claim">1<' in page
    assert clerk.get("/tasks/changes?tab=unit").json["rows"] == [f"{id_}:{int(version) + 1}"]
    assert sign_in("far-clerk").get("/tasks/changes?tab=unit").json["rows"] == []


def test_a_page_that_asks_by_itself_does_not_keep_its_reader_signed_in(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    with clerk.client.session_transaction() as session:
        session["seen"] -= 600
        long_ago = session["seen"]
    clerk.get(CHANGES)
    with clerk.client.session_transaction() as session:
        assert session["seen"] == long_ago
    clerk.get("/tasks")
    with clerk.client.session_transaction() as session:
        assert session["seen"] > long_ago


def test_whose_session_has_ended_is_not_asked_again(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    clerk.delete("/api/v1/session")

    assert clerk.get(CHANGES, headers={"Accept": "application/json"}).status_code in (303, 401)


def test_open_lists_feel_what_happens_in_their_regions_and_nothing_else(
    sign_in: SignIn, anonymous: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.pulse, "LOOKED_AT_EVERY", 0.0)
    clerk, other = sign_in("clerk"), sign_in("other-clerk")
    clerk.post("/api/v1/applications", application_json())
    near, far = pulse_of(clerk.get("/tasks").text), pulse_of(sign_in("far-clerk").get("/tasks").text)
    before = felt(anonymous, near.url), felt(anonymous, far.url)
    assert before == (near.beat, far.beat)
    assert before == (felt(anonymous, near.url), felt(anonymous, far.url))

    task = clerk.get("/api/v1/tasks?tab=to-claim").json["tasks"][0]["id"]
    other.post(f"/api/v1/tasks/{task}/claim")
    claimed = felt(anonymous, near.url)
    other.post(f"/api/v1/tasks/{task}/release")
    released = felt(anonymous, near.url)
    clerk.post("/api/v1/applications", application_json())
    applied = felt(anonymous, near.url)

    assert len({before[0], claimed, released, applied}) == 4
    assert felt(anonymous, far.url) == before[1]


def test_a_pulse_of_regions_nobody_signed_for_is_not_told(sign_in: SignIn, anonymous: FlaskClient) -> None:
    pulse = pulse_of(sign_in("clerk").get("/tasks").text)
    assert anonymous.get(pulse.url[:-1] + ("A" if pulse.url[-1] != "A" else "B")).status_code == 404
    assert anonymous.get("/pulse/WyIzMjA0ODEiXQ").status_code == 404
