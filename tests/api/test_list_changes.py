"""An open list hears of changes without being loaded again, and without keeping its reader signed in."""

from __future__ import annotations

from collections.abc import Callable

from tests.api.applications import application_json
from tests.api.conftest import Client

SignIn = Callable[[str], Client]
CHANGES = "/tasks/changes?tab=to-claim"
VERSIONS = "/api/v1/tasks/versions?tab=to-claim"


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
