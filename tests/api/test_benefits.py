"""What may be asked about benefits, and how it is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.applications import application_json
from tests.api.conftest import Client

SignIn = Callable[[str], Client]


@pytest.fixture
def case(sign_in: SignIn) -> str:
    created: Any = sign_in("clerk").post("/api/v1/applications", application_json())
    return f"/api/v1/cases/{created.json['number']}"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("changes", {"reported": "找到工作"}),
        ("refusals", {"member": 1, "refusals": 3}),
        ("suspensions", {"reason": "联系不上"}),
        ("ends", {"ground": "waiver", "reason": "自愿放弃"}),
        ("rechecks", {}),
    ],
)
def test_without_a_running_benefit_nothing_begins(sign_in: SignIn, case: str, path: str, body: Any) -> None:
    answer = sign_in("clerk").post(f"{case}/benefits/{path}", body)

    assert (answer.status_code, answer.json["code"]) == (409, "benefit-not-chosen")
    assert "0 项" in answer.json["detail"] or "0 running" in answer.json["detail"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("benefits/changes", {}),
        ("benefits/changes", {"reported": "x", "trigger": "rumour"}),
        ("benefits/refusals", {"member": 0, "refusals": 3}),
        ("benefits/refusals", {"member": 1, "refusals": "three"}),
        ("benefits/ends", {"ground": "boredom", "reason": "x"}),
        ("benefits/suspensions", {"reason": "x", "benefit_id": "no id"}),
        ("single-entries", {"member": True}),
    ],
)
def test_what_cannot_be_meant_is_named(sign_in: SignIn, case: str, path: str, body: Any) -> None:
    answer = sign_in("clerk").post(f"{case}/{path}", body)

    assert answer.status_code == 422
    assert answer.json["errors"]


def test_a_benefit_of_another_case_is_not_found(sign_in: SignIn, case: str) -> None:
    body = {"reported": "x", "benefit_id": "11111111-1111-4111-8111-111111111111"}
    answer = sign_in("clerk").post(f"{case}/benefits/changes", body)

    assert (answer.status_code, answer.json["code"]) == (409, "record-not-found")


def test_single_entry_is_for_members_of_the_case(sign_in: SignIn, case: str) -> None:
    answer = sign_in("clerk").post(f"{case}/single-entries", {"member": 9})

    assert (answer.status_code, answer.json["code"]) == (409, "record-not-found")


def test_a_case_shows_statuses_decisions_and_links(sign_in: SignIn, case: str) -> None:
    shown = sign_in("clerk").get(case).json

    assert (shown["recognitions"], shown["decisions"], shown["linked_cases"]) == ([], [], [])
